"""Guards that a revision lacks are told, ready to paste; and only those."""

from textwrap import indent

import pytest

from tests.lint.conftest import Checkout

CHECK = "op.execute(\"ALTER TABLE users ADD CONSTRAINT c CHECK (full_name <> 'x') NOT VALID\")"
DROP = "op.execute('ALTER TABLE users DROP CONSTRAINT IF EXISTS c')"
UNIQUE = "op.create_unique_constraint('uq_user_username', 'users', ['username'])"
RENAME = "op.alter_column('users', 'full_name', new_column_name='name')"
SAYS = "# squawk-ignore {}: no client, says the test"
PASTE = """\
op.guard(
    'check constraint users.c',
    misfits='rows of users for which it is false',
    find="SELECT id AS key FROM users WHERE NOT (full_name::text <> 'x'::text)",
    fix='Change these rows so that it is true',
)"""
BACK = """\
op.guard(
    'unique constraint users.uq_user_username',
    misfits='rows of users that are equal to others in it',
    find='SELECT array_agg(id) AS key, count(*) AS rows FROM users WHERE username IS NOT NULL \
GROUP BY (username) HAVING count(*) > 1',
    fix='Merge or change rows until each is there once',
    count='sum(rows)',
)"""
SHORTER = """\
op.guard(
    'column users.full_name',
    misfits='rows of users whose "full_name" is no character varying(3)',
    find='SELECT id AS key FROM users WHERE NOT pg_input_is_valid("full_name"::text, \
\\'character varying(3)\\')',
    fix='Change these rows so that it is one',
    tried='"full_name"',
    into='character varying(3)',
    table='users',
    key='id',
)"""


@pytest.mark.parametrize("downgrade", [DROP, "pass"])
def test_missing_guard_is_told_ready_to_paste(downgrade: str, checkout: Checkout) -> None:
    name = checkout.revisions.add(CHECK, downgrade=downgrade)
    code, said = checkout.lint(name)
    assert code == 1
    assert "missing-guard: no guard for check constraint users.c\n" in said
    assert f"put first in upgrade():\n{PASTE}" in said
    _put_first(checkout, name, upgrade=PASTE)
    assert checkout.lint(name) == (0, f"{name}_of_a_test.py: clean\n")


def test_guard_that_the_way_down_lacks_is_told_too(checkout: Checkout) -> None:
    waiver = SAYS.format("ban-drop-constraint")
    gone = "op.drop_constraint('uq_user_username', 'users')"
    name = checkout.revisions.add(waiver, gone, downgrade=UNIQUE)
    code, said = checkout.lint(name)
    assert code == 1
    assert "no guard for unique constraint users.uq_user_username on the way down\n" in said
    assert f"put first in downgrade():\n{BACK}" in said
    _put_first(checkout, name, downgrade=BACK)
    clean = f"{name}_of_a_test.py: clean, waived: ban-drop-constraint\n"
    assert checkout.lint(name) == (0, clean)


def test_guard_for_another_type_asks_for_the_column_as_it_is_called_then(
    checkout: Checkout,
) -> None:
    waivers = [SAYS.format(each) for each in ("changing-column-type", "renaming-column")]
    name = checkout.revisions.add(
        *waivers, RENAME, "op.execute('ALTER TABLE users ALTER name TYPE varchar(3)')"
    )
    code, said = checkout.lint(name)
    assert code == 1
    assert f"put first in upgrade():\n{SHORTER}" in said
    _put_first(checkout, name, upgrade=SHORTER)
    assert checkout.lint(name)[0] == 0


def test_way_down_that_does_not_run_is_said(checkout: Checkout) -> None:
    name = checkout.revisions.add(CHECK, downgrade="raise NotImplementedError('no way back')")
    code, said = checkout.lint(name)
    assert code == 1
    assert PASTE in said
    assert f"not looked for: that of {name} does not run: no way back" in said


def test_guard_is_not_missed_where_none_is_needed(checkout: Checkout) -> None:
    names = [
        checkout.revisions.add(*statements, downgrade="raise NotImplementedError")
        for statements in (
            # The planner proves it; the revision makes or mends what it is about, or says why not.
            [CHECK.replace("full_name <>", "'y' <>")],
            ['op.execute("ALTER TABLE users ADD fresh int CONSTRAINT d CHECK (fresh > 0)")'],
            ['op.execute("UPDATE users SET full_name = NULL")', CHECK.replace(" c ", " e ")],
            ["# squawk-ignore missing-guard: none can be there", CHECK.replace(" c ", " f ")],
            ['op.execute("ALTER TABLE users ADD other int")'],
            ["op.alter_column('users', 'email', new_column_name='address')"],
            # PostgreSQL has a cast that takes every value.
            ["op.execute('ALTER TABLE users ALTER full_name TYPE text')"],
            ["op.execute('ALTER TABLE users ALTER other TYPE bigint')"],
            ["op.execute('ALTER TABLE users ALTER other TYPE varchar')"],
        )
    ]
    _, said = checkout.lint(*names)
    assert "no guard" not in said
    assert "not asked" not in said


def _put_first(checkout: Checkout, name: str, **guards: str) -> None:
    (path,) = (checkout.root / "versions").glob(f"{name}_*")
    text = path.read_text()
    for way, guard in guards.items():
        head = f"def {way}() -> None:\n"
        text = text.replace(head, f"{head}{indent(guard, '    ')}\n")
    path.write_text(text)
