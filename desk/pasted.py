"""What Graph said, as people paste it: a body, an answer with its status line, or only a sentence. Pure."""

import re
from dataclasses import replace
from typing import Final

from teams_numbers.reasons import Reason, find
from teams_numbers.reply import UNREADABLE, parse_text

#: A status as people paste it: an answer's first line, or what .NET and PowerShell say of one.
_STATUS = re.compile(
    r"\A\s*(?:HTTP/[0-9.]+\s+)?\(?([45][0-9]{2})(?=[\s:,()]|$)"
    r"|(?:indicate success|status(?: ?code)?|\berror|\bHTTP(?: error)?)[:=\s]+\(?([45][0-9]{2})\b",
    re.IGNORECASE,
)

#: What Graph's codes and sentences say of the status, where only they were kept.
_IMPLIED: Final = {
    401: re.compile(
        r"(?i)InvalidAuthenticationToken|unauthenticated|\Aunauthorized\Z|access token (has|is|validation)"
    ),
    403: re.compile(
        r"(?i)\Aforbidden\Z|access ?denied|Authorization_RequestDenied|insufficient (permission|privilege)"
    ),
    429: re.compile(r"(?i)TooManyRequests|too many requests|throttled|activityLimitReached"),
}


def read(pasted: str) -> Reason:
    """Return the reason in what a person pasted, with the status that it tells or implies."""
    if pasted.lstrip().startswith("HTTP/"):  # an answer as it came over the wire: only its body can hold a reason
        head, _, said = re.sub(r"\r\n?", "\n", pasted).lstrip().partition("\n\n")
    else:
        said = pasted
        head = pasted.partition("{")[0]
    body = parse_text(said[said.find("{") : said.rfind("}") + 1])
    if body is UNREADABLE:
        body = parse_text(said)
    found = find(body if isinstance(body, dict | list | str) else said)
    told = _STATUS.search(head)
    status = int(next(filter(None, told.groups()))) if told else found.status or _implied(found)
    return replace(found, status=status)


def _implied(reason: Reason) -> int | None:
    said = (reason.code, *reason.message.split("\n"))
    return next((status for status, words in _IMPLIED.items() if any(words.search(text) for text in said)), None)
