"""What goes wrong between the app and everybody else: a 5 % chance each, at every step."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any, Final

from azure.core.exceptions import ClientAuthenticationError, ServiceRequestError, ServiceResponseError

from local.queues.errors import refused

if TYPE_CHECKING:
    from azure.storage.queue import QueueMessage

    from tests.reliability.world import World

CHANCE: Final = 0.05
#: Graph's faults in groups of alternatives. Each group happens to 5 % of the calls that it can happen to.
_GROUPS: Final = (
    (
        "throttled-seconds",
        "throttled-date",
        "throttled-without-header",
        "throttled-zero",
        "throttled-a-day",
    ),
    ("server-error", "bad-gateway", "unavailable", "gateway-timeout", "bandwidth-exceeded"),
    ("server-error-though-accepted", "gateway-timeout-though-accepted", "throttled-though-accepted"),
    ("service-unavailable-400", "update-failed"),
    ("unreachable",),
    ("hang", "reset"),
    ("hang-though-accepted", "answer-lost"),
    ("location-absent", "location-relative", "location-foreign"),
    ("unknown-word", "unknown-future-value"),
    ("not-found", "redirect"),
    ("truncated", "huge", "not-json"),
    ("unauthorized",),
    ("forbidden", "forbidden-json"),
)
GRAPH_FAULTS: Final = {name: CHANCE / len(group) for group in _GROUPS for name in group}
#: One delivery is about so many steps; a second worker takes the same message at one of them in 5 % of the deliveries.
_STEPS: Final = 4
#: What lasts an hour begins in 5 % of the hours: at 5 % of the calls, nothing would ever get through.
_HOUR: Final = timedelta(hours=1)


@dataclass(slots=True)
class Faults:
    """Stands around every act of a `World` and lets it fail; `counts` says how often and how.

    Args:
        world: whose acts they are.
        rng: decides.
    """

    world: "World"
    rng: Random
    counts: Counter[str] = field(default_factory=Counter)
    _leased: list[tuple[str, str, str]] = field(default_factory=list)
    _nested: bool = False
    _closed: bool = False

    def begin_hour(self) -> None:
        """Draw what lasts for the coming hour, and how Graph takes a second order of the same."""
        plan: dict[str, Any] = {
            "faults": GRAPH_FAULTS,
            "seed": self.rng.getrandbits(32),
            "operationSeconds": {"median": 40, "sigma": 1.0},
            "bodyShape": "mixed",
            "readLagSeconds": self.rng.choice([0, 0, 20]),
            "showRunning": self.rng.random() < 0.8,
            "secondPost": self.rng.choice(["badRequest", "conflict"]),
            "identityDown": not self._closed and self._hit("token endpoint down for an hour"),
            "forbiddenUntil": None,
        }
        forbidden = not self._closed and self._hit("403 for an hour")
        if forbidden:
            plan["forbiddenUntil"] = (self.world.clock.now() + _HOUR).isoformat()
        self._closed = forbidden or plan["identityDown"]  # an hour, not two
        self.world.emulator.change(plan)

    def __call__(self, step: str, act: Callable[[], Any]) -> Any:
        """Perform an act, or fail at it."""
        operation, _, queue = step.partition(" ")
        if operation == "receive":
            return self._receive(queue, act)
        if self._leased and not self._nested and self._hit("two workers on one message", CHANCE / _STEPS):
            self._let_another_work()
        match operation:
            case "send" if self._hit("send fails before it took effect"):
                raise ServiceRequestError(step)
            case "send" if self._hit("send fails after it took effect"):
                act()
                raise ServiceResponseError(step)
            case "update" | "delete" if self._hit("lease gone"):
                raise refused(self.rng.choice(["PopReceiptMismatch", "MessageNotFound"]))
            case "GET" if queue == "token" and self._hit("token endpoint down once"):
                raise ClientAuthenticationError(step)
        return act()

    def _receive(self, queue: str, act: Callable[[], Any]) -> Any:
        if self._hit("receive fails"):
            raise ServiceRequestError(queue)
        batch: list[QueueMessage] = act()
        if not self._nested:
            self._leased = [(queue, message.id, message.pop_receipt or "") for message in batch]
        return batch

    def _let_another_work(self) -> None:
        """End the lease of the message in work, and let another process receive it and bring it to its next station."""
        now = self.world.clock.now()
        queues = self.world.queues
        held = (entry for entry in self._leased if queues.store(entry[0]).release(*entry[1:], now))
        queue = next(held, ("",))[0]
        self._nested = True
        try:
            if queue == self.world.settings.requests_queue:
                self.world.deliver(self.world.process())
            elif queue == self.world.settings.operations_queue:
                self.world.poll(self.world.process())
        finally:
            self._nested = False

    def _hit(self, name: str, chance: float = CHANCE) -> bool:
        hit = self.rng.random() < chance
        self.counts[name] += hit
        return hit
