"""Write what is derived from the code: the JSON Schemas, the pages on failures and numbers. `make schemas` runs it."""

import json
import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from pydantic import BaseModel, TypeAdapter

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from local.graph import document  # noqa: E402 - the root must be on the path first
from scripts import request_schema  # noqa: E402
from teams_numbers import failures  # noqa: E402
from teams_numbers.contracts import Action, NumberRequest, Outcome  # noqa: E402
from teams_numbers.events import CompletionEvent, event_of  # noqa: E402
from teams_numbers.pools import Pool, PoolName  # noqa: E402
from teams_numbers.work_item import Problem, Verdict, WorkItem  # noqa: E402

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def derived() -> dict[str, str]:
    """Return every derived file's text, by its path from the root."""
    return {
        "schemas/number-request.schema.json": _schema(NumberRequest, request_examples(), null=True),
        "schemas/completion-event.schema.json": _schema(CompletionEvent, event_examples(), null=False),
        "schemas/number-pools.schema.json": _pools(),
        "docs/failures.md": _failures(),
        "docs/emulator-numbers.md": document.page(),
    }


def request_examples() -> list[Any]:
    """Return requests as a requester may send them: joiners, movers, leavers."""
    anna = {"userPrincipalName": "anna@contoso.example"}
    return [
        {"requestId": "hire-2026-00417", **anna, "pool": "seattle"},
        {
            "requestId": "hire-2026-00418",
            "telephoneNumber": "+1 (206) 555-0100",
            "numberType": "callingPlan",
            "assignmentTargetId": "6f0b2f8c-90f5-4a0e-9c39-1f0a3f8b6d21",
            "locationId": "9a1c5f0e-5f0e-4f5b-8a55-0a3e0c1d2b3f",
            "notBefore": "2026-03-02T08:00:00+01:00",
            "context": {"employeeId": "00418", "ticket": "HR-2291"},
        },
        {
            "telephoneNumber": "tel:+12065550101;ext=1234",
            "assignmentTargetId": "0d9a4c52-6f0e-4d6c-b0f2-3b8a8f3f3f10",
            "numberType": "directRouting",
            "assignmentCategory": "private",
            "dryRun": True,
        },
        {"requestId": "move-2026-00031", **anna, "pool": "berlin", "existingNumber": "replace"},
        {"requestId": "leave-2026-00007", "action": "unassign", **anna},
        {"requestId": "desk-2026-00012", "action": "update", "telephoneNumber": "+12065550100", "locationId": "loc-2"},
    ]


def event_examples() -> list[Any]:
    """Return one event of each action and outcome, made by the code that makes the real ones."""
    return [_event(action, outcome) for action in Action for outcome in Outcome]


_PROBLEMS = {
    Outcome.FAILED: (failures.NUMBER_TAKEN, "Telephone Number '+12065550100' has already been assigned.", None),
    Outcome.REJECTED: (failures.INVALID_REQUEST, "'locationID': unknown field, did you mean locationId?", None),
    Outcome.TIMED_OUT: (
        failures.TIMED_OUT,
        "Not done by its deadline. It waited for: licenseMissing.",
        failures.LICENSE_MISSING.code,
    ),
    Outcome.UNCONFIRMED: (
        failures.UNCONFIRMED,
        "Graph reports that the order for +12065550100 succeeded, but the number does not show it.",
        None,
    ),
}
_NOTES = {
    (Action.ASSIGN, Outcome.VALIDATED): "would assign +12065550100, one of 41 free numbers of pool seattle",
    (Action.UNASSIGN, Outcome.VALIDATED): "would unassign +12065550100",
    (Action.UPDATE, Outcome.VALIDATED): "would set the emergency location of +12065550100",
}
_ASKED: dict[Action, dict[str, Any]] = {
    Action.ASSIGN: {"pool": "seattle"},
    Action.UNASSIGN: {},
    Action.UPDATE: {"telephoneNumber": "+12065550100", "locationId": "loc-2"},
}


