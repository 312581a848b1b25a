"""Every magic number and person does what its row of the tables says, on the wire and in the app."""

import re
from itertools import chain

import pytest

from local.graph import inventory, magic_tables
from local.graph.vocabulary import ALL_MEMBERS, NumberType
from teams_numbers.contracts import NumberRequest
from tests.emulator.app import run
from tests.emulator.does import DOES
from tests.emulator.probe import probe
from tests.emulator.world import USER, World
from tests.pipeline import rows

ROWS = {row.name: (number, row) for number, row in magic_tables.rows()}


def test_names_and_digits_are_unique_and_no_row_is_untested() -> None:
    assert len(ROWS) == sum(map(len, magic_tables.TABLES.values()))
    assert set(ROWS) == set(DOES)
    for table in magic_tables.TABLES.values():
        assert [row.digits for row in table] == [f"{40 + place}" for place in range(len(table))]


def test_a_number_is_found_by_its_rows_name() -> None:
    assert magic_tables.number("answer-lost") == "+12065550161"
    with pytest.raises(KeyError):
        magic_tables.number("nothing")


@pytest.mark.parametrize("name", ROWS)
def test_a_magic_number_does_on_the_wire_what_its_row_says(name: str) -> None:
    number, row = ROWS[name]
    world = World(bodyShape="bare" if name == "wrapped-body" else "wrapped")
    world.session.headers["Prefer"] = ALL_MEMBERS
    assert probe(world, number, row.action) == DOES[name]


def asked(name: str) -> NumberRequest:
    return NumberRequest.model_validate(rows.wish(name), context={"number_check": "possible"})


@pytest.mark.parametrize("name", [*rows.MAGIC, *rows.PEOPLE])
def test_a_request_for_a_magic_number_or_person_ends_as_its_row_says(name: str) -> None:
    row = rows.row(name)
    assert run(World(), asked(name)) == (row.ends, row.code)


@pytest.mark.parametrize("name", [name for name in ROWS if "skipped" in name])
def test_skipped_ends_the_same_where_graph_hides_no_words(name: str) -> None:
    row = rows.row(name)
    assert run(World(hiddenMembers=False), asked(name)) == (row.ends, row.code)


def test_the_same_calls_at_the_same_times_are_answered_alike_down_to_the_ids() -> None:
    first, second = World(), World()
    for number, row in list(ROWS.values())[::10]:
        assert probe(first, number, row.action) == probe(second, number, row.action)
    assert first.stats() == second.stats()


@pytest.mark.parametrize("kind", NumberType)
def test_ordinary_numbers_of_every_type_are_assigned(world: World, kind: NumberType) -> None:
    for last, good in enumerate(list(inventory.good_numbers(kind))[:: 1000 if kind == "callingPlan" else 300]):
        user = f"{USER[:-2]}{last:02}"
        location = world.post(good, user, numberType=kind).headers["Location"]
        world.clock.sleep(2)
        assert world.get(location).json()["status"] == "succeeded"
        assert world.number(good)["assignmentTargetId"] == user
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
    assert world.get(location).json()["status"] == "succeeded"
