"""How long a call may take, figure by figure; and that all of it fits into a lease."""

import pytest

from teams_numbers.identity import LONGEST_ASKING_SECONDS
from teams_numbers.limits import LONGEST_CALL_SECONDS, Limits
from teams_numbers.pace import LONGEST_WAIT
from tests.values import settings

LIMITS = Limits()


def test_the_figures_are_those_that_were_measured_and_documented() -> None:
    assert (LIMITS.call, LIMITS.turn, LIMITS.token, LIMITS.connect, LIMITS.silence) == (30, 10, 12, 3, 2)
    assert (LIMITS.call, LIMITS.turn, LIMITS.token) == (LONGEST_CALL_SECONDS, LONGEST_WAIT, LONGEST_ASKING_SECONDS)


def test_sending_needs_two_connects_and_two_silences() -> None:
    assert LIMITS.sending == 10


@pytest.mark.parametrize(
    ("left", "renewed", "patience"),
    [(30, False, 10), (30, True, 8), (20, False, 10), (19, False, 9), (22, True, 0), (21, True, -1), (9, False, -1)],
)
def test_a_turn_is_waited_for_as_long_as_the_rest_still_fits(left: float, patience: float, *, renewed: bool) -> None:
    assert LIMITS.patience(left, renewed=renewed) == patience


@pytest.mark.parametrize(("left", "silence"), [(30, 12), (20, 7), (10, 2), (9, 2), (0, 2)])
def test_a_silence_is_listened_to_for_half_of_what_connecting_leaves(left: float, silence: float) -> None:
    assert LIMITS.silence_within(left) == silence


@pytest.mark.parametrize("budget", [120, 240, 500])
def test_a_lease_outlasts_a_run_by_two_calls_at_the_usual_budget(budget: float) -> None:
    chosen = settings(POLL_BUDGET_SECONDS=budget)
    assert chosen.lease_seconds == 1.25 * budget
    assert (chosen.lease_seconds - budget >= 2 * LONGEST_CALL_SECONDS) is (budget >= 240)
