"""Pools: what may stand in them, and which number a request gets."""

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.generate import ROOT
from teams_numbers.pools import RANGE_MOST, candidates, read_pools, walk

_SCHEMA = json.loads((ROOT / "schemas" / "number-pools.schema.json").read_text(encoding="utf-8"))
_SEATTLE: dict[str, Any] = {
    "numberType": "callingPlan",
    "numbers": [{"startsWith": "+1206"}],
    "country": "US",
    "locationId": "loc-1",
    "lowWater": 10,
}
_BERLIN: dict[str, Any] = {
    "numberType": "directRouting",
    "numbers": [{"from": "+493012345000", "to": "+493012345009"}],
    "except": ["+493012345000"],
}


def refused(pools: dict[str, Any]) -> str:
    with pytest.raises(ValueError, match="pool") as error:
        read_pools(json.dumps(pools))
    return str(error.value)


def test_the_schemas_examples_are_pools_for_both() -> None:
    for example in _SCHEMA["examples"]:
        jsonschema.validate(example, _SCHEMA)
        assert set(read_pools(json.dumps(example))) == set(example)


def test_the_pools_that_are_deployed_are_read() -> None:
    text = (ROOT / "infra" / "pools.json").read_text(encoding="utf-8")
    jsonschema.validate(json.loads(text), _SCHEMA)
    read_pools(text)


@pytest.mark.parametrize(
    ("pools", "said"),
    [
        ({"Seattle": _SEATTLE}, "pool 'Seattle': a pool's name is"),
        ({"s": _SEATTLE | {"locationID": "x"}}, "locationID: unknown field"),
        ({"s": _SEATTLE | {"numbers": []}}, "numbers: "),
        ({"s": {"numberType": "callingPlan"}}, "numbers: is missing"),
        ({"s": _SEATTLE | {"numberType": "mobile"}}, "numberType: "),
        ({"s": _SEATTLE | {"country": "USA"}}, "country: "),
        ({"s": _SEATTLE | {"lowWater": -1}}, "lowWater: "),
        ({"s": _SEATTLE | {"lowWater": "10"}}, "lowWater: "),
        ({"s": _SEATTLE | {"numbers": [{"startsWith": "206"}]}}, "startsWith: "),
        ({"s": _SEATTLE | {"locationId": None}}, "locationId: is missing; Calling Plan numbers in the US and Canada"),
        ({"s": _SEATTLE | {"locationId": None, "country": None}}, "locationId: is missing"),
    ],
)
def test_a_wrong_pool_is_refused_by_its_name_and_by_the_schema(pools: dict[str, Any], said: str) -> None:
    told = refused(pools)
    assert told.startswith(f"pool {next(iter(pools))!r}: ")
    assert said in told
    assert not jsonschema.Draft202012Validator(_SCHEMA).is_valid(pools)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"numbers": []}, "numbers: is empty; name at least one"),
        ({"numbers": "+1206"}, "numbers: must have the form that docs/deploy.md shows"),
        ({"numbers": ["+1206"]}, "numbers.0: must have the form that docs/deploy.md shows"),
        ({"except": "+12065550100"}, "except: must have the form that docs/deploy.md shows"),
        ({"numbers": [1206]}, "numbers.0: must have the form that docs/deploy.md shows"),
        ({"numbers": [{"startsWith": "206"}]}, "numbers.0.startsWith: must be like +1206"),
        ({"numbers": [{"startWith": "+1206"}]}, "numbers.0.startsWith: is missing; numbers.0.startWith: unknown field"),
        ({"numbers": [{"startsWith": "+1206"}, {"from": "+12065550100"}]}, "numbers.1.to: is missing"),
        ({"numbers": [{"from": "1", "to": "+12065550100"}]}, "numbers.0.from: must be like +12065550100"),
        (
            {"numbers": [{"to": "+12065550100", "startsWith": "+1"}]},
            "numbers.0.from: is missing; numbers.0.startsWith: unknown field",
        ),
        ({"except": ["2065550100"]}, "except.0: must be like +12065550100"),
        ({"country": "USA"}, "country: must be like US"),
        ({"locationId": "a b"}, "locationId: must be like f1b9e3a6-0c55-4f0e-8f62-2d5b8c7c6a10"),
    ],
)
def test_a_wrong_field_is_told_once_and_says_what_to_write(wrong: dict[str, Any], said: str) -> None:
    assert refused({"s": _SEATTLE | wrong}) == f"pool 's': {said}"


