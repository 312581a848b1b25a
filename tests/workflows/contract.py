"""What a request may be, for the tests of workflows/: the published schema, the app's reader and, for now, more fields.

The flows and samples write requests of the next contract, which schemas/ and the app learn at their own pace. All that
these tests assume about it stands here.
"""

import json
from datetime import UTC, datetime
from typing import Any

import jsonschema

from assign_number.request import Envelope, read
from teams_numbers.messages import AssignmentRequest
from tests.workflows.files import ROOT

_TEXT = {"type": "string", "minLength": 1}
#: Fields of the next contract that schemas/ and the app's reader do not know yet. Remove them when they do: with none
#: left, `checked` asks the published schema and the app's own reader about every request, and `_RULES` can go as well.
NEXT_FIELDS: dict[str, dict[str, Any]] = {
    "action": {"enum": ["assign", "unassign", "update"]},
    "userPrincipalName": {**_TEXT, "pattern": "^[^@]+@[^@]+$"},
    "pool": _TEXT,
    "existingNumber": {"enum": ["refuse", "replace"]},
    "notBefore": {**_TEXT, "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$"},
}
#: Fields of an event of the next contract that schemas/ does not have yet. Remove them, too.
NEXT_EVENT_FIELDS = {("data", "userPrincipalName"), ("data", "unassignedNumbers")}

#: What `checked` raises: the schema refuses the request, or the app's own reader does.
REFUSED = (jsonschema.ValidationError, AssertionError)


def _one_of(*names: str) -> dict[str, Any]:
    return {"oneOf": [{"required": [name]} for name in names]}


def _action(name: str) -> dict[str, Any]:
    return {"properties": {"action": {"const": name}}, "required": ["action"]}


_PERSON = _one_of("assignmentTargetId", "userPrincipalName")
_NO_POOL = {"not": {"required": ["pool"]}}
_RULES = {
    "if": _action("unassign"),
    "then": {"allOf": [_PERSON, _NO_POOL]},
    "else": {
        "if": _action("update"),
        "then": {"required": ["telephoneNumber"], "allOf": [_NO_POOL]},
        "else": {
            "allOf": [_PERSON, _one_of("telephoneNumber", "pool")],
            "dependentRequired": {"telephoneNumber": ["numberType"]},
        },
    },
}


def request_schema() -> dict[str, Any]:
    """Return the schema of a request: the published one, with NEXT_FIELDS and their rules."""
    path = ROOT / "schemas" / "number-request.schema.json"
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if NEXT_FIELDS:
        schema["properties"] |= NEXT_FIELDS
        schema = {**schema, "required": [], **_RULES}
    return schema


def checked(text: str) -> dict[str, Any]:
    """Return the request in a message, without its nulls; fail if it is none.

    The app's own reader is asked as well, unless the request has a field that it does not know yet.
    """
    request = {name: value for name, value in json.loads(text).items() if value is not None}
    jsonschema.validate(request, request_schema())
    if not NEXT_FIELDS.keys() & request.keys():
        seen = read(Envelope(text, "m1", 1, datetime(2026, 3, 2, tzinfo=UTC)))
        assert isinstance(seen, AssignmentRequest), seen
    return request
