"""The messages on the wire: what is derived from them, what an event is, and that every bound fits every message."""

import json
from datetime import timedelta
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from assign_number.request import read
from scripts.generate import ROOT, derived, event_examples, request_examples
from teams_numbers.contracts import CONTEXT_BYTES, CONTEXT_DEPTH, Action, Contract, NumberRequest, Outcome
from teams_numbers.events import CompletionEvent, EventData, completion_event, event_of
from teams_numbers.work_item import (
    GRAPH_TEXT,
    NUMBERS_MOST,
    Doubt,
    Order,
    Problem,
    Replaced,
    Verdict,
    WorkItem,
    shortened,
)
from tests.values import NOW, NUMBER, USER, envelope, request, work_item

#: What a storage queue holds in one message.
_QUEUE_MESSAGE = 64 * 1024


@pytest.mark.parametrize("path", derived())
def test_what_is_derived_from_the_code_is_up_to_date(path: str) -> None:
    assert (ROOT / path).read_text(encoding="utf-8") == derived()[path], "run make schemas"


def schema(name: str) -> Any:
    loaded = json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(loaded)
    return loaded


@pytest.mark.parametrize("example", request_examples())
def test_the_schemas_example_requests_are_requests(example: Any) -> None:
    jsonschema.validate(example, schema("number-request"))
    assert isinstance(read(envelope(example)), NumberRequest)


@pytest.mark.parametrize("example", event_examples(), ids=lambda event: event["type"].partition(".")[2])
def test_the_schema_describes_every_kind_of_event(example: Any) -> None:
    jsonschema.validate(example, schema("completion-event"))


@pytest.mark.parametrize("contract", [NumberRequest, WorkItem, EventData, CompletionEvent])
def test_an_error_does_not_repeat_what_it_is_about(contract: type[Contract]) -> None:
    """The host logs the text of whatever `assign_number` raises, and a request holds personal data."""
    said = {"request": {"telephoneNumber": NUMBER}, "telephoneNumber": NUMBER, "unknown": NUMBER}
    whole = json.dumps(said)
    errors = []
    for text in (whole, whole[:-1]):
        with pytest.raises(ValidationError) as caught:
            contract.model_validate_json(text)
        errors.append(str(caught.value))
    with pytest.raises(ValidationError) as caught:
        contract.model_validate(said)
    assert not [error for error in (*errors, str(caught.value)) if NUMBER in error]


def test_there_is_an_example_of_every_type_of_event_and_of_no_other() -> None:
    types = [example["type"] for example in event_examples()]
    assert types == schema("completion-event")["properties"]["type"]["enum"]
    assert len(types) == len(set(types)) == 18


def test_the_schemas_hold_no_references_since_parse_json_follows_none() -> None:
    names = ("number-request", "completion-event", "number-pools")
    assert "$ref" not in json.dumps([schema(name) for name in names])


def event_data(**fields: Any) -> EventData:
    return EventData(**{"request_id": "r", "received_at": NOW, "completed_at": NOW, "attempts": 1} | fields)


def test_an_events_id_depends_on_source_request_outcome_and_wish_alone() -> None:
    def made(source: str = "/s", outcome: Outcome = Outcome.FAILED, wish: str = "w", **data: Any) -> object:
        return completion_event(source, Action.ASSIGN, outcome, event_data(**data), wish).id

    assert made() == made(completed_at=NOW + timedelta(hours=1), attempts=7, note="again")
    others = [made("/t"), made(outcome=Outcome.SUCCEEDED), made(wish="other"), made(request_id="other")]
    assert len({made(), *others}) == 5


def test_another_wish_under_an_old_id_is_another_event_and_the_same_wish_is_not() -> None:
    def told(**fields: Any) -> object:
        item = work_item(fields=fields)
        return event_of(item, Verdict(outcome=Outcome.SUCCEEDED, completed_at=NOW), "/s").id

    assert told() == told(context={"ticket": "2"})
    assert told() != told(telephoneNumber="+12065550101")
    assert told() != told(dryRun=True)
    assert told(notBefore="2026-03-02T08:00:00+01:00") == told(notBefore="2026-03-02T07:00:00Z")


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({}, "NumberAssignment"),
        ({"action": "unassign", "numberType": None}, "NumberUnassignment"),
        ({"action": "update", "numberType": None, "locationId": "loc-1"}, "NumberUpdate"),
    ],
)
def test_a_leavers_success_never_looks_like_a_joiners(fields: dict[str, Any], kind: str) -> None:
    event = event_of(work_item(fields=fields), Verdict(outcome=Outcome.SUCCEEDED, completed_at=NOW), "/s")
    assert event.type == f"TeamsPhone.{kind}.Succeeded"


def test_an_event_is_a_cloud_event_in_structured_json() -> None:
    event = json.loads(completion_event("/s", Action.ASSIGN, Outcome.TIMED_OUT, event_data(), "w").to_text())
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
    item = WorkItem.model_validate_json(work_item(fields={"context": context}).to_text())
    text = event_of(item, Verdict(outcome=Outcome.SUCCEEDED, completed_at=NOW), "/s").to_text()
    assert json.loads(text)["data"]["context"] == context
    assert text.isascii()


