"""What can go wrong between the desk and the account, each in one line that says what to do."""

from urllib.parse import urlsplit

from azure.core.exceptions import AzureError, ClientAuthenticationError, HttpResponseError

from teams_numbers.settings import SettingsError

#: Exit codes: everything is as asked; some request did not succeed; wrong usage or file, nothing was sent; the account
#: could not be used; the end of some request is not known yet; a file could not be written; Ctrl-C, or a no.
OK, NOT_ALL, USAGE, ACCOUNT, OPEN, FILE, STOPPED = 0, 1, 2, 3, 4, 5, 130

_ADDRESS = "NumbersStorage__queueServiceUri"
_SETTINGS = f"NumbersStorage or {_ADDRESS}"
#: What the service's error codes mean to an operator:
#: https://learn.microsoft.com/rest/api/storageservices/common-rest-api-error-codes
_REFUSALS = {
    "AuthorizationPermissionMismatch": "no permission: this identity may not {act} {queue} in {account}. Ask for the "
    "role {role} on the account or the queue; a new role takes some minutes.",
    "AuthorizationFailure": "no permission: {account} refuses this machine or identity ({act} {queue}). Check the "
    "account's network rules, then the role {role}.",
    "InsufficientAccountPermissions": "no permission: the account {account} does not allow its key to {act} {queue}.",
    "KeyBasedAuthenticationNotPermitted": "wrong way in: {account} allows identities only. Set "
    "NumbersStorage__queueServiceUri instead of NumbersStorage and sign in with `az login`.",
    "AuthenticationFailed": "wrong account or key: {account} does not accept the key or token. Check {settings}, this "
    "machine's clock, and that you are signed in to the account's tenant.",
    "InvalidAuthenticationInfo": "wrong tenant: {account} does not accept this identity's token. Sign in to the "
    "account's tenant: `az login --tenant …`.",
    "QueueNotFound": "no queue: {queue} does not exist in {account}. Check the queue's name ({names}) and that "
    "{settings} names the numbers' account.",
    "ResourceNotFound": "wrong account: {account} does not exist there. Check {settings}.",
    "AccountIsDisabled": "wrong account: {account} is disabled.",
    "QueueBeingDeleted": "no queue: {queue} is being deleted in {account}.",
}
#: What a call does, by HTTP method and whether it is about the messages, and the least role for it:
#: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/storage
_ACTS = {
    "GET": ("read", "Storage Queue Data Reader"),
    "HEAD": ("read", "Storage Queue Data Reader"),
    "POST": ("put messages on", "Storage Queue Data Message Sender"),
    "PUT": ("change messages on", "Storage Queue Data Contributor"),
    "DELETE": ("take messages from", "Storage Queue Data Message Processor"),
}


class DeskError(Exception):
    """The command cannot go on; the message is one line for the operator.

    Args:
        message: what is wrong and what to do.
        exit_code: what the process ends with.
    """

    def __init__(self, message: str, exit_code: int = USAGE) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def explain(error: AzureError | SettingsError) -> str:
    """Return one line on an error of the account or the settings: what is wrong, where, and what to do."""
    if isinstance(error, SettingsError):
        return f"{error}; on the local stack, add --local" if f"{_ADDRESS}: is missing" in str(error) else str(error)
    if isinstance(error, HttpResponseError) and error.response is not None:
        return _refused(error)
    if isinstance(error, ClientAuthenticationError):  # from the identity: no answer of the account came with it
        return (
            "no identity: nobody is signed in here. Run `az login`, or set AZURE_TOKEN_CREDENTIALS to the identity to "
            "use; on the local stack, add --local."
        )
    return (
        f"no connection: {_first_line(error)} Check that {_SETTINGS} names the right account; on one machine, that "
        "`make run` is running."
    )


def _refused(error: HttpResponseError) -> str:
    request = getattr(error.response, "request", None)
    method, url = str(getattr(request, "method", "")), urlsplit(str(getattr(request, "url", "")))
    parts = [part for part in url.path.split("/") if part]
    local = "." not in (url.hostname or "") or (url.hostname or "").replace(".", "").isdigit()
    where = parts[:1] if local else []  # the emulator names the account in the path
    queue = parts[len(where)] if len(parts) > len(where) else "the queues"
    act, role = _ACTS.get(method, ("use", "Storage Queue Data Contributor"))
    if method == "GET" and "visibilitytimeout" in url.query:
        act, role = "take messages from", "Storage Queue Data Message Processor"
    code = str(getattr(getattr(error, "error_code", None), "value", None) or getattr(error, "error_code", None) or "")
    said = _REFUSALS.get(code, "{account} answered {status} {code} to {act} {queue}: {text}")
    return said.format(
        act=act,
        queue=queue,
        account="/".join([url.netloc, *where]),
        role=role,
        settings=_SETTINGS,
        names="REQUESTS_QUEUE, OPERATIONS_QUEUE, EVENTS_QUEUE, UNASSIGNMENTS_QUEUE",
        status=error.status_code,
        code=code,
        text=_first_line(error),
    )


def _first_line(error: AzureError) -> str:
    line = (str(error.message).splitlines() or [type(error).__name__])[0].strip()
    return line if line.endswith(".") else f"{line}."
