"""The definitions of workflows/ and what stands in them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
WORKFLOWS = ROOT / "workflows"
#: Every definition, by its path below workflows/.
DEFINITIONS: dict[str, dict[str, Any]] = {
    path.relative_to(WORKFLOWS).as_posix(): json.loads(path.read_text(encoding="utf-8"))
    for path in sorted(WORKFLOWS.glob("*/*definition.json"))
}
REQUEST, SCHEDULE = "logic-app-request/definition.json", "logic-app-request/schedule.definition.json"
COMPLETED, LIFECYCLE = "logic-app-completed/definition.json", "lifecycle-workflow/definition.json"
FORM, FORM_COMPLETED = "power-automate/request.definition.json", "power-automate/completed.definition.json"


def groups(definition: dict[str, Any]) -> Iterator[dict[str, dict[str, Any]]]:
    """Yield every group of actions: the workflow's own and those inside conditions, switches and loops."""
    yield from _groups(definition["actions"])


def _groups(actions: dict[str, dict[str, Any]]) -> Iterator[dict[str, dict[str, Any]]]:
    yield actions
    for action in actions.values():
        inner = [action, action.get("else", {}), action.get("default", {}), *action.get("cases", {}).values()]
        for part in inner:
            if "actions" in part:
                yield from _groups(part["actions"])


def actions(definition: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return every action by its name."""
    return {name: action for group in groups(definition) for name, action in group.items()}


def strings(node: Any) -> Iterator[str]:
    """Yield every string value in a part of a definition."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for value in node.values():
            yield from strings(value)
    elif isinstance(node, list):
        for value in node:
            yield from strings(value)


def objects(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every object in a part of a definition."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from objects(value)
    elif isinstance(node, list):
        for value in node:
            yield from objects(value)


def example(outcome: str) -> dict[str, Any]:
    """Return the published example of a completion event with this outcome."""
    schema = json.loads((ROOT / "schemas" / "completion-event.schema.json").read_text(encoding="utf-8"))
    found: dict[str, Any] = next(event for event in schema["examples"] if event["type"].endswith(f".{outcome}"))
    return found


def ended(kind: str, end: str, **data: Any) -> dict[str, Any]:
    """Return an event of the next contract: `NumberUnassignment`, `Succeeded`; made of a published example.

    Args:
        kind: the middle of its type.
        end: the last word of its type; `Unconfirmed`, which has no example yet, looks like a success.
        data: what differs in its data; None leaves a field out.
    """
    event = example("Succeeded" if end == "Unconfirmed" else end)
    changed = {"userPrincipalName": "anna@contoso.example", "telephoneNumber": "+12065550100", "note": None, **data}
    fields = {key: value for key, value in (event["data"] | changed).items() if value is not None}
    return event | {"type": f"TeamsPhone.{kind}.{end}", "data": fields}
