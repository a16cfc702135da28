"""Which of squawk's rules a statement breaks in truth, by what it did on a scratch database."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..plan.effects import Effects, effects_of
from ..plan.gaps import hazards_in_between
from ..plan.judging import Found, blocking_locks, hazards_of
from ..plan.observation import Observation
from ..plan.tracing import Traced
from ..revisions.hazards import Hazard

# What the way back says of a rule that goes.
_COMES_BACK = (
    Hazard.RULE_ADDED,
    Hazard.UNIQUE_ADDED,
    Hazard.FOREIGN_KEY_ADDED,
    Hazard.NOT_NULL_SET,
)


@dataclass(frozen=True)
class _Seen:
    """What a statement did, with all that ran in its transaction, and what was there at first."""

    traced: Traced
    effects: Effects
    hazards: Sequence[Found]
    together: Sequence[tuple[Traced, Effects]]
    first: Observation
    last: Observation

    def has(self, hazard: Hazard) -> bool:
        return any(found is hazard for found, _ in self.hazards)


class Evidence:
    """What the statements of a revision did, among all of its chain."""

    def __init__(self, chain: Sequence[Traced], own: Sequence[Traced]) -> None:
        gaps = hazards_in_between(chain)
        effects = [effects_of(each) for each in chain]
        self._seen = [
            _Seen(
                traced,
                effect,
                # Which types hold all values of others is asked of no rule.
                [*hazards_of(traced, effect, frozenset()), *gap],
                [
                    (each, its)
                    for each, its in zip(chain, effects, strict=True)
                    if each.start is traced.start
                ],
                chain[0].before,
                chain[-1].after,
            )
            for traced, effect, gap in zip(chain, effects, gaps, strict=True)
            if any(traced is each for each in own)
        ]

    def refutes(self, rule: str, line: str, said: str) -> bool:
        """Tell whether the statement with ``line`` does not break ``rule``.

        Nor does it if ``said``, what the revision says of itself, tells what is at stake.
        """
        stands = _STANDS.get(rule)
        wanted = _plain(line)
        seen = [each for each in self._seen if wanted in _plain(each.traced.sql)]
        if stands is None or not seen:
            return False
        return all(not stands(each) or _is_said(rule, each, said) for each in seen)


def _plain(sql: str) -> str:
    return " ".join(sql.split()).rstrip(";")


def _is_said(rule: str, seen: _Seen, said: str) -> bool:
    """Tell whether the revision says itself what ``rule`` is about: up, or of the way back."""
    about = [names for hazard, names in seen.hazards if hazard is _SAID.get(rule)]
    return bool(about) and all(
        any(sentence in said for sentence in _sentences(_SAID[rule], names)) for names in about
    )


def _sentences(hazard: Hazard, names: dict[str, object]) -> list[str]:
    if hazard is not Hazard.RULE_DROPPED:
        return [hazard.tell(names)]
    column = {"name": str(names["name"]).removeprefix("not null ")}
    return [hazard.tell(names), *(each.tell(column, down=True) for each in _COMES_BACK)]


def _blocks(seen: _Seen) -> bool:
    return bool(blocking_locks(seen.effects))


def _transaction_blocks(seen: _Seen) -> bool:
    return any(blocking_locks(effects) for _, effects in seen.together)


def _column_goes(seen: _Seen) -> bool:
    """Tell whether data is lost, or a column is not there any more when the transaction ends."""
    at_last = {(key[0], each.name) for key, each in seen.together[-1][0].after.columns.items()}
    was = {(key[0], each.name) for key, each in seen.traced.before.columns.items()}
    now = {(key[0], each.name) for key, each in seen.traced.after.columns.items()}
    return seen.has(Hazard.COLUMN_DROPPED) or not (was - now <= at_last)


def _default_goes(seen: _Seen) -> bool:
    """Tell whether a column that was filled before is not when all is done."""
    return any(
        column.filled and key in seen.last.columns and not seen.last.columns[key].filled
        for key, column in seen.first.columns.items()
        if not seen.traced.after.columns.get(key, column).filled
    )


def _index_goes(seen: _Seen) -> bool:
    """Tell whether an index goes, and nothing else of its transaction alters the table."""
    known, after = seen.traced.start, seen.traced.after
    gone = known.relations.keys() & (seen.traced.before.relations.keys() - after.relations.keys())
    at_last = seen.together[-1][0].after
    return any(
        # What has partitions cannot go CONCURRENTLY.
        index.kind == "index" and not index.parent and not _is_altered(index.table, known, at_last)
        for index in (known.relations[oid] for oid in gone)
    )


def _is_altered(table: int, before: Observation, after: Observation) -> bool:
    """Tell whether a table got other columns or constraints, which takes the strongest lock."""
    one, other = (
        [
            ({key: each for key, each in side.columns.items() if key[0] == table}),
            ({oid: each for oid, each in side.constraints.items() if each.of == table}),
        ]
        for side in (before, after)
    )
    return one != other


def _name_goes(seen: _Seen) -> bool:
    """Tell whether a name goes that was there at first, and is not there at last."""
    gone = _names(seen.traced.before) - _names(seen.traced.after)
    return not gone & _names(seen.first) <= _names(seen.last)


def _names(observation: Observation) -> set[tuple[object, ...]]:
    return {
        *((each.name,) for each in observation.relations.values()),
        *((key[0], each.name) for key, each in observation.columns.items()),
        *((each.of, "constraint", each.name) for each in observation.constraints.values()),
    }


def _is_found(*hazards: Hazard) -> Callable[[_Seen], bool]:
    return lambda seen: any(map(seen.has, hazards))


_SAID = {
    "ban-drop-column": Hazard.COLUMN_DROPPED,
    "ban-drop-constraint": Hazard.RULE_DROPPED,
    "ban-drop-not-null": Hazard.RULE_DROPPED,
    "ban-drop-sequence": Hazard.SEQUENCE_DROPPED,
    "ban-drop-table": Hazard.TABLE_DROPPED,
    "adding-required-field": Hazard.REQUIRED_COLUMN_ADDED,
}
_STANDS: dict[str, Callable[[_Seen], bool]] = {
    **{rule: _is_found(hazard) for rule, hazard in _SAID.items()},
    "ban-drop-column": _column_goes,
    "ban-drop-default": _default_goes,
    "adding-field-with-default": _blocks,
    "adding-foreign-key-constraint": _transaction_blocks,
    "adding-not-nullable-field": _blocks,
    "changing-column-type": _blocks,
    "constraint-missing-not-valid": _transaction_blocks,
    "disallowed-unique-constraint": _blocks,
    "renaming-object": _name_goes,
    "require-concurrent-index-creation": _blocks,
    "require-concurrent-index-deletion": _index_goes,
}
