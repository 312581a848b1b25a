"""The published schema of a request and the app's reader say the same, but for a short list."""

import json
import re
import time
from typing import Any

import jsonschema
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assign_number.request import Rejection, read
from scripts.generate import ROOT
from teams_numbers.contracts import NumberRequest
from tests.slowness import slowness
from tests.values import NUMBER, USER, envelope

_SCHEMA = json.loads((ROOT / "schemas" / "number-request.schema.json").read_text(encoding="utf-8"))

#: What a schema cannot say, by the words of the app's rejection: all else that the schema accepts, the app accepts.
NOT_IN_A_SCHEMA = {
    "the numbering plans": re.compile(r"telephoneNumber: "),
    "a context's size and depth": re.compile(r"context: is (nested|[0-9]+ bytes)"),
    "how far ahead notBefore is": re.compile(r"notBefore: is more than 7 days ahead"),
    "which days and hours there are": re.compile(r"notBefore: "),
}


def _pattern(validator: Any, pattern: str, value: Any, schema: Any) -> Any:  # noqa: ARG001 - jsonschema's signature
    """Match as ECMA-262 does, where `$` is the end; Python's also matches before a last line break."""
    if isinstance(value, str) and not re.search(
        pattern.replace("$", "\\Z") if pattern.endswith("$") else pattern, value
    ):
        yield jsonschema.ValidationError(f"{value!r} does not match {pattern!r}")


_Validator: Any = jsonschema.validators.extend(  # type: ignore[no-untyped-call]
    jsonschema.Draft202012Validator, {"pattern": _pattern}
)
_VALIDATOR = _Validator(_SCHEMA)


def compare(body: dict[str, Any]) -> None:
    """Fail where schema and app do not agree, but for NOT_IN_A_SCHEMA."""
    found, fits = read(envelope(body)), _VALIDATOR.is_valid(body)
    if isinstance(found, NumberRequest):
        assert fits, (body, [error.message for error in _VALIDATOR.iter_errors(body)])
    elif fits:
        said = found.reason.split("; ")
        assert any(form.match(said[0]) for form in NOT_IN_A_SCHEMA.values()), (body, found.reason)


