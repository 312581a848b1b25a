"""A CSV file as its cells: encoding, separator, header, where each cell stands. Pure; says nothing about requests."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

#: Excel writes the list separator of its country.
_SEPARATORS = (",", ";", "\t")
#: What a spreadsheet may take for the start of a formula; fullwidth forms are read as such, too:
#: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")

#: What people and spreadsheets write so that a cell stays text: an apostrophe before it, or a formula around it.
_GUARDED = re.compile(r"'(?=[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]|[0-9])")
_AS_TEXT = re.compile(r'="((?:[^"]|"")*)"')


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a file, and where.

    Attributes:
        line: counted from 1, the header's line included.
        column: counted from 1; 0 if the whole line is meant.
        name: the column's name, or empty.
        reason: what is wrong and what it must be; never the cell's content.
    """

    line: int
    column: int
    name: str
    reason: str

    def __str__(self) -> str:
        place = f"line {self.line}"
        if self.column:
            place += f", column {self.column} ({letters(self.column)}{f': {self.name}' if self.name else ''})"
        return f"{place}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Line:
    """One line under the header.

    Attributes:
        number: where it starts in the file, counted from 1.
        cells: its cells, one for each column.
    """

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file's header and lines, blank lines left out.

    Attributes:
        columns: the header's names.
        header_line: where the header stands.
        lines: what stands under it.
        faults: lines that have too many or too few cells.
    """

    columns: tuple[str, ...]
    header_line: int
    lines: tuple[Line, ...]
    faults: tuple[Fault, ...]


class SheetError(Exception):
    """The file cannot be read as a table at all."""


def read(content: bytes) -> Sheet:
    """Return the table in a CSV file: UTF-8 with or without a BOM; comma, semicolon or tab, whichever the header has.

    Raises:
        SheetError: it is no UTF-8, no CSV, or empty.
    """
    first, text = _skip_hint(_decode(content))
    rows = [(number, _trimmed(cells)) for number, cells in _rows(text, _separator(text), first)]
    rows = [row for row in rows if any(row[1])]
    if not rows:
        message = "the file is empty; its first line must name the columns"
        raise SheetError(message)
    header, columns = rows[0][0], tuple(rows[0][1])
    lines, faults = [], []
    for number, cells in rows[1:]:
        if len(cells) <= len(columns):
            lines.append(Line(number, tuple(cells) + ("",) * (len(columns) - len(cells))))
        else:
            column = len(columns) + 1
            reason = f"has {len(cells)} cells, the header {len(columns)}; a cell with a separator in it needs quotes"
            faults.append(Fault(number, column, "", reason))
    return Sheet(columns, header, tuple(lines), tuple(faults))


def safe(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe goes before what could start one."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def letters(column: int) -> str:
    """Return a column's name in a spreadsheet: 1 is A, 27 is AA."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _trimmed(cells: list[str]) -> list[str]:
    """Return a line's cells without their guards and without the empty ones at its right end."""
    found = [_unguarded(cell.strip()) for cell in cells]
    while found and not found[-1]:
        found.pop()
    return found


def _unguarded(cell: str) -> str:
    """Return a cell without what keeps a spreadsheet from reading it as a number or a formula: `'00417`, `="00417"`."""
    if (match := _AS_TEXT.fullmatch(cell)) is not None:
        return match[1].replace('""', '"')
    return cell[1:] if _GUARDED.match(cell) else cell


def _decode(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        message = f"line {line} is no UTF-8; in Excel, save as `CSV UTF-8 (comma delimited)`"
        raise SheetError(message) from None
    if "\0" in text:
        message = f"line {text[: text.index(chr(0))].count('\n') + 1} holds a NUL character; is this a text file?"
        raise SheetError(message)
    return text


def _skip_hint(text: str) -> tuple[int, str]:
    """Leave out Excel's own first line, `sep=;`, and PowerShell's, `#TYPE …`; return the rest's line number."""
    number = 1
    while True:
        first, _, rest = text.partition("\n")
        said = first.strip().strip("\ufeff").strip('"').strip().lower()
        if not (said in {f"sep={mark}".strip() for mark in _SEPARATORS} or said.startswith("#type")):
            return number, text.removeprefix("\ufeff")
        number, text = number + 1, rest


def _separator(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(_SEPARATORS, key=first.count)


def _rows(text: str, separator: str, first: int) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not blank, with the number of the line it starts in."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        start = first + reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            message = f"line {start} is no CSV: {error}"
            raise SheetError(message) from None
        if any(cell.strip() for cell in cells):
            yield start, cells
