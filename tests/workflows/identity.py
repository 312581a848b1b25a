"""The managed-identity endpoints of Azure over HTTP, and the queue service that takes their tokens."""

import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator
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
#: The path of the metadata services of virtual machines and of Azure Arc.
METADATA = "/metadata/identity/oauth2/token"
_VM, _ARC, _APP_SERVICE = (f"api-version={version}" for version in ("2018-02-01", "2020-06-01", "2019-08-01"))
_PROOF = "what the key file holds"


class _Endpoint(BaseHTTPRequestHandler):
    """App Service's endpoint, a virtual machine's and Azure Arc's; a stranger's token is good for another service."""

    endpoint = IdentityEndpoint(Issuer(time.time), _HEADER, lambda _: [], lambda: 3600)
    key: Path

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        query = address.query.replace("storage.", "vault.") if address.path == STRANGER else address.query
        headers = {key.lower(): value for key, value in self.headers.items()}
        if address.path == METADATA:
            if _ARC in query and headers.get("authorization") != f"Basic {_PROOF}":
                self._say(401, {}, {"WWW-Authenticate": f"Basic realm={self.key}"})
                return
            query = query.replace(_VM, _APP_SERVICE).replace(_ARC, _APP_SERVICE)
            headers["x-identity-header"] = _HEADER if headers.get("metadata") == "true" else ""
        self._say(*self.endpoint.answer(query, headers), {})

    def _say(self, status: int, answer: dict[str, object], headers: dict[str, str]) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Stay quiet."""


@dataclass(frozen=True, slots=True)
class Account:
    """A storage account that is reached by identity.

    Attributes:
        environment: what a program gets that shall reach it by identity, as App Service gives it.
        queues: the account, connected for the test itself.
        calls: returns what the account was asked so far: `GET /devstoreaccount1/number-events/messages?…`.
    """

    environment: dict[str, str]
    queues: QueueServiceClient
    calls: Callable[[], list[str]]

    def elsewhere(self, place: str) -> dict[str, str]:
        """Return the environment of a virtual machine (`vm`) or of an Azure Arc server (`arc`)."""
        host = self.environment["IDENTITY_ENDPOINT"].removesuffix(PATH)
        rest = {key: value for key, value in self.environment.items() if not key.startswith("IDENTITY_")}
        if place == "vm":
            return rest | {"AZURE_POD_IDENTITY_AUTHORITY_HOST": host}
        return rest | {"IDENTITY_ENDPOINT": f"{host}{METADATA}", "ARC_TOKENS": str(_Endpoint.key.parent)}


@contextmanager
def account(folder: Path) -> Iterator[Account]:
    """Run Azurite over HTTPS with OAuth and the identity endpoints; certificates go to the folder."""
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    files = {name: str(folder / f"{name}.pem") for name in ("authority", "certificate", "key")}
    authority.cert_pem.write_to_path(files["authority"])
    certificate.cert_chain_pems[0].write_to_path(files["certificate"])
    certificate.private_key_pem.write_to_path(files["key"])
    _Endpoint.key = folder / "arc.key"
    _Endpoint.key.write_text(_PROOF, encoding="utf-8")
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

        def calls() -> list[str]:
            return [line.split('"')[1].removesuffix(" HTTP/1.1") for line in service.lines if "HTTP/1.1" in line]

        try:
            with QueueServiceClient.from_connection_string(connection, connection_verify=files["authority"]) as queues:
                yield Account(environment, queues, calls)
        finally:
            server.shutdown()
            thread.join()
