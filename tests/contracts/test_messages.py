"""The contracts on the wire, and what is derived from them."""

import json
from datetime import timedelta
from typing import Any

import jsonschema
import pytest

from scripts.generate import ROOT, derived, event_examples, request_examples
from teams_numbers.messages import AssignmentRequest, EventData, Outcome, Problem, completion_event
from tests.values import NOW, message, pending, request

DERIVED = derived()


@pytest.mark.parametrize("path", DERIVED)
def test_what_is_derived_from_the_code_is_up_to_date(path: str) -> None:
    assert (ROOT / path).read_text(encoding="utf-8") == DERIVED[path], "run make schemas"


def schema(name: str) -> Any:
    loaded = json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(loaded)
    return loaded


@pytest.mark.parametrize("example", request_examples())
def test_the_schemas_example_requests_are_requests(example: Any) -> None:
    jsonschema.validate(example, schema("assignment-request"))
    AssignmentRequest.model_validate(example | {"requestId": "r", "delivery": {"receivedAt": NOW}})


@pytest.mark.parametrize(
    "wrong",
    [
        message(locationID="x"),
        message(numberType="mobile"),
        message(numberType=None),
        message(dryRun="true"),
        message(requestId="a b"),
        message(context=[1]),
    ],
)
def test_the_schema_refuses_what_the_app_rejects(wrong: Any) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, schema("assignment-request"))


@pytest.mark.parametrize("example", event_examples(), ids=lambda event: event["type"].rpartition(".")[2])
def test_the_schema_describes_every_kind_of_event(example: Any) -> None:
    jsonschema.validate(example, schema("completion-event"))


def test_the_schemas_hold_no_references_since_parse_json_follows_none() -> None:
    assert "$ref" not in json.dumps([schema("assignment-request"), schema("completion-event")])


def event_data(**fields: Any) -> EventData:
    return EventData(**{"request_id": "r", "received_at": NOW, "completed_at": NOW, "attempts": 1} | fields)


def test_a_repeated_event_has_the_same_id_whenever_it_is_made() -> None:
    first = completion_event("/s", Outcome.FAILED, event_data())
    again = completion_event("/s", Outcome.FAILED, event_data(completed_at=NOW + timedelta(hours=1), attempts=7))
    assert first.id == again.id
    others = [
        completion_event("/t", Outcome.FAILED, event_data()),
        completion_event("/s", Outcome.SUCCEEDED, event_data()),
        completion_event("/s", Outcome.FAILED, event_data(request_id="other")),
    ]
    assert len({first.id, *(event.id for event in others)}) == 4


def test_an_event_is_a_cloud_event_in_structured_json() -> None:
    event = json.loads(completion_event("/s", Outcome.TIMED_OUT, event_data()).to_text())
    assert event["specversion"] == "1.0"
    assert event["type"] == "TeamsPhone.NumberAssignment.TimedOut"
    assert event["subject"] == event["data"]["requestId"] == "r"
    assert event["datacontenttype"] == "application/json"
    assert event["time"].endswith("Z")


def test_context_comes_back_untouched_nulls_and_strange_characters_included() -> None:
    context: dict[str, Any] = {
        "a": None,
        "b": [None, {"c": None}],
        "d": "\u0000\uffff\u2028é😀",
        "e": 1.5,
        "f": 10**40,
        "g": {},
    }
    text = completion_event("/s", Outcome.SUCCEEDED, event_data(context=context)).to_text()
    assert json.loads(text)["data"]["context"] == context
    assert text.isascii()


def test_the_largest_event_fits_a_queue_message() -> None:
    context = {"a": "\u20ac" * 2700}
    problem = Problem(code="x", message="\U0001f600" * 1000, advice="y" * 300, graph_request_id="z" * 64)
    data = event_data(context=context, error=problem, request_id="r" * 128, location_id="l" * 64)
    assert len(completion_event("/s" * 128, Outcome.FAILED, data).to_text()) < 64 * 1024


def test_a_pending_operation_reads_as_it_was() -> None:
    before = pending(attempt=3, uncertain=True)
    assert type(before).model_validate_json(before.to_text()) == before


def test_a_request_carries_its_delivery_when_it_is_put_back() -> None:
    sent = json.loads(request(attempt=2, uncertain=True).to_text())["delivery"]
    assert sent == {
        "receivedAt": "2026-03-02T08:00:00Z",
        "attempt": 2,
        "held": 0,
        "uncertain": True,
        "reasonTimes": 0,
    }
