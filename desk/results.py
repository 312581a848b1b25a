"""How a file's requests ended: results.csv, one line for each row of the file, and the summary table."""

import csv
import io
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from desk import follow, show
from desk.errors import FILE, DeskError
from desk.rows import Plan, Row
from desk.sheet import safe
from teams_numbers.contracts import Outcome
from teams_numbers.events import CompletionEvent

#: What results.csv says of a row that has no event: it was wrong; it was not put; its consumer took the event before
#: the desk saw it; its end is not known yet.
SKIPPED, NOT_SENT, TAKEN, OPEN = "Skipped", "NotSent", "Taken", "Open"
_COLUMNS = (
    "line",
    "requestId",
    "action",
    "userPrincipalName",
    "assignmentTargetId",
    "telephoneNumber",
    "pool",
    "locationId",
    "unassignedNumbers",
    "outcome",
    "code",
    "reason",
    "message",
    "advice",
    "note",
    "attempts",
    "receivedAt",
    "completedAt",
    "operationId",
    "graphRequestId",
)
_STYLES: dict[str, str] = dict.fromkeys((Outcome.SUCCEEDED, Outcome.VALIDATED), "green")
_STYLES |= dict.fromkeys((Outcome.UNCONFIRMED, TAKEN, OPEN), "yellow")


@dataclass(frozen=True, slots=True)
class Result:
    """How one row ended.

    Attributes:
        line: where the row stands in the file.
        outcome: the event's outcome, or SKIPPED, NOT_SENT, TAKEN, OPEN.
        code: the catalogue's, where there is an error; after a colon what a request waited for that timed out.
        cells: its line of results.csv, by column.
    """

    line: int
    outcome: str
    code: str
    cells: dict[str, object]


def collect(plan: Plan, ends: dict[str, CompletionEvent], unknown: dict[str, str], *, numbers: bool) -> list[Result]:
    """Return every row's result in the file's order.

    Args:
        plan: what the file asks for.
        ends: the events, by request id.
        unknown: for each other request why it has none: NOT_SENT, TAKEN or OPEN.
        numbers: whether telephone numbers may be shown.
    """
    results = [_ended(row, ends.get(row.request.request_id), unknown, numbers=numbers) for row in plan.rows]
    wrong: dict[int, list[str]] = {}
    for fault in plan.faults:
        wrong.setdefault(fault.line, []).append(f"{fault.name}: {fault.reason}" if fault.name else fault.reason)
    results += [
        Result(line, SKIPPED, "", {"outcome": SKIPPED, "message": "; ".join(reasons)})
        for line, reasons in wrong.items()
    ]
    return sorted(results, key=lambda result: result.line)


def write(path: Path, results: Iterable[Result]) -> None:
    """Write results.csv at once or not at all: UTF-8 with a BOM for Excel, every cell quoted, none a formula.

    Raises:
        DeskError: the file cannot be written.
    """
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, _COLUMNS, restval="", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    for result in results:
        cells = {"line": result.line} | result.cells
        writer.writerow({name: safe(show.plain("" if cell is None else cell)) for name, cell in cells.items()})
    fresh = path.with_name(f"{path.name}.part")
    try:
        fresh.write_text(text.getvalue(), encoding="utf-8-sig", newline="")
        os.replace(fresh, path)  # noqa: PTH105 - replaces on every system
    except OSError as error:
        message = f"{path}: cannot be written ({error.strerror}); mend that, then run again with --resume --wait"
        raise DeskError(message, FILE) from None


def summary(results: list[Result]) -> Table:
    """Return the table of outcomes and, below each, its codes with their advice."""
    table = show.make_table("Outcome", "Rows", "What to do", title="How the rows ended")
    table.columns[1].justify = "right"
    outcomes = Counter(result.outcome for result in results)
    advice = {result.code: result.cells["advice"] for result in results if result.code}
    for outcome in sorted(outcomes, key=_rank):
        table.add_row(
            show.styled(outcome, _STYLES.get(outcome, "red")), str(outcomes[outcome]), _MEANINGS.get(outcome, "")
        )
        codes = Counter(result.code for result in results if result.outcome == outcome and result.code)
        for code, times in codes.most_common():
            table.add_row(show.styled(f"  {code}", "dim"), str(times), show.styled(advice.get(code, "")))
    table.add_section()
    table.add_row("all", str(len(results)), "")
    return table


_MEANINGS = {
    SKIPPED: "The row was wrong and was not sent; results.csv says why.",
    NOT_SENT: "Sending stopped before this row; run again with --resume.",
    TAKEN: "Nothing is in flight any more; the event's consumer took it before the desk saw it.",
    OPEN: "The end was not seen yet; run again with --resume --wait.",
}


def _rank(outcome: str) -> int:
    order = [*Outcome, SKIPPED, NOT_SENT, TAKEN, OPEN]
    return order.index(outcome) if outcome in order else len(order)


def _ended(row: Row, event: CompletionEvent | None, unknown: dict[str, str], *, numbers: bool) -> Result:
    request = row.request
    cells: dict[str, object] = {
        "requestId": request.request_id,
        "action": request.action,
        "userPrincipalName": show.person(request.user_principal_name, shown=numbers),
        "assignmentTargetId": request.assignment_target_id,
        "telephoneNumber": show.number(request.telephone_number, shown=numbers),
        "pool": request.pool,
        "locationId": request.location_id,
    }
    if event is None:
        outcome = unknown[request.request_id]
        return Result(row.line, outcome, "", cells | {"outcome": outcome, "message": _MEANINGS[outcome]})
    data, error = event.data, event.data.error
    outcome = follow.outcome(event)
    cells |= {
        "outcome": outcome,
        "telephoneNumber": show.number(data.telephone_number, shown=numbers),
        "assignmentTargetId": data.assignment_target_id,
        "locationId": data.location_id,
        "unassignedNumbers": " ".join(show.number(gone, shown=numbers) for gone in data.unassigned_numbers or ()),
        "note": data.note if numbers or data.note is None else show.masked(data.note),
        "attempts": data.attempts,
        "receivedAt": data.received_at.isoformat(),
        "completedAt": data.completed_at.isoformat(),
        "operationId": data.operation_id,
    }
    if error:
        message = error.message if numbers else show.masked(error.message)
        cells |= {
            "code": error.code,
            "reason": error.reason,
            "message": message,
            "advice": error.advice,
            "graphRequestId": error.graph_request_id,
        }
    return Result(row.line, outcome, follow.code(event), cells)
