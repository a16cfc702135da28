"""squawk and PostgreSQL agree: what autogenerate writes is clean without a waiver."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, MetaData

from app.lint.command import lint_revisions
from tests.autogenerate.changes import CHANGES, add_column, check, column
from tests.autogenerate.fresh_models import fresh_metadata
from tests.autogenerate.revisions import writing_to
from tests.lint.conftest import Checkout
from tests.support.revisions import HEAD

# Each on objects of its own, so that one chain of revisions holds them all.
TOGETHER = (
    "check_added_to_partitioned_table",
    "check_changed",
    "check_widened_and_narrowed",
    "column_added",
    "column_made_nullable",
    "column_with_foreign_key_dropped",
    "foreign_key_changed_on_partitioned_table",
    "foreign_key_made_deferrable",
    "index_replaced_on_partitioned_table",
    "primary_key_extended",
    "primary_key_of_partitioned_table_replaced",
    "primary_key_replaced_under_view_and_foreign_keys",
    "type_changed_of_checked_column",
    "type_widened",
    "unique_columns_reordered",
    "unique_dropped",
    "unique_turned_into_index",
)
INDEXED_AND_CHECKED = "column_with_default_index_and_check_dropped"


@pytest.fixture
def lint(
    connection: Connection, make_config: Callable[[str], Config], tmp_path: Path, server_url: URL
) -> Callable[[Callable[[MetaData], object]], list[str]]:
    """Autogenerate after a change of the models, and return the problems in what is written."""
    config = writing_to(tmp_path, make_config(""))
    config.attributes["connection"] = connection

    def run(change: Callable[[MetaData], object]) -> list[str]:
        with fresh_metadata() as metadata:
            change(metadata)
            command.revision(config, "change", autogenerate=True, version_path=str(tmp_path))
        script = ScriptDirectory.from_config(config)
        written = [each for each in script.walk_revisions() if each.revision > HEAD]
        url = server_url.render_as_string(hide_password=False)
        reports, not_asked = lint_revisions(config, script, written, "public", url)
        assert not_asked == ""
        assert not any(report.waived for report in reports)
        return [
            f"{problem.rule}: {problem.statement}"
            for report in reports
            for problem in report.problems
        ]

    return run


Lint = Callable[[Callable[[MetaData], object]], list[str]]


def test_what_autogenerate_writes_is_clean(lint: Lint) -> None:
    def change(m: MetaData) -> None:
        for name in TOGETHER:
            CHANGES[name](m)
        column(m, "users", "username").type = sa.Text()
        check(m, "subscriptions", "added", "plan_id <> ''")

    found = lint(change)
    assert found == []


def test_dropped_column_with_index_and_check_is_clean(lint: Lint) -> None:
    assert lint(CHANGES[INDEXED_AND_CHECKED]) == []


def test_hazard_that_nothing_says_is_reported(lint: Lint) -> None:
    def change(m: MetaData) -> None:
        upper = sa.Computed("upper(username)", persisted=True)
        add_column(m, "users", sa.Column("upper_name", sa.Text, upper))
        CHANGES["type_changed_with_default"](m)

    rules = [problem.partition(": ")[0] for problem in lint(change)]
    assert rules == ["changing-column-type", "adding-field-with-default"]


def test_revision_that_does_not_run_is_reported_as_squawk_finds_it(checkout: Checkout) -> None:
    name = checkout.revisions.add_sql("ALTER TABLE users ALTER full_name TYPE text USING nothing")
    code, said = checkout.lint(name)
    assert code == 1
    assert "changing-column-type" in said
    assert "PostgreSQL was not asked whether it is so: " in said
    assert 'column "nothing" does not exist' in said


def test_revision_that_raises_is_reported_as_squawk_finds_it(checkout: Checkout) -> None:
    name = checkout.revisions.add(
        'op.drop_column("users", "full_name")',
        'assert op.get_context().as_sql, "needs the month\'s rows"',
    )
    code, said = checkout.lint(name)
    assert code == 1
    assert "ban-drop-column" in said
    assert "PostgreSQL was not asked whether it is so: needs the month's rows" in said


def test_hand_written_drop_is_clean_once_it_says_what_is_lost(checkout: Checkout) -> None:
    name = checkout.revisions.add('op.drop_column("users", "full_name")')
    assert checkout.lint(name)[0] == 1
    (path,) = checkout.revisions.directory.glob(f"{name}_*.py")
    said = 'of a test: drops column users.full_name\nwith its data."""'
    path.write_text(path.read_text().replace('of a test."""', said))
    assert checkout.lint(name) == (0, f"{path.name}: clean\n")
