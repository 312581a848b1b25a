"""Looking people up: who is there, by which name, and with which permission."""

import uuid
from typing import Any
from urllib.parse import quote

import pytest
import requests

from local.graph import people
from local.graph.vocabulary import BASIC_USER_ROLE, USER_ROLE, WRITE_ROLE
from tests.emulator.world import GOOD, ORIGIN, USER, World, error

USERS = f"{ORIGIN}/v1.0/users"
NO_RESOURCE = "Resource '{}' does not exist or one of its queried reference-property objects are not present."


def look(world: World, key: str, query: str = "?$select=id") -> Any:
    return world.get(f"{USERS}/{quote(key, safe='@')}{query}")


def test_a_person_is_found_by_name_with_the_same_id_each_time(world: World) -> None:
    answer = look(world, "anna@contoso.example")
    assert answer.status_code == 200
    assert set(answer.json()) == {"@odata.context", "id"}
    assert answer.json()["@odata.context"] == f"{ORIGIN}/v1.0/$metadata#users(id)/$entity"
    assert uuid.UUID(answer.json()["id"]).version == 5
    assert answer.json()["id"] == people.object_id("anna@contoso.example")
    assert look(World(), "Anna@Contoso.Example").json()["id"] == answer.json()["id"]
    assert look(world, "ben@contoso.example").json()["id"] != answer.json()["id"]
    assert world.stats()["requests"]["user"] == 2


def test_a_person_is_found_by_object_id_and_has_the_usual_properties(world: World) -> None:
    assert look(world, USER).json()["id"] == USER
    found = look(world, "anna@contoso.example", "").json()
    assert found["userPrincipalName"] == "anna@contoso.example"
    named = look(world, USER, "").json()["userPrincipalName"]
    assert look(world, named).json()["id"] == USER


@pytest.mark.parametrize(
    "name",
    [
        "$anna@contoso.example",
        "o'brien@contoso.example",
        "anna_fabrikam.example#EXT#@contoso.example",
        "anna+1@contoso.example",
        "jürgen@contoso.example",
    ],
)
def test_names_with_marks_are_found_in_their_encoded_forms(world: World, name: str) -> None:
    in_quotes = name.replace("'", "''")
    answer = world.get(f"{USERS}('{quote(in_quotes, safe='@$')}')?$select=id")
    assert answer.json()["id"] == people.object_id(name)
    if not name.startswith("$"):
        assert look(world, name).json()["id"] == people.object_id(name)


def test_a_name_that_begins_with_a_dollar_needs_the_form_in_quotes(world: World) -> None:
    status, message = error(world.get(f"{USERS}/$anna@contoso.example"))
    assert (status, "users('$anna@contoso.example')" in message) == (400, True)


@pytest.mark.parametrize(
    "name", ["nobody@contoso.example", "nobody.7@contoso.example", "anna@fabrikam.example", "anna"]
)
def test_who_is_not_there_is_404(world: World, name: str) -> None:
    answer = look(world, name)
    assert error(answer) == (404, NO_RESOURCE.format(name))
    assert answer.json()["error"]["code"] == "Request_ResourceNotFound"


def test_nobody_is_not_there_by_object_id_either(world: World) -> None:
    for name in ("nobody@contoso.example", "nobody.7@contoso.example"):
        assert look(world, people.object_id(name)).status_code == 404
    assert look(world, "00000000-0000-0000-0000-000000000404").status_code == 404


def test_a_new_hire_is_there_after_some_lookups_each_counted_alone() -> None:
    for asks in (0, 2, 3):
        world = World(newHireAsks=asks)
        for name in ("newhire@contoso.example", "newhire.2@contoso.example"):
            said = [look(world, name).status_code for _ in range(asks + 2)]
            assert said == [404] * asks + [200, 200]


@pytest.mark.parametrize(
    ("roles", "status"),
    [([WRITE_ROLE], 403), ([BASIC_USER_ROLE], 200), ([USER_ROLE], 200), ([], 403), ([WRITE_ROLE, USER_ROLE], 200)],
)
def test_a_lookup_needs_its_own_permission(roles: list[str], status: int) -> None:
    answer = look(World(roles=roles), "anna@contoso.example")
    assert answer.status_code == status
    if status == 403:
        assert error(answer)[1] == "Insufficient privileges to complete the operation."
        assert answer.json()["error"]["code"] == "Authorization_RequestDenied"


