"""Orders: what a body must hold, what the tenant refuses, and what becomes of what it takes. No HTTP in here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from local.graph import twists
from local.graph.magic import Holder
from local.graph.number import Number
from local.graph.tenant import Operation, Tenant
from local.graph.vocabulary import ACTIONS, AssignmentCategory, NumberType

_NUMBER = re.compile(r"\+?([1-9]\d{2,14}(?:;ext=\d{1,8})?)")
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_REVERSE_LOOKUP: Final = {"skipInternalVoip"}


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error of this program
    """The tenant says no; the message has the braces of `twists`."""

    def __init__(self, message: str, *, status: int = 400, code: str = "BadRequest") -> None:
        super().__init__(message)
        self.message, self.status, self.code = message, status, code


@dataclass(frozen=True, slots=True)
class Wanted:
    """A well-formed assignNumber."""

    telephone_number: str
    target: str
    number_type: NumberType
    category: AssignmentCategory
    location_id: str | None


def assignment(asked: Mapping[str, Any]) -> Wanted:
    """Return what an assignNumber's body asks for.

    Raises:
        Refusal: the body is malformed.
    """
    _check(asked, "assignNumber")
    target = asked["assignmentTargetId"]
    if not _GUID.fullmatch(target):
        raise Refusal(twists.USER_NOT_FOUND)
    category = asked.get("assignmentCategory") or AssignmentCategory.PRIMARY
    if category not in AssignmentCategory:
        message = f"Requested value '{category}' was not found."
        raise Refusal(message)
    number = _telephone_number(asked)
    return Wanted(number, target.lower(), _type(asked), AssignmentCategory(category), asked.get("locationId") or None)


def find(wanted: Wanted, tenant: Tenant) -> Number:
    """Return the number that is wanted.

    Raises:
        Refusal: the tenant has no such number of that type.
    """
    number = tenant.number(wanted.telephone_number)
    if number is None and wanted.number_type is NumberType.DIRECT_ROUTING:
        return tenant.direct_routing(wanted.telephone_number)
    if number is None or number.number_type is not wanted.number_type:
        raise Refusal(twists.NOT_FOUND)
    return number


def place(wanted: Wanted, number: Number, tenant: Tenant) -> Operation:
    """Take the order.

    Raises:
        Refusal: the number cannot be given to this user now.
    """
    magic = number.magic
    if magic and not magic.for_users:
        raise Refusal(twists.UNSUITED)
    if magic and magic.holder is Holder.TARGET and number.target is None and not number.orders:
        number.target = wanted.target
    if tenant.plan.require_location and number.number_type is NumberType.CALLING_PLAN and not wanted.location_id:
        message = "An emergency location is required to assign the number '{number}'."
        raise Refusal(message)
    holder = number.target or (number.running_for if number.running else None)
    if holder is not None and holder != wanted.target:
        raise Refusal(twists.TAKEN)
    if holder is not None:
        match (magic and magic.second_post) or tenant.plan.second_post:
            case "badRequest":
                raise Refusal(twists.TAKEN)
            case "conflict":
                message = "The number is being assigned or is assigned already."
                raise Refusal(message, status=409, code="Conflict")
    return tenant.order(number, wanted.target, wanted.category, wanted.location_id)


def take_back(asked: Mapping[str, Any], tenant: Tenant) -> Operation:
    """Take the order to unassign a number.

    Raises:
        Refusal: the body is malformed, or the tenant has no such number of that type.
    """
    _check(asked, "unassignNumber")
    number = tenant.number(_telephone_number(asked))
    if number is None or not number.listed or number.number_type is not _type(asked):
        raise Refusal(twists.NOT_FOUND)
    return tenant.order(number, None, number.category, None)


def update(asked: Mapping[str, Any], tenant: Tenant) -> None:
    """Change a number's location, site or reverse lookup; an empty string clears.

    Raises:
        Refusal: the body is malformed, or the tenant has no such number.
    """
    _check(asked, "updateNumber")
    number = tenant.number(_telephone_number(asked))
    if number is None or not number.listed:
        raise Refusal(twists.NOT_FOUND)
    if (location := asked.get("locationId")) is not None:
        number.location_id = location or None
    if (site := asked.get("networkSiteId")) is not None:
        number.network_site_id = site or None
    if (options := asked.get("reverseNumberLookupOptions")) is not None:
        number.reverse_lookup = list(options)


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
            right = value is None or (isinstance(value, list) and set(map(str, value)) <= _REVERSE_LOOKUP)
        else:
            right = isinstance(value, str) or (value is None and name in optional)
        if not right:
            message = f"The value of the parameter '{name}' is invalid."
            raise Refusal(message)


def _telephone_number(asked: Mapping[str, Any]) -> str:
    match = _NUMBER.fullmatch(asked["telephoneNumber"])
    if match is None:
        message = "The telephone number '{number}' is not valid."
        raise Refusal(message)
    return f"+{match[1]}"


def _type(asked: Mapping[str, Any]) -> NumberType:
    if asked["numberType"] not in NumberType:
        message = f"Requested value '{asked['numberType']}' was not found."
        raise Refusal(message)
    return NumberType(asked["numberType"])
