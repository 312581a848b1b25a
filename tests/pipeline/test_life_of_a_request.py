"""Every row of "The life of a request", through Azurite, the emulator and the host."""

import base64
import json
from datetime import UTC, datetime

import pytest

from teams_numbers.schedule import JITTER
from tests.pipeline.life import Life, until
from tests.pipeline.rows import IN_WAVE, magic_number, magic_person, row
from tests.values import SOMEBODY_ELSE, message


@pytest.mark.parametrize("name", IN_WAVE)
def test_every_magic_number_and_person_ends_as_its_row_says(life: Life, name: str) -> None:
    assert life.end(name) == (row(name).ends, row(name).code)


def test_an_unreadable_message_is_rejected_and_set_aside_unchanged(life: Life) -> None:
    request_id = life.send_text("{ this is no JSON, but it keeps its  spaces \u00e9")
    assert life.end(request_id) == ("Rejected", "invalidRequest")
    until(lambda: "{ this is no JSON, but it keeps its  spaces \u00e9" in life.poison(0))


def test_an_invalid_request_is_rejected_with_every_wrong_field_named_and_its_context_returned(life: Life) -> None:
    text = base64.b64encode(json.dumps(message(numberType="?", locationID="x", context={"run": 1})).encode()).decode()
    event = life.event(life.send_text(text))
    assert event["type"].endswith(".Rejected")
    assert "numberType" in event["data"]["error"]["message"]
    assert "locationID" in event["data"]["error"]["message"]
    assert event["data"]["context"] == {"run": 1}
    until(lambda: text in life.poison(0))


def test_a_dry_run_says_what_would_happen_and_orders_nothing(life: Life) -> None:
    free = life.event(life.send(requestId="dry-free", telephoneNumber="+12075550110", dryRun=True))
    assert free["type"].endswith(".Validated")
    assert "would assign +12075550110" in free["data"]["note"]
    assert life.accepted("+12075550110") == 0
    assert life.end(life.send(requestId="dry-taken", telephoneNumber="+12085550145", dryRun=True)) == (
        "Rejected",
        "numberTaken",
    )
    wrong_type = life.send(
        requestId="dry-type", telephoneNumber="+12075550111", numberType="operatorConnect", dryRun=True
    )
    assert life.end(wrong_type) == ("Rejected", "numberNotFound")
    for_services = life.send(requestId="dry-service", telephoneNumber=magic_number("service-number"), dryRun=True)
    assert life.end(for_services) == ("Rejected", "numberNotAssignable")


def test_a_dry_run_on_the_users_own_number_says_that_nothing_would_change(life: Life) -> None:
    life.event(life.send(requestId="own", telephoneNumber="+12075550112", assignmentTargetId=magic_person("own")))
    event = life.event(
        life.send(
            requestId="own-dry", telephoneNumber="+12075550112", dryRun=True, assignmentTargetId=magic_person("own")
        )
    )
    assert "Nothing would change" in event["data"]["note"]


def test_a_first_delivery_is_ordered_at_once_and_followed_to_success(life: Life) -> None:
    event = life.event(
        life.send(
            requestId="first",
            assignmentTargetId=magic_person("first"),
            telephoneNumber="tel:+1 (207) 555-0113",
            context={"ticket": "HR-1", "nothing": None},
            locationId="9a1c5f0e",
        )
    )
    data = event["data"]
    assert event["type"] == "TeamsPhone.NumberAssignment.Succeeded"
    assert event["subject"] == data["requestId"] == "first"
    assert data["telephoneNumber"] == "+12075550113"
    assert data["assignmentTargetId"] == magic_person("first")
    assert data["context"] == {"ticket": "HR-1", "nothing": None}
    assert data["attempts"] == 1
    assert data["operationId"]
    received, submitted, completed = (
        datetime.fromisoformat(data[name]) for name in ("receivedAt", "submittedAt", "completedAt")
    )
    assert received <= submitted < completed
    assert life.accepted("+12075550113") == 1
    assert life.stats()["holders"]["+12075550113"] == magic_person("first")


