"""The failure catalogue: what Graph said -> a stable code, what kind of failure it is, and what a person should do.

Graph's rule is never to branch on `message`, but an operation's statusDetail carries nothing else. So the texts are
data, matched loosely, and what the catalogue does not know is never repeated blindly: it ends the request.

Sources: [D] Microsoft Graph documentation, [PS] Teams PowerShell documentation and its issue tracker, [F] public
field reports, [A] the app itself.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a failure asks for."""

    WAIT = "wait"  #: something outside must happen first, minutes to a day
    TRANSIENT = "transient"  #: trying again helps
    PERMANENT = "permanent"  #: nothing changes until a person acts
    OBSERVE = "observe"  #: the number itself knows: observe it
    CONFIGURATION = "configuration"  #: the app's identity or permission, not the request


@dataclass(frozen=True, slots=True)
class Failure:
    """One entry of the catalogue.

    Attributes:
        code: stable name, for programs.
        kind: what the failure asks for.
        advice: one plain sentence, for people.
        source: where the text was seen.
        pattern: regular expression on what Graph said, case ignored; None where the app itself notices.
        tries: after how many times in a row a transient or settled failure becomes the end; None: at the deadline.
    """

    code: str
    kind: Kind
    advice: str
    source: str
    pattern: str | None = None
    tries: int | None = None


LICENSE_MISSING = Failure(
    "licenseMissing",
    Kind.WAIT,
    "Assign the user a Teams Phone license (for Calling Plan numbers a calling plan, too); it takes minutes to a "
    "day to replicate, then send the request again.",
    "PS",
    r"lacks? appropriate licenses?|(does not have|without) .*licen[sc]e",
)
ON_PREMISES_NUMBER = Failure(
    "onPremisesNumber",
    Kind.PERMANENT,
    "Clear the number in the on-premises Active Directory (msRTCSIP-Line), let it synchronize, and check that the "
    "phone license is still there; then send the request again.",
    "PS",
    r"on-?premises Active Directory",
)
EMERGENCY_ADDRESS_BY_OPERATOR = Failure(
    "emergencyAddressByOperator",
    Kind.PERMANENT,
    "Send the request again without locationId: the operator manages this number's emergency address.",
    "PS",
    r"Contact your operator to change the emergency address",
)
NUMBER_TAKEN = Failure(
    "numberTaken",
    Kind.OBSERVE,
    "The number belongs to somebody else: choose another number, or release this one first.",
    "PS",
    r"already been assigned|already assigned",
    tries=8,
)
NUMBER_NOT_FOUND = Failure(
    "numberNotFound",
    Kind.PERMANENT,
    "Check numberType (directRouting, callingPlan, operatorConnect) and that the number is in this tenant's inventory.",
    "PS",
    r"Telephone Number .* is not found|not found from tenant",
)
ACTIVATION_PENDING = Failure(
    "activationPending",
    Kind.WAIT,
    "The number is still being activated; if that lasts longer than a day, open a ticket with Microsoft or the "
    "operator.",
    "F",
    r"activation state is pending",
)
USER_NOT_FOUND = Failure(
    "userNotFound",
    Kind.WAIT,
    "Check that assignmentTargetId is the object id of a user of this tenant; a new account takes up to a day to "
    "reach Teams.",
    "PS",
    r"The user .* is not found|Request Error, Status: NotFound",
)
SERVICE_UNAVAILABLE = Failure(
    "serviceUnavailable",
    Kind.TRANSIENT,
    "Teams was not available for the whole time; look at the service health page and send the request again.",
    "PS",
    r"Service is (currently )?unavailable",
)
UPDATE_FAILED = Failure(
    "updateFailed",
    Kind.TRANSIENT,
    "Teams could not update this user; check the number's format and the user's on-premises data, then send the "
    "request again.",
    "PS",
    r"Update failed for user",
    tries=5,
)

