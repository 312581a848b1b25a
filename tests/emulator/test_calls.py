"""The documented calls: what they take, what they answer, and in which form."""

import base64
import re
import uuid
from typing import Any

import pytest

from tests.emulator.world import GOOD, NUMBERS, OPERATIONS, ORIGIN, SOMEBODY_ELSE, USER, World, error

DIRECT, OPERATOR = "+19015550100", "+18015550100"


def listed(world: World, **query: str) -> list[Any]:
    parameters = {f"${key}": value for key, value in query.items()}
    return list(world.session.get(NUMBERS, params=parameters).json()["value"])


def test_an_order_is_accepted_with_an_empty_body_and_its_operations_address(world: World) -> None:
    answer = world.post()
    assert (answer.status_code, answer.content) == (202, b"")
    match = re.fullmatch(rf"{re.escape(OPERATIONS)}\('([\w-]+)'\)", answer.headers["Location"])
    assert match
    kind, _, guid = base64.urlsafe_b64decode(match[1] + "==").decode().partition("|")
    assert kind == "Assignment"
    assert uuid.UUID(guid).version == 4
    assert "Retry-After" not in answer.headers


def test_answers_repeat_the_clients_request_id_and_have_graphs_own(world: World) -> None:
    answer = world.session.get(NUMBERS, params={"$top": "1"}, headers={"client-request-id": "mine"})
    assert answer.headers["client-request-id"] == "mine"
    assert uuid.UUID(answer.headers["request-id"])
    assert world.get(NUMBERS + "?$top=1").headers["request-id"] != answer.headers["request-id"]


def test_errors_have_graphs_form(world: World) -> None:
    answer = world.post(numberType="mobile")
    body = answer.json()["error"]
    assert set(body) == {"code", "message", "innerError"}
    assert body["innerError"] == {
        "date": "2026-03-02T08:00:00",
        "request-id": answer.headers["request-id"],
        "client-request-id": answer.headers["client-request-id"],
    }


@pytest.mark.parametrize(
    ("changed", "status", "said"),
    [
        ({"telephoneNumber": None}, 400, "'telephoneNumber' is required"),
        ({"assignmentTargetId": None}, 400, "'assignmentTargetId' is required"),
        ({"numberType": None}, 400, "'numberType' is required"),
        ({"numberType": "mobile"}, 400, "'mobile' was not found"),
        ({"assignmentCategory": "secret"}, 400, "'secret' was not found"),
        ({"locationID": "x"}, 400, "'locationID' in the request payload is not a valid parameter"),
        ({"locationId": 7}, 400, "'locationId' is invalid"),
        ({"telephoneNumber": "one two"}, 400, "is not valid"),
        ({"assignmentTargetId": "ada@example.com"}, 400, "The user 'ada@example.com' is not found"),
        ({"numberType": "directRouting"}, 400, f"'{GOOD}' is not found from tenant"),
        ({"numberType": "operatorConnect"}, 400, f"'{GOOD}' is not found from tenant"),
        ({"telephoneNumber": "+12065550200"}, 400, "'+12065550200' is not found from tenant"),
        ({"telephoneNumber": "+12005550100"}, 400, "'+12005550100' is not found from tenant"),
        ({"telephoneNumber": f"{GOOD};ext=12"}, 400, "is not found from tenant"),
        ({"assignmentTargetId": "00000000-0000-0000-0000-000000000402"}, 400, "lacks appropriate licenses"),
        ({"assignmentTargetId": "00000000-0000-0000-0000-000000000404"}, 400, "is not found"),
    ],
)
def test_a_wrong_order_is_refused_with_its_reason(
    world: World, changed: dict[str, Any], status: int, said: str
) -> None:
    body = {"telephoneNumber": GOOD, "assignmentTargetId": USER, "numberType": "callingPlan"} | changed
    body = {key: value for key, value in body.items() if value is not None}
    got, message = error(world.session.post(f"{NUMBERS}/assignNumber", json=body))
    assert got == status
    assert said in message
    assert world.stats()["acceptedPerNumber"] == {}


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_json_object_is_refused(world: World, body: bytes) -> None:
    assert error(world.session.post(f"{NUMBERS}/assignNumber", data=body))[0] == 400


@pytest.mark.parametrize(
    ("sent", "kind", "shown"),
    [
        (GOOD.removeprefix("+"), "callingPlan", GOOD),
        (OPERATOR, "operatorConnect", OPERATOR),
        (DIRECT, "directRouting", DIRECT),
        ("12065550000;ext=1234", "directRouting", "+12065550000;ext=1234"),
        ("+442079460000", "directRouting", "+442079460000"),
    ],
)
def test_a_number_is_taken_with_and_without_plus_and_direct_routing_even_unlisted(
    world: World, sent: str, kind: str, shown: str
) -> None:
    assert world.post(sent, numberType=kind).status_code == 202
    world.clock.sleep(2)
    assert world.number(shown)["assignmentTargetId"] == USER
    assert world.number(shown)["numberType"] == kind


def test_a_direct_routing_number_is_listed_only_once_it_is_assigned(world: World) -> None:
    number = "+442079460000"
    assert listed(world, filter=f"telephoneNumber eq '{number}'") == []
    world.post(number, numberType="directRouting")
    assert listed(world, filter=f"telephoneNumber eq '{number}'") == []
    world.clock.sleep(2)
    assert len(listed(world, filter=f"telephoneNumber eq '{number}'")) == 1


