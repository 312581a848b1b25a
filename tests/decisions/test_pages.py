"""The whole list, read page by page from a Graph that is a script: had whole, or not at all."""

from collections.abc import Callable
from typing import Any, cast

import pytest

from local.clock import SimulatedClock
from teams_numbers import pages as pages_module
from teams_numbers.answers import Listing, Unclear
from teams_numbers.pages import FEW, LIST_MOST, PAGE, Pages, Snapshot, records_of
from tests.looking import free
from tests.values import NOW


def number(place: int) -> str:
    return f"+1206{place:07}"


def entries(first: int, last: int) -> tuple[dict[str, Any], ...]:
    kind = {"numberType": "callingPlan", "assignmentStatus": "unassigned"}
    return tuple({"telephoneNumber": number(place)} | kind for place in range(first, last))


class Graph:
    """A list of so many numbers, in pages as they were asked for; a rule may answer otherwise.

    Attributes:
        size: how long the list is.
        asked: `(top, skip)` of each call, or the link.
        rule: returns the answer to a call, or None for the usual one.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.asked: list[Any] = []
        self.rule: Callable[[Any], Any] = lambda _asked: None

    def numbers(self, *, top: int, skip: int) -> Any:
        self.asked.append((top, skip))
        if (special := self.rule((top, skip))) is not None:
            return special
        last = min(self.size, skip + top)
        return Listing(entries(skip, last), complete=last == self.size, next="more" if last < self.size else None)

    def numbers_after(self, link: str) -> Any:
        self.asked.append(link)
        return self.rule(link)


def reader(graph: Graph, clock: SimulatedClock | None = None) -> Pages:
    return Pages(cast("Any", graph), clock or SimulatedClock())


def test_a_list_of_one_page_is_read_and_its_end_looked_at_when_it_is_first_read() -> None:
    graph = Graph(700)
    pages = reader(graph)
    assert pages.count == 1
    assert list(pages.read(1) or ()) == [number(place) for place in range(700)]
    assert graph.asked == [(1000, 0), (10, 699)]
    assert pages.count == 1
    pages.read(1)
    assert graph.asked[2:] == [(1000, 0)]


def test_a_list_longer_than_may_be_read_is_not_had_and_said_to_be_longer() -> None:
    pages = reader(Graph(2500))
    assert pages.read(1) is None
    assert pages.count == 2
    assert pages.read(2) is None
    assert pages.count == 3
    assert len(pages.read(None) or ()) == 2500
    assert pages.count == 3


def test_each_page_begins_with_the_last_number_of_the_one_before() -> None:
    graph = Graph(2500)
    assert len(reader(graph).read(None) or ()) == 2500
    assert graph.asked == [(1000, 0), (1000, 999), (1000, 1998), (10, 2499)]


@pytest.mark.parametrize("shift", [-1, 1, 2])
def test_a_list_that_shifts_between_two_pages_is_not_had(shift: int) -> None:
    graph = Graph(2500)
    graph.rule = lambda asked: (
        Listing(entries(asked[1] + shift, asked[1] + shift + 1000), complete=False, next="more")
        if asked == (1000, 999)
        else None
    )
    assert reader(graph).read(None) is None


def test_a_second_page_that_is_empty_is_not_the_end() -> None:
    graph = Graph(2500)
    graph.rule = lambda asked: Listing(()) if asked == (1000, 999) else None
    assert reader(graph).read(None) is None


def test_an_entry_that_cannot_be_read_spoils_the_list() -> None:
    graph = Graph(5)
    graph.rule = lambda _asked: Listing((*entries(0, 4), {"numberType": "x"}))
    assert reader(graph).read(None) is None
    assert len(records_of(Listing((*entries(0, 4), {"numberType": "x"})))) == 4


@pytest.mark.parametrize("after", [700, 1700])
@pytest.mark.parametrize("again", [0, 699])
def test_a_number_that_is_listed_twice_spoils_the_list(again: int, after: int) -> None:
    """The last entry counted: where the two name different holders, that is a guess."""
    graph = Graph(after)
    first, page = max(0, after - 701), entries(max(0, after - 701), after)
    graph.rule = lambda asked: Listing((*page, *entries(again, again + 1))) if asked == (1000, first) else None
    assert reader(graph).read(None) is None


def test_a_refusal_in_the_middle_is_no_list() -> None:
    graph = Graph(2500)
    graph.rule = lambda asked: Unclear("status 500") if asked == (1000, 1998) else None
    assert reader(graph).read(None) is None


@pytest.mark.parametrize(
    "end", [Unclear("status 500"), Listing(entries(699, 700), complete=False), Listing(()), Listing(entries(699, 702))]
)
def test_a_list_whose_end_looks_otherwise_is_not_believed(end: Any) -> None:
    graph = Graph(700)
    graph.rule = lambda asked: end if asked[0] == 10 else None
    assert reader(graph).read(None) is None


def test_a_list_that_got_shorter_by_more_than_twenty_is_looked_at_twice_at_its_end() -> None:
    graph = Graph(700)
    pages = reader(graph)
    for size, looks in ((700, 1), (680, 0), (660, 0), (639, 1), (639, 0), (900, 0)):
        graph.size = size
        graph.asked.clear()
        assert len(pages.read(None) or ()) == size
        assert len(graph.asked) == 1 + looks, size


def test_an_empty_tenant_has_an_empty_list() -> None:
    graph = Graph(0)
    assert reader(graph).read(None) == {}
    assert graph.asked == [(1000, 0), (10, 0)]


def linked(pages: dict[str, Any]) -> Callable[[Any], Any]:
    """Return a rule by which the list is in Graph's own small pages."""
    first = Listing(entries(0, 500), complete=False, next="p1")
    return lambda asked: pages[asked] if isinstance(asked, str) else (first if asked == (1000, 0) else None)


