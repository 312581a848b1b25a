"""Every name agrees with Microsoft's published metadata."""

from enum import StrEnum
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from local.graph import magic_tables
from local.graph import vocabulary as words
from tests.emulator.world import World

METADATA = ET.parse(Path(__file__).with_name("graph-metadata.xml")).getroot()  # noqa: S314 - our own file
ENUMS = {
    enum.get("Name", ""): {member.get("Name") for member in enum.iter("Member")} for enum in METADATA.iter("EnumType")
}
NUMBERS = [number for number, row in magic_tables.rows() if not row.capitalized]


def properties(name: str) -> dict[str, ET.Element]:
    (found,) = (element for element in METADATA if element.get("Name") == name)
    return {part.get("Name", ""): part for part in found}


def check(value: Any, kind: str) -> None:
    """Fail unless a value is of an Edm type, or is a member of its enum."""
    if kind.startswith("Collection("):
        assert isinstance(value, list)
        for item in value:
            check(item, kind.removeprefix("Collection(").removesuffix(")"))
    elif (enum := kind.rpartition(".")[2]) in ENUMS:
        assert value in ENUMS[enum]
    elif kind == "Edm.String":
        assert isinstance(value, str)


@pytest.mark.parametrize(
    ("enum", "name"),
    [
        (words.NumberType, "numberType"),
        (words.AssignmentCategory, "assignmentCategory"),
        (words.AssignmentStatus, "assignmentStatus"),
        (words.ActivationState, "activationState"),
        (words.NumberCapability, "numberCapability"),
        (words.NumberSource, "numberSource"),
        (words.PortInStatus, "portInStatus"),
        (words.CustomerAction, "customerAction"),
        (words.ReverseNumberLookup, "reverseNumberLookupOption"),
    ],
)
def test_every_word_is_graphs_and_none_is_missing(enum: type[StrEnum], name: str) -> None:
    no_words = {"unknownFutureValue"} | ({"internalError"} if name == "numberType" else set())
    assert set(enum) == ENUMS[name] - no_words


def test_the_properties_with_words_are_those_of_the_metadata() -> None:
    kinds = {name: part.get("Type", "") for name, part in properties("numberAssignment").items()}
    assert set(words.WORDS) == {name for name, kind in kinds.items() if kind.rstrip(")").rpartition(".")[2] in ENUMS}
    assert set(words.COLLECTIONS) == {name for name, kind in kinds.items() if kind.startswith("Collection(")}


def test_only_skipped_is_not_in_the_metadata() -> None:
    assert set(words.OperationStatus) - ENUMS["longRunningOperationStatus"] == {"skipped"}
    assert ENUMS["longRunningOperationStatus"] <= set(words.OperationStatus)


@pytest.mark.parametrize("action", words.ACTIONS)
def test_actions_take_graphs_parameters(action: str) -> None:
    required, optional = words.ACTIONS[action]
    parameters = properties(action)
    assert set(required) | set(optional) == set(parameters)
    never_null = {name for name, parameter in parameters.items() if parameter.get("Nullable") == "false"}
    assert never_null <= set(required)


def test_every_number_has_graphs_properties_and_values_before_and_after_its_order(world: World) -> None:
    wanted = properties("numberAssignment")
    for number in NUMBERS:
        for _ in range(2):
            known = world.emulator.tenant.number(number)
            assert known
            shown = known.as_json(world.clock(), show_running=True)
            assert set(shown) == {"id", *wanted}
            for name, part in wanted.items():
                if shown[name] is not None:
                    check(shown[name], part.get("Type", ""))
                else:
                    assert part.get("Nullable") != "false", name
            world.emulator.tenant.order(
                known, "11111111-2222-4333-8444-555555555555", words.AssignmentCategory.PRIVATE, None
            )
            world.clock.sleep(60)
            world.emulator.tenant.advance()


@pytest.mark.parametrize("digits", ["00", "72"])
def test_an_operation_has_graphs_properties_and_values(world: World, digits: str) -> None:
    location = world.post(f"+120655501{digits}").headers["Location"]
    world.clock.sleep(60)
    operation = world.get(location).json()
    assert operation.pop("@odata.context").endswith("/operations/$entity")
    assert operation.pop("@odata.type") == f"#microsoft.graph.teamsAdministration.{LONG_RUNNING}"
    wanted, details = properties(LONG_RUNNING), properties(f"{LONG_RUNNING}Details")
    assert set(operation) == {"id", *wanted}
    check(operation["status"], "graph.longRunningOperationStatus")
    for line in operation["numbers"]:
        assert set(line) <= set(details)
        for name, value in line.items():
            check(value, details[name].get("Type", ""))


LONG_RUNNING = "telephoneNumberLongRunningOperation"
