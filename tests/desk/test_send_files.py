"""`desk send`: the files beside the table, options that would do nothing, and what the output cannot show."""

from pathlib import Path

import pytest

from tests.desk.conftest import Desk, row


@pytest.mark.parametrize("options", [["--consume"], ["--peek"], ["--timeout", "5"], ["--results", "ends.csv"]])
def test_an_option_of_waiting_without_wait_is_refused_and_nothing_is_sent(desk: Desk, options: list[str]) -> None:
    desk.file(row(100))
    done = desk.run("send", "requests.csv", *options)
    assert done.code == 2
    assert options[0] in done.error
    assert "goes with --wait; nothing was sent" in done.error
    assert desk.texts("number-requests") == []


def test_the_results_never_replace_the_file_whatever_its_path_is_called(desk: Desk) -> None:
    path = desk.file(row(100))
    before = path.read_bytes()
    (desk.folder / "link.csv").symlink_to(path)
    for name in (str(path), "link.csv"):
        done = desk.run("send", "requests.csv", "--wait", "--timeout", "1", "--results", name)
        assert done.code == 2
        assert "name another file with --results" in done.error
    assert path.read_bytes() == before
    assert desk.texts("number-requests") == []


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"a,b\r\n1,2"])
def test_what_is_no_receipt_is_said_and_stays_as_it_is(desk: Desk, content: bytes) -> None:
    desk.file(row(100))
    other = desk.folder / "other.bin"
    other.write_bytes(content)
    done = desk.run("send", "requests.csv", "--receipt", "other.bin")
    assert done.code == 2
    assert "is no receipt of the desk's" in done.error
    assert other.read_bytes() == content
    assert desk.texts("number-requests") == []


def test_a_folder_is_no_file_of_requests(desk: Desk) -> None:
    done = desk.run("send", str(Path()))
    assert (done.code, done.error) == (2, "desk: .: cannot be read (Is a directory)\n")


def test_what_the_output_cannot_show_is_a_mark_and_no_traceback(desk: Desk) -> None:
    """A pipe on Windows has the code page's characters only."""
    desk.service.create_queue("recent-unassignments")
    done = desk.run("brake", environment={"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"})
    assert done.code == 0
    assert done.out.startswith("?" * 50)
