"""`desk brake`: what it shows, and that only a release changes anything."""

from contextlib import suppress

from azure.core.exceptions import ResourceExistsError

from tests.desk.conftest import Desk

_QUEUE = "recent-unassignments"


def count(desk: Desk, times: int) -> None:
    queue = desk.service.get_queue_client(_QUEUE)
    with suppress(ResourceExistsError):
        queue.create_queue()
    queue.clear_messages()
    for _ in range(times):
        queue.send_message("{}", time_to_live=3600)


def test_an_open_brake_says_how_many_of_how_many(desk: Desk) -> None:
    count(desk, 3)
    done = desk.run("brake")
    assert (done.code, done.error) == (0, "")
    assert "3 unassignments within 24 hours, 25 allowed" in done.out
    assert "The brake is open." in done.out


def test_a_release_empties_the_count_and_nothing_else_does(desk: Desk) -> None:
    count(desk, 25)
    assert "The brake holds" in desk.run("brake").out
    assert "Nothing was changed." in desk.run("brake", "--release", typed="n\n").out
    assert desk.service.get_queue_client(_QUEUE).get_queue_properties().approximate_message_count == 25
    assert "Released" in desk.run("brake", "--release", "--yes").out
    assert desk.service.get_queue_client(_QUEUE).get_queue_properties().approximate_message_count == 0
