"""How one look ends: what a verdict holds, and for how long an item is deferred. Without a server."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest

from teams_numbers import failures
from teams_numbers.answers import OUT_OF_TIME, Denied, Refused, Throttled, Unclear
from teams_numbers.contracts import Outcome
from teams_numbers.look import Look, Rules
from teams_numbers.questions import ReadNumber, Send
from teams_numbers.work_item import Verdict, WorkItem
from tests.looking import ALL, UNASSIGN, Looked, followed, free, held, look, ordered
from tests.values import NOW, NUMBER, OPERATION_URL, rules, settings, work_item

LICENSE = Refused(400, "", "User is not licensed for Teams Phone", "g")
#: Has the right length for its country, and is of no range there.
ODD = "+11234567890"


def answered(answer: Any, **known: Any) -> Looked:
    return look(work_item(**known), free(), answers={ReadNumber: answer})


def one_look(item: WorkItem, **sets: Any) -> Look:
    return Look(item, NOW, rules(**sets))


def test_a_verdict_tells_what_was_read() -> None:
    there = held(location_id="loc-1", activation_state="activated")
    decision = look(work_item(unassigned=("+12065550199",)), there, after=60).decision
    assert decision.verdict == Verdict(  # type: ignore[union-attr]
        outcome=Outcome.SUCCEEDED,
        completed_at=NOW + timedelta(seconds=60),
        note="The number is assigned to the person.",
        telephone_number=NUMBER,
        number_type="callingPlan",
        location_id="loc-1",
        activation_state="activated",
        unassigned_numbers=("+12065550199",),
    )


def test_a_verdict_without_a_reading_names_the_requests_number_or_the_picked_one() -> None:
    def named(**known: Any) -> str | None:
        return one_look(work_item(**known)).fail(failures.UNKNOWN, "said").verdict.telephone_number

    assert named() == NUMBER
    assert named(number="+12065550199") == NUMBER
    pool = {"telephoneNumber": None, "numberType": None, "pool": "seattle"}
    assert named(fields=pool, number="+12065550199") == "+12065550199"
    assert named(fields=pool) is None


def test_a_failure_says_what_was_seen_or_else_what_to_do() -> None:
    problem = one_look(work_item()).fail(failures.UNKNOWN, "said", "g-1").verdict.problem
    assert problem is not None
    assert (problem.code, problem.message, problem.graph_request_id) == ("unknownFailure", "said", "g-1")
    assert problem.advice == failures.UNKNOWN.advice
    silent = one_look(work_item()).fail(failures.UNKNOWN, "").verdict.problem
    assert silent is not None
    assert silent.message == failures.UNKNOWN.advice


def test_a_dry_run_is_rejected_where_a_request_fails_and_times_out_like_one() -> None:
    dry = one_look(work_item(fields={"dryRun": True}))
    assert dry.fail(failures.UNKNOWN, "said").verdict.outcome is Outcome.REJECTED
    assert dry.fail(failures.TIMED_OUT, "said", outcome=Outcome.TIMED_OUT).verdict.outcome is Outcome.TIMED_OUT


@pytest.mark.parametrize("dry", [True, False])
def test_a_number_of_no_known_range_is_pointed_out(*, dry: bool) -> None:
    fields = {"telephoneNumber": ODD, "dryRun": dry}
    note = f" Check {ODD}: it is not in a number range that is known for its country."
    assert look(work_item(fields=fields), held(ODD)).message.endswith(note)
    if dry:
        assert look(work_item(fields=fields), free(ODD)).message.endswith(note)
    usual = {"telephoneNumber": "+12062345678", "dryRun": dry}
    assert look(work_item(fields=usual), held("+12062345678")).message.endswith("assigned to the person.")
    gone = look(work_item(fields=UNASSIGN | {"telephoneNumber": None, "dryRun": True}), sets=ALL)
    assert gone.message.endswith("does not have the number.")


def test_a_judgment_counts_the_attempt_and_ends_the_waiting() -> None:
    item = work_item(attempt=1, waits=3, waits_for="throttled", reason="userHasNumber", reason_times=4)
    looked = look(item, free(), answers={Send: LICENSE})
    assert looked.deferred == ("licenseMissing", 300.0)
    now = looked.item
    assert (now.attempt, now.waits, now.waits_for, now.reason, now.reason_times, now.said) == (
        2,
        0,
        None,
        "licenseMissing",
        1,
        LICENSE.message,
    )
    again = look(looked.item, free(), after=300, answers={Send: LICENSE}).item
    assert (again.attempt, again.reason_times) == (3, 2)


def test_a_judgment_without_words_forgets_the_words_before() -> None:
    assert one_look(work_item(said="before")).try_again(failures.UNCLEAR, "").item.said is None


def test_an_answer_that_says_nothing_counts_a_wait_and_no_attempt() -> None:
    looked = answered(Unclear("status 500"), waits=2, waits_for="throttled", attempt=1)
    assert looked.deferred[0] == "unclear"
    assert 60 <= looked.deferred[1] < 72
    assert (looked.item.waits, looked.item.waits_for, looked.item.attempt) == (3, "unclear", 1)


@pytest.mark.parametrize("seconds", [40, 40.0])
def test_graphs_retry_after_is_kept_and_never_cut_short(seconds: float) -> None:
    looked = answered(Throttled(seconds, sent=True))
    reason, after = looked.deferred
    assert reason == "throttled"
    assert 40 <= after <= 48
    assert looked.item.not_until == NOW + timedelta(seconds=after)
    assert looked.item.waits == 1


def test_a_throttling_without_a_retry_after_backs_off() -> None:
    looked = answered(Throttled(None, sent=True), waits=1)
    reason, after = looked.deferred
    assert reason == "throttled"
    assert 30 <= after < 36
    assert looked.item.not_until is None


def test_when_the_time_is_over_the_item_is_due_at_once_as_it_was() -> None:
    looked = answered(Unclear(OUT_OF_TIME, sent=False), waits=1, waits_for="x")
    assert looked.deferred == ("outOfTime", 0.0)
    assert (looked.item.waits, looked.item.waits_for) == (1, "x")


@pytest.mark.parametrize(("waits", "sets", "after"), [(0, {}, 60), (9, {}, 300), (0, {"WAIT_SECONDS": "1000,1"}, 300)])
def test_a_missing_permission_is_waited_for_a_minute_at_least(waits: int, sets: dict[str, str], after: float) -> None:
    denied = Denied(403, failures.PERMISSION_MISSING, "", None)
    deferred = one_look(work_item(waits=waits), **sets).unjudged(denied)
    assert (deferred.reason, deferred.after) == ("permissionMissing", after)


def test_each_look_at_an_order_is_counted_and_steps_its_pause() -> None:
    fresh = one_look(work_item())
    order = followed(looks=7)
    deferred = fresh.follow_up(order, "orderRunning")
    assert deferred.after == 60
    assert deferred.item.order is not None
    assert deferred.item.order.looks == 8


@pytest.mark.parametrize(("submitted", "after"), [(0, 27.0), (None, 27.0), (-100, 27.0), (65, 12.0)])
def test_in_a_wave_an_order_is_followed_up_by_its_age_since_its_acceptance(submitted: int | None, after: float) -> None:
    at = None if submitted is None else NOW + timedelta(seconds=submitted)
    shared = Look(work_item(), NOW + timedelta(seconds=120), rules(), shared=True)
    assert shared.follow_up(followed(submitted_at=at), "orderRunning").after == after


def test_what_a_decision_may_depend_on_is_careful_unless_it_is_said() -> None:
    assert Rules(settings(), Random(1)).careful  # noqa: S311 - jitter
    assert not one_look(work_item()).shared


def test_what_follows_an_order_is_read_from_after_it_or_nearly_new() -> None:
    known = one_look(work_item(submitted_at=NOW - timedelta(seconds=3)))
    assert known.recent == NOW - timedelta(seconds=3)
    assert one_look(work_item()).recent == NOW - timedelta(seconds=30)
    assert known.since(NOW) == NOW
    assert known.since(NOW - timedelta(hours=1)) == NOW - timedelta(seconds=10)
    assert ordered(followed()).order == followed(operation_url=OPERATION_URL)
