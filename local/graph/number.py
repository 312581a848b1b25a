"""One telephone number: its state, and how Graph shows it."""

import base64
import uuid
from dataclasses import dataclass, field
from typing import Any

from local.graph import inventory
from local.graph.magic import Holder, Magic
from local.graph.vocabulary import (
    ActivationState,
    AssignmentCategory,
    AssignmentStatus,
    NumberCapability,
    NumberSource,
    NumberType,
)

_OPERATOR_ID = "44444444-4444-4444-8444-444444444444"
_IDS = uuid.UUID("55555555-5555-4555-8555-555555555555")


@dataclass(slots=True)
class Number:
    """A number's truth, and how often it was asked for.

    Attributes:
        telephone_number: with its plus.
        number_type: its kind.
        magic: what is special about it.
        listed: whether it is in the inventory; a Direct Routing number may be so only once assigned.
        target: the object id of whom it is assigned to.
        category: the assignment's.
        location_id: the emergency location.
        network_site_id: the network site.
        reverse_lookup: reverseNumberLookupOptions.
        half: assigned in name only, activationState assignmentFailed.
        running: how many orders for it are running.
        running_for: whom the running order is for; None where it takes the number back.
        shown_from: until then it reads as unassigned, in epoch seconds.
        posts, polls, reads, orders: how often it was ordered, its operations polled, it was read, an order accepted.
    """

    telephone_number: str
    number_type: NumberType
    magic: Magic | None = None
    listed: bool = True
    target: str | None = None
    category: AssignmentCategory = AssignmentCategory.PRIMARY
    location_id: str | None = None
    network_site_id: str | None = None
    reverse_lookup: list[str] = field(default_factory=list)
    half: bool = False
    running: int = 0
    running_for: str | None = None
    shown_from: float = 0.0
    posts: int = 0
    polls: int = 0
    reads: int = 0
    orders: int = 0

    @classmethod
    def make(cls, telephone_number: str, number_type: NumberType) -> "Number":
        """Return a number as it is before anything happened to it."""
        magic = inventory.magic(telephone_number)
        number = cls(telephone_number, number_type, magic, inventory.number_type(telephone_number) is number_type)
        if magic and magic.holder is Holder.SOMEBODY:
            number.target = inventory.SOMEBODY
        elif magic and magic.holder is Holder.VOICE_APPLICATION:
            number.target = inventory.VOICE_APPLICATION
        return number

    @property
    def id(self) -> str:
        """The id in Graph: base64url of a GUID and the number."""
        key = f"{uuid.uuid5(_IDS, self.telephone_number)}|{self.telephone_number}"
        return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")

    def give(self, holder: Holder, target: str) -> None:
        """Let an order end: the number is the holder's, who may be the order's target."""
        self.half = holder is Holder.HALF
        if holder is not Holder.NOBODY:
            self.target = inventory.SOMEBODY if holder is Holder.SOMEBODY else target

    def as_json(self, now: float, *, show_running: bool) -> dict[str, Any]:
        """Return Graph's `numberAssignment`.

        Args:
            now: in epoch seconds.
            show_running: a running order shows in activationState.
        """
        shown = self.target is not None and now >= self.shown_from
        status, activation = AssignmentStatus.UNASSIGNED, ActivationState.ACTIVATED
        if shown:
            voice = self.target == inventory.VOICE_APPLICATION
            status = AssignmentStatus.VOICE_APPLICATION_ASSIGNED if voice else AssignmentStatus.USER_ASSIGNED
        if shown and self.half:
            activation = ActivationState.ASSIGNMENT_FAILED
        elif self.running and show_running and not (self.magic and self.magic.hidden):
            activation = ActivationState.ASSIGNMENT_PENDING
        direct = self.number_type is NumberType.DIRECT_ROUTING
        for_users = [] if self.magic and not self.magic.for_users else [NumberCapability.USER]
        return {
            "id": self.id,
            "telephoneNumber": self.telephone_number,
            "operatorId": _OPERATOR_ID,
            "numberType": self.number_type,
            "activationState": activation,
            "capabilities": [*for_users, NumberCapability.VOICE_APPLICATION, NumberCapability.CONFERENCE],
            "locationId": self.location_id,
            "civicAddressId": None,
            "networkSiteId": self.network_site_id,
            "assignmentTargetId": self.target if shown else None,
            "assignmentCategory": self.category if shown else None,
            "assignmentStatus": status,
            "portInStatus": None,
            "isoCountryCode": None if direct else "US",
            "city": None,
            "numberSource": NumberSource.ON_PREMISES if direct else NumberSource.ONLINE,
            "supportedCustomerActions": [] if direct else ["locationUpdate", "release"],
            "reverseNumberLookupOptions": self.reverse_lookup,
        }
