"""The checker itself: it must be able to say no."""

from typing import Any

from tests.reliability.history import History, tell


def event(subject: str, outcome: str = "Succeeded", event_id: str = "1") -> dict[str, Any]:
    return {"subject": subject, "type": f"TeamsPhone.NumberAssignment.{outcome}", "id": event_id}


def test_it_tells_lost_unexpected_duplicated_and_recovered_apart() -> None:
    history = History(
        {"a", "b", "c", "d"}, {"a", "b", "d"}, [event("a"), event("b"), event("b"), event("c"), event("x")]
    )
    found = history.check()
    assert found.ok == {"a", "b", "c"}
    assert [*found.lost, *found.unexpected, *found.duplicated, *found.recovered] == ["d", "x", "b", "c"]
    assert tell(found) == "attempted 4, acknowledged 3, ok 3, lost 1, unexpected 1, duplicated 1, recovered 1"


def test_it_sees_a_request_that_ended_twice_and_an_event_that_changed_its_id() -> None:
    history = History(events=[event("a"), event("a", "Failed", "2"), event("b"), event("b", event_id="3")])
    assert history.outcomes() == {"a": {"Succeeded", "Failed"}, "b": {"Succeeded"}}
    assert history.renamed() == {"b"}
