"""Read the number and say whose it is: Graph is the truth where an answer is unclear."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from teams_numbers.answers import Listing, Refused, Unclear, Unjudged

if TYPE_CHECKING:
    from teams_numbers.graph import Graph
    from teams_numbers.messages import AssignmentRequest


class Holder(StrEnum):
    """Whose a number is."""

    OURS = "ours"  #: the user's whom the request names
    THEIRS = "theirs"  #: somebody else's, or a service's
    FREE = "free"  #: nobody's
    CHANGING = "changing"  #: an order for it is still running
    UNLISTED = "unlisted"  #: not in the inventory, as Direct Routing numbers before their first assignment
    UNSUITED = "unsuited"  #: nobody's, but not for users
    OTHER_TYPE = "otherType"  #: nobody's, but of another numberType than the request says


def read(graph: "Graph", request: "AssignmentRequest") -> Holder | Unjudged:
    """Ask Graph whose the request's number is."""
    match graph.numbers_of(request.telephone_number):
        case Listing(numbers, complete):
            found = holder(numbers, request)
            return Unclear("the list broke off") if found is Holder.UNLISTED and not complete else found
        case Refused(status=status):
            return Unclear(f"reading the number was refused with {status}")
        case unjudged:
            return unjudged


def holder(numbers: Sequence[dict[str, Any]], request: "AssignmentRequest") -> Holder:
    """Say whose the request's number is, from Graph's `numberAssignment`s that matched it. Pure."""
    number = next((n for n in numbers if n.get("telephoneNumber") == request.telephone_number), None)
    if number is None:
        return Holder.UNLISTED
    target = number.get("assignmentTargetId")
    changing = number.get("activationState") == "assignmentPending"
    if isinstance(target, str) and target:
        if target.lower() != request.assignment_target_id:
            return Holder.THEIRS
        if number.get("activationState") == "assignmentFailed":
            return Holder.FREE
        return Holder.CHANGING if changing else Holder.OURS
    if changing:
        return Holder.CHANGING
    if number.get("assignmentStatus") not in {None, "unassigned", "internalError"}:
        return Holder.THEIRS
    if number.get("numberType") not in {None, request.number_type}:
        return Holder.OTHER_TYPE
    capabilities = number.get("capabilities")
    return Holder.UNSUITED if capabilities and "userAssignment" not in capabilities else Holder.FREE