PERMISSION_MISSING = Failure(
    "permissionMissing",
    Kind.CONFIGURATION,
    "Grant the app's identity the Graph application permission TeamsTelephoneNumber.ReadWrite.All and consent to it; "
    "a cached token can be a day old, so restart the app afterwards.",
    "F",
)
ACCESS_DENIED = Failure(
    "accessDenied",
    Kind.CONFIGURATION,
    "The Teams backend refused the app's identity; check its permission, that the tenant has Teams Phone, and restart "
    "the app.",
    "F",
)
UNAUTHORIZED = Failure(
    "unauthorized",
    Kind.CONFIGURATION,
    "Graph rejected the app's token even when new; check the identity's tenant and GRAPH_ENDPOINT.",
    "D",
)
USER_LOOKUP_DENIED = Failure(
    "userLookupDenied",
    Kind.CONFIGURATION,
    "Grant the app's identity the Graph application permission User.Read.All, or send the user's object id instead of "
    "the user principal name; requests that name an object id need no such permission.",
    "D",
)
NO_TOKEN = Failure(
    "noToken",
    Kind.CONFIGURATION,
    "The app's identity gives no token; check that the managed identity is assigned and that AZURE_CLIENT_ID and "
    "AZURE_TOKEN_CREDENTIALS name it.",
    "A",
)
UNKNOWN = Failure(
    "unknownFailure",
    Kind.PERMANENT,
    "Graph gave a reason that this app does not know; read the message, and send the request again when its cause is "
    "gone.",
    "A",
)
OPERATION_FAILED = Failure(
    "operationFailed",
    Kind.OBSERVE,
    "Graph ended the order without a reason and the number is not assigned; look at the number in the Teams admin "
    "center, then send the request again.",
    "D",
    tries=1,
)
OPERATION_SKIPPED = Failure(
    "operationSkipped",
    Kind.OBSERVE,
    "Graph skipped the order several times and the number is not assigned; look at the number in the Teams admin "
    "center, then send the request again.",
    "D",
    tries=3,
)
CONFLICT = Failure(
    "conflict",
    Kind.OBSERVE,
    "Graph reported a conflict several times; look at the number and the user in the Teams admin center.",
    "A",
    tries=8,
)
NUMBER_UNAVAILABLE = Failure(
    "numberNotAssignable",
    Kind.PERMANENT,
    "This number cannot be given to a user (it is for services or conferences); choose another number.",
    "D",
)
INVALID_REQUEST = Failure(
    "invalidRequest", Kind.PERMANENT, "Correct the fields that the message names and send the request again.", "A"
)
TIMED_OUT = Failure(
    "timedOut",
    Kind.PERMANENT,
    "The request was given up at its deadline; look at the number in the Teams admin center before sending it again.",
    "A",
)
INTERNAL_ERROR = Failure(
    "internalError",
    Kind.PERMANENT,
    "The app itself failed on this request; its text is in the poison queue, the log has an `unforeseen` line. Look at "
    "the number in the Teams admin center before sending it again.",
    "A",
)

USER_HAS_NUMBER = Failure("userHasNumber", Kind.PERMANENT, "Unassign the person's other number first.", "A")
NUMBER_PROTECTED = Failure("numberProtected", Kind.PERMANENT, "The number is protected.", "A")
CATEGORY_DIFFERS = Failure("categoryDiffers", Kind.PERMANENT, "Unassign the number first.", "A")
HOLDER_DIFFERS = Failure("holderDiffers", Kind.PERMANENT, "Check who holds the number.", "A")
NUMBER_QUARANTINED = Failure("numberQuarantined", Kind.PERMANENT, "Choose another number.", "A")
NUMBER_WITHOUT_HOLDER = Failure("numberWithoutHolder", Kind.WAIT, "Look at the number.", "A", tries=4)
POOL_EMPTY = Failure("poolEmpty", Kind.WAIT, "Add numbers to the pool.", "A")
POOL_UNKNOWN = Failure("poolUnknown", Kind.PERMANENT, "Check the pool's name.", "A")
ACTION_NOT_ENABLED = Failure("actionNotEnabled", Kind.PERMANENT, "Enable the action in ACTIONS.", "A")
UNASSIGN_PAUSED = Failure("unassignPaused", Kind.CONFIGURATION, "Raise UNASSIGN_PER_DAY or release the brake.", "A")
UNCONFIRMED = Failure("unconfirmed", Kind.PERMANENT, "Look at the number.", "A")

#: Matched in this order; the first that fits is taken.
CATALOGUE = (
    LICENSE_MISSING,
    ON_PREMISES_NUMBER,
    EMERGENCY_ADDRESS_BY_OPERATOR,
    NUMBER_TAKEN,
    NUMBER_NOT_FOUND,
    ACTIVATION_PENDING,
    USER_NOT_FOUND,
    SERVICE_UNAVAILABLE,
    UPDATE_FAILED,
)

#: Those without a text to match: the status or the app itself says so.
NOTICED = (
    PERMISSION_MISSING,
    ACCESS_DENIED,
    UNAUTHORIZED,
    USER_LOOKUP_DENIED,
    NO_TOKEN,
    UNKNOWN,
    OPERATION_FAILED,
    OPERATION_SKIPPED,
    CONFLICT,
    NUMBER_UNAVAILABLE,
    INVALID_REQUEST,
    TIMED_OUT,
    INTERNAL_ERROR,
)


_BY_CODE = {entry.code: entry for entry in list(globals().values()) if isinstance(entry, Failure)}


def by_code(code: str | None) -> Failure:
    """Return the entry of a code, TIMED_OUT where there is none."""
    return _BY_CODE.get(code or "", TIMED_OUT)


def recognize(text: str, status: int | None = None) -> Failure:
    """Return the entry for what Graph said, UNKNOWN where there is none.

    Args:
        text: an error's message or an operation's statusDetail.
        status: the answer's HTTP status; None for an operation, whose answer is always 200.
    """
    if status == 401:  # noqa: PLR2004 - HTTP
        return UNAUTHORIZED
    if status == 403:  # noqa: PLR2004 - HTTP
        return PERMISSION_MISSING if re.search("insufficient permission", text, re.IGNORECASE) else ACCESS_DENIED
    for failure in CATALOGUE:
        if failure.pattern and re.search(failure.pattern, text, re.IGNORECASE):
            return failure
    return CONFLICT if status == 409 else UNKNOWN  # noqa: PLR2004 - HTTP
