"""The share of small mistakes that the tests notice: one change at a time, then the tests.

Python is changed by cosmic-ray, the SQL of the partition routines by universalmutator, both in a
copy of what is committed. A sample is drawn, for there are thousands:
``python -m benchmarks.mutants --sample 20 --seed 7 runner``. Exits with 1 if the share is below
``least``, equivalent mutants left out.
"""

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
SETTINGS = Path(__file__).with_suffix(".toml")
COSMIC_RAY = """\
[cosmic-ray]
module-path = {modules}
timeout = 900.0
excluded-modules = {excluded}
test-command = "{tests}"

[cosmic-ray.distributor]
name = "local"

[cosmic-ray.filters.operators-filter]
exclude-operators = {operators}
"""


@dataclass(frozen=True)
class Mutant:
    """One change, where it is, and whether the tests noticed it."""

    place: str
    change: str
    noticed: bool


def main() -> int:
    """Run the tests against a sample of mutants; print what was not noticed, and the share."""
    settings = tomllib.loads(SETTINGS.read_text("utf-8"))
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutants", description=__doc__)
    parser.add_argument("room", nargs="*", default=list(settings["rooms"]), help="default: all")
    parser.add_argument("--sample", type=int, default=20, help="mutants a room (default: 20)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(
        "| Room | Mutants | Noticed | Equivalent | Share |", "|---|---:|---:|---:|---:|", sep="\n"
    )
    missed: list[Mutant] = []
    total = noticed = 0
    for name in options.room:
        room = settings["rooms"][name]
        with copy_of_the_checkout() as checkout:
            draw = random.Random(f"{options.seed} {name}")  # noqa: S311 a sample, no secret
            try_out = try_sql if "sql" in room else try_python
            mutants = list(try_out(checkout, room, settings, draw, options.sample))
        survivors = [each for each in mutants if not each.noticed]
        equivalent = [each for each in survivors if is_equivalent(each, settings["equivalent"])]
        missed += [each for each in survivors if each not in equivalent]
        counted, seen = len(mutants) - len(equivalent), len(mutants) - len(survivors)
        total, noticed = total + counted, noticed + seen
        row = f"| {name} | {len(mutants)} | {seen} | {len(equivalent)} |"
        print(f"{row} {share(seen, counted)} |", flush=True)
    print(f"| **All** | {total} | {noticed} | | {share(noticed, total)} |", flush=True)
    for each in missed:
        print(f"\nNot noticed, {each.place}:\n\n```diff\n{each.change}\n```")
    return int(total > 0 and noticed / total < settings["least"])


def copy_of_the_checkout() -> tempfile.TemporaryDirectory[str]:
    """Return a directory with what is committed, gone when it is left."""
    directory = tempfile.TemporaryDirectory(prefix="mutants-")
    git = shutil.which("git") or "git"
    subprocess.run([git, "clone", "--quiet", str(ROOT), directory.name], check=True)
    return directory


def try_python(
    checkout: str, room: Mapping[str, Any], settings: Mapping[str, Any], draw: random.Random, n: int
) -> Iterator[Mutant]:
    """Yield what the tests of ``room`` make of a sample of cosmic-ray's mutants."""
    from cosmic_ray.work_db import WorkDB, use_db
    from cosmic_ray.work_item import WorkerOutcome, WorkResult

    configuration, session = Path(checkout, "mutants.toml"), Path(checkout, "mutants.sqlite")
    configuration.write_text(
        COSMIC_RAY.format(
            modules=room["modules"],
            excluded=room.get("excluded", []),
            tests=f"{sys.executable} -m pytest -x -q -p no:cacheprovider {room['tests']}",
            operators=settings["operators"],
        )
    )
    run(checkout, "init", configuration.name, session.name)
    run(checkout, "cr-filter-operators", session.name, configuration.name)
    with use_db(str(session), WorkDB.Mode.open) as found:
        pending = sorted(found.pending_work_items, key=lambda each: str(each.mutations))
        chosen = {each.job_id for each in draw.sample(pending, min(n, len(pending)))}
        left_out = [each.job_id for each in pending if each.job_id not in chosen]
        found.set_multiple_results(left_out, WorkResult(WorkerOutcome.SKIPPED))
    run(checkout, "exec", configuration.name, session.name)
    with use_db(str(session), WorkDB.Mode.open) as found:
        results = dict(found.results)
        for item in found.work_items:
            if item.job_id in chosen:
                (mutation,) = item.mutations
                result = results[item.job_id]
                place = f"{mutation.module_path}:{mutation.start_pos[0]}"
                yield Mutant(place, (result.diff or "").strip(), result.is_killed)


