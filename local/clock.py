"""A clock that stands still until it is told: a day of waiting takes no time."""

from datetime import UTC, datetime, timedelta

_START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


class SimulatedClock:
    """A `teams_numbers.clock.Clock` whose time passes only in `sleep` and `advance`.

    Args:
        start: the time of day at the beginning, UTC.
    """

    def __init__(self, start: datetime = _START) -> None:
        self._start = start
        self._elapsed = 0.0

    def now(self) -> datetime:
        """Return the time of day, in UTC."""
        return self._start + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        """Return the seconds since the beginning."""
        return self._elapsed

    def sleep(self, seconds: float) -> None:
        """Let so many seconds pass."""
        self.advance(seconds)

    def advance(self, seconds: float) -> None:
        """Let so many seconds pass; never back."""
        self._elapsed += max(0.0, seconds)

    def advance_to(self, moment: datetime) -> None:
        """Let the time pass until a moment, if that is not over already."""
        self.advance((moment - self.now()).total_seconds())
