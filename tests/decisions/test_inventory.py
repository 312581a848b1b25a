"""What is so is asked once where that is enough: by single reads or by pages, never older than was asked for."""

import json
import threading
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest

from local.clock import SimulatedClock
from teams_numbers.answers import Listing, Unclear
from teams_numbers.graph import FILTERED_PAGES
from teams_numbers.inventory import Inventory
from teams_numbers.pages import LIST_MOST, PAGE
from teams_numbers.pools import read_pools
from teams_numbers.questions import Reading
from tests.values import USER

if TYPE_CHECKING:
    from collections.abc import Callable

POOLS = read_pools(
    json.dumps(
        {
            "seattle": {"numberType": "operatorConnect", "numbers": [{"startsWith": "+12060"}]},
            "berlin": {"numberType": "directRouting", "numbers": [{"from": "+493012345000", "to": "+493012345009"}]},
        }
    )
)
NUMBER, OTHER = "+12060000001", "+12060000002"


def entry(number: str, person: str | None = None) -> dict[str, Any]:
    held = {"assignmentTargetId": person, "assignmentStatus": "userAssigned"} if person else {}
    return {"telephoneNumber": number, "numberType": "operatorConnect", "assignmentStatus": "unassigned"} | held


class Graph:
    """A list of numbers that is longer than a page, unless a test says otherwise.

    Attributes:
        listed: its numbers.
        singles: the filters of each filtered call, with what else was asked.
        pages: how often the whole list was asked for, page by page.
        rule: returns the answer to a filtered call, or None for the usual one.
    """

    def __init__(self, clock: SimulatedClock, size: int = 2500) -> None:
        self._clock = clock
        self.listed = [entry(f"+1206{place:07}") for place in range(size)]
        self.listed[1] = entry(NUMBER, USER)
        self.singles: list[Any] = []
        self.pages = 0
        self.broken = False
        self.meanwhile: Callable[[], object] = lambda: None
        self.rule: Callable[[Any], Any] = lambda _asked: None

    def numbers(
        self, filters: Any = None, *, capability: str | None = None, top: int | None = None, skip: int = 0
    ) -> Any:
        if filters is None:
            self.pages += top != 10
            self.meanwhile()
            if self.broken:
                return Unclear("status 500")
            rest = tuple(self.listed[skip : skip + (top or 500)])
            over = skip + len(rest) >= len(self.listed)
            return Listing(rest, complete=over, next=None if over else "more")
        asked = (dict(filters), capability, top, skip) if top else dict(filters)
        self.singles.append(asked)
        self._clock.advance(0.5)
        if (special := self.rule(asked)) is not None:
            return special
        wanted = set(filters.items())
        return Listing(tuple(one for one in self.listed if wanted <= one.items()))


class Asked:
    """An inventory and the Graph it asks."""

    def __init__(self, size: int = 2500) -> None:
        self.clock = SimulatedClock()
        self.graph = Graph(self.clock, size)
        self.inventory = Inventory(cast("Any", self.graph), POOLS, self.clock)
        self.clock.advance(1000)

    def number(self, number: str = NUMBER, age: float = 0, *, alone: bool = False) -> Reading:
        """Read a number, as it was so many seconds ago or later."""
        answer = self.inventory.number(number, self.clock.now() - timedelta(seconds=age), alone=alone)
        assert isinstance(answer, Reading)
        return answer

    def learn(self) -> None:
        """Let it find out that the list is longer than a page."""
        self.number("+12060000900")
        self.clock.advance(100)
        self.graph.pages = 0
        self.graph.singles.clear()


def test_a_number_and_a_persons_numbers_are_read_by_graphs_filters() -> None:
    asked = Asked()
    asked.learn()
    began = asked.clock.now()
    reading = asked.number()
    assert (reading.at, reading.shared) == (began, False), "it dates from before it was asked"
    assert [found.target for found in reading.records] == [USER]
    theirs = asked.inventory.person(USER, asked.clock.now())
    assert isinstance(theirs, Reading)
    assert [found.telephone_number for found in theirs.records] == [NUMBER]
    assert asked.graph.singles == [{"telephoneNumber": NUMBER}, {"assignmentTargetId": USER}]
    assert asked.number("+12069999999").records == ()


def test_a_reading_that_is_young_enough_is_not_asked_for_again() -> None:
    asked = Asked()
    asked.learn()
    first = asked.number()
    asked.clock.advance(10)
    age = (asked.clock.now() - first.at).total_seconds()
    assert asked.number(age=age) is first
    assert asked.number(age=age, alone=True) is first
    assert asked.number(age=age - 0.001) is not first
    assert len(asked.graph.singles) == 2


