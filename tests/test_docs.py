"""What the pages point at exists, and what they show is what the app reads and writes."""

import json
import re
import subprocess
from pathlib import Path

import jsonschema
import pytest

from assign_number.request import read
from scripts.generate import event_examples
from teams_numbers.contracts import NumberRequest
from tests.values import envelope

ROOT = Path(__file__).resolve().parent.parent
_TRACKED = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()  # noqa: S607 - git from the PATH, as everywhere
PAGES = [ROOT / name for name in _TRACKED if name.endswith(".md")]
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    links = [link for link in _LINK.findall(text) if "://" not in link and not link.startswith("mailto:")]
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_command_that_the_readme_names_is_one_of_make() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for page in PAGES:
        assert set(re.findall(r"`make ([a-z]+)", page.read_text(encoding="utf-8"))) <= targets


def _json(page: str) -> list[dict[str, object]]:
    text = (ROOT / page).read_text(encoding="utf-8")
    return [json.loads(block) for block in re.findall(r"```json\n(.*?)```", text, re.DOTALL)]


@pytest.mark.parametrize("page", ["README.md", "docs/contract.md"])
def test_the_first_request_on_a_page_is_one_for_the_schema_and_for_the_app(page: str) -> None:
    request = _json(page)[0]
    schema = json.loads((ROOT / "schemas" / "number-request.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(request, schema)
    assert isinstance(read(envelope(request)), NumberRequest)


def test_the_event_in_the_contract_is_one_that_the_app_makes() -> None:
    assert _json("docs/contract.md")[1] == event_examples()[0]


def test_the_contract_has_a_row_for_every_field_of_a_request() -> None:
    rows = re.findall(
        r"^\| (`\w+`(?: or `\w+`)?) \|", (ROOT / "docs/contract.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    fields = set(re.findall(r"`(\w+)`", " ".join(rows)))
    assert set(NumberRequest.model_json_schema()["properties"]) <= fields


def test_every_test_that_the_assumptions_name_exists() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    for name in re.findall(r"`(test_\w+)`", (ROOT / "docs/assumptions.md").read_text(encoding="utf-8")):
        assert f"def {name}(" in code, name
