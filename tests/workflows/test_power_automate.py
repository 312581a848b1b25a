"""The pages of workflows/power-automate say what the definitions hold, field by field."""

import json
import re
from typing import Any

import pytest

from tests.workflows.contract import checked
from tests.workflows.engine import Run
from tests.workflows.files import DEFINITIONS, FORM, FORM_COMPLETED, WORKFLOWS, actions, strings
from tests.workflows.test_docs import blocks
from tests.workflows.world import ITEM, LEAVING_ITEM
from workflows.click_by_click import FIELDS, OPERATIONS, page

FOLDER = WORKFLOWS / "power-automate"
CLICKS = FOLDER / "click-by-click.md"
TITLES = {FORM: "Request a phone number", FORM_COMPLETED: "A phone number request has ended"}
each = pytest.mark.parametrize("name", TITLES, ids=["request", "completed"])


def section(name: str) -> str:
    """Return the part of the click-by-click page that builds a flow."""
    parts = CLICKS.read_text(encoding="utf-8").split("\n## ")
    return next(part for part in parts if part.startswith(TITLES[name]))


def filled_in(name: str) -> list[str]:
    """Return every text that a definition has in a field: of its trigger, its actions and its conditions."""
    definition = DEFINITIONS[name]
    (trigger,) = definition["triggers"].values()
    parts: list[Any] = [trigger["inputs"]["parameters"]]
    for action in actions(definition).values():
        inputs = action.get("inputs", {})
        kept = {"host", "authentication", "schema", "retryPolicy"}
        parts.append(
            {key: value for key, value in inputs.items() if key not in kept} if isinstance(inputs, dict) else inputs
        )
        parts.append(action.get("expression", ""))
    return [text for text in strings(parts) if text]


@each
def test_the_click_by_click_page_names_every_field_of_the_definition(name: str) -> None:
    shown = section(name)
    fields = filled_in(name)
    assert len(fields) > 10
    assert [
        text for text in fields if f"`{text}`" not in shown and json.dumps(text, ensure_ascii=False) not in shown
    ] == []


@each
def test_the_click_by_click_page_names_every_step_and_when_it_runs_otherwise(name: str) -> None:
    shown = section(name)
    every = actions(DEFINITIONS[name])
    assert len(re.findall(r"^ *\d+\. ", shown, re.MULTILINE)) == 1 + len(every)
    for key in every:
        plain = key.replace("_", " ")
        assert f"renamed `{plain}`" in shown or f"**{plain}**" in shown
    unusual = [action for action in every.values() for how in action["runAfter"].values() if how != ["Succeeded"]]
    assert shown.count("has failed") == sum("Failed" in str(action["runAfter"]) for action in unusual)


def test_the_click_by_click_page_composes_what_the_definition_composes() -> None:
    (block,) = (json.loads(block) for block in blocks_of(FORM))
    assert block == actions(DEFINITIONS[FORM])["Compose_the_request"]["inputs"]
    assert [json.loads(block) for block in blocks_of(FORM_COMPLETED)] == [
        actions(DEFINITIONS[FORM_COMPLETED])[key]["inputs"] for key in ("Settings", "Text", "Tellings")
    ]


def blocks_of(name: str) -> list[str]:
    every = blocks(CLICKS, "json")
    return every[:1] if name == FORM else every[1:]


@pytest.mark.parametrize(("item", "more"), [(ITEM, {}), (LEAVING_ITEM, {}), (ITEM, {"DryRun": True})])
def test_a_flow_built_by_hand_asks_for_the_same(item: dict[str, Any], more: dict[str, Any]) -> None:
    (template,) = (json.loads(block) for block in blocks_of(FORM))
    definition = {"parameters": {}, "actions": {"Compose_the_request": {"type": "Compose", "inputs": template}}}
    composed = Run(definition).start({**item, **more}).scope.outputs["Compose_the_request"]
    request = checked(json.dumps(composed))
    assert request["requestId"] == f"form-{item['ID']}"
    assert request["dryRun"] is bool(more)


def test_the_form_s_columns_are_those_that_the_flow_reads() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| ([A-Z][A-Za-z, ]+) \|", text.partition("## The form")[2].partition("\n## ")[0], re.MULTILINE
    )
    named = {column for row in rows for column in row.split(", ")}
    read = set(re.findall(r"triggerBody\(\)\?\['(\w+)'\]", json.dumps(DEFINITIONS[FORM])))
    assert named == read - {"ID", "Author"}  # SharePoint's own


def test_the_list_of_handled_events_has_the_columns_that_the_flow_writes() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8").partition("## The completed flow")[2]
    written = set(re.findall(r'"item/(\w+)"', json.dumps(DEFINITIONS[FORM_COMPLETED])))
    assert set(re.findall(r"^\| (\w+) \| (?!type)", text, re.MULTILINE)) - {"column"} == written


def test_a_page_cannot_be_written_for_an_operation_without_a_name() -> None:
    definition = json.loads(json.dumps(DEFINITIONS[FORM]).replace("PutMessage_V2", "PutMessage_V3"))
    with pytest.raises(KeyError, match="PutMessage_V3"):
        page({"a flow": definition})


def test_every_name_of_the_page_is_used() -> None:
    used = json.dumps([DEFINITIONS[FORM], DEFINITIONS[FORM_COMPLETED]])
    assert [key for key in (*OPERATIONS, *FIELDS) if f'{key}"' not in used] == []
