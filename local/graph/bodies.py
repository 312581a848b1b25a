"""What the body of a call must hold, and what it asks for then. It knows no state."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from local.graph import people, texts
from local.graph.vocabulary import ACTIONS, AssignmentCategory, NumberType, ReverseNumberLookup

_NUMBER: Final = re.compile(r"\+?([1-9]\d{2,14}(?:;ext=\d{1,8})?)")
_MOVE: Final = ("telephoneNumber", "assignmentTargetId", "assignmentCategory", "numberType")


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error of this program
    """The tenant says no; the message has the braces of `texts`."""

    def __init__(self, message: str, *, status: int = 400, code: str = "BadRequest") -> None:
        super().__init__(message)
        self.message, self.status, self.code = message, status, code


@dataclass(frozen=True, slots=True)
class Assignment:
    """A well-formed assignNumber."""

    telephone_number: str
    target: str
    number_type: NumberType
    category: AssignmentCategory
    location_id: str | None


@dataclass(frozen=True, slots=True)
class Unassignment:
    """A well-formed unassignNumber."""

    telephone_number: str
    number_type: NumberType


@dataclass(frozen=True, slots=True)
class Update:
    """A well-formed updateNumber.

    Attributes:
        telephone_number: which.
        fields: what of its state is to be what.
    """

    telephone_number: str
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Move:
    """What an administrator does at once.

    Attributes:
        telephone_number: which.
        target: the object id of whom it goes to; None: nobody.
        category: the assignment's.
        unlisted: whether it may be a Direct Routing number that is not in the inventory.
    """

    telephone_number: str
    target: str | None
    category: AssignmentCategory
    unlisted: bool


def assignment(asked: Mapping[str, Any]) -> Assignment:
    """Return what an assignNumber's body asks for.

    Raises:
        Refusal: the body is malformed.
    """
    _check(asked, "assignNumber")
    target = asked["assignmentTargetId"]
    if not people.GUID.fullmatch(target):
        raise Refusal(texts.USER_NOT_FOUND)
    category = asked.get("assignmentCategory") or AssignmentCategory.PRIMARY
    if category not in AssignmentCategory:
        message = f"Requested value '{category}' was not found."
        raise Refusal(message)
    number, location = _telephone_number(asked), asked.get("locationId") or None
    return Assignment(number, target.lower(), _type(asked), AssignmentCategory(category), location)


def unassignment(asked: Mapping[str, Any]) -> Unassignment:
    """Return what an unassignNumber's body asks for.

    Raises:
        Refusal: the body is malformed.
    """
    _check(asked, "unassignNumber")
    return Unassignment(_telephone_number(asked), _type(asked))


def update(asked: Mapping[str, Any]) -> Update:
    """Return what an updateNumber's body asks for: an empty string clears, what is absent or null stays.

    Raises:
        Refusal: the body is malformed.
    """
    _check(asked, "updateNumber")
    fields: dict[str, Any] = {}
    if (location := asked.get("locationId")) is not None:
        fields["location_id"] = location or None
    if (site := asked.get("networkSiteId")) is not None:
        fields["network_site_id"] = site or None
    if (options := asked.get("reverseNumberLookupOptions")) is not None:
        fields["reverse_lookup"] = tuple(options)
    return Update(_telephone_number(asked), fields)


def move(asked: object) -> Move:
    """Return what `POST /emulator/move` asks for.

    Raises:
        Refusal: it is malformed.
    """
    if not isinstance(asked, dict) or not set(_MOVE[:2]) <= set(asked) <= set(_MOVE):
        message = f"a move is a JSON object with {' and '.join(_MOVE[:2])}, and maybe {' and '.join(_MOVE[2:])}"
        raise Refusal(message)
    target, category = asked["assignmentTargetId"], asked.get("assignmentCategory", AssignmentCategory.PRIMARY)
    if target is not None and not (isinstance(target, str) and people.GUID.fullmatch(target)):
        message = "assignmentTargetId must be an object id, or null"
        raise Refusal(message)
    if category not in AssignmentCategory:
        message = f"assignmentCategory must be one of {', '.join(AssignmentCategory)}"
        raise Refusal(message)
    unlisted = asked.get("numberType") == NumberType.DIRECT_ROUTING
    return Move(_telephone_number(asked), target and target.lower(), AssignmentCategory(category), unlisted)


def _check(asked: Mapping[str, Any], action: str) -> None:
    required, optional = ACTIONS[action]
    for name in asked:
        if name not in required and name not in optional:
            message = (
                f"The parameter '{name}' in the request payload is not a valid parameter for the operation '{action}'."
            )
            raise Refusal(message)
    for name in required:
        if not asked.get(name):
            message = f"The parameter '{name}' is required."
            raise Refusal(message)
    for name, value in asked.items():
        if name == "reverseNumberLookupOptions":
            right = value is None or (isinstance(value, list) and set(map(str, value)) <= set(ReverseNumberLookup))
        else:
            right = isinstance(value, str) or (value is None and name in optional)
        if not right:
            message = f"The value of the parameter '{name}' is invalid."
            raise Refusal(message)


def _telephone_number(asked: Mapping[str, Any]) -> str:
    match = _NUMBER.fullmatch(str(asked["telephoneNumber"]))
    if match is None:
        message = "The telephone number '{number}' is not valid."
        raise Refusal(message)
    return f"+{match[1]}"


def _type(asked: Mapping[str, Any]) -> NumberType:
    if asked["numberType"] not in NumberType:
        message = f"Requested value '{asked['numberType']}' was not found."
        raise Refusal(message)
    return NumberType(asked["numberType"])
