"""What is linted is what ``alembic upgrade --sql`` prints."""

from io import StringIO

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from app.lint.script import write_upgrade
from tests.lint.conftest import Checkout


def test_script_is_that_of_the_offline_upgrade(checkout: Checkout) -> None:
    before = checkout.revisions.head
    name = checkout.revisions.add_sql("CREATE TABLE extra (id int)")
    buffer = StringIO()
    config = Config(checkout.root / "alembic.ini", output_buffer=buffer)
    command.upgrade(config, f"{before}:{name}", sql=True)
    script = ScriptDirectory.from_config(config)
    printed = buffer.getvalue()
    assert "CREATE TABLE extra" in printed
    linted = write_upgrade(config, script, script.get_revision(name))
    assert printed.startswith(linted)
    # The partitions are ensured by every script, and no part of a revision.
    assert "COMMIT" not in printed.removeprefix(linted)
