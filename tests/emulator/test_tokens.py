"""Who gets a token, and which tokens open what."""

from typing import Any

import jwt
import pytest

from local.graph.vocabulary import BASIC_USER_ROLE, READ_ROLE, WRITE_ROLE
from local.identity.tokens import CLIENT_ID, ISSUER, PRINCIPAL_ID, TENANT_ID
from tests.emulator.world import NUMBERS, ORIGIN, World, error

ENDPOINT = f"{ORIGIN}/msi/token"
ASKED = {"api-version": "2019-08-01", "resource": ORIGIN}


def ask(world: World, header: str | None = "local", **changed: str) -> Any:
    headers = {} if header is None else {"X-IDENTITY-HEADER": header}
    return world.session.get(ENDPOINT, params=ASKED | changed, headers=headers)


def test_the_identity_endpoint_answers_as_app_services(world: World) -> None:
    said = ask(world).json()
    assert set(said) == {"access_token", "expires_on", "resource", "token_type", "client_id"}
    assert said["expires_on"] == str(int(world.clock() + 3600))
    assert (said["resource"], said["token_type"], said["client_id"]) == (ORIGIN, "Bearer", CLIENT_ID)


def test_a_token_has_the_claims_of_an_entra_token(world: World) -> None:
    claims = jwt.decode(world.token(), options={"verify_signature": False})
    assert claims["aud"] == ORIGIN
    assert claims["iss"] == ISSUER == f"https://sts.windows.net/{TENANT_ID}/"
    assert (claims["tid"], claims["oid"], claims["appid"]) == (TENANT_ID, PRINCIPAL_ID, CLIENT_ID)
    assert claims["roles"] == [WRITE_ROLE, BASIC_USER_ROLE]
    assert claims["exp"] - claims["iat"] == 3600


def test_a_storage_token_carries_none_of_graphs_permissions(world: World) -> None:
    claims = jwt.decode(world.token("https://storage.azure.com"), options={"verify_signature": False})
    assert claims["aud"] == "https://storage.azure.com"
    assert "roles" not in claims


@pytest.mark.parametrize("header", [None, "", "wrong", "löcal".encode().decode("latin-1")])
def test_no_token_without_the_identity_header(world: World, header: str | None) -> None:
    assert ask(world, header).status_code == 401


@pytest.mark.parametrize("changed", [{"api-version": "2017-09-01"}, {"resource": ""}, {"resource": "graph"}])
def test_a_malformed_request_for_a_token_is_refused(world: World, changed: dict[str, str]) -> None:
    assert ask(world, **changed).status_code == 400


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer ", "Basic abc", "Bearer abc", "Bearer a.b.c"])
def test_without_a_token_of_this_issuer_every_call_is_401(world: World, authorization: str | None) -> None:
    world.session.headers.pop("Authorization")
    if authorization is not None:
        world.session.headers["Authorization"] = authorization
    for answer in (world.post(), world.get(NUMBERS)):
        assert answer.status_code == 401
        assert answer.json()["error"]["code"] == "InvalidAuthenticationToken"
        assert answer.headers["WWW-Authenticate"].startswith("Bearer ")
    assert world.stats()["unauthorized"] == 2
    assert world.stats()["acceptedPerNumber"] == {}


def test_a_token_signed_by_somebody_else_is_401(world: World) -> None:
    claims = jwt.decode(world.token(), options={"verify_signature": False})
    forged = jwt.encode(claims, "x" * 32, algorithm="HS256")
    unsigned = jwt.encode(claims, "", algorithm="none")
    for token in (forged, unsigned):
        world.session.headers["Authorization"] = f"Bearer {token}"
        assert world.post().status_code == 401


def test_a_token_for_another_audience_is_401(world: World) -> None:
    world.session.headers["Authorization"] = f"Bearer {world.token('https://storage.azure.com')}"
    assert error(world.post()) == (401, "Access token validation failure. Invalid audience.")


def test_a_token_is_good_until_it_expires(world: World) -> None:
    world.clock.sleep(3599)
    assert world.get(NUMBERS).status_code == 200
    world.clock.sleep(1)
    assert error(world.get(NUMBERS)) == (401, "Lifetime validation failed, the token is expired.")
    world.session.headers["Authorization"] = f"Bearer {world.token()}"
    assert world.get(NUMBERS).status_code == 200


def test_the_plan_says_how_long_a_token_is_good() -> None:
    world = World(tokenSeconds=60)
    world.clock.sleep(61)
    assert world.get(NUMBERS).status_code == 401


@pytest.mark.parametrize(
    ("roles", "reads", "writes"),
    [([], 403, 403), ([READ_ROLE], 200, 403), ([WRITE_ROLE], 200, 202), (["User.Read.All"], 403, 403)],
)
def test_reading_and_writing_need_their_permissions(roles: list[str], reads: int, writes: int) -> None:
    world = World(roles=roles)
    assert world.get(NUMBERS).status_code == reads
    answer = world.post()
    assert answer.status_code == writes
    if writes == 403:
        code, message = (answer.json()["error"][key] for key in ("code", "message"))
        assert code == "forbidden"
        assert message.startswith("Insufficient permission(s)")
        assert WRITE_ROLE in message


def test_the_identity_endpoint_goes_down_and_comes_back(world: World) -> None:
    world.emulator.change({"identityDown": True})
    assert ask(world).status_code == 500
    world.emulator.change({"identityDown": False})
    assert ask(world).status_code == 200
