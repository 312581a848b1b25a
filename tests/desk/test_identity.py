"""The desk signs in as the app does: no key, the identity that the environment names."""

import json
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import jwt
import pytest
import trustme
from azure.storage.queue import QueueServiceClient

from local.stack import AZURITE, Part, free_port
from tests.desk.conftest import NAMES, Desk, clean_environment, connection, row

_TENANT = "00000000-0000-0000-0000-000000000001"


class Issuing(ThreadingHTTPServer):
    """A managed identity endpoint as App Service has one; `audience` is what its tokens are for."""

    audience = "https://storage.azure.com"


class _Issue(BaseHTTPRequestHandler):
    server: Issuing

    def do_GET(self) -> None:
        now = int(time.time())
        claims: dict[str, object] = {
            "aud": self.server.audience,
            "iss": f"https://sts.windows.net/{_TENANT}/",
            "oid": "o",
            "tid": _TENANT,
        }
        claims |= {"iat": now - 60, "nbf": now - 60, "exp": now + 3600, "ver": "1.0"}
        token = jwt.encode(claims, "0" * 32, algorithm="HS256")
        answer = {"access_token": token, "expires_on": str(now + 3600), "resource": "r", "token_type": "Bearer"}
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@dataclass
class Signed:
    """A desk with an identity, and who gives it its tokens."""

    desk: Desk
    issuing: Issuing


@pytest.fixture
def signed(tmp_path: Path) -> Iterator[Signed]:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    certificate = authority.issue_cert("127.0.0.1", "localhost")
    certificate.private_key_pem.write_to_path(tmp_path / "key.pem")
    (tmp_path / "cert.pem").write_bytes(b"".join(part.bytes() for part in certificate.cert_chain_pems))
    port = free_port()
    command = ["node", str(AZURITE), "--queueHost", "127.0.0.1", "--queuePort", str(port), "--inMemoryPersistence"]
    command += ["--skipApiVersionCheck", "--disableTelemetry", "--oauth", "basic"]
    command += ["--cert", str(tmp_path / "cert.pem"), "--key", str(tmp_path / "key.pem")]
    azurite = Part("Azurite", command, "successfully listens", tmp_path / "azurite.log", dict(os.environ))
    secure = connection(port).replace("http", "https")
    work = tmp_path / "work"
    work.mkdir()
    with Issuing(("127.0.0.1", 0), _Issue) as issuing:
        thread = threading.Thread(target=issuing.serve_forever)
        thread.start()
        azurite.start()
        try:
            with QueueServiceClient.from_connection_string(
                secure, connection_verify=str(tmp_path / "ca.pem")
            ) as service:
                for name in NAMES.values():
                    service.create_queue(name)
                environment = clean_environment() | {
                    "NumbersStorage__queueServiceUri": f"https://127.0.0.1:{port}/devstoreaccount1",
                    "AZURE_TOKEN_CREDENTIALS": "ManagedIdentityCredential",
                    "IDENTITY_ENDPOINT": f"http://127.0.0.1:{issuing.server_address[1]}/msi/token",
                    "IDENTITY_HEADER": "secret",
                    "REQUESTS_CA_BUNDLE": str(tmp_path / "ca.pem"),
                }
                yield Signed(Desk(work, service, environment), issuing)
        finally:
            azurite.stop()
            issuing.shutdown()
            thread.join()


def test_every_command_works_with_an_identity_and_no_key(signed: Signed) -> None:
    signed.desk.file(row(100))
    for command in (["send", "requests.csv"], ["watch", "--for", "0"], ["pending"], ["poison", "list"]):
        done = signed.desk.run(*command)
        assert (done.code, done.error) == (0, "")
    assert [json.loads(text)["telephoneNumber"] for text in signed.desk.texts("number-requests")] == ["+12065550100"]


def test_a_token_that_the_account_does_not_accept_is_said_and_not_repeated(signed: Signed) -> None:
    signed.issuing.audience = "https://somewhere.example"
    done = signed.desk.run("pending")
    assert done.code == 3
    assert done.error.startswith("desk: wrong ")
    assert done.error.count("\n") == 1
    assert "eyJ" not in done.error


def test_nobody_signed_in_is_one_line_that_says_how_to(signed: Signed) -> None:
    nobody = {"AZURE_TOKEN_CREDENTIALS": "EnvironmentCredential"}
    done = signed.desk.run("pending", environment=nobody)
    assert done.code == 3
    assert done.error.startswith("desk: no identity: nobody is signed in here. Run `az login`")
    assert done.error.count("\n") == 1
