"""Graph's words are read in any letter case, and told as the metadata spells them."""

from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from teams_numbers.records import record
from teams_numbers.words import NUMBER_FIELDS, OPERATION_STATUS, number, operation_status
from tests.values import NUMBER

METADATA = ET.parse(Path(__file__).parent.parent / "emulator" / "graph-metadata.xml").getroot()  # noqa: S314 - ours
#: A number's fields that are texts, and decide nothing.
TEXTS = {
    *(text.attrib["Name"] for text in METADATA.findall("EntityType[@Name='numberAssignment']/*[@Type='Edm.String']")),
    "id",
} - {"telephoneNumber", "assignmentTargetId"}


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
        *((said, word) for word in OPERATION_STATUS for said in (word, word.upper(), word.lower())),
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


def listed(**fields: Any) -> dict[str, Any]:
    """Return a number as it is read from the list."""
    read = number({"telephoneNumber": NUMBER} | fields)
    assert read is not None
    return read


def test_a_listed_numbers_words_are_read_in_any_case() -> None:
    for field, known in NUMBER_FIELDS.items():
        for word in known:
            for said in (word, word.upper(), word.lower()):
                if field == "capabilities":
                    assert listed(capabilities=[said, 5, None, "x"])[field] == [word, "x"]
                else:
                    assert listed(**{field: said})[field] == word


def test_a_listed_numbers_texts_are_told_as_they_are() -> None:
    texts = {field: f" {field.upper()}" for field in TEXTS} | {"assignmentTargetId": "X"}
    assert listed(**texts) == {"telephoneNumber": NUMBER, "capabilities": []} | texts
    nothing = dict.fromkeys([*texts, "assignmentStatus", "numberType", "somethingNew"])
    assert listed(**nothing) == {"telephoneNumber": NUMBER, "capabilities": []} | nothing


def test_a_free_number_is_free_however_its_words_are_written() -> None:
    said = {
        "telephoneNumber": f" {NUMBER} ",
        "assignmentStatus": "Unassigned",
        "activationState": "ACTIVATED",
        "numberType": "CallingPlan",
        "capabilities": ["UserAssignment"],
        "assignmentTargetId": None,
    }
    read = listed(**said)
    assert read["telephoneNumber"] == NUMBER
    assert (found := record(read)) is not None
    assert found.free
    assert number(said | {"assignmentStatus": None}) is not None


@pytest.mark.parametrize("called", [None, "", "  ", 12065550100, ["+12065550100"], {}])
def test_an_entry_without_a_number_is_not_one(called: Any) -> None:
    assert number({"telephoneNumber": called}) is None


@pytest.mark.parametrize("odd", [5, True, {"a": 1}, ["x"], 1.5])
def test_what_has_another_type_than_the_metadata_says_is_never_taken_for_a_free_number(odd: Any) -> None:
    for field in ("assignmentStatus", "numberType", "assignmentTargetId"):
        read = listed(**{"assignmentStatus": "unassigned", field: odd})
        assert (found := record(read)) is not None
        assert not (found.free and found.number_type in {None, "callingPlan"})
    for field in ("activationState", "assignmentCategory", "assignmentStatus", "numberType"):
        assert listed(**{field: odd})[field] == "unknownFutureValue"
    for field in TEXTS:
        assert listed(**{field: odd})[field] is None
    assert listed(assignmentTargetId=odd)["assignmentTargetId"] == type(odd).__name__
    assert listed(capabilities=odd)["capabilities"] == [word for word in ["x"] if odd == [word]]


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