def _event(action: Action, outcome: Outcome) -> Any:  # noqa: ANN401 - JSON
    received = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    ended = received + timedelta(hours=24 if outcome is Outcome.TIMED_OUT else 0, seconds=12)
    ordered = outcome in {Outcome.SUCCEEDED, Outcome.FAILED, Outcome.UNCONFIRMED}
    asked = {
        "requestId": "hire-2026-00417",
        "action": action,
        "userPrincipalName": "anna@contoso.example",
        "dryRun": outcome is Outcome.VALIDATED,
        "context": {"employeeId": "00417", "ticket": "HR-2291"},
    }
    item = WorkItem(
        request=NumberRequest.model_validate(asked | _ASKED[action]),
        received_at=received,
        person="6f0b2f8c-90f5-4a0e-9c39-1f0a3f8b6d21",
        submitted_at=received + timedelta(seconds=1) if ordered else None,
        operation_id="QXNzaWdubWVudHw2Y2E4" if ordered else None,
    )
    problem = None
    if outcome in _PROBLEMS:
        failure, message, reason = _PROBLEMS[outcome]
        advice = failures.by_code(reason).advice if reason else failure.advice
        problem = Problem(code=failure.code, message=message, advice=advice, reason=reason)
    done = outcome is Outcome.SUCCEEDED
    verdict = Verdict(
        outcome=outcome,
        completed_at=ended,
        problem=problem,
        note=_NOTES.get((action, outcome)),
        telephone_number="+12065550100" if ordered or outcome is Outcome.VALIDATED else None,
        number_type="callingPlan",
        location_id="loc-1" if done and action is Action.ASSIGN else None,
        activation_state="activated" if done and action is Action.ASSIGN else None,
        assignment_category="primary" if done and action is Action.ASSIGN else None,
        unassigned_numbers=("+12065550100",) if done and action is Action.UNASSIGN else (),
    )
    return json.loads(event_of(item, verdict, "/teams/number-assignments").to_text())


def _pools() -> str:
    """Return the schema of infra/pools.json: pools by name."""
    examples = [
        {
            "seattle": {
                "numberType": "callingPlan",
                "numbers": [{"startsWith": "+1206"}],
                "country": "US",
                "locationId": "9a1c5f0e-5f0e-4f5b-8a55-0a3e0c1d2b3f",
                "lowWater": 10,
            },
            "berlin": {
                "numberType": "directRouting",
                "numbers": [{"from": "+493012345000", "to": "+493012345999"}],
                "except": ["+493012345000"],
            },
        }
    ]
    pool = Pool.model_json_schema()
    pool = _flat(pool, pool.pop("$defs"), null=True)
    del pool["properties"]["except"]["uniqueItems"]  # a number named twice does no harm
    american = {"pattern": r"^\+1"}
    starts = {
        "anyOf": [
            {"properties": {name: {"type": "string", **american}}, "required": [name]}
            for name in ("startsWith", "from")
        ]
    }
    named = {"properties": {"country": {"enum": ["US", "CA"]}}, "required": ["country"]}
    unnamed = {"properties": {"country": {"type": "null"}, "numbers": {"contains": starts}}}
    pool["if"] = {"properties": {"numberType": {"const": "callingPlan"}}, "anyOf": [named, unnamed]}
    pool["then"] = {"properties": {"locationId": {"type": "string"}}, "required": ["locationId"]}
    schema = {
        "$schema": _DIALECT,
        "title": "Number pools",
        "description": "Pools by name: the setting NUMBER_POOLS, infra/pools.json.",
        "type": "object",
        "propertyNames": {"pattern": TypeAdapter(PoolName).json_schema()["pattern"]},
        "additionalProperties": pool,
        "examples": examples,
    }
    return json.dumps(schema, indent=2) + "\n"


def _schema(model: type[BaseModel], examples: list[Any], *, null: bool) -> str:
    """Return a model's schema without references, which the Parse JSON action of Logic Apps does not follow."""
    schema = model.model_json_schema()
    if model is NumberRequest:
        schema = request_schema.completed(schema)
    flat = _flat(schema, schema.pop("$defs"), null=null)
    return (
        json.dumps({"$schema": _DIALECT, "title": model.model_config["title"], **flat, "examples": examples}, indent=2)
        + "\n"
    )


