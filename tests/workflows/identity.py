"""The local managed-identity endpoint over HTTP, and the queue service that takes its tokens."""

import json
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import trustme
from azure.storage.queue import QueueServiceClient

from local.identity.endpoint import PATH, IdentityEndpoint
from local.identity.tokens import Issuer
from tests.host.processes import Azurite

_HEADER = "local"
#: Where a token comes from that the queue service will not take.
STRANGER = "/stranger"


class _Endpoint(BaseHTTPRequestHandler):
    """The managed-identity endpoint; a stranger's token is good, but for another service."""

    endpoint = IdentityEndpoint(Issuer(time.time), _HEADER, lambda _: [], lambda: 3600)

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        query = address.query.replace("storage.", "vault.") if address.path == STRANGER else address.query
        status, answer = self.endpoint.answer(query, {key.lower(): value for key, value in self.headers.items()})
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Stay quiet."""


@dataclass(frozen=True, slots=True)
class Account:
    """A storage account that is reached by identity.

    Attributes:
        environment: what a program gets that shall reach it by identity.
        queues: the account, connected for the test itself.
    """

    environment: dict[str, str]
    queues: QueueServiceClient


@contextmanager
def account(folder: Path) -> Iterator[Account]:
    """Run Azurite over HTTPS with OAuth and an identity endpoint; certificates go to the folder."""
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    files = {name: str(folder / f"{name}.pem") for name in ("authority", "certificate", "key")}
    authority.cert_pem.write_to_path(files["authority"])
    certificate.cert_chain_pems[0].write_to_path(files["certificate"])
    certificate.private_key_pem.write_to_path(files["key"])
    oauth = ("--oauth", "basic", "--cert", files["certificate"], "--key", files["key"])
    with Azurite(0, *oauth) as service, ThreadingHTTPServer(("127.0.0.1", 0), _Endpoint) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        environment = {
            "PATH": str(Path(shutil.which("node") or "node").parent) + ":/usr/bin:/bin",
            "QUEUE_ENDPOINT": f"https://127.0.0.1:{service.port}/devstoreaccount1",
            "AZURE_TOKEN_CREDENTIALS": "ManagedIdentityCredential",
            "IDENTITY_ENDPOINT": f"http://127.0.0.1:{server.server_port}{PATH}",
            "IDENTITY_HEADER": _HEADER,
            "REQUESTS_CA_BUNDLE": files["authority"],
            "NODE_EXTRA_CA_CERTS": files["authority"],
            "CURL_CA_BUNDLE": files["authority"],
        }
        connection = service.connection.replace("http:", "https:").replace("Protocol=http;", "Protocol=https;")
        try:
            with QueueServiceClient.from_connection_string(connection, connection_verify=files["authority"]) as queues:
                yield Account(environment, queues)
        finally:
            server.shutdown()
            thread.join()
