"""When a run takes more, what it learns on the way, and that it waits for all it took: its looks end one by one."""

import json
from collections.abc import Callable
from concurrent.futures import ALL_COMPLETED, FIRST_COMPLETED, Executor, Future
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from poll_operation import poller
from teams_numbers.contracts import Action, Outcome
from teams_numbers.in_flight import InFlight
from teams_numbers.questions import Busy, Claimed
from teams_numbers.queues import Message
from teams_numbers.work_item import Order, Verdict
from tests.reliability.world import LogTap
from tests.values import NOW, NUMBER, settings, work_item

ORDER = Order(action=Action.ASSIGN, telephone_number=NUMBER, sent_at=NOW)


class Scene(Executor):
    """A run's surroundings, its workers among them: a look ends where the run waits for one.

    Args:
        batches: how many items each receive gives; none after the last.
        length: how many items the work list holds.
        turns: after how many receives Graph throttles.
        known: whether the process knows what is in flight.

    Attributes:
        taken: for each receive, how many looks had ended by then.
        expected: how many questions the inventory was told to expect.
        counted: how often the work list was asked for its length.
        seconds: what the clock says; it stands still.
        item: what an item is besides: by itself it has an order.
    """

    def __init__(self, *batches: int, length: int = 0, turns: int = 99, known: bool = True) -> None:
        self._batches, self._length, self._turns = list(batches), length, turns
        self._running: list[Future[Any]] = []
        self.ended, self.counted, self.seconds = 0, 0, 0.0
        self.taken: list[int] = []
        self.expected: list[int] = []
        self.item: dict[str, Any] = {}
        self.settings = settings(POLL_WORKERS=8, GRAPH_REQUESTS_PER_SECOND=8)
        self.in_flight = InFlight(self.settings, cast("Any", self))
        if known:
            self.in_flight.all_noted()
        self.queues = SimpleNamespace(operations=self, requests=SimpleNamespace(length=lambda: 0))
        self.clock = self.graph = self
        self.inventory = SimpleNamespace(expect=self.expected.append)

    def monotonic(self) -> float:
        return self.seconds

    def now(self) -> Any:
        return NOW

    @property
    def closed_for(self) -> float:
        return float(len(self.taken) >= self._turns)

    def receive(self, _lease: float, _most: int) -> list[Message]:
        """Give the next batch: items for one number each, whose order may be running."""
        self.taken.append(self.ended)
        places = range(self._batches.pop(0) if self._batches else 0)
        numbers = [f"{NUMBER[:-2]}{place:02}" for place in places]
        return [Message(number, "receipt", 1, NOW, work_item(touched=(number,)).to_text()) for number in numbers]

    def length(self) -> int:
        self.counted += 1
        return self._length

    def submit[**P, T](self, _: Callable[P, T], /, *_args: P.args, **_more: P.kwargs) -> Future[T]:
        """Begin a look."""
        future: Future[Any] = Future()
        self._running.append(future)
        return future

    def wait(self, working: set[Future[Any]], return_when: str = ALL_COMPLETED) -> tuple[Any, Any]:
        """End one look, or all; each is of a younger request than the one before it."""
        done = self._running[: 1 if return_when == FIRST_COMPLETED else None]
        self._running = self._running[len(done) :]
        for future in done:
            self.ended += 1
            known: dict[str, Any] = {"received_at": NOW - timedelta(minutes=60 - self.ended), "order": ORDER}
            future.set_result(("succeeded", work_item(**known | self.item)))
        return set(done), working - set(done)

    def run(self, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
        """Run to the end; return the run's line."""
        lines: list[dict[str, Any]] = []
        monkeypatch.setattr(poller, "wait", self.wait)
        with LogTap(lambda line: lines.append(json.loads(line))):
            poller.run(cast("Any", self), make_workers=lambda *_: self)
        return lines[-1]


def test_a_run_takes_more_while_a_quarter_of_its_threads_is_busy_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(1, 1, 8, 1)
    line = scene.run(monkeypatch)
    assert scene.taken == [0, 0, 0, 8, 9], "with two of eight busy, and never when it found none"
    assert scene.expected == [1, 1, 8, 1, 0]
    assert (line["endedBy"], line["received"], line["succeeded"]) == ("empty", 11, 11)
    assert line["oldestAgeSeconds"] == 59 * 60


@pytest.mark.parametrize(
    ("item", "age"),
    [
        ({"fields": {"notBefore": (NOW - timedelta(minutes=2)).isoformat()}}, 120),
        ({"order": None}, 0),
        ({"verdict": Verdict(outcome=Outcome.SUCCEEDED, completed_at=NOW, told=True)}, 0),
    ],
    ids=["was planned for later", "has no order", "has ended"],
)
def test_the_oldest_order_s_age_is_its_own(monkeypatch: pytest.MonkeyPatch, item: dict[str, Any], age: int) -> None:
    """The alert on it speaks of orders: a request that waited for its day, or waits for a license, is none."""
    scene = Scene(1)
    scene.item = item
    assert scene.run(monkeypatch)["oldestAgeSeconds"] == age


def claimed(scene: Scene) -> Claimed | Busy:
    """Return what another request for the second number hears."""
    person = "11111111-2222-4333-8444-555555555555"
    other = work_item(fields={"assignmentTargetId": person, "requestId": "other"})
    return scene.in_flight.claim("other", other, (f"{NUMBER[:-2]}01",))


def test_a_run_that_has_seen_the_whole_work_list_knows_what_is_in_flight(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(3, length=3, known=False)
    scene.run(monkeypatch)
    assert claimed(scene) == Busy("inFlight")
    before = scene.counted
    scene.run(monkeypatch)
    assert scene.counted == before + 1, "for the line of the log alone"


def test_a_run_that_has_not_seen_it_waits_until_all_is_due_again(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(3, 3, length=4, turns=1, known=False)
    scene.seconds = 10 * scene.settings.lease_seconds
    scene.run(monkeypatch)
    assert isinstance(heard := claimed(scene), Busy)
    assert heard.reason == "starting", "there was more that was due"
    scene = Scene(3, length=4, known=False)
    scene.run(monkeypatch)
    assert not scene.in_flight.knows_all, "an item may be leased to a process that died"
    scene.seconds = 10 * scene.settings.lease_seconds
    scene.run(monkeypatch)
    assert scene.in_flight.knows_all
