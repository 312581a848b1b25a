"""What the operation of an order says, in the life of a request, without a server."""

from datetime import timedelta
from typing import Any

import pytest

from teams_numbers.answers import Operation, Refused, Throttled, Unclear
from teams_numbers.contracts import Action
from teams_numbers.questions import Poll, Reading, ReadNumber, Send
from tests.looking import ALL, CONFIRM, LAG, Looked, followed, free, held, look, ordered
from tests.values import NOW, NUMBER, OPERATION_URL, USER, settings, work_item

GONE = Refused(404, "NotFound", "", "g-9")
LATE = settings().deadline.total_seconds() + 60


def polled(answer: Any, *, after: float = 60, action: Action = Action.ASSIGN, **known: Any) -> Looked:
    """Look at an order whose number does not show it; its operation says something."""
    there = held() if action is Action.UNASSIGN else free()
    return look(ordered(followed(action), **known), there, after=after, sets=ALL, answers={Poll: answer})


def said(status: str, detail: str | None = None, *, doubtful: bool = False) -> Operation:
    return Operation(status, detail, "g-2", doubtful)


def test_the_operation_is_asked_at_the_address_that_graph_named() -> None:
    assert polled(said("running")).asked[-1] == Poll(OPERATION_URL)


@pytest.mark.parametrize("status", ["running", "notStarted"])
def test_an_order_that_runs_is_followed_without_counting_odd_words(status: str) -> None:
    looked = polled(said(status))
    assert looked.deferred[0] == "orderRunning"
    assert 30 <= looked.deferred[1] < 36
    assert looked.item.order is not None
    now = NOW + timedelta(seconds=60)
    assert (looked.item.order.looks, looked.item.order.odd_looks, looked.item.order.asked_at) == (1, 0, now)


def test_an_unknown_word_is_counted_and_told_from_the_third_time_on() -> None:
    looked = polled(said("x" * 100))
    assert looked.deferred[0] == "orderRunning"
    assert looked.item.order is not None
    assert looked.item.order.odd_looks == 1
    third = look(
        looked.item.but(order=looked.item.order.model_copy(update={"odd_looks": 2})),
        free(),
        after=90,
        answers={Poll: said("x" * 100)},
    )
    assert third.deferred[0] == f"operation:{'x' * 54}"


def test_a_success_is_noted_and_then_read() -> None:
    looked = polled(said("succeeded"))
    assert looked.deferred[0] == "notVisible"
    assert looked.item.order is not None
    assert looked.item.order.done_at == NOW + timedelta(seconds=60)
    later = look(looked.item, free(), after=90)
    assert later.deferred[0] == "notVisible"
    assert not later.times(Poll)
    assert later.asked == [ReadNumber(NUMBER, NOW + timedelta(seconds=80))]
    early = look(looked.item, free(), after=65)
    assert early.asked == [ReadNumber(NUMBER, NOW + timedelta(seconds=60))]
    alone = look(looked.item, free(), after=60 + LAG)
    assert alone.asked == [ReadNumber(NUMBER, NOW + timedelta(seconds=50 + LAG), alone=True)]


@pytest.mark.parametrize("url", [OPERATION_URL, None])
def test_a_success_that_does_not_show_is_unconfirmed_with_graphs_request_id(url: str | None) -> None:
    item = ordered(followed(done_at=NOW, operation_url=url, graph_request_id="g-7"))
    looked = look(item, free(), after=CONFIRM)
    assert looked.end == ("Unconfirmed", "unconfirmed")
    assert looked.decision.verdict.problem.graph_request_id == "g-7"  # type: ignore[union-attr]
    assert NUMBER in looked.message
    assert look(item, free(), after=CONFIRM - 1).deferred[0] == "notVisible"


def test_an_unassignment_ends_by_its_operation_and_the_number_is_read_after_that() -> None:
    """Before it has ended, a number that no longer shows the person proves nothing."""
    item = ordered(followed(Action.UNASSIGN), unassign=(NUMBER,))
    running = look(item, free(), after=60, sets=ALL)
    assert [type(question) for question in running.asked] == [Poll]
    assert running.deferred[0] == "orderRunning"
    done = polled(said("succeeded"), action=Action.UNASSIGN, unassign=(NUMBER,))
    assert done.deferred[0] == "notVisible"
    assert look(done.item, held(), after=90, sets=ALL).deferred[0] == "notVisible"
    gone = look(done.item, free(), after=90, sets=ALL)
    assert (gone.end, gone.message) == (("Succeeded", None), f"Unassigned: {NUMBER}.")
    assert gone.item.unassigned == (NUMBER,)


