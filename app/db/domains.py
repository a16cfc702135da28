"""The domain a table belongs to: a page of the data dictionary, a colour in the diagrams."""

from enum import StrEnum
from typing import Any

INFO_KEY = "domain"


class Domain(StrEnum):
    """The groups of tables; what each covers is said in ``app/reference/domains.py``."""

    ACCOUNTS = "accounts"
    CREATIVE = "creative"
    AI = "ai"
    BILLING = "billing"


def in_domain(domain: Domain) -> dict[str, Any]:
    """Return the ``Table`` arguments that put a table into ``domain``."""
    return {"info": {INFO_KEY: domain}}
