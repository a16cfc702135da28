"""Where the catalog's tables and columns are not those of the documents, and what to edit."""

from collections.abc import Iterator

from sqlalchemy import Connection

from tests.schema import catalog
from tests.schema.documents import BY_NAME
from tests.schema.documents.notation import Table
from tests.schema.documents.places import place

Column = tuple[str, bool, str | None]


def mismatched_tables(connection: Connection) -> Iterator[str]:
    """Yield a sentence for each table that only one of the two has."""
    live = set(catalog.tables(connection))
    for table in sorted(live - set(BY_NAME)):
        yield f"{place(table)}: the database has {table}: write it down here, and list it"
    for table in sorted(set(BY_NAME) - live):
        yield f"{place(table)}: the database has no {table}: take it out here"


def mismatched_columns(connection: Connection, table: Table) -> Iterator[str]:
    """Yield a sentence for each column of ``table`` that is another in the database."""
    documented = {c.name: (c.type, c.nullable, c.default) for c in table.columns}
    live: dict[str, Column] = catalog.columns(connection, table.name)
    for name in sorted({*documented, *live}):
        where, column = place(table.name, name), f"{table.name}.{name}"
        if name not in documented:
            yield f"{where}: the database has {column}, {_say(live[name])}: write it down here"
        elif name not in live:
            yield f"{where}: the database has no {column}: take it out here, or rename it"
        elif live[name] != documented[name]:
            yield (
                f"{where}: {column} is {_say(live[name])} in the database, "
                f"here {_say(documented[name])}: write down what it is to be"
            )


def _say(column: Column) -> str:
    type_, nullable, default = column
    return f"{type_}{'' if nullable else ' NOT NULL'}{f' DEFAULT {default}' if default else ''}"
