"""Who signs in to Microsoft Graph for the desk: a person in a browser or by code, or the environment's identity.

The Azure CLI's own sign-in is of no use here: its token for Graph is one of Microsoft's app, which has not the
permission to read telephone numbers, so Graph would answer 403. Hence the tenant's own app registration.
"""

import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from azure.core.exceptions import AzureError

from desk import show
from desk.account import local_identity
from desk.errors import ACCOUNT, DeskError
from teams_numbers.identity import make_credential

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

#: The delegated permission that reads numbers, and the one that finds people by name; sources:
#: https://learn.microsoft.com/graph/api/teamsadministration-numberassignment-get and …/graph/api/user-get
READ_NUMBERS, FIND_PEOPLE = "TeamsTelephoneNumber.Read.All", "User.ReadBasic.All"
#: Values of AZURE_TOKEN_CREDENTIALS that stand for a developer's own sign-in to one of Microsoft's tools.
_DEVELOPERS = frozenset({"", "dev"}) | {
    f"{tool}credential"
    for tool in (
        *("azurecli", "azuredevelopercli", "azurepowershell", "visualstudiocode", "sharedtokencache"),
        *("interactivebrowser", "broker"),
    )
}
#: How long a person may take to sign in, in seconds.
_PATIENCE = 300
#: How long Entra may take to connect and to answer, in seconds, and how often it is asked again; by default the client
#: library waits for twenty minutes before a browser even opens.
_NETWORK: dict[str, Any] = {"connection_timeout": 5, "read_timeout": 15, "retry_total": 1}


def sign_in(
    scope: str, client_id: str | None, tenant_id: str | None, *, device_code: bool, local: bool
) -> "TokenCredential":
    """Return a credential that has given a token for a scope just now.

    Args:
        scope: what the token is for.
        client_id: the app registration that a person signs in with.
        tenant_id: its tenant.
        device_code: sign in on another device.
        local: as the app does on the local stack.

    Raises:
        DeskError: nobody signed in; it says how to.
    """
    try:
        credential = _credential(client_id, tenant_id, device_code=device_code, local=local)
        credential.get_token(scope)  # now: later, a call's own deadline would not wait for a person
    except (AzureError, OSError, ValueError) as error:
        said = show.masked(" ".join(str(error).split("Trace ID")[0].split()))
        hint = " Check that `make run` is running." if local else ""
        message = f"no sign-in to Graph: {show.plain(said)}{hint}"
        raise DeskError(message, ACCOUNT) from None
    return credential


def _credential(client_id: str | None, tenant_id: str | None, *, device_code: bool, local: bool) -> "TokenCredential":
    if local:
        os.environ.update(local_identity())
        return make_credential()
    if client_id and tenant_id:
        return _person(client_id, tenant_id, device_code=device_code)
    if client_id or device_code:
        message = "say both --client-id and --tenant-id: the app registration that you sign in with, and its tenant"
        raise DeskError(message)
    if os.environ.get("AZURE_TOKEN_CREDENTIALS", "").lower() not in _DEVELOPERS:
        return make_credential()
    message = (
        "no sign-in to Graph: say --client-id and --tenant-id of an app registration of your tenant that may read "
        f"numbers ({READ_NUMBERS}); docs/desk.md shows how to make one. `az login` does not help here: the Azure "
        "CLI's token for Graph lacks that permission. On the local stack, add --local."
    )
    raise DeskError(message, ACCOUNT)


def _person(client_id: str, tenant_id: str, *, device_code: bool) -> "TokenCredential":
    """Return what signs a person in: a browser on this machine, or a code to type on another."""
    from azure.identity import DeviceCodeCredential, InteractiveBrowserCredential  # noqa: PLC0415 - a heavy import

    # An authority of one's own (AZURE_AUTHORITY_HOST) is not known to Microsoft's list of authorities.
    own = {"disable_instance_discovery": True} if os.environ.get("AZURE_AUTHORITY_HOST") else {}
    common: dict[str, Any] = {"client_id": client_id, "tenant_id": tenant_id, "timeout": _PATIENCE} | _NETWORK | own
    if device_code:
        return DeviceCodeCredential(prompt_callback=_prompt, **common)
    show.make_console(error=True).print("Sign in to Microsoft Graph in the browser that opens now …")
    return InteractiveBrowserCredential(**common)


def _prompt(address: str, code: str, expires: datetime) -> None:
    """Tell a person where to type which code, and until when: the desk waits less long than the code is good."""
    until = f"good until {min(expires, datetime.now(UTC) + timedelta(seconds=_PATIENCE)):%H:%M} UTC"
    show.make_console(error=True).print(
        show.plain(f"To sign in to Microsoft Graph, open {address}, code {code}, {until}.")
    )