def test_a_pool_that_is_no_object_is_told_so() -> None:
    assert refused({"s": ["+1206"]}) == "pool 's': must have the form that docs/deploy.md shows"


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("+493012345009", "+493012345000", "the smaller number first"),
        ("+49301234500", "+493012345000", "equally many digits"),
        ("+493000000000", f"+493000{RANGE_MOST:06}", "must span at most"),
    ],
)
def test_what_a_schema_cannot_say_of_a_range_is_refused_at_start(first: str, last: str, said: str) -> None:
    pools = {"berlin": _BERLIN | {"numbers": [{"from": first, "to": last}]}}
    assert jsonschema.Draft202012Validator(_SCHEMA).is_valid(pools)
    assert said in refused(pools)


def test_a_name_that_stands_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        read_pools(f'{{"a": {json.dumps(_BERLIN)}, "a": {json.dumps(_SEATTLE)}}}')


def test_a_candidate_is_listed_and_free_or_an_unlisted_number_of_a_direct_routing_range() -> None:
    pools = read_pools(json.dumps({"seattle": _SEATTLE, "berlin": _BERLIN}))
    listed = {"+12065550100": True, "+12065550101": False, "+13125550100": True}
    assert candidates(pools["seattle"], listed) == ["+12065550100"]
    free = candidates(pools["berlin"], {"+493012345001": False, "+493012345002": True}, but=["+493012345003"])
    assert free == [f"+49301234500{digit}" for digit in (2, 4, 5, 6, 7, 8, 9)]


def test_a_number_is_in_a_pool_by_any_of_its_parts_unless_it_is_excepted() -> None:
    numbers = [{"startsWith": "+1206"}, {"from": "+12535550100", "to": "+12535550109"}, {"startsWith": "+1425"}]
    pool = read_pools(json.dumps({"p": _SEATTLE | {"numbers": numbers, "except": ["+14255550100"]}}))["p"]
    inside = ["+12065550100", "+14255550101", "+12535550100", "+12535550109"]
    outside = ["+14255550100", "+12535550110", "+125355501000", "+13605550100", "12065550100"]
    assert [number for number in inside + outside if number in pool] == inside


@pytest.mark.parametrize(
    "listed", ["+1206", "+12065550100;ext=12345678901", "+12065550100123456", "+1206 555 0100", "+1253555010a"]
)
def test_a_listed_number_that_the_app_cannot_store_is_in_no_pool(listed: str) -> None:
    """It could not be ordered: the request would fail on it until the next day."""
    numbers = [{"startsWith": "+1206"}, {"from": "+12535550100", "to": "+12535550119"}]
    assert listed not in read_pools(json.dumps({"p": _SEATTLE | {"numbers": numbers}}))["p"]


def test_a_range_of_a_calling_plan_gives_only_what_is_listed() -> None:
    pool = _SEATTLE | {"numbers": [{"from": "+12065550100", "to": "+12065550109"}]}
    assert candidates(read_pools(json.dumps({"s": pool}))["s"], {}) == []


_FREE = [f"+1206555{index:04}" for index in range(100)]


@given(st.permutations(_FREE), st.text(alphabet="abc-123", min_size=1, max_size=20))
def test_a_request_walks_the_same_way_however_the_numbers_are_listed(listed: list[str], request_id: str) -> None:
    assert walk(listed, request_id) == walk(_FREE, request_id)
    assert sorted(walk(listed, request_id)) == _FREE


def test_requests_begin_at_different_numbers() -> None:
    assert len({walk(_FREE, f"hire-{index}")[0] for index in range(50)}) > 30
