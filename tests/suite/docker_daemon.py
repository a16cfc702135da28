"""A stand-in for Docker's daemon on a Unix socket, which can fail in each way that Docker does.

It speaks as much of Docker's API as the tests' container takes. Its containers of PostgreSQL stand
for one server that runs already, those of Ryuk are a port that listens.
"""

import json
import re
import socket
import socketserver
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.suite.tcp_server import TcpServer

POSTGRES = "postgres:16"
RYUK = "testcontainers/ryuk:0.8.1"

Answer = tuple[int, Any]
Fault = Callable[["Daemon"], Answer | None]


def failing(message: str, status: int = 500) -> Fault:
    """A call that fails, as Docker says it."""
    return lambda _: (status, {"message": message})


def slow(seconds: float) -> Fault:
    """A call that does what it is to do, but late."""
    return lambda _: time.sleep(seconds)


def dying(daemon: "Daemon") -> Answer:
    """A container that starts, and ends at once."""
    for container in daemon.containers.values():
        container.status = "exited"
    return 204, None


class Container:
    """A container, made but not started."""

    def __init__(self, name: str, image: str, environment: list[str]) -> None:
        self.name, self.image, self.status = name, image, "created"
        self.environment = dict(variable.split("=", 1) for variable in environment)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

    def start(self, server: TcpServer) -> None:
        """Run what is in the container."""
        if self.image == POSTGRES:
            server.set_password(self.environment["POSTGRES_PASSWORD"])
            self.port = server.port
        self.status = "running"

    def inspect(self) -> dict[str, Any]:
        """Return what Docker tells of it."""
        inside = "5432/tcp" if self.image == POSTGRES else "8080/tcp"
        return {
            "Id": self.name,
            "Name": self.name,
            "State": {"Status": self.status},
            "Config": {"Tty": True, "Image": self.image},
            "HostConfig": {"NetworkMode": "default"},
            "NetworkSettings": {"Ports": {inside: [{"HostPort": str(self.port)}]}},
        }


class Daemon(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """The daemon. ``faults`` says what goes wrong, for calls such as ``start postgres:16``."""

    daemon_threads = True

    def __init__(self, directory: Path, postgres: TcpServer) -> None:
        self.path = directory / "docker.sock"
        self.postgres = postgres
        self.faults: dict[str, Fault] = {}
        self.images = {POSTGRES, RYUK}
        self.containers: dict[str, Container] = {}
        self.started: list[str] = []
        super().__init__(str(self.path), _Handler)
        Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> Answer:
        """Do what is asked for, unless there is a fault in it."""
        call, image, do = self._call(method, path, query, body)
        fault = self.faults.get(f"{call} {image}".strip())
        return (fault and fault(self)) or do()

    def _call(
        self, method: str, path: str, query: dict[str, str], body: Any
    ) -> tuple[str, str, Callable[[], Answer]]:
        """Return the name of the call, the image that it is about, and what it does."""
        if path in ("/version", "/_ping"):
            return path[1:], "", lambda: (200, {"ApiVersion": "1.47"})
        if path == "/images/create":
            image = f"{query['fromImage']}:{query['tag']}"
            return "pull", image, lambda: self._pull(image)
        if found := re.fullmatch("/images/(.+)/json", path):
            return "image", found[1], lambda: self._known(found[1]) or (200, {"Id": found[1]})
        if path == "/containers/create":
            return "create", body["Image"], lambda: self._create(query["name"], body)
        found = re.fullmatch("/containers/([^/]+)(?:/(start|json|logs))?", path)
        assert found, f"{method} {path}: the stand-in does not know this"
        name, verb = found.groups()
        if name not in self.containers:
            return "", "", lambda: (404, {"message": f"No such container: {name}"})
        container = self.containers[name]
        calls: dict[str | None, Callable[[], Answer]] = {
            "start": lambda: self._start(container),
            "json": lambda: (200, container.inspect()),
            "logs": lambda: (200, "initdb: No space left on device\n"),
            None: lambda: self._remove(container),
        }
        return verb or "remove", container.image, calls[verb]

    def _known(self, image: str) -> Answer | None:
        return None if image in self.images else (404, {"message": f"No such image: {image}"})

    def _pull(self, image: str) -> Answer:
        self.images.add(image)
        return 200, {"status": f"Downloaded {image}"}

    def _create(self, name: str, body: Any) -> Answer:
        if unknown := self._known(body["Image"]):
            return unknown
        self.containers[name] = Container(name, body["Image"], body["Env"])
        return 201, {"Id": name}

    def _start(self, container: Container) -> Answer:
        container.start(self.postgres)
        self.started.append(container.image)
        return 204, None

    def _remove(self, container: Container) -> Answer:
        del self.containers[container.name]
        container.listener.close()
        return 204, None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Daemon

    def _reply(self) -> None:
        url = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        length = int(self.headers.get("Content-Length", 0))
        body = json.loads(self.rfile.read(length) or "{}")
        path = re.sub(r"^/v1\.\d+", "", url.path)
        status, answer = self.server.answer(self.command, path, query, body)
        text = answer if isinstance(answer, str) else json.dumps(answer)
        data = b"" if answer is None else text.encode()
        # Who asked may have given up.
        with suppress(BrokenPipeError):
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    do_GET = do_POST = do_DELETE = _reply  # noqa: N815 - what the base class calls

    def log_message(self, *_: object) -> None:
        """Say nothing."""
