"""`desk watch` and `desk pending`: what they show, and that nobody notices."""

from teams_numbers.messages import Outcome
from tests.desk.conftest import Desk, ended, taken_problem
from tests.values import pending, request


def test_watch_shows_depths_ages_and_outcomes_and_takes_nothing(desk: Desk) -> None:
    desk.put("number-requests", "{}")
    desk.put("pending-operations", pending().to_text())
    desk.put("number-events", ended(request()).to_text())
    desk.put("number-events", ended(request(), Outcome.FAILED, error=taken_problem()).to_text())
    desk.service.create_queue("number-requests-poison").send_message("x", time_to_live=-1)
    done = desk.run("watch", "--for", "0")
    assert (done.code, done.error) == (0, "")
    lines = [line.split() for line in done.out.replace("│", " ").splitlines()]
    assert ["number-requests", "1", "1"] in [line[:3] for line in lines]
    assert next(line for line in lines if line[:1] == ["number-requests"])[-1] == "1"
    assert ["number-events", "2", "2"] in [line[:3] for line in lines]
    assert "Succeeded 1 · Failed 1" in done.out
    assert "numberTaken" in done.out
    for name in ("number-requests", "pending-operations", "number-events"):
        assert {message["dequeue_count"] for message in desk.queue(name).peek_messages(32)} == {0}


def test_watch_masks_numbers_unless_they_may_be_shown(desk: Desk) -> None:
    desk.put("number-events", ended(request()).to_text())
    assert "+12065550100" not in desk.run("watch", "--for", "0").out
    assert "+12065550100" in desk.run("watch", "--for", "0", "--show-numbers").out


def test_watch_counts_a_repeated_event_once(desk: Desk) -> None:
    text = ended(request()).to_text()
    desk.put("number-events", text)
    desk.put("number-events", text)
    assert "Outcomes seen: Succeeded 1\n" in desk.run("watch", "--for", "0").out.replace(" \n", "\n")


def test_watch_ends_on_ctrl_c_with_what_it_last_showed(desk: Desk) -> None:
    running = desk.start("watch", "--every", "0.2")
    desk.put("number-requests", "{}")
    try:
        running.process.wait(3)
    except TimeoutError, Exception:  # noqa: S110
        pass
    assert running.stop().code == 0


def test_pending_shows_what_is_due_how_often_it_was_polled_and_how_many_are_not_due(desk: Desk) -> None:
    queue = desk.queue("pending-operations")
    desk.put("pending-operations", pending().to_text())
    leased = next(iter(queue.receive_messages(visibility_timeout=30)))
    queue.update_message(leased["id"], leased["pop_receipt"], visibility_timeout=0)
    queue.send_message(pending().to_text(), visibility_timeout=600, time_to_live=-1)
    done = desk.run("pending")
    assert done.code == 0
    assert "1 times" in done.out
    assert "now, at the next run" in done.out
    assert "2 in flight: 1 due now, about 1 not due yet." in done.out
    assert "+12065550100" not in done.out
    assert [message["dequeue_count"] for message in queue.peek_messages(32)] == [1]


def test_pending_over_time_tells_when_an_order_that_was_just_polled_is_next_due(desk: Desk) -> None:
    desk.put("pending-operations", pending().to_text())
    running = desk.start("pending", "--for", "8", "--every", "0.2")
    queue = desk.queue("pending-operations")
    import time

    time.sleep(4)
    next(iter(queue.receive_messages(visibility_timeout=600)))
    out, _ = running.process.communicate(timeout=30)
    assert "1 times" in out
    assert "in 1" in out
    assert ", or ended" in out
