"""Keep a PostgreSQL server in a container as long as somebody reads what this program says.

``python -m tests.support.container_keeper IMAGE [SERVER OPTION …]`` says on each line what it is
about to do (``doing …``), and then once ``url …`` or ``failed …``. When its standard input ends,
for whatever reason, or something fails, it removes what it has started, and ends. That is why it
is a process of its own: it sees to that even where those who asked for the container were killed,
or no longer wait for a slow Docker.
"""

import re
import secrets
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import docker
import psycopg2
from testcontainers.core.container import DockerContainer, Reaper
from testcontainers.core.docker_client import DockerClient
from testcontainers.core.labels import SESSION_ID

from tests.support.container import NoContainerError

PORT = 5432
USER = "postgres"
NAME = f"creativeflow-schema-{SESSION_ID}"
# Until Docker answers at all, until it has done something, and until the server in it answers.
PING_SECONDS = 5
CALL_SECONDS = 60
READY_SECONDS = 30


def keep(image: str, options: list[str], unwanted: threading.Event) -> None:
    """Start a container of ``image`` and say its URL; remove it once it is ``unwanted``.

    Raises whatever Docker, testcontainers and the server's driver raise, and
    NoContainerError.
    """
    password = secrets.token_urlsafe()
    _say("doing", "asking Docker")
    with _removing():
        container = (
            DockerContainer(image, docker_client_kw={"timeout": PING_SECONDS})
            .with_name(NAME)
            .with_env("POSTGRES_PASSWORD", password)
            .with_exposed_ports(PORT)
            .with_command([word for option in options for word in ("-c", option)])
        )
        api = container.get_docker_client().client.api
        api.ping()
        api.timeout = CALL_SECONDS
        _pull(api, container.image)
        if unwanted.is_set():
            return
        _say("doing", f"starting a container of {container.image}")
        container.start()
        _say("url", _url_once_ready(container, password))
        unwanted.wait()


def _pull(api: docker.APIClient, image: str) -> None:
    """Pull ``image`` unless it is there; what Docker reports of it shows that it goes on."""
    with suppress(docker.errors.ImageNotFound):
        api.inspect_image(image)
        return
    repository, _, tag = image.rpartition(":")
    for event in api.pull(repository, tag, stream=True, decode=True):
        if "error" in event:
            raise NoContainerError(event["error"])
        _say("doing", f"pulling {image}: {event.get('status', '')}")


def _url_once_ready(container: DockerContainer, password: str) -> str:
    """Wait until the server answers, as long as its container lives; return its URL."""
    wrapped = container.get_wrapped_container()
    deadline = time.monotonic() + READY_SECONDS
    while True:
        _say("doing", f"waiting for the server in a container of {container.image}")
        try:
            host, port = container.get_container_host_ip(), container.get_exposed_port(PORT)
            url = f"postgresql://{USER}:{password}@{host}:{port}/{USER}"
            psycopg2.connect(url, connect_timeout=2).close()
            return url
        except (psycopg2.OperationalError, OSError) as error:
            wrapped.reload()
            if wrapped.status not in ("created", "running"):
                said = wrapped.logs(tail=3).decode(errors="replace")
                raise NoContainerError(f"the container is {wrapped.status}: {said}") from None
            if time.monotonic() > deadline:
                raise NoContainerError(f"its server does not answer: {error}") from None
        time.sleep(0.1)


@contextmanager
def _removing() -> Iterator[None]:
    """Remove the containers of this process in the end, whatever happens within."""
    try:
        yield
    finally:
        with suppress(Exception):
            Reaper.delete_instance()
        # By name: one may have come to be by a call that was never answered.
        for name in (NAME, f"testcontainers-ryuk-{SESSION_ID}"):
            with suppress(Exception):
                DockerClient().client.api.remove_container(name, v=True, force=True)


def _say(kind: str, text: str) -> None:
    # Nobody may listen any longer.
    with suppress(OSError):
        print(kind, re.sub(r"\s+", " ", text).strip(), flush=True)


def main() -> None:
    """Keep the container that the arguments ask for until the standard input ends."""
    unwanted = threading.Event()

    def watch() -> None:
        sys.stdin.read()
        unwanted.set()

    threading.Thread(target=watch, daemon=True).start()
    try:
        keep(sys.argv[1], sys.argv[2:], unwanted)
    except Exception as error:
        # Docker's own words, without the address of the call.
        _say("failed", getattr(error, "explanation", None) or str(error) or type(error).__name__)


if __name__ == "__main__":
    main()