@pytest.mark.parametrize("size", [2, 2500], ids=["from the list", "alone"])
@pytest.mark.parametrize("seconds", [3600, 20])
def test_what_was_read_before_the_clock_was_set_back_is_not_young_again(size: int, seconds: float) -> None:
    asked = Asked(size)
    asked.learn()
    asked.number()
    asked.graph.listed[1] = entry(NUMBER)
    asked.clock.advance(10)
    asked.clock.set_back(seconds)
    assert [found.target for found in asked.number(age=5).records] == [None]
    asked.graph.listed[1] = entry(NUMBER, OTHER)
    asked.clock.advance(10)
    assert [found.target for found in asked.number(age=5).records] == [OTHER]


@pytest.mark.parametrize(("seconds", "calls"), [(0.9, 1), (1.1, 2)])
def test_a_clock_that_is_set_back_by_less_than_a_second_costs_no_call(seconds: float, calls: int) -> None:
    asked = Asked()
    asked.learn()
    asked.number()
    asked.clock.set_back(seconds)
    asked.number(age=60)
    assert len(asked.graph.singles) == calls


def test_a_number_that_is_listed_twice_counts_once_and_in_two_ways_not_at_all() -> None:
    """Who went by the first entry would take a number from the holder that the second one names."""
    asked = Asked()
    asked.graph.rule = lambda _: Listing((entry(NUMBER, USER), entry(NUMBER, USER)))
    assert len(asked.number().records) == 1
    asked.graph.rule = lambda _: Listing((entry(NUMBER, USER), entry(NUMBER, USER[::-1])))
    assert isinstance(asked.inventory.number(NUMBER, asked.clock.now(), alone=True), Unclear)
    assert isinstance(asked.inventory.person(USER, asked.clock.now()), Unclear)


def test_what_could_not_be_read_is_asked_for_again() -> None:
    asked = Asked()
    asked.learn()
    asked.graph.rule = lambda _asked: Unclear("status 500")
    for _ in range(2):
        assert asked.inventory.number(NUMBER, asked.clock.now() - timedelta(hours=1)) == Unclear("status 500")
    assert len(asked.graph.singles) == 2


def test_four_thousand_answers_are_remembered_and_the_one_asked_longest_ago_is_forgotten() -> None:
    asked = Asked()
    asked.learn()
    hours = 10_000_000.0
    asked.graph.rule = lambda _asked: Listing(())
    for place in range(4096):
        asked.number(f"+4930{place:06}", alone=True)
    asked.number("+4930000000", alone=True)  # asked anew: it is the youngest now
    asked.number("+4940", alone=True)
    asked.graph.singles.clear()
    asked.number("+4930000000", age=hours, alone=True)
    asked.number("+4940", age=hours, alone=True)
    assert asked.graph.singles == []
    assert len(asked.inventory._singles) == 4096
    asked.number("+4930000001", age=hours, alone=True)
    assert len(asked.graph.singles) == 1


def test_one_page_answers_all_where_the_list_is_no_longer() -> None:
    asked = Asked(size=700)
    assert asked.number().records[0].target == USER
    theirs = asked.inventory.person(USER, asked.clock.now() - timedelta(seconds=5))
    assert isinstance(theirs, Reading)
    assert [found.telephone_number for found in theirs.records] == [NUMBER]
    nobodys = asked.inventory.person("nobody", asked.clock.now() - timedelta(seconds=5))
    assert isinstance(nobodys, Reading)
    assert nobodys.records == ()
    assert asked.number("+4930", age=5).records == ()
    assert asked.graph.singles == []
    assert asked.graph.pages == 1
    asked.number(alone=True)
    assert len(asked.graph.singles) == 1


def test_so_many_questions_as_pages_within_ten_seconds_are_answered_by_the_pages() -> None:
    asked = Asked()
    asked.learn()
    for place in range(4):
        asked.number(f"+120600000{place}0")
    assert asked.graph.pages == 0
    asked.number()
    assert asked.graph.pages == 3
    assert len(asked.graph.singles) == 4


def test_questions_that_are_further_apart_are_read_one_by_one() -> None:
    asked = Asked()
    asked.learn()
    for place in range(8):
        asked.number(f"+120600000{place}0")
        asked.clock.advance(2.0)
    assert asked.graph.pages == 0
    for place in range(4):
        asked.number(f"+120600000{place}1", alone=True)
    asked.number(f"+120600000{place}2")
    assert asked.graph.pages == 3, "what is asked alone counts, too"


def test_questions_that_are_due_count_before_they_are_asked() -> None:
    asked = Asked()
    asked.learn()
    asked.inventory.expect(3)
    asked.number()
    assert asked.graph.pages == 0
    asked.inventory.expect(4)
    reading = asked.number()
    assert asked.graph.pages == 3
    assert reading.shared


