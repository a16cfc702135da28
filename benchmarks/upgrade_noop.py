"""How long ``alembic upgrade head`` takes when there is nothing to do, ours beside stock.

    python -m benchmarks.upgrade_noop

Stock is a copy of the checkout whose ``env.py`` is Alembic's own generic template, with the models
as its ``target_metadata``: it imports the ORM and the 22 models each time. Both run as whole
processes on one database at head, in pairs that alternate who begins; the ratio is the median of
the pairs' ratios. Fails if it is above ``LIMIT``. Works in a database of its own on the server of
DATABASE_URL, else on the embedded server.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import alembic
from sqlalchemy import URL

from benchmarks.stock import throwaway_databases
from tests.support.commands import copy_checkout

PAIRS = 21
LIMIT = 0.85
TEMPLATE = Path(alembic.__file__).parent / "templates" / "generic" / "env.py"
_NO_METADATA = "target_metadata = None"
_MODELS = "from app.models import Base\n\ntarget_metadata = Base.metadata"


def stock_checkout(directory: Path) -> Path:
    """Copy the checkout to ``directory`` and give it Alembic's generic ``env.py``."""
    checkout = copy_checkout(directory)
    template = TEMPLATE.read_text()
    if _NO_METADATA not in template:
        raise SystemExit(f"{TEMPLATE} has changed: no line {_NO_METADATA!r}.")
    (checkout / "env.py").write_text(template.replace(_NO_METADATA, _MODELS))
    return checkout


def set_url(checkout: Path, url: URL) -> None:
    """Write ``url`` into the ``alembic.ini`` of ``checkout``."""
    ini = checkout / "alembic.ini"
    address = url.render_as_string(hide_password=False).replace("%", "%%")
    ini.write_text(
        ini.read_text().replace("\nsqlalchemy.url =\n", f"\nsqlalchemy.url = {address}\n")
    )


def seconds(checkout: Path) -> float:
    """Return how long one ``alembic upgrade head`` takes in ``checkout``."""
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "alembic", "upgrade", "head"],
        cwd=checkout,
        capture_output=True,
        check=True,
    )
    return time.perf_counter() - start


def main() -> None:
    """Print the medians and the ratio."""
    databases = throwaway_databases()
    os.environ.pop("DATABASE_SCHEMA", None)
    ours, stock = [], []
    with databases.create() as engine, tempfile.TemporaryDirectory() as directory:
        checkouts = copy_checkout(Path(directory, "ours")), stock_checkout(Path(directory, "stock"))
        for checkout in checkouts:
            set_url(checkout, engine.url)
            seconds(checkout)  # migrates, and compiles the modules
        for pair in range(PAIRS):
            order = checkouts if pair % 2 == 0 else checkouts[::-1]
            times = {checkout: seconds(checkout) for checkout in order}
            ours.append(times[checkouts[0]])
            stock.append(times[checkouts[1]])
    databases.dispose()
    ratio = statistics.median(a / b for a, b in zip(ours, stock, strict=True))
    print(f"ours:  {statistics.median(ours):.3f} s (median of {PAIRS})")
    print(f"stock: {statistics.median(stock):.3f} s (median of {PAIRS})")
    print(f"ratio: {ratio:.2f} (at most {LIMIT} is claimed)")
    if ratio > LIMIT:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
