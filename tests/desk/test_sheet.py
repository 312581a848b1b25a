"""A CSV file as people and Excel write it: cells, places, and what is wrong."""

import csv
import io
import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.rows import Here, Row, plan
from desk.sheet import SheetError, letters, read, safe
from local.stack import ROOT
from tests.values import NOW, NUMBER, USER

REQUIRED = "telephoneNumber,assignmentTargetId,numberType"
GOOD = f"{NUMBER},{USER},callingPlan"


def faults(text: str) -> list[str]:
    return [str(fault) for fault in plan(read(text.encode()), NOW).faults]


def context(header: str, cells: str) -> object:
    (row,) = plan(read(f"{REQUIRED},{header}\n{GOOD},{cells}\n".encode()), NOW).rows
    return row.request.context


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_the_headers(separator: str) -> None:
    sheet = read(f'a{separator}b\n"1{separator}2"{separator}3\n'.encode())
    assert sheet.lines[0].cells == (f"1{separator}2", "3")


def test_a_line_is_named_by_where_it_starts_even_after_a_cell_of_several_lines() -> None:
    sheet = read(b'a,b\n"one\ntwo",2\n\n3,4\n')
    assert [line.number for line in sheet.lines] == [2, 5]


def test_a_line_with_a_cell_too_many_is_a_fault_and_one_too_few_is_an_empty_cell() -> None:
    found = faults(f"{REQUIRED}\n{GOOD},more\n{NUMBER},{USER}\n")
    assert found[0].startswith("line 2, column 4 (D): has 4 cells, the header 3")
    assert found[1].startswith("line 3, column 3 (C: numberType): is missing")


def test_context_columns_build_an_object_and_keep_leading_zeros() -> None:
    assert context("context.employeeId,context.manager.mail", "00417,ada@contoso.example") == {
        "employeeId": "00417",
        "manager": {"mail": "ada@contoso.example"},
    }


def test_a_context_column_may_hold_the_object_itself() -> None:
    assert context("context", '"{""ticket"": 7}"') == {"ticket": 7}
    assert faults(f"{REQUIRED},context\n{GOOD},no\n")[0].startswith("line 2, column 4 (D: context): is no JSON")


def test_too_large_a_context_is_named_by_its_first_column() -> None:
    (found,) = faults(f"{REQUIRED},context.note\n{GOOD},{'x' * 9000}\n")
    assert found.startswith("line 2, column 4 (D: context): is 9")


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("TelephoneNumber", "line 1, column 1 (A: TelephoneNumber): unknown column; did you mean telephoneNumber?"),
        (f"{REQUIRED},numberType", "line 1, column 4 (D: numberType): stands in the header twice"),
        (f"{REQUIRED},delivery", "line 1, column 4 (D: delivery): unknown column"),
        (f"{REQUIRED},context.", "line 1, column 4 (D: context.): needs a name after each dot"),
        (f"{REQUIRED},context.a,context.a.b", "line 1, column 4 (D: context.a): is a value and an object at once"),
        ("telephoneNumber", "line 1: a column assignmentTargetId or userPrincipalName is needed"),
    ],
)
def test_a_wrong_header_is_said_and_no_line_is_used(header: str, says: str) -> None:
    found = plan(read(f"{header}\n".encode()), NOW)
    assert any(str(fault).startswith(says) for fault in found.faults)
    assert not found.usable


def test_the_same_request_twice_in_a_file_is_a_fault() -> None:
    assert faults(f"{REQUIRED}\n{GOOD}\n{GOOD}\n") == ["line 3: is the same request as line 2, by its content"]
    twice = f"requestId,{REQUIRED}\nr-1,{GOOD}\nr-1,+12065550199,{USER},callingPlan\n"
    assert faults(twice) == ["line 3, column 1 (A: requestId): is the same request as line 2, by its requestId"]


def test_what_is_no_boolean_is_a_fault() -> None:
    assert faults(f"{REQUIRED},dryRun\n{GOOD},maybe\n") == ["line 2, column 4 (D: dryRun): must be true or false"]


def test_an_apostrophe_that_guards_a_cell_is_no_part_of_it() -> None:
    (row,) = plan(read(f"{REQUIRED}\n'{GOOD}\n".encode()), NOW).rows
    assert row.request.telephone_number == NUMBER


@pytest.mark.parametrize("cell", ["'callingPlan", "''callingPlan"])
def test_each_cell_of_the_contract_may_be_guarded_and_a_name_in_the_context_keeps_its_apostrophe(cell: str) -> None:
    text = f"{REQUIRED},dryRun,context.city\n'tel:{NUMBER},'{USER},{cell},'TRUE,'s-Gravenhage\n"
    found = plan(read(text.encode()), NOW)
    if cell.startswith("''"):
        assert not found.rows
    else:
        (row,) = found.rows
        assert (row.request.telephone_number, row.request.dry_run) == (NUMBER, True)
        assert row.request.context == {"city": "'s-Gravenhage"}


def test_a_column_without_a_name_between_others_is_said() -> None:
    (found,) = faults(f"telephoneNumber,,assignmentTargetId,numberType\n{NUMBER},,{USER},callingPlan\n")
    assert found == "line 1, column 2 (B): has no name: give it one, or delete the column"


@given(st.text())
def test_no_cell_starts_a_formula_and_every_cell_comes_back(cell: str) -> None:
    guarded = safe(cell)
    assert not guarded.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert guarded.removeprefix("'") == cell.removeprefix("'")


