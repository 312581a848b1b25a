"""`desk poison`: look, replay unchanged, discard after asking twice; whatever is not meant stays where it is."""

import json
from pathlib import Path

import pytest

from tests.desk.conftest import Desk, until
from tests.values import message, work_item

BAD = json.dumps(message(telephoneNumber="+12065550142", numberType="fax"))
ODD = ' {"telephoneNumber" : "+1 206 555 0143",\n "x": "ä\\u0000 & <b>"} '


@pytest.fixture
def aside(desk: Desk) -> Desk:
    for name, texts in (("number-requests", [BAD, ODD]), ("pending-operations", [work_item().to_text()])):
        desk.service.create_queue(f"{name}-poison")
        for text in texts:
            desk.put(f"{name}-poison", text)
    return desk


def ids(desk: Desk, name: str = "number-requests") -> list[str]:
    return [message["id"] for message in desk.queue(f"{name}-poison").peek_messages(32)]


def stored(desk: Desk, name: str) -> list[str]:
    return [message["content"] for message in desk.queue(name).peek_messages(32)]


def test_list_says_what_is_wrong_and_hides_numbers(aside: Desk) -> None:
    done = aside.run("poison", "list")
    assert done.code == 0
    assert all(name[:8] in done.out for name in ids(aside) + ids(aside, "pending-operations"))
    assert "numberType" in done.out
    assert "+1•••••••42" in done.out
    assert "5550142" not in done.out
    assert [m["dequeue_count"] for m in aside.queue("number-requests-poison").peek_messages(32)] == [0, 0]


def test_list_says_all_that_is_wrong_on_a_narrow_screen(desk: Desk) -> None:
    desk.service.create_queue("number-requests-poison")
    desk.put("number-requests-poison", json.dumps(message(locationID="somewhere")))
    done = desk.run("poison", "list", environment={"COLUMNS": "80"})
    shown = "".join(line[-20:].strip() for line in done.out.splitlines())
    assert "'locationID':" in shown, done.out


def test_without_poison_queues_nothing_is_set_aside(desk: Desk) -> None:
    assert desk.run("poison", "list").out == "Nothing is set aside.\n"


def test_show_hides_numbers_and_operations_unless_they_may_be_shown(aside: Desk) -> None:
    hidden = aside.run("poison", "show", "--all")
    assert hidden.code == 0
    for secret in ("5550142", "555 0143", "5550100", "QXNza"):
        assert secret not in hidden.out
    assert BAD in aside.run("poison", "show", ids(aside)[0], "--show-numbers").out
    assert len(stored(aside, "number-requests-poison")) == 2


def test_replay_puts_the_very_text_back_after_asking(aside: Desk) -> None:
    first, second = ids(aside)
    done = aside.run("poison", "replay", second[:8], typed="y\n")
    assert done.code == 0
    assert stored(aside, "number-requests") == [ODD]
    assert ids(aside) == [first]


def test_replay_without_a_yes_changes_nothing(aside: Desk) -> None:
    before = sorted(ids(aside))
    done = aside.run("poison", "replay", "--all", typed="n\n")
    assert done.code == 130
    assert "Nothing was changed." in done.out
    assert sorted(ids(aside)) == before
    assert stored(aside, "number-requests") == []


def test_replay_of_all_puts_each_on_its_own_queue(aside: Desk) -> None:
    assert aside.run("poison", "replay", "--all", "--yes").code == 0
    assert stored(aside, "number-requests") == [BAD, ODD]
    assert stored(aside, "pending-operations") == [work_item().to_text()]
    assert ids(aside) == ids(aside, "pending-operations") == []


@pytest.mark.parametrize("typed", ["n\n", "y\n\n", "y\nyes\n", "", "y\n"])
def test_discard_asks_twice_and_without_both_answers_changes_nothing(aside: Desk, typed: str) -> None:
    before = sorted(ids(aside))
    done = aside.run("poison", "discard", "--all", typed=typed)
    assert done.code == 130
    assert "Nothing was changed." in done.out
    assert sorted(ids(aside)) == before
    assert list(aside.folder.iterdir()) == []


def test_discard_writes_what_it_removes_to_a_file(aside: Desk) -> None:
    first, second = ids(aside)
    done = aside.run("poison", "discard", second, typed="y\ndiscard\n")
    assert done.code == 0
    (kept,) = aside.folder.glob("discarded-*.jsonl")
    assert [(line["id"], line["text"]) for line in map(json.loads, kept.read_text().splitlines())] == [(second, ODD)]
    assert kept.stat().st_mode & 0o077 == 0
    assert ids(aside) == [first]


def test_discard_removes_nothing_that_it_could_not_write(aside: Desk) -> None:
    before = sorted(ids(aside))
    nowhere = Path("no-such-folder") / "kept.jsonl"
    done = aside.run("poison", "discard", "--all", "--file", str(nowhere), typed="y\ndiscard\n")
    assert done.code == 5
    assert "cannot be written" in done.error
    assert sorted(ids(aside)) == before


def test_an_id_that_fits_none_is_said_and_everything_is_given_back(aside: Desk) -> None:
    before = sorted(ids(aside))
    done = aside.run("poison", "replay", "zzz", "--yes")
    assert (done.code, done.error) == (2, "desk: zzz: is no message that is set aside\n")
    assert sorted(ids(aside)) == before


def test_neither_ids_nor_all_is_an_error(aside: Desk) -> None:
    done = aside.run("poison", "replay", "--yes")
    assert done.code == 2
    assert "or say --all" in done.error


@pytest.mark.parametrize(("command", "answers"), [("replay", "y\n"), ("discard", "y\ndiscard\n")])
def test_what_somebody_else_removed_while_the_question_stood_is_left_alone(
    aside: Desk, command: str, answers: str
) -> None:
    poison = aside.queue("number-requests-poison")
    running = aside.start("poison", command, "--all", "--queue", "requests")
    until(lambda: not poison.peek_messages(32))
    poison.clear_messages()
    out, _ = running.process.communicate(answers, timeout=30)
    assert running.process.returncode == 1
    assert out.count("was taken by somebody else meanwhile; nothing was done with it") == 2
    assert stored(aside, "number-requests") == []
    assert [path.read_text(encoding="utf-8") for path in aside.folder.glob("discarded-*")] in ([], [""])
