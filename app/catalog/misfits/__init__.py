"""The rows that a new rule does not admit: for each rule that comes, the query that finds them."""

from .conversion import conversion
from .question import Question, about_rows
from .questions import questions

__all__ = ["Question", "about_rows", "conversion", "questions"]
