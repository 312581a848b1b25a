"""What a request may be, for the tests of workflows/: the published schema and the app's own reader."""

import json
from datetime import UTC, datetime
from typing import Any

import jsonschema

from assign_number.request import Envelope, read
from teams_numbers.contracts import NumberRequest
from tests.workflows.files import ROOT

#: What `checked` raises: the schema refuses the request, or the app's own reader does.
REFUSED = (jsonschema.ValidationError, AssertionError)


def request_schema() -> dict[str, Any]:
    """Return the published schema of a request."""
    path = ROOT / "schemas" / "number-request.schema.json"
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


def checked(text: str) -> dict[str, Any]:
    """Return the request in a message, without its nulls; fail if the schema or the app's reader refuses it."""
    request = {name: value for name, value in json.loads(text).items() if value is not None}
    jsonschema.validate(request, request_schema())
    seen = read(Envelope(text, "m1", 1, datetime(2026, 3, 2, tzinfo=UTC)))
    assert isinstance(seen, NumberRequest), seen
    return request
