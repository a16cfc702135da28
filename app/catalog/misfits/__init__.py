"""The rows that a new rule does not admit: for each rule that comes, the query that finds them."""

from .need import Needed, needed
from .question import KeyOf, Question, about_rows
from .questions import keys, questions, rules_between
from .same import really_asked

__all__ = [
    "KeyOf",
    "Needed",
    "Question",
    "about_rows",
    "keys",
    "needed",
    "questions",
    "really_asked",
    "rules_between",
]
