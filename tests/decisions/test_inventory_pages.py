"""Pages may shift, repeat, miss, lag or break off: that changes what an answer costs, never what is believed."""

import gc
import json
import tracemalloc
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import pytest

from local.graph.inventory import good_numbers
from teams_numbers.inventory import Inventory
from teams_numbers.questions import Reading
from tests.reliability.world import World

_FAULTS: Final = ("page-shifted-back", "page-shifted-on", "page-cut-off", "page-empty")
_WAVE, _MINUTE = 24, timedelta(minutes=1)
_EVERY: Final = [number for number in good_numbers() if int(number[2:5]) < 222]
#: Numbers of every page of the list, its first and its last one among them, and as many persons.
_NUMBERS: Final = [_EVERY[place * (len(_EVERY) - 1) // (_WAVE - 1)] for place in range(_WAVE)]
_PERSONS: Final = [str(uuid.UUID(int=place + 10**9)) for place in range(_WAVE)]
#: A person's second number may be accepted here, so that only what the app reads keeps it from that.
_PLAN: Final = {"inventoryAreas": 21, "secondNumber": "both", "operationSeconds": 8}


class Tenant(World):
    """A world that counts what Graph is asked."""

    def __init__(self, **plan: Any) -> None:
        self.asked: Counter[str] = Counter()
        super().__init__(1, self._count)
        self.emulator.change(_PLAN | plan)

    def _count[T](self, step: str, act: Callable[[], T]) -> T:
        self.asked[step] += 1
        return act()

    @property
    def inventory(self) -> Inventory:
        """The process's."""
        return self.services.inventory

    def read(self, number: str, since: datetime | None = None, *, alone: bool = False) -> Reading:
        """Read one number, as anybody may."""
        reading = self.inventory.number(number, since or self.clock.now(), alone=alone)
        assert isinstance(reading, Reading)
        return reading

    def wave(self, numbers: list[str], persons: list[str]) -> Counter[str]:
        """Let requests come at once; return how they ended."""
        for place, (number, person) in enumerate(zip(numbers, persons, strict=True)):
            wish = {"telephoneNumber": number, "assignmentTargetId": person, "numberType": "callingPlan"}
            self.send(json.dumps({"requestId": f"r{place}"} | wish))
        self.run()
        told = [
            (event["type"].rpartition(".")[2], event["data"].get("error", {}).get("code")) for event in self.events()
        ]
        return Counter(code or end for end, code in told)

    @property
    def gets(self) -> int:
        """How often Graph was read."""
        return sum(count for step, count in self.asked.items() if step.startswith("GET") and step != "GET token")

    @property
    def orders(self) -> dict[str, str]:
        """For whom each number was ordered."""
        return {order["telephoneNumber"]: order["assignmentTargetId"] for order in self.emulator.stats()["operations"]}


@pytest.mark.parametrize("share", [0.3, 1.0])
@pytest.mark.parametrize("links", [False, True])
@pytest.mark.parametrize("fault", _FAULTS)
def test_a_wave_ends_as_it_would_with_whole_pages(fault: str, share: float, *, links: bool) -> None:
    tenant = Tenant(faults={fault: share}, nextLink=links)
    assert tenant.wave(_NUMBERS, _PERSONS) == {"Succeeded": _WAVE}
    assert tenant.orders == dict(zip(_NUMBERS, _PERSONS, strict=True))
    assert tenant.emulator.stats()["faults"][fault]
    assert tenant.gets < 12 * _WAVE


@pytest.mark.parametrize("fault", [None, *_FAULTS])
def test_what_a_person_has_by_now_stands_in_the_way_whatever_the_pages_lack(fault: str | None) -> None:
    tenant = Tenant(faults={fault: 0.5} if fault else {})
    assert tenant.wave(_NUMBERS[::2], _PERSONS[::2]) == {"Succeeded": _WAVE // 2}
    tenant.clock.advance(600)
    ends = tenant.wave(_NUMBERS[1::2], _PERSONS[::2])
    assert ends == {"userHasNumber": _WAVE // 2}


@pytest.mark.parametrize("lag", [60, 120, 250])
def test_a_list_that_is_minutes_old_delays_what_it_shows_and_no_more(lag: int) -> None:
    tenant = Tenant(readLagSeconds=lag)
    assert tenant.wave(_NUMBERS, _PERSONS) == {"Succeeded": _WAVE}
    assert len(tenant.orders) == tenant.emulator.stats()["requests"]["assign"] == _WAVE


@pytest.mark.parametrize("share", [0.3, 1.0])
@pytest.mark.parametrize("fault", _FAULTS)
def test_what_a_page_shows_is_so(fault: str, share: float) -> None:
    tenant = Tenant()
    tenant.wave(_NUMBERS[::2], _PERSONS[::2])
    tenant.emulator.change({"faults": {fault: share}})
    truth = dict(zip(_NUMBERS[::2], _PERSONS[::2], strict=True))
    for _ in range(10):
        tenant.clock.advance(60)
        for number in _NUMBERS * 2:
            found = tenant.read(number, tenant.clock.now() - _MINUTE).number(number)
            assert found is None or found.target == truth.get(number)


def test_a_list_that_breaks_off_when_first_read_is_not_believed() -> None:
    tenant = Tenant(faults={"page-cut-off": 0.5})
    shared = 0
    for _ in range(20):
        tenant.restart()
        for number in _NUMBERS[-8:]:
            reading = tenant.read(number, tenant.clock.now() - _MINUTE)
            assert reading.number(number)
            shared += reading.shared
        tenant.clock.advance(60)
    assert shared


def test_a_list_that_never_comes_whole_is_left_alone_ever_longer() -> None:
    tenant = Tenant(faults={"page-shifted-back": 1.0})
    asked: list[int] = []
    for _ in range(60):
        before = tenant.gets
        for number in _NUMBERS:
            assert tenant.read(number).number(number)
        asked.append(tenant.gets - before - _WAVE)
        tenant.clock.advance(60)
    assert asked[0] > 0
    assert sum(asked) < 12 * 3
    tenant.emulator.change({"faults": {}})
    tenant.clock.advance(3600)
    before = tenant.gets
    for number in _NUMBERS:
        tenant.read(number, tenant.clock.now() - _MINUTE)
    assert tenant.gets - before < _WAVE


def test_a_lone_question_reads_its_number_alone_and_many_share_the_pages() -> None:
    tenant = Tenant()
    assert not tenant.read(_NUMBERS[0]).shared  # shows that the list is longer than a page
    before = tenant.gets
    assert not tenant.read(_NUMBERS[1]).shared
    assert tenant.gets == before + 1
    tenant.inventory.expect(_WAVE)
    now = tenant.clock.now()
    assert all(tenant.read(number, now).shared for number in _NUMBERS[2:])
    assert tenant.gets < before + 1 + _WAVE / 2
    asked = tenant.gets
    assert not tenant.read(_NUMBERS[3], tenant.clock.now() + _MINUTE, alone=True).shared
    assert tenant.gets == asked + 1


def test_one_page_answers_a_lone_question_too_and_is_shared_only_from_the_fourth_on() -> None:
    tenant = Tenant(inventoryAreas=9)
    readings = [tenant.read(number, tenant.clock.now() - _MINUTE) for number in _NUMBERS[:6]]
    assert [reading.shared for reading in readings] == [False] * 3 + [True] * 3
    assert tenant.gets == 2  # the page, and whether it was the last


def test_an_answer_is_never_older_than_was_asked_for() -> None:
    tenant = Tenant()
    tenant.inventory.expect(_WAVE)
    tenant.read(_NUMBERS[0])  # shows that the list is longer than a page
    first = tenant.read(_NUMBERS[1])
    tenant.clock.advance(5)
    assert tenant.read(_NUMBERS[2], first.at).at == first.at
    assert tenant.read(_NUMBERS[3]).at >= tenant.clock.now() - timedelta(seconds=2)


def test_twenty_thousand_numbers_fit_in_fifteen_megabytes() -> None:
    tenant = Tenant(inventoryAreas=200)
    for place in range(4500):
        tenant.inventory.number(f"+1201555{place:04}", tenant.clock.now(), alone=True)
    tenant.inventory.expect(200)
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    assert [tenant.read(number).shared for number in _NUMBERS[:2]] == [False, True]
    gc.collect()
    used = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert used < 15e6, used
