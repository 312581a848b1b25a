"""The list of numbers: filters, pages, order, what is in it, and that paging does not look at everything each time."""

import time
from typing import Any

import pytest

from local.graph import inventory
from local.graph.filters import Condition
from local.graph.inventory import Profile
from local.graph.listing import Listing
from local.graph.number import Number
from local.graph.vocabulary import (
    ActivationState,
    AssignmentCategory,
    AssignmentStatus,
    CustomerAction,
    NumberCapability,
    NumberSource,
    PortInStatus,
)
from tests.emulator.world import GOOD, NUMBERS, SOMEBODY_ELSE, USER, World, error
from tests.slowness import slowness

FREE = "assignmentStatus eq 'unassigned' and capabilities/any(c:c eq 'userAssignment')"


def paged(world: World, query: str, top: int = 1000) -> list[str]:
    """Return the whole list, page by page."""
    found: list[str] = []
    while True:
        page = world.listed(query, top=str(top), skip=str(len(found)))
        found += page
        if len(page) < top:
            return found


def entities(world: World, area: int) -> list[Any]:
    place = 100 * (area - 201)
    return list(world.session.get(NUMBERS, params={"$top": "100", "$skip": str(place)}).json()["value"])


def test_every_word_that_graph_has_is_in_the_inventory(world: World) -> None:
    shown = [number for area in (204, 206, 555, 557, 558, 801, 901) for number in entities(world, area)]
    for name, words in (
        ("assignmentStatus", AssignmentStatus),
        ("activationState", ActivationState),
        ("assignmentCategory", AssignmentCategory),
        ("numberSource", NumberSource),
        ("portInStatus", PortInStatus),
    ):
        expected = set(words) - {ActivationState.ASSIGNMENT_PENDING}  # an order that runs shows that
        assert {number[name] for number in shown} - {None} == expected, name
    kinds = {number["numberType"] for number in shown}
    assert kinds == {"callingPlan", "operatorConnect", "directRouting", "internalError"}
    assert {number["isoCountryCode"] for number in shown} == {"US", "CA", "GB", None}
    for name, several in (("capabilities", NumberCapability), ("supportedCustomerActions", CustomerAction)):
        assert {word for number in shown for word in number[name]} == set(several)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("numberType eq 'directRouting'", "+19005550100"),
        ("numberType eq 'directRouting' and assignmentStatus eq 'userAssigned'", "+19005550145"),
        ("isoCountryCode eq 'CA'", "+12045550100"),
        ("isoCountryCode eq null and numberType eq 'callingPlan'", "+15585550162"),
        ("assignmentStatus eq 'conferenceAssigned'", "+15585550140"),
        ("assignmentCategory eq 'private'", "+15585550145"),
        ("assignmentTargetId eq null and assignmentStatus eq 'userAssigned'", "+15585550144"),
        ("activationState eq 'updateFailed'", "+15585550157"),
        ("numberSource eq 'onPremises'", "+15585550161"),
        ("portInStatus eq 'completed'", "+15585550160"),
        ("civicAddressId eq '88888888-8888-4888-8888-888888888888'", "+15585550164"),
        ("locationId eq '77777777-7777-4777-8777-777777777777'", "+15585550165"),
        ("operatorId eq '44444444-4444-4444-8444-444444444444'", "+12015550100"),
        ("networkSiteId eq 'here'", GOOD),
        ("reverseNumberLookupOptions/any(o:o eq 'skipInternalVoip')", GOOD),
        ("capabilities/any(c:c eq 'teamsPhoneMobile')", "+15585550151"),
        ("capabilities/any(x: x eq 'userAssignment') and numberType eq 'operatorConnect'", "+18005550100"),
        ("supportedCustomerActions/any(a:a eq 'release') and numberType eq 'operatorConnect'", "+18005550100"),
        ("  numberType  eq  'operatorConnect'  ", "+18005550100"),
        ("NumberType eq 'x'", None),
    ],
)
def test_numbers_are_filtered_by_every_documented_property(world: World, text: str, first: str | None) -> None:
    world.update(networkSiteId="here", reverseNumberLookupOptions=["skipInternalVoip"])
    answer = world.session.get(NUMBERS, params={"$filter": text, "$top": "1"})
    if first is None:
        assert error(answer)[0] == 400
    else:
        assert [shown["telephoneNumber"] for shown in answer.json()["value"]] == [first]


