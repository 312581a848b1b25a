"""What the queue account's answers may not bring about: a message sent elsewhere or logged, a token not for it."""

import ssl
import traceback
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import trustme
from azure.core.credentials import AccessTokenInfo, TokenRequestOptions
from azure.core.exceptions import AzureError, ClientAuthenticationError

from desk import account
from teams_numbers.queues import Queues, connect
from teams_numbers.settings import Settings
from tests.pipeline.loopback import Loopback, answer
from tests.values import NUMBER, settings

_STORAGE, _GRAPH = "https://storage.azure.com", "https://graph.microsoft.com"
_CHALLENGE = f"Bearer authorization_uri=https://login.microsoftonline.com/x/oauth2/authorize resource_id={_GRAPH}"


class Identity:
    """Gives every resource a token of its name, in any tenant, as the Azure CLI does."""

    def get_token_info(self, *scopes: str, options: TokenRequestOptions | None = None) -> AccessTokenInfo:
        tenant = (options or {}).get("tenant_id", "home")
        return AccessTokenInfo(f"{tenant} {scopes[0].removesuffix('/.default')}", 2**40)


def _identity() -> Any:
    return Identity()


class _Refusing(BaseHTTPRequestHandler):
    """Wants a token of Graph's."""

    def do_GET(self) -> None:
        self.server.tokens.append(self.headers["Authorization"])  # type: ignore[attr-defined]
        self.send_response(401)
        self.send_header("WWW-Authenticate", _CHALLENGE)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def refusing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An account that refuses every token; tokens are sent by TLS only."""
    authority, tls = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "authority.pem"))
    with ThreadingHTTPServer(("127.0.0.1", 0), _Refusing) as listening:
        listening.socket = tls.wrap_socket(listening.socket, server_side=True)
        listening.tokens = []  # type: ignore[attr-defined]
        thread = Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield listening
        listening.shutdown()
        thread.join()


@pytest.fixture(params=["app", "desk"])
def connected(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[[Settings], Queues]:
    """Return what connects the app, or the desk, to its queues."""
    monkeypatch.setattr(account, "make_credential", Identity)
    if request.param == "app":
        return lambda chosen: connect(chosen, _identity, 4)
    return lambda chosen: account.Account(chosen, account._service(chosen)).queues


def test_an_account_that_asks_for_graphs_token_gets_its_own_again(
    refusing: Any, connected: Callable[[Settings], Queues]
) -> None:
    uri = f"https://127.0.0.1:{refusing.server_port}/account"
    opened = connected(settings(NumbersStorage=None, NumbersStorage__queueServiceUri=uri))
    with pytest.raises(ClientAuthenticationError):
        opened.requests.length()
    assert refusing.tokens == [f"Bearer home {_STORAGE}", f"Bearer x {_STORAGE}"]  # in the tenant that it names


def test_a_message_is_not_sent_on_to_where_the_account_points(connected: Callable[[Settings], Queues]) -> None:
    with (
        Loopback(lambda _: answer(201)) as elsewhere,
        Loopback(lambda _: answer(307, Location=f"{elsewhere.url}/x")) as pointing,
    ):
        key = f"QueueEndpoint={pointing.url}/account;AccountName=account;AccountKey=a2V5"
        opened = connected(settings(NumbersStorage=key))
        with pytest.raises(AzureError):
            opened.events.send("event")
        assert (len(pointing.heard), elsewhere.heard) == (1, [])


@pytest.mark.parametrize("kind", ["application/xml", "application/json"])
def test_messages_in_an_answer_that_cannot_be_read_are_not_in_the_error(
    connected: Callable[[Settings], Queues], kind: str
) -> None:
    """The host logs what a function raises, and a message holds personal data."""
    broken = f"<QueueMessagesList><QueueMessage><MessageText>{NUMBER}</MessageText>".encode()
    with Loopback(lambda _: answer(200, broken, Content_Type=kind)) as account_says:
        key = f"QueueEndpoint={account_says.url}/account;AccountName=account;AccountKey=a2V5"
        opened = connected(settings(NumbersStorage=key))
        with pytest.raises(AzureError) as caught:
            opened.operations.receive(30)
    assert NUMBER not in "".join(traceback.format_exception(caught.value))