def nested(depth: int, char: str) -> dict[str, Any]:
    """Return a context at the bounds: so deep, and as large as is allowed."""
    context: Any = {}
    for _ in range(depth - 1):
        context = {"a": context}
    room = CONTEXT_BYTES - len(json.dumps(context | {"z": ""}, separators=(",", ":")).encode())
    return {**context, "z": char * (room // len(char.encode()))}


def numbers(most: int) -> tuple[str, ...]:
    return tuple(f"+12065550100{index:03};ext=1234567890" for index in range(most))


@given(
    depth=st.integers(1, CONTEXT_DEPTH),
    char=st.sampled_from(["a", "\u20ac", "\uffff", "\U0001f600", "é"]),
    said=st.sampled_from(["x", "\U0001f600", "\u2028"]),
    most=st.sampled_from([0, 1, NUMBERS_MOST]),
)
def test_what_the_app_accepts_it_can_store_read_back_and_tell_at_every_bound(
    depth: int, char: str, said: str, most: int
) -> None:
    body = {
        "requestId": "r" * 128,
        "telephoneNumber": "+12065550100",
        "userPrincipalName": "u" * 120 + "@" + "d" * 120,
        "numberType": "operatorConnect",
        "assignmentCategory": "alternate",
        "locationId": "l" * 64,
        "existingNumber": "replace",
        "notBefore": (NOW + timedelta(days=7)).isoformat(),
        "context": nested(depth, char),
    }
    accepted = read(envelope(body))
    assert isinstance(accepted, NumberRequest), accepted
    many = numbers(most)
    problem = Problem(
        code="c" * 64,
        message=shortened(said * GRAPH_TEXT),
        advice="y" * 300,
        reason="r" * 64,
        graph_request_id="z" * 64,
    )
    number = "+123456789012345;ext=1234567890"
    verdict = Verdict(
        outcome=Outcome.FAILED,
        completed_at=NOW,
        problem=problem,
        telephone_number=number,
        unassigned_numbers=many,
        note="n" * 300,
    )
    order = Order(
        action=Action.ASSIGN,
        telephone_number=number,
        assignment_target_id=USER,
        location_id="l" * 64,
        sent_at=NOW,
        operation_url="u" * 2048,
    )
    item = WorkItem(
        request=accepted,
        received_at=NOW,
        person=USER,
        number=number,
        order=order,
        operation_id="o" * 2048,
        touched=many,
        refused=many,
        unassign=many,
        unassigned=many,
        replaced=Replaced(telephone_number=number, number_type="callingPlan", assignment_category="primary"),
        giving_back=verdict,
        said=shortened(said * GRAPH_TEXT),
        reason="r" * 64,
        doubt=Doubt(code="d" * 64, first_read_at=NOW),
        verdict=verdict,
    )
    stored = item.to_text()
    assert len(stored) < _QUEUE_MESSAGE
    back = WorkItem.model_validate_json(stored)
    assert back == item
    assert len(event_of(back, verdict, "/s" * 128).to_text()) < _QUEUE_MESSAGE


@pytest.mark.parametrize("depth", [CONTEXT_DEPTH + 1, 300], ids=["the app's", "pydantic's, too"])
def test_a_context_deeper_than_the_bound_is_rejected_and_says_so(depth: int) -> None:
    told = read(envelope(request_examples()[0] | {"context": nested(depth, "a")}))
    assert not isinstance(told, NumberRequest)
    assert "context: is nested more than 32 deep" in told.reason


@pytest.mark.parametrize(
    ("of", "field", "most"),
    [
        ("order", "operationUrl", 2048),
        ("order", "graphRequestId", 64),
        ("item", "operationId", 2048),
        ("item", "waitsFor", 64),
        ("item", "reason", 64),
    ],
)
def test_a_work_item_has_room_for_so_much_and_no_more(of: str, field: str, most: int) -> None:
    order = Order(action=Action.ASSIGN, telephone_number=NUMBER, assignment_target_id=USER, sent_at=NOW)
    raw = json.loads(work_item(order=order).to_text())
    noted = raw["order"] if of == "order" else raw
    noted[field] = "x" * most
    assert WorkItem.model_validate(raw)
    noted[field] += "x"
    with pytest.raises(ValidationError, match=field):
        WorkItem.model_validate(raw)


def test_a_work_item_reads_as_it_was() -> None:
    item = work_item(fields={"notBefore": "2026-03-03T08:00:00+01:00"}, attempt=3, reason="licenseMissing", waits=2)
    assert WorkItem.model_validate_json(item.to_text()) == item


def test_a_request_says_nothing_of_what_the_app_notes() -> None:
    assert set(json.loads(request().to_text())) == {
        *("requestId", "action", "assignmentTargetId", "telephoneNumber", "numberType", "dryRun"),
    }
