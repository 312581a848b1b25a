"""Failures that are about the number."""

from teams_numbers.catalogue.entry import THE_APP, Failure, Kind, Seen, issue

#: What a public tool looks for in the texts of Set-CsPhoneNumberAssignment.
DIAGNOSIS = (
    "https://github.com/Celeratec/CIPP-API/blob/5b82e508f7a264629f784acd9ccb0bb366125e7e/Modules/CIPPCore/Public/"
    "Entrypoints/HTTP%20Functions/Teams-Sharepoint/Invoke-ExecTeamsVoicePhoneNumberAssignment.ps1"
)
_SET_NUMBER = "https://learn.microsoft.com/powershell/module/microsoftteams/set-csphonenumberassignment"
#: What may stand between a number and what is said of it: nothing else that could be meant.
_OF_THE_NUMBER = r"(?:(?!\b(?:user|target|identity|location)\b).){0,60}"
#: Notes of somebody who met these texts, in a script that assigns numbers and emergency locations.
FIELD_NOTES = (
    "https://github.com/O365scripts/O365scripts/blob/d1f83f53b6e42f7ea2da42450d78666b73d0b0a7/Microsoft%20Teams/"
    "Teams%20-%20User%20Phone%20Number%20Management.ps1"
)
_GRAPH = "Microsoft Graph documentation, numberAssignment"