def test_the_same_base_number_with_another_extension_is_another_number(world: World) -> None:
    world.post("+442079460000;ext=1", numberType="directRouting")
    assert world.post("+442079460000;ext=2", SOMEBODY_ELSE, numberType="directRouting").status_code == 202


def test_an_assignment_keeps_its_category_and_location(world: World) -> None:
    world.post(assignmentCategory="private", locationId="9a1c5f0e-5f0e-4f5b-8a55-0a3e0c1d2b3f")
    world.clock.sleep(2)
    shown = world.number()
    assert (shown["assignmentCategory"], shown["assignmentStatus"]) == ("private", "userAssigned")
    assert shown["locationId"] == "9a1c5f0e-5f0e-4f5b-8a55-0a3e0c1d2b3f"


def test_an_operation_answers_200_from_beginning_to_end(world: World) -> None:
    location = world.post().headers["Location"]
    said = []
    for _ in range(4):
        answer = world.get(location)
        said.append((answer.status_code, answer.json()["status"]))
        world.clock.sleep(0.4)
    assert said == [(200, "notStarted"), (200, "running"), (200, "running"), (200, "succeeded")]
    assert answer.json()["createdDateTime"] == "2026-03-02T08:00:00Z"


def test_an_operation_is_found_by_every_form_of_its_address(world: World) -> None:
    location = world.post().headers["Location"]
    key = re.findall(r"'(.+)'", location)[0]
    for address in (location, f"{OPERATIONS}(%27{key}%27)", f"{OPERATIONS}/{key}"):
        assert world.get(address).json()["id"] == key


@pytest.mark.parametrize(
    "address",
    [
        f"{OPERATIONS}('none')",
        f"{OPERATIONS}/none",
        OPERATIONS,
        f"{NUMBERS}/none",
        f"{ORIGIN}/v1.0/users",
        f"{ORIGIN}/v1.0/groups/1",
    ],
)
def test_what_does_not_exist_is_404(world: World, address: str) -> None:
    assert error(world.get(address))[0] == 404


def test_a_resource_location_hides_the_number_in_base64_and_leads_to_it(world: World) -> None:
    operation = world.get(world.post().headers["Location"]).json()
    where = operation["numbers"][0]["resourceLocation"]
    hidden = base64.urlsafe_b64decode(where.rpartition("/")[2] + "==").decode()
    assert re.fullmatch(rf"[-0-9a-f]{{36}}\|{re.escape(GOOD)}", hidden)
    assert world.get(where).json()["telephoneNumber"] == GOOD


def test_a_plus_that_is_not_encoded_is_a_space_and_finds_nothing(world: World) -> None:
    assert world.get(f"{NUMBERS}?$filter=telephoneNumber eq '+12065550100'").json()["value"] == []
    assert len(world.get(f"{NUMBERS}?$filter=telephoneNumber eq '%2B12065550100'").json()["value"]) == 1


def test_numbers_are_found_by_whom_they_are_assigned_to(world: World) -> None:
    world.move(GOOD, USER)
    world.move("+12065550101", USER)
    world.move("+12065550102", SOMEBODY_ELSE)
    ours = listed(world, filter=f"assignmentTargetId eq '{USER.upper()}'")
    assert [number["telephoneNumber"] for number in ours] == [GOOD, "+12065550101"]
    both = f"assignmentTargetId eq '{USER}' and telephoneNumber eq '{GOOD}'"
    assert [number["telephoneNumber"] for number in listed(world, filter=both)] == [GOOD]
    assert listed(world, filter=f"assignmentTargetId eq null and telephoneNumber eq '{GOOD}'") == []


def test_the_inventory_comes_in_pages_of_500_and_at_most_1000(world: World) -> None:
    assert len(listed(world)) == 500
    assert len(listed(world, top="1000")) == 1000
    assert [number["telephoneNumber"] for number in listed(world, top="2", skip="101")] == [
        "+12025550101",
        "+12025550102",
    ]
    routed = listed(world, filter="numberType eq 'directRouting'", top="1")
    assert routed[0]["telephoneNumber"] == "+19005550100"


@pytest.mark.parametrize(
    "query",
    [
        {"$top": "1001"},
        {"$top": "-1"},
        {"$skip": "x"},
        {"$filter": "city eq 'Seattle'"},
        {"$filter": "nothing eq 'x'"},
        {"$filter": "startswith(telephoneNumber,'+1')"},
        {"$filter": "telephoneNumber eq +12065550100"},
    ],
)
def test_a_query_that_graph_would_refuse_is_refused(world: World, query: dict[str, str]) -> None:
    assert error(world.session.get(NUMBERS, params=query))[0] == 400


def test_lists_have_a_next_link_only_if_the_plan_says_so() -> None:
    world = World(nextLink=True)
    first = world.session.get(NUMBERS, params={"$top": "3", "$filter": "numberType eq 'callingPlan'"}).json()
    second = world.get(first["@odata.nextLink"]).json()
    assert [number["telephoneNumber"][-2:] for number in first["value"] + second["value"]] == [
        f"0{digit}" for digit in range(6)
    ]
    assert "@odata.nextLink" not in World().get(f"{NUMBERS}?$top=3").json()


def test_a_number_held_or_ordered_by_somebody_is_refused_to_others(world: World) -> None:
    world.post()
    for _ in range(2):
        assert "has already been assigned to another user" in error(world.post(target=SOMEBODY_ELSE))[1]
        world.clock.sleep(2)
    assert world.stats()["holders"] == {GOOD: USER}