def test_the_basic_permission_may_turn_out_not_to_be_enough(world: World) -> None:
    assert look(world, "anna@contoso.example").status_code == 200
    world.emulator.change({"userRoles": [USER_ROLE]})
    assert look(world, "anna@contoso.example").status_code == 403
    assert world.post().status_code == 202, "all that needs no lookup goes on"


def test_without_a_token_nobody_is_looked_up(world: World) -> None:
    world.session.headers.pop("Authorization")
    assert look(world, "anna@contoso.example").status_code == 401


def test_only_properties_there_are_can_be_selected(world: World) -> None:
    found = look(world, "anna@contoso.example", "?$Select=id,userType").json()
    assert found.pop("@odata.context").endswith("users(id,userType)/$entity")
    assert found == {"id": people.object_id("anna@contoso.example"), "userType": "Member"}
    assert error(look(world, "anna@contoso.example", "?$select=ident"))[0] == 400


def orders(world: World, name: str) -> list[str]:
    """Return what the first three orders for a person are answered, each of another number."""
    said = []
    for last in range(3):
        answer = world.post(f"+120655501{last:02}", people.object_id(name))
        said.append("202" if answer.status_code == 202 else error(answer)[1].partition(" '")[0][:24])
        if said[-1] == "202":
            break
    return said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("anna", ["202"]),
        ("nobody", ["The user"] * 3),
        ("newhire", ["202"]),
        ("new-in-teams", ["The user"] * 2 + ["202"]),
        ("new-in-teams.2", ["The user"] * 2 + ["202"]),
        ("not-in-teams", ["The user"] * 3),
        ("unlicensed", ["User"] * 3),
        ("unlicensed.berlin", ["User"] * 3),
        ("license-late", ["User"] * 2 + ["202"]),
        ("on-premises", ["The user already has a t"] * 3),
        ("has-number", ["User"] * 3),
        ("has-two", ["User"] * 3),
        ("has-private", ["202"]),
        ("has-number.2", ["202"]),
    ],
)
def test_orders_for_magic_people_are_answered_as_the_table_says(world: World, name: str, said: list[str]) -> None:
    assert orders(world, f"{name}@contoso.example") == said


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("lookup-throttled", "429"),
        ("lookup-error", "500"),
        ("lookup-reset", "ConnectionError"),
        ("lookup-hang", "ReadTimeout"),
        ("lookup-not-json", "html"),
        ("lookup-forbidden", "403"),
    ],
)
def test_lookups_of_magic_people_fail_once(world: World, name: str, first: str) -> None:
    said = []
    for _ in range(2):
        try:
            answer = look(world, f"{name}@contoso.example")
        except requests.RequestException as failed:
            said.append(type(failed).__name__)
        else:
            said.append("html" if "html" in answer.headers["Content-Type"] else f"{answer.status_code}")
    assert said == [first, "200"]


def test_every_magic_person_is_tested_here() -> None:
    tested = "anna nobody newhire new-in-teams not-in-teams unlicensed license-late on-premises has-number has-two"
    tested += " has-private lookup-throttled lookup-error lookup-reset lookup-hang lookup-not-json lookup-forbidden"
    assert {person.name for person in people.PEOPLE} == {*tested.split()} - {"anna"}
    marks = [person.mark for person in people.PEOPLE]
    assert len(set(marks)) == len(marks)


def test_magic_people_have_their_numbers_from_the_start(world: World) -> None:
    for name, count in (("has-number", 1), ("has-two", 2), ("has-private", 1), ("anna", 0)):
        whose = f"assignmentTargetId eq '{people.object_id(f'{name}@contoso.example')}'"
        assert len(world.listed(whose)) == count, name


def test_an_ordinary_person_is_ordered_for_by_the_id_that_was_looked_up(world: World) -> None:
    found = look(world, "anna@contoso.example").json()["id"]
    assert world.post(target=found).status_code == 202
    world.clock.sleep(2)
    assert world.held() == {GOOD: found}
