"""A knot is cut in one short transaction: a primary key and the foreign keys on it, say.

What has an index is built beside the old one before. What has rows to be checked comes again NOT
VALID and is validated later: no row that was there can break it, or the chain is taken back.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ....catalog.identity import Identity
from ...changes.steps import Step
from . import constraints, partitioned, replaced
from .pieces import (
    NO_STATEMENT_TIMEOUT,
    Autocommit,
    Change,
    Operations,
    Piece,
    drop_if_exists,
    restored,
)

INDEXED = ("primary key", "unique constraint", "index")


def cut(steps: Sequence[Step], tied: Mapping[Identity, Change]) -> list[Piece]:
    """Return the pieces that do ``steps``, in their order.

    ``tied`` are the objects that go and come again; with an index, those that only go or come, too.
    """
    indexed = [each for each in tied.values() if each.identity.kind in INDEXED]
    plain = [each for each in indexed if not each.partitioned]
    divided = [each for each in indexed if each.partitioned]
    checked = [each for each in tied.values() if each.identity.kind not in INDEXED]
    if not indexed and not any(each.identity.kind == "foreign key" for each in checked):
        return [_retyping(steps, tied), *_validations(checked)]
    swap = Piece(
        [
            *(partitioned.build(each, each.after) for each in divided if each.create),
            *(op for step in steps for op in _forward(step, tied.get(step.identity))),
            *(op for each in indexed for op in _clear(each, each.before)),
        ],
        [
            *_built_back(plain),
            *(partitioned.build(each, each.before) for each in divided),
            *(op for step in reversed(steps) for op in _backward(step, tied.get(step.identity))),
            *(op for each in divided if each.create for op in _clear(each, each.after)),
            *_validated_back(checked),
        ],
        alone=True,
        title=" ".join((indexed or checked)[0].identity[::2]),
    )
    return [
        *(replaced.built(each) for each in plain if each.create),
        swap,
        *_validations(checked),
    ]


def _retyping(steps: Sequence[Step], tied: Mapping[Identity, Change]) -> Piece:
    """Return the piece for the types of columns and the CHECKs on them.

    On the way back the rows are written anew, under a lock, and so the CHECKs come with it.
    """
    return Piece(
        [op for step in steps for op in _forward(step, tied.get(step.identity))],
        [
            op
            for step in reversed(steps)
            for op in (
                constraints.gone(tied[step.identity])
                if step.identity in tied and not step.goes
                else step.backward
            )
        ],
    )


def _forward(step: Step, pair: Change | None) -> Operations:
    if pair is None or (step.goes and pair.identity.kind not in INDEXED):
        return step.forward
    if pair.identity.kind not in INDEXED:
        return [constraints.unchecked(pair)]
    if pair.partitioned:
        if step.goes:
            return [] if pair.create else [drop_if_exists(pair)]
        return [partitioned.put(pair, pair.after)]
    return [
        replaced.goes(pair) if step.goes else replaced.takes_over(pair, pair.after, replaced.NEW)
    ]


def _backward(step: Step, pair: Change | None) -> Operations:
    if pair is None:
        return step.backward
    if pair.identity.kind not in INDEXED:
        if not step.goes:
            return constraints.gone(pair)
        if _is_divided(pair):
            return [partitioned.add_unchecked(pair.table, pair.name, pair.before[pair.identity])]
        return [replaced.put(pair, pair.before[pair.identity]), *restored(pair, pair.name)]
    if not step.goes:
        return [] if pair.partitioned else [replaced.goes(pair)]
    if pair.partitioned:
        return [partitioned.put(pair, pair.before), *restored(pair, pair.name)]
    return [replaced.takes_over(pair, pair.before, replaced.OLD), *restored(pair, pair.name)]


def _built_back(plain: Sequence[Change]) -> Operations:
    """Return what builds the new indexes once more, the old ones, and the new ones yet again.

    If rows stop the old ones, the way up finds the new ones; and of two that would do, a foreign
    key takes the older one.
    """
    new = replaced.built_again(plain, "after", replaced.NEW)
    old = replaced.built_again(plain, "before", replaced.OLD)
    return [*new, *old, *(new if old else [])]


def _clear(change: Change, side: Mapping[Identity, str]) -> Operations:
    """Return what drops the indexes that a run left, which rows had stopped."""
    if change.partitioned:
        return [partitioned.clear(change, side)]
    return [replaced.cleared(change)]


def _validated_back(checked: Sequence[Change]) -> Operations:
    validate = [
        partitioned.validate(each.table, each.name)
        if _is_divided(each)
        else constraints.validate(each)
        for each in checked
    ]
    whole = [
        op
        for each in checked
        if _is_divided(each) and each.drop
        for op in (*each.drop.backward, *restored(each, each.name))
    ]
    return [Autocommit([NO_STATEMENT_TIMEOUT, *validate]), *whole] if checked else []


def _validations(checked: Sequence[Change]) -> Iterator[Piece]:
    """Yield what validates all that came again, one after the other in one revision."""
    for number, change in enumerate(checked):
        first, *others = (
            partitioned.key_validation(change, change.name)
            if _is_divided(change)
            else [constraints.validated_later(change)]
        )
        yield replace(first, later=not number)
        yield from others


def _is_divided(change: Change) -> bool:
    """Tell whether NOT VALID is refused for the whole: each partition is checked by itself."""
    return change.partitioned and change.identity.kind == "foreign key"
