"""What goes over the wire is what was asked for: no cookies, no redirects, no proxies."""

import ssl
import traceback
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import requests
import trustme

from teams_numbers.session import PlainSession
from tests.pipeline.loopback import Loopback, answer

_TIMEOUT = (5.0, 5.0)


class Server(ThreadingHTTPServer):
    """Answers every call with a redirect and a cookie, and remembers from which port it came and with what."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.ports: list[int] = []
        self.headers: list[dict[str, str]] = []
        self.bodies: list[bytes] = []


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_POST(self) -> None:
        self.server.ports.append(self.client_address[1])
        self.server.headers.append(dict(self.headers))
        self.server.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(307)
        for name, value in (("Location", "/elsewhere"), ("Set-Cookie", "a=b"), ("Content-Length", "2")):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(b"ok")

    def do_GET(self) -> None:
        """Say nothing until the caller has gone."""
        self.server.headers.append(dict(self.headers))
        self.rfile.read(1)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as listening:
        thread = Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield listening
        listening.shutdown()
        thread.join()


@pytest.fixture
def session() -> Iterator[PlainSession]:
    with PlainSession(4) as opened:
        yield opened


def post(session: PlainSession, url: str) -> requests.Response:
    return session.request("POST", url, headers={"Content-Length": "3"}, data=b"abc", timeout=_TIMEOUT)


def test_a_redirect_is_an_answer_and_is_not_followed(session: PlainSession, server: Server) -> None:
    answer = post(session, f"{server.url}/first")
    assert (answer.status_code, answer.headers["location"], answer.content) == (307, "/elsewhere", b"ok")
    assert (answer.reason, answer.url) == ("Temporary Redirect", f"{server.url}/first")
    assert server.bodies == [b"abc"]


def test_no_cookie_is_sent_back_and_one_connection_serves(session: PlainSession, server: Server) -> None:
    for _ in range(3):
        post(session, f"{server.url}/")
    assert [headers for headers in server.headers if "Cookie" in headers] == []
    assert len(set(server.ports)) == 1


def test_a_silent_server_is_left_and_a_call_without_a_body_names_none(session: PlainSession, server: Server) -> None:
    with pytest.raises(requests.ReadTimeout):
        session.request("GET", server.url, headers={}, data=b"", timeout=(5.0, 2.0))
    assert not {"Content-Length", "Transfer-Encoding"} & set(server.headers[0])


def test_as_many_connections_are_kept_as_threads_call(session: PlainSession) -> None:
    assert session.get_adapter("https://graph.example")._pool_maxsize == 4  # type: ignore[attr-defined]


@pytest.mark.parametrize("option", [{"proxies": {}}, {"proxies": None}, {"verify": True}, {"verify": None}])
def test_what_asks_for_nothing_more_is_taken(session: PlainSession, server: Server, option: dict[str, Any]) -> None:
    headers = {"Content-Length": "3"}
    answer = session.request("POST", server.url, headers=headers, data=b"abc", timeout=_TIMEOUT, **option)
    assert answer.content == b"ok"


def test_a_call_goes_to_its_own_origin_whoever_was_called_before(session: PlainSession, server: Server) -> None:
    post(session, f"{server.url}/one")
    with pytest.raises(requests.ConnectionError):
        post(session, "http://127.0.0.1:9/two")
    assert len(server.bodies) == 1


def test_the_environments_proxies_are_ignored(
    session: PlainSession, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert post(session, f"{server.url}/").content == b"ok"


def test_both_schemes_go_the_same_plain_way() -> None:
    with PlainSession(4) as opened:
        ways = [opened.get_adapter(f"{scheme}://graph.example") for scheme in ("http", "https")]
    assert ways[0] is ways[1]


def test_a_call_in_the_library_s_own_way_ignores_them_too(
    session: PlainSession, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    call = requests.Request("POST", f"{server.url}/", data=b"abc").prepare()
    assert session.send(call, timeout=_TIMEOUT, allow_redirects=False).content == b"ok"


@pytest.mark.parametrize(
    "option",
    [
        {"allow_redirects": True},
        {"verify": False},
        {"verify": "/somewhere.pem"},
        {"cert": "/somewhere.pem"},
        {"proxies": {"http": "http://127.0.0.1:9"}},
        {"files": {"a": b"b"}},
        {"params": None},
        {"json": {}},
        {"auth": ("user", "password")},
        {"cookies": {}},
    ],
)
def test_an_option_that_the_session_does_not_understand_is_refused_by_name(
    session: PlainSession, server: Server, option: dict[str, Any]
) -> None:
    (name,) = option
    with pytest.raises(TypeError, match=name):
        session.request("POST", f"{server.url}/", headers={"Content-Length": "0"}, timeout=_TIMEOUT, **option)
    assert server.ports == []


def test_the_options_that_azure_core_names_with_every_call_ask_for_nothing(
    session: PlainSession, server: Server
) -> None:
    idle: dict[str, Any] = {"files": None, "verify": True, "cert": None, "allow_redirects": False, "proxies": None}
    headers = {"Content-Length": "3"}
    assert session.request("POST", server.url, headers=headers, data=b"abc", timeout=_TIMEOUT, **idle).content == b"ok"


def test_a_closed_session_opens_new_connections(session: PlainSession, server: Server) -> None:
    post(session, f"{server.url}/")
    session.close()
    post(session, f"{server.url}/")
    assert len(set(server.ports)) == 2


def test_a_session_that_is_closed_while_others_use_it_serves_on(session: PlainSession, server: Server) -> None:
    def use() -> None:
        for _ in range(50):
            with suppress(requests.ConnectionError):  # a call's own connection may be the one that was closed
                post(session, f"{server.url}/")

    users = [Thread(target=use) for _ in range(4)]
    for user in users:
        user.start()
    while any(user.is_alive() for user in users):
        session.close()
    assert post(session, f"{server.url}/").content == b"ok"


def test_a_peer_that_is_not_there_is_an_error_that_tells_no_address(session: PlainSession, server: Server) -> None:
    """The host logs what a function raises, and a queue's address may hold a signature."""
    server.shutdown()
    server.server_close()
    signature = "secret"
    with pytest.raises(requests.ConnectionError) as caught:
        post(session, f"{server.url}/queue?sig={signature}")
    told = "".join(traceback.format_exception(caught.value))
    assert "refused" in told
    assert signature not in told


@pytest.mark.parametrize("status", [102, 103, 199])
def test_an_interim_answer_ends_the_connection_since_the_answer_itself_would_be_the_next_calls(
    session: PlainSession, status: int
) -> None:
    with Loopback(lambda _: [f"HTTP/1.1 {status} -\r\n\r\n".encode(), 0.1, *answer(200)]) as hinting:
        for calls in (1, 2):
            with pytest.raises(requests.ConnectionError):
                post(session, f"{hinting.url}/")
            assert hinting.connections == calls
    with Loopback(lambda _: answer(200)) as plain:
        assert post(session, f"{plain.url}/").status_code == 200


def test_only_a_certificate_of_a_trusted_authority_is_spoken_to(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority, tls = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    server.socket = tls.wrap_socket(server.socket, server_side=True)
    url = f"https://127.0.0.1:{server.server_port}/"
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)  # a machine may name its own authority there
    with PlainSession(4) as stranger:
        for _ in range(2):
            with pytest.raises(requests.exceptions.SSLError):
                post(stranger, url)
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "authority.pem"))
    with PlainSession(4) as friend:
        assert [post(friend, url).content for _ in range(2)] == [b"ok", b"ok"]
