"""All that has to be said of the tables before their reference can be made, said at once."""

import ast
import inspect
import sys
from collections.abc import Iterator

from sqlalchemy import Column, Index, UniqueConstraint

from ..db.exports import forgotten_exports
from ..models import Base
from .domains import DOMAINS, domain_named_by
from .incomplete import IncompleteError
from .meanings import meaning_of
from .schema import Model, models, name_of

_PACKAGE = Base.__module__.partition(".")[0]


def require_complete() -> None:
    """Refuse models that do not say all that the reference tells.

    Raises:
        IncompleteError: something is missing; each line names a place to edit, and what to say.
    """
    missing = [
        *forgotten_exports(f"{_PACKAGE}.models", Base),
        *(line for model in models() for line in _missing(model)),
    ]
    if missing:
        raise IncompleteError("\n".join(missing))


def _missing(model: Model) -> Iterator[str]:
    where = _Places(model)
    domain = domain_named_by(model)
    if domain is None:
        yield f"{where.table}: no domain: **in_domain(Domain.…) beside its comment"
    elif domain not in [page.domain for page in DOMAINS]:
        yield f"{_PACKAGE}/reference/domains.py: no page for the domain {domain}"
    if not model.comment:
        yield f'{where.table}: no purpose: "comment": "…" in __table_args__'
    for column in model.columns:
        if not meaning_of(column):
            yield f"{where.column(column)}: {column.name} has no meaning: comment=…"
    rules: list[Index | UniqueConstraint] = [*model.unique_constraints, *model.indexes]
    for rule in rules:
        if not rule.info.get("serves"):
            name = name_of(rule)
            yield f'{where.named(name)}: {name} serves nothing: info={{"serves": "…"}}'


class _Places:
    """Where in its module a model says something."""

    def __init__(self, model: Model) -> None:
        self._model = model
        module = sys.modules[model.class_.__module__]
        source = inspect.getsource(module)
        self._nodes = list(ast.walk(ast.parse(source)))
        self.table = self._at(
            next(
                (
                    node.lineno
                    for node in self._nodes
                    if isinstance(node, ast.ClassDef) and node.name == model.class_.__name__
                ),
                1,
            )
        )

    def column(self, column: Column[object]) -> str:
        """Return where the attribute of ``column`` is."""
        attribute = self._model.class_.__mapper__.get_property_by_column(column).key
        for node in self._nodes:
            target = node.target if isinstance(node, ast.AnnAssign) else None
            if isinstance(target, ast.Name) and target.id == attribute:
                return self._at(target.lineno)
        return self.table

    def named(self, name: str) -> str:
        """Return where what is called ``name`` is."""
        for node in self._nodes:
            if isinstance(node, ast.Constant) and node.value == name:
                return self._at(node.lineno)
        return self.table

    def _at(self, line: int) -> str:
        return f"{self._model.module}:{line}"
