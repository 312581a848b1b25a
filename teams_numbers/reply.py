"""An answer as it came: status, headers, and a body that is read as JSON whatever it holds. Pure; nothing raises."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from teams_numbers.log import plain

#: The longest Retry-After that is believed, in seconds: a queue message can hide no longer than seven days.
LONGEST_RETRY_AFTER: Final = 7 * 24 * 3600.0

#: JSON's escape for half of a surrogate pair, and that half: JSON allows one alone, UTF-8 does not.
_HALF_PAIR = re.compile(r"\\u[dD][89a-fA-F]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")


#: The body of an answer that cannot be used.
UNREADABLE: Final = object()


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it came, and read as far as it can be.

    Attributes:
        status: HTTP's.
        headers: the response's, any case.
        body: the parsed JSON; None for an empty body; UNREADABLE for one that is cut off, too long or not JSON.
    """

    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def graph_request_id(self) -> str | None:
        """Graph's `request-id`, which Microsoft's support asks for."""
        return plain(self.headers["request-id"]) if "request-id" in self.headers else None


def parse(body: bytes | None) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return the JSON of a body; None where it is empty; UNREADABLE where it is None or not JSON."""
    if body is None:
        return UNREADABLE
    text = body.decode("utf-8-sig", errors="replace")
    return parse_text(text) if text.strip() else None


def parse_text(text: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return the JSON of a text in a form that can be written as JSON again, or UNREADABLE.

    NaN and infinities become None, half a surrogate pair becomes the replacement character.
    """
    try:
        value = json.loads(text, parse_constant=lambda _: None, parse_float=_finite)
        return _whole(value) if _HALF_PAIR.search(text) else value
    except (ValueError, RecursionError):
        return UNREADABLE


def retry_after(text: str | None, now: datetime) -> float | None:
    """Return the seconds a Retry-After header asks for, given in seconds or as a date; None where it asks for none."""
    if text is None:
        return None
    if re.fullmatch(r"\s*[0-9]{1,9}(\.[0-9]+)?\s*", text):
        seconds = float(text)
    else:
        try:
            seconds = (parsedate_to_datetime(text) - now).total_seconds()
        except (TypeError, ValueError, OverflowError):  # no date; a date without a zone; one with an absurd zone
            return None
    return float(min(LONGEST_RETRY_AFTER, math.ceil(seconds))) if seconds > 0 else None


def _finite(text: str) -> float | None:
    number = float(text)
    return number if math.isfinite(number) else None


def _whole(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return JSON without halves of surrogate pairs."""
    if isinstance(value, str):
        return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, dict):
        return {_whole(key): _whole(item) for key, item in value.items()}
    return value
