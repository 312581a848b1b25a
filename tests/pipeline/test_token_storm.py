"""What a refused token and a silent identity cost, over real connections."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import pytest
from azure.core.exceptions import AzureError

from teams_numbers import failures, identity
from teams_numbers.answers import Denied
from tests.pipeline.loopback import FOREVER, Loopback, Tokens, answer, client
from tests.values import NUMBER


def test_a_token_that_stays_refused_costs_one_more_credential_and_one_more_call() -> None:
    with Loopback(lambda _: answer(401)) as graph:
        tokens = Tokens()
        sender = client(graph.url, tokens=tokens)
        for _ in range(50):
            denied = sender.numbers({"telephoneNumber": NUMBER})
            assert isinstance(denied, Denied)
            assert denied.failure is failures.UNAUTHORIZED
        assert (tokens.made, tokens.asked) == (2, 2)
        assert len(graph.heard) == 51


@contextmanager
def asked_at(endpoint: Loopback, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Give the app's credential for a managed identity at an address."""
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "ManagedIdentityCredential")
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{endpoint.url}/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", "secret")
    monkeypatch.delenv("AZURE_CLIENT_ID", raising=False)
    credential = cast("Any", identity.make_credential())
    yield credential
    credential.close()


def test_a_silent_identity_endpoint_is_given_up_in_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    assert identity.LONGEST_ASKING_SECONDS == 12
    monkeypatch.setattr(identity, "_CONNECT_SECONDS", 0.1)
    monkeypatch.setattr(identity, "_READ_SECONDS", 0.2)
    with Loopback(lambda _: [FOREVER]) as endpoint, asked_at(endpoint, monkeypatch) as credential:
        started = time.monotonic()
        with pytest.raises(AzureError):
            credential.get_token("https://graph.microsoft.com/.default")
        assert time.monotonic() - started < identity.LONGEST_ASKING_SECONDS  # by default it is minutes
        assert [heard.method for heard in endpoint.heard] == ["GET", "GET"]


@pytest.mark.parametrize("status", [400, 429, 503])
def test_an_identity_endpoint_that_asks_for_a_pause_holds_no_thread(
    status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client library would sleep for as long as it says, and the process's only token is asked for under a lock."""
    refused = answer(status, {"error": "busy"}, Retry_After="30", Content_Type="application/json")
    with Loopback(lambda _: refused) as endpoint, asked_at(endpoint, monkeypatch) as credential:
        started = time.monotonic()
        with pytest.raises(AzureError):
            credential.get_token("https://graph.microsoft.com/.default")
        assert time.monotonic() - started < identity.LONGEST_ASKING_SECONDS
        assert len(endpoint.heard) == 1
