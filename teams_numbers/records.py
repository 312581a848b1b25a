"""One listed number, as Graph shows it, and what that means. Pure."""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from teams_numbers.fields import LOCATION_FORM

#: What a number looks like that the app can order and store. A tenant may have others, such as one of five digits.
STORED_NUMBER: Final = re.compile(r"\+[1-9][0-9]{6,14}(;ext=[0-9]{1,10})?")
#: Seen as the location of numbers without one: https://github.com/MicrosoftDocs/office-docs-powershell/issues/9432
_NO_ID: Final = "00000000-0000-0000-0000-000000000000"
_LOCATION: Final = re.compile(LOCATION_FORM)
_UNASSIGNED: Final = frozenset({None, "unassigned", "internalError"})


class Holder(StrEnum):
    """Whose a number is, seen from one person."""

    TARGET = "target"  #: the person's whom the wish is about
    OTHER = "other"  #: another person's, a service's, or nobody knows whose
    NOBODY = "nobody"  #: free, or not listed


@dataclass(frozen=True, slots=True)
class NumberRecord:
    """One number of Graph's list.

    Attributes:
        telephone_number: with its plus.
        number_type: directRouting, callingPlan, operatorConnect, or another word; None where Graph knows none.
        target: the object id of whom it is assigned to, in lower case.
        assigned: whether it reads as assigned to anybody.
        category: which line of the person's.
        location_id: the emergency location.
        activation_state: Graph's word.
        for_users: whether it may be given to users.
        country: two capital letters.
    """

    telephone_number: str
    number_type: str | None = None
    target: str | None = None
    assigned: bool = False
    category: str | None = None
    location_id: str | None = None
    activation_state: str | None = None
    for_users: bool = True
    country: str | None = None

    def holder(self, person: str | None) -> Holder:
        """Say whose it is; a failed assignment holds nothing."""
        if not self.assigned or (self.target == person and self.failed):
            return Holder.NOBODY
        return Holder.TARGET if self.names(person) else Holder.OTHER

    def names(self, person: str | None) -> bool:
        """Say whether it names a person: one whose assignment failed is no number, but nobody else can have it."""
        return self.target is not None and self.target == person

    @property
    def failed(self) -> bool:
        """Say whether its assignment failed."""
        return self.activation_state == "assignmentFailed"

    @property
    def changing(self) -> bool:
        """Say whether an order for it is running."""
        return self.activation_state == "assignmentPending"

    def located(self, location_id: str | None) -> bool:
        """Say whether this is its emergency location; an id means the same in any letter case."""
        return (self.location_id or "").lower() == (location_id or "").lower()

    @property
    def phantom(self) -> bool:
        """Say whether it reads as assigned to nobody: seen in the field, and no free number."""
        return self.assigned and self.target is None

    @property
    def free(self) -> bool:
        """Say whether it can be picked."""
        return not self.assigned and not self.changing and self.for_users


def record(entry: Mapping[str, Any]) -> NumberRecord | None:
    """Return one of Graph's `numberAssignment`s, or None where it names no number."""
    number = entry.get("telephoneNumber")
    if not isinstance(number, str):
        return None
    target = _id(entry.get("assignmentTargetId"))
    capabilities = entry.get("capabilities")
    number_type = _word(entry.get("numberType"))
    return NumberRecord(
        telephone_number=number if number.startswith("+") else f"+{number}",
        number_type=number_type if number_type != "internalError" else None,
        target=target and target.strip("{}").lower(),
        assigned=target is not None or entry.get("assignmentStatus") not in _UNASSIGNED,
        category=_word(entry.get("assignmentCategory")),
        location_id=_location(_id(_word(entry.get("locationId")))),
        activation_state=_word(entry.get("activationState")),
        for_users=not isinstance(capabilities, list) or not capabilities or "userAssignment" in capabilities,
        country=_word(entry.get("isoCountryCode")),
    )


def _id(value: object) -> str | None:
    """Return an id; one of zeros is how Teams writes none."""
    return value if isinstance(value, str) and value and value != _NO_ID else None


def _location(value: str | None) -> str | None:
    """Return an emergency location's id; none where it is no id that the app can store, order and tell."""
    return value if value is not None and _LOCATION.fullmatch(value) else None


def _word(value: object) -> str | None:
    """Return a text that many numbers share, kept once in memory."""
    return sys.intern(value) if isinstance(value, str) and value else None
