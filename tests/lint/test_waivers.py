"""A waiver is a comment with a reason, of a rule that the revision breaks."""

import pytest

from tests.lint.conftest import Checkout

DROP = 'op.drop_column("users", "full_name")'


@pytest.mark.parametrize(
    "upgrade",
    [
        f"# squawk-ignore ban-drop-column: nobody reads it\n{DROP}",
        f"{DROP}  # squawk-ignore ban-drop-column: nobody reads it",
    ],
)
def test_waived_rule_may_be_broken(checkout: Checkout, upgrade: str) -> None:
    name = checkout.revisions.add(upgrade)
    assert checkout.lint(name) == (0, f"{name}_of_a_test.py: clean, waived: ban-drop-column\n")


def test_waiver_holds_for_its_rule_and_its_revision_only(checkout: Checkout) -> None:
    waived = "# squawk-ignore ban-drop-column: nobody reads it\n"
    first = checkout.revisions.add(waived + DROP, 'op.drop_table("sessions")')
    second = checkout.revisions.add(DROP)
    code, said = checkout.lint(first, second)
    assert code == 1
    assert f"{first}_of_a_test.py: ban-drop-table: " in said
    assert f"{first}_of_a_test.py: ban-drop-column: " not in said
    assert f"{second}_of_a_test.py: ban-drop-column: " in said


@pytest.mark.parametrize(
    ("waiver", "complaint"),
    [
        ("# squawk-ignore ban-drop-column", "a waiver without a reason"),
        ("# squawk-ignore ban-drop-column: ", "a waiver without a reason"),
        ("# squawk-ignore: nobody reads it", "a waiver without a rule"),
        ("# squawk-ignore ban-dropping: nobody reads it", "squawk has no rule ban-dropping"),
        ("# squawk-ignore ban-drop-table: nobody reads it", "nothing here breaks ban-drop-table"),
        # Off in .squawk.toml, so that nothing breaks it.
        ("# squawk-ignore prefer-text-field: too short", "nothing here breaks prefer-text-field"),
    ],
)
def test_mistaken_waiver_is_refused(checkout: Checkout, waiver: str, complaint: str) -> None:
    name = checkout.revisions.add(f"{waiver}\n{DROP}")
    code, said = checkout.lint(name)
    assert code == 1
    file = f"{name}_of_a_test.py"
    lines = (checkout.revisions.directory / file).read_text().splitlines()
    number = next(n for n, line in enumerate(lines, 1) if "# squawk-ignore" in line)
    assert f"{file}:{number}: {complaint}" in said
    assert f"{name}_of_a_test.py: ban-drop-column: " in said


def test_text_that_looks_like_a_waiver_is_none(checkout: Checkout) -> None:
    name = checkout.revisions.add(f'"# squawk-ignore ban-drop-column: nobody reads it"\n{DROP}')
    assert checkout.lint(name)[0] == 1


def test_comment_in_sql_waives_nothing(checkout: Checkout) -> None:
    sql = "-- squawk-ignore ban-drop-column\nALTER TABLE users DROP COLUMN full_name"
    name = checkout.revisions.add_sql(sql)
    code, said = checkout.lint(name)
    assert code == 1
    assert f"{name}_of_a_test.py: a comment for squawk in SQL" in said
