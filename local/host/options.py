"""The queue trigger's options, from host.json and the environment."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from local.host.errors import HostError
from local.host.settings import AppSettings

#: The most that one receive may take: https://learn.microsoft.com/rest/api/storageservices/get-messages
RECEIVE_MOST = 32
#: The shortest pause between two receives that found nothing, in seconds; the first one, too.
SHORTEST_POLL = 0.1
_WHERE = "host.json extensions.queues."
_TIME_SPAN = re.compile(r"(?:(\d+)\.)?(\d{1,2}):(\d{1,2})(?::(\d{1,2}(?:\.\d{1,7})?))?")


@dataclass(frozen=True, slots=True)
class QueueOptions:
    """How queues are read, app-wide: https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue#hostjson-settings.

    Attributes:
        batch_size: messages per receive, 1 to 32.
        new_batch_threshold: receive again when at most so many are in flight.
        max_dequeue_count: deliveries before the poison queue.
        visibility_timeout: seconds that a message stays invisible after a failed run.
        max_polling_interval: the longest pause between two receives that found nothing, in seconds.
        base64: messages are base64 text; else they are taken as they are.
    """

    batch_size: int
    new_batch_threshold: int
    max_dequeue_count: int
    visibility_timeout: float
    max_polling_interval: float
    base64: bool

    @property
    def concurrency(self) -> int:
        """The most messages in flight at once."""
        return self.batch_size + self.new_batch_threshold


def queue_options(host_json: Mapping[str, Any], settings: AppSettings) -> QueueOptions:
    """Return the options in `extensions.queues`; `AzureFunctionsJobHost__extensions__queues__<key>` wins over the file.

    Raises:
        HostError: a value is wrong; the key is named.
    """
    section = (host_json.get("extensions") or {}).get("queues") or {}
    given = {key.lower(): value for key, value in section.items()}
    given |= settings.under("AzureFunctionsJobHost__extensions__queues__")
    batch_size = _integer(given, "batchSize", 16, 1, RECEIVE_MOST)
    # The cores count only in the default, as in the extension's QueuesOptions.
    threshold = batch_size // 2 * (os.process_cpu_count() or 1)
    longest = _seconds(given, "maxPollingInterval", 60)
    if longest < SHORTEST_POLL:
        message = f"{_WHERE}maxPollingInterval must be at least 00:00:00.1"
        raise HostError(message)
    encoding = str(given.get("messageencoding", "base64")).lower()
    if encoding not in {"none", "base64"}:
        message = f"{_WHERE}messageEncoding must be none or base64, not {encoding!r}"
        raise HostError(message)
    return QueueOptions(
        batch_size=batch_size,
        new_batch_threshold=_integer(given, "newBatchThreshold", threshold, 0),
        max_dequeue_count=_integer(given, "maxDequeueCount", 5, 1),
        visibility_timeout=_seconds(given, "visibilityTimeout", 0),
        max_polling_interval=longest,
        base64=encoding == "base64",
    )


def time_span(text: str) -> timedelta:
    """Return a .NET TimeSpan: `hh:mm`, `hh:mm:ss`, `d.hh:mm:ss`, `hh:mm:ss.fff`.

    Raises:
        ValueError: it is none, or a plain number, which .NET would take for days.
    """
    match = _TIME_SPAN.fullmatch(text.strip())
    if match is None:
        message = f"{text!r} is no time span: write hh:mm:ss"
        raise ValueError(message)
    days, hours, minutes, seconds = match.groups(default="0")
    return timedelta(days=int(days), hours=int(hours), minutes=int(minutes), seconds=float(seconds))


def _seconds(given: Mapping[str, Any], key: str, default: float) -> float:
    try:
        return time_span(str(given[key.lower()])).total_seconds()
    except KeyError:
        return default
    except ValueError as error:
        message = f"{_WHERE}{key}: {error}"
        raise HostError(message) from error


def _integer(given: Mapping[str, Any], key: str, default: int, least: int, most: int | None = None) -> int:
    value = given.get(key.lower(), default)
    bounds = f"a whole number of at least {least}" if most is None else f"a whole number from {least} to {most}"
    if not re.fullmatch(r"\d+", str(value)) or int(value) < least or (most is not None and int(value) > most):
        message = f"{_WHERE}{key} must be {bounds}, not {value!r}"
        raise HostError(message)
    return int(value)
