"""Every magic number does what its row of the table says, on the wire, and ends as it says, in the app."""

import re
from collections.abc import Callable
from itertools import chain

import pytest

from local.graph import inventory
from local.graph.magic import Magic
from local.graph.magic_table import FIRST, SECOND, SECOND_AREA
from local.graph.vocabulary import NumberType
from tests.emulator.app import run
from tests.emulator.probe import probe
from tests.emulator.world import USER, World

ASSIGNED = "pending ours ours | 400(taken) ours"
ORDERLY = f"running succeeded succeeded | {ASSIGNED}"
#: What each number does to a client: its orders | polls of the operation | reads of the number | a second order and
#: whose the number is then. `probe` says when.
DOES = {
    "license-late": f"400(license) 400(license) 202 | {ORDERLY}",
    "license-late-in-operation": "202 | running failed(license) failed(license) | pending free free | 202 ours",
    "new-user": f"400(no-user) 400(no-user) 202 | {ORDERLY}",
    "new-user-request-error": f"400(request-error) 202 | {ORDERLY}",
    "activation-pending": f"400(pending) 202 | {ORDERLY}",
    "taken": "400(taken) 400(taken) 400(taken) | - - - | theirs theirs theirs | 400(taken) theirs",
    "already-ours": "400(taken) 400(taken) 400(taken) | - - - | ours ours ours | 400(taken) ours",
    "taken-meanwhile": "202 | running failed(taken) failed(taken) | pending theirs theirs | 400(taken) theirs",
    "throttled-seconds": f"429[1] 202 | {ORDERLY}",
    "throttled-date": f"429[date] 202 | {ORDERLY}",
    "throttled-without-header": f"429 202 | {ORDERLY}",
    "throttled-zero": f"429[0] 202 | {ORDERLY}",
    "unavailable": f"503[1] 202 | {ORDERLY}",
    "server-error": f"500 202 | {ORDERLY}",
    "server-error-accepted": f"500 | {ORDERLY}",
    "bad-gateway": f"502-html 202 | {ORDERLY}",
    "gateway-timeout": f"504 | {ORDERLY}",
    "bandwidth-exceeded": f"509 202 | {ORDERLY}",
    "service-unavailable-400": f"400(unavailable) 202 | {ORDERLY}",
    "update-failed-once": f"400(update) 202 | {ORDERLY}",
    "update-failed": "400(update) 400(update) 400(update) | - - - | free free free | 400(update) free",
    "answer-lost": f"ConnectionError | {ORDERLY}",
    "reset-before": f"ConnectionError 202 | {ORDERLY}",
    "hang": "ReadTimeout | succeeded succeeded succeeded | ours ours ours | 400(taken) ours",
    "without-location": f"202-none | {ORDERLY}",
    "relative-location": f"202-relative | {ORDERLY}",
    "foreign-location": f"202-foreign | {ORDERLY}",
    "runs-forever": "202 | running running running | pending pending pending | 400(taken) pending",
    "skipped-free": "202 | running skipped skipped | pending free free | 202 free",
    "skipped-ours": f"202 | running skipped skipped | {ASSIGNED}",
    "failed-silent-free": "202 | running failed failed | pending free free | 202 free",
    "failed-silent-ours": f"202 | running failed failed | {ASSIGNED}",
    "failed-unknown": "202 | running failed(unknown) failed(unknown) | pending free free | 202 free",
    "failed-not-found": "202 | running failed(no-number) failed(no-number) | pending free free | 202 free",
    "failed-on-premises": "202 | running failed(on-premises) failed(on-premises) | pending free free | 202 free",
    "contact-operator": "400(operator) 400(operator) 400(operator) | - - - | free free free | 400(operator) free",
    "wrapped-body": f"202 | {ORDERLY}",
    "bare-body": f"202 | running-bare succeeded-bare succeeded-bare | {ASSIGNED}",
    "operation-404-at-first": f"202 | 404 404 succeeded | {ASSIGNED}",
    "operation-404-ours": f"202 | 404 404 404 | {ASSIGNED}",
    "operation-404-free": "202 | 404 404 404 | pending free free | 202 free",
    "unknown-word": f"202 | settling settling succeeded | {ASSIGNED}",
    "unknown-future-value": f"202 | unknownFutureValue unknownFutureValue succeeded | {ASSIGNED}",
    "unauthorized-once": f"401 202 | {ORDERLY}",
    "forbidden-once": f"403(permission) 202 | {ORDERLY}",
    "forbidden-json-once": f"403(json) 202 | {ORDERLY}",
    "poll-not-json": f"202 | 200-html succeeded succeeded | {ASSIGNED}",
    "poll-huge": f"202 | 200-huge succeeded succeeded | {ASSIGNED}",
    "poll-truncated": f"202 | ChunkedEncodingError succeeded succeeded | {ASSIGNED}",
    "poll-redirected": f"202 | 302 succeeded succeeded | {ASSIGNED}",
    "unknown-4xx": "422(unknown) 422(unknown) 422(unknown) | - - - | free free free | 422(unknown) free",
    "conflict-once": f"409(unknown) 202 | {ORDERLY}",
    "conflict": "409(unknown) 409(unknown) 409(unknown) | - - - | free free free | 409(unknown) free",
    "second-post-accepted": "202 | running succeeded succeeded | pending ours ours | 202 ours",
    "second-post-refused": f"202 | {ORDERLY}",
    "second-post-conflict": "202 | running succeeded succeeded | pending ours ours | 409(unknown) ours",
    "read-lag": "202 | running succeeded succeeded | pending free ours | 400(taken) ours",
    "slow": "202 | notStarted running succeeded | pending pending ours | 400(taken) ours",
    "poll-throttled": f"202 | 429[1] succeeded succeeded | {ASSIGNED}",
    "poll-error": f"202 | 500 ConnectionError succeeded | {ASSIGNED}",
    # the second table
    "accepted-with-retry-after": f"202[2] | {ORDERLY}",
    "accepted-with-retry-after-date": f"202[date] | {ORDERLY}",
    "succeeded-yet-free": "202 | running succeeded succeeded | pending free free | 202 free",
    "service-number": "400(unknown) 400(unknown) 400(unknown) | - - - | free free free | 400(unknown) free",
    "voice-application": "400(taken) 400(taken) 400(taken) | - - - | theirs theirs theirs | 400(taken) theirs",
    "license-never": "400(license) 400(license) 400(license) | - - - | free free free | 400(license) free",
    "user-never": "400(no-user) 400(no-user) 400(no-user) | - - - | free free free | 400(no-user) free",
    "half-assigned": "202 | running failed failed | pending failed failed | 400(taken) failed",
    "poll-reset": f"202 | ConnectionError succeeded succeeded | {ASSIGNED}",
    "read-throttled": "202-none | running succeeded succeeded | 429[1] ours ours | 400(taken) ours",
    "read-error": "ConnectionError | running succeeded succeeded | 500 ours ours | 400(taken) ours",
    "read-not-json": "202-none | running succeeded succeeded | 200-html ours ours | 400(taken) ours",
    "hang-before": f"ReadTimeout 202 | {ORDERLY}",
    "no-sign-while-running": "202-none | running succeeded succeeded | free ours ours | 400(taken) ours",
    "operation-expires": f"202 | running 404 404 | {ASSIGNED}",
    "not-started": f"202 | notStarted notStarted succeeded | {ASSIGNED}",
    "throttled-though-accepted": f"429[1] | {ORDERLY}",
    "second-post-lost": "ConnectionError | running succeeded succeeded | free ours ours | 202 ours",
}
ROWS = [*((row, "206") for row in FIRST), *((row, SECOND_AREA) for row in SECOND)]


