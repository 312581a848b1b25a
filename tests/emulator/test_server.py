"""The emulator as a process: its ready line, its end, and what its faults do to real connections."""

import asyncio
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from azure.identity import ManagedIdentityCredential
from starlette.types import Message

from local.graph.emulator import Emulator
from local.graph.server import application
from tests.emulator.world import GOOD, USER, Clock

ROOT = Path(__file__).resolve().parent.parent.parent
HEADER = "a-header"


def start(*more: str) -> tuple["subprocess.Popen[str]", str]:
    """Return a running emulator and its origin."""
    process = subprocess.Popen(
        [sys.executable, "-m", "local.graph", "--port", "0", "--identity-header", HEADER, *more],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout
    ready = process.stdout.readline()
    assert ready.startswith("graph emulator ready on http://127.0.0.1:"), ready
    return process, ready.split()[-1]


def stop(process: "subprocess.Popen[str]") -> tuple[int, str]:
    """Return the exit code after SIGTERM, and what else it said."""
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=20)
    return process.returncode, said


class Client:
    """A session at a served emulator, with a good token."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.numbers = f"{origin}/v1.0/admin/teams/telephoneNumberManagement/numberAssignments"
        self.session = requests.Session()
        self.session.trust_env = False
        answer = self.session.get(
            f"{origin}/msi/token",
            params={"api-version": "2019-08-01", "resource": origin},
            headers={"X-IDENTITY-HEADER": HEADER},
        )
        self.session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def post(self, number: str = GOOD, seconds: float = 20, person: str = USER) -> requests.Response:
        body = {"telephoneNumber": number, "assignmentTargetId": person, "numberType": "callingPlan"}
        return self.session.post(f"{self.numbers}/assignNumber", json=body, timeout=seconds)

    def accepted(self, number: str) -> int:
        stats = self.session.get(f"{self.origin}/emulator/stats").json()
        return int(stats["acceptedPerNumber"].get(number, 0))

    def plan(self, **fields: Any) -> None:
        assert self.session.post(f"{self.origin}/emulator/plan", json=fields).ok


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    process, origin = start()
    yield origin
    assert stop(process) == (0, "")


@pytest.fixture
def client(served: str) -> Iterator[Client]:
    client = Client(served)
    with client.session:
        client.session.post(f"{served}/emulator/reset")
        yield client


def test_it_serves_orders_operations_and_numbers(client: Client) -> None:
    location = client.post().headers["Location"]
    assert location.startswith(client.origin)
    operation = client.session.get(location)
    assert (operation.status_code, operation.json()["status"]) == (200, "notStarted")
    found = client.session.get(client.numbers, params={"$filter": f"telephoneNumber eq '{GOOD}'"}).json()["value"]
    assert found[0]["activationState"] == "assignmentPending"


def test_a_client_that_calls_it_localhost_gets_locations_of_that_origin(client: Client) -> None:
    other = Client(client.origin.replace("127.0.0.1", "localhost"))
    with other.session:
        assert other.post("+12065550102").headers["Location"].startswith(other.origin)


@pytest.mark.parametrize(("digits", "accepted"), [("61", 1), ("62", 0)])
def test_a_reset_connection_says_nothing_of_what_happened(client: Client, digits: str, accepted: int) -> None:
    number = f"+120655501{digits}"
    with pytest.raises(requests.ConnectionError):
        client.post(number)
    assert client.accepted(number) == accepted


@pytest.mark.parametrize(("number", "accepted"), [("+12065550163", 1), ("+15555550152", 0)])
def test_an_answer_that_never_comes_leaves_the_others_coming(client: Client, number: str, accepted: int) -> None:
    with pytest.raises(requests.ReadTimeout):
        client.post(number, seconds=3)
    assert client.accepted(number) == accepted
    assert client.post("+12065550103", person=USER.replace("6f", "7f")).status_code == 202


def test_a_truncated_answer_ends_before_its_content_length(client: Client) -> None:
    location = client.post("+12065550188").headers["Location"]
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        client.session.get(location)
    assert client.session.get(location).ok


def test_a_huge_answer_arrives_whole(client: Client) -> None:
    location = client.post("+12065550187").headers["Location"]
    assert len(client.session.get(location).content) > 5 * 1024 * 1024


def test_an_outage_resets_every_connection_and_the_controls_still_answer(client: Client) -> None:
    client.plan(outage=True)
    with pytest.raises(requests.ConnectionError):
        client.post()
    client.plan(outage=False)
    assert client.post().status_code == 202


def test_many_calls_wait_out_their_latency_together(client: Client) -> None:
    client.plan(latencySeconds=3)
    address = urlsplit(client.origin)
    connections = [HTTPConnection(address.hostname or "", address.port, timeout=20) for _ in range(30)]
    token = str(client.session.headers["Authorization"])
    for connection in connections:
        connection.request("GET", f"{urlsplit(client.numbers).path}?$top=1", headers={"Authorization": token})
    answers = [connection.getresponse() for connection in connections]
    assert {answer.status for answer in answers} == {200}
    for connection, answer in zip(connections, answers, strict=True):
        answer.read()
        connection.close()
    assert client.session.get(f"{client.origin}/emulator/stats").elapsed.total_seconds() < 3


def test_azure_identity_gets_its_token_as_in_app_service(served: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{served}/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", HEADER)
    with ManagedIdentityCredential() as credential:
        token = credential.get_token(f"{served}/.default").token
    answer = requests.get(
        f"{served}/v1.0/admin/teams/telephoneNumberManagement/numberAssignments?$top=1",
        headers={"Authorization": f"Bearer {token}"},
        timeout=20,
    )
    assert answer.status_code == 200


def test_a_body_beyond_any_order_is_refused(client: Client) -> None:
    answer = client.session.post(f"{client.numbers}/assignNumber", data=b"x" * (1024 * 1024 + 1))
    assert answer.status_code == 413


@pytest.mark.parametrize(("peer", "status"), [("192.0.2.1", 403), ("127.0.0.1", 200), ("::1", 200)])
def test_the_controls_answer_to_their_own_machine_alone(peer: str, status: int) -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/emulator/plan",
        "raw_path": b"/emulator/plan",
        "query_string": b"",
        "headers": [],
        "client": (peer, 50000),
        "state": {"transport": None},
    }
    app = application(Emulator(("http://127.0.0.1:1",), Clock()))
    asyncio.run(app(scope, receive, send))
    assert sent[0]["status"] == status


def test_it_ends_cleanly_on_sigterm_even_with_a_call_that_hangs() -> None:
    process, origin = start()
    client = Client(origin)
    with client.session, pytest.raises(requests.ReadTimeout):
        client.post("+12065550163", seconds=3)
    with socket.create_connection((urlsplit(origin).hostname or "", urlsplit(origin).port or 0)):
        requests.get(f"{origin}/emulator/stats", timeout=10)  # the server has taken the connection before this one
        code, said = stop(process)
    assert (code, said) == (0, "")


def test_a_port_in_use_is_told_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", "local.graph", "--port", port], cwd=ROOT, capture_output=True, text=True, check=False
        )
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"graph emulator: error: cannot listen on 127.0.0.1:{port}: Address already in use")
