"""What may stand in a pool, at every bound; and what it then holds."""

import json
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from teams_numbers.pools import RANGE_MOST, Pool, PoolName, candidates, read_pools, walk

_DIRECT: dict[str, Any] = {
    "numberType": "directRouting",
    "numbers": [{"from": "+493012345000", "to": "+493012345009"}, {"startsWith": "+4940"}],
    "except": ["+493012345000"],
}


def pool(**fields: Any) -> Pool:
    """Return a pool that is as usual but for some fields; one that is None is left out."""
    given = {name: value for name, value in (_DIRECT | fields).items() if value is not None}
    return read_pools(json.dumps({"p": given}))["p"]


def refused(**fields: Any) -> str:
    with pytest.raises(ValueError, match="pool 'p': ") as error:
        pool(**fields)
    return str(error.value).removeprefix("pool 'p': ")


def test_a_pools_name_has_up_to_64_characters() -> None:
    for name in ("a", "0", "a" * 64, "a.b_c-d"):
        assert TypeAdapter(PoolName).validate_python(name) == name
        assert read_pools(json.dumps({name: _DIRECT}))
    for name in ("", "a" * 65, "A", "-a", "a b"):
        with pytest.raises(ValidationError):
            TypeAdapter(PoolName).validate_python(name)
        with pytest.raises(ValueError, match="a pool's name is"):
            read_pools(json.dumps({name: _DIRECT}))


def test_a_pool_cannot_be_changed_while_the_app_runs() -> None:
    with pytest.raises(ValidationError):
        pool().low_water = 3  # type: ignore[misc]


@pytest.mark.parametrize("field", ["number_type", "low_water", "excluded", "location_id"])
def test_a_field_has_one_spelling(field: str) -> None:
    assert f"{field}: unknown field" in refused(**{field: "x"})


@pytest.mark.parametrize("number", ["+0301234567", "493012345000", "+49301", "+4930123450001234", "+49 30 12345"])
def test_a_number_is_written_as_graph_writes_it(number: str) -> None:
    assert "numbers.0.from: " in refused(numbers=[{"from": number, "to": "+493012345009"}])
    assert "except" in refused(**{"except": [number]})


def test_a_problem_is_named_by_the_readers_fields_alone() -> None:
    """What pydantic calls the two kinds of a part is nothing to a person."""
    for wrong in ({"from": "x", "to": "y"}, {"startsWith": "x"}):
        said = refused(numbers=[wrong])
        assert {f"numbers.0.{name}" for name in wrong} <= {part.partition(": ")[0] for part in said.split("; ")}
        assert not {"Prefix", "Range"} & {*said.replace("]", ".").replace(" ", ".").split(".")}


def test_a_range_spans_one_number_to_a_hundred_thousand() -> None:
    one = pool(numbers=[{"from": "+493012345000", "to": "+493012345000"}], **{"except": []})
    assert candidates(one, {}) == ["+493012345000"]
    assert RANGE_MOST == 100_000
    assert pool(numbers=[{"from": "+493012300000", "to": "+493012399999"}])
    assert "must span at most 100,000 numbers" in refused(numbers=[{"from": "+493012300000", "to": "+493012400000"}])


def test_a_pool_has_up_to_a_hundred_parts() -> None:
    parts = [{"startsWith": f"+49{place}"} for place in range(100, 201)]
    assert len(pool(numbers=parts[:100]).numbers) == 100
    assert refused(numbers=parts).startswith("numbers: ")


def test_a_number_is_in_a_pool_if_one_part_has_it_and_it_is_not_excepted() -> None:
    made = pool()
    inside = ("+493012345001", "+493012345009", "+4940123", "+4940123456")
    outside = ("+493012345000", "+493012345010", "+4930123450011", "+49301234500", "+493012344999", "+4930")
    assert [number for number in (*inside, *outside) if number in made] == [*inside]


def test_only_ranges_give_numbers_that_nobody_lists() -> None:
    assert candidates(pool(), {"+4940123456": True}) == [*(f"+49301234500{d}" for d in range(1, 10)), "+4940123456"]
    assert candidates(pool(), {"+493012345001": True, "+493012345000": True}) == [
        f"+49301234500{digit}" for digit in range(1, 10)
    ]


def test_nothing_is_alerted_where_no_low_water_is_set() -> None:
    assert pool().low_water == 0
    assert pool(lowWater=0).low_water == 0
    assert pool(lowWater=1).low_water == 1


@pytest.mark.parametrize(
    ("fields", "needed"),
    [
        ({"country": "US"}, True),
        ({"country": "CA"}, True),
        ({"country": "DE"}, False),
        ({"country": "DE", "numbers": [{"startsWith": "+1206"}]}, False),
        ({"numbers": [{"startsWith": "+1206"}]}, True),
        ({"numbers": [{"from": "+12065550100", "to": "+12065550109"}]}, True),
        ({"numbers": [{"startsWith": "+49"}, {"startsWith": "+1206"}]}, True),
        ({"numbers": [{"startsWith": "+49"}]}, False),
    ],
)
def test_a_calling_plan_pool_of_the_us_or_canada_needs_a_location(fields: dict[str, Any], *, needed: bool) -> None:
    if needed:
        assert refused(numberType="callingPlan", **fields).startswith("locationId: is missing")
    else:
        assert pool(numberType="callingPlan", **fields)
    assert pool(numberType="callingPlan", locationId="loc-1", **fields)
    for kind in ("directRouting", "operatorConnect"):
        assert pool(numberType=kind, **fields)


def test_no_text_is_no_pools_and_pools_are_taken_as_they_are() -> None:
    assert read_pools("") == {}
    made = {"p": pool()}
    assert read_pools(made) == made
    assert read_pools({"p": _DIRECT}) == made
    mixed = {"p": made["p"], "q": _DIRECT}
    assert read_pools(mixed) == {"p": made["p"], "q": made["p"]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is not valid JSON"),
        ("[" * 200_000, "is not valid JSON"),
        ("[]", "must be a JSON object"),
        ("5", "must be a JSON object"),
    ],
)
def test_what_is_no_object_of_pools_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_pools(text)


def test_a_request_walks_the_same_way_in_the_next_version_too() -> None:
    """A deployment in between does not let it begin at another number."""
    numbers = [f"+1206555010{digit}" for digit in range(5)]
    assert walk(numbers, "hire-1") == [f"+1206555010{digit}" for digit in (3, 0, 1, 2, 4)]
