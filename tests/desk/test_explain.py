"""`desk explain`: the catalogue's answer, needing no account."""

import json

import pytest

from desk.explain import explain
from teams_numbers.contracts import Outcome
from teams_numbers.failures import CATALOGUE, LICENSE_MISSING, NOTICED, PERMISSION_MISSING
from tests.desk.conftest import Desk, ended, taken_problem
from tests.values import request


@pytest.fixture
def alone(desk: Desk) -> Desk:
    desk.environment.pop("NumbersStorage")
    return desk


def test_a_code_gets_its_kind_and_advice_however_it_is_written(alone: Desk) -> None:
    done = alone.run("explain", "licensemissing")
    assert done.code == 0
    assert "licenseMissing (wait)" in done.out
    assert LICENSE_MISSING.advice in done.out


def test_a_pasted_message_is_recognized_as_the_app_would(alone: Desk) -> None:
    said = "The user 6f0b lacks appropriate licenses for this number type."
    assert alone.run("explain", *said.split()).out == alone.run("explain", "licenseMissing").out
    assert alone.run("explain", "-", typed=said).out == alone.run("explain", "licenseMissing").out


def test_a_status_decides_as_it_does_in_the_app(alone: Desk) -> None:
    done = alone.run("explain", "Insufficient permissions to complete the operation", "--status", "403")
    assert f"{PERMISSION_MISSING.code} (configuration)" in done.out


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        ("Access token has expired or is not yet valid.", "401", "unauthorized"),
        ("Insufficient privileges to complete the operation.", "403", "permissionMissing"),
        ("Too many requests, slow down", "429", "throttled"),
    ],
)
def test_a_pasted_text_means_the_same_with_and_without_its_status(
    alone: Desk, said: str, status: str, code: str
) -> None:
    first = f"Read as an answer with status {status}.\n"
    without = alone.run("explain", said).out.removeprefix(first)
    assert without == alone.run("explain", said, "--status", status).out.removeprefix(first)
    assert without.startswith(f"{code} (")


@pytest.mark.parametrize(
    "pasted",
    [
        {"error": {"code": "BadRequest", "message": "The number has already been assigned to another user."}},
        {"status": "failed", "numbers": [{"statusDetail": "Telephone number already assigned"}]},
        json.loads(ended(request(), Outcome.FAILED, error=taken_problem()).to_text()),
    ],
)
def test_a_pasted_answer_operation_or_event_is_understood(alone: Desk, pasted: object) -> None:
    assert alone.run("explain", "-", typed=json.dumps(pasted, indent=2)).out.startswith("numberTaken (observe)\n")


@pytest.mark.parametrize(
    ("pasted", "answer"),
    [
        ({"error": {"code": "InvalidAuthenticationToken", "message": "Access token has expired."}}, "unauthorized"),
        ({"error": {"code": "forbidden", "message": "Insufficient permission(s) …"}}, "permissionMissing"),
        (
            {"error": {"code": "UnknownError", "message": '{"code":"Forbidden","message":"Access Denied."}'}},
            "accessDenied",
        ),
        ({"error": {"code": "TooManyRequests", "message": "Too many requests."}}, "throttled"),
        ({"title": "Gone away", "status": 408, "detail": "The caller gave up."}, "unclear"),
        ({"error": {"details": [{"message": "User 'x' lacks appropriate licenses"}]}}, "licenseMissing"),
        ({"value": {"status": "failed", "statusDetail": "The user 'x' is not found."}}, "userNotFound"),
    ],
)
def test_a_pasted_answer_means_the_same_with_and_without_its_status(
    pasted: dict[str, object], answer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    explain([json.dumps(pasted)])
    assert f"{answer} (" in capsys.readouterr().out


def test_a_pasted_status_line_counts_and_a_given_status_counts_more(capsys: pytest.CaptureFixture[str]) -> None:
    explain(["HTTP/1.1 429 Too Many Requests"])
    explain(["HTTP/1.1 400 Bad Request\n\n<html>"])
    explain(["403 Forbidden"], status=504)
    explain(["The user 'x' is not found."], status=400)
    explain(["throttled"])
    said = [line.split(" (")[0] for line in capsys.readouterr().out.splitlines() if line.endswith(")")]
    assert said == ["throttled", "unclear", "unclear", "userNotFound", "throttled"]


def test_an_unknown_message_is_said_to_be_unknown(alone: Desk) -> None:
    done = alone.run("explain", "the dog ate the number")
    assert done.code == 0
    assert "The catalogue has no entry for this text." in done.out


def test_a_mistyped_code_gets_the_nearest(alone: Desk) -> None:
    done = alone.run("explain", "numberTakn")
    assert (done.code, done.error) == (2, "desk: numberTakn: no code of the catalogue; did you mean numberTaken?\n")


def test_a_code_of_graphs_is_recognized_like_a_text(capsys: pytest.CaptureFixture[str]) -> None:
    explain(["InvalidTelephoneNumber"])
    assert capsys.readouterr().out.startswith("numberNotAccepted (permanent)")


def test_without_a_text_every_code_is_listed(alone: Desk) -> None:
    done = alone.run("explain")
    assert all(failure.code in done.out for failure in (*CATALOGUE, *NOTICED))


def test_a_pasted_timeout_is_explained_by_what_it_waited_for(capsys: pytest.CaptureFixture[str]) -> None:
    explain([json.dumps({"data": {"error": {"code": "timedOut", "reason": "licenseMissing"}}})])
    assert capsys.readouterr().out.startswith("licenseMissing (wait)")
