"""The examples for Kubernetes are what its API takes, and give the image no more than it needs."""

from typing import Any

import pytest
import yaml

from tests.docs.guide import blocks
from tests.support.databases import ROOT

EXAMPLES: dict[str, Any] = {
    example["kind"]: example
    for block in blocks(ROOT / "docs/deploying.md")
    if block.language == "yaml" and "apiVersion:" in block.text
    for example in yaml.safe_load_all(block.text)
}


def pod(kind: str) -> Any:
    return EXAMPLES[kind]["spec"]["template"]["spec"]


def test_there_is_a_job_and_an_init_container() -> None:
    assert set(EXAMPLES) == {"Job", "Deployment"}
    assert pod("Job")["containers"][0]["args"] == ["upgrade", "head"]
    assert pod("Deployment")["initContainers"]


@pytest.mark.parametrize("kind", EXAMPLES)
def test_example_is_valid(kind: str) -> None:
    schemas = pytest.importorskip("kubernetes_validate", reason="pip install -e '.[kubernetes]'")
    schemas.validate(EXAMPLES[kind], schemas.latest_version(), strict=True)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_schema_runs_as_nobody_on_a_read_only_file_system(kind: str) -> None:
    (container,) = [
        container
        for container in pod(kind)["containers"] + pod(kind).get("initContainers", [])
        if "creativeflow-schema" in container["image"]
    ]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
        "runAsNonRoot": True,
    }
