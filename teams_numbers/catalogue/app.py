"""Failures that the app itself notices or decides: how an order ended, and what a request may ask for."""

from teams_numbers.catalogue.entry import THE_APP, Failure, Kind, issue

_OPERATION = ("Microsoft Graph documentation, telephoneNumberLongRunningOperation: status",)

UNKNOWN = Failure(
    "unknownFailure",
    Kind.PERMANENT,
    "Graph gave a reason that this app does not know. Read the message, and send the request again when its cause is "
    "gone.",
    documents=(THE_APP,),
)
OPERATION_FAILED = Failure(
    "operationFailed",
    Kind.OBSERVE,
    "Graph ended the order without a reason and the number does not show it. Look at the number in the Teams admin "
    "center, then send the request again.",
    documents=_OPERATION,
    tries=1,
)
OPERATION_SKIPPED = Failure(
    "operationSkipped",
    Kind.OBSERVE,
    "Graph skipped the order several times and the number does not show it. Look at the number in the Teams admin "
    "center, then send the request again.",
    documents=_OPERATION,
    tries=3,
)
UNCONFIRMED = Failure(
    "unconfirmed",
    Kind.PERMANENT,
    "Graph reported success, but the number does not show it. Look at the number in the Teams admin center before you "
    "tell anybody that it was assigned, taken back or updated.",
    documents=(issue(8905), THE_APP),
)
TIMED_OUT = Failure(
    "timedOut",
    Kind.PERMANENT,
    "The request was given up at its deadline. Look at the number in the Teams admin center before you send it again.",
    documents=(THE_APP,),
)
INVALID_REQUEST = Failure(
    "invalidRequest",
    Kind.PERMANENT,
    "Correct the fields that the message names and send the request again.",
    documents=(THE_APP,),
)
ACTION_NOT_ENABLED = Failure(
    "actionNotEnabled",
    Kind.PERMANENT,
    "This app is not set up for this action. Whoever runs it can name the action in the setting ACTIONS.",
    documents=(THE_APP,),
)
POOL_UNKNOWN = Failure(
    "poolUnknown",
    Kind.PERMANENT,
    "The app has no pool of this name. Use one of the names that the message lists, or add the pool to the "
    "setting NUMBER_POOLS.",
    documents=(THE_APP,),
)
UNASSIGN_PAUSED = Failure(
    "unassignPaused",
    Kind.CONFIGURATION,
    "More numbers were to be unassigned within a day than UNASSIGN_PER_DAY allows, so unassigning is paused. Check "
    "that the requests are meant, then raise the setting or release the brake with `desk brake`.",
    documents=(THE_APP,),
)
INTERNAL_ERROR = Failure(
    "internalError",
    Kind.PERMANENT,
    "The app itself failed on this request. Its text is in the poison queue, and the log has an `unforeseen` line. "
    "Look at the number in the Teams admin center before you send it again.",
    documents=(THE_APP,),
)
