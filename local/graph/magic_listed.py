"""The fifth table of magic numbers: how the inventory may show a number, in every word that Graph has for it."""

# ruff: noqa: E501 - the rows are read as a table

from typing import Final

from local.graph.magic import Holder, Magic, always
from local.graph.vocabulary import ActivationState, AssignmentCategory, AssignmentStatus, NumberSource, PortInStatus
from local.graph.vocabulary import NumberCapability as Can

_TAKEN = ("Failed", "numberTaken")
_UNSUITED = ("Failed", "numberNotAssignable")
_OLD_LOCATION = "77777777-7777-4777-8777-777777777777"

# fmt: off
FIFTH: Final = (
    # Whose it is.
    Magic("40", "conference-assigned", "assigned to a conference bridge", *_TAKEN, holder=Holder.CONFERENCE, shown={"capabilities": [Can.CONFERENCE]}),
    Magic("41", "application-assigned", "assigned to a voice application", *_TAKEN, holder=Holder.VOICE_APPLICATION, shown={"capabilities": [Can.VOICE_APPLICATION]}),
    Magic("42", "third-party-assigned", "assigned to somebody else's application", *_TAKEN, holder=Holder.THIRD_PARTY),
    Magic("43", "policy-assigned", "assigned to a policy", *_TAKEN, holder=Holder.POLICY),
    Magic("44", "phantom", "userAssigned, and no assignmentTargetId says to whom", "Failed", "numberWithoutHolder", holder=Holder.PHANTOM),
    Magic("45", "held-private", "the private line of a person", *_TAKEN, holder=Holder.PERSON, held_by="has-private", category=AssignmentCategory.PRIVATE),
    Magic("46", "held-primary", "the primary number of a person", *_TAKEN, holder=Holder.PERSON, held_by="has-number"),
    Magic("47", "held-with-another", "the primary number of a person who also has the next one", *_TAKEN, holder=Holder.PERSON, held_by="has-two"),
    Magic("48", "held-as-alternate", "an alternate number of the same person", *_TAKEN, holder=Holder.PERSON, held_by="has-two", category=AssignmentCategory.ALTERNATE),
    # What it is for.
    Magic("49", "for-services", "free; without the capability userAssignment", *_UNSUITED, for_users=False),
    Magic("50", "for-conferences", "free; has the capability conferenceAssignment alone", *_UNSUITED, for_users=False, shown={"capabilities": [Can.CONFERENCE]}),
    Magic("51", "for-mobiles", "free; has the capability teamsPhoneMobile alone", *_UNSUITED, for_users=False, shown={"capabilities": [Can.TEAMS_PHONE_MOBILE]}),
    Magic("52", "for-nothing", "free; has no capability", *_UNSUITED, for_users=False, shown={"capabilities": []}),
    Magic("53", "for-users-alone", "free; has the capability userAssignment alone", shown={"capabilities": [Can.USER]}),
    # How it stands.
    Magic("54", "internal-error", "free, as it turns out; assignmentStatus internalError", shown={"assignmentStatus": AssignmentStatus.INTERNAL_ERROR}),
    Magic("55", "assignment-failed", "free; activationState assignmentFailed", shown={"activationState": ActivationState.ASSIGNMENT_FAILED}),
    Magic("56", "update-pending", "free; activationState updatePending", shown={"activationState": ActivationState.UPDATE_PENDING}),
    Magic("57", "update-failed-before", "free; activationState updateFailed", shown={"activationState": ActivationState.UPDATE_FAILED}),
    Magic("58", "type-error", "free; numberType internalError; every order: 400 `is not found from tenant`", "Failed", "numberNotFound", posts=always("not-in-tenant"), shown={"numberType": "internalError"}),
    # What else it shows.
    Magic("59", "porting", "free; portInStatus firmOrderCommitmentAccepted", shown={"portInStatus": PortInStatus.ORDERED}),
    Magic("60", "ported", "free; portInStatus completed", shown={"portInStatus": PortInStatus.COMPLETED}),
    Magic("61", "on-premises-source", "free; numberSource onPremises", shown={"numberSource": NumberSource.ON_PREMISES}),
    Magic("62", "without-country", "free; no isoCountryCode", shown={"isoCountryCode": None}),
    Magic("63", "other-country", "free; isoCountryCode GB", shown={"isoCountryCode": "GB"}),
    Magic("64", "with-city", "free; city and civicAddressId are set", shown={"city": "Seattle", "civicAddressId": "88888888-8888-4888-8888-888888888888"}),
    Magic("65", "old-location", "free; has the emergency location of whoever had it before", shown={"locationId": _OLD_LOCATION}),
    Magic("66", "no-customer-action", "free; supportedCustomerActions is empty", shown={"supportedCustomerActions": []}),
)
# fmt: on
