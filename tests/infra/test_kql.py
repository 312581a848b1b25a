"""The queries of the alerts and the workbook: read by Microsoft's parser, joined with what infra/ makes."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from teams_numbers import log
from tests.infra.deployment import DEFAULT, INFRA, resources, rules

QUERIES = sorted((INFRA / "kql").glob("*.kql"))
CHECK = Path(__file__).parent / "kql/check.mjs"
NODE = shutil.which("node") or "node"
WORKBOOK = json.loads((INFRA / "workbook.json").read_text())

every_query = pytest.mark.parametrize("query", QUERIES, ids=lambda path: path.stem)


def text_of(query: str) -> str:
    return (INFRA / f"kql/{query}.kql").read_text()


@pytest.fixture(scope="module")
def checked() -> dict[str, Any]:
    """What Microsoft's parser says of each query, by its name."""
    done = subprocess.run([NODE, CHECK, *QUERIES], capture_output=True, text=True, check=True, timeout=60)
    return {Path(path).stem: said for path, said in json.loads(done.stdout).items()}


@every_query
def test_microsofts_parser_has_no_complaint(query: Path, checked: dict[str, Any]) -> None:
    assert checked[query.stem]["problems"] == []


def test_the_parser_complains_of_an_unknown_column_and_a_misspelled_operator(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.kql"
    wrong.write_text("AppTraces | where Missing == 1 | summarise count()")
    done = subprocess.run([NODE, CHECK, wrong], capture_output=True, text=True, check=True, timeout=60)
    assert len(json.loads(done.stdout)[str(wrong)]["problems"]) >= 2


@every_query
def test_a_query_names_only_events_and_fields_that_the_app_logs(query: Path, checked: dict[str, Any]) -> None:
    events = {string for string in checked[query.stem]["strings"] if re.fullmatch(r"[a-z]+\.[a-z_]+", string)}
    logged = log.EVENTS
    assert events <= logged.keys()
    known = set().union(*(fields for name, fields in logged.items() if name in events))
    assert set(checked[query.stem]["fields"]) - {"name"} <= known


@every_query
def test_a_query_begins_with_what_it_is_for(query: Path) -> None:
    assert query.read_text().startswith("// ")


def test_every_query_is_loaded_and_everything_loaded_is_a_query() -> None:
    loaded = {
        name
        for path in INFRA.glob("*.bicep")
        for name in re.findall(r"loadTextContent\('kql/(.+)\.kql'\)", path.read_text())
    }
    assert loaded == {query.stem for query in QUERIES}


def test_every_chart_of_the_workbook_has_its_query_and_no_other() -> None:
    charts = {item["name"] for item in WORKBOOK["items"] if item["type"] == 3}
    assert not [item["name"] for item in WORKBOOK["items"] if "query" in item["content"]]
    (workbook,) = resources(DEFAULT, "Microsoft.Insights/workbooks")
    made = json.loads(workbook["properties"]["serializedData"])["items"]
    assert {item["name"]: item["content"]["query"] for item in made if item["type"] == 3} == {
        name: text_of(name) for name in charts
    }


def test_every_chart_follows_the_workbooks_time_range() -> None:
    parameters = {p["name"] for item in WORKBOOK["items"] if item["type"] == 9 for p in item["content"]["parameters"]}
    assert {
        item["content"]["timeContextFromParameter"] for item in WORKBOOK["items"] if item["type"] == 3
    } == parameters


def test_every_alert_asks_its_query_and_names_the_one_to_run_next() -> None:
    """A mail shows a rule's description; the query it names is saved in the workspace."""
    saved = resources(DEFAULT, "Microsoft.OperationalInsights/workspaces/savedSearches")
    titles = {made["properties"]["displayName"]: made["properties"]["query"] for made in saved}
    assert len(titles) == len(rules())
    for name, rule in rules().items():
        assert rule["query"] == text_of(f"alert-{name}")
        following = re.search(
            r'run "(.+?)", a saved query of the workspace \(infra/kql/([\w-]+)\.kql\)', rule["description"]
        )
        assert following
        assert titles[following[1]] == text_of(following[2])
        assert following[1] == f"After: {rule['displayName']}"


def test_an_alert_query_ends_in_the_one_column_that_the_rule_measures(checked: dict[str, Any]) -> None:
    assert {rule["metricMeasureColumn"] for rule in rules().values()} == {"value"}
    assert {tuple(said["columns"]) for name, said in checked.items() if name.startswith("alert-")} == {("value",)}
