"""Whatever an event holds and whatever refuses to listen: each person is told at most once, and the event ends.

Each case is delivered up to ten times, as the queue does when a run fails.
"""

import base64
import json
from collections import Counter
from typing import Any

import pytest

from tests.workflows.files import COMPLETED, FORM_COMPLETED, example
from tests.workflows.office import Office
from tests.workflows.world import CALLBACK

FLOWS = pytest.mark.parametrize("flow", [COMPLETED, FORM_COMPLETED], ids=["logic app", "power automate"])
#: A run that fails is followed by three more; then the event is set aside.
MOST_DELIVERIES = 4
NOT_EVERYBODY = "Phone number: not everybody was told"
NO_EVENT = "A message on the event queue is no event"
STRANGE = "A callback that is not Microsoft's was refused"
READY = "The phone number is ready"
ODD = ["", " ", "nobody", "a b@c.example", 5, True, [], ["a@b.example"], {}, {"mail": "a@b.example"}, None]


def told_twice(office: Office) -> list[tuple[str, str]]:
    """Return what somebody was told more than once."""
    return [
        telling
        for telling, times in (Counter(office.told()) + Counter(("channel", post) for post in office.posts)).items()
        if times > 1
    ]


def event(outcome: str = "Succeeded", **context: Any) -> str:
    return json.dumps(example(outcome) | {"data": {**example(outcome)["data"], "context": context}})


@FLOWS
@pytest.mark.parametrize("address", ODD, ids=repr)
@pytest.mark.parametrize(("outcome", "key"), [("Succeeded", "managerMail"), ("Validated", "replyTo")])
def test_an_address_that_is_none_sends_the_mail_to_the_tickets_once(
    flow: str, address: Any, outcome: str, key: str
) -> None:
    office = Office().deliver(flow, event(outcome, **{key: address}))
    assert office.deleted
    assert office.runs == ["Succeeded"]
    assert [to for to, _ in office.told()] == ["tickets"]
    assert len(office.posts) == (outcome == "Succeeded")


@FLOWS
@pytest.mark.parametrize("context", [None, {}, {"managerMail": "m@example.com", "lifecycleWorkflow": None}])
def test_a_context_with_nothing_in_it_is_no_trouble(flow: str, context: Any) -> None:
    ended = example("Succeeded")
    ended["data"].pop("context")
    office = Office().deliver(
        flow, json.dumps(ended | {"data": {**ended["data"], **({"context": context} if context else {})}})
    )
    assert (office.deleted, office.runs) == (True, ["Succeeded"])
    assert (len(office.posts), len(office.mails)) == (1, 1)


@pytest.mark.parametrize(
    "waiting",
    [
        *("x", "{", 5, True, [], [{"callbackUriPath": CALLBACK}]),
        *(
            {"callbackUriPath": path}
            for path in (5, True, [CALLBACK], {"a": CALLBACK}, "x", "https://evil.example.com/")
        ),
    ],
    ids=repr,
)
def test_a_callback_that_is_none_is_reported_once_and_holds_nobody_up(waiting: Any) -> None:
    office = Office().deliver(COMPLETED, event(lifecycleWorkflow=waiting, managerMail="m@example.com"))
    assert (office.deleted, office.runs) == (True, ["Succeeded"])
    assert office.resumed == []
    assert sorted(office.told()) == [("m@example.com", READY), ("tickets", STRANGE)]
    assert len(office.posts) == 1


@pytest.mark.parametrize("waiting", [{}, {"callbackUriPath": None}, {"callbackUriPath": ""}, None], ids=repr)
def test_a_callback_that_is_empty_waits_for_nothing(waiting: Any) -> None:
    office = Office().deliver(COMPLETED, event(lifecycleWorkflow=waiting, managerMail="m@example.com"))
    assert (office.deleted, office.runs, office.resumed) == (True, ["Succeeded"], [])
    assert office.told() == [("m@example.com", READY)]


def _without(name: str) -> str:
    return json.dumps({key: value for key, value in example("Succeeded").items() if key != name})


@FLOWS
@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "no JSON", "null", "5", '"text"', "[]", "{}", '{"id": 1}', None),
        base64.b64encode(event().encode()).decode(),
        *(_without(name) for name in ("id", "type", "subject", "data")),
        *(json.dumps(example("Succeeded") | wrong) for wrong in ({"type": 5}, {"subject": None}, {"data": "text"})),
        *(json.dumps(example("Succeeded") | {"id": odd}) for odd in ("a/b", "a' or RowKey gt '", "", "é", "x" * 65)),
        json.dumps(example("Succeeded") | {"data": {**example("Succeeded")["data"], "context": "text"}}),
        json.dumps(example("Succeeded") | {"data": {**example("Succeeded")["data"], "telephoneNumber": 12065550100}}),
        "x" * 65536,
    ],
    ids=lambda text: repr(text)[:40],
)
def test_a_message_that_is_no_event_is_kept_reported_once_and_deleted(flow: str, text: str | None) -> None:
    office = Office().deliver(flow, text)
    assert office.deleted
    assert office.runs == ["Failed"]  # which is what the alert on failed runs sees
    assert (office.told(), office.posts) == ([("tickets", NO_EVENT)], [])
    assert office.kept() == (text or "")[: 65536 if flow == COMPLETED else 60000]


