"""The pages of workflows/ and docs/integrate.md: their links lead somewhere, their commands do what the page says."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest

from local.demo import SCALED
from local.stack import Stack
from tests.workflows.contract import checked
from tests.workflows.files import ROOT, WORKFLOWS

PAGES = [ROOT / "docs" / "integrate.md", *sorted(WORKFLOWS.glob("*.md")), *sorted(WORKFLOWS.glob("*/*.md"))]
each = pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())


def blocks(path: Path, language: str) -> list[str]:
    """Return a page's code blocks in a language, indentation of lists removed."""
    text = path.read_text(encoding="utf-8")
    found = re.findall(rf"^( *)```{language}\n(.*?)^\1```$", text, re.MULTILINE | re.DOTALL)
    return [re.sub(rf"^{indent}", "", code, flags=re.MULTILINE) for indent, code in found]


@each
def test_every_link_to_a_file_leads_to_one(path: Path) -> None:
    for target in re.findall(r"\]\((?!https?://)([^)#]+)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


@pytest.mark.parametrize(
    "path", sorted({*PAGES, *(ROOT / "docs").glob("*.md"), ROOT / "README.md"}), ids=lambda path: path.stem
)
def test_no_page_says_that_nothing_expires(path: Path) -> None:
    """What a connector, a client's default or the host's poison queue stores expires after seven days."""
    assert not re.search(r"(?i)nothing (on them )?expires|events never expire", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", ["docs/operations.md", "workflows/logic-app-request/README.md"])
def test_the_pages_on_stopping_and_on_connectors_name_the_seven_days(page: str) -> None:
    assert "seven days" in (ROOT / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["logic-app-request", "logic-app-completed", "lifecycle-workflow"])
def test_each_logic_app_s_page_says_for_which_plan_it_is(name: str) -> None:
    text = (WORKFLOWS / name / "README.md").read_text(encoding="utf-8")
    assert "**Consumption**" in text
    assert "Standard Logic App" in text


@pytest.mark.parametrize("folder", [path.parent for path in WORKFLOWS.glob("*/README.md")], ids=lambda path: path.name)
def test_every_folder_has_a_page_with_a_picture(folder: Path) -> None:
    (picture,) = blocks(folder / "README.md", "mermaid")
    assert re.match(r"flowchart (LR|TB)|sequenceDiagram", picture)


def test_the_five_folders_are_there() -> None:
    assert {path.parent.name for path in WORKFLOWS.glob("*/README.md")} == {
        *("logic-app-request", "logic-app-completed", "lifecycle-workflow", "power-automate", "hr-samples"),
    }


def test_the_call_in_the_page_of_logic_app_request_fits_its_trigger() -> None:
    """And it is the first example of all: who and where."""
    (call,) = [block for block in blocks(WORKFLOWS / "logic-app-request" / "README.md", "sh") if "-d '" in block]
    body = json.loads(call.partition("-d '")[2].rpartition("'")[0])
    definition = json.loads((WORKFLOWS / "logic-app-request" / "definition.json").read_text(encoding="utf-8"))
    jsonschema.validate(body, definition["triggers"]["An_HR_system_calls"]["inputs"]["schema"])
    assert set(body) == {"requestId", "userPrincipalName", "pool"}


@each
def test_every_request_on_a_page_is_one(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for request in re.findall(r'`(\{"requestId".*?\})`', text):
        assert checked(request)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with what the page's reader has after `make run`: the settings and the virtual environment."""
    folder = tmp_path_factory.mktemp("reader")
    (folder / ".venv").symlink_to(sys.prefix)
    with Stack(SCALED) as stack:
        settings = {"Values": {"NumbersStorage": stack.connection}}
        (folder / "local.settings.json").write_text(json.dumps(settings), encoding="utf-8")
        yield folder


def test_following_the_page_one_gets_a_request_and_its_event(desk: Path) -> None:
    """The blocks of docs/integrate.md, in their order, in one shell each."""
    commands = blocks(ROOT / "docs" / "integrate.md", "sh")
    said = [
        subprocess.run(["/bin/sh", "-ec", command], cwd=desk, capture_output=True, text=True, timeout=90, check=True)
        for command in commands
    ]
    sent = (desk / ".local" / "request.json").read_text(encoding="utf-8")
    assert checked(sent)["requestId"] == "my-first-request"
    first = json.loads(said[1].stdout)
    assert first["type"] == "TeamsPhone.NumberAssignment.Succeeded"
    assert first["subject"] == "my-first-request"
    assert first["data"]["context"] == json.loads(sent)["context"]
    events = [json.loads(part) for part in re.split(r"(?<=^\})\n(?=\{)", said[2].stdout, flags=re.MULTILINE)]
    assert {event["subject"]: event["data"]["error"]["code"] for event in events} == {
        "taken": "numberTaken",
        "misspelled": "invalidRequest",
    }
    rejected = next(event for event in events if event["subject"] == "misspelled")
    assert "locationId" in rejected["data"]["error"]["message"]