@pytest.mark.parametrize(
    "text",
    [
        "id eq 'x'",
        "city eq 'Seattle'",
        "assignmentStatus eq 'free'",
        "assignmentStatus ne 'unassigned'",
        "assignmentStatus eq 'unassigned' or numberType eq 'callingPlan'",
        "assignmentStatus eq 'unassigned' and",
        "assignmentStatus eq 'unassigned' numberType eq 'callingPlan'",
        "assignmentStatus eq 'unassigned'and numberType eq 'callingPlan'",
        "and assignmentStatus eq 'unassigned'",
        "capabilities eq 'userAssignment'",
        "capabilities/any(c:d eq 'userAssignment')",
        "capabilities/all(c:c eq 'userAssignment')",
        "numberType/any(c:c eq 'callingPlan')",
        "startswith(telephoneNumber,'+1206')",
        "telephoneNumber in ('+12065550100')",
    ],
)
def test_a_filter_that_microsoft_does_not_show_is_refused(world: World, text: str) -> None:
    assert error(world.session.get(NUMBERS, params={"$filter": text}))[0] == 400


@pytest.mark.parametrize(("top", "skip", "filters"), [("$Top", "$Skip", "$Filter"), ("$TOP", "$sKiP", "$FILTER")])
def test_options_are_taken_in_any_letter_case(world: World, top: str, skip: str, filters: str) -> None:
    query = {top: "2", skip: "1", filters: "numberType eq 'operatorConnect'"}
    shown = world.session.get(NUMBERS, params=query).json()["value"]
    assert [number["telephoneNumber"] for number in shown] == ["+18005550101", "+18005550102"]


def test_numbers_come_in_ascending_order_the_unlisted_ones_among_them(world: World) -> None:
    for number in ("+4930123456", "+12065550110;ext=7", "+12005550100"):
        world.post(number, f"{USER[:-2]}{number[-2:].replace('=', '0')}", numberType="directRouting")
    world.clock.sleep(2)
    everything = paged(world, "")
    assert everything == sorted(everything)
    assert len(everything) == len(set(everything)) == 79_900 + 3
    assert everything[0] == "+12005550100"


@pytest.mark.parametrize(
    ("areas", "count"), [(20, 2000), (200, 20_000), (799, 79_900), ([206, 901], 200), (None, 79_900)]
)
def test_the_plan_says_how_large_the_inventory_is(areas: Any, count: int) -> None:
    world = World(inventoryAreas=areas)
    if count > 2000:
        place = count - 1
        assert len(world.listed(skip=str(place))) == 1
        assert world.listed(skip=str(count)) == []
        return
    everything = paged(world, "")
    assert len(everything) == count
    assert everything == sorted(everything)


def test_a_number_outside_the_plans_inventory_is_not_found() -> None:
    world = World(inventoryAreas=[206])
    assert world.listed(f"telephoneNumber eq '{GOOD}'") == [GOOD]
    world.emulator.change({"inventoryAreas": [207]})
    assert world.listed(f"telephoneNumber eq '{GOOD}'") == []
    assert error(world.post(GOOD))[0] == 400
    assert world.post("+12075550100").status_code == 202
    world.emulator.change({"inventoryAreas": [206]})
    assert world.post(GOOD, SOMEBODY_ELSE).status_code == 202


def test_pages_follow_what_changes(world: World) -> None:
    world.emulator.change({"inventoryAreas": 20})
    before = paged(world, FREE, 500)
    world.move(GOOD, USER)
    after = paged(world, FREE, 500)
    assert set(before) - set(after) == {GOOD}
    assert after == sorted(after)
    world.move(GOOD, None)
    assert paged(world, FREE, 500) == before


