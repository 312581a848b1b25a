"""A person is looked up by user principal name, over a real connection."""

import json
from typing import Any

import pytest

from teams_numbers import failures
from teams_numbers.answers import Denied, NoSuchPerson, Person, Refused, Unclear
from teams_numbers.contracts import Action
from tests.pipeline.loopback import Loopback, Script, answer, client, said
from tests.values import USER


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("anna@contoso.example", "/v1.0/users/anna@contoso.example?$select=id"),
        ("$x@contoso.example", "/v1.0/users('$x@contoso.example')?$select=id"),
        ("anna#EXT#@contoso.example", "/v1.0/users/anna%23EXT%23@contoso.example?$select=id"),
    ],
)
def test_a_person_is_looked_up_by_name(graph: Loopback, name: str, path: str) -> None:
    graph.say = Script(answer(200, {"@odata.context": "x", "id": USER.upper()}))
    assert client(graph.url).person(name) == Person(USER)
    assert graph.heard[0].path == path


def test_nobody_of_that_name_is_an_answer_and_a_gateways_404_is_none(graph: Loopback) -> None:
    graph.say = Script(answer(404, {"error": {"code": "Request_ResourceNotFound", "message": "Resource 'x' …"}}))
    assert client(graph.url).person("anna@contoso.example") == NoSuchPerson()
    graph.say = Script(answer(404, b"<html>"))
    assert client(graph.url).person("anna@contoso.example") == Unclear("status 404", status=404)
    graph.say = Script(answer(400, said("Bad name.")))
    assert client(graph.url).person("anna@contoso.example") == Refused(400, "BadRequest", "Bad name.", None)


def test_a_name_that_nobody_can_have_is_not_sent(graph: Loopback) -> None:
    for name in (
        "",
        "anna",
        "..",
        "delta",
        "$count",
        "../x@y",
        "a/b@y",
        "a@b@c",
        "a\\b@y",
        "a?b@y",
        "a%2fb@y",
        "a b@y",
    ):
        assert client(graph.url).person(name) == NoSuchPerson()
    assert graph.connections == 0


def test_a_lookup_that_is_denied_is_its_own_fault_and_hides_no_other(
    graph: Loopback, caplog: pytest.LogCaptureFixture
) -> None:
    graph.say = Script(answer(403, said("Insufficient privileges to complete the operation."), request_id="g-1"))
    sender = client(graph.url)
    for _ in range(3):
        denied = sender.person("anna@contoso.example")
        assert isinstance(denied, Denied)
        assert (denied.status, denied.failure, denied.graph_request_id) == (403, failures.USER_LOOKUP_DENIED, "g-1")
    graph.say = Script(answer(403, said("Insufficient permission(s)")))
    sender.order(Action.ASSIGN, {})
    lines: list[dict[str, Any]] = [json.loads(record.getMessage()) for record in caplog.records]
    assert [line["code"] for line in lines if line["name"] == "configuration.fault"] == [
        "userLookupDenied",
        "permissionMissing",
    ]
