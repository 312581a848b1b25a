"""When to look again: pure functions of what has happened, in seconds."""

from datetime import datetime
from random import Random

from teams_numbers.settings import Settings

#: The pause after each of the first looks at an operation that still runs, and how many those are. They reach to an
#: age of about five minutes: docs/performance.md shows what that costs in calls and gains in time.
POLL_STEP_SECONDS, POLL_STEPS = 30.0, 7
#: Where pages answer for many, an order is not looked at before it is so old, as a share of FIRST_POLL_SECONDS.
_SOON = 1 / 3
#: How long before the common moment it becomes due, as a share of FIRST_POLL_SECONDS: the timer's run must find it.
_BEFORE = 1 / 5
#: How much is added at random, as a share: it parts messages that were put back together.
JITTER = 0.2


def jittered(seconds: float, rng: Random) -> float:
    """Return the pause plus up to a fifth: later, never earlier."""
    return seconds * (1 + JITTER * rng.random())


def poll_pause(polls: int, settings: Settings, rng: Random) -> float:
    """Return the pause after the given number of looks at an operation: 30 s seven times, 60 … MAX_POLL_SECONDS."""
    return jittered(_doubled(POLL_STEP_SECONDS, polls - POLL_STEPS, settings), rng)


def page_pause(since: datetime, now: datetime, settings: Settings) -> float:
    """Return the pause until the next pages, for an order given then: all that wait look at the same moments.

    They are whole multiples of FIRST_POLL_SECONDS; from its fourth on an order skips every other.
    """
    step = settings.first_poll_seconds
    period = step if (now - since).total_seconds() < 4 * step else 2 * step
    left = period - now.timestamp() % period - step * _BEFORE
    soonest = max(0.0, step * _SOON - (now - since).total_seconds())
    return left if left > soonest else left + period


def back_off(times: int, settings: Settings, rng: Random) -> float:
    """Return the pause after so many fruitless tries before this one: FIRST_POLL_SECONDS, doubled each time."""
    return jittered(_doubled(settings.first_poll_seconds, times, settings), rng)


def wait_pause(attempt: int, settings: Settings) -> float:
    """Return the pause before the next attempt while something outside must happen first: WAIT_SECONDS in turn."""
    return settings.wait_seconds[min(attempt, len(settings.wait_seconds) - 1)]


def _doubled(first: float, times: int, settings: Settings) -> float:
    return float(min(settings.max_poll_seconds, first * 2 ** min(max(times, 0), 30)))
