"""The catalogue knows every text that was reported, and says the same of it wherever it is read."""

import re
import time

import pytest

from teams_numbers import failures
from teams_numbers.failures import CATALOGUE, NOTICED, Failure, Kind, Seen, recognize

ENTRIES = (*CATALOGUE, *NOTICED)
SEEN = [(entry, seen) for entry in CATALOGUE for seen in entry.seen]
STATUSES = (None, 400, 401, 403, 404, 409, 422, 429, 500, 503)


@pytest.mark.parametrize(("entry", "seen"), SEEN, ids=lambda value: getattr(value, "code", None))
def test_each_reported_text_is_recognized_with_and_without_a_status(entry: Failure, seen: Seen) -> None:
    assert all(recognize(seen.text, status) is entry for status in STATUSES)
    assert recognize(seen.text.upper()) is recognize(seen.text.lower()) is entry
    assert recognize(f"  {seen.text.replace(' ', chr(10), 1)}  ") is entry


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.code)
def test_no_entry_takes_another_ones_texts(entry: Failure) -> None:
    """So the order of the catalogue decides only on texts that say two things at once."""
    taken = [seen.text for other, seen in SEEN if other is not entry and entry.fits(seen.text)]
    assert taken == []


@pytest.mark.parametrize(
    ("said", "code", "kind"),
    [
        ("Telephone Number '+12065550100' is assigned to another user", "numberTaken", Kind.OBSERVE),
        ("The number is already in use by another user", "numberTaken", Kind.OBSERVE),
        ("Telephone number already assigned", "numberTaken", Kind.OBSERVE),
        ("The user 'ada' already has a phone number assigned", "userHasNumber", Kind.OBSERVE),
        ("User 'ada' is already assigned another telephone number", "userHasNumber", Kind.OBSERVE),
        (
            "Resource '6f0b' does not exist or one of its queried reference-property objects are not present",
            "userNotFound",
            Kind.WAIT,
        ),
        ("User '6f0b' was not found", "userNotFound", Kind.WAIT),
        ("User not found", "userNotFound", Kind.WAIT),
        ("Telephone Number '+1' is not found from tenant 'x' for user 'ada'", "numberNotFound", Kind.PERMANENT),
        ("The telephone number '+1' does not exist", "numberNotFound", Kind.PERMANENT),
        ("Service Unavailable", "serviceUnavailable", Kind.TRANSIENT),
        ("Service is currently unavailable", "serviceUnavailable", Kind.TRANSIENT),
        ("Unknown Error", "serviceUnavailable", Kind.TRANSIENT),
        ("UnknownError", "serviceUnavailable", Kind.TRANSIENT),
        ("Failed to execute MS Graph backend request", "serviceUnavailable", Kind.TRANSIENT),
        ("Something went wrong, try again later", "serviceUnavailable", Kind.TRANSIENT),
        ("Please try again.", "serviceUnavailable", Kind.TRANSIENT),
        ("Update failed for user 'Ada'. Please try again", "updateFailed", Kind.TRANSIENT),
        ("Insufficient privileges to complete the operation", "permissionMissing", Kind.CONFIGURATION),
        ("Authorization_RequestDenied", "permissionMissing", Kind.CONFIGURATION),
        ("Insufficient permission(s) to call this API", "permissionMissing", Kind.CONFIGURATION),
        ("User is not licensed for Teams Phone", "licenseMissing", Kind.WAIT),
        ("User 'ada' is unlicensed", "licenseMissing", Kind.WAIT),
        ("The user is missing a required license", "licenseMissing", Kind.WAIT),
        ("User 'ada' does not have required licenses", "licenseMissing", Kind.WAIT),
        ("A Teams Phone licence is required", "licenseMissing", Kind.WAIT),
        (
            "The user\u2019s usage location does not match the number\u2019s country",
            "usageLocationMismatch",
            Kind.PERMANENT,
        ),
        ("UsageLocation 'DE' differs from country 'US'", "usageLocationMismatch", Kind.PERMANENT),
        ("An emergency address is required for this number", "emergencyLocationMissing", Kind.PERMANENT),
        ("The number requires an emergency location", "emergencyLocationMissing", Kind.PERMANENT),
        ("LocationId must be specified", "emergencyLocationMissing", Kind.PERMANENT),
        ("Location id '9a1c' was not found", "emergencyLocationMissing", Kind.PERMANENT),
        ("The emergency address is not in the number's country", "emergencyLocationMismatch", Kind.PERMANENT),
        ("The location is in a different country than the number", "emergencyLocationMismatch", Kind.PERMANENT),
        ("The number is blocked for assignment until 2026-12-01", "numberQuarantined", Kind.PERMANENT),
        ("Invalid TelephoneNumber '1'", "numberNotAccepted", Kind.PERMANENT),
        ("The telephone number is not valid", "numberNotAccepted", Kind.PERMANENT),
        ("TooManyRequests", "throttled", Kind.TRANSIENT),
        ("Request was throttled", "throttled", Kind.TRANSIENT),
        ("Access denied", "accessDenied", Kind.CONFIGURATION),
        ("Access token is empty.", "unauthorized", Kind.CONFIGURATION),
        ("Something new", "unknownFailure", Kind.PERMANENT),
        ("", "unknownFailure", Kind.PERMANENT),
    ],
)
def test_each_kind_of_text_has_its_code(said: str, code: str, kind: Kind) -> None:
    found = recognize(said)
    assert (found.code, found.kind) == (code, kind)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, "unauthorized"),
        (403, "accessDenied"),
        (409, "conflict"),
        (429, "throttled"),
        (500, "serviceUnavailable"),
        (502, "serviceUnavailable"),
        (503, "serviceUnavailable"),
        (504, "serviceUnavailable"),
        (400, "unknownFailure"),
        (404, "unknownFailure"),
        (422, "unknownFailure"),
        (None, "unknownFailure"),
    ],
)
def test_the_status_speaks_where_the_text_does_not(status: int | None, code: str) -> None:
    assert recognize("", status).code == recognize("Something new", status).code == code