def test_as_many_questions_as_there_are_pages_are_needed() -> None:
    asked = Asked(size=5500)
    asked.learn()
    asked.inventory.expect(1)
    for count in (2, 5):  # it does not know yet how long the list is
        asked.inventory.expect(4)
        asked.number(f"+12060000{count}00")
    assert asked.graph.pages == 6
    asked.clock.advance(3600)
    asked.graph.pages = 0
    asked.inventory.expect(5)
    asked.number(age=0)
    assert asked.graph.pages == 0
    asked.inventory.expect(6)
    asked.number(age=0)
    assert asked.graph.pages == 6


def test_pages_that_paid_off_are_read_again_within_forty_seconds() -> None:
    for hits, pause, again in ((3, 39.9, True), (2, 39.9, False), (3, 40, False)):
        asked = Asked()
        asked.learn()
        asked.inventory.expect(4)
        for place in range(hits):
            asked.number(f"+120600000{place}0", age=10)
        asked.inventory.expect(0)
        asked.graph.pages = 0
        asked.clock.advance(pause)
        asked.number()
        assert asked.graph.pages == (3 if again else 0), (hits, pause)


@pytest.mark.parametrize("early", [0.0, 0.001])
def test_a_list_that_cannot_be_had_is_left_alone_for_ever_longer_up_to_an_hour(early: float) -> None:
    asked = Asked()
    asked.learn()
    asked.inventory.expect(100)
    asked.graph.broken = True
    failed_at = asked.clock.now()
    asked.number()
    assert asked.graph.pages == 1
    for pause in (30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600, 3600, 3600):
        asked.clock.advance_to(failed_at + timedelta(seconds=pause - early))
        asked.graph.pages, now = 0, asked.clock.now()
        asked.number()
        assert asked.graph.pages == (0 if early else 1), pause
        failed_at = now
        if early:
            return


@pytest.mark.parametrize(("seconds", "again"), [(2.5, True), (2.6, False)])
def test_a_list_that_takes_longer_than_ten_seconds_answers_who_waited_and_is_then_left_alone(
    *, seconds: float, again: bool
) -> None:
    """It is too old for most questions when it has come. The first list takes a fourth call, for its end."""
    asked = Asked()
    asked.learn()
    asked.inventory.expect(100)
    asked.graph.meanwhile = lambda: asked.clock.advance(seconds)
    asked.number()
    assert (asked.graph.pages, asked.graph.singles) == (3, [])
    for pages in (6, 9) if again else (3,):
        asked.clock.advance(20)
        asked.number()
        assert asked.graph.pages == pages


def test_after_a_list_that_was_had_the_pauses_begin_anew() -> None:
    asked = Asked()
    asked.learn()
    asked.inventory.expect(100)
    for broken, pause in ((True, 30), (True, 60), (False, 50), (True, 30), (True, 60)):
        asked.graph.broken, asked.graph.pages = broken, 0
        began = asked.clock.now()
        asked.number()
        assert asked.graph.pages == (1 if broken else 3)
        asked.clock.advance_to(began + timedelta(seconds=pause))


def test_questions_that_pages_have_answered_are_due_no_more() -> None:
    asked = Asked()
    asked.learn()
    for place in range(4):
        asked.number(f"+120600000{place}0")
    asked.number()
    assert asked.graph.pages == 3
    asked.clock.advance(1)
    asked.number()
    assert asked.graph.pages == 3


def test_who_waits_while_another_reads_the_list_shares_it() -> None:
    asked = Asked()
    asked.learn()
    asked.inventory.expect(100)
    found: list[Reading] = []
    since = asked.clock.now()

    def come() -> None:
        answer = asked.inventory.number(NUMBER, since)
        assert isinstance(answer, Reading)
        found.append(answer)

    other = threading.Thread(target=come)

    def meanwhile() -> None:
        if not other.ident:
            other.start()
            time.sleep(0.1)

    asked.graph.meanwhile = meanwhile
    asked.number(age=0)
    other.join()
    assert asked.graph.pages == 3
    assert [reading.shared for reading in found] == [True]
    assert asked.graph.singles == []


def test_no_more_than_a_thousand_questions_are_counted_and_each_person_has_an_answer_of_their_own() -> None:
    asked = Asked()
    asked.learn()
    asked.graph.rule = lambda _asked: Listing(())
    for place in range(1500):
        asked.number(f"+4930{place:06}", alone=True)
    assert len(asked.inventory._asked) == 1024
    asked.graph.rule = lambda _asked: None
    asked.clock.advance(100)
    for person, count in ((USER, 1), ("somebody", 0)):
        answer = asked.inventory.person(person, asked.clock.now() - timedelta(seconds=50))
        assert isinstance(answer, Reading)
        assert len(answer.records) == count


