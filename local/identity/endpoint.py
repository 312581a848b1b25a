"""The endpoint that App Service puts into IDENTITY_ENDPOINT, api-version 2019-08-01.

Source: https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
"""

import hmac
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import parse_qs, urlsplit

from local.identity.tokens import CLIENT_ID, Issuer

PATH = "/msi/token"
_API_VERSION = "2019-08-01"


class IdentityEndpoint:
    """Gives tokens to whoever knows the header.

    Args:
        issuer: signs them.
        header: the secret that IDENTITY_HEADER holds and X-IDENTITY-HEADER must repeat.
        roles: returns the application permissions granted for an audience now.
        seconds: returns how long a token is good now.
    """

    def __init__(
        self,
        issuer: Issuer,
        header: str,
        roles: Callable[[str], Sequence[str]],
        seconds: Callable[[], float],
    ) -> None:
        self._issuer = issuer
        self._header = header.encode()
        self._roles = roles
        self._seconds = seconds

    def answer(self, query: str, headers: Mapping[str, str]) -> tuple[int, dict[str, object]]:
        """Return the status and the JSON that answer one GET.

        Args:
            query: the query, still encoded.
            headers: the request's, by lower-case name.
        """
        if not hmac.compare_digest(headers.get("x-identity-header", "").encode(), self._header):
            return _error(401, "X-IDENTITY-HEADER is missing or is not the value of IDENTITY_HEADER.")
        asked = {key: values[-1] for key, values in parse_qs(query).items()}
        if asked.get("api-version") != _API_VERSION:
            return _error(400, f"api-version must be {_API_VERSION}.")
        resource = asked.get("resource", "")
        if urlsplit(resource).scheme not in {"http", "https"}:
            return _error(400, "resource must be the URI of the service that the token is for.")
        token, ends = self._issuer.issue(resource, self._roles(resource), self._seconds())
        return 200, {
            "access_token": token,
            "expires_on": str(ends),
            "resource": resource,
            "token_type": "Bearer",
            "client_id": asked.get("client_id", CLIENT_ID),
        }


def _error(status: int, message: str) -> tuple[int, dict[str, object]]:
    return status, {"statusCode": status, "message": message}
