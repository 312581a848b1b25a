"""What the plan changes: limits, times, faults, second orders, shapes; and what the stats tell of it."""

import json
import statistics
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from local.graph.vocabulary import ALL_MEMBERS
from tests.emulator.world import GOOD, NUMBERS, ORIGIN, START, USER, World

PLAN, RESET = f"{ORIGIN}/emulator/plan", f"{ORIGIN}/emulator/reset"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"latency": 1}, "'latency': unknown field"),
        ({"latencySeconds": -1}, "'latencySeconds'"),
        ({"latencySeconds": "soon"}, "'latencySeconds'"),
        ({"faults": {"nonsense": 0.1}}, "'faults': Value error, no fault is called 'nonsense'"),
        ({"faults": {"server-error": 2}}, "'faults.server-error'"),
        ({"rateLimit": {"perMinute": 1}}, "'rateLimit.perMinute': unknown field"),
        ({"secondPost": "maybe"}, "'secondPost'"),
        ({"inventoryAreas": 0}, "'inventoryAreas"),
        ({"inventoryAreas": True}, "'inventoryAreas"),
        ({"inventoryAreas": [200]}, "'inventoryAreas"),
        ({"secondNumber": "maybe"}, "'secondNumber'"),
        ({"forbiddenUntil": "2026-03-02T08:00:00"}, "'forbiddenUntil'"),
        ([], "a plan is a JSON object"),
        ("[" * 100_000, "recursion"),
    ],
)
def test_a_plan_that_is_wrong_is_refused_by_name_and_changes_nothing(world: World, change: Any, said: str) -> None:
    before = world.session.get(PLAN).json()
    answer = world.session.post(PLAN, data=change if isinstance(change, str) else json.dumps(change))
    assert answer.status_code == 400
    assert said in answer.json()["error"]["message"]
    assert world.session.get(PLAN).json() == before


def test_a_plan_changes_the_fields_it_names_and_a_reset_all(world: World) -> None:
    fresh = world.session.get(PLAN).json()
    world.session.post(PLAN, json={"latencySeconds": 2})
    changed = world.session.post(PLAN, json={"seed": 3}).json()
    assert {key: value for key, value in changed.items() if value != fresh[key]} == {"latencySeconds": 2, "seed": 3}
    world.post()
    assert world.session.post(RESET).status_code == 204
    assert world.session.get(PLAN).json() == fresh
    stats = world.stats()
    assert (stats["operations"], stats["holders"], sum(stats["requests"].values())) == ([], {}, 0)


def test_latency_delays_every_graph_answer() -> None:
    world = World(latencySeconds=0.15)
    world.post()
    world.number()
    assert world.clock() == pytest.approx(START + 0.3)


def test_the_rate_limit_lets_a_bucket_through_and_then_its_rate() -> None:
    world = World(rateLimit={"perSecond": 10, "retryAfter": 3})
    said = [world.get(NUMBERS + "?$top=1") for _ in range(12)]
    assert [answer.status_code for answer in said] == [200] * 10 + [429] * 2
    assert said[-1].headers["Retry-After"] == "3"
    assert world.stats()["throttled"] == 2
    passed = 0
    for _ in range(400):
        world.clock.sleep(0.05)
        passed += world.get(NUMBERS + "?$top=1").ok
    assert passed == pytest.approx(200, abs=1)


def test_reads_and_writes_have_buckets_of_their_own() -> None:
    world = World(rateLimit={"readsPerSecond": 2, "writesPerSecond": 1, "retryAfter": None})
    assert [world.get(NUMBERS + "?$top=1").status_code for _ in range(3)] == [200, 200, 429]
    assert world.post().status_code == 202
    refused = world.post("+12065550101")
    assert refused.status_code == 429
    assert "Retry-After" not in refused.headers
    assert world.stats()["acceptedPerNumber"] == {GOOD: 1}


