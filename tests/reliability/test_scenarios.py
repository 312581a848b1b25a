"""Each target of the scenarios can fail: one product, broken on purpose, for each."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from azure.core.exceptions import AzureError

from poll_operation import item as work
from poll_operation import poller
from teams_numbers import failures, lifecycle, orders, outbox, pages, wishes
from teams_numbers.answers import Listing, Refused
from teams_numbers.in_flight import InFlight
from teams_numbers.look import Look, Steps
from teams_numbers.questions import Claimed, Decision
from teams_numbers.queues import Queue
from teams_numbers.records import NumberRecord
from teams_numbers.standings import InTheWay, Standing
from teams_numbers.work_item import Order, WorkItem
from tests.exploration import removals
from tests.exploration.explore import Found
from tests.reliability import disturbances, explored, scenarios
from tests.reliability.targets import Target
from tests.without_rules import stored_later, taken_back_unread

#: What stands in the app's place: the owner, the name there, the replacement.
type Patch = tuple[Any, str, Any]


@dataclass(frozen=True)
class Broken:
    """A product that is broken on purpose.

    Attributes:
        what: is wrong with it.
        patches: make it so.
        run: the scenario that shows it.
        missed: words of each target that it misses.
    """

    what: str
    patches: Sequence[Patch]
    run: Callable[[], list[Target]]
    missed: Sequence[str]

    @contextmanager
    def product(self) -> Iterator[None]:
        """Run this product."""
        with ExitStack() as stack:
            for owner, name, replacement in self.patches:
                stack.enter_context(patch.object(owner, name, replacement))
            yield


def _again() -> list[Target]:
    return scenarios.again_targets(scenarios.leavers_again(1, short=True))


def _brake() -> list[Target]:
    return scenarios.brake_targets(scenarios.brake(1, 6, 2, hours=29))


def _crowd() -> list[Target]:
    return scenarios.crowd_targets(scenarios.crowd(1, 20, 15, 60))


def _lists() -> list[Target]:
    return disturbances.list_targets(disturbances.wrong_lists(1, 10, 11, ("cut off", "empty")))


def _outages() -> list[Target]:
    return disturbances.outage_targets(disturbances.outages(1, 10, (0, 20)))


def _states() -> list[Target]:
    return explored.targets(explored.run(short=True))


def _never_unassigns(_look: Look, _person: str, number: str, shown_at: datetime) -> Steps[Standing]:
    """Find something in the way of every unassignment."""
    yield from ()
    return InTheWay(failures.NUMBER_PROTECTED, number, shown_at, certain=True)


def _one_page(reader: pages.Pages, most: int | None) -> list[NumberRecord] | None:
    """Take what one page has for the whole list."""
    asked = reader._graph.numbers(top=most or pages.PAGE)
    return list(pages.records_of(asked)) if isinstance(asked, Listing) else None


def _fails_at_once(look: Look, standing: Any) -> Decision:
    """Fail for whatever is in the way."""
    return look.fail(standing.failure, standing.message)


def _believes_a_refusal(look: Look, _answer: Refused, _order: Order | None) -> Steps[Decision | None]:
    """Take a number that is assigned already for the person's own."""
    yield from ()
    return look.succeed("The number is assigned.")


def _claims_all(_self: InFlight, _id: str, _item: WorkItem, wanted: tuple[str, ...]) -> Claimed:
    """Let everybody take the first number of the pool."""
    return Claimed(min(wanted, default=None))


def _sets_aside_what_fails(message: Any, services: Any, ends: float) -> Any:
    result = work.handle(message, services, ends)
    if result[0] == "errors":
        services.queues.operations.set_aside(message.text)
    return result


def _unheard(*_: object, **__: object) -> None:
    """Say nothing."""


_SEND = Queue.send


def _sent_or_not(queue: Queue, *arguments: Any, **options: Any) -> None:
    """Take a message that could not be stored for stored."""
    try:
        _SEND(queue, *arguments, **options)
    except AzureError:
        return


class _NeverRaised(Exception):  # noqa: N818 - it is none
    """What the app's own storage does not raise."""


_NO_BRAKE = [(work._WorkList, "brake", lambda _room: False)]
_FAILS = [(work, "AzureError", _NeverRaised), (work, "_FAILING", timedelta(0))]

BROKEN = (
    Broken("no guard", [(wishes, "_take_back", taken_back_unread)], _again, ["taken from the new holder"]),
    Broken("never unassigns", [(wishes, "_take_back", _never_unassigns)], _again, ["given before", "both people"]),
    Broken("counts afterwards", [(work._WorkList, "brake", removals.counted_after)], _brake, ["sent within a day"]),
    Broken("a brake that never lets go", _NO_BRAKE, _brake, ["is what stops it", "of a release", "once the limit"]),
    Broken(
        "a deadline for what waits for a person",
        [(WorkItem, "due_from", property(lambda item: item.received_at))],
        _brake,
        ["while it waits for a person", "of a release", "once the limit"],
    ),
    Broken(
        "fails at what is in the way",
        [(lifecycle, "in_the_way", _fails_at_once)],
        _crowd,
        ["for poolEmpty", "ended Failed"],
    ),
    Broken(
        "everybody's pick is the same, and a refusal counts as success",
        [(InFlight, "claim", _claims_all), (orders, "refused", _believes_a_refusal)],
        _crowd,
        ["distinct", "at the end", "for poolEmpty", "orders sent"],
    ),
    Broken(
        "takes a page for the whole list, and believes it at once",
        [
            (pages.Pages, "read", _one_page),
            (lifecycle, "believed", lambda *_: None),
            (lifecycle, "in_the_way", _fails_at_once),
        ],
        _lists,
        ["otherwise", "nobody asked for"],
    ),
    Broken("tells nobody", [(outbox, "tell", _unheard)], _lists, ["lost"]),
    Broken("takes for stored what is not", [(Queue, "send", _sent_or_not)], _outages, ["lost", "nobody asked for"]),
    Broken("decides in an outage", _FAILS, _outages, ["otherwise", "nobody asked for"]),
    Broken("sets aside in an outage", [(poller, "handle", _sets_aside_what_fails)], _outages, ["set aside"]),
    Broken("an order not stored", [(work._WorkList, "store", stored_later)], _states, ["promises broken"]),
)


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.what)
def test_a_broken_product_misses_its_targets(broken: Broken) -> None:
    with broken.product():
        figures = broken.run()
    missed = [target.name for target in figures if not target.holds]
    assert [words for words in broken.missed if not any(words in name for name in missed)] == [], missed


def test_a_scenario_that_did_not_happen_misses_its_target() -> None:
    """Nothing was given, no list was wrong, no outage struck, a world was left half explored, or nothing ended."""
    again = scenarios.again_targets([scenarios.Again(held=False, taken=0, succeeded=True)])
    waves = disturbances.wrong_lists(1, 10, 1, ("as they are", "cut off"))
    calm = {name: replace(one, disturbed=0) for name, one in waves.items()}
    none_wrong = disturbances.list_targets(calm)
    none_out = disturbances.outage_targets({f"{name}, 0 s after": calm["cut off"] for name in disturbances.OUTAGES})
    half = explored.targets({"a world": Found(states=0, moves=0, ends=0, ticks=1, whole=False)})
    missed = [target.name.partition(": ")[2] for target in (*again, *none_wrong, *none_out, *half) if not target.holds]
    assert missed == [
        "given before it arrives",
        "lists that were wrong, of the kind that was least so",
        "kinds that struck",
        "worlds explored until no new state appeared",
        "worlds in which everything ends",
        "states",
        "moves from one state to another",
    ]