def test_pages_smaller_than_was_asked_for_go_on_where_graph_says() -> None:
    graph = Graph(1200)
    graph.rule = linked(
        {"p1": Listing(entries(500, 1000), complete=False, next="p2"), "p2": Listing(entries(1000, 1200))}
    )
    assert len(reader(graph).read(None) or ()) == 1200
    assert graph.asked == [(1000, 0), "p1", "p2", (10, 1199)]


@pytest.mark.parametrize(("empty", "had"), [(3, True), (4, False)])
def test_three_pages_in_a_row_may_bring_nothing_new(empty: int, *, had: bool) -> None:
    graph = Graph(600)
    between = {f"p{place}": Listing((), complete=False, next=f"p{place + 1}") for place in range(1, empty + 1)}
    graph.rule = linked(between | {f"p{empty + 1}": Listing(entries(500, 600))})
    assert (reader(graph).read(None) is not None) is had


def test_a_first_page_that_is_empty_counts_like_any_other() -> None:
    graph = Graph(100)
    pages = {"p1": Listing((), complete=False, next="p2"), "p2": Listing((), complete=False, next="p3")}
    pages["p3"] = Listing(entries(0, 100))
    nothing = Listing((), complete=False, next="p1")
    graph.rule = lambda asked: pages[asked] if isinstance(asked, str) else (nothing if asked == (1000, 0) else None)
    assert len(reader(graph).read(None) or ()) == 100


def test_a_list_that_goes_on_by_links_does_so_to_its_end_however_large_a_page_is() -> None:
    graph = Graph(1700)
    graph.rule = linked(
        {"p1": Listing(entries(500, 1500), complete=False, next="p2"), "p2": Listing(entries(1500, 1700))}
    )
    assert len(reader(graph).read(None) or ()) == 1700
    assert graph.asked == [(1000, 0), "p1", "p2", (10, 1699)]


def test_pages_with_something_new_in_between_do_not_count_as_empty() -> None:
    graph = Graph(503)
    pages: dict[str, Any] = {}
    for place in range(1, 10):
        fresh = entries(500 + place // 3 - 1, 500 + place // 3) if place % 3 == 0 else ()
        pages[f"p{place}"] = Listing(fresh, complete=place == 9, next=f"p{place + 1}" if place < 9 else None)
    graph.rule = linked(pages)
    assert len(reader(graph).read(None) or ()) == 503


def test_a_list_is_given_up_at_its_bound_and_after_the_time_of_one_call(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (LIST_MOST, PAGE, FEW) == (200_000, 1000, 4)
    with monkeypatch.context() as smaller:
        smaller.setattr(pages_module, "LIST_MOST", 1999)
        graph = Graph(5000)
        assert reader(graph).read(None) is None
        assert graph.asked == [(1000, 0), (1000, 999)]
    clock, slow = SimulatedClock(), Graph(50_000)
    slow.rule = lambda _asked: clock.advance(10)
    clock.advance(500)
    pages = reader(slow, clock)
    assert pages.read(None) is None
    assert len(slow.asked) == 3
    assert pages.count == 4


def test_an_answer_is_shared_from_the_fourth_on_or_where_so_many_were_due() -> None:
    snapshot = Snapshot(NOW, 0.0, {}, {}, pages=3, due=0)
    assert [snapshot.reading((free(),)).shared for _ in range(5)] == [False, False, False, True, True]
    assert snapshot.hits == 5
    assert Snapshot(NOW, 0.0, {}, {}, pages=3, due=4).reading(()).shared
    assert not Snapshot(NOW, 0.0, {}, {}, pages=3, due=3).reading(()).shared
    reading = snapshot.reading((free(),))
    assert (reading.at, reading.records) == (NOW, (free(),))
