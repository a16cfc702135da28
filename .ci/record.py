"""Record docs/terminal.svg anew: the first commands of the README, as a terminal shows them.

They run on an embedded server of their own: python .ci/record.py
"""

import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "docs" / "terminal.svg"
COMMANDS = (
    "alembic upgrade head",
    "creativeflow-schema sample-data --users 100",
    "alembic check",
    "creativeflow-schema partitions report",
)
WIDTH = 112


def main() -> None:
    """Run the commands, and write the picture."""
    console = Console(record=True, width=WIDTH, file=sys.stderr, force_terminal=True)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with TemporaryDirectory(prefix="recording-") as directory:
        Path(directory).chmod(0o755)
        serve = (sys.executable, "-m", "app", "server", "--data-dir", f"{directory}/data")
        with subprocess.Popen(serve, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
            url = (server.stdout.readline() if server.stdout else "").strip()
            try:
                for command in COMMANDS:
                    console.print(Text(f"$ {command}", style="bold"))
                    said = subprocess.run(
                        command.split(),
                        cwd=ROOT,
                        env={**os.environ, "PATH": path, "DATABASE_URL": url},
                        stdout=subprocess.PIPE,
                        stderr=subprocess.STDOUT,
                        text=True,
                        check=True,
                    ).stdout
                    console.print(Text(_without_places(said)), end="")
            finally:
                server.terminate()
    picture = console.export_svg(title="creativeflow-schema")
    # Fonts from elsewhere: whoever looks has one.
    TARGET.write_text(re.sub(r"@font-face \{.*?\}\s*", "", picture, flags=re.DOTALL))


def _without_places(said: str) -> str:
    """Return it without where the server of this recording was."""
    return "\n".join(
        " ".join("localhost," if word.startswith("/") else word for word in line.split(" "))
        for line in said.split("\n")
    )


if __name__ == "__main__":
    main()
