"""A clock that stands still until it is told: a day of waiting takes no time."""

import math
from datetime import UTC, datetime, timedelta

_START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


class SimulatedClock:
    """A `teams_numbers.clock.Clock` whose time passes only in `sleep` and `advance`.

    Args:
        start: the time of day at the beginning, UTC.
    """

    def __init__(self, start: datetime = _START) -> None:
        self._start = self._now = start

    def now(self) -> datetime:
        """Return the time of day, in UTC."""
        return self._now

    def monotonic(self) -> float:
        """Return the seconds since the beginning."""
        return (self._now - self._start).total_seconds()

    def sleep(self, seconds: float) -> None:
        """Let so many seconds pass."""
        self.advance(seconds)

    def advance(self, seconds: float) -> None:
        """Let so many seconds pass, in whole microseconds, rounded up; never back."""
        self._now += timedelta(microseconds=math.ceil(max(0.0, seconds) * 1e6))

    def set_back(self, seconds: float) -> None:
        """Set the time of day back by so many seconds, as a time server does; the monotonic seconds go on."""
        self._now -= timedelta(seconds=seconds)
        self._start -= timedelta(seconds=seconds)

    def advance_to(self, moment: datetime) -> None:
        """Let the time pass until a moment, if that is not over already."""
        self._now = max(self._now, moment)
