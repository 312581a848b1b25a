"""One log line per event: a name and its fields as one JSON object, personal data masked.

In Application Insights a line is `traces.message`: `extend e = parse_json(message) | where e.name == "poll.run"`.
"""

import functools
import json
import logging
import re
from typing import Final, Literal

from pydantic.alias_generators import to_camel

from teams_numbers.numbers import mask

__all__ = ["EVENTS", "EventName", "emit", "mask", "plain", "quiet_libraries"]

type EventName = Literal[
    "request.submitted",
    "request.put_back",
    "request.completed",
    "request.set_aside",
    "operation.postponed",
    "operation.set_aside",
    "graph.throttled",
    "graph.unclear",
    "graph.configuration_fault",
    "unforeseen",
    "poll.run",
]


def _fields(names: str) -> frozenset[str]:
    return frozenset(names.split())


#: What the app logs: every event's name and the fields it may have. Alerts and the workbook are checked against it.
EVENTS: Final[dict[EventName, frozenset[str]]] = {
    "request.submitted": _fields("requestId attempt telephoneNumber dueSeconds clientRequestId graphRequestId"),
    "request.put_back": _fields("requestId reason attempt held uncertain delaySeconds"),
    "request.completed": _fields(
        "requestId outcome code advice attempts elapsedSeconds numberType telephoneNumber graphRequestId"
    ),
    "request.set_aside": _fields("requestId reason fields"),
    "operation.postponed": _fields("requestId status polls delaySeconds"),
    "operation.set_aside": _fields("messageId reason"),
    "graph.throttled": _fields("method status retryAfterSeconds clientRequestId graphRequestId"),
    "graph.unclear": _fields("method status reason clientRequestId graphRequestId"),
    "graph.configuration_fault": _fields("status code advice clientRequestId graphRequestId"),
    "unforeseen": _fields("where requestId error"),
    "poll.run": _fields(
        "received succeeded failed postponed putBack setAside errors "
        "oldestAgeSeconds queueLength requestsLength durationSeconds endedBy"
    ),
}

_logger = logging.getLogger("teams_numbers")
_camel = functools.cache(to_camel)
_GUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


def quiet_libraries() -> None:
    """Keep the libraries' own logs, which quote addresses with numbers in them, out of ours.

    urllib3 writes each request line at DEBUG and each retried address at WARNING, azure-core each header at INFO.
    """
    for name in ("azure", "msal", "requests"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("urllib3").setLevel(logging.ERROR)


def plain(word: object) -> str:
    """Return somebody else's word cut down to what a code may be: up to 64 of `A-Za-z0-9._:-`, and no phone number.

    A GUID stays whole, however many digits stand together in it: Microsoft's support searches for Graph's request ids.
    """
    if _GUID.fullmatch(str(word)):
        return str(word)
    return re.sub(r"[0-9]{7,}", "#", re.sub(r"[^A-Za-z0-9._:-]", "", str(word)))[:64]


def emit(name: EventName, level: int = logging.INFO, **fields: object) -> None:
    """Write one event.

    Args:
        name: which one, of EVENTS.
        level: a level of the logging module.
        fields: its fields, snake_case here, camelCase in the line; None is left out.
    """
    if _logger.isEnabledFor(level):
        record = {"name": name} | {_camel(key): value for key, value in fields.items() if value is not None}
        _logger.log(level, "%s", json.dumps(record, ensure_ascii=False, default=str))