@given(st.lists(st.tuples(st.text(), st.text()), max_size=5))
def test_any_table_is_read_or_refused_and_never_harms(cells: list[tuple[str, str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([("telephoneNumber", "numberType"), *cells])
    refused = None
    try:
        plan(read(text.getvalue().encode()), NOW)
    except SheetError as error:
        refused = str(error)
    assert refused is None or refused.startswith("line ")


@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_a_sheet_error(content: bytes) -> None:
    rows: tuple[Row, ...] = ()
    with suppress(SheetError):
        rows = plan(read(content), NOW).rows
    assert rows == ()


@pytest.mark.parametrize(("column", "name"), [(1, "A"), (26, "Z"), (27, "AA"), (703, "AAA")])
def test_columns_are_named_as_in_a_spreadsheet(column: int, name: str) -> None:
    assert letters(column) == name


def test_a_table_of_people_and_pools_is_enough() -> None:
    found = plan(read(b"userPrincipalName,pool\nanna@contoso.example,seattle\n"), NOW)
    assert not found.faults
    assert (found.rows[0].request.user_principal_name, found.rows[0].request.pool) == (
        "anna@contoso.example",
        "seattle",
    )


def test_a_table_of_leavers_needs_no_number() -> None:
    found = plan(read(b"action,userPrincipalName\nunassign,anna@contoso.example\n"), NOW)
    assert not found.faults


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("PhoneNumber", "telephoneNumber"),
        ("PhoneNumberType", "numberType"),
        ("UPN", "userPrincipalName"),
        ("UserPrincipalName", "userPrincipalName"),
        ("LineURI", "telephoneNumber"),
        ("ObjectId", "assignmentTargetId"),
    ],
)
def test_the_columns_of_other_tools_are_named_with_what_they_are_called_here(theirs: str, ours: str) -> None:
    found = plan(read(f"{theirs}\n".encode()), NOW)
    assert str(found.faults[0]).endswith(f"did you mean {ours}?")


@pytest.mark.parametrize(
    "mark", [b"\xef\xbb\xbf", b'"sep=,"\r\n', b"sep=,\n", b"#TYPE System.Object\n", b"\xef\xbb\xbf\xef\xbb\xbf"]
)
def test_what_spreadsheets_and_powershell_write_first_is_left_out(mark: bytes) -> None:
    sheet = read(mark + b"userPrincipalName,pool,,\nanna@contoso.example,seattle,,\n")
    assert sheet.columns == ("userPrincipalName", "pool")
    assert sheet.lines[0].cells == ("anna@contoso.example", "seattle")


@pytest.mark.parametrize("cell", ["'00417", '"=""00417"""', '="00417"', "00417"])
def test_a_cell_loses_the_guard_that_kept_it_text(cell: str) -> None:
    sheet = read(f"context.employeeId\n{cell}\n".encode())
    assert sheet.lines[0].cells == ("00417",)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("UPN", "userPrincipalName"),
        ("User Principal Name", "userPrincipalName"),
        ("PhoneNumber", "telephoneNumber"),
        ("LineURI", "telephoneNumber"),
        ("PhoneNumberType", "numberType"),
        ("ObjectId", "assignmentTargetId"),
        ("LocationId", "locationId"),
    ],
)
def test_the_columns_of_others_are_named_with_what_they_are_called_here(name: str, meant: str) -> None:
    (found, *_) = faults(f"{name}\n")
    assert found.endswith(f"unknown column; did you mean {meant}?")


def test_a_column_that_means_nothing_here_may_be_carried_along() -> None:
    (found, *_) = faults("Cost centre\n")
    assert found.endswith("unknown column; to carry it along, call it context.Costcentre")


def test_a_number_that_is_possible_and_not_valid_is_a_note_and_no_fault() -> None:
    odd = "+1 206 123 4567"
    found = plan(read(f"{REQUIRED}\n{GOOD}\n{odd},{USER},callingPlan\n".encode()), NOW)
    assert (len(found.rows), found.faults) == (2, ())
    (note,) = map(str, found.notes)
    assert note.startswith("line 3, column 1 (A: telephoneNumber): is possible, but in no range")


def test_a_number_of_a_private_plan_is_read_as_the_app_is_set_up_to() -> None:
    table = read(f"{REQUIRED}\n+99912345,{USER},directRouting\n".encode())
    assert plan(table, NOW).faults
    found = plan(table, NOW, here=Here(number_check="digits"))
    assert [row.request.telephone_number for row in found.rows] == ["+99912345"]


def test_a_pool_that_is_not_known_here_is_a_note_where_the_pools_are_known() -> None:
    table = read(b"userPrincipalName,pool\nanna@contoso.example,seatle\n")
    assert not plan(table, NOW).notes
    (note,) = map(str, plan(table, NOW, here=Here(pools=frozenset({"seattle", "berlin"}))).notes)
    assert note.endswith("is no pool of NUMBER_POOLS as it is set here; there are: berlin, seattle")


def test_every_field_of_the_contract_may_be_a_column() -> None:
    header = "requestId,action,userPrincipalName,telephoneNumber,numberType,locationId,existingNumber,notBefore"
    cells = f"r-7,assign,anna@contoso.example,{NUMBER},callingPlan,loc-1,replace,2026-03-03T08:00:00+01:00"
    (row,) = plan(read(f"{header}\n{cells}\n".encode()), NOW).rows
    assert (row.request.replaces, row.request.location_id) == (True, "loc-1")
    assert row.request.not_before is not None
    assert row.request.not_before.isoformat() == "2026-03-03T08:00:00+01:00"


def test_every_table_of_the_page_is_one_that_the_app_would_take() -> None:
    page = (ROOT / "docs" / "desk.md").read_text(encoding="utf-8")
    tables = re.findall(r"```csv\n(.*?)```", page, re.DOTALL)
    assert len(tables) == 2
    for table in tables:
        found = plan(read(table.encode()), NOW)
        assert (found.faults, found.notes) == ((), ())
