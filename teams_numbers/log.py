"""One log line per event: a name and its fields as one JSON object, personal data masked.

In Application Insights a line is `traces.message`: `extend e = parse_json(message) | where e.name == "poll.run"`.
"""

import functools
import json
import logging
import re
from typing import Final, Literal

from pydantic.alias_generators import to_camel

from teams_numbers.fields import ID_FORM

type EventName = Literal[
    "request.handed_over",
    "request.deferred",
    "request.completed",
    "request.set_aside",
    "order.submitted",
    "item.set_aside",
    "pool.level",
    "graph.throttled",
    "graph.unclear",
    "configuration.fault",
    "unforeseen",
    "poll.run",
]

_FIELDS: Final[dict[EventName, str]] = {
    "request.handed_over": "requestId action deliveries",
    "request.deferred": "requestId action reason attempt waits delaySeconds",
    "request.completed": (
        "requestId action dryRun outcome code reason advice attempts elapsedSeconds numberType pool telephoneNumber "
        "graphRequestId"
    ),
    "request.set_aside": "requestId reason fields",
    "order.submitted": "requestId action attempt telephoneNumber dueSeconds graphRequestId",
    "item.set_aside": "messageId reason",
    "pool.level": "pool free lowWater",
    "graph.throttled": "method status retryAfterSeconds clientRequestId graphRequestId",
    "graph.unclear": "method status reason clientRequestId graphRequestId",
    "configuration.fault": "status code advice clientRequestId graphRequestId",
    "unforeseen": "where requestId error",
    "poll.run": (
        "received succeeded unconfirmed failed deferred ended setAside leaseLost errors "
        "oldestAgeSeconds queueLength requestsLength durationSeconds endedBy"
    ),
}
#: What the app logs: every event's name and the fields it may have. Alerts and the workbook are checked against it.
EVENTS: Final = {name: frozenset(fields.split()) for name, fields in _FIELDS.items()}

#: How `poll.run` counts what became of an item.
RESULTS: Final = ("succeeded", "unconfirmed", "failed", "deferred", "ended", "set_aside", "lease_lost", "errors")

_logger = logging.getLogger("teams_numbers")
#: As Graph names users, calls and operations.
GUID = re.compile(ID_FORM)
_camel = functools.cache(to_camel)
#: How much of somebody else's word is looked at at all, in characters.
_LOOKED_AT = 1024
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")
_UNPLAIN = re.compile(r"[^A-Za-z0-9._:-]")
#: Seven digits in a row, or in groups that stand apart from letters, as people write phone numbers.
_NUMBER = re.compile(r"(?<![A-Za-z0-9])(?=(?:[._:-]?[0-9]){7})[0-9]+(?:[._:-][0-9]+)+(?![A-Za-z0-9])|[0-9]{7,}")


def quiet_libraries() -> None:
    """Keep the libraries' own logs, which quote addresses with numbers in them, out of ours.

    urllib3 writes each request line at DEBUG and each retried address at WARNING, azure-core each header at INFO.
    """
    for name in ("azure", "msal", "requests"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("urllib3").setLevel(logging.ERROR)


def plain(word: str) -> str:
    """Return somebody else's word cut down to what a code may be: up to 64 of `A-Za-z0-9._:-`, no number, no address.

    A phone number in it becomes `#`, an address such as a user principal name goes. A GUID stays whole, however many
    digits stand together in it: Microsoft's support searches for Graph's request ids.
    """
    if GUID.fullmatch(word):
        return word
    return _NUMBER.sub("#", _UNPLAIN.sub("", _ADDRESS.sub("", word[:_LOOKED_AT])))[:64]


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
