"""The catalogue knows every text that was reported, and says the same of it wherever it is read."""

import re
import time

import pytest

from teams_numbers import failures
from teams_numbers.catalogue.entry import Failure, Kind, Seen, issue
from teams_numbers.failures import CATALOGUE, NOTICED, by_code, recognize
from tests.slowness import slowness

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
        ("Telephone Number '+12065550100' is assigned to another user", "numberTaken", "observe"),
        ("The number is already in use by another user", "numberTaken", "observe"),
        ("Telephone number already assigned", "numberTaken", "observe"),
        ("The user 'ada' already has a phone number assigned", "userHasNumber", "observe"),
        ("User 'ada' is already assigned another telephone number", "userHasNumber", "observe"),
        (
            "Resource '6f0b' does not exist or one of its queried reference-property objects are not present",
            "userNotFound",
            "wait",
        ),
        ("User '6f0b' was not found", "userNotFound", "wait"),
        ("User not found", "userNotFound", "wait"),
        ("Telephone Number '+1' is not found from tenant 'x' for user 'ada'", "numberNotFound", "permanent"),
        ("The telephone number '+1' does not exist", "numberNotFound", "permanent"),
        ("Service Unavailable", "serviceUnavailable", "transient"),
        ("Service is currently unavailable", "serviceUnavailable", "transient"),
        ("Unknown Error", "serviceUnavailable", "transient"),
        ("UnknownError", "serviceUnavailable", "transient"),
        ("Failed to execute MS Graph backend request", "serviceUnavailable", "transient"),
        ("Something went wrong, try again later", "serviceUnavailable", "transient"),
        ("Please try again.", "serviceUnavailable", "transient"),
        ("Update failed for user 'Ada'. Please try again", "updateFailed", "transient"),
        ("Insufficient privileges to complete the operation", "permissionMissing", "configuration"),
        ("Authorization_RequestDenied", "permissionMissing", "configuration"),
        ("Insufficient permission(s) to call this API", "permissionMissing", "configuration"),
        ("User is not licensed for Teams Phone", "licenseMissing", "wait"),
        ("User 'ada' is unlicensed", "licenseMissing", "wait"),
        ("The user is missing a required license", "licenseMissing", "wait"),
        ("User 'ada' does not have required licenses", "licenseMissing", "wait"),
        ("A Teams Phone licence is required", "licenseMissing", "wait"),
        (
            "The user\u2019s usage location does not match the number\u2019s country",
            "usageLocationMismatch",
            "permanent",
        ),
        ("UsageLocation 'DE' differs from country 'US'", "usageLocationMismatch", "permanent"),
        ("An emergency address is required for this number", "emergencyLocationMissing", "permanent"),
        ("The number requires an emergency location", "emergencyLocationMissing", "permanent"),
        ("LocationId must be specified", "emergencyLocationMissing", "permanent"),
        ("Location id '9a1c' was not found", "emergencyLocationMissing", "permanent"),
        ("The emergency address is not in the number's country", "emergencyLocationMismatch", "permanent"),
        ("The location is in a different country than the number", "emergencyLocationMismatch", "permanent"),
        ("The number is blocked for assignment until 2026-12-01", "numberQuarantined", "permanent"),
        ("Invalid TelephoneNumber '1'", "numberNotAccepted", "permanent"),
        ("The telephone number is not valid", "numberNotAccepted", "permanent"),
        ("TooManyRequests", "throttled", "transient"),
        ("Request was throttled", "throttled", "transient"),
        ("Access denied", "accessDenied", "configuration"),
        ("Access token is empty.", "unauthorized", "configuration"),
        ("Something new", "unknownFailure", "permanent"),
        ("", "unknownFailure", "permanent"),
    ],
)
def test_each_kind_of_text_has_its_code(said: str, code: str, kind: str) -> None:
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
        sources = [*(seen.source for seen in entry.seen), *entry.documents]
        assert sources
        assert all(re.fullmatch(r"https://\S+|(?!http)\S.*", source) for source in sources)
        assert bool(entry.patterns) == (entry in CATALOGUE)
        assert len(entry.advice) <= 300


def test_every_entry_can_be_named_and_is_in_the_catalogue_once() -> None:
    named = [value for value in vars(failures).values() if isinstance(value, Failure)]
    assert sorted(entry.code for entry in named) == sorted(entry.code for entry in ENTRIES)


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
    assert (time.process_time() - started) / 10 < 0.05 * slowness()


def test_what_stands_more_than_a_thousand_characters_behind_in_a_text_is_not_looked_for() -> None:
    assert recognize("Service Unavailable".rjust(1000)).code == "serviceUnavailable"
    assert recognize("Service Unavailable".rjust(1001)).code == "unknownFailure"


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.code)
def test_an_entry_is_found_by_its_code(entry: Failure) -> None:
    assert by_code(entry.code) is entry


def test_a_code_that_is_none_is_a_request_that_was_given_up() -> None:
    assert by_code("noSuchCode").code == by_code(None).code == "timedOut"


def test_what_only_the_app_notices_is_in_no_text() -> None:
    assert not any(entry.fits(seen.text) for entry in NOTICED for _, seen in SEEN)


def test_an_issue_is_named_by_its_address() -> None:
    assert issue(7) == "https://github.com/MicrosoftDocs/office-docs-powershell/issues/7"
