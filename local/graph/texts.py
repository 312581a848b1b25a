"""What Graph says when it refuses: sentences, with names in braces that `fill` fills in.

{number}, {user}, {type} and {tenant} are the call's. Sources: the error table of the Teams PowerShell documentation,
its issue tracker and field reports; a sentence that nobody has published is marked as plausible.
"""

from collections.abc import Mapping
from typing import Final

LICENSE: Final = "User '{user}' lacks appropriate licenses to assign a '{type}' number."
NOT_LICENSED: Final = "User '{user}' is not licensed for this number. It does not have required licenses."  # plausible
USER_NOT_FOUND: Final = "The user '{user}' is not found."
USER_WAS_NOT_FOUND: Final = "User '{user}' was not found."
USER_REQUEST_ERROR: Final = "The server responded with a Request Error, Status: NotFound"
NO_RESOURCE: Final = (
    "Resource '{user}' does not exist or one of its queried reference-property objects are not present."
)
PENDING: Final = "Telephone Number '{number}' cannot be assigned because the activation state is pending."
TAKEN: Final = "Telephone Number '{number}' has already been assigned to another user"
ASSIGNED_TO_ANOTHER: Final = "Telephone Number '{number}' is assigned to another user."
HELD_BACK: Final = "Telephone Number '{number}' is not available for assignment (7-44)."  # plausible
NOT_FOUND: Final = "Telephone Number '{number}' is not found from tenant '{tenant}'"
INVALID_NUMBER: Final = "Invalid DirectRoutingTelephoneNumber '{number}'"
ON_PREMISES: Final = (
    "The user already has a telephone number set in the on-premises Active Directory. Clear it there before "
    "assigning another."
)
CONTACT_OPERATOR: Final = "Contact your operator to change the emergency address for this number."
UPDATE_FAILED: Final = "Update failed for user '{user}'. Please try again"
UNSUITED: Final = "Telephone Number '{number}' does not have the capability userAssignment."  # plausible
SECOND_NUMBER: Final = "User '{user}' has a telephone number. Remove it before assigning '{number}'."  # plausible
NOT_HELD: Final = "Telephone Number '{number}' is not assigned."  # plausible
NO_LOCATION: Final = "The emergency location is not known in tenant '{tenant}'."  # plausible
LOCATION_NEEDED: Final = "An emergency location is required to assign the number '{number}'."  # plausible
LOCATION_STAYS: Final = "The location of Telephone Number '{number}' cannot be removed."  # plausible
LOOKUP_STAYS: Final = "Reverse number lookup cannot be set for Telephone Number '{number}'."  # plausible
NO_PERMISSION: Final = "Insufficient permission(s) for this call: it needs TeamsTelephoneNumber.ReadWrite.All."
NO_PRIVILEGES: Final = "Insufficient privileges to complete the operation."
ACCESS_DENIED: Final = '{"code":"Forbidden","message":"Access Denied.","action":"SetPhoneNumber"}'


def fill(text: str, names: Mapping[str, str]) -> str:
    """Return a text with its names in braces filled in; other braces stay."""
    for name, value in names.items():
        text = text.replace(f"{{{name}}}", value)
    return text
