"""A trigger's `connection`: from its setting name to queue clients."""

from typing import TYPE_CHECKING, Any

import requests
from azure.core.pipeline.transport import RequestsTransport
from azure.storage.queue import LinearRetry, QueueServiceClient

from local.host.errors import HostError
from local.host.settings import AppSettings

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential


def connect(settings: AppSettings, name: str, connections: int) -> QueueServiceClient:
    """Return a client for the account that a connection setting means.

    Looked for under `AzureWebJobs<name>`, then `<name>`: a connection string wins, else `__accountName`, else
    `__queueServiceUri`, both with an identity (`__credential`, `__clientId`).

    Args:
        settings: the app settings.
        name: the trigger's `connection`; empty means `Storage`, as in the real host.
        connections: how many threads will use the client at once.

    Raises:
        HostError: nothing usable is set.
    """
    name = name or "Storage"
    prefixes = (f"AzureWebJobs{name}", name)
    # One pooled connection per thread: with fewer, each call beyond would open its own.
    session = requests.Session()
    adapter = requests.adapters.HTTPAdapter(pool_connections=2, pool_maxsize=connections)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    options: dict[str, Any] = {
        # The default back-off of the client hides a stalled service for minutes.
        "retry_policy": LinearRetry(backoff=1, random_jitter_range=1, retry_total=2),
        "connection_timeout": 5,
        "read_timeout": 15,
        "transport": RequestsTransport(session=session, session_owner=False, use_env_settings=True),
    }
    for prefix in prefixes:
        if text := settings.get(prefix):
            try:
                return QueueServiceClient.from_connection_string(text, **options)
            except ValueError as error:
                message = f"the setting {prefix} is no storage connection string: {error}"
                raise HostError(message) from error
    for prefix in prefixes:
        account = settings.get(f"{prefix}__accountName")
        uri = f"https://{account}.queue.core.windows.net" if account else settings.get(f"{prefix}__queueServiceUri")
        if uri:
            return QueueServiceClient(uri, _credential(settings, prefix), **options)
    message = (
        f"the connection {name} is missing: set {name} to a connection string, "
        f"or {name}__queueServiceUri to an account that an identity may use"
    )
    raise HostError(message)


def _credential(settings: AppSettings, prefix: str) -> "TokenCredential":
    from azure.identity import DefaultAzureCredential, ManagedIdentityCredential  # noqa: PLC0415 - slow, seldom needed

    client_id = settings.get(f"{prefix}__clientId")
    match (settings.get(f"{prefix}__credential") or "").lower():
        case "managedidentity":
            return ManagedIdentityCredential(client_id=client_id)
        case "":
            # Without an id of its own, the credential reads AZURE_CLIENT_ID by itself.
            return DefaultAzureCredential(**({"managed_identity_client_id": client_id} if client_id else {}))
        case other:
            message = f"the setting {prefix}__credential must be managedidentity or absent, not {other!r}"
            raise HostError(message)
