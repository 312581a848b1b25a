"""How long a call to Graph may take, so that a poll run ends within its lease however silent the other side is. Pure.

A run takes no more messages when its budget (240 s) is over. What it has taken by then may wait for one call of another
message and then makes its own: two calls fit into what a lease of 1.25 budgets leaves. A test holds this arithmetic.
"""

from dataclasses import dataclass
from typing import Final

from teams_numbers.identity import LONGEST_ASKING_SECONDS
from teams_numbers.pace import LONGEST_WAIT

#: The longest that one call takes, in seconds: its turn, its token, connecting, answer and body, and a repeat. What
#: this does not hold: a slow name lookup, a host whose several addresses all swallow connections, and headers that
#: come drop by drop.
LONGEST_CALL_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a call may take, in seconds.

    Attributes:
        call: all of it.
        turn: the wait for its turn.
        token: what the identity may take for a token.
        connect: opening a connection; the TLS handshake may take as long again.
        silence: the shortest silence that is listened to before the answer and within its body; it is as much longer
            as there is time left.
    """

    call: float = LONGEST_CALL_SECONDS
    turn: float = LONGEST_WAIT
    token: float = LONGEST_ASKING_SECONDS
    connect: float = 3.0
    silence: float = 2.0

    @property
    def sending(self) -> float:
        """How much time must be left for sending once."""
        return 2 * self.connect + 2 * self.silence

    def patience(self, left: float, *, renewed: bool) -> float:
        """Return how long a call with so much time left may wait for its turn; below 0 where it is too late for it.

        Args:
            left: until the call must have ended.
            renewed: a new token must be had first; where there is one already, that takes no time.
        """
        return min(self.turn, left - self.sending - (self.token if renewed else 0.0))

    def silence_within(self, left: float) -> float:
        """Return how long a silence may last when so much time is left: one before the answer, one in its body."""
        return max(self.silence, (left - 2 * self.connect) / 2)