def test_a_list_that_is_longer_than_was_thought_is_no_failure() -> None:
    asked = Asked()
    asked.inventory.expect(10)
    asked.number()
    assert asked.graph.pages == 1
    asked.number("+12060000005")
    assert asked.graph.pages == 4


def test_a_pool_is_read_from_the_page_once_and_remembered_with_it() -> None:
    asked = Asked(size=700)
    asked.graph.listed += [entry("+493012345001", USER), entry("+4940123")]
    first = asked.inventory.pool("berlin", asked.clock.now())
    assert isinstance(first, Reading)
    assert [found.telephone_number for found in first.records] == ["+493012345001"]
    again = asked.inventory.pool("berlin", asked.clock.now())
    assert isinstance(again, Reading)
    assert again.records is first.records
    seattle = asked.inventory.pool("seattle", asked.clock.now())
    assert isinstance(seattle, Reading)
    assert len(seattle.records) == 700
    assert asked.graph.singles == []


def test_a_pool_that_is_asked_for_alone_is_read_by_its_filters_and_remembered() -> None:
    asked = Asked()
    asked.learn()
    began = asked.clock.now()
    reading = asked.inventory.pool("seattle", began)
    assert isinstance(reading, Reading)
    assert reading.at == began
    assert len(reading.records) == 2499, "the free ones"
    filters = {"numberType": "operatorConnect", "assignmentStatus": "unassigned"}
    assert asked.graph.singles == [(filters, "userAssignment", PAGE, 0)]
    assert asked.inventory.pool("seattle", began) is reading
    asked.clock.advance(1)
    assert asked.inventory.pool("seattle", asked.clock.now()) is not reading


def test_of_a_direct_routing_range_those_that_are_held_must_be_known_too() -> None:
    asked = Asked()
    asked.learn()
    held = entry("+493012345001", USER) | {"numberType": "directRouting"}
    asked.graph.rule = lambda _asked: Listing((held, entry("+4940123")))
    reading = asked.inventory.pool("berlin", asked.clock.now())
    assert isinstance(reading, Reading)
    assert [found.telephone_number for found in reading.records] == ["+493012345001"]
    assert asked.graph.singles == [({"numberType": "directRouting"}, None, PAGE, 0)]


def test_a_pool_of_more_than_twenty_pages_is_read_on_from_there() -> None:
    asked = Asked()
    asked.learn()
    most = PAGE * FILTERED_PAGES
    whole: tuple[dict[str, Any], ...] = ({"telephoneNumber": NUMBER}, *({},) * (most - 1))

    def pages(asked_for: Any) -> Any:
        skip = asked_for[3]
        return Listing(whole, complete=False) if skip < 2 * most else Listing(({"telephoneNumber": f"{NUMBER}9"},))

    asked.graph.rule = pages
    reading = asked.inventory.pool("seattle", asked.clock.now())
    assert isinstance(reading, Reading)
    assert [one[3] for one in asked.graph.singles] == [0, most, 2 * most]
    assert [found.telephone_number for found in reading.records] == [NUMBER, f"{NUMBER}9"]


@pytest.mark.parametrize(
    ("size", "calls"),
    [(PAGE * FILTERED_PAGES, LIST_MOST // (PAGE * FILTERED_PAGES)), (PAGE * FILTERED_PAGES - 1, 1), (7, 1)],
)
def test_a_pool_whose_list_does_not_end_is_not_had(size: int, calls: int) -> None:
    asked = Asked()
    asked.learn()
    part: tuple[dict[str, Any], ...] = ({},) * size
    asked.graph.rule = lambda _asked: Listing(part, complete=False)
    assert asked.inventory.pool("seattle", asked.clock.now()) == Unclear("the list broke off")
    assert len(asked.graph.singles) == calls
    asked.graph.rule = lambda _asked: Unclear("status 500")
    assert asked.inventory.pool("seattle", asked.clock.now()) == Unclear("status 500")


@pytest.mark.parametrize("part", [(), (entry(NUMBER, USER),)])
def test_a_single_answer_that_breaks_off_tells_nothing_of_what_it_does_not_show(
    part: tuple[dict[str, Any], ...],
) -> None:
    """The rest of a leaver's numbers would stay, and a number whose entry cannot be used would read as free."""
    asked = Asked()
    asked.learn()
    asked.graph.rule = lambda _asked: Listing(part, complete=False)
    now = asked.clock.now()
    for answer in (asked.inventory.number(NUMBER, now, alone=True), asked.inventory.person(USER, now)):
        assert answer == Unclear("the list broke off")
