"""A request that is given up says what it waited for; a reading that is refused in words is an answer."""

import pytest

from teams_numbers import failures
from teams_numbers.answers import Denied, NoSuchPerson, Refused, Throttled, Unclear
from teams_numbers.failures import Failure
from teams_numbers.questions import Defer, Finish, ReadNumber, Resolve, Send
from teams_numbers.records import NumberRecord
from teams_numbers.settings import Settings
from teams_numbers.work_item import Problem, WorkItem
from tests.looking import UPN, Answers, free, held, look
from tests.values import OPERATION_URL, SOMEBODY_ELSE, settings, work_item

_POOLS = settings(NUMBER_POOLS='{"seattle": {"numberType": "directRouting", "numbers": [{"startsWith": "+1206"}]}}')
_PICKED = {"telephoneNumber": None, "numberType": None, "pool": "seattle"}


def refused(message: str, status: int = 400) -> Refused:
    return Refused(status, "BadRequest", message, "g-1")


def denied(failure: Failure) -> Denied:
    return Denied(403, failure, "Access Denied.", "g-1")


def end(
    item: WorkItem, *numbers: NumberRecord, answers: Answers | None = None, sets: Settings | None = None
) -> tuple[str, Problem, float]:
    """Look at an item until it ends; return the outcome, the problem, and after how many hours."""
    seconds = 0.0
    for _ in range(500):
        decision = look(item, *numbers, after=seconds, answers=answers, sets=sets).decision
        if isinstance(decision, Finish):
            assert decision.verdict.problem is not None
            return str(decision.verdict.outcome), decision.verdict.problem, seconds / 3600
        item = decision.item
        seconds += max(1, decision.after) if isinstance(decision, Defer) else 60
    pytest.fail(f"it did not end within {seconds} seconds")


@pytest.mark.parametrize(
    ("reason", "item", "numbers", "answers"),
    [
        ("licenseMissing", work_item(), (free(),), {Send: refused("User 'x' lacks appropriate licenses")}),
        ("userNotFound", work_item(), (free(),), {Send: refused("User 'x' was not found", 404)}),
        ("activationPending", work_item(), (free(),), {Send: refused("The activation state is pending")}),
        ("serviceUnavailable", work_item(), (free(),), {Send: refused("Please try again later")}),
        ("userNotFound", work_item(fields=UPN), (free(),), {Resolve: NoSuchPerson()}),
        ("userLookupDenied", work_item(fields=UPN), (free(),), {Resolve: denied(failures.USER_LOOKUP_DENIED)}),
        ("permissionMissing", work_item(), (free(),), {Send: denied(failures.PERMISSION_MISSING)}),
        ("accessDenied", work_item(), (free(),), {ReadNumber: denied(failures.ACCESS_DENIED)}),
        ("noToken", work_item(), (free(),), {Send: denied(failures.NO_TOKEN)}),
        ("throttled", work_item(), (free(),), {Send: Throttled(None, sent=True, status=429)}),
        ("throttled", work_item(), (free(),), {ReadNumber: Throttled(None, sent=True, status=503)}),
        ("unclear", work_item(), (free(),), {Send: Unclear("status 502", status=502)}),
        ("unclear", work_item(), (free(),), {ReadNumber: Unclear("status 400", status=400)}),
        ("poolEmpty", work_item(fields=_PICKED), (held(by=SOMEBODY_ELSE, number_type="directRouting"),), {}),
    ],
)
def test_a_request_that_is_given_up_names_what_it_waited_for_how_often_and_that_reasons_advice(
    reason: str, item: WorkItem, numbers: tuple[NumberRecord, ...], answers: Answers
) -> None:
    outcome, problem, hours = end(item, *numbers, answers=answers, sets=_POOLS)
    assert (outcome, problem.code, problem.reason) == ("TimedOut", "timedOut", reason)
    assert problem.advice == failures.by_code(reason).advice
    assert f"It waited for: {reason}, " in problem.message
    assert " in a row" in problem.message
    assert 24 <= hours <= 28


@pytest.mark.parametrize("dry_run", [False, True])
@pytest.mark.parametrize(
    ("message", "status", "code"),
    [
        ("Invalid DirectRoutingTelephoneNumber '+1'", 400, "numberNotAccepted"),
        ("Telephone Number '+1' is not found from tenant 'x'", 404, "numberNotFound"),
        ("The filter is not good", 400, "numberNotFound"),
        ("Telephone Number '+1' has already been assigned to another user", 409, "numberTaken"),
        ("Update failed for user 'x'. Please try again", 400, "updateFailed"),
    ],
)
def test_a_reading_refused_in_words_is_an_answer_about_the_number(
    message: str, status: int, code: str, *, dry_run: bool
) -> None:
    answers = {ReadNumber: refused(message, status)}
    outcome, problem, hours = end(work_item(fields={"dryRun": dry_run}), free(), answers=answers)
    assert (outcome, problem.code) == ("Rejected" if dry_run else "Failed", code)
    assert problem.message == message
    assert hours < 1


def test_a_reading_refused_for_want_of_a_permission_says_nothing_about_the_number() -> None:
    looked = look(work_item(), free(), answers={ReadNumber: refused("Insufficient privileges to complete it")})
    assert looked.deferred[0] == "permissionMissing"


def test_an_order_that_was_only_ever_throttled_may_have_been_sent() -> None:
    """It ends only after the number was read once more."""
    answers = {Send: Throttled(None, sent=True, status=429)}
    item = look(work_item(), free(), answers=answers).item
    late = settings().deadline.total_seconds() * 9 / 8 + 60
    assert look(item, held(), after=late, answers=answers).end == ("Succeeded", None)
    assert item.order is not None
    assert item.order.operation_url != OPERATION_URL
