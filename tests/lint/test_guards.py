"""Guards that a revision lacks are told, ready to paste; and only those."""

from tests.lint.conftest import Checkout

CHECK = "op.execute(\"ALTER TABLE users ADD CONSTRAINT c CHECK (full_name <> 'x') NOT VALID\")"
PASTE = """\
op.guard(
    'check constraint users.c',
    misfits='rows of users for which it is false',
    find="SELECT id AS key FROM users WHERE NOT (full_name::text <> 'x'::text)",
    fix='Change these rows so that it is true',
)"""


def test_missing_guard_is_told_ready_to_paste(checkout: Checkout) -> None:
    name = checkout.revisions.add(CHECK)
    code, said = checkout.lint(name)
    assert code == 1
    assert "missing-guard: no guard for check constraint users.c\n" in said
    assert PASTE in said
    for path in (checkout.root / "versions").glob(f"{name}_*"):
        path.write_text(path.read_text().replace(f"    {CHECK}", _indented(f"{PASTE}\n{CHECK}")))
    assert checkout.lint(name) == (0, f"{name}_of_a_test.py: clean\n")


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


def test_guard_is_not_missed_where_none_is_needed(checkout: Checkout) -> None:
    names = [
        checkout.revisions.add(*statements)
        for statements in (
            # The planner proves it; the revision makes or mends what it is about, or says why not.
            [CHECK.replace("full_name <>", "'y' <>")],
            ['op.execute("ALTER TABLE users ADD fresh int CONSTRAINT d CHECK (fresh > 0)")'],
            ['op.execute("UPDATE users SET full_name = NULL")', CHECK.replace(" c ", " e ")],
            ["# squawk-ignore missing-guard: none can be there", CHECK.replace(" c ", " f ")],
            ['op.execute("ALTER TABLE users ADD other int")'],
        )
    ]
    _, said = checkout.lint(*names)
    assert "no guard" not in said
    assert "not asked" not in said
