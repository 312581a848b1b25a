"""Who this app is: one credential and one Graph token per process, renewed in time."""

import threading
from typing import TYPE_CHECKING

from azure.core.exceptions import AzureError

if TYPE_CHECKING:
    from collections.abc import Callable

    from azure.core.credentials import AccessToken, TokenCredential

    from teams_numbers.clock import Clock

#: How long before its end a token is renewed, in seconds.
_MARGIN_SECONDS = 300
#: How long a failed attempt stands before the identity is asked again, in seconds.
_PAUSE_SECONDS = 5


class NoTokenError(Exception):
    """The identity gave no token."""


def make_credential() -> "TokenCredential":
    """Return the environment's identity; AZURE_TOKEN_CREDENTIALS says which kind, AZURE_CLIENT_ID which one."""
    from azure.identity import DefaultAzureCredential  # noqa: PLC0415 - a heavy import, not needed at start

    return DefaultAzureCredential()


class TokenSource:
    """Hands out one scope's token; safe to use from many threads.

    Args:
        scope: what the token is for, such as `https://graph.microsoft.com/.default`.
        make: makes the credential; called again for a `renew`, since a credential keeps the tokens it has.
        clock: tells the time.
    """

    def __init__(self, scope: str, make: "Callable[[], TokenCredential]", clock: "Clock") -> None:
        self._scope = scope
        self._make = make
        self._clock = clock
        self._lock = threading.Lock()
        self._credential: TokenCredential | None = None
        self._token: AccessToken | None = None
        self._failed_until = 0.0

    def get(self) -> str:
        """Return a token that is good for some minutes yet.

        Raises:
            NoTokenError: the identity gave none; named after the cause, without its text.
        """
        with self._lock:
            if self._token is None or self._token.expires_on - self._clock.now().timestamp() < _MARGIN_SECONDS:
                self._token = self._ask()
            return self._token.token

    def renew(self, rejected: str) -> None:
        """Forget the token that was rejected, and the credential that may give it again."""
        with self._lock:
            if self._token is not None and self._token.token == rejected:
                self._token = self._credential = None

    def _ask(self) -> "AccessToken":
        if self._clock.monotonic() < self._failed_until:
            message = "asked a moment ago"
            raise NoTokenError(message)
        try:
            self._credential = self._credential or self._make()
            return self._credential.get_token(self._scope)
        except (AzureError, OSError, ValueError) as error:
            self._failed_until = self._clock.monotonic() + _PAUSE_SECONDS
            raise NoTokenError(type(error).__name__) from error