def test_a_request_without_an_id_is_named_by_its_message(life: Life) -> None:
    assert life.end(life.send(telephoneNumber="+12075550114", assignmentTargetId=magic_person("unnamed"))) == (
        "Succeeded",
        None,
    )


@pytest.mark.parametrize(
    "name", ["answer-lost", "hang", "server-error-accepted", "gateway-timeout", "throttled-though-accepted"]
)
def test_an_order_whose_answer_said_nothing_is_observed_before_it_is_repeated(life: Life, name: str) -> None:
    assert life.end(name) == ("Succeeded", None)
    assert life.accepted(magic_number(name)) == 1
    assert life.log("request.deferred", requestId=name)


@pytest.mark.parametrize("name", ["server-error", "bad-gateway", "bandwidth-exceeded", "reset-before"])
def test_an_order_that_never_happened_is_repeated_once_it_was_observed(life: Life, name: str) -> None:
    assert life.end(name) == ("Succeeded", None)
    assert life.accepted(magic_number(name)) == 1


@pytest.mark.parametrize("name", ["without-location", "foreign-location"])
def test_202_without_a_usable_location_is_followed_by_reading_the_number(life: Life, name: str) -> None:
    event = life.event(name)
    assert event["type"].endswith(".Succeeded")
    assert "operationId" not in event["data"]
    assert life.accepted(magic_number(name)) == 1


@pytest.mark.parametrize(
    "name", ["throttled-seconds", "throttled-date", "throttled-without-header", "throttled-zero", "unavailable"]
)
def test_throttled_is_deferred_and_is_no_failure(life: Life, name: str) -> None:
    event = life.event(name)
    assert event["type"].endswith(".Succeeded")
    assert event["data"]["attempts"] == 1
    assert life.log("request.deferred", requestId=name, reason="throttled")


def test_a_throttled_order_waits_what_retry_after_says(life: Life) -> None:
    life.event("throttled-seconds")
    line = life.log("request.deferred", requestId="throttled-seconds", reason="throttled")[0]
    assert 1 <= line["delaySeconds"] <= 1 * (1 + JITTER)


@pytest.mark.parametrize(
    ("name", "code"), [("forbidden-once", "permissionMissing"), ("forbidden-json-once", "accessDenied")]
)
def test_403_is_a_configuration_fault_for_which_the_request_waits(life: Life, name: str, code: str) -> None:
    event = life.event(name)
    assert event["type"].endswith(".Succeeded")
    assert event["data"]["attempts"] == 1
    assert life.log("request.deferred", requestId=name, reason=code)
    (fault,) = life.log("configuration.fault", code=code)
    assert fault["advice"]


def test_401_is_tried_once_more_with_a_new_token(life: Life) -> None:
    assert life.end("unauthorized-once") == ("Succeeded", None)
    assert not life.log("request.deferred", requestId="unauthorized-once", reason="unauthorized")


@pytest.mark.parametrize(
    ("name", "code", "attempts"),
    [
        ("license-late", "licenseMissing", 3),
        ("license-late-in-operation", "licenseMissing", 2),
        ("new-user", "userNotFound", 3),
        ("new-user-request-error", "userNotFound", 2),
        ("activation-pending", "activationPending", 2),
    ],
)
def test_what_must_be_waited_for_is_deferred_by_schedule(life: Life, name: str, code: str, attempts: int) -> None:
    event = life.event(name)
    assert event["type"].endswith(".Succeeded")
    assert event["data"]["attempts"] == attempts
    deferred = life.log("request.deferred", requestId=name, reason=code)
    assert [line["delaySeconds"] for line in deferred] == [1.0, 2.0][: attempts - 1]


@pytest.mark.parametrize("name", ["service-unavailable-400", "update-failed-once"])
def test_a_transient_refusal_is_deferred_with_back_off(life: Life, name: str) -> None:
    event = life.event(name)
    assert (event["type"].rpartition(".")[2], event["data"]["attempts"]) == ("Succeeded", 2)


def test_a_transient_refusal_that_stays_fails_after_a_few_times(life: Life) -> None:
    event = life.event("update-failed")
    assert (event["data"]["error"]["code"], event["data"]["attempts"]) == ("updateFailed", 5)


