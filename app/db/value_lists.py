"""Closed lists of values: one ``StrEnum``, one VARCHAR, one CHECK made from it (R14)."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, Enum


def _values(members: type[StrEnum]) -> list[str]:
    return [member.value for member in members]


def value_list(members: type[StrEnum], length: int) -> Enum:
    """Return a VARCHAR(``length``) type that stores the values of ``members`` and loads members.

    The CHECK is declared beside it with :func:`check_values`: SQLAlchemy's own would print
    differently after a dump and restore.
    """
    return Enum(
        members, values_callable=_values, native_enum=False, create_constraint=False, length=length
    )


def check_values(column: str, members: type[StrEnum]) -> CheckConstraint:
    """Return the CHECK, named ``ck_<table>_<column>``, that admits only the values of ``members``.

    The cast to ``text`` makes the printed constraint a fixed point of PostgreSQL's parser.
    """
    values = ", ".join(f"'{value}'" for value in _values(members))
    return CheckConstraint(f"{column}::text IN ({values})", name=column)
