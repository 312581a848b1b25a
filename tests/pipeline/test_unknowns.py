"""What nobody could confirm about Graph (docs/assumptions.md): right whichever way it turns out."""

import pytest

from tests.pipeline.life import Life, magic_number, magic_person, magic_row


def test_operation_body_wrapped(life: Life) -> None:
    assert life.end("wrapped-body") == ("Succeeded", None)


def test_operation_body_bare(life: Life) -> None:
    assert life.end("bare-body") == ("Succeeded", None)


def test_operation_failed_for_an_unknown_reason(life: Life) -> None:
    error = life.event("failed-unknown")["data"]["error"]
    assert (error["code"], error["message"]) == ("unknownFailure", "Error 7-41 in stage 3.")
    assert life.accepted(magic_number("failed-unknown")) == 1


@pytest.mark.parametrize("name", ["second-post-accepted", "second-post-refused", "second-post-conflict"])
def test_a_second_order_may_be_accepted_refused_or_a_conflict(life: Life, name: str) -> None:
    first = life.event(name)
    life.send(requestId=name, telephoneNumber=magic_number(name), assignmentTargetId=magic_person(name))
    again = life.events(name, 2)[-1]
    assert again["type"] == first["type"]
    assert again["id"] == first["id"]


def test_operation_not_found_at_first(life: Life) -> None:
    assert life.end("operation-404-at-first") == ("Succeeded", None)
    assert life.accepted(magic_number("operation-404-at-first")) == 1


@pytest.mark.parametrize("name", ["operation-404-ours", "operation-expires"])
def test_operation_not_found_for_good(life: Life, name: str) -> None:
    assert life.end(name) == ("Succeeded", None)
    assert life.accepted(magic_number(name)) == 1


def test_operation_takes_its_time(life: Life) -> None:
    assert life.end("slow") == ("Succeeded", None)


def test_operation_never_ends(life: Life) -> None:
    assert life.end("runs-forever") == ("TimedOut", "timedOut")


def test_extension_is_kept(life: Life) -> None:
    number = "+19075550120;ext=1234"
    person = magic_person("extension")
    sent = life.send(
        requestId="extension", telephoneNumber=number, numberType="directRouting", assignmentTargetId=person
    )
    event = life.event(sent)
    assert event["data"]["telephoneNumber"] == number
    assert life.stats()["holders"][number] == person


def test_direct_routing_number_that_is_not_in_the_inventory(life: Life) -> None:
    number = "+4930123456"
    fields = {"telephoneNumber": number, "numberType": "directRouting", "assignmentTargetId": magic_person("unlisted")}
    dry = life.send(requestId="unlisted-dry", dryRun=True, **fields)
    assert life.end(dry) == ("Validated", None)
    assert life.end(life.send(requestId="unlisted", **fields)) == ("Succeeded", None)


@pytest.mark.parametrize("name", ["accepted-with-retry-after", "accepted-with-retry-after-date", "poll-throttled"])
def test_retry_after_on_an_accepted_order_and_on_a_poll(life: Life, name: str) -> None:
    assert life.end(name) == ("Succeeded", None)


@pytest.mark.parametrize("name", ["skipped-free", "skipped-ours"])
def test_operation_skipped(life: Life, name: str) -> None:
    assert life.end(name) == (magic_row(name).ends, magic_row(name).code)


def test_location_relative(life: Life) -> None:
    event = life.event("relative-location")
    assert event["type"].endswith(".Succeeded")
    assert event["data"]["operationId"]


@pytest.mark.parametrize("name", ["read-lag", "no-sign-while-running"])
def test_the_number_lags_behind_the_operation(life: Life, name: str) -> None:
    assert life.end(name) == ("Succeeded", None)
    assert life.accepted(magic_number(name)) == 1


@pytest.mark.parametrize("name", ["unknown-word", "unknown-future-value", "not-started"])
def test_status_words_nobody_knows(life: Life, name: str) -> None:
    assert life.end(name) == ("Succeeded", None)


@pytest.mark.parametrize("name", ["poll-not-json", "poll-huge", "poll-truncated", "poll-redirected", "poll-error"])
def test_answers_that_cannot_be_used_are_asked_for_again(life: Life, name: str) -> None:
    assert life.end(name) == ("Succeeded", None)
    assert life.accepted(magic_number(name)) == 1


@pytest.mark.parametrize("name", ["read-throttled", "read-error", "read-not-json"])
def test_a_number_that_cannot_be_read_is_read_again(life: Life, name: str) -> None:
    assert life.end(name) == ("Succeeded", None)
    assert life.accepted(magic_number(name)) == 1