NUMBER_TAKEN = Failure(
    "numberTaken",
    Kind.OBSERVE,
    "The number belongs to somebody else. Choose another number, or release this one first.",
    patterns=(
        r"(?<!not )already ?(?:been |being )?(?:assigned|taken|used)(?! (?:an?|another) (?:tele)?(?:phone )?number)",
        r"assigned to (?:(?:another|a different|some other|other) (?:user|account|person|resource|target)|someone)",
        r"assigned to an? (?:resource account|voice app|conference)",
        r"already in use",
        r"in use by (?:another|a different|some other)",
        r"\b(?:number|line ?uri)\b.{0,60}(?<!not )\bin use\b",
        r"\bduplicate (?:\w+ ){0,2}(?:line ?uri|(?:tele)?phone ?number)",
        r"with (?:this|that|the same) (?:tele)?(?:phone )?number already exists",
        r"Filter failed to return unique result",
    ),
    seen=(
        Seen("Telephone Number '…' has already been assigned to another user", issue(9165)),
        Seen("BadRequest Telephone Number '…;ext=…' has already been assigned to another user", issue(9118)),
        Seen("Telephone Number '…' has already been assigned to another user", issue(9432)),
        Seen("… is already assigned …", DIAGNOSIS),
        Seen(
            'Filter failed to return unique result, "[SipAddress : sip:…] [LineURI : tel:…] [PrivateLine : tel:…] "',
            issue(1, "cdhayward/Enable-TeamsDRUser"),
        ),
    ),
    tries=8,
)
NUMBER_QUARANTINED = Failure(
    "numberQuarantined",
    Kind.PERMANENT,
    "Graph says that the number is taken, but it reads as free. It may be blocked since it was given back, have a "
    "failed assignment, or be another tenant's. Look at AssignmentBlockedState in Get-CsPhoneNumberAssignment, remove "
    "the block with Remove-CsPhoneNumberAssignmentBlock, or choose another number.",
    patterns=(
        r"blocked (?:for|from) (?:new |any |further )?assignment",
        r"assignment (?:is )?block",
        r"\bnumber\b.{0,60}(?:is|are) (?:currently |temporarily )?blocked",
        r"AssignmentBlocked",
        r"\bcooling (?:off |down )?period",
    ),
    documents=(
        "https://learn.microsoft.com/powershell/module/microsoftteams/set-csphonenumbertenantconfiguration",
        "https://learn.microsoft.com/powershell/module/microsoftteams/remove-csphonenumberassignmentblock",
    ),
)
NUMBER_NOT_FOUND = Failure(
    "numberNotFound",
    Kind.PERMANENT,
    "Check that numberType is the number's own (directRouting, callingPlan, operatorConnect) and that the number is in "
    "this tenant's inventory.",
    patterns=(
        rf"(?:tele)?phone ?number\b{_OF_THE_NUMBER}(?:is|was|could) not (?:be )?found",
        r"(?:tele)?phone ?number ?not ?found",
        r"\bno (?:tele)?phone ?numbers? (?:was |were )?found",
        r"not found from tenant",
        rf"(?:tele)?phone ?number\b{_OF_THE_NUMBER}(?:does not exist|does not belong)",
        rf"\bnumber\b{_OF_THE_NUMBER}not (?:exist |belong )?(?:in|to) (?:the |this |your )?(?:tenant|inventory)",
    ),
    seen=(Seen("Telephone Number '…' is not found from tenant '…'", issue(8905)),),
)
NUMBER_NOT_ACCEPTED = Failure(
    "numberNotAccepted",
    Kind.PERMANENT,
    "Teams does not accept the number's form. Write it with a plus and the country code, an extension as ;ext=12.",
    patterns=(
        r"Invalid ?(?:DirectRouting|CallingPlan|OperatorConnect)? ?(?:tele)?phone ?number",
        r"(?:number|tel:).{0,60}(?:invalid|not in a valid) format",
        r"must be in (?:the )?E\.?164",
        r"(?:tele)?phone ?number\b.{0,60}(?:is invalid|is not valid(?! for)|is malformed|not in .{0,20}format)",
        r"not a valid (?:tele)?phone ?number",
    ),
    seen=(
        Seen("Invalid DirectRoutingTelephoneNumber '…'", issue(10042)),
        Seen('The input of parameter "tel:…" is not in a valid format. Please provide an input with …', issue(5171)),
        Seen('The input of parameter "tel:…" is not in a valid format. Please provide an input with …', issue(8555)),
        Seen(
            "The telephone number provided is not valid",
            "https://customersupport.call2teams.com/support/solutions/articles/6000244664-adding-amending-numbers",
        ),
    ),
)
NUMBER_TYPE_DIFFERS = Failure(
    "numberTypeDiffers",
    Kind.PERMANENT,
    "The number is of another numberType than the request says. Send the request again with the number's own type.",
    patterns=(
        r"not valid for the specified (?:phone )?number ?type",
        r"number ?type\b.{0,60}(?:(?:does not|doesn't|do not) match|mismatch|not supported)",
    ),
    seen=(Seen("… not valid for the specified phone number type …", DIAGNOSIS),),
)
NUMBER_UNAVAILABLE = Failure(
    "numberNotAssignable",
    Kind.PERMANENT,
    "This number cannot be given to a user: it is for services or conferences. Choose another number, or change its "
    "usage in the Teams admin center.",
    patterns=(
        r"(?:does not|doesn't) have .{0,40}capabilit",
        r"lacks? .{0,40}capabilit",
        r"(?:toll-?free|service|conference) (?:tele)?(?:phone )?numbers?\b.{0,40}(?:cannot|can't|can not|may not)",
    ),
    seen=(Seen("… does not have required capabilities …", DIAGNOSIS),),
    documents=(f"{_GRAPH}: capabilities",),
)
ACTIVATION_PENDING = Failure(
    "activationPending",
    Kind.WAIT,
    "The number is still being activated. If that takes longer than a day, open a ticket with Microsoft or the "
    "operator.",
    patterns=(
        r"activation (?:state )?is (?:still )?pending",
        r"pending activation",
        r"another (?:operation|request|order) (?:is |for .{0,60} is )?(?:already )?(?:in progress|pending|running)",
        r"\bnumber\b.{0,40} has a pending (?:order|operation|assignment|update)",
    ),
    seen=(
        Seen(
            "The location can't be updated because the activation state is pending",
            issue(10153, "MicrosoftDocs/OfficeDocs-SkypeForBusiness"),
        ),
    ),
)
EMERGENCY_ADDRESS_BY_OPERATOR = Failure(
    "emergencyAddressByOperator",
    Kind.PERMANENT,
    "The operator manages this number's emergency address. Send the request again without locationId.",
    patterns=(r"Contact your operator to change the emergency address",),
    seen=(
        Seen(
            "Contact your operator to change the emergency address for this number.",
            "https://www.powershellgallery.com/packages/TeamsFunctions/22.5/Content/"
            "Public%5CFunctions%5CSupport%5CVoiceConfig%5CSet-TeamsPhoneNumber.ps1",
        ),
    ),
)
EMERGENCY_LOCATION_MISMATCH = Failure(
    "emergencyLocationMismatch",
    Kind.PERMANENT,
    "The emergency address is not where the number is from. Send the request again with the locationId of an address "
    "in the number's country, and in its area.",
    patterns=(
        r"(?:emergency|civic) ?(?:address|location)\b.{0,120}\b(?:country|region)",
        r"\b(?:country|region)\b.{0,80}\b(?:emergency|civic) ?(?:address|location)",
        r"(?:emergency|civic) ?(?:address|location)\b.{0,80}must match",
        r"\blocation(?: ?id)?\b.{0,80}(?:different|not match|n't match|not in|outside).{0,60}\b(?:country|region)",
    ),
    seen=(
        Seen(
            "The emergency location that is assigned to the user must match the area code of the user number that will "
            "be assigned.",
            FIELD_NOTES,
        ),
    ),
    documents=("https://learn.microsoft.com/microsoftteams/what-are-emergency-locations-addresses-and-call-routing",),
)
EMERGENCY_LOCATION_MISSING = Failure(
    "emergencyLocationMissing",
    Kind.PERMANENT,
    "This number needs an emergency address. Send the request again with the locationId of one: "
    "Get-CsOnlineLisLocation lists them.",
    patterns=(
        r"(?:emergency|civic) ?(?:address|location)\b.{0,60}(?:required|missing|must be)",
        r"(?:emergency|civic) ?(?:address|location)\b.{0,60}not (?:be )?(?:set|specified|provided|found)",
        r"(?:requires?|missing|without|needs?|must have|specify|provide) .{0,40}(?:emergency|civic) ?(?:address|locat)",
        r"\blocation ?id\b.{0,60}(?:required|missing|must be|does not exist|invalid|not valid)",
        r"\blocation ?id\b.{0,60}not (?:be )?(?:set|specified|provided|found)",
        r"\blocation(?: '[^']{0,60}')? (?:(?:is|was|could) )?not (?:be )?found",
        r"\binvalid location ?id",
    ),
    documents=(
        "https://learn.microsoft.com/microsoftteams/what-are-emergency-locations-addresses-and-call-routing",
        f"{_GRAPH}: assignNumber, locationId",
    ),
)
NUMBER_WITHOUT_HOLDER = Failure(
    "numberWithoutHolder",
    Kind.WAIT,
    "The number reads as assigned, but to nobody. This clears up within a day or not at all. If it stays, unassign the "
    "number in the Teams admin center or open a ticket with Microsoft, then send the request again.",
    documents=(issue(9432),),
)
NUMBER_PROTECTED = Failure(
    "numberProtected",
    Kind.PERMANENT,
    "The number is on the list PROTECTED_NUMBERS and is never unassigned by this app. Take it off that list first, or "
    "unassign it by hand.",
    documents=(THE_APP,),
)
HOLDER_DIFFERS = Failure(
    "holderDiffers",
    Kind.PERMANENT,
    "The number is not held by whom the request names. Check who holds it, then send a request that names that person, "
    "or nobody for a free number.",
    documents=(THE_APP,),
)
CATEGORY_DIFFERS = Failure(
    "categoryDiffers",
    Kind.PERMANENT,
    "The user holds this number on another line than the request says, and Graph cannot move it. Unassign the number, "
    "then send the request again.",
    documents=(f"{_GRAPH}: updateNumber", _SET_NUMBER),
)
NUMBER_LOST = Failure(
    "numberLost",
    Kind.PERMANENT,
    "The user's old number was unassigned, the new one could not be had, and the old one was not given back. Look at "
    "the user in the Teams admin center, and assign a number by hand if there is none.",
    documents=(THE_APP,),
)
REPLACE_FAILED = Failure(
    "replaceFailed",
    Kind.PERMANENT,
    "The new number could not be had, so the user got the old one back. Read the message, and send the request again, "
    "with another number if Graph refused this one.",
    documents=(THE_APP,),
)
POOL_EMPTY = Failure(
    "poolEmpty",
    Kind.WAIT,
    "The pool has no free number. Add numbers to it or release some, then send the request again if it has ended.",
    documents=(THE_APP,),
)
