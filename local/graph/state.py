"""What may change about a number: one state of it, and whose it is in that state."""

from dataclasses import dataclass
from typing import Any, Final

from local.graph.vocabulary import ActivationState, AssignmentCategory, AssignmentStatus

SOMEBODY: Final = "00000000-0000-0000-0000-000000000001"
VOICE_APPLICATION: Final = "00000000-0000-0000-0000-000000000002"
CONFERENCE: Final = "00000000-0000-0000-0000-000000000003"
THIRD_PARTY: Final = "00000000-0000-0000-0000-000000000004"
POLICY: Final = "00000000-0000-0000-0000-000000000005"
#: Ids that stand for many; none of them is one person with one primary number.
MANY: Final = frozenset({SOMEBODY, VOICE_APPLICATION, CONFERENCE, THIRD_PARTY, POLICY})

_STATUS: Final = {
    None: AssignmentStatus.UNASSIGNED,
    VOICE_APPLICATION: AssignmentStatus.VOICE_APPLICATION_ASSIGNED,
    CONFERENCE: AssignmentStatus.CONFERENCE_ASSIGNED,
    THIRD_PARTY: AssignmentStatus.THIRD_PARTY_APP_ASSIGNED,
    POLICY: AssignmentStatus.POLICY_ASSIGNED,
}


@dataclass(frozen=True, slots=True)
class State:
    """A number's state between two changes.

    Attributes:
        target: the object id of whom it is assigned to.
        status: Graph's word for that.
        category: the assignment's.
        location_id: the emergency location; it stays when the number is taken back.
        network_site_id: the network site.
        reverse_lookup: reverseNumberLookupOptions.
        activation: activationState while no order runs.
        pending: activationState while one does; None: none runs.
        listed: whether it is in the inventory; a Direct Routing number may be so only once assigned.
    """

    target: str | None = None
    status: AssignmentStatus = AssignmentStatus.UNASSIGNED
    category: AssignmentCategory = AssignmentCategory.PRIMARY
    location_id: str | None = None
    network_site_id: str | None = None
    reverse_lookup: tuple[str, ...] = ()
    activation: ActivationState = ActivationState.ACTIVATED
    pending: ActivationState | None = None
    listed: bool = True

    @property
    def held(self) -> bool:
        """Whether it is assigned, be it to nobody that Graph names."""
        return self.status not in {AssignmentStatus.UNASSIGNED, AssignmentStatus.INTERNAL_ERROR}


def whose(target: str | None) -> dict[str, Any]:
    """Return the part of a state that says whose a number is; None: nobody's."""
    return {"target": target, "status": _STATUS.get(target, AssignmentStatus.USER_ASSIGNED)}