@FLOWS
@pytest.mark.parametrize("down", ["mail", "queue"])
def test_a_message_that_is_no_event_is_reported_once_at_most(flow: str, down: str) -> None:
    office = Office(down={down}).deliver(flow, "no JSON")
    assert office.deleted == (down == "mail")
    assert office.told() == ([] if down == "mail" else [("tickets", NO_EVENT)])
    assert office.kept() == "no JSON"


@FLOWS
@pytest.mark.parametrize("outcome", ["Succeeded", "Failed", "Validated"])
@pytest.mark.parametrize("down", [{"mail"}, {"teams"}, {"mail", "teams"}], ids=lambda down: " and ".join(sorted(down)))
def test_what_can_never_be_told_is_set_aside_after_four_deliveries(flow: str, outcome: str, down: set[str]) -> None:
    text = event(outcome, managerMail="m@example.com", replyTo="r@example.com")
    office = Office(down=down).deliver(flow, text)
    assert office.deleted
    assert told_twice(office) == []
    if down == {"teams"} and outcome != "Succeeded":
        assert (office.runs, office.kept()) == (["Succeeded"], "")
        return
    assert office.runs[: MOST_DELIVERIES - 1] == ["Failed"] * 3
    assert (
        len(office.runs) <= MOST_DELIVERIES + 1
    )  # the last one only deletes, if the report could not be mailed either
    assert office.kept() == text
    assert (("tickets", NOT_EVERYBODY) in office.told()) == ("mail" not in down)
    assert len(office.posts) == (outcome == "Succeeded" and "teams" not in down)


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_a_task_that_is_never_resumed_keeps_nobody_else_waiting_and_is_reported(status: int) -> None:
    waiting = event(lifecycleWorkflow={"callbackUriPath": CALLBACK}, managerMail="m@example.com")
    office = Office(callback=status).deliver(COMPLETED, waiting)
    assert office.deleted
    assert office.resumed == ["Completed"] * MOST_DELIVERIES
    assert sorted(office.told()) == [("m@example.com", READY), ("tickets", NOT_EVERYBODY)]
    assert len(office.posts) == 1
    report = office.mails[-1][2]
    assert "Mail: Succeeded. Channel: Succeeded. Lifecycle workflow: Failed." in report
    assert office.kept() == waiting


@FLOWS
@pytest.mark.parametrize("down", ["mail", "teams"])
def test_what_could_not_be_told_is_told_when_it_can_be_and_nothing_else_twice(flow: str, down: str) -> None:
    office = Office(down={down}).deliver(flow, event(managerMail="m@example.com"), times=2)
    assert (office.deleted, office.runs) == (False, ["Failed"] * 2)
    office.down.clear()
    office.deliver(flow, event(managerMail="m@example.com"))
    assert (office.deleted, office.runs) == (True, ["Failed", "Failed", "Succeeded"])
    assert office.told() == [("m@example.com", READY)]
    assert len(office.posts) == 1


def test_a_task_is_resumed_once_while_others_are_told_again() -> None:
    waiting = event(lifecycleWorkflow={"callbackUriPath": CALLBACK}, managerMail="m@example.com")
    office = Office(down={"teams"}).deliver(COMPLETED, waiting)
    assert office.deleted
    assert office.resumed == ["Completed"]


@FLOWS
def test_without_its_memory_a_flow_tells_nobody_and_the_event_stays(flow: str) -> None:
    office = Office(down={"memory"}).deliver(flow, event())
    assert (office.deleted, office.mails, office.posts) == (False, [], [])
    assert office.runs == ["Failed"] * 10


@FLOWS
def test_an_event_that_cannot_be_deleted_is_told_once(flow: str) -> None:
    """Its receipt has expired, and another copy is under way."""
    office = Office(down={"queue"}).deliver(flow, event(managerMail="m@example.com"))
    assert office.runs == ["Failed"] * 10
    assert (office.told(), len(office.posts)) == ([("m@example.com", READY)], 1)


@FLOWS
def test_a_type_that_nobody_knows_yet_becomes_one_ticket(flow: str) -> None:
    office = Office().deliver(flow, json.dumps(example("Succeeded") | {"type": "TeamsPhone.NumberPort.Postponed"}))
    assert (office.deleted, office.runs, office.posts) == (True, ["Succeeded"], [])
    ((to, subject, body),) = office.mails
    assert (to, "Postponed" in subject, "TeamsPhone.NumberPort.Postponed" in body) == ("tickets", True, True)
