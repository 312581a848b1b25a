"""Access tokens as Microsoft Entra's look: signed here with a key of this process, and checked here."""

import functools
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

TENANT_ID = "11111111-1111-4111-8111-111111111111"
CLIENT_ID = "22222222-2222-4222-8222-222222222222"
PRINCIPAL_ID = "33333333-3333-4333-8333-333333333333"
#: An Entra v1 issuer; Azurite's OAuth accepts tokens of this one.
ISSUER = f"https://sts.windows.net/{TENANT_ID}/"

_KNOWN_TOKENS = 1000


class TokenError(Exception):
    """A token is none of this issuer's."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says, as far as a service checks it.

    Attributes:
        audience: whom it is for.
        expires_on: when it ends, in epoch seconds.
        roles: the application permissions granted.
    """

    audience: str
    expires_on: float
    roles: frozenset[str]


class Issuer:
    """Issues tokens and reads them back.

    Args:
        clock: the time in epoch seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._read: dict[str, Claims] = {}

    def issue(self, audience: str, roles: Sequence[str], seconds: float) -> tuple[str, int]:
        """Return a token that is good for so many seconds, and its end in epoch seconds."""
        now = int(self._clock())
        ends = int(now + seconds)
        claims = {
            "aud": audience,
            "iss": ISSUER,
            "iat": now,
            "nbf": now,
            "exp": ends,
            "appid": CLIENT_ID,
            "appidacr": "2",
            "idp": ISSUER,
            "idtyp": "app",
            "oid": PRINCIPAL_ID,
            "sub": PRINCIPAL_ID,
            "tid": TENANT_ID,
            "uti": uuid.uuid4().hex[:22],
            "ver": "1.0",
        }
        if roles:
            claims["roles"] = list(roles)
        return jwt.encode(claims, _key(), algorithm="RS256", headers={"kid": "local"}), ends

    def read(self, token: str) -> Claims:
        """Return what a token says. Whether it has expired and whom it is for is the caller's to judge.

        Raises:
            TokenError: it was not signed here.
        """
        if (known := self._read.get(token)) is not None:
            return known
        try:
            said = jwt.decode(
                token,
                _key().public_key(),
                algorithms=["RS256"],
                issuer=ISSUER,
                options={"verify_aud": False, "verify_exp": False, "verify_nbf": False, "verify_iat": False},
            )
        except jwt.InvalidTokenError as error:
            raise TokenError(type(error).__name__) from error
        if len(self._read) >= _KNOWN_TOKENS:
            self._read.clear()
        claims = Claims(str(said.get("aud", "")), float(said.get("exp", 0)), frozenset(said.get("roles", ())))
        self._read[token] = claims
        return claims


@functools.cache
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)
