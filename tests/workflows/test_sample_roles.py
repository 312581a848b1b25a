"""No sample makes a call that its role does not allow."""

import json
from collections.abc import Callable

import pytest

from tests.host.processes import until
from tests.workflows.files import example
from tests.workflows.identity import Account
from tests.workflows.roles import PROCESSOR, ROLES, SENDER, allowed
from tests.workflows.samples import RUN, SAMPLES, install, play, text


def calls(queues: Account, last: str, act: Callable[[], object]) -> list[str]:
    """Return the calls that an act made; the service's log, which tells them, may lag behind."""
    before = len(queues.calls())
    act()
    until(f"the {last} in the log", lambda: [call for call in queues.calls()[before:] if call.startswith(last)])
    return queues.calls()[before:]


@pytest.mark.parametrize("language", RUN)
def test_a_sample_that_sends_needs_no_more_than_to_send(language: str, queues: Account) -> None:
    install()
    made = calls(queues, "POST", lambda: play(language, RUN[language][0], queues.environment))
    assert [call for call in made if not allowed(call, "number-requests", SENDER)] == []


@pytest.mark.parametrize("language", RUN)
def test_a_sample_that_reads_needs_no_more_than_to_process(language: str, queues: Account) -> None:
    install()
    queue = queues.queues.get_queue_client("number-events")
    calls(queues, "POST", lambda: queue.send_message(json.dumps(example("Succeeded"))))
    made = calls(queues, "DELETE", lambda: play(language, RUN[language][1], queues.environment))
    assert {call.partition(" ")[0] for call in made} == {"GET", "DELETE"}
    assert [call for call in made if not allowed(call, "number-events", PROCESSOR)] == []


@pytest.mark.parametrize(
    ("call", "role"),
    [
        ("HEAD /a/number-events?comp=metadata", PROCESSOR),
        ("GET /a/number-events?comp=metadata", PROCESSOR),
        ("GET /a/number-events", PROCESSOR),
        ("GET /a?comp=list", PROCESSOR),
        ("GET /a/other/messages?numofmessages=1", PROCESSOR),
        ("POST /a/number-events/messages", PROCESSOR),
        ("GET /a/number-events/messages", SENDER),
    ],
)
def test_a_call_beyond_a_role_is_noticed(call: str, role: str) -> None:
    """Among them the two that `Get-AzStorageQueue` makes."""
    assert not allowed(call, "number-events", role)


def test_the_roles_are_those_that_the_page_asks_for() -> None:
    for role in ROLES:
        assert role in text(SAMPLES / "README.md")
