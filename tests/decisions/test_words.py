"""Graph's words are read in any letter case, and told as the metadata spells them."""

from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from teams_numbers.records import record
from teams_numbers.words import NUMBER_FIELDS, OPERATION_STATUS, number, operation_status
from tests.values import NUMBER

METADATA = ET.parse(Path(__file__).parent.parent / "emulator" / "graph-metadata.xml").getroot()  # noqa: S314 - ours


def members(enumeration: str) -> set[str]:
    return {member.attrib["Name"] for member in METADATA.findall(f"EnumType[@Name='{enumeration}']/Member")}


@pytest.mark.parametrize("field", NUMBER_FIELDS)
def test_a_numbers_words_are_the_metadatas(field: str) -> None:
    assert set(NUMBER_FIELDS[field]) == members({"capabilities": "numberCapability"}.get(field, field))


def test_an_operations_words_are_the_metadatas_and_the_one_of_the_documentation() -> None:
    assert set(OPERATION_STATUS) == members("longRunningOperationStatus") | {"skipped"}


@pytest.mark.parametrize(
    ("said", "read"),
    [
        *((word.upper(), word) for word in OPERATION_STATUS),
        ("Succeeded", "succeeded"),
        ("Completed", "succeeded"),
        (" Not started ", "notStarted"),
        ("NOT_STARTED", "notStarted"),
        ("onHold", "onHold"),
        ("<b>+12065550100\n", "b#"),
        ("\u65e5\u672c", "unknownFutureValue"),
    ],
)
def test_an_operations_status_is_read_in_any_case(said: str, read: str) -> None:
    assert operation_status(said) == read


def test_a_listed_numbers_words_are_read_in_any_case() -> None:
    for field, known in NUMBER_FIELDS.items():
        for word in known:
            said: Any = [word.upper()] if field == "capabilities" else word.upper()
            read: Any = [word] if field == "capabilities" else word
            listed = number({"telephoneNumber": NUMBER, field: said})
            assert listed is not None
            assert listed[field] == read


def test_a_free_number_is_free_however_its_words_are_written() -> None:
    said = {
        "telephoneNumber": f" {NUMBER} ",
        "assignmentStatus": "Unassigned",
        "activationState": "ACTIVATED",
        "numberType": "CallingPlan",
        "capabilities": ["UserAssignment"],
        "assignmentTargetId": None,
    }
    listed = number(said)
    assert listed is not None
    assert (found := record(listed)) is not None
    assert found.free
    assert number(said | {"assignmentStatus": None}) is not None


@pytest.mark.parametrize("called", [None, "", "  ", 12065550100, ["+12065550100"], {}])
def test_an_entry_without_a_number_is_not_one(called: Any) -> None:
    assert number({"telephoneNumber": called}) is None


@pytest.mark.parametrize("odd", [5, True, {"a": 1}, ["x"], 1.5])
def test_what_has_another_type_than_the_metadata_says_is_never_taken_for_a_free_number(odd: Any) -> None:
    for field in ("assignmentStatus", "numberType", "assignmentTargetId"):
        listed = number({"telephoneNumber": NUMBER, "assignmentStatus": "unassigned", field: odd})
        assert listed is not None
        assert (found := record(listed)) is not None
        assert not (found.free and found.number_type in {None, "callingPlan"})
    for field in ("activationState", "assignmentCategory", "capabilities", "locationId", "city", "id"):
        listed = number({"telephoneNumber": NUMBER, "assignmentStatus": "unassigned", field: odd})
        assert listed is not None
        assert isinstance(listed[field], list if field == "capabilities" else str | None)


def test_an_id_of_zeros_is_none() -> None:
    """Teams writes it where a number has no location: no wish is compared with it, and nobody holds a number so."""
    zeros = "00000000-0000-0000-0000-000000000000"
    entry = {"telephoneNumber": "+12065550100", "assignmentStatus": "unassigned"}
    found = record(entry | {"locationId": zeros, "assignmentTargetId": zeros})
    assert found is not None
    assert (found.location_id, found.target, found.free) == (None, None, True)
    held = record(entry | {"assignmentStatus": "userAssigned", "assignmentTargetId": zeros})
    assert held is not None
    assert held.phantom