_ANY: st.SearchStrategy[Any] = st.sampled_from(
    [None, "", " ", 0, 1, 1.5, True, False, [], {}, ["a"], "true", "null", "a\n"]
)
_NEAR: dict[str, st.SearchStrategy[Any]] = {
    "requestId": st.sampled_from(["r-1", "a b", "é", "r" * 128, "r" * 129, "r:1._-"]),
    "action": st.sampled_from(["assign", "unassign", "update", "Assign", "remove"]),
    "assignmentTargetId": st.sampled_from(
        [USER, USER.upper(), "0" * 8 + "-0000-0000-0000-" + "0" * 12, f" {USER}", f"{{{USER}}}", "anna@contoso.example"]
    ),
    "userPrincipalName": st.sampled_from(
        [
            "anna@contoso.example",
            " anna@contoso.example ",
            "anna",
            "a@b@c",
            "a b@c",
            "@c",
            "a@",
            "anna_contoso.example#EXT#@fabrikam.onmicrosoft.com",
            "o'neil@contoso.example",
            "a" * 255 + "@b",
        ]
    ),
    "telephoneNumber": st.sampled_from(
        [
            NUMBER,
            "12065550118",
            "tel:+1 (206) 555-0100",
            "TEL: +1.206.555.0100",
            "\u202a+1 206 555 0100\u202c",
            "+44 (0)20 7946 0018",
            "+1 206 555 0143 x5678",
            "+12065550143;EXT=5678",
            "+1 206 555 0143 (ext. 56)",
            "+49 30 / 23 12 50 18",
            "\uff11\uff12\uff10\uff16\uff15\uff15\uff15\uff10\uff11\uff10\uff10",
            "+1 206 555 0143\n+1 206 555 0144",
            "12065550118.0",
            "1.2065550118E10",
            "+1 800 FLOWERS",
            "=+12065550100",
            "++12065550100",
            "+",
            "t\u00adel:+12065550100",
            "+1 206 555 0143 e\u00adxt5",
            "+1 206 555 0143 \uff45xt5",
            "\u202e+12065550100",
            "+49 30 23125 018-020",
            "+39 (0)347 123 4567",
            "0" * 65,
        ]
    )
    | st.text(alphabet="+0123456789 ()-./;=extTEL:", max_size=24),
    "pool": st.sampled_from(["seattle", "Seattle", "sea ttle", "-x", "a" * 64, "a" * 65, "a.b_c-1"]),
    "numberType": st.sampled_from(["directRouting", "callingPlan", "operatorConnect", "DirectRouting", "OCMobile"]),
    "assignmentCategory": st.sampled_from(["primary", "private", "alternate", "Primary"]),
    "locationId": st.sampled_from(["loc-1", "l" * 64, "l" * 65, "a b", "9a1c5f0e-5f0e-4f5b-8a55-0a3e0c1d2b3f"]),
    "existingNumber": st.sampled_from(["refuse", "replace", "keep"]),
    "notBefore": st.sampled_from(
        [
            "2026-03-03T08:00:00+01:00",
            "2026-03-03t08:00z",
            "2026-03-03 08:00:00.123456-05:00",
            "2026-03-03T08:00:00",
            "2026-03-03",
            "2026-02-30T08:00:00Z",
            "2026-03-03T25:00:00Z",
            "2026-03-03T08:00:00+99:99",
            "2026-03-20T08:00:00Z",
            "2026-03-03T08:00:00+0100",
            "2026-03-03T08:00:00.1234567Z",
            "2026-03-03T08:00:00.1234567890Z",
            "1772524800",
            "tomorrow",
        ]
    ),
    "dryRun": st.booleans(),
    "context": st.sampled_from([{}, {"a": None}, {"a": {"b": [1]}}, {"a": "x" * 9000}, "text", [1]]),
    "telephone_number": st.just(NUMBER),
    "delivery": st.just({"attempt": 1}),
    "locationID": st.just("loc-1"),
}
_FIELDS = {name: near | _ANY for name, near in _NEAR.items()}
#: One wish of each kind, so that most of what is drawn is one step from a request.
_STARTS: list[dict[str, Any]] = [
    {"userPrincipalName": "anna@contoso.example", "pool": "seattle"},
    {"assignmentTargetId": USER, "telephoneNumber": NUMBER, "numberType": "callingPlan"},
    {"action": "unassign", "userPrincipalName": "anna@contoso.example"},
    {"action": "update", "telephoneNumber": NUMBER, "locationId": "loc-1"},
]


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(_STARTS), st.fixed_dictionaries({}, optional=_FIELDS))
@example({}, {})
@example(_STARTS[0], {"numberType": "callingPlan"})
def test_the_schema_and_the_app_agree_near_the_contract(start: dict[str, Any], extra: dict[str, Any]) -> None:
    compare(extra)
    for name, value in extra.items():
        compare(start | {name: value})
    compare(start | extra)


@pytest.mark.parametrize("piece", [" ", "\u00a0", "\u00e9", "1", "1 ", "ext", "x5", "tel:", ";ext="])
def test_no_text_takes_long_to_match(piece: str) -> None:
    """Whoever checks requests with the schema may be sent any text."""
    started = time.process_time()
    for text in (piece * 100 + "!", "+1206555" + piece * 100 + "\x01"):
        assert not _VALIDATOR.is_valid(_STARTS[1] | {"telephoneNumber": text})
    assert time.process_time() - started < 0.5 * slowness()


@pytest.mark.parametrize("start", _STARTS, ids="-".join)
@pytest.mark.parametrize("name", [name for name in _NEAR if name in NumberRequest.model_json_schema()["properties"]])
def test_null_is_as_good_as_leaving_a_field_out_for_both(start: dict[str, Any], name: str) -> None:
    body = {**start, **({} if name in start else {name: None})}
    assert _VALIDATOR.is_valid(body)
    assert read(envelope(body)) == read(envelope(start))


@pytest.mark.parametrize("name", ["telephone_number", "request_id", "location_id", "dry_run", "delivery"])
def test_both_refuse_names_that_are_not_the_contracts(name: str) -> None:
    body = {**_STARTS[0], name: "x"}
    assert not _VALIDATOR.is_valid(body)
    assert isinstance(read(envelope(body)), Rejection)


@pytest.mark.parametrize(
    "body",
    [
        _STARTS[1] | {"telephoneNumber": "+1 206 555 0143 5678"},
        _STARTS[0] | {"context": {"a": "x" * 9000}},
        _STARTS[0] | {"notBefore": "2026-03-20T08:00:00Z"},
        _STARTS[0] | {"notBefore": "2026-02-30T08:00:00Z"},
    ],
    ids=list(NOT_IN_A_SCHEMA),
)
def test_each_line_of_what_a_schema_cannot_say_is_needed(body: dict[str, Any]) -> None:
    assert _VALIDATOR.is_valid(body)
    assert isinstance(read(envelope(body)), Rejection)
