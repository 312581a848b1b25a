"""Write what is derived from the code: the JSON Schemas, the pages on failures and numbers. `make schemas` runs it."""

import json
import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from pydantic import BaseModel

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from local.graph import document  # noqa: E402 - the root must be on the path first
from teams_numbers import failures  # noqa: E402
from teams_numbers.messages import (  # noqa: E402
    AssignmentRequest,
    CompletionEvent,
    EventData,
    Outcome,
    Problem,
    completion_event,
)

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def derived() -> dict[str, str]:
    """Return every derived file's text, by its path from the root."""
    return {
        "schemas/assignment-request.schema.json": _schema(AssignmentRequest, request_examples(), null=True),
        "schemas/completion-event.schema.json": _schema(CompletionEvent, event_examples(), null=False),
        "docs/failures.md": _failures(),
        "docs/emulator-numbers.md": document.page(),
    }


def request_examples() -> list[Any]:
    """Return requests as a requester may send them."""
    return [
        {
            "requestId": "hire-2026-00417",
            "telephoneNumber": "+1 (206) 555-0100",
            "assignmentTargetId": "6f0b2f8c-90f5-4a0e-9c39-1f0a3f8b6d21",
            "numberType": "callingPlan",
            "locationId": "9a1c5f0e-5f0e-4f5b-8a55-0a3e0c1d2b3f",
            "context": {"employeeId": "00417", "ticket": "HR-2291"},
        },
        {
            "telephoneNumber": "tel:+12065550101;ext=1234",
            "assignmentTargetId": "0d9a4c52-6f0e-4d6c-b0f2-3b8a8f3f3f10",
            "numberType": "directRouting",
            "assignmentCategory": "private",
            "dryRun": True,
        },
    ]


def event_examples() -> list[Any]:
    """Return one event of each outcome, made by the code that makes the real ones."""
    received = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    problems: dict[Outcome, Problem | None] = dict.fromkeys(Outcome)
    for outcome, failure, message in (
        (Outcome.FAILED, failures.NUMBER_TAKEN, "Telephone Number '+12065550100' has already been assigned."),
        (Outcome.REJECTED, failures.INVALID_REQUEST, "'locationID': unknown field, did you mean locationId?"),
        (Outcome.TIMED_OUT, failures.TIMED_OUT, "Not done by its deadline; the number reads: free."),
    ):
        problems[outcome] = Problem(code=failure.code, message=message, advice=failure.advice)
    notes = {
        Outcome.SUCCEEDED: "The number is assigned to the user.",
        Outcome.VALIDATED: "The number is free; it would be ordered for the user.",
    }
    events = []
    for outcome in Outcome:
        ordered = outcome in {Outcome.SUCCEEDED, Outcome.FAILED, Outcome.TIMED_OUT}
        data = EventData(
            request_id="hire-2026-00417",
            telephone_number="+12065550100",
            assignment_target_id="6f0b2f8c-90f5-4a0e-9c39-1f0a3f8b6d21",
            number_type="callingPlan",
            assignment_category="primary",
            dry_run=outcome is Outcome.VALIDATED,
            context={"employeeId": "00417", "ticket": "HR-2291"},
            received_at=received,
            submitted_at=received + timedelta(seconds=1) if ordered else None,
            completed_at=received + timedelta(hours=24 if outcome is Outcome.TIMED_OUT else 0, seconds=12),
            attempts=1,
            operation_id="QXNzaWdubWVudHw2Y2E4" if ordered else None,
            note=notes.get(outcome),
            error=problems[outcome],
        )
        event = completion_event("/teams/number-assignments", outcome, data)
        events.append(json.loads(event.to_text()))
    return events


def _schema(model: type[BaseModel], examples: list[Any], *, null: bool) -> str:
    """Return a model's schema without references, which the Parse JSON action of Logic Apps does not follow."""
    schema = model.model_json_schema()
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
        "| wait | puts the request back: after 1, 5, 15, 60, 60 … minutes (`WAIT_SECONDS`), until the deadline |",
        "| transient | puts the request back with growing pauses |",
        "| permanent | ends the request at once: nothing changes until a person acts |",
        "| observe | reads the number: the user's -> Succeeded; somebody else's -> Failed; free -> tries again |",
        "| configuration | puts the request back and logs `graph.configuration_fault`: the app is to blame |",
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
