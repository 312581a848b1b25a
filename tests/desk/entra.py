"""A stand-in for Microsoft Entra's sign-in on loopback, as far as a person who signs in meets it.

Source of the answers: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code and
…/v2-oauth2-auth-code-flow.
"""

import base64
import json
import ssl
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs

import jwt
import trustme

TENANT = "11111111-1111-4111-8111-111111111111"
CLIENT = "44444444-4444-4444-8444-444444444444"
#: What plays the browser: it goes to the address, is sent back with a code, and brings that to the desk.
_BROWSER = """
import sys, urllib.parse, urllib.request
asked = {key: values[0] for key, values in urllib.parse.parse_qs(urllib.parse.urlsplit(sys.argv[1]).query).items()}
said = urllib.parse.urlencode({"code": asked["nonce"], "state": asked["state"], "client_info": "e30"}).encode()
urllib.request.urlopen(asked["redirect_uri"], said, timeout=10).read()
"""


class Entra(ThreadingHTTPServer):
    """Signs in whoever comes; a context manager.

    Args:
        folder: where its certificate goes.
        token: makes the access token.
    """

    def __init__(self, folder: Path, token: Callable[[], str]) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        authority = trustme.CA()
        self.bundle = folder / "entra.pem"
        authority.cert_pem.write_to_path(self.bundle)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(context)
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.token = token
        self.refuses = False
        self.asked: list[dict[str, str]] = []
        browser = folder / "browser.py"
        browser.write_text(_BROWSER, encoding="utf-8")
        self.environment = {
            "AZURE_AUTHORITY_HOST": f"https://127.0.0.1:{self.server_address[1]}",
            "REQUESTS_CA_BUNDLE": str(self.bundle),
            "BROWSER": f"{sys.executable} {browser} %s &",
            "AZURE_TOKEN_CREDENTIALS": "",
        }
        self._thread = threading.Thread(target=self.serve_forever)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()


class _Answer(BaseHTTPRequestHandler):
    server: Entra

    def do_GET(self) -> None:
        root = f"{self.server.environment['AZURE_AUTHORITY_HOST']}/{TENANT}"
        self._say(
            200,
            {
                "issuer": f"{root}/v2.0",
                "authorization_endpoint": f"{root}/oauth2/v2.0/authorize",
                "token_endpoint": f"{root}/oauth2/v2.0/token",
                "device_authorization_endpoint": f"{root}/oauth2/v2.0/devicecode",
            },
        )

    def do_POST(self) -> None:
        size = int(self.headers["Content-Length"])
        asked = {key: values[0] for key, values in parse_qs(self.rfile.read(size).decode()).items()}
        self.server.asked.append(asked)
        if self.path.endswith("/devicecode"):
            device = {"device_code": "d", "user_code": "B7KQ2", "verification_uri": "https://login.example/device"}
            self._say(200, device | {"expires_in": 900, "interval": 1, "message": "m"})
        elif self.server.refuses:
            said = "AADSTS65001: The user or administrator has not consented to use the application. Trace ID: 12"
            self._say(400, {"error": "invalid_grant", "error_description": said})
        else:
            self._say(200, self._tokens(asked))

    def _tokens(self, asked: dict[str, str]) -> dict[str, object]:
        now = int(time.time())
        claims: dict[str, object] = {"aud": CLIENT, "iss": "https://127.0.0.1", "sub": "s", "tid": TENANT}
        claims |= {"iat": now, "nbf": now - 60, "exp": now + 3600, "preferred_username": "ada@contoso.example"}
        claims |= {"nonce": asked["code"]} if "code" in asked else {}
        info = base64.urlsafe_b64encode(json.dumps({"uid": "u", "utid": TENANT}).encode()).decode()
        return {
            "token_type": "Bearer",
            "scope": asked.get("scope", ""),
            "expires_in": 3600,
            "access_token": self.server.token(),
            "id_token": jwt.encode(claims, "0" * 32, algorithm="HS256"),
            "client_info": info,
        }

    def _say(self, status: int, said: dict[str, object]) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
