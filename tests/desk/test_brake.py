"""`desk brake`: what it shows, and that only a release changes anything."""

from contextlib import suppress
from datetime import timedelta

from azure.core.exceptions import ResourceExistsError

from desk.brake import oldest, state
from tests.desk.conftest import Desk
from tests.values import NOW, work_item

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
    assert "The oldest of them stops counting in " in done.out
    assert "UNASSIGN_PER_DAY is not set here: 25 is its default, and the app's may differ." in done.out


def test_one_is_one() -> None:
    assert state(1, 25).startswith("1 unassignment within 24 hours, 25 allowed")


def test_each_unassignment_counts_for_a_day() -> None:
    times = [NOW - timedelta(hours=3), NOW - timedelta(hours=20, minutes=30), NOW]
    assert oldest(times, NOW) == "The oldest of them stops counting in 3 h 30 min."


def test_the_limit_is_the_apps_where_it_is_set_here(desk: Desk) -> None:
    count(desk, 3)
    done = desk.run("brake", environment={"UNASSIGN_PER_DAY": "3"})
    assert "3 allowed (UNASSIGN_PER_DAY). The brake holds" in done.out
    assert "is not set here" not in done.out


def test_those_that_wait_for_the_brake_are_listed_and_nobody_else(desk: Desk) -> None:
    count(desk, 25)
    leaver = {"action": "unassign", "numberType": None, "requestId": "leaver-7"}
    desk.put("pending-operations", work_item(fields=leaver, waits_for="unassignPaused", waits=4).to_text())
    desk.put("pending-operations", work_item(waits_for="throttled").to_text())
    done = desk.run("brake")
    assert "leaver-7" in done.out
    assert "unassign" in done.out
    assert "+12065550100" not in done.out
    assert "r-1" not in done.out
    assert [message["dequeue_count"] for message in desk.queue("pending-operations").peek_messages(32)] == [0, 0]


def test_a_release_empties_the_count_and_nothing_else_does(desk: Desk) -> None:
    count(desk, 25)
    assert "The brake holds" in desk.run("brake").out
    for typed in ("n\n", ""):  # a no, and the end of the input, as Ctrl-C at the question
        refused = desk.run("brake", "--release", typed=typed)
        assert (refused.code, refused.error) == (130, "")
        assert "Nothing was changed." in refused.out
    assert desk.service.get_queue_client(_QUEUE).get_queue_properties().approximate_message_count == 25
    assert "Released" in desk.run("brake", "--release", "--yes").out
    assert desk.service.get_queue_client(_QUEUE).get_queue_properties().approximate_message_count == 0
