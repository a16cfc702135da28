"""Data classification: which columns hold personal data or a secret (R18, NFR-006)."""

from enum import StrEnum
from typing import Any

INFO_KEY = "classification"


class Classification(StrEnum):
    """How a column's content must be treated; the value is what the column's COMMENT says."""

    PERSONAL = "personal data"
    SECRET = "secret"  # noqa: S105
    HASHED = "hashed by the application"
    ENCRYPTED = "encrypted by the application"

    @property
    def is_secret(self) -> bool:
        """Whether the content lets in who knows it, or would once cracked or decrypted."""
        return self is not Classification.PERSONAL


def classified(classification: Classification, meaning: str) -> dict[str, Any]:
    """Return the ``comment`` and ``info`` arguments of ``mapped_column`` for a classified column.

    ``meaning`` is a sentence without its full stop. The classification is said here once and
    shows in the database COMMENT and in the data dictionary.
    """
    return {
        "comment": f"{meaning} [{classification}].",
        "info": {INFO_KEY: classification},
    }
