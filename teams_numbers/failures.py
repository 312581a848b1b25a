"""The failure catalogue: what Graph said -> a stable code, what kind of failure it is, and what a person should do.

Graph's rule is never to branch on `message`, but an operation's statusDetail carries nothing else. So the texts are
data, matched loosely, each with the place where it was seen. Texts of the Teams cmdlets are among them, since the same
backend answers Graph.
"""

from teams_numbers.catalogue.app import (
    ACTION_NOT_ENABLED,
    INTERNAL_ERROR,
    INVALID_REQUEST,
    OPERATION_FAILED,
    OPERATION_SKIPPED,
    POOL_UNKNOWN,
    TIMED_OUT,
    UNASSIGN_PAUSED,
    UNCONFIRMED,
    UNKNOWN,
)
from teams_numbers.catalogue.entry import Failure
from teams_numbers.catalogue.number import (
    ACTIVATION_PENDING,
    CATEGORY_DIFFERS,
    EMERGENCY_ADDRESS_BY_OPERATOR,
    EMERGENCY_LOCATION_MISMATCH,
    EMERGENCY_LOCATION_MISSING,
    HOLDER_DIFFERS,
    NUMBER_LOST,
    NUMBER_NOT_ACCEPTED,
    NUMBER_NOT_FOUND,
    NUMBER_PROTECTED,
    NUMBER_QUARANTINED,
    NUMBER_TAKEN,
    NUMBER_TYPE_DIFFERS,
    NUMBER_UNAVAILABLE,
    NUMBER_WITHOUT_HOLDER,
    POOL_EMPTY,
    REPLACE_FAILED,
)
from teams_numbers.catalogue.person import (
    LICENSE_MISSING,
    ON_PREMISES_NUMBER,
    USAGE_LOCATION_MISMATCH,
    USER_HAS_NUMBER,
    USER_LOOKUP_DENIED,
    USER_NOT_FOUND,
)
from teams_numbers.catalogue.service import (
    ACCESS_DENIED,
    CONFLICT,
    NO_TOKEN,
    PERMISSION_MISSING,
    SERVICE_UNAVAILABLE,
    THROTTLED,
    UNAUTHORIZED,
    UNCLEAR,
    UPDATE_FAILED,
)

#: Matched in this order: who may ask comes first, then the number and the person, last what only asks for patience.
CATALOGUE = (
    UNAUTHORIZED,
    PERMISSION_MISSING,
    ACCESS_DENIED,
    THROTTLED,
    ON_PREMISES_NUMBER,
    EMERGENCY_ADDRESS_BY_OPERATOR,
    ACTIVATION_PENDING,
    USAGE_LOCATION_MISMATCH,
    LICENSE_MISSING,
    EMERGENCY_LOCATION_MISMATCH,
    EMERGENCY_LOCATION_MISSING,
    USER_HAS_NUMBER,
    NUMBER_TAKEN,
    NUMBER_QUARANTINED,
    NUMBER_TYPE_DIFFERS,
    NUMBER_UNAVAILABLE,
    NUMBER_NOT_FOUND,
    NUMBER_NOT_ACCEPTED,
    USER_NOT_FOUND,
    UPDATE_FAILED,
    SERVICE_UNAVAILABLE,
)

#: Those without a text to match: the status or the app itself says so.
NOTICED = (
    CONFLICT,
    NO_TOKEN,
    USER_LOOKUP_DENIED,
    UNCLEAR,
    UNKNOWN,
    OPERATION_FAILED,
    OPERATION_SKIPPED,
    UNCONFIRMED,
    NUMBER_WITHOUT_HOLDER,
    NUMBER_PROTECTED,
    CATEGORY_DIFFERS,
    HOLDER_DIFFERS,
    NUMBER_LOST,
    REPLACE_FAILED,
    POOL_EMPTY,
    POOL_UNKNOWN,
    ACTION_NOT_ENABLED,
    UNASSIGN_PAUSED,
    INVALID_REQUEST,
    TIMED_OUT,
    INTERNAL_ERROR,
)

#: How much of a text is looked at, in characters.
LONGEST_TEXT = 1000

_BY_STATUS: dict[int | None, Failure] = {
    401: UNAUTHORIZED,
    403: ACCESS_DENIED,
    409: CONFLICT,
    429: THROTTLED,
    500: SERVICE_UNAVAILABLE,
    502: SERVICE_UNAVAILABLE,
    503: SERVICE_UNAVAILABLE,
    504: SERVICE_UNAVAILABLE,
}

_BY_CODE: dict[str | None, Failure] = {failure.code: failure for failure in (*CATALOGUE, *NOTICED)}


def by_code(code: str | None) -> Failure:
    """Return the entry of a code; TIMED_OUT where there is none."""
    return _BY_CODE.get(code, TIMED_OUT)


def recognize(text: str, status: int | None = None) -> Failure:
    """Return the entry for what Graph said: the same for the same words, wherever they were read; UNKNOWN if none fits.

    Args:
        text: an error's message or code, or an operation's statusDetail.
        status: the answer's HTTP status, if known; it decides only where the text says nothing.
    """
    said = " ".join(text[:LONGEST_TEXT].split()).replace("\u2019", "'")
    if found := next((failure for failure in CATALOGUE if failure.fits(said)), None):
        return found
    return _BY_STATUS.get(status, UNKNOWN)
