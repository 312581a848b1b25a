"""The GitHub workflows: pinned, without a secret, with the least permission."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.infra.deployment import ROOT

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
every_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)


def load(path: Path) -> dict[str, Any]:
    """Return a workflow; YAML reads its key `on` as a boolean, so take every scalar as text."""
    found: dict[str, Any] = yaml.load(path.read_text(), Loader=yaml.BaseLoader)  # noqa: S506 - it builds text only
    return found


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in load(path)["jobs"].values() for step in job["steps"]]


@every_workflow
def test_every_action_is_pinned_by_digest_with_its_version_beside_it(path: Path) -> None:
    used = re.findall(r"uses: (.+)", path.read_text())
    assert len(used) == sum("uses" in step for step in steps(path))
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action) for action in used)


def test_an_action_has_one_version() -> None:
    used = {action for path in WORKFLOWS for action in re.findall(r"uses: (.+)", path.read_text())}
    assert len(used) == len({action.split("@")[0].lower() for action in used})


@every_workflow
def test_no_workflow_reads_a_secret(path: Path) -> None:
    assert "secrets." not in path.read_text()


@every_workflow
def test_a_workflow_states_the_least_permission_and_a_time_limit(path: Path) -> None:
    allowed = {"contents": "read"} | ({"id-token": "write"} if path.stem == "deploy" else {})
    assert load(path)["permissions"] == allowed
    assert all("timeout-minutes" in job for job in load(path)["jobs"].values())


@every_workflow
def test_no_step_pastes_an_expression_into_a_shell(path: Path) -> None:
    """Whoever sets a variable could run code that way; the shell reads the environment instead."""
    assert [step["run"] for step in steps(path) if "${{" in step.get("run", "")] == []


def test_the_first_workflow_runs_what_a_developer_runs_with_the_compiler_at_hand() -> None:
    runs = "\n".join(step.get("run", "") for step in steps(ROOT / ".github/workflows/ci.yml"))
    assert all(command in runs for command in ("az bicep install --version v0.", "make test", "pip-audit"))
    assert runs.index("GITHUB_PATH") < runs.index("make test")


def test_the_deployment_passes_every_parameter_that_exists_and_no_other() -> None:
    """One that it left out would fall back to its default at every run, whatever a person had set."""
    (job,) = load(ROOT / ".github/workflows/deploy.yml")["jobs"].values()
    parameters = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "infra/main.parameters.json").read_text()))
    assert job["env"].keys() == parameters | {"AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_SUBSCRIPTION_ID"}
    assert all(value == f"${{{{ vars.{name} }}}}" for name, value in job["env"].items())


def test_the_deployment_overwrites_what_was_changed_by_hand() -> None:
    """Without --no-state azd skips a template that has not changed, and leaves the drift as it is."""
    runs = [step.get("run", "") for step in steps(ROOT / ".github/workflows/deploy.yml")]
    assert "azd provision --no-prompt --no-state" in runs


@pytest.mark.parametrize("beside", [True, False])
def test_continuous_integration_uses_a_compiler_that_lies_beside_the_checkout(tmp_path: Path, *, beside: bool) -> None:
    project, tools, bin_ = tmp_path / "project", tmp_path / "shared/tools", tmp_path / "bin"
    for path, text in ((tools / "bicep", ""), (bin_ / "make", "echo $1; command -v bicep")):
        path.parent.mkdir(parents=True)
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
    if not beside:
        shutil.rmtree(tools)
    (project / ".ci").mkdir(parents=True)
    shutil.copy(ROOT / ".ci/run", project / ".ci/run")
    environment = {"PATH": f"{bin_}:/usr/bin:/bin"}
    done = subprocess.run(
        [project / ".ci/run"], env=environment, capture_output=True, text=True, check=False, timeout=30
    )
    assert done.stdout.split() == ["test", *([str(tools / "bicep")] if beside else [])]
