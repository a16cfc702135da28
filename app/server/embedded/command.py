"""``creativeflow-schema server``: run the embedded PostgreSQL server."""

import signal
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from ...installation import COMMAND
from .install import INSTALL_NAMES, EmbeddedServerError
from .server import default_data_dir, release, start, wait_for_end


def configure(parser: ArgumentParser) -> None:
    """Add the arguments to ``parser``."""
    parser.description = "Run the embedded PostgreSQL server, and print its URL."
    parser.epilog = f"Example: {COMMAND} server --version 18"
    parser.add_argument(
        "--version", type=int, choices=INSTALL_NAMES, default=16, help="PostgreSQL's (default: 16)"
    )
    parser.add_argument("--data-dir", type=Path, help="where the server keeps its data")


def run(options: Namespace) -> int:
    """Run the server until SIGINT, SIGTERM or SIGHUP; print its URL alone to standard output.

    Return 0 when it is told to end, 1 if it ends by itself, 2 if it does not start.
    """
    directory = options.data_dir or default_data_dir(options.version)
    _on_stop_signals(_exit)
    try:
        url = start(directory, version=options.version)
        _say(f"PostgreSQL {options.version} runs on {directory}; press Ctrl-C to stop it.")
        # Last: who waits for it may stop the server at once.
        print(url, flush=True)
        _say(wait_for_end(directory, version=options.version))
        return 1
    except EmbeddedServerError as error:
        _say(str(error))
        return 2
    except SystemExit:
        # Asking once more is no reason to leave the server running.
        _on_stop_signals(signal.SIG_IGN)
        if not release(directory, version=options.version):
            _say("Another process still uses the server, which stops with it.")
        return 0


def _on_stop_signals(handler: Callable[..., object] | signal.Handlers) -> None:
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if number := getattr(signal, name, None):  # Windows has no SIGHUP.
            signal.signal(number, handler)


def _exit(*_: object) -> NoReturn:
    raise SystemExit


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)
