"""One token for the process, renewed in time, and no storm at the identity endpoint."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

import azure.identity
import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError

from local.clock import SimulatedClock
from teams_numbers.identity import LONGEST_ASKING_SECONDS, NoTokenError, TokenSource, make_credential

HOUR = 3600.0


@dataclass
class Identity:
    """Makes credentials; each gives the token it was made with until it is made anew."""

    clock: SimulatedClock
    lasts: float = 24 * HOUR
    down: bool = False
    made: int = 0
    asked: int = 0
    names: Any = field(default_factory=lambda: count(1))

    def __call__(self) -> Any:
        self.made += 1
        return _Credential(self, f"token-{next(self.names)}")


@dataclass
class _Credential:
    identity: Identity
    token: str

    def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        assert scopes == ("https://graph.microsoft.com/.default",)
        self.identity.asked += 1
        if self.identity.down:
            raise ClientAuthenticationError(message="no")
        return AccessToken(self.token, int(self.identity.clock.now().timestamp() + self.identity.lasts))


@pytest.fixture
def identity() -> Identity:
    return Identity(SimulatedClock())


@pytest.fixture
def tokens(identity: Identity) -> TokenSource:
    return TokenSource("https://graph.microsoft.com/.default", identity, identity.clock)


def test_a_token_is_asked_for_once_and_again_shortly_before_its_end(identity: Identity, tokens: TokenSource) -> None:
    assert {tokens.get() for _ in range(5)} == {"token-1"}
    identity.clock.advance(24 * HOUR - 300)
    tokens.get()
    assert identity.asked == 1
    identity.clock.advance(1)
    tokens.get()
    assert (identity.made, identity.asked) == (1, 2)


def test_a_refused_token_is_forgotten_with_the_credential_that_would_give_it_again(
    identity: Identity, tokens: TokenSource
) -> None:
    assert tokens.renew(tokens.get())
    assert tokens.get() == "token-2"
    assert identity.made == 2


def test_threads_that_were_refused_the_same_token_renew_it_once(identity: Identity, tokens: TokenSource) -> None:
    refused = tokens.get()
    assert [tokens.renew(refused) for _ in range(3)] == [True] * 3
    assert tokens.get() == "token-2"
    assert tokens.renew(refused)
    assert tokens.get() == "token-2"
    assert identity.made == 2


def test_a_token_that_stays_refused_makes_at_most_one_credential_a_minute(
    identity: Identity, tokens: TokenSource
) -> None:
    renewed = 0
    for _ in range(541):
        renewed += tokens.renew(tokens.get())
        identity.clock.advance(1)
    assert renewed == 10
    assert (identity.made, identity.asked) == (10, 10)


def test_a_failed_asking_stands_for_five_seconds(identity: Identity, tokens: TokenSource) -> None:
    identity.down = True
    for _ in range(50):
        with pytest.raises(NoTokenError, match=r"ClientAuthenticationError|asked a moment ago"):
            tokens.get()
        identity.clock.advance(0.0999)
    assert identity.asked == 1
    identity.down = False
    identity.clock.advance(5 - 50 * 0.0999)
    assert tokens.get() == "token-1"


def test_a_token_serves_to_its_end_where_the_identity_gives_no_other(identity: Identity, tokens: TokenSource) -> None:
    tokens.get()
    identity.down = True
    identity.clock.advance(24 * HOUR - 300 + 1)
    for _ in range(269):
        assert tokens.get() == "token-1"
        identity.clock.advance(1)
    assert tokens.get() == "token-1", "thirty seconds of it are left"
    assert identity.asked == 1 + 5, "once a minute: the first failure was the last time that it was asked"
    identity.clock.advance(1)
    with pytest.raises(NoTokenError):
        tokens.get()
    identity.down = False
    identity.clock.advance(5)
    assert tokens.get() == "token-1"


@pytest.mark.parametrize("error", [ValueError, OSError, ClientAuthenticationError])
def test_an_odd_credential_is_no_token(identity: Identity, error: type[Exception]) -> None:
    def refuses() -> Any:
        raise error

    with pytest.raises(NoTokenError, match=error.__name__):
        TokenSource("x", refuses, identity.clock).get()


def test_the_identity_endpoint_is_asked_within_twelve_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client library's own patience is minutes, in which every thread of the process would stand still."""
    monkeypatch.setattr(azure.identity, "DefaultAzureCredential", dict)
    asked: Any = make_credential()
    assert asked == {"connection_timeout": 2, "read_timeout": 4, "retry_total": 1, "retry_status": 0}
    assert LONGEST_ASKING_SECONDS == 12
