"""Each supported Python is tested and deployed to, and no other."""

import re

import yaml

from tests.deployment.project import PROJECT, PYTHONS
from tests.support.databases import ROOT

JOBS = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())["jobs"]


def test_oldest_is_what_the_project_requires() -> None:
    assert PROJECT["requires-python"] == f">={PYTHONS[0]}"


def test_the_suite_runs_on_each() -> None:
    matrix = JOBS["test"]["strategy"]["matrix"]["include"]
    assert {row["python"] for row in matrix if "dependencies" not in row} == set(PYTHONS)
    lowest = {row["python"] for row in matrix if row.get("dependencies") == "lowest"}
    assert lowest == {PYTHONS[0], PYTHONS[-1]}


def test_what_is_deployed_is_installed_on_each() -> None:
    assert JOBS["install"]["strategy"]["matrix"]["python"] == PYTHONS


def test_the_image_has_one_of_them() -> None:
    images = re.findall(r"^FROM \S+/python:([\d.]+)-", (ROOT / "Containerfile").read_text(), re.M)
    assert len(set(images)) == 1
    assert images[0] in PYTHONS
