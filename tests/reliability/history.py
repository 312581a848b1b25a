"""What went in and what came out, in the terms of Jepsen's total-queue checker.

https://jepsen-io.github.io/jepsen/jepsen.checker.html#var-total-queue, with a request's id as the element: HR may send
the same request twice, and the app may send the same event twice.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class TotalQueue:
    """What became of the elements, by their ids.

    Attributes:
        attempted: put on the request queue, or tried to.
        acknowledged: put there for certain: the queue service said so.
        ok: attempted and heard of in an event.
        lost: acknowledged and never heard of.
        unexpected: heard of and never attempted.
        duplicated: heard of more than once.
        recovered: heard of though never acknowledged: the send failed after it had taken effect.
    """

    attempted: frozenset[str]
    acknowledged: frozenset[str]
    ok: frozenset[str]
    lost: frozenset[str]
    unexpected: frozenset[str]
    duplicated: frozenset[str]
    recovered: frozenset[str]


@dataclass(slots=True)
class History:
    """What HR did and heard.

    Attributes:
        attempted: the ids of the requests HR tried to send.
        acknowledged: those whose sending was confirmed.
        events: the events, each as its JSON.
    """

    attempted: set[str] = field(default_factory=set)
    acknowledged: set[str] = field(default_factory=set)
    events: list[dict[str, Any]] = field(default_factory=list)

    def check(self) -> TotalQueue:
        """Compare what went in with what came out."""
        times = Counter(event["subject"] for event in self.events)
        heard = set(times)
        return TotalQueue(
            attempted=frozenset(self.attempted),
            acknowledged=frozenset(self.acknowledged),
            ok=frozenset(heard & self.attempted),
            lost=frozenset(self.acknowledged - heard),
            unexpected=frozenset(heard - self.attempted),
            duplicated=frozenset(subject for subject, count in times.items() if count > 1),
            recovered=frozenset((heard & self.attempted) - self.acknowledged),
        )

    def outcomes(self) -> dict[str, set[str]]:
        """Return for each request how it ended: the last part of its events' types."""
        found: dict[str, set[str]] = {}
        for event in self.events:
            found.setdefault(event["subject"], set()).add(event["type"].rpartition(".")[2])
        return found

    def renamed(self) -> set[str]:
        """Return the requests whose repeated events differ in id though they tell the same outcome."""
        ids: dict[tuple[str, str], set[str]] = {}
        for event in self.events:
            ids.setdefault((event["subject"], event["type"]), set()).add(event["id"])
        return {subject for (subject, _), known in ids.items() if len(known) > 1}


def tell(history: TotalQueue) -> str:
    """Return the counts on one line."""
    return ", ".join(f"{name} {len(getattr(history, name))}" for name in TotalQueue.__slots__)
