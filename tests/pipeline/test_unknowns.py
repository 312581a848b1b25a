"""What nobody could confirm about Graph (docs/assumptions.md): right whichever way it turns out.

Each number is read by itself here, and orders take a while, so that their operations are asked.
"""

import pytest

from tests.pipeline.life import Life
from tests.pipeline.rows import magic_number, magic_person, row


def test_operation_body_wrapped(alone: Life) -> None:
    assert alone.end("wrapped-body") == ("Succeeded", None)
    assert alone.polled(magic_number("wrapped-body"))


def test_operation_body_bare(alone: Life) -> None:
    assert alone.end("bare-body") == ("Succeeded", None)
    assert alone.polled(magic_number("bare-body"))


def test_operation_failed_for_an_unknown_reason(alone: Life) -> None:
    error = alone.event("failed-unknown")["data"]["error"]
    assert (error["code"], error["message"]) == ("unknownFailure", "Error 7-41 in stage 3.")
    assert alone.accepted(magic_number("failed-unknown")) == 1


@pytest.mark.parametrize("name", ["second-post-accepted", "second-post-refused", "second-post-conflict"])
def test_a_second_order_may_be_accepted_refused_or_a_conflict(alone: Life, name: str) -> None:
    first = alone.event(name)
    alone.send(requestId=name, telephoneNumber=magic_number(name), assignmentTargetId=magic_person(name))
    again = alone.events(name, 2)[-1]
    assert again["type"] == first["type"]
    assert again["id"] == first["id"]


def test_operation_not_found_at_first(alone: Life) -> None:
    assert alone.end("operation-404-at-first") == ("Succeeded", None)
    assert alone.accepted(magic_number("operation-404-at-first")) == 1


@pytest.mark.parametrize("name", ["operation-404-ours", "operation-expires"])
def test_operation_not_found_for_good(alone: Life, name: str) -> None:
    assert alone.end(name) == ("Succeeded", None)
    assert alone.accepted(magic_number(name)) == 1


def test_operation_takes_its_time(alone: Life) -> None:
    assert alone.end("slow") == ("Succeeded", None)
    assert alone.log("request.deferred", requestId="slow", reason="orderRunning")


def test_operation_never_ends(alone: Life) -> None:
    assert alone.end("runs-forever") == ("TimedOut", "timedOut")


def test_extension_is_kept(alone: Life) -> None:
    number = "+19075550120;ext=1234"
    person = magic_person("extension")
    sent = alone.send(
        requestId="extension", telephoneNumber=number, numberType="directRouting", assignmentTargetId=person
    )
    event = alone.event(sent)
    assert event["data"]["telephoneNumber"] == number
    assert alone.stats()["holders"][number] == person


def test_direct_routing_number_that_is_not_in_the_inventory(alone: Life) -> None:
    number = "+4930123456"
    fields = {"telephoneNumber": number, "numberType": "directRouting", "assignmentTargetId": magic_person("unlisted")}
    dry = alone.send(requestId="unlisted-dry", dryRun=True, **fields)
    assert alone.end(dry) == ("Validated", None)
    assert alone.end(alone.send(requestId="unlisted", **fields)) == ("Succeeded", None)


@pytest.mark.parametrize("name", ["accepted-with-retry-after", "accepted-with-retry-after-date", "poll-throttled"])
def test_retry_after_on_an_accepted_order_and_on_a_poll(alone: Life, name: str) -> None:
    assert alone.end(name) == ("Succeeded", None)


@pytest.mark.parametrize("name", ["skipped-free", "skipped-ours"])
def test_operation_skipped(alone: Life, name: str) -> None:
    assert alone.end(name) == (row(name).ends, row(name).code)


def test_location_relative(alone: Life) -> None:
    event = alone.event("relative-location")
    assert event["type"].endswith(".Succeeded")
    assert event["data"]["operationId"]


@pytest.mark.parametrize("name", ["read-lag", "no-sign-while-running"])
def test_the_number_lags_behind_the_operation(alone: Life, name: str) -> None:
    assert alone.end(name) == ("Succeeded", None)
    assert alone.accepted(magic_number(name)) == 1


@pytest.mark.parametrize("name", ["unknown-word", "unknown-future-value", "not-started"])
def test_status_words_nobody_knows(alone: Life, name: str) -> None:
    assert alone.end(name) == ("Succeeded", None)
    assert alone.polled(magic_number(name))


def test_a_throttled_poll_waits_and_is_no_failure(alone: Life) -> None:
    event = alone.event("poll-throttled")
    assert (event["type"].rpartition(".")[2], event["data"]["attempts"]) == ("Succeeded", 1)
    assert alone.log("request.deferred", requestId="poll-throttled", reason="throttled")


@pytest.mark.parametrize("name", ["poll-not-json", "poll-huge", "poll-truncated", "poll-redirected", "poll-error"])
def test_answers_that_cannot_be_used_are_asked_for_again(alone: Life, name: str) -> None:
    assert alone.end(name) == ("Succeeded", None)
    assert alone.log("request.deferred", requestId=name, reason="unclear")
    assert alone.accepted(magic_number(name)) == 1


@pytest.mark.parametrize("name", ["read-throttled", "read-error", "read-not-json"])
def test_a_number_that_cannot_be_read_is_read_again(alone: Life, name: str) -> None:
    assert alone.end(name) == ("Succeeded", None)
    assert alone.accepted(magic_number(name)) == 1
