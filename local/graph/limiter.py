"""The rate limit: one bucket for reads and one for writes, or one for both."""

from local.graph.plan import RateLimit


class Limiter:
    """Lets calls through at a plan's rate.

    Args:
        limit: the plan's; None lets everything through.
    """

    def __init__(self, limit: RateLimit | None) -> None:
        self._limit = limit
        self._left: dict[bool, float] = {}
        self._at: dict[bool, float] = {}

    def refuses(self, *, write: bool, now: float) -> bool:
        """Say whether this call is one too many; if not, it counts."""
        if self._limit is None:
            return False
        rate = self._limit.per_second
        if self._limit.shared:
            write = False
        else:
            rate = (self._limit.writes_per_second if write else self._limit.reads_per_second) or rate
        if rate is None:
            return False
        full = max(1.0, rate * self._limit.burst_seconds)
        left = min(full, self._left.get(write, full) + rate * (now - self._at.get(write, now)))
        self._at[write] = now
        self._left[write] = left - 1 if left >= 1 else left
        return left < 1
