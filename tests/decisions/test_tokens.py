"""One token for the process, renewed in time, and no storm at the identity endpoint."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError

from local.clock import SimulatedClock
from teams_numbers.identity import NoTokenError, TokenSource

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
    identity.clock.advance(24 * HOUR - 301)
    tokens.get()
    assert identity.asked == 1
    identity.clock.advance(2)
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
    for _ in range(600):
        renewed += tokens.renew(tokens.get())
        identity.clock.advance(1)
    assert renewed == 10
    assert (identity.made, identity.asked) == (11, 11)


def test_a_failed_asking_stands_for_some_seconds(identity: Identity, tokens: TokenSource) -> None:
    identity.down = True
    for _ in range(50):
        with pytest.raises(NoTokenError, match=r"ClientAuthenticationError|asked a moment ago"):
            tokens.get()
        identity.clock.advance(0.1)
    assert identity.asked == 1
    identity.down = False
    identity.clock.advance(5)
    assert tokens.get() == "token-1"


def test_a_token_serves_to_its_end_where_the_identity_gives_no_other(identity: Identity, tokens: TokenSource) -> None:
    tokens.get()
    identity.down = True
    identity.clock.advance(24 * HOUR - 300 + 1)
    for _ in range(250):
        assert tokens.get() == "token-1"
        identity.clock.advance(1)
    assert identity.asked < 8
    identity.clock.advance(30)
    with pytest.raises(NoTokenError):
        tokens.get()


def test_an_odd_credential_is_no_token(identity: Identity) -> None:
    def refuses() -> Any:
        raise ValueError(identity)

    with pytest.raises(NoTokenError, match="ValueError"):
        TokenSource("x", refuses, identity.clock).get()