@pytest.mark.parametrize(
    ("strange", "waits"), [(said("x"), "operation:x"), (Unclear("status 500"), "unclear"), (GONE, "orderUnanswered")]
)
def test_an_unassignment_whose_operation_does_not_say_how_it_goes_is_read_when_it_counts_as_running_no_more(
    strange: Any, waits: str
) -> None:
    """It was asked until the deadline, and the event said TimedOut of a number that was free."""
    item = ordered(followed(Action.UNASSIGN, odd_looks=2), unassign=(NUMBER,))
    assert look(item, free(), after=CONFIRM - 1, answers={Poll: strange}, sets=ALL).deferred[0] == waits
    assert look(item, held(), after=CONFIRM, answers={Poll: strange}, sets=ALL).deferred[0] == waits
    gone = look(item, free(), after=CONFIRM, answers={Poll: strange}, sets=ALL)
    assert (gone.end, gone.item.unassigned) == (("Succeeded", None), (NUMBER,))


@pytest.mark.parametrize(
    ("status", "waits"), [("running", "orderRunning"), ("notStarted", "orderRunning"), ("succeeded", "notVisible")]
)
def test_an_unassignment_that_goes_as_it_should_is_not_read_yet_however_long_it_takes(status: str, waits: str) -> None:
    item = ordered(followed(Action.UNASSIGN, odd_looks=3), unassign=(NUMBER,))
    assert look(item, free(), after=CONFIRM, answers={Poll: said(status)}, sets=ALL).deferred[0] == waits


@pytest.mark.parametrize(
    "over", [said("failed"), said("failed", "?"), said("skipped"), said("succeeded", doubtful=True)]
)
def test_an_unassignment_that_failed_where_the_number_is_gone_after_all_is_told(over: Operation) -> None:
    """The event named no number as unassigned, and a mover's old number was not given back."""
    ended = look(ordered(followed(Action.UNASSIGN), unassign=(NUMBER,)), free(), answers={Poll: over}, sets=ALL)
    assert (ended.end, ended.message) == (("Succeeded", None), f"Unassigned: {NUMBER}.")
    assert ended.item.unassigned == (NUMBER,)


@pytest.mark.parametrize("status", ["failed", "succeeded", "skipped"])
def test_an_operation_that_ended_otherwise_than_its_number_is_followed_while_the_list_may_lag(status: str) -> None:
    """It ended as Failed, and a minute later the number was the person's."""
    for action in (Action.ASSIGN, Action.UNASSIGN):
        looked = polled(said(status, "?", doubtful=True), action=action, after=LAG - 1)
        assert looked.deferred[0] == "orderRunning"
        assert looked.item.order is not None


@pytest.mark.parametrize(
    ("status", "detail", "doubtful", "code", "words"),
    [
        ("failed", "InvalidInput: Location is wrong", False, "unknownFailure", None),
        ("failed", "The usage location is not the number's", False, "usageLocationMismatch", None),
        ("failed", None, False, "operationFailed", "Graph gave no reason."),
        ("failed", None, True, "operationFailed", "Graph gave no reason."),
        ("succeeded", None, True, "operationFailed", "Graph gave no reason."),
        ("succeeded", "half of it", True, "operationFailed", "half of it"),
    ],
)
def test_an_operation_that_failed_ends_the_request_where_the_number_does_not_show_it(
    status: str, detail: str | None, code: str, words: str | None, *, doubtful: bool
) -> None:
    looked = polled(said(status, detail, doubtful=doubtful), after=LAG if doubtful else 60)
    assert looked.end == ("Failed", code)
    assert looked.message == (words or detail)
    assert looked.decision.verdict.problem.graph_request_id == "g-2"  # type: ignore[union-attr]
    assert looked.item.order is None


@pytest.mark.parametrize("status", ["failed", "succeeded", "skipped"])
def test_an_operation_that_failed_where_the_number_shows_it_after_all_is_a_success(status: str) -> None:

    def read(question: ReadNumber) -> Reading:
        before = question.since < NOW + timedelta(seconds=LAG)
        return Reading(NOW, (free() if before else held(),))

    looked = look(ordered(followed()), after=LAG, answers={ReadNumber: read, Poll: said(status, doubtful=True)})
    assert looked.end == ("Succeeded", None)