@pytest.mark.parametrize("name", ["unknown-4xx", "contact-operator", "failed-not-found", "failed-on-premises"])
def test_a_permanent_or_unknown_refusal_fails_with_advice(life: Life, name: str) -> None:
    error = life.event(name)["data"]["error"]
    assert error["advice"].endswith(".")
    assert error["message"]
    assert error["graphRequestId"]
    assert life.event(name)["data"]["attempts"] == 1


@pytest.mark.parametrize("name", ["taken", "taken-meanwhile", "voice-application"])
def test_somebody_elses_number_fails(life: Life, name: str) -> None:
    assert life.end(name) == ("Failed", "numberTaken")


def test_the_users_own_number_is_a_success(life: Life) -> None:
    assert life.end("already-ours") == ("Succeeded", None)
    assert life.accepted(magic_number("already-ours")) == 0


@pytest.mark.parametrize(("name", "orders"), [("failed-silent-free", 1), ("failed-silent-ours", 1)])
def test_an_operation_that_says_too_little_is_settled_by_the_number(life: Life, name: str, orders: int) -> None:
    life.event(name)
    assert life.accepted(magic_number(name)) == orders


def test_a_work_item_that_is_unreadable_is_set_aside(life: Life) -> None:
    texts = ["rubbish", "{}"]
    ids = [life.send_pending(text) for text in texts]
    for message_id, text in zip(ids, texts, strict=True):
        until(lambda name=message_id: life.log("item.set_aside", messageId=name))  # type: ignore[misc]
        assert text in life.poison(1)


def test_an_unreadable_work_item_whose_request_can_be_read_ends_in_an_event(life: Life) -> None:
    fields = message(requestId="half-readable", telephoneNumber="+12075550118")
    life.send_pending(json.dumps({"request": fields, "receivedAt": "yesterday"}))
    assert life.end("half-readable") == ("Failed", "internalError")


@pytest.mark.parametrize("url", [None, "https://evil.example/v1.0/operations('a')", "operations('a')"])
def test_an_order_whose_operation_is_nowhere_or_elsewhere_is_observed(life: Life, url: str | None) -> None:
    name, now = f"adopted-{url}"[:20].replace("'", "").replace("(", "").replace("/", ""), datetime.now(UTC).isoformat()
    fields = {"requestId": name, "assignmentTargetId": magic_person("adopted"), "telephoneNumber": "+12075550115"}
    life.event(life.send(**fields | {"requestId": f"{name}-before"}))
    order = {"action": "assign", "sentAt": now, "submittedAt": now, "operationUrl": url, "numberType": "callingPlan"}
    order |= {name: fields[name] for name in ("telephoneNumber", "assignmentTargetId")}
    item = {"request": message(**fields), "receivedAt": now, "order": order, "touched": ["+12075550115"]}
    life.send_pending(json.dumps(item))
    assert life.end(name) == ("Succeeded", None)
    assert life.accepted("+12075550115") == 1


def test_every_poll_run_is_logged(life: Life) -> None:
    until(lambda: life.log("poll.run"))
    record = life.log("poll.run")[0]
    assert record["endedBy"] in {"empty", "throttled", "budget"}
    assert {"received", "succeeded", "deferred", "oldestAgeSeconds", "queueLength", "durationSeconds"} <= set(record)


def test_two_requests_for_one_number_end_with_one_winner(life: Life) -> None:
    life.send(requestId="rival-1", telephoneNumber="+12075550116", assignmentTargetId=magic_person("rival"))
    life.send(requestId="rival-2", telephoneNumber="+12075550116", assignmentTargetId=SOMEBODY_ELSE)
    assert sorted([life.end("rival-1"), life.end("rival-2")], key=str) == [
        ("Failed", "numberTaken"),
        ("Succeeded", None),
    ]
    assert life.accepted("+12075550116") == 1


def test_nothing_unforeseen_happened(life: Life) -> None:
    for name in IN_WAVE:
        life.event(name)
    assert life.log("unforeseen") == []
