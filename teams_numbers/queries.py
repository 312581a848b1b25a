"""How the list of numbers is asked for: documented filters, and page after page. Pure.

Source: https://learn.microsoft.com/graph/api/numberassignment-list shows `eq`, `and` and `any(c:c eq 'x')`, `$top` and
`$skip`; it does not say whether a page names the next one.
"""

from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, quote

from teams_numbers.origin import NUMBERS

#: How many numbers Graph lists at a time where nobody says.
_PAGE_DEFAULT = 500


def numbers(
    filters: Mapping[str, str] | None = None, capability: str | None = None, top: int | None = None, skip: int = 0
) -> str:
    """Return the path and query, below the endpoint, of a list of numbers.

    Args:
        filters: the value that each field must have.
        capability: a word that must be among the number's `capabilities`.
        top: how many a page; None: Graph's default.
        skip: how many are left out.
    """
    clauses = [f"{field} eq {_quoted(value)}" for field, value in (filters or {}).items()]
    if capability is not None:
        clauses.append(f"capabilities/any(c:c eq {_quoted(capability)})")
    options = {"$filter": " and ".join(clauses), "$top": str(top or ""), "$skip": str(skip or "")}
    return _path(options.items())


def after(path: str, count: int) -> str | None:
    """Return where a list goes on after a page that named no next one; None where the page was the last.

    Args:
        path: the page's path and query.
        count: how many entries it had.
    """
    options = {name.lower(): value for name, value in parse_qsl(path.partition("?")[2])}
    if "$skiptoken" in options or count < _whole(options.get("$top")) or not count:
        return None
    return _path((options | {"$skip": str(_whole(options.get("$skip"), 0) + count)}).items())


def _path(options: Iterable[tuple[str, str]]) -> str:
    query = "&".join(f"{name}={quote(value, safe="'()/:")}" for name, value in options if value)
    return f"{NUMBERS}?{query}" if query else NUMBERS


def _quoted(value: str) -> str:
    """Return a text as OData writes it."""
    return "'" + value.replace("'", "''") + "'"


def _whole(text: str | None, default: int = _PAGE_DEFAULT) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else default  # noqa: PLR2004 - digits
