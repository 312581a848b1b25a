"""One line per event, machine-readable, personal data masked."""

import json
import logging

import pytest

from teams_numbers import log


def test_an_event_is_one_line_of_json_with_its_name(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        log.emit("request.deferred", request_id="r-1", delay_seconds=1.5, uncertain=False, reason=None)
    (record,) = caplog.records
    assert json.loads(record.getMessage()) == {
        "name": "request.deferred",
        "requestId": "r-1",
        "delaySeconds": 1.5,
        "uncertain": False,
    }
    assert "\n" not in record.getMessage()


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+12065550167", "+1•••••••67"),
        ("+12065550167;ext=99", "+1•••••••67"),
        ("+4930123", "+49•••••••23"),
    ],
)
def test_a_number_is_shown_by_its_ends_only(number: str, shown: str) -> None:
    assert log.mask(number) == shown


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("TooManyRequests", "TooManyRequests"),
        ("+12065550167", "#"),
        ("a\nb<c>", "abc"),
        ("x" * 99, "x" * 64),
        ("a1b2c3d4-1234567", "a1b2c3d4-#"),
        ("+1 (206) 555-0167", "#"),
        ("206.555.0167", "#"),
        ("failed:206-555-01-67", "failed:#"),
        ("v1.0.2026", "v1.0.2026"),
        ("no such user: anna@contoso.example!", "nosuchuser:"),
        ("\ud800half", "half"),
        ("12345678-a354-44be-b837-473512065550", "12345678-a354-44be-b837-473512065550"),
    ],
)
def test_somebody_elses_word_is_cut_down_to_a_code(word: str, shown: str) -> None:
    assert log.plain(word) == shown


def test_the_libraries_logs_stay_silent_even_at_debug_level(caplog: pytest.LogCaptureFixture) -> None:
    log.quiet_libraries()
    with caplog.at_level(logging.DEBUG):
        for name in ("urllib3.connectionpool", "azure.core.pipeline.policies.http_logging_policy", "msal"):
            logging.getLogger(name).info("GET /numberAssignments?$filter=telephoneNumber eq '+12065550167'")
        logging.getLogger("urllib3.connectionpool").warning("Retrying: /numberAssignments?$filter=...")
    assert caplog.records == []
