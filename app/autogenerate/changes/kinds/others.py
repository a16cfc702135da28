"""Operators, collations, text search objects: nothing describes them, so a person has to decide."""

from alembic.runtime.plugins import Plugin

from ....catalog.identity import Identity
from ....catalog.queries.others import KINDS as NAMES
from ....catalog.snapshot import Snapshot
from ...emit import compares
from .kind import Kind


def _refuse(identity: Identity, before: Snapshot, _after: Snapshot) -> str:
    if identity in before:
        return (
            f"The models know nothing of the {identity}.\nIf it is not needed, write a revision "
            f"that runs: DROP {identity.kind.upper()} {identity.name};"
        )
    return (
        f"The models create the {identity}, which autogenerate cannot print.\n"
        "Write a revision by hand that creates it."
    )


_UNMENDABLE = Kind(create=lambda *_: [], drop=lambda *_: [], refuse=_refuse)
KINDS = dict.fromkeys(NAMES, _UNMENDABLE) | {f"{name} comment": _UNMENDABLE for name in NAMES}


def setup(plugin: Plugin) -> None:
    """Register the comparator with Alembic."""
    compares(plugin, KINDS)
