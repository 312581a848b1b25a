"""A connection by identity: the queue service over HTTPS, a managed identity's token, no secret."""

import json
import threading
import time
import uuid
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import jwt
import pytest
import trustme
from azure.storage.queue import QueueClient

from tests.host.processes import Azurite, Host, until

_HEADER = "X-IDENTITY-HEADER"


class _Identity(BaseHTTPRequestHandler):
    """What App Service answers: https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference."""

    asked: list[dict[str, list[str]]]

    def do_GET(self) -> None:
        query = parse_qs(urlparse(self.path).query)
        self.asked.append(query)
        issuer = f"https://sts.windows.net/{uuid.UUID(int=1)}/"
        now = int(time.time())
        claims = {"aud": "https://storage.azure.com", "iss": issuer, "iat": now, "nbf": now, "exp": now + 3600}
        token = jwt.encode(claims, "k" * 32, "HS256")
        answer = {"access_token": token, "expires_on": str(now + 3600), "resource": query["resource"][0]}
        body = json.dumps(answer | {"token_type": "Bearer"}).encode()
        self.send_response(200 if self.headers.get(_HEADER) == "secret" else 401)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Stay quiet."""


@pytest.fixture
def identity() -> Iterator[tuple[str, list[dict[str, list[str]]]]]:
    """An identity endpoint's address, and what it was asked."""
    asked: list[dict[str, list[str]]] = []
    with ThreadingHTTPServer(("127.0.0.1", 0), type("Identity", (_Identity,), {"asked": asked})) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/msi/token", asked
        server.shutdown()
        thread.join()


def test_a_managed_identity_opens_the_queue(identity: tuple[str, list[dict[str, list[str]]]], tmp_path: Path) -> None:
    authority = trustme.CA()
    files = {name: tmp_path / f"{name}.pem" for name in ("authority", "certificate", "key")}
    certificate = authority.issue_cert("127.0.0.1")
    authority.cert_pem.write_to_path(str(files["authority"]))
    certificate.cert_chain_pems[0].write_to_path(str(files["certificate"]))
    certificate.private_key_pem.write_to_path(str(files["key"]))
    endpoint, asked = identity
    oauth = ("--oauth", "basic", "--cert", str(files["certificate"]), "--key", str(files["key"]))
    with Azurite(0, *oauth) as service:
        connection = service.connection.replace("http:", "https:").replace("Protocol=http;", "Protocol=https;")
        environment = {
            "QUEUE": "by-identity",
            "Store": "",  # not what local.settings.json says
            "Store__queueServiceUri": f"https://127.0.0.1:{service.port}/devstoreaccount1",
            "Store__clientId": "an-identity-of-its-own",
            "AZURE_TOKEN_CREDENTIALS": "ManagedIdentityCredential",
            "IDENTITY_ENDPOINT": endpoint,
            "IDENTITY_HEADER": "secret",
            "REQUESTS_CA_BUNDLE": str(files["authority"]),
        }
        options: dict[str, Any] = {"connection_verify": str(files["authority"])}
        with (
            QueueClient.from_connection_string(connection, "by-identity", **options) as queue,
            Host("recorder", environment) as host,
        ):
            queue.create_queue()
            queue.send_message("hello")
            [record] = host.wait_for_events("ended", 1)
            until("an empty queue", lambda: queue.get_queue_properties().approximate_message_count == 0)
    assert record["body"] == "hello"
    assert asked[0]["resource"] == ["https://storage.azure.com"]
    assert asked[0]["client_id"] == ["an-identity-of-its-own"]
