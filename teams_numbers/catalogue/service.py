"""Failures that are about Graph, the Teams backend, and what the app may ask of them."""

from teams_numbers.catalogue.entry import THE_APP, Failure, Kind, Seen, issue

_GRAPH_ERRORS = "https://learn.microsoft.com/graph/errors"
_AUTHORIZATION = "https://learn.microsoft.com/graph/resolve-auth-errors"
_THROTTLING = "https://learn.microsoft.com/graph/throttling"
_CAPTURED = "field report of Graph's Teams administration API: a captured 403"
_OFFICE_DOCS, _GRAPH_DOCS = "MicrosoftDocs/OfficeDocs-SkypeForBusiness", "microsoftgraph/microsoft-graph-docs"

SERVICE_UNAVAILABLE = Failure(
    "serviceUnavailable",
    Kind.TRANSIENT,
    "Teams was not available for the whole time. Look at the service health page and send the request again.",
    patterns=(
        r"(?:service|server) (?:is )?(?:currently |temporarily )?(?:unavailable|not available|busy)",
        r"\bserverBusy\b",
        r"(?:unexpected|transient|internal) (?:server )?error",
        r"\b(?:please retry|retry (?:later|the request))",
        r"(?:operation|request)\b.{0,20} timed ?out",
        r"request time-?out",
        r"task was cancell?ed",
        r"\bgeneralException\b",
        r"backend request failed",
        r"unknown ?error",
        r"Failed to execute .{0,80}\bbackend request",
        r"^(?!.*(?:update failed for user|required roles)).*\btry again",
        r"internal ?server ?error",
        r"bad ?gateway",
        r"gateway ?time-?out",
    ),
    seen=(
        Seen("BadRequest Service is unavailable. Please try again", issue(8992)),
        Seen("Service Unavailable", issue(9875)),
        Seen("Unknown Error", issue(9875)),
        Seen("We can't unassign … right now. Please try again later.", issue(3825, _OFFICE_DOCS)),
        Seen("Failed to execute backend request.", issue(7777, _GRAPH_DOCS)),
        Seen("Failed to execute Skype backend request GetThreadS2SRequest.", issue(7793, _GRAPH_DOCS)),
        Seen(
            "Failed to execute MsGraph backend request GetGroupFromIdS2SRequest. Workload MsGraph_DirectoryServices.",
            issue(341, "microsoftgraph/msgraph-sdk-php"),
        ),
    ),
    documents=(_GRAPH_ERRORS,),
)
UPDATE_FAILED = Failure(
    "updateFailed",
    Kind.TRANSIENT,
    "Teams could not update this user. Check the number's form and the user's on-premises data, then send the request "
    "again.",
    patterns=(r"Update failed for user",),
    seen=(Seen("Update failed for user '…'. Please try again", "issue tracker of the Teams PowerShell documentation"),),
    tries=5,
)
THROTTLED = Failure(
    "throttled",
    Kind.TRANSIENT,
    "Graph asked the app to slow down for the whole time. Look for other tools that change many numbers in this "
    "tenant, or spread the requests over more hours, then send the request again.",
    patterns=(r"too ?many ?requests", r"throttl", r"\brate limit", r"activityLimitReached"),
    seen=(Seen("TooManyRequests", _GRAPH_ERRORS), Seen("activityLimitReached", _GRAPH_ERRORS)),
    documents=(_THROTTLING,),
)
UNCLEAR = Failure(
    "unclear",
    Kind.TRANSIENT,
    "Graph gave no answer that says what happened. Look at the number in the Teams admin center and at the service "
    "health page, then send the request again.",
    documents=(THE_APP,),
)
CONFLICT = Failure(
    "conflict",
    Kind.OBSERVE,
    "Graph reported a conflict several times. Look at the number and the user in the Teams admin center.",
    documents=(_GRAPH_ERRORS,),
    tries=8,
)
PERMISSION_MISSING = Failure(
    "permissionMissing",
    Kind.CONFIGURATION,
    "Grant the app's identity the Graph application permission TeamsTelephoneNumber.ReadWrite.All and consent to it. A "
    "cached token can be a day old, so restart the app afterwards.",
    patterns=(
        r"insufficient ?(?:permission|privilege)",
        r"insufficient_scope",
        r"Authorization_RequestDenied",
        r"(?:does not|doesn't|do not|don't) have (?:the )?(?:required |necessary )?(?:permission|privilege|role)",
        r"required (?:permission|role|scope)s? (?:is|are) missing",
        r"missing (?:role|scope) permissions",
        r"add the required roles",
    ),
    seen=(
        Seen("Insufficient permission(s) … TeamsTelephoneNumber …", _CAPTURED),
        Seen("Add the required roles/permissions and try again.", _CAPTURED),
        Seen("Insufficient privileges to complete the operation.", issue(8, "Azure-Samples/ms-identity-python-daemon")),
        Seen("Authorization_RequestDenied", issue(6618, "microsoftgraph/microsoft-graph-docs-contrib")),
        Seen(
            "Caller does not have the required permissions for accessing this API. AllowedPermissions:'…'",
            issue(1410, "microsoftgraph/msgraph-sdk-powershell"),
        ),
        Seen(
            "Missing role permissions on the request. API requires one of '…'.",
            "Graph's Teams APIs: 403 quoted in many public repositories",
        ),
    ),
)
ACCESS_DENIED = Failure(
    "accessDenied",
    Kind.CONFIGURATION,
    "The Teams backend refused the app's identity. Check its permission and that the tenant has Teams Phone, and "
    "restart the app.",
    patterns=(r"access (?:is )?denied", r"\baccessDenied\b", r"\bforbidden\b", r"Provide different credential"),
    seen=(
        Seen('{"code":"Forbidden","message":"Access Denied.", …}', _CAPTURED),
        Seen("Provide different credential or request access.", _CAPTURED),
        Seen("Set-CsPhoneNumberAssignment : Access Denied", issue(9961)),
    ),
    documents=(_AUTHORIZATION,),
)
UNAUTHORIZED = Failure(
    "unauthorized",
    Kind.CONFIGURATION,
    "Graph rejected the app's token even when new. Check the identity's tenant and GRAPH_ENDPOINT.",
    patterns=(
        r"InvalidAuthenticationToken",
        r"access ?token (?:is (?:empty|missing)|validation failure)",
        r"\btoken (?:is |has )?expired",
        r"lifetime validation failed",
        r"CompactToken (?:parsing|validation) failed",
        r"\binvalid credential",
        r"\bunauthorized\b",
    ),
    seen=(
        Seen("Access token has expired or is not yet valid.", issue(1, "besscroft/diyfile")),
        Seen("Lifetime validation failed, the token is expired.", issue(267, "s1t5/mail-archiver")),
        Seen(
            "CompactToken validation failed with reason code: 80049228.",
            issue(10, "microsoftgraph/python-sample-auth"),
        ),
        Seen("InvalidAuthenticationToken", issue(24, "microsofthackathons/tdi")),
        Seen("Set-CsPhoneNumberAssignment : Invalid credential", issue(9961)),
    ),
    documents=(_AUTHORIZATION,),
)
NO_TOKEN = Failure(
    "noToken",
    Kind.CONFIGURATION,
    "The app's identity gives no token. Check that the managed identity is assigned and that AZURE_CLIENT_ID and "
    "AZURE_TOKEN_CREDENTIALS name it.",
    documents=(THE_APP,),
)
