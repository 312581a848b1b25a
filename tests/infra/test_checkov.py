"""Checkov's policies over everything that a deployment makes."""

import json
import os
import re
import subprocess
from collections import Counter
from typing import Any

import pytest

from tests.infra.deployment import DEFAULT, EVERYTHING, FILES, ROOT, resources

CHECKOV = ROOT / ".venv-infra/bin/checkov"
_RESOURCE = re.compile(r"^resource \w+ '([\w./]+)@[\w.-]+' = \{\n((?:  // checkov:skip=.*\n)*)", re.MULTILINE)
_SKIP = re.compile(r"  // checkov:skip=(CKV_AZURE_\d+): .{20,}")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What checkov says of both stored deployments, asked once, with nothing fetched from anywhere."""
    folder = tmp_path_factory.mktemp("made")
    schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
    for name, made in (("default", DEFAULT), ("everything", EVERYTHING)):
        template = {"$schema": schema, "contentVersion": "1.0.0.0", "resources": resources(made)}
        (folder / f"{name}.json").write_text(json.dumps(template))
    done = subprocess.run(
        [CHECKOV, "--directory", folder, "--framework", "arm", "--skip-download", "--output", "json"],
        cwd=folder,
        env=os.environ | {"LOG_LEVEL": "ERROR"},
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def failed(report: dict[str, Any], deployment: str) -> Counter[tuple[str, str]]:
    """Return what checkov finds in a deployment: (type of the resource, check), counted."""
    found = [check for check in report["results"]["failed_checks"] if check["file_path"] == f"/{deployment}.json"]
    return Counter((check["resource"].rpartition(".")[0], check["check_id"]) for check in found)


def suppressed() -> Counter[tuple[str, str]]:
    """Return what infra/ suppresses, each in the resource it is about, with a reason."""
    stated = [
        (kind, check)
        for path in FILES
        for kind, comments in _RESOURCE.findall(path.read_text())
        for check in _SKIP.findall(comments)
    ]
    return Counter(stated)


def test_checkov_reads_both_deployments(report: dict[str, Any]) -> None:
    assert report["summary"]["parsing_errors"] == 0
    named = [made for deployment in (DEFAULT, EVERYTHING) for made in resources(deployment) if "name" in made]
    assert report["summary"]["resource_count"] == len(named)
    assert report["summary"]["passed"] > 0


def test_checkov_finds_exactly_what_is_suppressed_and_nothing_is_suppressed_in_vain(report: dict[str, Any]) -> None:
    assert failed(report, "default") == suppressed()


def test_more_parameters_open_nothing(report: dict[str, Any]) -> None:
    assert failed(report, "everything") <= suppressed()


def test_every_suppression_is_justified_in_its_resource() -> None:
    stated = sum(path.read_text().count("checkov:skip") for path in FILES)
    assert sum(suppressed().values()) == stated
