"""Graph's own words, as its published v1.0 metadata spells them; a test compares them with it, name by name."""

from enum import StrEnum


class NumberType(StrEnum):
    """`numberType`, the values that name a kind of number."""

    DIRECT_ROUTING = "directRouting"
    CALLING_PLAN = "callingPlan"
    OPERATOR_CONNECT = "operatorConnect"


class AssignmentCategory(StrEnum):
    """`assignmentCategory`."""

    PRIMARY = "primary"
    PRIVATE = "private"
    ALTERNATE = "alternate"


class AssignmentStatus(StrEnum):
    """`assignmentStatus`, the values that the emulator shows."""

    UNASSIGNED = "unassigned"
    USER_ASSIGNED = "userAssigned"
    VOICE_APPLICATION_ASSIGNED = "voiceApplicationAssigned"


class ActivationState(StrEnum):
    """`activationState`, the values that the emulator shows."""

    ACTIVATED = "activated"
    ASSIGNMENT_PENDING = "assignmentPending"
    ASSIGNMENT_FAILED = "assignmentFailed"


class NumberCapability(StrEnum):
    """`numberCapability`."""

    CONFERENCE = "conferenceAssignment"
    VOICE_APPLICATION = "voiceApplicationAssignment"
    USER = "userAssignment"


class NumberSource(StrEnum):
    """`numberSource`."""

    ONLINE = "online"
    ON_PREMISES = "onPremises"


class OperationStatus(StrEnum):
    """`longRunningOperationStatus`; `skipped` is on one documentation page and not in the metadata."""

    NOT_STARTED = "notStarted"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    UNKNOWN_FUTURE_VALUE = "unknownFutureValue"
    SKIPPED = "skipped"


#: The parameters of each action: those that must be there, and those that may.
ACTIONS = {
    "assignNumber": (
        ("telephoneNumber", "assignmentTargetId", "numberType"),
        ("assignmentCategory", "locationId"),
    ),
    "unassignNumber": (("telephoneNumber", "numberType"), ()),
    "updateNumber": (("telephoneNumber",), ("locationId", "networkSiteId", "reverseNumberLookupOptions")),
}
OPERATION_TYPE = "#microsoft.graph.teamsAdministration.telephoneNumberLongRunningOperation"
MANAGEMENT = "/v1.0/admin/teams/telephoneNumberManagement"
READ_ROLE, WRITE_ROLE = "TeamsTelephoneNumber.Read.All", "TeamsTelephoneNumber.ReadWrite.All"
