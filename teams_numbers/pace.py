"""How fast this process may call Graph: evenly, not at all while Graph says wait, and slower after it did."""

import threading

from teams_numbers.clock import Clock

#: What is left of the pace after a throttled answer, as a share of it; and the slowest it gets, of the allowed one.
_SLOWER, _FLOOR = 0.85, 0.1
#: How many calls without throttling lead from nothing back to the whole pace: half a minute at the usual pace makes up
#: for one throttled answer.
_RECOVERY_CALLS = 4000
#: How long a call waits for its turn, in seconds. One that would have to wait longer is put back instead: a thread is
#: no waiting room.
LONGEST_WAIT = 10.0


class Pace:
    """Spreads the process's calls over time; safe to use from many threads.

    Graph's rules are its throttling guidance: wait what `Retry-After` says, every early retry still counts
    (https://learn.microsoft.com/graph/throttling). To slow at once and to feel the way back step by step is what TCP
    does; steps this small keep several processes near a limit that they share (docs/performance.md, the wave).

    Args:
        per_second: the most calls per second.
        longest_closed: the longest that one answer closes the gate, in seconds. A longer Retry-After still holds back
            the message it was said to; it does not stop every other for a day.
        clock: tells the time and sleeps.
    """

    def __init__(self, per_second: float, longest_closed: float, clock: Clock) -> None:
        self._allowed = self._rate = per_second
        self._longest_closed = longest_closed
        self._clock = clock
        self._lock = threading.Lock()
        self._next = clock.monotonic()
        self._closed_until = clock.monotonic()
        self._throttled_in_a_row = 0

    @property
    def closed_for(self) -> float:
        """How long nothing may be sent from now, in seconds; 0 where something may."""
        return max(0.0, self._closed_until - self._clock.monotonic())

    def enter(self, patience: float = LONGEST_WAIT) -> float:
        """Wait for this call's turn and return 0, or return the seconds for which nothing may be sent.

        Args:
            patience: the longest wait, in seconds.
        """
        patience_ends = self._clock.monotonic() + patience
        while True:
            with self._lock:
                now = self._clock.monotonic()
                turn = max(now, self._next)
                if turn > patience_ends:
                    return turn - now
                self._next = turn + 1 / self._rate
            if turn > now:
                self._clock.sleep(turn - now)
            if not self.closed_for:  # Graph may have throttled another call meanwhile
                return 0.0

    def throttled(self, retry_after: float | None) -> None:
        """Close the gate for what Graph said (doubling seconds where it said nothing) and slow down, once."""
        with self._lock:
            now = self._clock.monotonic()
            if now >= self._closed_until:
                self._rate = max(self._allowed * _FLOOR, self._rate * _SLOWER)
                self._throttled_in_a_row += 1
            pause = retry_after if retry_after is not None else 2.0 ** min(self._throttled_in_a_row, 6)
        self.close(min(pause, self._longest_closed))

    def close(self, seconds: float) -> None:
        """Let nothing through for so many seconds from now, or for longer if that was said already."""
        with self._lock:
            self._closed_until = max(self._closed_until, self._clock.monotonic() + seconds)
            self._next = max(self._next, self._closed_until)

    def passed(self) -> None:
        """Note a call that was not throttled: the pace recovers by a step."""
        if self._rate < self._allowed:
            with self._lock:
                self._throttled_in_a_row = 0
                self._rate = min(self._allowed, self._rate + self._allowed / _RECOVERY_CALLS)
