"""The deadline in the life of a request, without a server: no pause leads past it, and what still tells is awaited."""

from datetime import timedelta
from typing import Any

import pytest

from teams_numbers.answers import OUT_OF_TIME, Denied, Operation, Refused, Throttled, Unclear
from teams_numbers.contracts import Action
from teams_numbers.failures import PERMISSION_MISSING
from teams_numbers.questions import Brake, Busy, Claim, Poll, Reading, ReadNumber, Resolve, Send
from teams_numbers.work_item import Doubt
from tests.looking import ALL, UNASSIGN, UPN, Looked, followed, free, held, look, order, ordered
from tests.values import NOW, NUMBER, SOMEBODY_ELSE, settings, work_item

DEADLINE = settings().deadline.total_seconds()
GRACE = DEADLINE / 8
LONGEST = settings().longest_pause
JUDGED: dict[str, Any] = {"attempt": 2, "reason": "licenseMissing", "reason_times": 2, "said": "no license"}


def late(answers: Any, *, after: float = DEADLINE + 60, **known: Any) -> Looked:
    """Look, after the deadline, at a request that Graph has judged before."""
    return look(work_item(**JUDGED | known), free(), after=after, answers=answers)


def test_a_pause_ends_at_the_deadline() -> None:
    item = work_item(attempt=9, reason="licenseMissing", reason_times=9)
    license_missing = {Send: Refused(400, "", "User is not licensed for Teams Phone", "g")}
    looked = look(item, free(), after=DEADLINE - 100, answers=license_missing)
    assert looked.deferred == ("licenseMissing", 100.0)


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({ReadNumber: Throttled(None, sent=True)}, "throttled"),
        ({ReadNumber: Unclear("status 500")}, "unclear"),
        ({ReadNumber: Unclear(OUT_OF_TIME, sent=False)}, "outOfTime"),
        ({ReadNumber: Denied(403, PERMISSION_MISSING, "", None)}, "permissionMissing"),
        ({ReadNumber: Reading(NOW + timedelta(seconds=DEADLINE + 60), (held(by=SOMEBODY_ELSE),))}, "readAgain"),
    ],
)
def test_an_answer_that_can_tell_the_end_is_awaited_for_an_eighth_of_the_deadline(answers: Any, reason: str) -> None:
    ordered_before: dict[str, Any] = {"submitted_at": NOW, "touched": (NUMBER,)}
    for known in ({}, ordered_before):
        looked = late(answers, **known)
        assert looked.deferred[0] == reason
        assert looked.deferred[1] <= 300
        assert late(answers, after=DEADLINE + GRACE - 1, **known).deferred[0] == reason
        assert late(answers, after=DEADLINE + GRACE, **known).end == ("TimedOut", "timedOut")


def test_no_pause_after_the_deadline_is_longer_than_max_poll_seconds() -> None:
    throttled = {ReadNumber: Throttled(9000, sent=True)}
    assert late(throttled).deferred == ("throttled", 300.0)
    assert late(throttled, after=DEADLINE).deferred == ("throttled", 300.0)


@pytest.mark.parametrize(
    ("given", "answers", "reason"),
    [
        (followed(), {Poll: Operation("running", None, "g")}, "orderRunning"),
        (followed(done_at=NOW + timedelta(seconds=DEADLINE)), {}, "notVisible"),
        (order(submitted_at=NOW), {}, "orderUnanswered"),
    ],
)
def test_an_order_is_awaited_past_the_deadline(given: Any, answers: Any, reason: str) -> None:
    item = ordered(given, **JUDGED)
    assert look(item, free(), after=DEADLINE + 60, answers=answers).deferred[0] == reason
    ended = look(item, free(), after=DEADLINE + GRACE, answers=answers)
    if reason == "notVisible":
        assert ended.end == ("Unconfirmed", "unconfirmed")
        return
    assert ended.end == ("TimedOut", "timedOut")
    assert ended.decision.verdict.problem.reason == reason  # type: ignore[union-attr]
    assert ended.message == f"Not done by its deadline. It waited for: {reason}."


def test_what_waits_for_others_ends_at_the_deadline() -> None:
    busy = {Claim: Busy("inFlight", 9)}
    item = work_item(fields=UNASSIGN, attempt=1)
    assert look(item, held(), after=DEADLINE, answers=busy, sets=ALL).end == ("TimedOut", "timedOut")


@pytest.mark.parametrize("attempt", [0, 1])
def test_what_the_brake_holds_waits_for_days_and_is_unassigned_when_it_is_released(attempt: int) -> None:
    """A person must act, and may need a weekend for it."""
    item, after = work_item(fields=UNASSIGN, attempt=attempt), 60.0
    while after < 5 * DEADLINE:
        looked = look(item, held(), after=after, answers={Brake: False}, sets=ALL)
        assert looked.deferred[0] == "unassignPaused"
        item, after = looked.item, after + GRACE - 60
    throttled = look(item, held(), after=after, answers={ReadNumber: Throttled(9, sent=True)}, sets=ALL)
    assert throttled.deferred[0] == "throttled"
    busy = look(throttled.item, held(), after=after + 30, answers={Claim: Busy("inFlight", 9)}, sets=ALL)
    assert busy.deferred[0] == "inFlight"
    assert look(busy.item, held(), after=after + 40, sets=ALL).sent


