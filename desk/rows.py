"""From a table's lines to requests, judged by the product's own contract. Pure."""

import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic.alias_generators import to_camel

from assign_number.rejection import field_meant
from assign_number.request import Envelope, Rejection, read
from desk.sheet import Fault, Line, Sheet
from teams_numbers import numbers
from teams_numbers.contracts import NumberRequest
from teams_numbers.fields import NUMBER, PERSON

_FIELDS = tuple(to_camel(name) for name in NumberRequest.model_fields)
#: Of each of these groups a table needs one column at least, unless it has the column `action`.
_REQUIRED = (PERSON, NUMBER)
_CONTEXT = "context."
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "TeamsPhone.NumberAssignment/desk")
#: What a rehearsal's id ends with: its event must not pass for the real request's.
_REHEARSAL = ".rehearsal"
#: How much of an unknown column's name is repeated.
_WORD_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Here:
    """How the app is set up, as far as it is known here.

    Attributes:
        number_check: how strictly it reads numbers.
        pools: the names of its pools; None: not known.
    """

    number_check: numbers.Check = "possible"
    pools: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One request of the file.

    Attributes:
        line: where it stands in the file.
        request: what it says, normalized.
    """

    line: int
    request: NumberRequest

    @property
    def text(self) -> str:
        """The message: what the contract knows of the row, nothing else."""
        return json.dumps(_fields(self.request), separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file asks for.

    Attributes:
        rows: the requests that may be sent.
        faults: what is wrong with the file or its other lines, in the file's order.
        usable: whether the header is right; with a wrong one, no line is.
        notes: what is worth a look in the rows that may be sent.
    """

    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]
    usable: bool = True
    notes: tuple[Fault, ...] = ()


def plan(sheet: Sheet, now: datetime, *, rehearse: bool = False, here: Here = Here()) -> Plan:
    """Return a sheet's requests, and everything that is wrong with it.

    The same line gives the same request id each time: its own `requestId`, else one made of its content alone.

    Args:
        sheet: the file.
        now: the time of day.
        rehearse: ask for dry runs, whatever the file says.
        here: how the app is set up.
    """
    wrong_header = tuple(_header_faults(sheet))
    if wrong_header:
        return Plan((), wrong_header, usable=False)
    rows, faults = [], list(sheet.faults)
    first: dict[str, int] = {}
    for line in sheet.lines:
        found = _row(sheet, line, now, here, rehearse=rehearse)
        if isinstance(found, list):
            faults += found
            continue
        earlier = first.setdefault(found.request.request_id, line.number)
        if earlier == line.number:
            rows.append(found)
        else:
            column = _column(sheet, "requestId") or 0
            reason = f"is the same request as line {earlier}, by its " + ("requestId" if column else "content")
            faults.append(Fault(line.number, column, "requestId" if column else "", reason))
    faults.sort(key=lambda fault: (fault.line, fault.column))
    return Plan(tuple(rows), tuple(faults), notes=tuple(note for row in rows for note in _notes(sheet, row, here)))


def _header_faults(sheet: Sheet) -> Iterator[Fault]:
    names = sheet.columns
    for place, name in enumerate(names, start=1):
        if not name:
            yield Fault(sheet.header_line, place, name, "has no name: give it one, or delete the column")
        elif name in names[: place - 1]:
            yield Fault(sheet.header_line, place, name, "stands in the header twice")
        elif name.startswith(_CONTEXT):
            yield from _context_faults(sheet, place, name)
        elif name not in _FIELDS:
            meant = field_meant(name)
            hint = f"did you mean {meant}?" if meant else f"to carry it along, call it context.{_word(name)}"
            yield Fault(sheet.header_line, place, name, f"unknown column; {hint}")
    for group in _REQUIRED:
        if not set(group) & set(names) and not (group is NUMBER and "action" in names):
            yield Fault(sheet.header_line, 0, "", f"a column {' or '.join(group)} is needed")


def _word(name: str) -> str:
    """Return a column's name as a name within `context`: letters and digits, and not too long."""
    return "".join(char for char in name if char.isalnum())[:_WORD_LENGTH] or "NAME"


