"""The embedded PostgreSQL server: a database with no Docker and no system package.

``start()`` gives the URL of a server that all processes of one data directory share and that
stops with the last of them. ``creativeflow-schema server`` keeps one running.

Two locked files in the data directory tell who uses the server. The kernel drops a lock with its
process, however that ends, so nobody is counted who is gone:

- ``control.lock`` is held while the server is started or stopped;
- ``users.lock`` is held, shared, by every process that uses the server.
"""

import atexit
import contextlib
import os
import sys
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

from ...installation import COMMAND, HOME, IS_CHECKOUT
from . import install as embedded_install
from .install import INSTALL_COMMAND, EmbeddedServerError, binary, is_installed, is_root

__all__ = [
    "INSTALL_COMMAND",
    "EmbeddedServerError",
    "binary",
    "default_data_dir",
    "is_installed",
    "release",
    "start",
]

NO_SETTINGS: Mapping[str, str] = MappingProxyType({})

# The data directories in use by this process, each with its descriptor of users.lock. A forked
# child shares the descriptor and with it the lock, which lasts until both have closed it.
_uses: dict[Path, int] = {}


def default_data_dir(version: int = 16) -> Path:
    """Return where the server keeps its data.

    That is ``.postgres/<version>`` in a checkout, and the user's directory for data if the package
    was installed from a wheel. For root it is a directory outside of both, which the system user
    that runs the server can reach.
    """
    system_directory = embedded_install.SYSTEM_DIRECTORY
    if not IS_CHECKOUT:
        from platformdirs import user_data_path

        place = system_directory / "installed" if is_root() else user_data_path(COMMAND)
    elif is_root():
        checkout = HOME.resolve()
        digest = sha256(os.fsencode(checkout)).hexdigest()[:8]
        place = system_directory / f"{checkout.name}-{digest}"
    else:
        place = HOME.resolve() / ".postgres"
    return place / str(version)


def start(
    data_dir: Path | None = None, *, version: int = 16, settings: Mapping[str, str] = NO_SETTINGS
) -> str:
    """Start the server of ``data_dir``, or find it running, and return its database's URL.

    From then on this process uses the server, until it ends or calls ``release``. ``version`` is
    PostgreSQL's: 16 or 18. ``settings`` are server settings such as ``{"fsync": "off"}``; a
    server that runs already keeps its own. The database is made unless it exists. For root, the
    parents of ``data_dir`` must let the user postgres (else nobody) through.

    Raises EmbeddedServerError if the server cannot be used.
    """
    if sys.platform == "win32":
        raise EmbeddedServerError("The embedded server does not run on Windows.")
    from .cluster import DATABASE, PORT, SUPERUSER, Cluster
    from .locks import locked

    binary("postgres", version=version)
    cluster = Cluster(_resolved(data_dir, version), version)
    try:
        embedded_install.make_directory(cluster.directory)
        with locked(cluster.directory / "control.lock") as control:
            # First, so that even an interrupted start is undone at exit.
            _use(cluster.directory, version)
            cluster.initialise(control)
            cluster.ensure_running(settings)
            cluster.ensure_database()
            socket_dir = cluster.socket_dir
    except OSError as error:
        raise EmbeddedServerError(
            f"The embedded server cannot work in {cluster.directory}: {error.strerror or error}.\n"
            "Make that directory writable."
        ) from None
    # Clients take the port from PGPORT when the URL has none.
    port = f"&port={PORT}" if "PGPORT" in os.environ else ""
    return f"postgresql://{SUPERUSER}@/{DATABASE}?host={quote(str(socket_dir))}{port}"


def release(data_dir: Path | None = None, *, version: int = 16) -> bool:
    """End this process's use of the server, and stop it if it was the last; done at exit, too.

    Return False if another process still uses the server.
    """
    from .cluster import Cluster
    from .locks import locked, locked_if_free

    cluster = Cluster(_resolved(data_dir, version), version)
    # Somebody may have removed the directory. A server notices that, and stops within a minute.
    with contextlib.suppress(OSError), locked(cluster.directory / "control.lock"):
        users = _uses.pop(cluster.directory, None)
        if users is not None:
            os.close(users)
        with locked_if_free(cluster.directory / "users.lock") as unused:
            if unused and cluster.is_alive():
                cluster.stop()
            return unused
    return True


def wait_for_end(data_dir: Path | None = None, *, version: int = 16) -> str:
    """Wait until the server has ended; return what it said last, and where the rest is."""
    from .cluster import Cluster

    cluster = Cluster(_resolved(data_dir, version), version)
    cluster.wait_for_end()
    return f"The server ended: {cluster.last_words()}\nIts messages are in {cluster.log}."


def _resolved(data_dir: Path | None, version: int) -> Path:
    return (data_dir or default_data_dir(version)).resolve()


def _use(directory: Path, version: int) -> None:
    from .locks import share

    if directory not in _uses:
        _uses[directory] = share(directory / "users.lock")
        atexit.register(release, directory, version=version)
