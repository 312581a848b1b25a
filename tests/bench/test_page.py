"""The page says what was measured, and the bench's arithmetic is right. No timings here."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bench.page import JSON, PAGE, rendered
from bench.result import Figure, Row, markdown, number

ROOT = Path(__file__).resolve().parents[2]
VERSION_1 = "0c412a7ee79aa80ff643547c94e564c27a78cb8d"
ROWS = {
    "storage transactions per assignment",
    "Graph calls per assignment",
    "done → event",
    "CPU per assignment",
    "a wave at the limit",
    "reading a request",
    "start",
    "growth",
    "memory",
    "idle",
}


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(JSON.read_text(encoding="utf-8"))
    return content


def page_says_older() -> bool:
    """Say whether the page itself tells that its figures are an older version's."""
    return "**These figures are version 1's.**" in PAGE.read_text(encoding="utf-8")


def test_the_page_says_whether_its_figures_are_this_versions(found: dict[str, Any]) -> None:
    assert (found["commit"] == VERSION_1) is page_says_older()


def test_the_page_shows_the_figures_that_were_measured(found: dict[str, Any]) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page_says_older() or page == rendered(page, found)


def test_every_row_has_its_entry(found: dict[str, Any]) -> None:
    targets = found["targets"]
    assert page_says_older() or {target["name"] for target in targets} == ROWS
    assert all(set(target) == {"name", "goal", "value", "holds"} for target in targets)


def test_the_figures_name_the_commit_they_were_measured_at(found: dict[str, Any]) -> None:
    assert re.fullmatch(r"[0-9a-f]{40}", str(found["commit"]))


def test_every_picture_of_the_page_exists() -> None:
    pictures = re.findall(r"!\[[^]]*\]\(([^)]+)\)", PAGE.read_text(encoding="utf-8"))
    assert pictures
    assert page_says_older() or all((PAGE.parent / picture).is_file() for picture in pictures)


@pytest.mark.parametrize(
    ("figure", "holds"),
    [
        (Figure("s", 1.0, at_most=1.0), True),
        (Figure("s", 1.1, at_most=1.0), False),
        (Figure("times", 2.0, at_least=2.0), True),
        (Figure("times", 1.9, at_least=2.0), False),
        (Figure("s", 9.0), True),
    ],
)
def test_a_figure_holds_where_its_goal_is_met(figure: Figure, *, holds: bool) -> None:
    assert figure.holds is holds


def test_a_row_holds_only_where_all_its_goals_are_met() -> None:
    row = Row("x", (Figure("a", 1, at_most=2), Figure("b", 1, at_least=2)), {})
    assert row.target() == {"name": "x", "goal": "a ≤ 2; b ≥ 2", "value": {"a": 1, "b": 1}, "holds": False}


def test_a_table_is_markdown() -> None:
    assert markdown([["a", "b"], ["1", "2"]]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"


@pytest.mark.parametrize(("value", "text"), [(1.5, "1.5"), (2.0, "2"), (1234.567, "1,234.57"), (100, "100")])
def test_a_number_has_no_trailing_zeros(value: float, text: str) -> None:
    assert number(value) == text


def test_what_measures_is_not_deployed() -> None:
    ignored = (ROOT / ".funcignore").read_text(encoding="utf-8").splitlines()
    assert {"/bench", "/requirements", "/requirements.in"} <= set(ignored)


def test_the_page_says_what_was_measured_at_which_commit() -> None:
    page = "<!-- table: run -->\n<!-- end -->"
    found: dict[str, Any] = {"tables": {}, "targets": [], "commit": "0" * 40, "machine": "m"}
    assert "| all of it | `000000000000` | m |" in rendered(page, found)
    later = rendered(page, found | {"anew": {"start": "1" * 40, "idle": "1" * 40, "memory": "2" * 40}})
    assert re.findall(r"\| ([a-z; ]+) \| `(\d)", later) == [("all else", "0"), ("start; idle", "1"), ("memory", "2")]


def test_empty_tables_are_filled_and_the_text_between_them_stays() -> None:
    page = "a\n<!-- table: x -->\n<!-- end -->\nbetween\n<!-- table: x -->\nold\n<!-- end -->\nz"
    table = "<!-- table: x -->\n| h |\n| --- |\n| 1 |\n<!-- end -->"
    found = {"tables": {"x": [["h"], ["1"]]}, "targets": [], "commit": "0" * 40, "machine": "m"}
    assert rendered(page, found) == f"a\n{table}\nbetween\n{table}\nz"
