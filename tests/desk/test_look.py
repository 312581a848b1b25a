"""`desk watch` and `desk pending`: what they show, and that nobody notices."""

import os
import pty
import signal
import subprocess
import sys

from desk.account import Seen
from desk.worklist import Found, observe
from teams_numbers.contracts import Outcome
from tests.desk.conftest import Desk, ended, taken_problem
from tests.values import NOW, request, work_item


def test_watch_shows_depths_ages_and_outcomes_and_takes_nothing(desk: Desk) -> None:
    desk.put("number-requests", "{}")
    desk.put("pending-operations", work_item().to_text())
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


def test_watch_on_a_terminal_goes_on_until_ctrl_c(desk: Desk) -> None:
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "desk", "watch", "--every", "0.2"]
    with subprocess.Popen(command, cwd=desk.folder, env=desk.environment, stdout=follower, stderr=follower) as process:
        os.close(follower)
        shown = read_until(leader, "none yet")
        desk.put("number-events", ended(request()).to_text())
        shown += read_until(leader, "Succeeded 1")
        process.send_signal(signal.SIGINT)
        rest = read_until(leader, None)
        assert process.wait(30) == 0
    os.close(leader)
    assert "Traceback" not in shown + rest


def read_until(terminal: int, text: str | None) -> str:
    """Return what a terminal shows until a text comes, or to its end."""
    shown = ""
    while text is None or text not in shown:
        try:
            part = os.read(terminal, 4096).decode(errors="replace")
        except OSError:  # Linux: the other side is closed
            part = ""
        if not part:
            assert text is None, shown
            break
        shown += part
    return shown


def test_pending_shows_what_waits_what_for_and_how_much_is_not_due(desk: Desk) -> None:
    queue = desk.queue("pending-operations")
    desk.put("pending-operations", work_item(waits_for="throttled").to_text())
    leased = next(iter(queue.receive_messages(visibility_timeout=30)))
    queue.update_message(leased["id"], leased["pop_receipt"], visibility_timeout=0)
    queue.send_message(work_item().to_text(), visibility_timeout=600, time_to_live=-1)
    done = desk.run("pending")
    assert done.code == 0
    assert "throttled" in done.out
    assert "2 on the work list: 1 due now, about 1 not due yet." in done.out
    assert "+12065550100" not in done.out
    assert [message["dequeue_count"] for message in queue.peek_messages(32)] == [1]


def test_pending_looks_as_long_as_it_is_told(desk: Desk) -> None:
    desk.put("pending-operations", work_item().to_text())
    desk.put("pending-operations", "no order")
    done = desk.run("pending", "--for", "1", "--every", "0.2")
    assert "2 on the work list: 1 due now, about 0 not due yet." in done.out
    assert "1 message is not a work item; the app will set that aside." in done.out


def test_an_item_that_is_no_longer_visible_was_taken_by_the_app() -> None:
    found: dict[str, Found] = {}
    seen = Seen("m-1", 1, NOW, work_item().to_text())
    assert observe(found, [seen, Seen("m-2", 1, NOW, "junk")], NOW) == 1
    assert found["m-1"].taken_at is None
    observe(found, [], NOW)
    assert found["m-1"].taken_at == NOW
