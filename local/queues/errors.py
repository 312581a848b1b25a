"""What the service says when it refuses: https://learn.microsoft.com/rest/api/storageservices/queue-service-error-codes."""

from typing import Final

from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError

_ERRORS: Final[dict[str, tuple[int, type[HttpResponseError]]]] = {
    "InvalidResourceName": (400, HttpResponseError),
    "InvalidXmlDocument": (400, HttpResponseError),
    "InvalidQueryParameterValue": (400, HttpResponseError),
    "OutOfRangeQueryParameterValue": (400, HttpResponseError),
    "PopReceiptMismatch": (400, HttpResponseError),
    "MessageNotFound": (404, ResourceNotFoundError),
    "QueueNotFound": (404, ResourceNotFoundError),
    "QueueAlreadyExists": (409, ResourceExistsError),
    "RequestBodyTooLarge": (413, HttpResponseError),
}


def refused(code: str, about: str = "") -> HttpResponseError:
    """Return the client library's exception for one of the service's error codes, status and code set."""
    status, kind = _ERRORS[code]
    error = kind(message=f"{code}: {about}" if about else code)
    error.status_code = status
    error.error_code = code  # type: ignore[attr-defined]
    return error
