"""A received queue message: what the function gets of it. Pure."""

import base64
import binascii
import json
from typing import TYPE_CHECKING

from local.host.app import Value

if TYPE_CHECKING:
    from azure.storage.queue import QueueMessage


class NotBase64Error(Exception):
    """The host expects base64 and the message is none."""


def decode(content: str, *, is_base64: bool) -> bytes:
    """Return the body of a message.

    Raises:
        NotBase64Error: it should be base64 and is not.
    """
    if not is_base64:
        return content.encode()
    try:
        return base64.b64decode("".join(content.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotBase64Error from error


def trigger_metadata(message: "QueueMessage", body: str) -> dict[str, Value]:
    """Return the metadata of an invocation: the message's own, overwritten by the body's keys.

    If the body is a JSON object, its top-level keys replace metadata of the same name, ignoring case, but for arrays
    and nulls: https://github.com/Azure/azure-functions-host/blob/dev/src/WebJobs.Script/Utility.cs, ApplyBindingData.
    """
    metadata = {
        "QueueTrigger": Value(body, "string"),
        "Id": Value(message.id, "string"),
        "PopReceipt": Value(message.pop_receipt or "", "string"),
        "DequeueCount": Value(str(message.dequeue_count), "json"),
    }
    times = {
        "InsertionTime": message.inserted_on,
        "ExpirationTime": message.expires_on,
        "NextVisibleTime": message.next_visible_on,
    }
    metadata |= {name: Value(json.dumps(time.isoformat()), "json") for name, time in times.items() if time is not None}
    names = {name.lower(): name for name in metadata}
    for key, value in _json_object(body).items():
        if value is not None and not isinstance(value, list):
            name = names.setdefault(key.lower(), key)
            metadata[name] = (
                Value(json.dumps(value), "json") if isinstance(value, dict) else Value(str(value), "string")
            )
    return metadata


def _json_object(text: str) -> dict[str, object]:
    if not text.strip().startswith("{"):
        return {}
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
