"""What goes on the screen: numbers masked, other people's texts made harmless, ages for people."""

import json
import os
import re
from datetime import datetime, timedelta
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from teams_numbers import numbers

#: Seven to fifteen digits as people write them, but no part of a GUID, a date, or another word.
_NUMBER = re.compile(
    r"(?<![0-9A-Za-z-])\+?[1-9](?:[ ().\-\u2010-\u2015\u00a0]{0,2}[0-9]){6,14}(?![0-9A-Za-z]|-[0-9A-Za-z])"
)
_OPERATION = re.compile(r"(operations\(')[^']*")
#: A user principal name or a mail address: its first letter, the rest of the name, the domain.
_ADDRESS = re.compile(r"([^\s@\"'<>(){}\[\]:;,/])([^\s@\"'<>(){}\[\]:;,/]*)@([^\s@\"'<>(){}\[\]:;,/]+)")
_GUID_SHOWN = 8
#: How wide tables are that go to a file or another program.
_FILE_WIDTH = 160
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def make_console(*, error: bool = False) -> Console:
    """Return the console of a command; what it prints is never read as markup or emoji."""
    console = Console(stderr=error, markup=False, emoji=False, highlight=False, soft_wrap=error)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = _FILE_WIDTH  # rich's 80 columns would cut ids that a program may look for
    return console


def make_table(*columns: str, title: str = "", wide: bool = False) -> Table:
    """Return an empty table; it has few lines, so that it looks the same in every font."""
    return Table(*columns, title=title or None, title_justify="left", title_style="bold", box=SIMPLE_HEAD, expand=wide)


def number(text: str | None, *, shown: bool) -> str:
    """Return a telephone number, masked unless it may be shown."""
    if not text:
        return ""
    return plain(text) if shown else plain(numbers.mask(text))


def person(text: str | None, *, shown: bool) -> str:
    """Return a person's name or object id for a table: the name masked, the id cut short, unless it may be shown."""
    if not text or shown:
        return plain(text or "")
    return plain(masked(text)) if "@" in text else f"{plain(text)[:_GUID_SHOWN]}…"


def bar(parts: list[tuple[int, str, str]], width: int = 30) -> Text:
    """Return a bar of that many cells; each part is a count, a character and a style, and shows if it is not zero."""
    whole = sum(count for count, _, _ in parts) or 1
    cells = [max(1, round(width * count / whole)) if count else 0 for count, _, _ in parts]
    if sum(cells):
        cells[cells.index(max(cells))] += width - sum(cells)
    shown = [(char * cell, style) for cell, (_, char, style) in zip(cells, parts, strict=True) if cell]
    return Text.assemble(*(shown or [(" " * width, "")]))


def plain(text: object, *, keep_lines: bool = False) -> str:
    """Return a text without what a terminal would act on; line feeds stay if asked for."""
    return "".join(
        char
        if char.isprintable() or (keep_lines and char == "\n")
        else " "
        if char.isspace()
        else "\N{REPLACEMENT CHARACTER}"
        for char in str(text)
    )


def styled(text: object, style: str = "") -> Text:
    """Return somebody else's text for a table cell: no markup, no control characters."""
    return Text(plain(text), style=style)


def masked(text: str) -> str:
    """Return a text with every telephone number, person's name and Graph operation in it hidden."""
    hidden = _NUMBER.sub(lambda found: numbers.mask(found[0]), text)
    return _OPERATION.sub(r"\1…", _ADDRESS.sub(r"\1•••@\3", hidden))


def content(text: str, *, shown: bool) -> str:
    """Return a message's content for people: JSON indented, numbers masked; the very text if numbers may be shown."""
    if shown:
        return plain(text, keep_lines=True)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return plain(masked(text), keep_lines=True)
    return plain(json.dumps(_masked_value(value), indent=2, ensure_ascii=False), keep_lines=True)


def age(span: timedelta) -> str:
    """Return a time span in its two largest units: `45 s`, `12 min 3 s`, `3 h 20 min`, `2 d 4 h`."""
    seconds = max(0, round(span.total_seconds()))
    if seconds < _MINUTE:
        return f"{seconds} s"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE} min {seconds % _MINUTE} s"
    if seconds < _DAY:
        return f"{seconds // _HOUR} h {seconds % _HOUR // _MINUTE} min"
    return f"{seconds // _DAY} d {seconds % _DAY // _HOUR} h"


def counted(times: int, noun: str) -> str:
    """Return a count with its noun, in the plural where it is not one."""
    return f"{times} {noun}{'' if times == 1 else 's'}"


def moment(when: datetime) -> str:
    """Return a time of day, UTC."""
    return when.strftime("%Y-%m-%d %H:%M:%S")


def _masked_value(value: Any, key: str = "") -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        return {masked(name): _masked_value(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_masked_value(item, key) for item in value]
    if key == "telephoneNumber" and isinstance(value, str | int):
        return numbers.mask(str(value))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return masked(str(value)) if masked(str(value)) != str(value) else value
    return masked(value) if isinstance(value, str) else value
