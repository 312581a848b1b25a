"""A caller's message: decode, validate, normalize. Pure; any text in, a request or one rejection out."""

import base64
import contextlib
import hashlib
import json
import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from assign_number.rejection import FIELDS, say
from teams_numbers import numbers
from teams_numbers.contracts import NOT_BEFORE_MOST, Action, NumberRequest
from teams_numbers.fields import BLANKABLE, REQUEST_ID_FORM, combined
from teams_numbers.numbers import Check

#: How many wrong fields one rejection names.
_MOST_PROBLEMS = 20
#: What a message is that is no JSON object, by how it begins.
_NO_OBJECT = {
    "": "empty: send a JSON object",
    "[": "a list: send each request as a message of its own",
    '"': "JSON in a JSON string: send the object itself",
}
_MOST_DIGITS, _TOO_LARGE = 300, "the message contains a number that is too large"


@dataclass(frozen=True, slots=True)
class Envelope:
    """One delivery of a message, as the queue trigger hands it over.

    Attributes:
        text: the message's content, as it came.
        message_id: the queue service's name for it; the request's id where it names none.
        deliveries: how often it was delivered, this time included.
        inserted_at: when it was put on the queue.
    """

    text: str
    message_id: str
    deliveries: int
    inserted_at: datetime


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a message is no request.

    Attributes:
        request_id: the request's id, or the message's where the request's is missing or wrong.
        reason: what is wrong, every field named.
        fields: the names of the wrong fields, as far as they are ours to name.
        readable: the fields that were right, by their name in the contract.
        fingerprint: the message itself, as a short name.
    """

    request_id: str
    reason: str
    fields: tuple[str, ...]
    readable: dict[str, Any]
    fingerprint: str


def stored_at(said: datetime | None, now: datetime) -> datetime:
    """Return when a message was stored, by what the host says: a body's `insertionTime` may have replaced its own."""
    return min(now, (said if said.tzinfo else said.replace(tzinfo=UTC)) if said else now)


def read(envelope: Envelope, number_check: Check = "possible") -> NumberRequest | Rejection:
    """Return the request in a message, plain JSON or base64 of it, or why there is none.

    Args:
        envelope: the delivery.
        number_check: whether a number must be possible in its country, or may be of a private plan.
    """
    fallback_id = envelope.message_id if re.fullmatch(REQUEST_ID_FORM, envelope.message_id) else "unnamed"
    fingerprint = hashlib.sha256(envelope.text.encode(errors="replace")).hexdigest()[:32]
    try:
        raw = _parse(_decode(envelope.text))
    except ValueError as error:
        return Rejection(fallback_id, str(error), (), {}, fingerprint)
    given = {key: value for key, value in raw.items() if key not in FIELDS or not _absent(key, value)}
    given.setdefault("requestId", fallback_id)
    request, wrong = None, _combination(given)
    try:
        request = NumberRequest.model_validate(given, by_name=False, context={"number_check": number_check})
    except ValidationError as error:
        single = [(str(problem["loc"][0]), dict(problem)) for problem in error.errors() if problem["loc"]]
        wrong |= {name: say(name, problem) for name, problem in reversed(single)}
    latest = envelope.inserted_at + NOT_BEFORE_MOST
    if request is not None and request.not_before is not None and request.not_before > latest:
        wrong["notBefore"] = "notBefore: is more than 7 days ahead; send the request when it is nearer"
    if request is None or wrong:
        return _reject(given, wrong, fallback_id, fingerprint, number_check)
    return request


def _absent(name: str, value: object) -> bool:
    """Say whether a value is as good as leaving its field out."""
    return value is None or (value == "" and name in BLANKABLE)


def _combination(given: dict[str, Any]) -> dict[str, str]:
    """Return what is wrong with the fields together, as far as the action can be read."""
    action = given.get("action", Action.ASSIGN)
    if not isinstance(action, str) or action not in set(Action):
        return {}
    return {name: f"{name}: {said}" for name, said in combined(action, given.keys()).items()}


def _decode(text: str) -> str:
    """Return the JSON text of a message, plain or in base64, in any of JSON's encodings.

    Azure's connectors and client libraries write both.
    """
    plain = _stripped(text)
    with contextlib.suppress(ValueError):
        content = base64.b64decode("".join(plain.split()), validate=True)
        plain = _stripped(content.decode(json.detect_encoding(content)))
    if plain.startswith("{"):
        return plain
    message = "the message is " + _NO_OBJECT.get(plain[:1], "neither a JSON object nor base64 of one")
    raise ValueError(message)


def _stripped(text: str) -> str:
    return text.strip().removeprefix("\ufeff").strip()


def _parse(text: str) -> dict[str, Any]:
    """Return the object in a JSON text; what two readers could understand differently is refused."""
    try:
        value: dict[str, Any] = json.loads(
            text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_finite, parse_int=_whole
        )
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        message = "the message contains half of a surrogate pair, which is not a character"
        raise ValueError(message) from None
    except json.JSONDecodeError as error:
        what = error.msg.removesuffix(" at")
        message = f"the message is not valid JSON: {what} at line {error.lineno}, column {error.colno}"
        raise ValueError(message) from None
    except RecursionError:
        message = "the message is nested too deeply"
        raise ValueError(message) from None
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        message = "the message names a field twice in one object"
        raise ValueError(message)
    return value


def _no_constant(name: str) -> None:
    message = f"the message is not valid JSON: {name} is not allowed"
    raise ValueError(message)


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(_TOO_LARGE)
    return number


def _whole(text: str) -> int:
    if len(text) > _MOST_DIGITS:
        raise ValueError(_TOO_LARGE)
    return int(text)


def _reject(
    given: dict[str, Any], wrong: dict[str, str], fallback_id: str, fingerprint: str, check: Check
) -> Rejection:
    said = [wrong[name] for name in sorted(wrong, key=_contract_order)]
    if len(said) > _MOST_PROBLEMS:
        said[_MOST_PROBLEMS:] = [f"and {len(said) - _MOST_PROBLEMS} more"]
    readable = {name: value for name, value in given.items() if name not in wrong}
    if "telephoneNumber" in readable:
        readable["telephoneNumber"] = numbers.read(readable["telephoneNumber"], check)
    names = tuple(name if name in FIELDS else "(unknown)" for name in wrong)
    return Rejection(str(readable.pop("requestId", fallback_id)), "; ".join(said), names, readable, fingerprint)


def _contract_order(name: str) -> int:
    return list(FIELDS).index(name) if name in FIELDS else len(FIELDS)
