"""What both completion flows are made of: the published schema, the order of their steps, and time enough."""

import json
import re

import pytest

from tests.workflows.files import COMPLETED, DEFINITIONS, FORM_COMPLETED, WORKFLOWS, actions, objects
from tests.workflows.language import Call, Item, Literal, Node
from tests.workflows.test_structure import expressions
from workflows.generate import event_schema

each = pytest.mark.parametrize("name", [COMPLETED, FORM_COMPLETED])
#: What a run may take, in seconds, with a backlog waiting behind it.
RUN = 30
#: How many messages the connector takes at a time: the most that the queue service gives.
BATCH = 32


@each
def test_a_completion_flow_parses_with_the_published_schema(name: str) -> None:
    assert DEFINITIONS[name]["actions"]["Parse_the_event"]["inputs"]["schema"] == event_schema()


@each
def test_every_field_that_a_completion_flow_reads_is_in_the_published_schema(name: str) -> None:
    read = {path for node in expressions(DEFINITIONS[name]) for path in fields(node)}
    assert ("data", "error", "advice") in read
    for path in read:
        schema = event_schema()
        for key in path:
            schema = schema["properties"][key]
            if key == "context":  # the requester's own
                break


def fields(node: Node) -> list[tuple[str, ...]]:
    """Return the paths that a tree reads from the parsed event."""
    if isinstance(node, Item):
        path, of = [node.key], node.of
        while isinstance(of, Item):
            path.insert(0, of.key)
            of = of.of
        if of == Call("body", (Literal("Parse_the_event"),)):
            return [tuple(str(key.value) for key in path if isinstance(key, Literal))]
        return fields(node.of) + fields(node.key)
    return [path for argument in node.arguments for path in fields(argument)] if isinstance(node, Call) else []


@each
def test_a_message_is_deleted_last_and_only_after_everything_before_it_succeeded(name: str) -> None:
    top = DEFINITIONS[name]["actions"]
    followed = {before for action in top.values() for before in action["runAfter"]}
    assert {key for key in top if key not in followed} == {"Delete_message_(V2)", "Delete_what_is_no_event"}
    for key, action in top.items():
        expected = ["Failed", "TimedOut"] if key == "Was_it_kept_before" else ["Succeeded"]
        assert all(statuses == expected for statuses in action["runAfter"].values())
    deleting = [
        key for key, action in actions(DEFINITIONS[name]).items() if "popreceipt" in str(action.get("inputs", ""))
    ]
    assert deleting == ["Delete_message_(V2)", "Delete_what_is_no_event"]


@each
def test_two_copies_of_one_event_are_never_handled_at_the_same_time(name: str) -> None:
    (trigger,) = DEFINITIONS[name]["triggers"].values()
    assert trigger["runtimeConfiguration"]["concurrency"]["runs"] == 1


def test_both_completion_flows_say_the_same_to_the_same_people() -> None:
    """But for where the tickets' address stands, and what only one of them has: the lifecycle workflows."""
    one, other = (actions(DEFINITIONS[name]) for name in (COMPLETED, FORM_COMPLETED))
    for key in ("Text", "Tellings", "Tell", "Outcome", "Delivery"):
        said = json.dumps(other[key]["inputs"]).replace(
            "outputs('Settings')?['ticketMail']", "parameters('ticketMail')"
        )
        assert said == json.dumps(one[key]["inputs"])
    more = {key for key in one if key not in other}
    assert {key for key in more if "allback" not in key and "lifecycle" not in key} == {
        "It_was_taken_or_nobody_waits_any_more"
    }
    assert set(other) - set(one) == {"Settings"}


def timing(name: str) -> tuple[int, int, int]:
    """Return runs at a time, runs that may wait, and the visibility timeout in seconds."""
    (trigger,) = DEFINITIONS[name]["triggers"].values()
    concurrency = trigger["runtimeConfiguration"]["concurrency"]
    values = trigger["inputs"].get("queries", trigger["inputs"].get("parameters"))
    return concurrency["runs"], concurrency["maximumWaitingRuns"], int(values["visibilitytimeout"])


def oldest_receipt(events: int, runs: int, waiting: int) -> int:
    """Return the age in seconds of the oldest receipt with which a message of a backlog is deleted.

    A poll each minute takes a full batch whenever fewer runs wait than may; each run takes RUN seconds.
    """
    queue: list[int] = []
    free = [0] * runs
    oldest = now = 0
    while events or queue:
        if events and len(queue) < waiting:
            taken = min(BATCH, events)
            events -= taken
            queue += [now] * taken
        while queue and min(free) <= now + 60:
            slot = free.index(min(free))
            free[slot] = max(free[slot], now) + RUN
            oldest = max(oldest, free[slot] - queue.pop(0))
        now += 60
    return oldest


@each
def test_a_backlog_is_told_before_its_receipts_expire(name: str) -> None:
    """Else every event would come again while it waits, be looked up again, and fail to be deleted."""
    runs, waiting, timeout = timing(name)
    oldest = oldest_receipt(5000, runs, waiting)
    assert oldest <= (waiting - 1 + BATCH + runs) * RUN <= timeout
    assert oldest > timeout / 4  # it is a backlog that the timeout is for


def test_the_earlier_setting_did_not_hold() -> None:
    assert oldest_receipt(5000, 1, 100) > 600


@each
def test_as_many_runs_may_wait_as_the_service_asks_for(name: str) -> None:
    """At least ten more than may run, at most 100: the limits of Logic Apps; and one batch must fit."""
    runs, waiting, _ = timing(name)
    assert max(10 + runs, BATCH) <= waiting <= 100


@each
def test_a_step_that_is_refused_gives_up_within_the_run(name: str) -> None:
    """Logic Apps' own four retries pause for a minute and a half; the next delivery is the better retry."""
    every = [part for part in objects(DEFINITIONS[name]["actions"]) if "host" in part or "uri" in part]
    assert every
    for part in every:
        assert part["retryPolicy"] == {"type": "fixed", "count": 2, "interval": "PT5S"}


def test_the_page_does_the_arithmetic_with_the_figures_of_the_definition() -> None:
    runs, waiting, timeout = timing(COMPLETED)
    page = (WORKFLOWS / "logic-app-completed" / "README.md").read_text(encoding="utf-8")
    figures = [int(figure.replace(",", "")) for figure in re.findall(r"[\d,]*\d", page.partition("## A backlog")[2])]
    assert figures[:3] == [waiting, BATCH, RUN]
    assert [waiting - 1, BATCH, runs, RUN, (waiting - 1 + BATCH + runs) * RUN] == figures[3:8]
    assert timeout in figures[8:]
