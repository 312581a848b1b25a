"""What goes wrong between the app and everybody else: a 5 % chance each at every step, and more of it in bursts."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any, Final

import requests
from azure.core.exceptions import ClientAuthenticationError, ServiceRequestError, ServiceResponseError

from local.queues.errors import refused
from tests.reliability.world import EVENTS, HOST_LEASE, OPERATIONS, REQUESTS, UNASSIGNMENTS, Crash

if TYPE_CHECKING:
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
    ("page-shifted-back", "page-shifted-on", "page-cut-off", "page-empty"),
)
GRAPH_FAULTS: Final = {name: CHANCE / len(group) for group in _GROUPS for name in group}
#: One delivery calls the queues about so often; a second worker takes the same message in 5 % of the deliveries.
_STEPS: Final = 4
#: The process dies at so many of all steps.
_CRASH: Final = 0.001
_HOUR: Final = timedelta(hours=1)
#: Every so many hours something is down; in minutes, for how long.
_BURST_CHANCE, _BURST_MINUTES = 0.25, (1, 5, 20, 60)
#: In an hour that is calm, nothing but a burst goes wrong; in others, all of it or a fifth.
_WEATHER: Final = (0.0, 0.2, 1.0, 1.0)
_DOWN: Final = (REQUESTS, OPERATIONS, EVENTS, UNASSIGNMENTS, "storage", "identity", "Graph", "forbidden")


@dataclass(slots=True)
class Faults:
    """Stands around every act of a `World` and lets it fail; `counts` says how often and how.

    Args:
        world: whose acts they are.
        rng: decides.
        plan: how Graph behaves besides, by the emulator's names.
    """

    world: "World"
    rng: Random
    plan: dict[str, Any] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    _weather: float = 1.0
    _down: str = ""
    _down_from: datetime | None = None
    _down_until: datetime | None = None
    _nested: bool = False

    def begin_hour(self) -> None:
        """Draw what the coming hour is like."""
        self._weather = self.rng.choice(_WEATHER)
        now = self.world.clock.now()
        change: dict[str, Any] = {
            "faults": {name: chance * self._weather for name, chance in GRAPH_FAULTS.items()},
            "seed": self.rng.getrandbits(32),
            "showRunning": self.rng.random() < 0.8,
        }
        # Two in a row would be one of two hours.
        self._down = ""
        if (self._down_until is None or self._down_until <= now) and self.rng.random() < _BURST_CHANCE:
            self._down = self.rng.choice(_DOWN)
            self._down_from = now + self.rng.random() * _HOUR
            self._down_until = self._down_from + timedelta(minutes=self.rng.choice(_BURST_MINUTES))
            self.counts[f"{self._down} down for minutes to an hour"] += 1
            if self._down == "forbidden":
                change["forbiddenUntil"] = self._down_until.isoformat()
        self.world.emulator.change(self.plan | change)

    def calm(self) -> None:
        """Let nothing go wrong any more."""
        self._weather, self._down = 0.0, ""
        self.world.emulator.change(self.plan | {"faults": {}})

    def __call__(self, step: str, act: Callable[[], Any]) -> Any:
        """Perform an act, or fail at it."""
        operation, _, what = step.partition(" ")
        self._down_now(operation, what, step)
        if operation == "receive":
            return self._receive(what, act)
        look = self.world.notes.look
        own = operation not in {"GET", "POST"} and look is not None and not self._nested
        if own and look is not None and self._hit("stands still until its lease is over", CHANCE / _STEPS):
            self._let_another_work(look.room)
        match operation:
            case "send" if self._hit("send fails before it took effect"):
                raise ServiceRequestError(step)
            case "send" if self._hit("send fails after it took effect"):
                act()
                raise ServiceResponseError(step)
            case "update" if self._hit("update fails after it took effect"):
                act()
                raise ServiceResponseError(step)
            case "update" | "delete" if self._hit("lease gone"):
                raise refused(self.rng.choice(["PopReceiptMismatch", "MessageNotFound"]))
            case "GET" if what == "token" and self._hit("token endpoint down once"):
                raise ClientAuthenticationError(step)
        done = act()
        if self._hit("process dies", _CRASH):
            raise Crash
        return done

    def _down_now(self, operation: str, what: str, step: str) -> None:
        """Fail where what is called is down now."""
        if not self._down or self._down_from is None or self._down_until is None:
            return
        if not self._down_from <= self.world.clock.now() < self._down_until:
            return
        graph = operation in {"GET", "POST"}
        if self._down == "identity" and what == "token":
            raise ClientAuthenticationError(step)
        if self._down == "Graph" and graph and what != "token":
            raise self.rng.choice([requests.ConnectTimeout, requests.ConnectionError])(step)
        if not graph and self._down in {what, "storage"}:
            raise ServiceRequestError(step)

    def _receive(self, queue: str, act: Callable[[], Any]) -> Any:
        if self._hit("receive fails"):
            raise ServiceRequestError(queue)
        return act()

    def _let_another_work(self, room: str) -> None:
        """Let the process stand still until its leases are over, and another work on what is due by then."""
        world = self.world
        self._nested = True
        try:
            if room == REQUESTS:
                world.clock.advance(HOST_LEASE)
                world.deliver(world.process())
            else:
                world.clock.advance(world.settings.lease_seconds)
                world.poll(world.process())
        finally:
            self._nested = False

    def _hit(self, name: str, chance: float = CHANCE) -> bool:
        hit = self.rng.random() < chance * self._weather
        self.counts[name] += hit
        return hit
