"""One comparison of the database with the models, and the steps that the comparators find."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from alembic.operations.ops import MigrateOperation

from ...catalog.dependencies import Dependencies
from ...catalog.differences import Difference
from ...catalog.identity import Identity
from ...catalog.snapshot import Snapshot
from ..writing.operations import statements
from .inline import within_column, within_table
from .kinds.kind import Kinds, Sides
from .order import rank
from .plan import INDEPENDENT, Action, Plan
from .step import Step


@dataclass(frozen=True)
class Comparison:
    """What differs, what is to be done about it, and the steps found so far."""

    differences: list[Difference]
    plan: Plan
    sides: Sides
    found_dependencies: Dependencies
    expected_dependencies: Dependencies
    kinds: Kinds
    steps: list[Step] = field(default_factory=list)

    def take(self, kinds: Mapping[str, object]) -> None:
        """Add the steps for the objects of ``kinds``."""
        for identity, action in self.plan.actions.items():
            if identity.kind not in kinds or identity in self.plan.refusals:
                continue
            if action is Action.CHANGE:
                self.steps.append(self._change(identity))
            if self.plan.goes(identity) and not self._vanishes(identity):
                self.steps.append(self._drop(identity))
            if self.plan.comes(identity) and not self._appears(identity):
                self.steps.append(self._create(identity))

    def _change(self, identity: Identity) -> Step:
        forward = self._alter(identity, self.sides)
        backward = self._alter(identity, self.sides.reversed())
        return Step(identity, {identity}, forward, backward, changes=True)

    def _alter(self, identity: Identity, sides: Sides) -> list[MigrateOperation]:
        kind = self.kinds[identity.kind]
        op = kind.alter_op(identity, sides)
        if op is not None:
            return [op]
        sql = kind.change(identity, sides.before, sides.after)
        if sql is None:
            # In place in one direction only.
            drop, create = kind.drop(identity, sides.before), kind.create(identity, sides.after)
            return statements(drop + create)
        return statements(sql)

    def _drop(self, identity: Identity) -> Step:
        kind = self.kinds[identity.kind]
        before = self.sides.before
        parts = _parts(identity, before)
        away = self.sides.ending_without(identity)
        op = kind.alter_op(identity, away) or kind.drop_op(identity, away)
        back = kind.alter_op(identity, away.reversed())
        forward = [op] if op is not None else statements(kind.drop(identity, before))
        if identity.kind == "generated expression":
            backward = self._generate_again(identity)
        elif back is not None:
            backward = [back]
        else:
            backward = self._restore(identity, parts)
        return Step(identity, {identity, *parts}, forward, backward, goes=True)

    def _create(self, identity: Identity) -> Step:
        kind = self.kinds[identity.kind]
        after = self.sides.after
        away = self.sides.reversed().ending_without(identity)
        op = kind.alter_op(identity, away.reversed()) or kind.create_op(identity, self.sides)
        forward = [op] if op is not None else statements(kind.create(identity, after))
        back = kind.alter_op(identity, away) or kind.drop_op(identity, away)
        if self._owner_comes(identity):
            backward: list[MigrateOperation] = []
        else:
            backward = [back] if back is not None else statements(kind.drop(identity, after))
        return Step(identity, {identity, *self._inline(identity)}, forward, backward)

    def _restore(self, identity: Identity, parts: list[Identity]) -> list[MigrateOperation]:
        """Return what makes a live object again as it was, with all that vanished with it."""
        before = self.sides.before
        inline = self._inline_sql(identity, before)
        made = [identity, *sorted((part for part in parts if part not in inline), key=rank)]
        return [
            operation
            for each in made
            for operation in statements(self.kinds[each.kind].create(each, before))
        ]

    def _generate_again(self, identity: Identity) -> list[MigrateOperation]:
        """Return what turns a plain column back into the generated one, and what it lost again."""
        column = Identity("column", identity.table, identity.name)
        before = self.sides.before
        lost = [
            each
            for each, references in self.found_dependencies.items()
            if column in references
            and identity not in each.owners
            and each.table == column.table
            and each not in self._inline_sql(column, before)
        ]
        drop = self.kinds["column"].drop(column, before)
        return [*statements(drop), *self._restore(column, lost)]

    def _vanishes(self, identity: Identity) -> bool:
        """Return whether the object goes with its owner and needs no statement of its own."""
        return identity.kind not in INDEPENDENT and any(
            self.plan.goes(owner) for owner in identity.owners
        )

    def _owner_comes(self, identity: Identity) -> bool:
        return identity.kind not in INDEPENDENT and any(
            self.plan.comes(owner) for owner in identity.owners
        )

    def _appears(self, identity: Identity) -> bool:
        """Return whether the object comes with its owner and needs no statement of its own."""
        return any(
            identity in step.covers and not step.goes and identity != step.identity
            for step in self.steps
        )

    def _inline(self, identity: Identity) -> set[Identity]:
        """Return what is created together with an object by the operation that creates it."""
        after, models = self.sides.after, self.sides.models
        created = self.kinds[identity.kind].create_op(identity, self.sides)
        if created is None:
            return self._inline_sql(identity, after)
        if identity.kind == "table":
            return within_table(identity.name, after, models.table(identity.name))
        if identity.kind == "column":
            comment = Identity("column comment", identity.table, identity.name)
            return within_column(identity, after) | ({comment} & after.keys())
        return set()

    @staticmethod
    def _inline_sql(identity: Identity, objects: Snapshot) -> set[Identity]:
        if identity.kind == "table":
            return within_table(identity.name, objects)
        return within_column(identity, objects) if identity.kind == "column" else set()


def _parts(identity: Identity, objects: Snapshot) -> list[Identity]:
    """Return all that vanishes with an object, at any depth."""
    parts: list[Identity] = []
    owners = {identity}
    while True:
        more = [
            each
            for each in objects
            if each.kind not in INDEPENDENT
            and each not in owners
            and not owners.isdisjoint(each.owners)
        ]
        if not more:
            return parts
        parts += more
        owners.update(more)