def number(row: Magic, area: str) -> str:
    return f"+1{area}55501{row.digits}"


all_rows: Callable[..., pytest.MarkDecorator] = pytest.mark.parametrize(
    ("row", "area"), ROWS, ids=[row.name for row, _ in ROWS]
)


def test_names_and_digits_are_unique_and_no_row_is_untested() -> None:
    names = [row.name for row, _ in ROWS]
    assert len(set(names)) == len(names)
    assert set(names) == set(DOES)
    for table in (FIRST, SECOND):
        assert [row.digits for row in table] == [f"{40 + place}" for place in range(len(table))]


@all_rows
def test_a_magic_number_does_on_the_wire_what_its_row_says(row: Magic, area: str) -> None:
    world = World(bodyShape="bare" if row.name == "wrapped-body" else "wrapped")
    assert probe(world, number(row, area)) == DOES[row.name]


@all_rows
def test_a_request_for_a_magic_number_ends_as_its_row_says(row: Magic, area: str) -> None:
    assert run(World(), number(row, area)) == (row.ends, row.code)


def test_the_same_calls_at_the_same_times_are_answered_alike_down_to_the_ids() -> None:
    first, second = World(), World()
    for row, area in ROWS[::10]:
        assert probe(first, number(row, area)) == probe(second, number(row, area))
    assert first.stats() == second.stats()


@pytest.mark.parametrize("kind", NumberType)
def test_ordinary_numbers_of_every_type_are_assigned(world: World, kind: NumberType) -> None:
    for good in list(inventory.good_numbers(kind))[:: 1000 if kind == "callingPlan" else 300]:
        location = world.post(good, numberType=kind).headers["Location"]
        world.clock.sleep(2)
        assert world.get(location).json()["value"]["status"] == "succeeded"
        assert world.number(good)["assignmentTargetId"] == USER
        assert world.number(good)["numberType"] == kind


def test_there_are_more_than_ten_thousand_good_numbers() -> None:
    good = set(chain.from_iterable(inventory.good_numbers(kind) for kind in NumberType))
    assert len(good) == 799 * 40
    assert len(set(inventory.good_numbers())) == 599 * 40
    assert all(re.fullmatch(r"\+1\d{3}55501[0-3]\d", one) for one in good)


def test_scaled_time_shortens_the_waits_of_magic_numbers() -> None:
    world = World(timeScale=0.01)
    slow = "+12065550197"
    location = world.post(slow).headers["Location"]
    world.clock.sleep(0.1)
    assert world.get(location).json()["value"]["status"] == "succeeded"