def test_reads_and_writes_may_share_one_bucket() -> None:
    world = World(rateLimit={"perSecond": 3, "shared": True})
    said = [world.get(NUMBERS + "?$top=1").status_code, world.post().status_code]
    said += [world.get(NUMBERS + "?$top=1").status_code, world.post("+12065550101").status_code]
    assert said == [200, 202, 200, 429]


def test_operations_take_as_long_as_the_plan_says() -> None:
    world = World(operationSeconds=30)
    location = world.post().headers["Location"]
    world.clock.sleep(29)
    assert world.get(location).json()["status"] == "running"
    world.clock.sleep(1)
    assert world.get(location).json()["status"] == "succeeded"


def test_drawn_operation_times_are_log_normal_and_repeat_with_their_seed() -> None:
    def times(seed: int) -> list[float]:
        world = World(operationSeconds={"median": 8, "sigma": 1.5}, seed=seed)
        for last in range(40):
            for area in range(206, 231):
                world.post(f"+1{area}55501{last:02}")
        return [operation["doneAt"] - operation["createdAt"] for operation in world.stats()["operations"]]

    drawn = times(1)
    assert len(drawn) == 1000
    assert statistics.median(drawn) == pytest.approx(8, rel=0.2)
    assert sum(seconds > 300 for seconds in drawn) / len(drawn) == pytest.approx(0.01, abs=0.01)
    assert drawn == times(1)
    assert drawn != times(2)


@pytest.mark.parametrize(
    ("second", "status", "operations"), [("accepted", 202, 2), ("badRequest", 400, 1), ("conflict", 409, 1)]
)
@pytest.mark.parametrize("seconds", [0.5, 5])
def test_a_second_order_for_the_same_user_is_answered_as_planned(
    second: str, status: int, operations: int, seconds: float
) -> None:
    world = World(secondPost=second)
    world.post()
    world.clock.sleep(seconds)
    assert world.post().status_code == status
    world.clock.sleep(5)
    stats = world.stats()
    assert len(stats["operations"]) == operations
    assert stats["acceptedPerNumberAndTarget"] == {f"{GOOD}|{USER}": operations}
    assert stats["succeededPerNumber"] == {GOOD: 1}


def test_a_running_order_may_leave_no_sign_at_the_number() -> None:
    for shows, state in ((True, "assignmentPending"), (False, "activated")):
        world = World(showRunning=shows)
        world.post()
        shown = world.number()
        assert (shown["activationState"], shown["assignmentStatus"]) == (state, "unassigned")


def test_operations_are_wrapped_bare_or_in_turn() -> None:
    shapes = {}
    for shape in ("wrapped", "bare", "mixed"):
        world = World(bodyShape=shape)
        location = world.post().headers["Location"]
        shapes[shape] = ["value" in world.get(location).json() for _ in range(4)]
    assert shapes == {"wrapped": [True] * 4, "bare": [False] * 4, "mixed": [True, False, True, False]}


@pytest.mark.parametrize("prefer", [ALL_MEMBERS, f"odata.maxpagesize=5, {ALL_MEMBERS.upper()}", "respond-async", None])
@pytest.mark.parametrize("hidden", [True, False])
def test_skipped_hides_from_whoever_does_not_prefer_all_members(prefer: str | None, *, hidden: bool) -> None:
    world = World(hiddenMembers=hidden)
    location = world.post("+12065550168").headers["Location"]
    world.clock.sleep(2)
    if prefer:
        world.session.headers["Prefer"] = prefer
    answer = world.get(location)
    asked = ALL_MEMBERS in (prefer or "").lower()
    word = "skipped" if asked or not hidden else "unknownFutureValue"
    assert (answer.json()["status"], answer.json()["numbers"][0]["status"]) == (word, word)
    assert answer.headers.get("Preference-Applied") == (ALL_MEMBERS if asked else None)


def test_calling_plan_numbers_may_need_a_location() -> None:
    world = World(requireLocation=True)
    assert "emergency location is required" in world.post().json()["error"]["message"]
    assert world.post(locationId="9a1c5f0e-5f0e-4f5b-8a55-0a3e0c1d2b3f").status_code == 202
    assert world.post("+19015550100", numberType="directRouting").status_code == 202


