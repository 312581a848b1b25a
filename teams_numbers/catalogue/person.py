"""Failures that are about the person: found, licensed, in the right country, without another number."""

from teams_numbers.catalogue.entry import THE_APP, Failure, Kind, Seen, issue
from teams_numbers.catalogue.number import DIAGNOSIS, FIELD_NOTES

_FUNDAMENTALS = "https://learn.microsoft.com/microsoftteams/assign-change-or-remove-a-phone-number-for-a-user"

LICENSE_MISSING = Failure(
    "licenseMissing",
    Kind.WAIT,
    "Assign the user a Teams Phone license, and for Calling Plan numbers a calling plan as well. Teams learns of it "
    "within minutes to a day; then send the request again.",
    patterns=(
        r"lacks? (?:the )?(?:appropriate |required |necessary )?licen[sc]e",
        r"(?:does not|doesn't|do not|don't) have .{0,60}(?:licen[sc]e|MCOEV)",
        r"(?:without|missing|no|insufficient|needs?|requires?|must have|not assigned) (?:\w+ ){0,4}licen[sc]e",
        r"(?:not|n't|un) ?licen[sc]ed",
        r"licen[sc]es? .{0,40}(?:is|are) (?:required|missing|not assigned)",
        r"licen[sc]e ?(?:missing|required)",
        r"restricted for the user service plan",
        r"not enabled for (?:Enterprise ?Voice|Phone System|Teams)",
        r"(?:Enterprise ?Voice|Phone System|MCOEV)\b.{0,20}\bnot enabled",
    ),
    seen=(
        Seen("User '…' lacks appropriate licenses to assign a 'CallingPlan' number", issue(8905)),
        Seen("BadRequest User '…' lacks appropriate licenses to assign a 'DirectRouting' number.", issue(9281)),
        Seen("… not enabled for Enterprise Voice …", DIAGNOSIS),
        Seen(
            'Cannot modify the parameter: "OnPremLineURI" because it is restricted for the user service plan: …',
            "3CX documentation, questions on the integration with Microsoft Teams",
        ),
    ),
)
USER_NOT_FOUND = Failure(
    "userNotFound",
    Kind.WAIT,
    "Check that the request names a user of this tenant, by object id or user principal name. A new account takes up "
    "to a day to reach Teams.",
    patterns=(
        r"\buser\b.{0,80}(?:is|was|could) not (?:be )?found",
        r"\buser(?: '[^']{0,80}')? ?(?:not ?found|does not exist|doesn't exist)",
        r"(?:could(?: not|n't)|cannot|can't|unable to) find (?:the |any )?user",
        r"\bno (?:such user\b|user (?:was )?found)",
        r"assignment ?target(?: ?id)?\b.{0,60}(?:not (?:be )?found|does not exist|invalid)",
        r"Request Error, Status: NotFound",
        r"does not exist or one of its queried reference-property objects",
        r"Request_ResourceNotFound",
        r"Management object not found for identity",
        r"\bidentity(?: '[^']{0,80}')? not found",
        r"not a valid target",
    ),
    seen=(
        Seen("The user '…' is not found", issue(18206, "microsoftgraph/microsoft-graph-docs")),
        Seen("The user '…' is not found", issue(589, "microsoftgraph/microsoft-graph-comms-samples")),
        Seen("The user '' is not found", issue(9244, "MicrosoftDocs/OfficeDocs-SkypeForBusiness")),
        Seen("User does not exist", issue(8336)),
        Seen("Grant-CsUserPolicy : User does not exist", issue(8930)),
        Seen("User does not exist", issue(8932)),
        Seen("The server responded with a Request Error, Status: NotFound", issue(8875)),
        Seen("The server responded with a Request Error, Status: NotFound", issue(8989)),
        Seen("… could not find user …", DIAGNOSIS),
        Seen("… not a valid target …", DIAGNOSIS),
        Seen(
            "Management object not found for identity …",
            "Microsoft support article: Errors when trying to manage dial plans",
        ),
        Seen(
            "Resource '…' does not exist or one of its queried reference-property objects are not present.",
            issue(6059, "microsoftgraph/microsoft-graph-docs"),
        ),
    ),
)
USAGE_LOCATION_MISMATCH = Failure(
    "usageLocationMismatch",
    Kind.PERMANENT,
    "The user's usage location must be the number's country. Change the usage location in Microsoft Entra, or choose a "
    "number of the user's country, then send the request again.",
    patterns=(
        r"usage ?location",
        r"^(?!.*(?:emergency|civic)).*\buser\b.{0,40}\bcountry\b.{0,60}(?:n't match|not match|differ)",
        r"\b(?:number|user) and (?:the )?(?:number|user)\b.{0,40}\bdifferent (?:countr|region)",
    ),
    seen=(
        Seen(
            "The Telephone Number assignment failed. The country of the user's Usage Location … and the country of the "
            "Telephone Number … do not match.",
            FIELD_NOTES,
        ),
        Seen(
            "License assignment cannot be done for user with invalid usage location.",
            issue(131, "microsoft/Partner-Center-DotNet-Samples"),
        ),
    ),
    documents=(_FUNDAMENTALS,),
)
ON_PREMISES_NUMBER = Failure(
    "onPremisesNumber",
    Kind.PERMANENT,
    "Clear the number in the on-premises Active Directory (msRTCSIP-Line), let it synchronize, and check that the "
    "phone license is still there. Then send the request again.",
    patterns=(
        r"on-?premises (?:Active )?Directory",
        r"dir-?sync(?:ed|hronized)? on-?premise",
        r"\buser\b.{0,40}managed on-?premises",
        r"restricted within Remote Tenant PowerShell",
    ),
    seen=(
        Seen(
            "The user already has a telephone number set in the on-premises Active Directory and synchronized to the "
            "cloud. To manage this user's telephone number in the cloud, first clear the phone number in the "
            "on-premises directory and synchronize to Active Directory.",
            issue(9244),
        ),
        Seen("Can not update OnPremLineURI as the user has dirsynced onpremise LineURI", issue(3373)),
        Seen('Unable to set "LineURI". This parameter is restricted within Remote Tenant PowerShell.', issue(4912)),
    ),
    documents=(_FUNDAMENTALS,),
)
USER_HAS_NUMBER = Failure(
    "userHasNumber",
    Kind.OBSERVE,
    "The user holds another number, and nothing was overwritten. Send the request again with existingNumber replace, "
    "or unassign the other number first.",
    patterns=(
        r"already has (?:an?|another) (?:primary |private |alternate )?(?:tele)?(?:phone )?number(?! set in)",
        r"already (?:been )?assigned (?:an?|another) (?:tele)?(?:phone )?number",
        r"\buser\b(?:(?!\bnumber\b).){0,60}already (?:been )?assigned (?:tele)?(?:phone )?number",
    ),
    seen=(
        Seen("… already has a phone number …", DIAGNOSIS),
        Seen("… already has a number …", DIAGNOSIS),
    ),
    tries=8,
)
USER_LOOKUP_DENIED = Failure(
    "userLookupDenied",
    Kind.CONFIGURATION,
    "The app may not look up people by their user principal name. Grant its identity the Graph application permission "
    "User.ReadBasic.All, or send assignmentTargetId instead.",
    documents=(issue(8, "Azure-Samples/ms-identity-python-daemon"), THE_APP),
)
