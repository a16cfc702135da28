"""Write requirements.txt anew: what a deployment installs, at the newest versions that fit.

uv finds the versions and the files for each Python and platform; this prints them as pip reads
them, with the name of the file of each hash. Releases of the last week are left out: the bad ones
are usually found within days.
"""

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
HEAD = """\
# What a deployment installs besides the wheel of this project:
#   pip install --require-hashes --requirement requirements.txt
# Written by .ci/lock.py from pyproject.toml; do not edit it. The comments name the file of each
# hash, in the same order.
--only-binary :all:
"""


def main() -> None:
    """Resolve, and write the file."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    oldest = project["requires-python"].removeprefix(">=")
    resolved = subprocess.run(
        (sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--quiet",
         "--universal", "--python-version", oldest, "--no-build",
         "--exclude-newer", "7 days", "--format", "pylock.toml"),
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    entries = [_entry(package) for package in tomllib.loads(resolved)["packages"]]
    (ROOT / "requirements.txt").write_text("\n".join([HEAD, *entries]))


def _entry(package: dict[str, Any]) -> str:
    files = {Path(wheel["url"]).name: wheel["hashes"]["sha256"] for wheel in package["wheels"]}
    marker = f" ; {package['marker']}" if "marker" in package else ""
    lines = [f"# {name}\n" for name in files]
    lines += [f"{package['name']}=={package['version']}{marker}"]
    lines += [f" \\\n    --hash=sha256:{digest}" for digest in files.values()]
    return "".join(lines) + "\n"


if __name__ == "__main__":
    main()
