"""What a refused token and a silent identity cost, over real connections."""

import time
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


def test_a_silent_identity_endpoint_is_given_up_in_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    assert identity.LONGEST_ASKING_SECONDS == 12
    monkeypatch.setattr(identity, "_CONNECT_SECONDS", 0.1)
    monkeypatch.setattr(identity, "_READ_SECONDS", 0.2)
    with Loopback(lambda _: [FOREVER]) as endpoint:
        monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "ManagedIdentityCredential")
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"{endpoint.url}/msi/token")
        monkeypatch.setenv("IDENTITY_HEADER", "secret")
        monkeypatch.delenv("AZURE_CLIENT_ID", raising=False)
        credential, started = identity.make_credential(), time.monotonic()
        with pytest.raises(AzureError):
            credential.get_token("https://graph.microsoft.com/.default")
        assert time.monotonic() - started < 2 * (0.1 + 0.2) + 2
        assert [heard.method for heard in endpoint.heard] == ["GET", "GET"]
        cast("Any", credential).close()
