"""Closed lists of values: one ``StrEnum``, one VARCHAR, one CHECK made from it (R14)."""

from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, Dialect, String
from sqlalchemy.types import TypeDecorator, TypeEngine


class ValueList(TypeDecorator[StrEnum]):
    """A VARCHAR that stores the values of ``members``, and no other, and loads members.

    A value that a newer schema knows, and this code does not, is loaded as the text it is: readers
    go on when a list gains a value.
    """

    impl = String
    cache_ok = True

    def __init__(self, members: type[StrEnum], length: int) -> None:
        super().__init__(length)
        self.members = members
        self.length = length

    @property
    def values(self) -> list[str]:
        """The values, in their order."""
        return [member.value for member in self.members]

    def member(self, value: object) -> StrEnum:
        """Return the member for ``value``, its own or a member already.

        Raises:
            ValueError: it is none; the message lists those that there are.
        """
        try:
            return self.members(str(value))
        except ValueError:
            raise ValueError(f"{value!r} is none of {', '.join(self.values)}") from None

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return the text to store.

        Raises:
            ValueError: ``value`` is not in the list.
        """
        return None if value is None else self.member(value).value

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002
        """Return the member; a text that is none as it is."""
        known = value is not None and value in self.values
        return self.members(value) if known else value

    def coerce_compared_value(self, op: Any, value: Any) -> TypeEngine[Any]:  # noqa: ARG002
        """Return how to take what it is compared with: LIKE and the like want any text."""
        same = ("eq", "ne", "in_op", "not_in_op")
        return self if getattr(op, "__name__", None) in same else String()

    @property
    def python_type(self) -> type[StrEnum]:
        """The enum."""
        return self.members


def value_list(members: type[StrEnum], length: int) -> ValueList:
    """Return a VARCHAR(``length``) type that stores the values of ``members`` and loads members.

    The CHECK is declared beside it with :func:`check_values`.
    """
    return ValueList(members, length)


def checked(type_: ValueList, value: object) -> object:
    """Return what is assigned to an attribute of ``type_`` as a member; SQL and None as they are.

    Raises:
        ValueError: it is not in the list.
    """
    if value is None or isinstance(value, ColumnElement) or hasattr(value, "__clause_element__"):
        return value
    return type_.member(value)


def check_values(column: str, members: type[StrEnum]) -> CheckConstraint:
    """Return the CHECK, named ``ck_<table>_<column>``, that admits only the values of ``members``.

    The cast to ``text`` makes the printed constraint a fixed point of PostgreSQL's parser.
    """
    values = ", ".join(f"'{member.value}'" for member in members)
    return CheckConstraint(f"{column}::text IN ({values})", name=column)
