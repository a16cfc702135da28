"""The page on personal data, for requests under GDPR and CCPA (SDS 3, NFR-006)."""

from sqlalchemy import Column, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from .belonging import erasure, rows_reached
from .deletion import Effect, effects_of_deleting
from .domains import domain_of
from .markdown import code, codes, page, table
from .meanings import classification_of, meaning_of
from .schema import Model, model, models, type_of

USERS = "users"
# psql's notation: \set user '...' beforehand, or psql -v user=...
USER = ":'user'"


def personal_data_page() -> str:
    """Return the page."""
    effects = effects_of_deleting(_users(), _tables())
    return page(
        "Personal data",
        "What the schema knows about a person, how to find it for a request under GDPR or CCPA, "
        "and what becomes of it when the user is deleted. It follows from the models: their "
        "classification of columns and their foreign keys.",
        "## Columns that identify or protect a person",
        table(("Table", "Column", "Type", "Classification", "Meaning"), _classified()),
        "## Free text and JSON",
        "These columns of the tables below hold whatever users or services put there. Read them "
        "before you answer a request; no rule of the schema keeps personal data out of them.",
        table(("Table", "Columns"), _free_text()),
        "## What becomes of each row when its user is deleted",
        "`DELETE FROM users` sets this off. A soft delete (`deleted_at`) changes no other row and "
        "erases nothing.",
        table(("Table", "Rows whose", "refers to a deleted row of", "Outcome"), map(_row, effects)),
        _untouched(effects),
        "## Answering an access request",
        "All rows of one user, table by table. Give the user's id to psql: "
        "`psql -v user=3f2b… -f access.sql`.",
        f"```sql\n{access_queries()}\n```",
        "## Erasing a user",
        "One transaction. Hand over the user's teams first, unless they are to go too with their "
        "memberships and brand kits: `UPDATE teams SET owner_id = …`.",
        f"```sql\n{erasure_of_a_user()}\n```",
        """\
Rows that stay lose the link to the user; their free text and JSON stay as they are, and so do
the private `templates` that the user saved: delete them in the same transaction if they should go.
Then, outside the database: the files in MinIO that the `file_path` and `profile_picture_url`
columns named, records in Odoo that accounting need not keep, caches, and backups, which forget the
user when they expire.""",
    )


def access_queries() -> str:
    """Return a query per table for all rows of the user."""
    conditions = ((each.name, _rows_of_the_user(each)) for each in models())
    queries = (f"SELECT * FROM {name} WHERE {where};" for name, where in conditions if where)  # noqa: S608
    return "\n".join(queries)


def erasure_of_a_user() -> str:
    """Return the transaction that deletes a user, with the rows that would refuse it."""
    return "\n".join(["BEGIN;", *erasure(_users(), _tables(), USER), "COMMIT;"])


def _users() -> Table:
    return model(USERS).table


def _tables() -> list[Table]:
    return [each.table for each in models()]


def _rows_of_the_user(of: Model) -> str | None:
    return rows_reached(_users(), of.table, _tables(), USER)


def _classified() -> list[tuple[str, ...]]:
    return [
        (_link(m), code(c.name), code(type_of(c)), str(classification_of(c)), meaning_of(c))
        for m in models()
        for c in m.columns
        if classification_of(c)
    ]


def _free_text() -> list[tuple[str, str]]:
    found = []
    for each in models():
        columns = [c.name for c in each.columns if _is_free(c)]
        if columns and _rows_of_the_user(each):
            found.append((_link(each), codes(columns)))
    return found


def _is_free(column: Column[object]) -> bool:
    return isinstance(column.type, Text | JSONB) and not classification_of(column)


def _row(effect: Effect) -> tuple[str, ...]:
    return (
        code(effect.table),
        code(effect.column),
        code(effect.parent),
        effect.outcome.value.replace("the column", code(effect.column)),
    )


def _untouched(effects: tuple[Effect, ...]) -> str:
    reached = {USERS, *(effect.table for effect in effects)}
    names = codes(each.name for each in models() if each.name not in reached)
    return f"No row of {names} is touched." if names else ""


def _link(model: Model) -> str:
    return f"[`{model.name}`]({domain_of(model.name).name}.md#{model.name})"
