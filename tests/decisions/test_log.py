"""One line per event, machine-readable, personal data masked."""

import json
import logging
from pathlib import Path
from typing import get_args

import pytest
from pydantic.alias_generators import to_camel

from teams_numbers import log, numbers


def test_an_event_is_one_line_of_json_with_its_name(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        log.emit("request.deferred", request_id="r-1", delay_seconds=1.5, uncertain=False, reason=None)
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("teams_numbers", logging.INFO)
    assert json.loads(record.getMessage()) == {
        "name": "request.deferred",
        "requestId": "r-1",
        "delaySeconds": 1.5,
        "uncertain": False,
    }
    assert "\n" not in record.getMessage()


def test_a_value_of_any_kind_can_be_logged_as_it_is_written(caplog: pytest.LogCaptureFixture) -> None:
    log.emit("unforeseen", logging.ERROR, where=Path("a"), error="Zoë")
    assert caplog.messages == ['{"name": "unforeseen", "where": "a", "error": "Zoë"}']


def test_an_event_below_the_level_that_is_kept_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        log.emit("graph.unclear", logging.WARNING)
        log.emit("item.set_aside", logging.ERROR)
    assert [json.loads(line)["name"] for line in caplog.messages] == ["item.set_aside"]


def test_the_table_has_every_event_that_can_be_written() -> None:
    assert set(log.EVENTS) == set(get_args(log.EventName.__value__))


def test_a_runs_line_says_what_became_of_each_item_and_how_the_run_went() -> None:
    """The counts stand beside what the run itself has: how many, how long, what is left, why it ended."""
    became = {to_camel(result) for result in log.RESULTS}
    about = {"received", "oldestAgeSeconds", "queueLength", "requestsLength", "durationSeconds", "endedBy"}
    assert log.EVENTS["poll.run"] - became == about
    assert became < log.EVENTS["poll.run"]


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+12065550167", "+1•••••••67"),
        ("+12065550167;ext=99", "+1•••••••67"),
        ("+4930123", "+49•••••••23"),
    ],
)
def test_a_number_is_shown_by_its_ends_only(number: str, shown: str) -> None:
    assert numbers.mask(number) == shown


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("TooManyRequests", "TooManyRequests"),
        ("+12065550167", "#"),
        ("a\nb<c>", "abc"),
        ("x" * 99, "x" * 64),
        ("é" * 1023 + "ab", "a"),
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


@pytest.mark.parametrize(
    ("name", "loud"),
    [
        ("azure.core.pipeline.policies.http_logging_policy", logging.INFO),
        ("msal", logging.INFO),
        ("requests", logging.INFO),
        ("urllib3.connectionpool", logging.WARNING),
    ],
)
def test_the_libraries_logs_stay_silent_even_at_debug_level(
    caplog: pytest.LogCaptureFixture, name: str, loud: int
) -> None:
    logging.getLogger(name.partition(".")[0]).setLevel(logging.NOTSET)
    log.quiet_libraries()
    with caplog.at_level(logging.DEBUG):
        logging.getLogger(name).log(loud, "GET /numberAssignments?$filter=telephoneNumber eq '+12065550167'")
        logging.getLogger(name).log(loud + 10, "what goes wrong is said")
    assert caplog.messages == ["what goes wrong is said"]
