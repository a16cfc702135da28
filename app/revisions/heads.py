"""Several newest revisions: which files they are, and what to do, in order."""

import warnings
from collections import Counter
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from ..installation import COMMAND, typed
from .files import RevisionFile, read_revisions

_IN_ORDER = (
    f"Nothing was done. In this order: {COMMAND} renumber, which moves what is not merged on top "
    "of what is; what it says of a database that ran it; "
)


def load_revisions(config: Config) -> ScriptDirectory:
    """Return the revisions of ``config``, each of which has an id of its own.

    Raises:
        CommandError: as :func:`require_chain`.
    """
    script = ScriptDirectory.from_config(config)
    require_chain(script)
    return script


def require_chain(script: ScriptDirectory) -> None:
    """Refuse two files with one id, of which Alembic would take either, and one that is missing.

    Raises:
        CommandError: so it is; it names the files.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # for it is told here
            if len(script.get_heads()) <= 1:
                return
    except KeyError as missing:
        (id_,) = missing.args
        above = [each for each in _files(script) if id_ in each.down]
        raise CommandError(
            f"{_named(above)}: down_revision is {id_}, which no file is.\n"
            "Nothing was done. Bring the file back, or put down_revision right."
        ) from None
    found = _files(script)
    for id_, count in Counter(each.revision for each in found).items():
        if count > 1:
            raise CommandError(
                f"{_named([each for each in found if each.revision == id_])} have one number, "
                f"{id_}: two branches have added it.\n{_IN_ORDER}{typed('upgrade head')}"
            )


def several_heads(script: ScriptDirectory) -> CommandError:
    """Return what there is to say where a command needs one newest revision."""
    heads = set(script.get_heads())
    found = [each for each in _files(script) if each.revision in heads]
    return CommandError(
        f"{_named(found)} are each the newest revision: two branches have added one.\n"
        f"{_IN_ORDER}{typed('upgrade head')}. If each was deployed: "
        + typed("merge heads -m 'Join the branches'")
    )


def _files(script: ScriptDirectory) -> list[RevisionFile]:
    locations = script.version_locations or [f"{script.dir}/versions"]
    return [each for location in locations for each in read_revisions(Path(location))]


def _named(found: list[RevisionFile]) -> str:
    return " and ".join(f"versions/{each.path.name}" for each in found)
