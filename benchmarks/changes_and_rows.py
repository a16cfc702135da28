"""What changes leave of a database whose rows do not fit, up or down, as a table.

    python -m benchmarks.changes_and_rows [--markdown]

For each kind of change, with rows that fit and rows that do not: the rules in force, the valid
indexes and the rows that can be updated; before, after an upgrade that rows stopped, after a
downgrade that rows stopped, and after one that went through. Fails if a line is worse than before.
Works in databases of its own on the server of DATABASE_URL, else on the embedded server.
"""

import argparse
import os
import tempfile
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

from alembic import command

from app.command_line.output import as_table
from benchmarks.stock import throwaway_databases
from tests.autogenerate.revisions import writing_to
from tests.runner.changes_and_rows import CASES, State, States, try_out
from tests.support.databases import make_config

HEADER = ("change", "before", "upgrade stopped", "changed", "downgrade stopped", "undone")


def told(state: State) -> str:
    """Return a state in three numbers, and how many objects are half done."""
    half = len(state.invalid_indexes) + len(state.unchecked)
    numbers = (
        sum(state.rules.values()),
        sum(state.valid_indexes.values()),
        sum(state.rows.values()),
    )
    return " ".join(map(str, numbers)) + (f" ({half} half done)" if half else "")


def at_last(states: States) -> str:
    """Return the worst of what there was after the first of ``states``; nothing if not tried."""
    if not states:
        return ""
    worse = [told(state) for state in states[1:] if state != states[0]]
    return f"WORSE {worse[0]}" if worse else told(states[-1])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--markdown", action="store_true", help="print it for a page")
    style = "markdown" if parser.parse_args().markdown else "text"
    os.environ["AUTOGENERATE_CACHE"] = "off"
    databases, rows = throwaway_databases(), []
    with databases.create() as template:
        config = make_config("")
        config.attributes["connection"] = template
        command.upgrade(config, "head")
        template.dispose()
        for name, case in CASES.items():
            with (
                databases.create(template.url.database or "") as engine,
                tempfile.TemporaryDirectory() as directory,
                redirect_stdout(StringIO()),
            ):
                own = writing_to(Path(directory), make_config(""))
                line = try_out(case, engine, own, Path(directory))
            before, after = line.undone
            stopped, kept = at_last(line.stopped), at_last(line.kept)
            changed = told(line.kept[0]) if line.kept else ""
            rows.append((name, told(before), stopped, changed, kept, at_last((before, after))))
    databases.dispose()
    print("Each cell: rules in force, valid indexes, rows that can be updated.\n")
    print(as_table(style, HEADER, rows))
    if any("WORSE" in cell or "half done" in cell for row in rows for cell in row):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