def test_a_request_that_graph_never_judged_is_tried_for_an_eighth_of_the_deadline_from_its_first_look() -> None:
    """The app was away: the time counts from when it came back."""
    week = 7 * DEADLINE
    busy = {Claim: Busy("inFlight", 9)}
    item = work_item(fields=UNASSIGN)
    first = look(item, held(), after=week, answers=busy, sets=ALL)
    assert first.deferred == ("inFlight", 9.0)
    assert first.item.late_since == NOW + timedelta(seconds=week)
    again = look(first.item, held(), after=week + GRACE - 1, answers=busy, sets=ALL)
    assert again.deferred[0] == "inFlight"
    assert again.item.late_since == first.item.late_since
    assert look(first.item, held(), after=week + GRACE - 1, sets=ALL).sent
    assert look(first.item, held(), after=week + GRACE, answers=busy, sets=ALL).end == ("TimedOut", "timedOut")
    assert not look(first.item, held(), after=week + GRACE, sets=ALL).sent


def test_of_a_request_that_came_twice_the_one_that_was_judged_before_it_had_to_wait_is_tried_like_the_other() -> None:
    """Graph said wait a day to both: one ended as TimedOut, the other was tried and succeeded."""
    for attempt in (0, 1):
        item = work_item(attempt=attempt, waits=2, waits_for="throttled")
        assert look(item, free(), after=DEADLINE).follows


@pytest.mark.parametrize("known", [{"attempt": 1}, {"submitted_at": NOW}])
def test_a_request_that_graph_has_judged_is_not_tried_after_its_deadline(known: dict[str, Any]) -> None:
    looked = look(work_item(**known), free(), after=DEADLINE)
    assert looked.end == ("TimedOut", "timedOut")
    assert not looked.sent
    assert looked.item.late_since is None
    assert look(work_item(**known), free(), after=DEADLINE - 1).sent


def test_a_pause_of_an_item_with_an_order_is_short_enough_to_be_known_of() -> None:
    pause = {Resolve: Throttled(9000, sent=True)}
    fields = UPN
    assert 9000 <= look(work_item(fields=fields), answers=pause).deferred[1] < 10_800
    assert look(work_item(fields=fields, touched=(NUMBER,)), answers=pause).deferred == ("throttled", LONGEST)
    assert look(work_item(fields=fields, order=order()), answers=pause).deferred == ("throttled", LONGEST)


def test_a_timed_out_request_says_what_it_waited_for_last() -> None:
    item = work_item(**JUDGED, waits_for="inFlight", waits=2, late_since=NOW + timedelta(seconds=DEADLINE))
    waited = look(item, free(), after=DEADLINE + GRACE)
    assert waited.decision.verdict.problem.reason == "inFlight"  # type: ignore[union-attr]
    assert waited.message == "Not done by its deadline. It waited for: inFlight, 2 times in a row."


def test_a_timed_out_request_repeats_what_was_seen_last_and_how_often() -> None:
    assert late({}).message == (
        "Not done by its deadline. It waited for: licenseMissing, 2 times in a row. Last seen: no license"
    )
    once = late({}, reason_times=1).message
    assert once == "Not done by its deadline. It waited for: licenseMissing. Last seen: no license"
    assert late({}, said=None, reason_times=1).message == "Not done by its deadline. It waited for: licenseMissing."


def test_a_timed_out_request_that_was_ordered_once_waited_for_that() -> None:
    ended = look(work_item(touched=(NUMBER,), attempt=1), free(), after=DEADLINE)
    assert ended.decision.verdict.problem.reason == "orderUnanswered"  # type: ignore[union-attr]
    out_of_time = {ReadNumber: Unclear(OUT_OF_TIME, sent=False)}
    never = look(work_item(attempt=1), after=DEADLINE + GRACE, answers=out_of_time)
    assert never.decision.verdict.problem.reason == "outOfTime"  # type: ignore[union-attr]


def test_a_number_without_a_holder_fails_with_what_was_read() -> None:
    known: dict[str, Any] = {"attempt": 1, "reason": "numberWithoutHolder", "reason_times": 1}
    ended = look(work_item(**known, said="it reads so"), held(by=None), after=DEADLINE + GRACE)
    assert ended.end == ("Failed", "numberWithoutHolder")
    waits = {ReadNumber: Unclear(OUT_OF_TIME, sent=False)}
    said = look(work_item(**known, said="it read so"), answers=waits, after=DEADLINE + GRACE)
    assert (said.end, said.message) == (("Failed", "numberWithoutHolder"), "it read so")
    unsaid = look(work_item(**known), answers=waits, after=DEADLINE + GRACE).message
    assert unsaid == "Not done by its deadline. It waited for: numberWithoutHolder"


def test_an_end_is_never_put_off() -> None:
    doubt = Doubt(code="numberTaken", first_read_at=NOW)
    looked = look(work_item(doubt=doubt), held(by=SOMEBODY_ELSE), after=DEADLINE + 2 * GRACE)
    assert looked.end == ("Failed", "numberTaken")


def test_the_deadline_counts_from_the_later_of_arrival_and_not_before() -> None:
    fields = {"notBefore": (NOW + timedelta(hours=1)).isoformat()}
    assert look(work_item(fields=fields, attempt=1), free(), after=DEADLINE + 3599).sent
    assert not look(work_item(fields=fields, attempt=1), free(), after=DEADLINE + 3600).sent


def test_an_unassignment_that_runs_is_awaited_without_a_call() -> None:
    item = ordered(order(Action.UNASSIGN, unanswered=True, sent_at=NOW + timedelta(seconds=DEADLINE - 60)))
    assert look(item, held(), after=DEADLINE, sets=ALL).deferred[0] == "orderUnanswered"
