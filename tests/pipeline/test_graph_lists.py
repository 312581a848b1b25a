"""A list is read to its end, over however many pages, and never beyond Graph."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from local.clock import SimulatedClock
from teams_numbers.answers import Listing, Unclear
from tests.pipeline.loopback import NUMBERS, RESET, Heard, Loopback, Steps, answer, client
from tests.values import NUMBER, USER


class Inventory:
    """A tenant's numbers, listed page by page.

    Args:
        size: how many there are.
        by_link: a page names the next one; else it is asked for by $skip.
        cap: the most that a page lists, whatever was asked.
    """

    def __init__(self, size: int, *, by_link: bool, cap: int = 1000) -> None:
        self._numbers = [{"telephoneNumber": f"+1206555{place:04}"} for place in range(size)]
        self._by_link = by_link
        self._cap = cap

    def __call__(self, heard: Heard) -> Steps:
        options = dict(parse_qsl(urlsplit(heard.path).query))
        top, skip = min(self._cap, int(options.get("$top", 500))), int(options.get("$skip", 0))
        body: dict[str, Any] = {"value": self._numbers[skip : skip + top]}
        if self._by_link and skip + top < len(self._numbers):
            body["@odata.nextLink"] = f"http://{heard.headers['host']}{NUMBERS}?$top={top}&$skip={skip + top}"
        return answer(200, body)


def listed(found: object) -> int:
    assert isinstance(found, Listing)
    assert len({number["telephoneNumber"] for number in found.numbers}) == len(found.numbers)
    return len(found.numbers)


def test_the_documented_filters_are_sent_encoded(graph: Loopback) -> None:
    reader = client(graph.url)
    assert reader.numbers({"telephoneNumber": "+12065550100;ext=12"}) == Listing(())
    filters = {"isoCountryCode": "O'Fallon & Co", "numberType": "callingPlan"}
    reader.numbers(filters, capability="userAssignment", top=5, skip=7)
    reader.numbers({"assignmentTargetId": USER})
    reader.numbers()
    more = "numberType%20eq%20'callingPlan'%20and%20capabilities/any(c:c%20eq%20'userAssignment')"
    assert [heard.path for heard in graph.heard] == [
        f"{NUMBERS}?$filter=telephoneNumber%20eq%20'%2B12065550100%3Bext%3D12'",
        f"{NUMBERS}?$filter=isoCountryCode%20eq%20'O''Fallon%20%26%20Co'%20and%20{more}&$top=5&$skip=7",
        f"{NUMBERS}?$filter=assignmentTargetId%20eq%20'{USER}'",
        NUMBERS,
    ]


@pytest.mark.parametrize("by_link", [True, False])
@pytest.mark.parametrize(("size", "pages"), [(0, 1), (1, 1), (499, 1), (501, 2), (1200, 3)])
def test_a_filtered_list_is_read_to_its_end(graph: Loopback, size: int, pages: int, *, by_link: bool) -> None:
    graph.say = Inventory(size, by_link=by_link)
    found = client(graph.url).numbers({"assignmentStatus": "unassigned"})
    assert isinstance(found, Listing)
    assert (listed(found), found.complete, found.next) == (size, True, None)
    assert len(graph.heard) == pages


def test_an_empty_page_that_names_the_next_one_is_not_the_end(graph: Loopback) -> None:
    pages: list[dict[str, Any]] = [
        {"value": [], "@odata.nextLink": f"{graph.url}{NUMBERS}?$skiptoken=a"},
        {"value": [], "@odata.nextLink": f"{NUMBERS}?$skiptoken=b%2Fc"},
        {"value": [{"telephoneNumber": NUMBER}]},
    ]
    left = list(pages)
    graph.say = lambda _: answer(200, left.pop(0))
    assert listed(client(graph.url).numbers({"telephoneNumber": NUMBER})) == 1
    assert [heard.path for heard in graph.heard[1:]] == [f"{NUMBERS}?$skiptoken=a", f"{NUMBERS}?$skiptoken=b%2Fc"]
    assert all(heard.headers["authorization"] for heard in graph.heard)
    graph.say = lambda _: answer(200, pages[0])
    assert client(graph.url).numbers() == Listing(
        (), complete=False, next=f"{NUMBERS}?$skiptoken=a".removeprefix("/v1.0")
    )


@pytest.mark.parametrize("size", [0, 999, 2000, 2300])
@pytest.mark.parametrize("by_link", [True, False])
def test_whole_pages_are_read_one_a_call_and_go_on_where_the_listing_says(
    graph: Loopback, size: int, *, by_link: bool
) -> None:
    graph.say = Inventory(size, by_link=by_link)
    reader, calls = client(graph.url), 0
    found: set[str] = set()
    page = reader.numbers(top=1000)
    while isinstance(page, Listing):
        found |= {number["telephoneNumber"] for number in page.numbers}
        calls += 1
        assert len(graph.heard) == calls
        assert page.complete is (page.next is None)
        if page.next is None:
            break
        page = reader.numbers_after(page.next)
    assert len(found) == size
    assert calls == size // 1000 + 1


def test_a_filtered_list_without_end_is_left_after_twenty_pages_and_says_so(graph: Loopback) -> None:
    graph.say = lambda heard: answer(
        200, {"value": [], "@odata.nextLink": f"http://{heard.headers['host']}{NUMBERS}?x=1"}
    )
    found = client(graph.url).numbers({"assignmentStatus": "unassigned"})
    assert isinstance(found, Listing)
    assert (found.numbers, found.complete) == ((), False)
    assert found.next is not None
    assert len(graph.heard) == 20


@pytest.mark.parametrize(
    "link",
    [
        "http://127.0.0.1:9/v1.0/admin/teams/telephoneNumberManagement/numberAssignments?$skip=1",
        "//evil.example/v1.0/admin/teams/telephoneNumberManagement/numberAssignments?$skip=1",
        "https://graph.microsoft.com/v1.0/admin/teams/telephoneNumberManagement/numberAssignments?$skip=1",
        "/v1.0/users?$skip=1",
        f"{NUMBERS}/../../users?$skip=1",
        f"{NUMBERS}",
        f"{NUMBERS}?$skip=1#x",
        f"{NUMBERS}?$skip=1 HTTP/1.1\r\nX: y",
        "http://[",
        5,
        ["x"],
    ],
)
def test_a_next_page_anywhere_else_is_not_asked_and_makes_the_list_unclear(graph: Loopback, link: Any) -> None:
    graph.say = lambda _: answer(200, {"value": [{"telephoneNumber": NUMBER}], "@odata.nextLink": link})
    for found in (client(graph.url).numbers({"telephoneNumber": NUMBER}), client(graph.url).numbers()):
        assert isinstance(found, Unclear)
    assert isinstance(client(graph.url).numbers_after(str(link)), Unclear)
    assert [heard.path for heard in graph.heard[1:]] == [NUMBERS]


def test_a_list_that_breaks_off_tells_what_it_read_and_that_it_is_not_all(graph: Loopback) -> None:
    whole = Inventory(1200, by_link=False)
    graph.say = lambda heard: whole(heard) if "$skip" not in heard.path else [RESET]
    found = client(graph.url).numbers({"assignmentStatus": "unassigned"})
    assert isinstance(found, Listing)
    assert (listed(found), found.complete) == (500, False)
    assert found.next is not None
    graph.say = whole
    rest = client(graph.url).numbers_after(found.next)
    assert listed(rest) == 500


def test_a_list_that_breaks_off_before_its_first_number_is_no_list(graph: Loopback) -> None:
    link = f"{graph.url}{NUMBERS}?$skiptoken=a"
    graph.say = lambda heard: [RESET] if "skip" in heard.path else answer(200, {"value": [], "@odata.nextLink": link})
    assert client(graph.url).numbers({"telephoneNumber": NUMBER}) == Unclear("ConnectionError")


def test_all_pages_of_a_list_together_take_the_time_of_one_call(graph: Loopback) -> None:
    link = f"{graph.url}{NUMBERS}?$skiptoken=a"
    listing = answer(200, {"value": [{"telephoneNumber": NUMBER}], "@odata.nextLink": link})
    clock = SimulatedClock()

    def slow(_: Heard) -> Steps:
        clock.advance(7)
        return listing

    graph.say = slow
    found = client(graph.url, clock=clock).numbers({"telephoneNumber": NUMBER})
    assert isinstance(found, Listing)
    assert not found.complete
    assert len(graph.heard) == 3


def test_a_list_by_capability_alone_is_a_filtered_one(graph: Loopback) -> None:
    graph.say = Inventory(501, by_link=True)
    assert listed(client(graph.url).numbers(capability="userAssignment")) == 501


def test_an_entry_of_the_first_page_that_cannot_be_used_is_remembered_to_the_last(graph: Loopback) -> None:
    whole = Inventory(501, by_link=True)
    first = {"value": [{}], "@odata.nextLink": f"{graph.url}{NUMBERS}?$skip=500"}
    graph.say = lambda heard: whole(heard) if "$skip" in heard.path else answer(200, first)
    found = client(graph.url).numbers({"assignmentStatus": "unassigned"})
    assert isinstance(found, Listing)
    assert (listed(found), found.complete, found.next) == (1, False, None)


def test_an_entry_that_cannot_be_used_makes_a_list_incomplete(graph: Loopback) -> None:
    graph.say = lambda _: answer(200, {"value": [{"id": "x"}]})
    assert client(graph.url).numbers({"telephoneNumber": NUMBER}) == Listing((), complete=False)