def test_a_lag_does_not_let_pages_and_single_readings_differ() -> None:
    world = World(inventoryAreas=6, readLagSeconds=7, operationSeconds={"median": 5, "sigma": 1})
    for step in range(120):
        number = f"+1206555{100 + step % 30:04}"
        if step % 3:
            world.post(number, f"{USER[:-3]}{step:03}")
        else:
            world.unassign(number)
        world.clock.sleep(1)
        held = set(paged(world, "assignmentStatus eq 'userAssigned'"))
        for last in (0, 7, 29):
            shown = world.number(f"+1206555{100 + last:04}")
            assert (shown["assignmentStatus"] == "userAssigned") == (shown["telephoneNumber"] in held)


def test_a_page_looks_only_at_what_changed_since_the_last_one() -> None:
    """Otherwise each of eighty pages would look at eighty thousand numbers."""
    stock = inventory.inventory(None)
    known: dict[str, Number] = {}
    listing = Listing(stock, known)
    looked: list[str] = []

    def lets(name: str, _profile: Profile | None = None) -> bool:
        looked.append(name)
        return True

    def page() -> int:
        looked.clear()
        names = listing.names((Condition("numberType", "x"),), 0.0, lambda one: lets(one.telephone_number), lets)
        assert len(names) == 79_900
        return len(looked)

    assert page() == len(set(stock.profiles)), "numbers that are alike are looked at once"
    assert page() == 0
    known[GOOD] = Number.make(GOOD, stock.profiles[0].number_type)
    listing.note(GOOD, 0.0)
    listing.note(GOOD, 5.0)
    assert page() == 1
    assert page() == 0


def test_paging_eighty_thousand_numbers_takes_seconds() -> None:
    """Eighty pages of a thousand take about two seconds; ten times that would be too slow to test with."""
    world = World()
    began = time.process_time()
    assert len(paged(world, FREE)) > 70_000
    assert time.process_time() - began < 20 * slowness()


def test_a_page_of_a_thousand_is_longer_than_half_a_megabyte(world: World) -> None:
    body = world.get(f"{NUMBERS}?$top=1000").content
    assert 600_000 < len(body) < 1_000_000


@pytest.mark.parametrize(
    ("fault", "seen"),
    [
        ("page-shifted-back", ["00", "01", "02", "03"]),
        ("page-shifted-on", ["02", "03", "04", "05"]),
        ("page-cut-off", ["01", "02"]),
        ("page-empty", []),
    ],
)
@pytest.mark.parametrize("next_link", [False, True])
def test_a_page_may_be_wrong_in_four_ways(fault: str, seen: list[str], *, next_link: bool) -> None:
    world = World(faults={fault: 1}, nextLink=next_link)
    answer = world.session.get(NUMBERS, params={"$top": "4", "$skip": "1"}).json()
    assert [number["telephoneNumber"][-2:] for number in answer["value"]] == seen
    assert ("@odata.nextLink" in answer) == (fault == "page-empty" or (next_link and fault != "page-cut-off"))
    if fault == "page-empty":
        world.emulator.change({"faults": {}})
        rest = world.get(answer["@odata.nextLink"]).json()["value"]
        assert [number["telephoneNumber"][-2:] for number in rest] == ["01", "02", "03", "04"]


@pytest.mark.parametrize("fault", ["page-shifted-back", "page-shifted-on", "page-cut-off", "page-empty"])
def test_only_pages_are_wrong_so_not_the_reading_of_a_number_or_a_person(fault: str) -> None:
    world = World(faults={fault: 1})
    world.move(GOOD, USER)
    assert world.listed(f"telephoneNumber eq '{GOOD}'") == [GOOD]
    assert world.listed(f"assignmentTargetId eq '{USER}'") == [GOOD]
    assert world.stats()["faults"] == {}
