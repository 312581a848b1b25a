"""Graph's own words, as its published v1.0 metadata spells them; a test compares them with it, name by name."""

from enum import StrEnum
from typing import Final


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
    """`assignmentStatus`."""

    UNASSIGNED = "unassigned"
    INTERNAL_ERROR = "internalError"
    USER_ASSIGNED = "userAssigned"
    CONFERENCE_ASSIGNED = "conferenceAssigned"
    VOICE_APPLICATION_ASSIGNED = "voiceApplicationAssigned"
    THIRD_PARTY_APP_ASSIGNED = "thirdPartyAppAssigned"
    POLICY_ASSIGNED = "policyAssigned"


class ActivationState(StrEnum):
    """`activationState`."""

    ACTIVATED = "activated"
    ASSIGNMENT_PENDING = "assignmentPending"
    ASSIGNMENT_FAILED = "assignmentFailed"
    UPDATE_PENDING = "updatePending"
    UPDATE_FAILED = "updateFailed"


class NumberCapability(StrEnum):
    """`numberCapability`."""

    CONFERENCE = "conferenceAssignment"
    VOICE_APPLICATION = "voiceApplicationAssignment"
    USER = "userAssignment"
    TEAMS_PHONE_MOBILE = "teamsPhoneMobile"


class NumberSource(StrEnum):
    """`numberSource`."""

    ONLINE = "online"
    ON_PREMISES = "onPremises"


class PortInStatus(StrEnum):
    """`portInStatus`."""

    COMPLETED = "completed"
    ORDERED = "firmOrderCommitmentAccepted"


class CustomerAction(StrEnum):
    """`customerAction`."""

    LOCATION_UPDATE = "locationUpdate"
    RELEASE = "release"


class ReverseNumberLookup(StrEnum):
    """`reverseNumberLookupOption`."""

    SKIP_INTERNAL_VOIP = "skipInternalVoip"


class OperationStatus(StrEnum):
    """`longRunningOperationStatus`; `skipped` is on one documentation page and not in the metadata."""

    NOT_STARTED = "notStarted"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    UNKNOWN_FUTURE_VALUE = "unknownFutureValue"
    SKIPPED = "skipped"


#: Words that are not in the metadata, and so hide behind `unknownFutureValue` from whoever does not ask for them:
#: https://learn.microsoft.com/graph/best-practices-concept#handling-future-members-in-evolvable-enumerations
HIDDEN: Final = frozenset({OperationStatus.SKIPPED})
#: What a client prefers that asks for them.
ALL_MEMBERS: Final = "include-unknown-enum-members"

#: The words that each property of a number may have.
WORDS: Final[dict[str, type[StrEnum]]] = {
    "activationState": ActivationState,
    "assignmentCategory": AssignmentCategory,
    "assignmentStatus": AssignmentStatus,
    "capabilities": NumberCapability,
    "numberSource": NumberSource,
    "numberType": NumberType,
    "portInStatus": PortInStatus,
    "reverseNumberLookupOptions": ReverseNumberLookup,
    "supportedCustomerActions": CustomerAction,
}
#: The properties that hold several.
COLLECTIONS: Final = frozenset({"capabilities", "reverseNumberLookupOptions", "supportedCustomerActions"})

#: The parameters of each action: those that must be there, and those that may.
ACTIONS: Final = {
    "assignNumber": (
        ("telephoneNumber", "assignmentTargetId", "numberType"),
        ("assignmentCategory", "locationId"),
    ),
    "unassignNumber": (("telephoneNumber", "numberType"), ()),
    "updateNumber": (("telephoneNumber",), ("locationId", "networkSiteId", "reverseNumberLookupOptions")),
}
OPERATION_TYPE: Final = "#microsoft.graph.teamsAdministration.telephoneNumberLongRunningOperation"
MANAGEMENT: Final = "/v1.0/admin/teams/telephoneNumberManagement"
READ_ROLE, WRITE_ROLE = "TeamsTelephoneNumber.Read.All", "TeamsTelephoneNumber.ReadWrite.All"
#: Either lets an application look people up. Reports contradict each other on whether the first covers `id`.
BASIC_USER_ROLE, USER_ROLE = "User.ReadBasic.All", "User.Read.All"