def _context_faults(sheet: Sheet, place: int, name: str) -> Iterator[Fault]:
    if "" in name.split("."):
        yield Fault(sheet.header_line, place, name, "needs a name after each dot, such as context.employeeId")
    if "context" in sheet.columns or any(other.startswith(f"{name}.") for other in sheet.columns):
        yield Fault(sheet.header_line, place, name, "is a value and an object at once; keep one of the two columns")


def _notes(sheet: Sheet, row: Row, here: Here) -> Iterator[Fault]:
    """Yield what the app will take, but a person may not have meant."""
    number, pool = row.request.telephone_number, row.request.pool
    if number is not None and not numbers.is_valid(number):
        reason = "is possible, but in no range that its country has given out, as far as Google's metadata knows"
        yield Fault(row.line, _column(sheet, "telephoneNumber") or 0, "telephoneNumber", reason)
    if pool is not None and here.pools is not None and pool not in here.pools:
        reason = f"is no pool of NUMBER_POOLS as it is set here; there are: {', '.join(sorted(here.pools)) or 'none'}"
        yield Fault(row.line, _column(sheet, "pool") or 0, "pool", reason)


def _row(sheet: Sheet, line: Line, now: datetime, here: Here, *, rehearse: bool) -> Row | list[Fault]:
    fields, faults = _message(sheet, line)
    if rehearse:
        fields["dryRun"] = True
        fields |= {"requestId": f"{fields['requestId']}{_REHEARSAL}"} if "requestId" in fields else {}
    named = "requestId" in fields
    found = read(Envelope(json.dumps(fields), "unnamed", 1, now), here.number_check)
    if isinstance(found, Rejection):
        faults += [Fault(line.number, _column(sheet, name) or 0, name, reason) for name, reason in _reasons(found)]
    if faults or isinstance(found, Rejection):
        return faults
    return Row(line.number, found if named else found.model_copy(update={"request_id": _content_id(found)}))


def _message(sheet: Sheet, line: Line) -> tuple[dict[str, Any], list[Fault]]:
    """Return the JSON object in a line, empty cells left out, and what is wrong before the contract is asked."""
    fields: dict[str, Any] = {}
    faults: list[Fault] = []
    for place, (name, cell) in enumerate(zip(sheet.columns, line.cells, strict=True), start=1):
        if name in _FIELDS and name != "context":
            cell = cell.removeprefix("'")  # noqa: PLW2901 - no value of the contract starts with this guard
        if not cell:
            continue
        if name == "dryRun":  # spreadsheets write TRUE
            if cell.lower() in {"true", "false"}:
                fields[name] = cell.lower() == "true"
            else:
                faults.append(Fault(line.number, place, name, "must be true or false"))
        elif name == "context":
            try:
                fields[name] = json.loads(cell)
            except (ValueError, RecursionError):
                faults.append(Fault(line.number, place, name, "is no JSON; or use columns such as context.employeeId"))
        elif name.startswith(_CONTEXT):
            *path, last = name.split(".")
            level = fields
            for part in path:
                level = level.setdefault(part, {})
            level[last] = cell
        else:
            fields[name] = cell
    return fields, faults


def _reasons(rejection: Rejection) -> Iterator[tuple[str, str]]:
    """Yield each wrong field with what is wrong about it: a rejection's reason is one text for all."""
    if not rejection.fields:
        yield "", rejection.reason
        return
    mark = "|".join(map(re.escape, rejection.fields))
    for part in re.split(rf"; (?=(?:{mark}): )", rejection.reason):
        name, _, reason = part.partition(": ")
        yield name, reason


def _column(sheet: Sheet, name: str) -> int | None:
    for place, column in enumerate(sheet.columns, start=1):
        if column == name or (name == "context" and column.startswith(_CONTEXT)):
            return place
    return None


def _content_id(request: NumberRequest) -> str:
    fields = {key: value for key, value in _fields(request).items() if key != "requestId"}
    return f"desk-{uuid.uuid5(_NAMESPACE, json.dumps(fields, sort_keys=True))}"


def _fields(request: NumberRequest) -> dict[str, Any]:
    return request.model_dump(mode="json", by_alias=True, exclude_none=True)
