"""The HR message: decode, validate, normalize. Pure; any text in, a request or one rejection out."""

import base64
import binascii
import json
import math
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from pydantic.alias_generators import to_camel

from teams_numbers.messages import AssignmentRequest, normalize_number

#: How many wrong fields one rejection names, and how much of an unknown field's name it repeats.
_MOST_PROBLEMS, _NAME_LENGTH = 20, 64
_FIELDS = {to_camel(name): field for name, field in AssignmentRequest.model_fields.items()}
_BLANKABLE = frozenset({"requestId", "assignmentCategory", "locationId"})
_MOST_DIGITS, _TOO_LARGE = 300, "the message holds a number that is too large"
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")


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
    """

    request_id: str
    reason: str
    fields: tuple[str, ...]
    readable: dict[str, Any]


def read(envelope: Envelope) -> AssignmentRequest | Rejection:
    """Return the request in a message, plain JSON or base64 of it, or why there is none."""
    fallback_id = envelope.message_id if _REQUEST_ID.fullmatch(envelope.message_id) else "unnamed"
    try:
        raw = _parse(_decode(envelope.text))
    except ValueError as error:
        return Rejection(fallback_id, str(error), (), {})
    given = {key: value for key, value in raw.items() if value is not None and (value != "" or key not in _BLANKABLE)}
    given.setdefault("requestId", fallback_id)
    given.setdefault("delivery", {"receivedAt": envelope.inserted_at})
    try:
        request = AssignmentRequest.model_validate(given)
    except ValidationError as error:
        return _reject(given, error, fallback_id)
    if request.delivery.received_at > envelope.inserted_at:  # nobody's deadline is later than the clock allows
        delivery = request.delivery.model_copy(update={"received_at": envelope.inserted_at})
        request = request.model_copy(update={"delivery": delivery})
    return request


def _decode(text: str) -> str:
    """Return the JSON text of a message; what does not start like JSON is taken for base64, in any of JSON's encodings.

    Azure's connectors and client libraries write both.
    """
    plain = text.strip().removeprefix("\ufeff")
    if plain.startswith("{"):
        return plain
    try:
        content = base64.b64decode("".join(plain.split()), validate=True)
        return content.decode(json.detect_encoding(content)).removeprefix("\ufeff")
    except (binascii.Error, ValueError):
        message = "the message is neither a JSON object nor base64 of one"
        raise ValueError(message) from None


def _parse(text: str) -> dict[str, Any]:
    """Return the object in a JSON text; what two readers could understand differently is refused."""
    try:
        value = json.loads(
            text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_finite, parse_int=_whole
        )
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        message = "the message holds half a surrogate pair, which is no character"
        raise ValueError(message) from None
    except json.JSONDecodeError as error:
        message = f"the message is no valid JSON: {error.msg} at line {error.lineno}, column {error.colno}"
        raise ValueError(message) from None
    except RecursionError:
        message = "the message is nested too deeply"
        raise ValueError(message) from None
    if not isinstance(value, dict):
        message = "the message must be a JSON object"
        raise ValueError(message)  # noqa: TRY004 - one kind of error for one kind of fault
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        message = "the message names a field twice in one object"
        raise ValueError(message)
    return value


def _no_constant(name: str) -> None:
    message = f"the message holds {name}, which is no JSON"
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


def _reject(given: dict[str, Any], error: ValidationError, fallback_id: str) -> Rejection:
    problems = error.errors(include_url=False, include_input=False)
    wrong = {str(problem["loc"][0]): problem for problem in reversed(problems)}
    said = [_explain(name, dict(problem)) for name, problem in sorted(wrong.items(), key=_contract_order)]
    if len(said) > _MOST_PROBLEMS:
        said[_MOST_PROBLEMS:] = [f"and {len(said) - _MOST_PROBLEMS} more"]
    readable = {name: value for name, value in given.items() if name in _FIELDS and name not in wrong}
    if "telephoneNumber" in readable:
        readable["telephoneNumber"] = normalize_number(readable["telephoneNumber"])
    names = tuple(name if name in _FIELDS else "(unknown)" for name in wrong)
    return Rejection(str(readable.pop("requestId", fallback_id)), "; ".join(said), names, readable)


def _contract_order(item: tuple[str, Any]) -> int:
    return list(_FIELDS).index(item[0]) if item[0] in _FIELDS else len(_FIELDS)


def _explain(name: str, problem: dict[str, Any]) -> str:
    """Say what is wrong with a field and what it must be."""
    if name not in _FIELDS:
        shown = ascii(name[:_NAME_LENGTH])
        meant = next((field for field in _FIELDS if field.lower() == name.lower()), None)
        return f"{shown}: unknown field" + (f", did you mean {meant}?" if meant else "")
    if problem["type"] == "missing":
        return f"{name}: is missing. {_FIELDS[name].description}"
    if problem["type"] == "value_error":
        return f"{name}: {str(problem['msg']).removeprefix('Value error, ')}"
    return f"{name}: {_FIELDS[name].description or problem['msg']}"
