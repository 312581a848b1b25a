"""Find the reason in what Graph said, wherever it stands: one function for whoever reads Graph's errors. Pure.

Where it has been seen: `error.message`, `error.details[].message`, `error.innerError.message`
(https://learn.microsoft.com/graph/errors); `error` as a text with `error_description` (OAuth, RFC 6749); a top-level
`Message` and `ExceptionMessage` (ASP.NET); `odata.error.message.value` (OData 3); `detail`, `title` and `errors`
(problem+json, RFC 9457); an operation's `statusDetail`, its own or a number's; a message that is itself JSON (field
reports of Teams' backend).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from teams_numbers.reply import parse_text

#: How much is kept of one text, in characters, and how many texts: more than an event has room for.
_TEXT_LENGTH, _MOST_TEXTS = 2000, 10
#: How many levels down a reason may stand; JSON within a text is one, too.
_DEEPEST = 8
#: Keys, in lower case, whose text is a reason.
_TELLING = frozenset(
    {"message", "statusdetail", "error_description", "errormessage", "detail", "exceptionmessage", "value"}
)
#: Keys under which a reason may stand, in the order in which reasons are told.
_HOLDING = (
    *("error", "odata.error", "message", "statusdetail", "error_description", "errormessage", "detail"),
    *("exceptionmessage", "details", "innererror", "innerexception", "errors", "numbers", "value", "data"),
)
#: Keys under which a code or a status is that of a part, not of the whole.
_PARTS = frozenset({"details", "errors", "numbers"})
#: Where markup begins: what follows is a gateway's page, not a reason.
_MARKUP = re.compile(
    r"^\s*<.*|<(?:!doctype|\?xml|html|head|body|title|h[1-6]|center|script|style)\b.*", re.IGNORECASE | re.DOTALL
)

type _Found = tuple[Literal["code", "status", "text"], str]


@dataclass(frozen=True, slots=True)
class Reason:
    """What Graph gave as its reason; blank where it gave none.

    Attributes:
        code: the innermost code, for programs.
        message: what was said, each text on a line of its own; never a page of markup.
        status: the HTTP status that is told along with it, for where the answer's own was not kept.
    """

    code: str = ""
    message: str = ""
    status: int | None = None


def find(said: object) -> Reason:
    """Return the reason in a parsed body; blank where there is none."""
    found = list(_walk(said, 0)) if isinstance(said, dict | list | str) else []
    codes, statuses = ([text for kind, text in found if kind == wanted] for wanted in ("code", "status"))
    texts = dict.fromkeys(text for kind, text in found if kind == "text")
    code, message = next(reversed(codes), ""), "\n".join(list(texts)[:_MOST_TEXTS])
    return Reason(code, message, int(statuses[0]) if statuses else None)


def _walk(said: Any, depth: int) -> Iterator[_Found]:  # noqa: ANN401 - any JSON
    """Yield each code, status and text, the outer before the inner."""
    if depth > _DEEPEST:
        return
    if isinstance(said, str):
        yield from _text(said, depth)
    elif isinstance(said, list):
        for item in said[:_MOST_TEXTS]:
            yield from _walk(item, depth + 1)
    elif isinstance(said, dict):
        yield from _object({str(key).lower(): value for key, value in said.items()}, depth)


def _object(said: dict[str, Any], depth: int) -> Iterator[_Found]:
    yield from _names(said)
    told = False
    for key in _HOLDING:
        value = said.get(key)
        if key == "errors" and isinstance(value, dict):  # by field, as ASP.NET lists what is invalid
            value = list(value.values())
        if isinstance(value, str) and key not in _TELLING:
            continue
        if key in {"numbers", "value"} and isinstance(value, list):  # texts there are data
            value = [item for item in value if isinstance(item, dict)]
        for kind, text in _walk(value, depth + 1):
            told = told or kind == "text"
            if kind == "text" or key not in _PARTS:
                yield kind, text
    yield from _advised(None if told else said.get("additionaldata"), depth + 1)
    if isinstance(error := said.get("error"), str):
        if re.fullmatch(r"[\w.-]+", error):  # a word such as `invalid_grant` is a code, a sentence is a reason
            yield "code", _clean(error)
        else:
            yield from _text(error, depth + 1)
    elif isinstance(title := said.get("title"), str) and not told:
        yield from _text(title, depth + 1)


def _advised(extra: object, depth: int) -> Iterator[_Found]:
    """Yield what Teams' backend advises where its message is null (field reports)."""
    if isinstance(extra, dict) and isinstance(action := extra.get("action"), str):
        yield from _text(action, depth)


def _names(said: dict[str, Any]) -> Iterator[_Found]:
    """Yield an object's own code and status."""
    for key in ("code", "errorcode"):
        if isinstance(code := said.get(key), str) and (cleaned := _clean(code)):
            yield "code", cleaned
    for key in ("status", "statuscode", "httpstatuscode", "code"):
        value = said.get(key)
        if isinstance(value, int | str) and re.fullmatch(r"[45][0-9]{2}", str(value)):
            yield "status", str(value)


def _text(said: str, depth: int) -> Iterator[_Found]:
    """Yield a text, or what it says where it is JSON itself."""
    if isinstance(inner := parse_text(said), dict | list | str):
        within = list(_walk(inner, depth + 1))
        if any(kind == "text" for kind, _ in within):
            yield from within
            return
    if cleaned := _clean(said):
        yield "text", cleaned


def _clean(said: str) -> str:
    """Return a text on one line, without markup."""
    return " ".join(_MARKUP.sub("", said[: 4 * _TEXT_LENGTH]).split())[:_TEXT_LENGTH]
