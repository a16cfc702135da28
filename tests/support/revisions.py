"""The numbers of the project's revisions, and of those that come next."""

from alembic.config import Config
from alembic.script import ScriptDirectory

from tests.support.databases import ROOT

HEAD = str(ScriptDirectory.from_config(Config(ROOT / "alembic.ini")).get_current_head())


def after_head(n: int = 1) -> str:
    """Return the id of the ``n``-th revision after the newest one."""
    return f"{int(HEAD) + n:04d}"
