"""An answer is read as far as it can be, and what was read can be written again."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teams_numbers.reply import UNREADABLE, Reply, parse, parse_text, retry_after

#: As long as a queue message can hide, in seconds.
WEEK = 604_800.0
NOW = datetime(2026, 3, 2, 8, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("30", 30),
        (" 1.5 ", 2),
        ("0", None),
        ("0.2", 1),
        ("1", 1),
        ("-5", None),
        ("86400", 86400),
        ("soon", None),
        ("", None),
        ("Mon, 02 Mar 2026 08:00:45 GMT", 45),
        ("Mon, 02 Mar 2026 07:00:00 GMT", None),
        ("Mon, 02 Mar 2026 08:00:45", None),
        ("Mon, 02 Mar 2026 08:00:45 +99999999999999", None),
        ("Mon, 02 Mar 9999 08:00:45 -2359", WEEK),
        ("Mon, 02 Mar 0001 00:00:00 +2359", None),
        ("999999999", WEEK),
        ("9" * 40, None),
        ("١٢", None),
        ("nan", None),
    ],
)
def test_retry_after_is_read_in_seconds_or_as_a_date_and_never_believed_beyond_a_week(
    header: str | None, seconds: float | None
) -> None:
    assert retry_after(header, NOW) == seconds


_DATE_PARTS = st.lists(
    st.sampled_from(["Mon,", "02", "Mar", "2026", "9999", "0", "08:00:45", "99:99:99", "GMT", "-0000", "EST"])
    | st.integers().map(lambda zone: f"{zone:+d}"),
    max_size=8,
).map(" ".join)


@given(st.text() | _DATE_PARTS)
def test_whatever_retry_after_says_it_is_a_pause_that_a_queue_can_hold_or_none(header: str) -> None:
    seconds = retry_after(header, NOW)
    assert seconds is None or 0 < seconds <= WEEK


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[" * 100_000, b"1" * 5000, None])
def test_a_body_that_is_not_json_is_unreadable(body: bytes | None) -> None:
    assert parse(body) is UNREADABLE


@pytest.mark.parametrize(
    ("body", "read"),
    [
        (b"", None),
        (b" \r\n", None),
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        (b'{"a": "caf\xe9"}', {"a": "caf\N{REPLACEMENT CHARACTER}"}),
        (b'{"a": "\\ud83d", "\\udc00": ["\\uD83D\\uDE00", 1]}', {"a": "\ufffd", "\ufffd": ["\N{GRINNING FACE}", 1]}),
        (b'{"a": "\xed\xa0\x80"}', {"a": "\ufffd\ufffd\ufffd"}),
        (b'{"a": [NaN, Infinity, -Infinity, 1e999, 1.5]}', {"a": [None, None, None, None, 1.5]}),
        (rb'{"a": "C:\\ud800"}', {"a": r"C:\ud800"}),
    ],
)
def test_what_json_cannot_carry_on_is_replaced(body: bytes, read: Any) -> None:
    assert parse(body) == read


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters()), inner, max_size=4),
)


@given(_JSON.map(json.dumps).map(str.encode) | st.binary())
def test_whatever_was_read_can_be_written_as_utf_8_json(body: bytes) -> None:
    found = parse(body)
    if found is not UNREADABLE:
        json.dumps(found, ensure_ascii=False, allow_nan=False).encode()


def test_json_that_is_nested_too_deep_to_be_made_whole_is_unreadable() -> None:
    assert parse_text("[" * 5000 + r'"\ud800"' + "]" * 5000) is UNREADABLE


@given(st.text())
def test_graphs_request_id_is_told_as_a_plain_word(said: str) -> None:
    told = Reply(200, {"request-id": said}, None).graph_request_id
    assert told is not None
    assert told.isascii()
    assert len(told) <= 64