def _flat(schema: Any, definitions: dict[str, Any], *, null: bool) -> Any:  # noqa: ANN401 - a piece of JSON
    """Return the schema with its references put in place; with `null`, an optional field may be null as well."""
    if isinstance(schema, list):
        return [_flat(item, definitions, null=null) for item in schema]
    if not isinstance(schema, dict):
        return schema
    dropped = {"title"} if null else {"title", "additionalProperties"}  # an event may gain fields, a request may not
    schema = {key: value for key, value in schema.items() if key not in dropped}
    if "$ref" in schema:
        schema = definitions[schema.pop("$ref").rpartition("/")[2]] | schema
        return _flat(schema, definitions, null=null)
    if not null and "anyOf" in schema:
        (kind,) = (kind for kind in schema.pop("anyOf") if kind != {"type": "null"})
        schema = kind | {key: value for key, value in schema.items() if key != "default"}
        return _flat(schema, definitions, null=null)
    return {
        key: {name: _flat(value, definitions, null=null) for name, value in inner.items()}
        if key == "properties"
        else _flat(inner, definitions, null=null)
        for key, inner in schema.items()
    }


def _failures() -> str:
    lines = [
        "# Failures",
        "",
        "What an event's `error.code` can be, what the app does about it, and what a person should do.",
        "Generated from `teams_numbers/catalogue/` by `make schemas`.",
        "",
        "| kind | what the app does |",
        "| --- | --- |",
        "| wait | tries again after 1, 5, 15, 60, 60 … minutes (`WAIT_SECONDS`), until the deadline |",
        "| transient | tries again after growing pauses |",
        "| permanent | ends the request at once: nothing changes until a person acts |",
        "| observe | reads the number: the user's -> Succeeded; somebody else's -> Failed; free -> tries again |",
        "| configuration | waits with growing pauses and logs `configuration.fault`: the app is to blame |",
        "",
        "## The codes",
        "",
        "| code | kind | tries | advice |",
        "| --- | --- | --- | --- |",
    ]
    entries = (*failures.CATALOGUE, *failures.NOTICED)
    for failure in entries:
        tries = failure.tries or ("until the deadline" if failure.kind in {"wait", "transient"} else "")
        lines.append(f"| `{failure.code}` | {failure.kind} | {tries} | {failure.advice} |")
    lines += [
        "",
        "## The texts",
        "",
        "What Graph or the Teams cmdlets said, with … for names and numbers, and where that was reported. A text",
        "between two … is what a public tool looks for. Texts are matched loosely and in this order; `desk explain`",
        "tells what a text means. Where no text is shown, none is known or the app itself notices the failure. The",
        "source then says what the entry rests on.",
        "",
        "| code | text | source |",
        "| --- | --- | --- |",
    ]
    for failure in entries:
        texts: dict[str, list[str]] = {}
        for seen in failure.seen:
            texts.setdefault(f"`{seen.text.replace('|', '&#124;')}`", []).append(_link(seen.source))
        if failure.documents:
            texts[""] = [_link(document) for document in failure.documents]
        lines += [f"| `{failure.code}` | {text} | {', '.join(sources)} |" for text, sources in texts.items()]
    return "\n".join(lines) + "\n"


def _link(source: str) -> str:
    """Return a source as a link with a name that fits a table's cell; what is no address is its own name."""
    if not source.startswith("https://"):
        return source
    if found := re.fullmatch(r"https://github\.com/([^/]+/[^/]+)/(?:issues|pull)/([0-9]+)", source):
        return f"[{found[1]} #{found[2]}]({source})"
    host, *path = re.split(r"[/\\]", unquote(source.removeprefix("https://")))
    return f"[{host}: {path[-1]}]({source})"


if __name__ == "__main__":
    for path, text in derived().items():
        (ROOT / path).parent.mkdir(exist_ok=True)
        (ROOT / path).write_text(text, encoding="utf-8")