def test_graph_may_refuse_until_a_time_and_be_out_of_reach_with_its_state_kept() -> None:
    world = World(forbiddenUntil=datetime.fromtimestamp(START + 60, UTC).isoformat())
    assert world.post().status_code == 403
    world.clock.sleep(60)
    assert world.post().status_code == 202
    world.emulator.change({"outage": True})
    with pytest.raises(requests.ConnectTimeout):
        world.number()
    world.emulator.change({"outage": False})
    assert world.number()["assignmentTargetId"] == USER


def test_foreign_addresses_point_where_the_plan_says() -> None:
    world = World(attackerOrigin="http://127.0.0.1:4444", faults={"location-foreign": 1})
    assert world.post().headers["Location"].startswith("http://127.0.0.1:4444/v1.0/admin/teams/")


def test_a_fault_for_an_hour_lasts_an_hour(world: World) -> None:
    world.emulator.change({"faults": {"forbidden-for-an-hour": 1}})
    assert world.post().status_code == 403
    world.session.post(PLAN, json={"faults": {}})
    assert world.post().status_code == 202, "a new plan begins anew"
    world.emulator.change({"faults": {"forbidden-for-an-hour": 0.2}, "seed": 4})
    while world.get(NUMBERS + "?$top=1").status_code != 403:
        pass
    drawn = world.stats()["faults"]
    for _ in range(59):
        world.clock.sleep(60)
        assert world.get(NUMBERS + "?$top=1").status_code == 403
    assert world.stats()["faults"] == drawn


def test_random_faults_come_as_often_as_planned_and_repeat_with_their_seed() -> None:
    def statuses(seed: int) -> list[int]:
        world = World(faults={"server-error": 0.05, "throttled-seconds": 0.1}, seed=seed)
        return [world.get(NUMBERS + "?$top=1").status_code for _ in range(1000)]

    seen = statuses(1)
    assert seen.count(500) / len(seen) == pytest.approx(0.05, abs=0.015)
    assert seen.count(429) / len(seen) == pytest.approx(0.095, abs=0.02)
    assert seen == statuses(1)
    assert seen != statuses(2)


def test_the_identity_endpoint_fails_as_often_as_planned(world: World) -> None:
    world.emulator.change({"faults": {"identity-down": 1}})
    answer = world.session.get(
        f"{ORIGIN}/msi/token",
        params={"api-version": "2019-08-01", "resource": ORIGIN},
        headers={"X-IDENTITY-HEADER": "local"},
    )
    assert answer.status_code == 500


def test_the_tables_of_magic_numbers_and_people_are_served(world: World) -> None:
    served = world.session.get(f"{ORIGIN}/emulator/numbers").json()
    rows = {row["name"]: row for row in served["value"]}
    lost = rows["answer-lost"]
    assert lost["telephoneNumber"] == "+12065550161"
    assert (lost["digits"], lost["ends"], lost["code"], lost["action"]) == ("61", "Succeeded", None, "assign")
    for row in rows.values():
        known = world.emulator.tenant.number(row["telephoneNumber"])
        assert known
        assert known.target == row["assignmentTargetId"]
    held = rows["unassign-lost"]
    assert held["userPrincipalName"] == "unassign-lost@contoso.example"
    assert world.get(f"{ORIGIN}/v1.0/users/{held['userPrincipalName']}").json()["id"] == held["assignmentTargetId"]
    (nobody,) = [person for person in served["people"] if person["userPrincipalName"] == "nobody@contoso.example"]
    assert (nobody["ends"], nobody["code"]) == ("TimedOut", "timedOut")


def test_an_unknown_control_says_which_there_are(world: World) -> None:
    answer = world.session.get(f"{ORIGIN}/emulator/everything")
    assert answer.status_code == 404
    assert "POST plan, move or reset" in answer.json()["error"]["message"]
