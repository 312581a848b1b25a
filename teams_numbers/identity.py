"""Who this app is: one credential and one Graph token per process, renewed in time."""

import threading
from collections.abc import Callable
from typing import Any, Final

from azure.core.credentials import AccessToken, AccessTokenInfo, TokenCredential
from azure.core.exceptions import AzureError

from teams_numbers.clock import Clock

#: How long before its end a token is renewed, in seconds; and how short of its end it still serves where it cannot be.
_MARGIN_SECONDS, _LAST_SECONDS = 300, 30
#: How long a failed attempt stands before the identity is asked again, in seconds.
_PAUSE_SECONDS = 5
#: How long a credential made for a refused token stands, in seconds: where Graph refuses that one's token, too, the
#: fault is not the token's age, and asking for a new one with each call would be a storm at the identity endpoint.
_RENEWAL_SECONDS = 60
#: How long the identity endpoint may take to connect and to answer, in seconds, and how often it is asked again at
#: once where it gave no answer. The client library's own patience is minutes, in which every thread of the process
#: would stand still; after an answer with a Retry-After it would sleep for as long as that says.
_CONNECT_SECONDS, _READ_SECONDS, _RETRIES = 2, 4, 1
#: The longest that one asking takes where the endpoint is silent, in seconds; the library repeats without a pause.
LONGEST_ASKING_SECONDS: Final = float((_CONNECT_SECONDS + _READ_SECONDS) * (1 + _RETRIES))
#: What the queue account's token is for: the scope that the client library asks for by itself.
_ACCOUNT_SCOPE = "https://storage.azure.com/.default"


class NoTokenError(Exception):
    """The identity gave no token."""


def make_credential() -> TokenCredential:
    """Return the environment's identity; AZURE_TOKEN_CREDENTIALS says which kind, AZURE_CLIENT_ID which one."""
    from azure.identity import DefaultAzureCredential  # noqa: PLC0415 - a heavy import, not needed at start

    return DefaultAzureCredential(
        connection_timeout=_CONNECT_SECONDS, read_timeout=_READ_SECONDS, retry_total=_RETRIES, retry_status=0
    )


class AccountIdentity:
    """Gives the queue account the token that is meant for it and no other: Graph's goes to Graph alone.

    The client library would ask for a token for whatever resource a 401 of the account names, and send it there.

    Args:
        credential: the app's identity.
    """

    def __init__(self, credential: TokenCredential) -> None:
        self._credential: Any = credential

    def get_token_info(self, *_: str, **options: object) -> AccessTokenInfo:
        """Return the account's token, whatever resource is asked for; of the tenant that the account names."""
        return self._credential.get_token_info(_ACCOUNT_SCOPE, **options)  # type: ignore[no-any-return]

    get_token = get_token_info  #: by this name the client library knows what gives tokens


class TokenSource:
    """Hands out one scope's token; safe to use from many threads.

    Args:
        scope: what the token is for, such as `https://graph.microsoft.com/.default`.
        make: makes the credential; called again for a `renew`, since a credential keeps the tokens it has.
        clock: tells the time.
    """

    def __init__(self, scope: str, make: Callable[[], TokenCredential], clock: Clock) -> None:
        self._scope = scope
        self._make = make
        self._clock = clock
        self._lock = threading.Lock()
        self._credential: TokenCredential | None = None
        self._token: AccessToken | None = None
        self._failed_at = self._renewable_from = float("-inf")

    def get(self) -> str:
        """Return a token that is good for some minutes yet; for less where the identity gives no other now.

        Raises:
            NoTokenError: the identity gave none; named after the cause, without its text.
        """
        with self._lock:
            left = self._token.expires_on - self._clock.now().timestamp() if self._token else 0.0
            if self._token is None or left < _MARGIN_SECONDS:
                serves = left >= _LAST_SECONDS
                try:
                    self._token = self._ask(_RENEWAL_SECONDS if serves else _PAUSE_SECONDS)
                except NoTokenError:
                    if self._token is None or not serves:
                        raise
            return self._token.token

    def renew(self, refused: str) -> bool:
        """Forget a token that Graph refused, and the credential that would give it again: at most once a minute.

        Returns:
            Whether `get` now leads to another token; not where the refused one is less than a minute old.
        """
        with self._lock:
            if self._token is None or self._token.token != refused:
                return True  # another thread has renewed it already
            if self._clock.monotonic() < self._renewable_from:
                return False
            self._renewable_from = self._clock.monotonic() + _RENEWAL_SECONDS
            self._token = self._credential = None
            return True

    def _ask(self, pause: float) -> AccessToken:
        """Ask the identity, unless that failed so many seconds ago or less."""
        if self._clock.monotonic() < self._failed_at + pause:
            message = "asked a moment ago"
            raise NoTokenError(message)
        try:
            self._credential = self._credential or self._make()
            return self._credential.get_token(self._scope)
        except (AzureError, OSError, ValueError) as error:
            self._failed_at = self._clock.monotonic()
            raise NoTokenError(type(error).__name__) from error
