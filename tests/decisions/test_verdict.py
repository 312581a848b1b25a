"""An operation's answer -> what becomes of it, in the order of "The life of a request"."""

from datetime import timedelta
from typing import Any

import pytest

from poll_operation.verdict import Postpone, last_word, settled, verdict
from teams_numbers import failures
from teams_numbers.answers import Denied, Operation, Refused, Throttled, Unclear
from teams_numbers.decisions import Finish, PutBack, Settle
from teams_numbers.messages import Outcome
from teams_numbers.settle import Holder
from tests.values import NOW, pending, rules


def judge(answer: Any, polls: int = 1, age: float = 60, **delivery: Any) -> Any:
    return verdict(answer, pending(age, **delivery), polls, rules())


@pytest.mark.parametrize("word", ["notStarted", "running", "unknownFutureValue", "onHold"])
@pytest.mark.parametrize(("polls", "pause"), [(1, 30), (7, 30), (8, 60), (9, 120), (10, 240), (11, 300), (99, 300)])
def test_what_still_runs_or_nobody_knows_is_postponed_ever_longer(word: str, polls: int, pause: float) -> None:
    assert judge(Operation(word, None, None), polls) == Postpone(pause, word)


def test_an_unknown_word_is_cut_down_before_it_is_logged() -> None:
    assert judge(Operation("<b>+12065550100\n", None, None)).status == "b#"


def test_succeeded_ends_in_success() -> None:
    assert judge(Operation("succeeded", None, None)).outcome is Outcome.SUCCEEDED


@pytest.mark.parametrize(("attempt", "pause"), [(0, 60), (1, 300), (2, 900), (3, 3600), (4, 3600), (50, 3600)])
def test_failed_for_want_of_a_license_goes_back_in_one_five_fifteen_sixty_minutes(attempt: int, pause: float) -> None:
    detail = "User 'x' lacks appropriate licenses to assign a 'CallingPlan' number"
    put_back = judge(Operation("failed", detail, None), attempt=attempt)
    assert isinstance(put_back, PutBack)
    assert (put_back.after, put_back.delivery.attempt, put_back.reason) == (pause, attempt + 1, "licenseMissing")


def test_failed_with_a_passing_reason_goes_back_a_few_times_and_then_fails() -> None:
    answer = Operation("failed", "Update failed for user 'x'. Please try again", "graph-1")
    assert [judge(answer, attempt=attempt).after for attempt in range(4)] == [15, 30, 60, 120]
    end = judge(answer, attempt=4, reason="updateFailed", reason_times=4)
    assert (end.outcome, end.problem.code, end.problem.graph_request_id) == (Outcome.FAILED, "updateFailed", "graph-1")


@pytest.mark.parametrize("detail", ["Computer says no", "Telephone Number '+1' is not found from tenant 'x'"])
def test_failed_for_good_or_for_an_unknown_reason_fails_with_advice(detail: str) -> None:
    end = judge(Operation("failed", detail, None))
    assert end.outcome is Outcome.FAILED
    assert (end.problem.message, end.problem.advice) == (detail, failures.recognize(detail).advice)


def test_failed_because_taken_settles() -> None:
    detail = "Telephone Number '+1' has already been assigned to another user"
    assert judge(Operation("failed", detail, None)) == Settle(failures.NUMBER_TAKEN, detail, None)


def test_failed_without_a_detail_and_skipped_settle() -> None:
    assert judge(Operation("failed", None, None)).doubt is failures.OPERATION_FAILED
    assert judge(Operation("skipped", None, None)).doubt is failures.OPERATION_SKIPPED


def test_an_operation_that_is_not_found_is_postponed_at_first_and_settled_later() -> None:
    assert judge(Refused(404, "NotFound", "", None), age=299) == Postpone(30, "404")
    assert judge(Refused(404, "NotFound", "", None), age=300) == Settle()


def test_throttling_postpones_for_what_graph_said() -> None:
    assert judge(Throttled(77.0, sent=True)) == Postpone(77, "throttled")
    assert judge(Throttled(None, sent=True), polls=2) == Postpone(30, "throttled")


def test_no_throttling_postpones_beyond_the_deadline() -> None:
    """A day's Retry-After once led past the deadline, and another one past its grace: the event came days late."""
    answer = Throttled(86_400.0, sent=True)
    assert judge(answer, received_at=NOW - timedelta(hours=23)) == Postpone(3600, "throttled")
    assert judge(answer, received_at=NOW - timedelta(hours=24.5)) == Postpone(300, "throttled")


def test_no_clear_answer_and_no_permission_postpone() -> None:
    assert judge(Unclear("status 500"), polls=2) == Postpone(30, "unclear")
    assert judge(Denied(403, failures.ACCESS_DENIED, "", None)) == Postpone(30, "accessDenied")


def settle(found: Any, doubt: failures.Failure | None = None, age: float = 600, **delivery: Any) -> Any:
    return settled(found, Settle(doubt, "said"), pending(age, **delivery), 1, rules())


@pytest.mark.parametrize("doubt", [None, failures.OPERATION_FAILED, failures.OPERATION_SKIPPED, failures.NUMBER_TAKEN])
def test_settling_says_succeeded_for_ours_and_failed_for_somebody_elses(doubt: failures.Failure | None) -> None:
    assert settle(Holder.OURS, doubt).outcome is Outcome.SUCCEEDED
    assert settle(Holder.THEIRS, doubt).problem.code == "numberTaken"


@pytest.mark.parametrize("found", [Holder.FREE, Holder.UNLISTED])
def test_settling_tries_a_free_number_again_or_fails_where_graph_was_explicit(found: Holder) -> None:
    assert settle(found).reason == "orderLost"
    assert (
        settle(found, failures.OPERATION_SKIPPED, reason="operationSkipped", reason_times=1).reason
        == "operationSkipped"
    )
    end = settle(found, failures.OPERATION_SKIPPED, reason="operationSkipped", reason_times=2)
    assert end.problem.code == "operationSkipped"
    assert settle(found, failures.OPERATION_FAILED).problem.code == "operationFailed"


def test_settling_waits_while_the_order_may_be_running_unseen() -> None:
    assert settle(Holder.FREE, age=299) == Postpone(30, "free")
    assert settle(Holder.CHANGING, failures.OPERATION_FAILED) == Postpone(30, "changing")
    assert settle(Unclear("status 500")) == Postpone(30, "unclear")


def last(found: Any, hours: float = 24) -> Any:
    return last_word(found, pending(received_at=NOW - timedelta(hours=hours)), 1, rules())


def test_the_last_word_is_success_for_ours_failure_for_somebody_elses_and_timed_out_for_all_else() -> None:
    assert last(Holder.OURS).outcome is Outcome.SUCCEEDED
    assert last(Holder.THEIRS).problem.code == "numberTaken"
    for found in set(Holder) - {Holder.OURS, Holder.THEIRS, Holder.CHANGING}:
        assert last(found).outcome is Outcome.TIMED_OUT


def test_the_last_word_waits_three_hours_for_an_order_that_still_runs() -> None:
    assert last(Holder.CHANGING, hours=26.9) == Postpone(30, "changing")
    assert last(Holder.CHANGING, hours=27).outcome is Outcome.TIMED_OUT


def test_the_last_word_waits_three_hours_for_a_readable_answer() -> None:
    assert isinstance(last(Unclear("status 500"), hours=26.9), Postpone)
    end = last(Unclear("status 500"), hours=27)
    assert isinstance(end, Finish)
    assert "unreadable: unclear" in end.problem.message  # type: ignore[union-attr]
