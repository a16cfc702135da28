"""What stops a live application is found in a revision; the forms that do not are clean."""

import re
import tomllib

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from app.lint.linter import CONFIGURATION
from tests.lint.conftest import Checkout
from tests.support.databases import ROOT

INDEX = """\
with op.get_context().autocommit_block():
    op.execute("SET lock_timeout = 0")
    op.execute("SET statement_timeout = 0")
    op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_extra")
    op.create_index("ix_extra", "users", ["full_name"], postgresql_concurrently=True)
"""
FOREIGN_KEY = """\
op.create_foreign_key(
    "fk_extra", "templates", "users", ["user_id"], ["id"], postgresql_not_valid={not_valid}
)
"""
NOT_NULL = 'op.alter_column("users", "full_name", nullable=False)'
ADD_CHECK = 'op.execute("ALTER TABLE users ADD CHECK (full_name IS NOT NULL){how}")'
GUARD = """\
op.guard(
    "check constraint users.users_full_name_check",
    misfits="rows with NULL there",
    find="SELECT id AS key FROM users WHERE full_name IS NULL",
    fix="Give them a value",
)"""
VALIDATE = """\
op.execute("SET LOCAL statement_timeout = 0")
op.execute("ALTER TABLE {table} VALIDATE CONSTRAINT {name}")
"""
UNIQUE = 'op.execute("ALTER TABLE users ADD CONSTRAINT uq_extra UNIQUE {how}")'
ADD_COLUMN = 'op.execute("ALTER TABLE users ADD COLUMN extra uuid DEFAULT {value} NOT NULL")'

UNSAFE = {
    'op.create_index("ix_extra", "users", ["full_name"])': "require-concurrent-index-creation",
    'op.drop_index("idx_team_ownerid")': "require-concurrent-index-deletion",
    FOREIGN_KEY.format(not_valid=False): "adding-foreign-key-constraint",
    ADD_CHECK.format(how=""): "constraint-missing-not-valid",
    UNIQUE.format(how="(full_name)"): "disallowed-unique-constraint",
    NOT_NULL: "adding-not-nullable-field",
    ADD_COLUMN.format(value="gen_random_uuid()"): "adding-field-with-default",
    'op.execute("ALTER TABLE users ALTER id TYPE text")': "changing-column-type",
    'op.drop_column("users", "full_name")': "ban-drop-column",
    # The transaction that checks the rows would hold the locks of the one that adds the key.
    FOREIGN_KEY.format(not_valid=True)
    + VALIDATE.format(table="templates", name="fk_extra"): "constraint-missing-not-valid",
    'op.execute("CREATE INDEX CONCURRENTLY ix_extra ON users (full_name)")': (
        "ban-concurrent-index-creation-in-transaction"
    ),
}
SAFE = {
    "index": INDEX,
    "foreign key": FOREIGN_KEY.format(not_valid=True),
    "validation of a foreign key": VALIDATE.format(table="templates", name="fk_extra"),
    "check": f"{GUARD}\n{ADD_CHECK.format(how=' NOT VALID')}",
    "NOT NULL behind a check": VALIDATE.format(table="users", name="ck_extra") + NOT_NULL,
    "unique rule on an index": UNIQUE.format(how="USING INDEX ix_extra"),
    "column with a constant": ADD_COLUMN.format(value="'00000000-0000-0000-0000-000000000000'"),
}


def test_revisions_of_the_project_are_clean(checkout: Checkout) -> None:
    code, said = checkout.lint()
    assert code == 0, said
    linted = re.findall(r"^(\d+)_\w+\.py: (?:clean|not linted: )", said, re.MULTILINE)
    script = ScriptDirectory.from_config(Config(ROOT / "alembic.ini"))
    assert linted == [revision.revision for revision in script.walk_revisions()][::-1]


@pytest.mark.parametrize(("upgrade", "rule"), UNSAFE.items(), ids=lambda text: text.split("\n")[0])
def test_unsafe_revision_is_refused(checkout: Checkout, upgrade: str, rule: str) -> None:
    name = checkout.revisions.add(upgrade)
    code, said = checkout.lint(name)
    assert code == 1
    assert f"{name}_of_a_test.py: {rule}: " in said


@pytest.mark.parametrize("upgrade", SAFE.values(), ids=SAFE)
def test_safe_revision_is_clean(checkout: Checkout, upgrade: str) -> None:
    name = checkout.revisions.add(upgrade)
    assert checkout.lint(name) == (0, f"{name}_of_a_test.py: clean\n")


def test_table_that_an_earlier_revision_created_is_not_new(checkout: Checkout) -> None:
    together = 'op.execute("CREATE TABLE extra (name text)")\n'
    index = 'op.create_index("ix_extra", "extra", ["name"])'
    created = checkout.revisions.add(together + index)
    later = checkout.revisions.add(index.replace("ix_", "ix_other_"))
    assert checkout.lint(created)[0] == 0
    assert checkout.lint(created, later)[0] == 1


def test_rule_is_off_only_where_it_finds_something(checkout: Checkout) -> None:
    for upgrade in SAFE.values():
        checkout.revisions.add(upgrade)
    configuration = checkout.root / CONFIGURATION
    off = tomllib.loads(configuration.read_text())["excluded_rules"]
    configuration.write_text('pg_version = "16"\n')
    said = checkout.lint()[1]
    assert [rule for rule in off if f": {rule}: " not in said] == []
