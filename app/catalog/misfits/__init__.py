"""The rows that a new rule does not admit: for each rule that comes, the query that finds them."""

from .need import Needed, needed
from .question import Question, about_rows
from .questions import questions

__all__ = ["Needed", "Question", "about_rows", "needed", "questions"]