def try_sql(
    checkout: str,
    room: Mapping[str, Any],
    _settings: Mapping[str, Any],
    draw: random.Random,
    n: int,
) -> Iterator[Mutant]:
    """Yield what the tests of ``room`` make of a sample of universalmutator's mutants.

    What changes in the body of a routine changes wherever that body stands: in its own file, in
    the revision in force and in the reference, or the tests that compare them would notice all.
    """
    rules = Path(checkout, "sql.rules")
    rules.write_text("\n".join(room["rules"]) + "\n")
    found: list[tuple[Path, str, str]] = []
    for source in sorted(Path(checkout).glob(room["sql"])):
        original = body(source)
        found += [(source, original, each) for each in sql_mutants(source, rules, checkout)]
    for source, original, changed in draw.sample(found, min(n, len(found))):
        holders = {
            path: text
            for pattern in (room["sql"], *room["copies"])
            for path in Path(checkout).glob(pattern)
            if original in (text := path.read_text("utf-8"))
        }
        for path, text in holders.items():
            path.write_text(text.replace(original, changed), "utf-8")
        tests = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
        result = subprocess.run(
            [*tests, *room["tests"].split()],
            cwd=checkout,
            env=in_the_copy(checkout),
            check=False,
            stdout=subprocess.DEVNULL,
        )
        for path, text in holders.items():
            path.write_text(text, "utf-8")
        yield Mutant(source.name, difference(original, changed), result.returncode != 0)


def sql_mutants(source: Path, rules: Path, checkout: str) -> list[str]:
    """Return what becomes of the body of ``source``, one change at a time, comments left alone."""
    directory = Path(checkout, "mutants", source.stem)
    directory.mkdir(parents=True)
    command = ["mutate", str(source), "--only", str(rules), "--noCheck", "--mutateInStrings"]
    subprocess.run(
        [*command, "--mutantDir", str(directory)],
        cwd=checkout,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    original = body(source)
    changed = {body(path) for path in directory.iterdir()} - {original}
    return sorted(
        each for each in changed if not difference(original, each).lstrip("- ").startswith("--")
    )


def body(path: Path) -> str:
    """Return the body of the routine that ``path`` creates."""
    found = re.search(r"AS (\$\w*\$)(.*?)\1", path.read_text("utf-8"), re.DOTALL)
    return found[2] if found else ""


def run(checkout: str, command: str, *arguments: str) -> None:
    """Run a command of cosmic-ray's in ``checkout``."""
    program = [command] if command.startswith("cr-") else ["cosmic-ray", command]
    subprocess.run(
        [*program, *arguments],
        cwd=checkout,
        env=in_the_copy(checkout),
        check=True,
        stdout=subprocess.DEVNULL,
    )


def in_the_copy(checkout: str) -> dict[str, str]:
    """Return an environment in which commands use the copy's code, not what is installed."""
    return os.environ | {"PYTHONPATH": checkout}


def difference(old: str, new: str) -> str:
    """Return the lines that differ."""
    lines = zip(old.splitlines(), new.splitlines(), strict=False)
    return "\n".join(f"-{before}\n+{after}" for before, after in lines if before != after)


def is_equivalent(mutant: Mutant, known: Sequence[Mapping[str, str]]) -> bool:
    """Tell whether ``mutant`` changes nothing that anyone could see."""
    return any(
        each["file"] in mutant.place and f"+{each['line']}" in mutant.change.replace("+ ", "+")
        for each in known
    )


def share(noticed: int, counted: int) -> str:
    """Return the share in per cent."""
    return f"{noticed / counted:.0%}" if counted else "-"


if __name__ == "__main__":
    sys.exit(main())
