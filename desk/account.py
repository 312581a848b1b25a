"""The queue account, connected as the app connects: by connection string if there is one, else by identity."""

import json
import logging
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from azure.core.exceptions import ResourceNotFoundError
from azure.storage.queue import QueueServiceClient

from desk.errors import DeskError
from teams_numbers.identity import AccountIdentity, make_credential
from teams_numbers.queues import RECEIVE_MOST, Queue, Queues, open_queues
from teams_numbers.settings import Settings, is_loopback, load

_LOCAL_SETTINGS = Path(__file__).resolve().parent.parent / "local.settings.json"
_CONNECTION: Final = ("NumbersStorage", "NumbersStorage__queueServiceUri")
#: What stands for an account where none is needed: an address that nobody has, by RFC 2606.
_NO_ACCOUNT = "https://none.invalid"
#: How the app signs in on the local stack.
_IDENTITY = ("AZURE_TOKEN_CREDENTIALS", "IDENTITY_ENDPOINT", "IDENTITY_HEADER")
#: The app's usual names; POLL_SCHEDULE is required of the app, and of no use here.
_USUAL = {
    "REQUESTS_QUEUE": "number-requests",
    "OPERATIONS_QUEUE": "pending-operations",
    "EVENTS_QUEUE": "number-events",
    "POLL_SCHEDULE": "*/15 * * * * *",
}
#: A person waits: the client library's own pauses, 15 seconds and more, would hide a wrong address for a minute. And it
#: would send a request on to any address that the account answers with.
_CLIENT_OPTIONS: dict[str, Any] = {
    "retry_total": 2,
    "retry_connect": 1,
    "initial_backoff": 1,
    "increment_base": 2,
    "random_jitter_range": 1,
    "connection_timeout": 5,
    "read_timeout": 15,
    "permit_redirects": False,
}
_NEVER_EXPIRES = -1


@dataclass(frozen=True, slots=True)
class Seen:
    """A visible message, looked at and left where it is.

    Attributes:
        id: the queue service's name for it.
        dequeue_count: how often it was received so far.
        inserted_at: when it was put on the queue.
        text: its content, as it came.
    """

    id: str
    dequeue_count: int
    inserted_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Put:
    """A message that the account has stored.

    Attributes:
        id: the queue service's name for it.
        inserted_at: when it was stored, by the service's clock.
    """

    id: str
    inserted_at: datetime


class Account:
    """The three queues of the app, and what only the desk does with them.

    Every call may raise what the client library raises: azure.core.exceptions.AzureError.

    Args:
        settings: the app's.
        service: connected to the account.
    """

    def __init__(self, settings: Settings, service: QueueServiceClient) -> None:
        self.settings = settings
        self.queues: Queues = open_queues(settings, service)
        self._service = service

    @property
    def name(self) -> str:
        """The account's address, without its scheme."""
        url = urlsplit(self._service.url)
        return f"{url.netloc}{url.path}".rstrip("/")

    @property
    def local(self) -> bool:
        """Whether the account is on this machine: an emulator's."""
        return is_loopback(urlsplit(self._service.url).hostname or "")

    def queue(self, name: str) -> Queue:
        """Return any queue of the account, such as a poison queue."""
        return Queue(self._service, name)

    def peek(self, name: str) -> list[Seen]:
        """Look at the up to 32 oldest visible messages; nobody else notices, no dequeue count changes."""
        found = self._service.get_queue_client(name).peek_messages(RECEIVE_MOST)
        return [Seen(item["id"], item["dequeue_count"], item["inserted_on"], item["content"]) for item in found]

    def put(self, name: str, text: str) -> Put:
        """Store a message that never expires, and return what the service says about it."""
        stored = self._service.get_queue_client(name).send_message(text, time_to_live=_NEVER_EXPIRES)
        return Put(stored["id"], stored["inserted_on"])

    def clear(self, name: str) -> None:
        """Delete every message of a queue."""
        self._service.get_queue_client(name).clear_messages()

    def length(self, name: str) -> int | None:
        """Return about how many messages are stored, visible or not, never too few; None: there is no such queue."""
        try:
            return self._service.get_queue_client(name).get_queue_properties().approximate_message_count or 0
        except ResourceNotFoundError as error:
            if str(getattr(error, "error_code", "")) == "QueueNotFound":
                return None
            raise


def read_settings(*, local: bool, needs_account: bool = True) -> Settings:
    """Return the app's settings as the environment gives them, or the local stack's.

    Args:
        local: take them from local.settings.json, whatever the environment says.
        needs_account: whether an account must be named.

    Raises:
        DeskError: local.settings.json cannot be read.
        SettingsError: a setting is missing or wrong.
    """
    for name in ("azure", "msal", "urllib3", "teams_numbers"):  # what they have to say, the desk says in one line
        logging.getLogger(name).setLevel(logging.CRITICAL)
    given: dict[str, Any] = {name: os.environ.get(name) or usual for name, usual in _USUAL.items()}
    if local:
        given |= {"NumbersStorage__queueServiceUri": None} | _local_values()
    elif not needs_account and not has_account(local=False):
        given |= {"NumbersStorage__queueServiceUri": _NO_ACCOUNT}
    return load(**given)


def has_account(*, local: bool) -> bool:
    """Say whether the environment names an account; the local stack has one."""
    return local or any(os.environ.get(name) for name in _CONNECTION)


def local_identity() -> dict[str, str]:
    """Return the environment variables by which the app signs in on the local stack."""
    values = _local_values()
    return {name: values[name] for name in _IDENTITY if name in values}


def names(setting: str, *, local: bool) -> bool:
    """Say whether a setting is given here; where it is not, the app's own may be another."""
    return bool((_local_values() if local else os.environ).get(setting))


def connect(*, local: bool) -> Account:
    """Return the account that the environment names, or the local stack's.

    Args:
        local: take the connection and the queues' names from local.settings.json, whatever the environment says.

    Raises:
        DeskError: local.settings.json cannot be read.
        SettingsError: a setting is missing or wrong.
    """
    settings = read_settings(local=local)
    try:
        return Account(settings, _service(settings))
    except ValueError as error:
        message = "NumbersStorage: is no connection string of a storage account; Azure shows it as `Access keys`"
        raise DeskError(message if settings.storage else f"no sign-in to the account: {error}") from None


def _service(settings: Settings) -> QueueServiceClient:
    if settings.storage:
        return QueueServiceClient.from_connection_string(settings.storage, **_CLIENT_OPTIONS)
    identity: Any = AccountIdentity(make_credential())
    return QueueServiceClient(settings.storage_uri or "", identity, **_CLIENT_OPTIONS)


def _local_values() -> dict[str, str]:
    try:
        values: dict[str, str] = json.loads(_LOCAL_SETTINGS.read_text(encoding="utf-8"))["Values"]
    except (OSError, ValueError, KeyError) as error:
        message = f"--local: local.settings.json cannot be read ({type(error).__name__})"
        raise DeskError(message) from None
    return values
