"""Checkov's policies over infra/."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.infra.bicep import FILES, ROOT

CHECKOV = ROOT / ".venv-infra/bin/checkov"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What checkov says, asked once, with nothing fetched from anywhere.

    Its parser does not know Bicep's `extension` statement, so that one line is a comment in the copy it reads.
    """
    copy = tmp_path_factory.mktemp("infra")
    for path in FILES:
        (copy / path.name).write_text(re.sub(r"^extension ", "// extension ", path.read_text(), flags=re.MULTILINE))
    done = subprocess.run(
        [CHECKOV, "--directory", copy, "--framework", "bicep", "--skip-download", "--output", "json"],
        cwd=copy,
        env=os.environ | {"LOG_LEVEL": "ERROR"},
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_checkov_reads_every_file(report: dict[str, Any]) -> None:
    assert report["summary"]["parsing_errors"] == 0
    seen = {
        Path(check["file_path"]).name
        for checks in ("passed_checks", "skipped_checks")
        for check in report["results"][checks]
    }
    assert {"storage.bicep", "app.bicep"} <= seen


def test_checkov_finds_nothing(report: dict[str, Any]) -> None:
    assert [(check["check_id"], check["resource"]) for check in report["results"]["failed_checks"]] == []
    assert report["summary"]["passed"] > 0


def test_every_suppression_is_justified_in_place_and_suppresses_something() -> None:
    stated = [line.strip() for path in FILES for line in path.read_text().splitlines() if "checkov:skip" in line]
    assert all(re.fullmatch(r"// checkov:skip=CKV_AZURE_\d+: .{20,}", line) for line in stated)


def test_no_suppression_is_left_over(report: dict[str, Any]) -> None:
    stated = sum(path.read_text().count("checkov:skip") for path in FILES)
    assert report["summary"]["skipped"] == stated