def test_a_skipped_order_is_tried_three_times() -> None:
    looked = polled(said("skipped"), reason="operationSkipped", reason_times=1, attempt=1)
    assert looked.deferred[0] == "operationSkipped"
    assert looked.item.order is None
    assert look(looked.item, free(), after=120).times(Send) == 1
    last = polled(said("skipped", "no idea"), reason="operationSkipped", reason_times=2, attempt=2)
    assert (last.end, last.message) == (("Failed", "operationSkipped"), "no idea")


def test_a_failure_that_only_asks_for_patience_is_ordered_again_later() -> None:
    looked = polled(said("failed", "Service Unavailable"))
    assert looked.deferred[0] == "serviceUnavailable"
    assert looked.item.order is None
    assert look(looked.item, free(), after=90).times(Send) == 1


def test_an_operation_that_is_gone_is_followed_while_young_then_the_number_alone_tells() -> None:
    assert polled(GONE, after=299).deferred[0] == "orderRunning"
    looked = polled(GONE, after=300, attempt=2)
    reason, pause = looked.deferred
    assert reason == "orderUnanswered"
    assert 60 <= pause < 72
    assert looked.item.attempt == 3
    assert looked.item.order is not None
    assert (looked.item.order.operation_url, looked.item.order.unanswered) == (None, False)
    assert [sent.unanswered for sent in look(looked.item, free(), after=400).sent] == [True]


def test_an_unassignment_whose_operation_is_gone_counts_as_running() -> None:
    looked = polled(GONE, after=300, action=Action.UNASSIGN)
    assert looked.item.order is not None
    assert (looked.item.order.operation_url, looked.item.order.unanswered) == (None, True)
    assert not look(looked.item, held(), after=CONFIRM - 1, sets=ALL).sent


@pytest.mark.parametrize("answer", [Throttled(9, sent=True), Unclear("status 500")])
def test_an_operation_that_could_not_be_asked_says_nothing(answer: Any) -> None:
    looked = polled(answer)
    assert looked.deferred[0] in {"throttled", "unclear"}
    assert looked.item.order is not None
    assert looked.item.order.operation_url == OPERATION_URL


def test_the_age_of_an_order_counts_from_its_acceptance() -> None:
    """Its turn came late; a process that died had stored it with an earlier time."""
    late = followed(submitted_at=NOW + timedelta(seconds=100))
    assert look(ordered(late), free(), after=399, answers={Poll: GONE}).deferred[0] == "orderRunning"
    first = [after for after in range(15, 400, 5) if look(ordered(late), free(), after=after, shared=True).times(Poll)]
    assert first[0] == 280
    unknown = followed(submitted_at=None)
    assert not look(ordered(unknown), free(), after=175, shared=True).times(Poll)
    assert look(ordered(unknown), free(), after=180, shared=True).times(Poll)


def test_after_the_deadline_the_operation_is_asked_even_in_a_wave() -> None:
    asked = followed(asked_at=NOW + timedelta(seconds=LATE - 10))
    assert look(ordered(asked), free(), after=LATE - 61, shared=True).times(Poll) == 0
    assert look(ordered(asked), free(), after=LATE, shared=True).times(Poll) == 1


def test_an_update_that_graph_took_is_read() -> None:
    update = {"action": "update", "numberType": None, "locationId": "loc-1"}
    item = work_item(fields=update, person=USER, touched=(NUMBER,)).but(
        order=followed(Action.UPDATE, number_type=None, location_id="loc-1", operation_url=None, done_at=NOW)
    )
    assert look(item, held(location_id="loc-1"), after=15, sets=ALL).end == ("Succeeded", None)
    assert look(item, held(location_id="loc-2"), after=15, sets=ALL).deferred[0] == "notVisible"
    assert look(item, after=15, sets=ALL).deferred[0] == "notVisible"


@pytest.mark.parametrize(
    "there",
    [(), (free(),), (held(by=None),), (held(activation_state="assignmentPending"),)],
)
def test_an_assignment_shows_when_the_number_is_the_persons_and_settled(there: tuple[Any, ...]) -> None:
    assert look(ordered(followed()), *there, after=60).deferred[0] == "orderRunning"


def test_a_pages_answer_is_followed_up_at_the_pages_moments() -> None:
    looked = look(ordered(followed(looks=3)), free(), after=20, shared=True)
    assert looked.deferred == ("orderRunning", 7.0)
    assert looked.item.order is not None
    assert looked.item.order.looks == 3
