"""Following events: a look takes nothing, taking gives others' back, every row is accounted for."""

from collections import Counter

import pytest

from teams_numbers.contracts import NumberRequest, Outcome
from teams_numbers.events import CompletionEvent
from tests.desk.conftest import Answering, Desk, ended, row, until
from tests.values import request

OUTCOMES = (Outcome.SUCCEEDED, Outcome.FAILED, Outcome.TIMED_OUT)


def strangers(desk: Desk, count: int) -> list[str]:
    """Put events of other requests on the event queue."""
    texts = [ended(request().model_copy(update={"request_id": f"other-{n}"})).to_text() for n in range(count)]
    for text in texts:
        desk.put("number-events", text)
    return texts


def test_more_rows_than_a_look_shows_are_all_accounted_for_whatever_their_end(desk: Desk) -> None:
    desk.file(*(row(number) for number in range(150)))

    def answer(each: NumberRequest) -> CompletionEvent:
        return ended(each, OUTCOMES[int((each.telephone_number or "")[-4:]) % 3])

    with Answering(desk, answer):
        done = desk.run("send", "requests.csv", "--rate", "1000", "--wait")
    assert done.code == 1
    results = desk.results()
    assert [line["line"] for line in results] == [str(number) for number in range(2, 152)]
    assert Counter(line["outcome"] for line in results) == {"Succeeded": 50, "Failed": 50, "TimedOut": 50}
    assert desk.texts("number-events") == []


def test_peek_takes_no_event_and_changes_no_dequeue_count(desk: Desk) -> None:
    desk.file(*(row(number) for number in range(20)))
    with Answering(desk, ended):
        done = desk.run("send", "requests.csv", "--rate", "1000", "--wait", "--peek")
    assert done.code == 0
    left = desk.queue("number-events").peek_messages(32)
    assert [message["dequeue_count"] for message in left] == [0] * 20
    assert {line["outcome"] for line in desk.results()} == {"Succeeded"}


def test_consume_gives_others_events_back_and_takes_its_own_from_behind_them(desk: Desk) -> None:
    others = strangers(desk, 70)
    desk.file(row(1), row(2))
    with Answering(desk, ended):
        done = desk.run("send", "requests.csv", "--wait", "--consume")
    assert done.code == 0
    assert sorted(desk.texts("number-events")) == sorted(others)


def test_consume_does_not_touch_others_events_while_a_look_shows_its_own(desk: Desk) -> None:
    strangers(desk, 5)
    desk.put("pending-operations", "keeps the desk from taking the app for done")
    desk.file(row(1))
    done = desk.run("send", "requests.csv", "--wait", "--consume", "--timeout", "3")
    assert done.code == 4
    assert [message["dequeue_count"] for message in desk.queue("number-events").peek_messages(32)] == [0] * 5


def test_a_repeated_event_counts_once_and_both_copies_are_taken(desk: Desk) -> None:
    desk.file(row(1), row(2))
    events = desk.queue("number-events")

    def answer(each: NumberRequest) -> CompletionEvent:
        if (each.telephone_number or "").endswith("1"):
            desk.put("number-events", ended(each).to_text())
        else:
            until(lambda: not events.get_queue_properties().approximate_message_count)
        return ended(each)

    with Answering(desk, answer):
        done = desk.run("send", "requests.csv", "--wait", "--consume")
    assert done.code == 0
    assert [line["outcome"] for line in desk.results()] == ["Succeeded", "Succeeded"]
    assert desk.texts("number-events") == []
    assert len((desk.folder / "requests.events.jsonl").read_text(encoding="utf-8").splitlines()) == 3


def test_events_that_their_consumer_took_first_end_the_wait_once_nothing_is_in_flight(desk: Desk) -> None:
    desk.file(row(1), row(2))
    with Answering(desk, lambda each: ended(each) if (each.telephone_number or "").endswith("1") else None):
        done = desk.run("send", "requests.csv", "--wait", "--consume")
    assert done.code == 4
    assert [line["outcome"] for line in desk.results()] == ["Succeeded", "Taken"]
    assert "consumer took it before the desk saw it" in desk.results()[1]["message"]


def test_without_a_consumer_peek_says_that_a_look_shows_no_more_than_the_oldest(desk: Desk) -> None:
    strangers(desk, 40)
    desk.file(row(1))
    running = desk.start("send", "requests.csv", "--wait", "--peek")
    running.says("Nobody takes the 32 oldest events on number-events")
    assert running.stop().code == 130
    assert [line["outcome"] for line in desk.results()] == ["Open"]


@pytest.mark.parametrize("how", ["--peek", "--consume"])
def test_what_is_no_event_of_ours_is_left_alone(desk: Desk, how: str) -> None:
    desk.put("number-events", "no event at all")
    desk.file(row(1))
    with Answering(desk, ended):
        assert desk.run("send", "requests.csv", "--wait", how).code == 0
    until(lambda: "no event at all" in desk.texts("number-events"))
