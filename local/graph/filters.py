"""The part of OData's $filter that Microsoft shows for numbers: `eq`, `and`, and `any` with `eq` for collections.

Source: https://learn.microsoft.com/graph/api/numberassignment-list. Values are compared without regard to case, as
Graph does for GUIDs.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from local.graph.vocabulary import COLLECTIONS, WORDS

_TEXT: Final = r"'((?:[^']|'')*)'"
_EQ: Final = re.compile(rf"(\w+)\s+eq\s+(?:{_TEXT}|null\b)")
_ANY: Final = re.compile(rf"(\w+)/any\(\s*(\w+)\s*:\s*\2\s+eq\s+{_TEXT}\s*\)")
_AND: Final = re.compile(r"\s+and\s+")
#: By these the documentation does not filter.
_UNFILTERED: Final = {"id", "city"}
#: Members of Graph's enumerations that are no word of their own.
_ALWAYS: Final = frozenset({"internalerror", "unknownfuturevalue"})


class FilterError(ValueError):
    """A $filter that is wrong, or more than Microsoft shows for numbers."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What one property must be.

    Attributes:
        field: the property's name.
        value: what it must be, or of a collection, what must be in it; in lower case.
    """

    field: str
    value: str | None


def parse(text: str, fields: Collection[str]) -> tuple[Condition, ...]:
    """Return the conditions of a filter, all of which must hold.

    Args:
        text: the $filter, decoded.
        fields: the properties there are.

    Raises:
        FilterError: naming what is wrong.
    """
    text = text.strip()
    conditions: list[Condition] = []
    position = 0
    while position < len(text):
        joined = _AND.match(text, position) if conditions else None
        start = joined.end() if joined else position
        match = None if conditions and not joined else _EQ.match(text, start) or _ANY.match(text, start)
        if match is None:
            message = f"Invalid filter clause at {text[position:]!r}; the emulator knows eq, and, and any."
            raise FilterError(message)
        conditions.append(_condition(match, fields))
        position = match.end()
    return tuple(conditions)


def matches(entity: Mapping[str, Any], conditions: Sequence[Condition]) -> bool:
    """Say whether a number, as Graph shows it, meets every condition."""
    for condition in conditions:
        value = entity[condition.field]
        if isinstance(value, list):
            if condition.value not in [item.lower() for item in value]:
                return False
        elif (value.lower() if isinstance(value, str) else value) != condition.value:
            return False
    return True


def value_of(conditions: Sequence[Condition], field: str) -> str | None:
    """Return what a property must be, None where that is left open or is null."""
    return next((condition.value for condition in conditions if condition.field == field), None)


def _condition(match: re.Match[str], fields: Collection[str]) -> Condition:
    field, text = match[1], match[match.lastindex or 0] if match[0].endswith(("'", ")")) else None
    if field not in fields or field in _UNFILTERED:
        message = f"Could not find a property named '{field}' to filter by."
        raise FilterError(message)
    if (field in COLLECTIONS) is not (match.re is _ANY):
        message = f"The property '{field}' cannot be compared so: a collection needs any, and only a collection."
        raise FilterError(message)
    value = None if text is None else text.replace("''", "'").lower()
    words = WORDS.get(field)
    if value is not None and words and value not in {word.lower() for word in words} | _ALWAYS:
        message = f"'{text}' is not a value of '{field}'."
        raise FilterError(message)
    return Condition(field, value)
