"""What plain ``pytest`` leaves out, a job of the workflow runs."""

import re
import tomllib

import yaml

from tests.support.databases import ROOT

OPTIONS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())


def test_each_marker_that_is_left_out_has_a_job() -> None:
    expression = OPTIONS["addopts"][OPTIONS["addopts"].index("-m") + 1]
    left_out = set(re.findall(r"not (\w+)", expression))
    steps = [step for job in WORKFLOW["jobs"].values() for step in job["steps"]]
    run = {name for step in steps for name in re.findall(r"pytest -m (\w+)", step.get("run", ""))}
    assert left_out
    assert left_out <= run
