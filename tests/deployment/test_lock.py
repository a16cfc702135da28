"""requirements.txt fits the project: all that it asks for, for each Python and platform."""

import re
from importlib.metadata import distribution
from itertools import product
from typing import NamedTuple

import pytest
from packaging import tags
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name, parse_wheel_filename
from packaging.version import Version

from tests.deployment.project import PROJECT, PYTHONS
from tests.support.databases import ROOT

LOCK = (ROOT / "requirements.txt").read_text()


def _gnu(machine: str) -> list[str]:
    """The platforms of GNU/Linux since 2018."""
    return [f"manylinux2014_{machine}", *(f"manylinux_2_{n}_{machine}" for n in range(17, 29))]


def _musl(machine: str) -> list[str]:
    """The platforms of Alpine since 3.13."""
    return [f"musllinux_1_{n}_{machine}" for n in (1, 2)]


PLATFORMS = {
    ("linux", "x86_64"): [_gnu("x86_64"), _musl("x86_64")],
    ("linux", "aarch64"): [_gnu("aarch64"), _musl("aarch64")],
    ("darwin", "x86_64"): [list(tags.mac_platforms((14, 0), "x86_64"))],
    ("darwin", "arm64"): [list(tags.mac_platforms((14, 0), "arm64"))],
    ("win32", "AMD64"): [["win_amd64"]],
}


class Entry(NamedTuple):
    """One distribution of the lock."""

    requirement: Requirement
    files: list[str]
    hashes: list[str]

    @property
    def version(self) -> Version:
        """The version that is installed."""
        (specifier,) = self.requirement.specifier
        return Version(specifier.version)


def entries(lock: str) -> dict[NormalizedName, Entry]:
    """Return what ``lock`` installs, by name."""
    found = {}
    for block in lock.split("\n\n")[1:]:
        files = re.findall(r"^# (\S+)$", block, re.MULTILINE)
        hashes = re.findall(r"--hash=sha256:([0-9a-f]{64})(?![0-9a-f])", block)
        (line,) = re.findall(r"^[^# ].*?(?= \\$)", block, re.MULTILINE)
        requirement = Requirement(line)
        found[canonicalize_name(requirement.name)] = Entry(requirement, files, hashes)
    return found


LOCKED = entries(LOCK)


def environment(python: str, system: str, machine: str) -> dict[str, str]:
    """Return what markers see there."""
    names = {"linux": ("Linux", "posix"), "darwin": ("Darwin", "posix"), "win32": ("Windows", "nt")}
    return {
        **{name: str(value) for name, value in default_environment().items()},
        "python_version": python,
        "python_full_version": f"{python}.0",
        "implementation_version": f"{python}.0",
        "sys_platform": system,
        "platform_system": names[system][0],
        "os_name": names[system][1],
        "platform_machine": machine,
        "extra": "",
    }


def closure(where: dict[str, str]) -> set[NormalizedName]:
    """Return the names that the project needs ``where``; each is there, in a version that fits."""
    needed: set[NormalizedName] = set()
    asked = [Requirement(line) for line in PROJECT["dependencies"]]
    while asked:
        requirement = asked.pop()
        name = canonicalize_name(requirement.name)
        if requirement.marker and not requirement.marker.evaluate(where):
            continue
        assert name in LOCKED, f"{requirement} is not locked"
        locked = LOCKED[name]
        assert locked.version in requirement.specifier, f"{locked.requirement}, but {requirement}"
        assert locked.requirement.marker is None or locked.requirement.marker.evaluate(where)
        if name not in needed:
            needed.add(name)
            # As its version here says, which is nearly always the locked one's word, too.
            asked += [Requirement(line) for line in distribution(name).requires or ()]
    return needed


def test_lock_is_all_that_the_project_needs_and_no_more() -> None:
    places = product(PYTHONS, PLATFORMS)
    needed = [closure(environment(python, *platform)) for python, platform in places]
    assert set().union(*needed) == set(LOCKED)


@pytest.mark.parametrize("name", LOCKED)
def test_each_file_has_its_hash(name: NormalizedName) -> None:
    entry = LOCKED[name]
    assert len(entry.files) == len(set(entry.hashes)) == len(entry.hashes) > 0
    for file in entry.files:
        assert parse_wheel_filename(file)[:2] == (name, entry.version)


@pytest.mark.parametrize("name", LOCKED)
def test_each_python_and_platform_has_a_file(name: NormalizedName) -> None:
    files = set().union(*(parse_wheel_filename(file)[3] for file in LOCKED[name].files))
    missing = [
        f"Python {python} on {platforms[-1]}"
        for python, group in product(PYTHONS, PLATFORMS.values())
        for platforms in group
        if not files & _accepted(python, platforms)
    ]
    assert missing == []


def _accepted(python: str, platforms: list[str]) -> set[tags.Tag]:
    """Return the tags of the wheels that pip installs there."""
    version = [int(part) for part in python.split(".")]
    interpreter = f"cp{''.join(python.split('.'))}"
    return {
        *tags.cpython_tags(version, abis=[interpreter], platforms=platforms),
        *tags.compatible_tags(version, interpreter, platforms),
    }


def test_lock_names_no_index_and_no_path() -> None:
    assert not re.search("https?:|file:|-index|find-links|(?<!\\w)/", LOCK)
