"""One step of a migration: operations for one object, the objects they cover, and the way back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from alembic.operations.ops import MigrateOperation

from ...catalog.identity import Identity


@dataclass(frozen=True)
class Step:
    """What is done with ``identity`` and all that comes or goes together with it."""

    identity: Identity
    covers: Collection[Identity]
    forward: Sequence[MigrateOperation]
    backward: Sequence[MigrateOperation]
    goes: bool = False
    changes: bool = False