def test_a_conflict_is_tried_as_often_as_a_taken_number_since_either_may_be_the_apps_own_earlier_order() -> None:
    assert recognize("", 409).tries == recognize("Number has already been assigned").tries == 8


def test_every_failure_has_a_code_of_its_own_a_sentence_of_advice_and_a_source() -> None:
    assert len({entry.code for entry in ENTRIES}) == len(ENTRIES)
    for entry in ENTRIES:
        assert re.fullmatch(r"[a-z][A-Za-z]+", entry.code)
        assert entry.advice.endswith(".")
        assert entry.sources
        assert all(re.fullmatch(r"https://\S+|(?!http)\S.*", source) for source in entry.sources)
        assert bool(entry.patterns) == (entry in CATALOGUE)
        assert len(entry.advice) <= 300


def test_every_entry_can_be_named_and_is_in_the_catalogue_once() -> None:
    named = [value for value in vars(failures).values() if isinstance(value, Failure)]
    assert sorted(entry.code for entry in named) == sorted(entry.code for entry in ENTRIES)
    assert {name for name, value in vars(failures).items() if isinstance(value, Failure)} <= set(failures.__all__)


def test_only_a_failure_that_is_tried_again_counts_its_tries() -> None:
    assert all(entry.kind in {Kind.TRANSIENT, Kind.OBSERVE} for entry in ENTRIES if entry.tries)
    assert all(entry.tries for entry in ENTRIES if entry.kind is Kind.OBSERVE)


@pytest.mark.parametrize(
    "piece",
    [
        *("a", " ", "user ", "number ", "location ", "license", "missing a b c ", "already ", "emergency address "),
        *("try agai", "Failed to execute ", "update failed for use", "telephonenumber "),
    ],
)
def test_no_text_takes_long_to_recognize(piece: str) -> None:
    text = (piece * 1000)[:1_000_000]
    recognize(text)  # the patterns are compiled
    started = time.process_time()
    for _ in range(10):
        recognize(text)
    assert (time.process_time() - started) / 10 < 0.05


def test_what_stands_far_behind_in_a_text_is_not_looked_for() -> None:
    assert recognize("x " * 400 + "Service Unavailable").code == "serviceUnavailable"
    assert recognize("x " * 600 + "Service Unavailable").code == "unknownFailure"
