"""The part of OData's $filter that the emulator understands: `field eq 'value'`, several of them joined by `and`."""

import re
from collections.abc import Collection
from typing import Any

_CLAUSE = re.compile(r"\s*(\w+)\s+eq\s+(?:'((?:[^']|'')*)'|(null))\s*(?:\band\b|$)")
#: By these the documentation does not filter: https://learn.microsoft.com/graph/api/numberassignment-list
_UNFILTERED = {"id", "city"}


class FilterError(ValueError):
    """A $filter that is wrong, or more than the emulator understands."""


def parse(text: str, fields: Collection[str]) -> dict[str, str | None]:
    """Return the value that each named field must have.

    Args:
        text: the $filter, decoded.
        fields: the fields there are.

    Raises:
        FilterError: naming what is wrong.
    """
    wanted: dict[str, str | None] = {}
    position = 0
    while position < len(text):
        match = _CLAUSE.match(text, position)
        if match is None:
            message = f"Invalid filter clause at {text[position:]!r}; the emulator knows eq and and."
            raise FilterError(message)
        field = match[1]
        if field not in fields or field in _UNFILTERED:
            message = f"Could not find a property named '{field}' to filter by."
            raise FilterError(message)
        wanted[field] = None if match[3] else match[2].replace("''", "'")
        position = match.end()
    return wanted


def matches(entity: dict[str, Any], wanted: dict[str, str | None]) -> bool:
    """Say whether an entity has every wanted value; Graph ignores the case of GUIDs, and so of all texts here."""
    return all(_folded(entity[field]) == _folded(value) for field, value in wanted.items())


def _folded(value: object) -> object:
    return value.lower() if isinstance(value, str) else value
