"""`desk send`: nothing is sent of a wrong file; every row is accounted for; the same file is the same requests."""

import json
import signal

from teams_numbers.contracts import Action, NumberRequest, Outcome
from teams_numbers.events import CompletionEvent
from teams_numbers.work_item import Problem
from tests.desk.conftest import HEADER, Answering, Desk, ended, row, taken_problem, until
from tests.values import USER


def sent(desk: Desk) -> list[dict[str, object]]:
    return [json.loads(text) for text in desk.texts("number-requests")]


def test_every_row_becomes_a_request_of_the_contract(desk: Desk) -> None:
    desk.file(row(100, "00417"), row(101, ""))
    done = desk.run("send", "requests.csv", "--rate", "1000")
    assert (done.code, done.error) == (0, "")
    first, second = sent(desk)
    assert first["telephoneNumber"] == "+12065550100"
    assert first["context"] == {"employeeId": "00417"}
    assert "context" not in second


def test_the_same_file_sent_again_has_the_same_request_ids(desk: Desk) -> None:
    desk.file(row(100), row(101))
    desk.run("send", "requests.csv", "--rate", "1000")
    first = [request["requestId"] for request in sent(desk)]
    desk.file(row(101), f"+1 (206) 555-0100,{USER},callingPlan,00417", name="again.csv")
    desk.run("send", "again.csv", "--rate", "1000")
    assert [request["requestId"] for request in sent(desk)] == list(reversed(first))
    assert len(set(first)) == 2


def test_a_wrong_row_is_named_by_line_and_column_and_nothing_is_sent(desk: Desk) -> None:
    desk.file(row(100), f"12,{USER},callingPlan,1", "+12065550102,ada@contoso.example,fax,2")
    done = desk.run("send", "requests.csv")
    assert done.code == 2
    assert "line 3, column 1 (A: telephoneNumber): the country code is missing" in done.error
    assert "line 4, column 2 (B: assignmentTargetId): is a user principal name" in done.error
    assert "line 4, column 3 (C: numberType)" in done.error
    assert "ada@contoso" not in done.error
    assert sent(desk) == []


def test_skip_bad_sends_the_others_and_says_so_in_the_results(desk: Desk) -> None:
    desk.file(row(100), f"12,{USER},callingPlan,1", row(102))
    with Answering(desk, ended):
        done = desk.run("send", "requests.csv", "--skip-bad", "--wait")
    assert done.code == 1
    assert [(line["line"], line["outcome"]) for line in desk.results()] == [
        ("2", "Succeeded"),
        ("3", "Skipped"),
        ("4", "Succeeded"),
    ]
    assert "telephoneNumber: the country code is missing" in desk.results()[1]["message"]


def test_a_dry_run_shows_what_would_be_sent_and_sends_nothing(desk: Desk) -> None:
    desk.file(row(100))
    done = desk.run("send", "requests.csv", "--dry-run", environment={"NumbersStorage": ""})
    assert done.code == 0
    assert '"telephoneNumber":"+1•••••••00"' in done.out
    assert "1 request would be sent; nothing was." in done.out
    assert sent(desk) == []


def test_a_rehearsal_asks_for_dry_runs_under_ids_of_their_own(desk: Desk) -> None:
    desk.file(f"hire-1,{row(100)}", f",{row(101)}", header=f"requestId,{HEADER}")
    desk.run("send", "requests.csv", "--rate", "1000")
    real = {request["requestId"] for request in sent(desk)}
    desk.run("send", "requests.csv", "--rate", "1000", "--rehearse")
    rehearsed = sent(desk)
    assert all(request["dryRun"] is True for request in rehearsed)
    assert "hire-1.rehearsal" in {request["requestId"] for request in rehearsed}
    assert real.isdisjoint({request["requestId"] for request in rehearsed})


def test_a_semicolon_file_with_a_bom_as_excel_writes_it_is_read(desk: Desk) -> None:
    path = desk.folder / "requests.csv"
    lines = f"sep=;\r\n{HEADER};dryRun\r\n{row(100)};TRUE\r\n".replace(",", ";")
    path.write_text(lines, encoding="utf-8-sig", newline="")
    assert desk.run("send", "requests.csv").code == 0
    assert [request["dryRun"] for request in sent(desk)] == [True]


def test_a_receipt_says_what_was_put_and_holds_no_number(desk: Desk) -> None:
    desk.file(row(100), row(101))
    desk.run("send", "requests.csv", "--rate", "1000")
    receipt = desk.results("requests.receipt.csv")
    requests = desk.queue("number-requests").peek_messages(32)
    assert [line["messageId"] for line in receipt] == [message["id"] for message in requests]
    assert [line["requestId"] for line in receipt] == [json.loads(m["content"])["requestId"] for m in requests]
    assert "206555" not in (desk.folder / "requests.receipt.csv").read_text(encoding="utf-8")


def test_resume_without_a_receipt_sends_all(desk: Desk) -> None:
    desk.file(row(100))
    assert desk.run("send", "requests.csv", "--resume").code == 0
    assert len(sent(desk)) == 1


def test_resume_puts_only_what_the_receipt_does_not_have(desk: Desk) -> None:
    desk.file(row(100))
    desk.run("send", "requests.csv")
    desk.file(row(100), row(101))
    done = desk.run("send", "requests.csv", "--resume")
    assert "Put earlier: 1 request," in done.out
    assert [request["telephoneNumber"] for request in sent(desk)] == ["+12065550100", "+12065550101"]


def test_stopped_while_sending_it_says_how_many_and_resume_sends_the_rest(desk: Desk) -> None:
    desk.file(*(row(number) for number in range(100, 140)))
    running = desk.start("send", "requests.csv", "--rate", "10")
    until(lambda: len(desk.queue("number-requests").peek_messages(32)) >= 3)
    stopped = running.stop(signal.SIGINT)
    assert stopped.code == 130
    assert "of 40 were put; go on with --resume" in stopped.error
    assert desk.run("send", "requests.csv", "--resume", "--rate", "1000").code == 0
    assert len({request["requestId"] for request in sent(desk)}) == 40


def test_results_and_summary_name_each_outcome_code_and_advice(desk: Desk) -> None:
    desk.file(row(100), row(101))

    def answer(request: NumberRequest) -> CompletionEvent:
        if (request.telephone_number or "").endswith("101"):
            return ended(request, Outcome.FAILED, error=taken_problem())
        return ended(request)

    with Answering(desk, answer):
        done = desk.run("send", "requests.csv", "--wait")
    assert done.code == 1
    assert [(line["outcome"], line["code"]) for line in desk.results()] == [
        ("Succeeded", ""),
        ("Failed", "numberTaken"),
    ]
    assert "Choose another number." in done.out


def test_no_cell_of_the_results_is_a_formula_and_no_number_is_shown_unless_asked(desk: Desk) -> None:
    desk.file(row(100))
    with Answering(desk, lambda request: ended(request, Outcome.FAILED, error=taken_problem())):
        done = desk.run("send", "requests.csv", "--wait")
        masked = desk.results()[0]
        shown_run = desk.run("send", "requests.csv", "--wait", "--show-numbers")
    assert masked["telephoneNumber"] == "'+1•••••••00"
    assert masked["message"].startswith("'=1+1 [red]")
    assert "\x1b" not in masked["message"]
    assert "5550177" not in masked["message"] + done.out + done.error
    shown = desk.results()[0]
    assert shown["telephoneNumber"] == "'+12065550100"
    assert "+12065550177" in shown["message"]
    assert shown_run.code == 1


def test_an_event_of_an_earlier_time_does_not_count_for_the_request_put_again(desk: Desk) -> None:
    desk.file(row(100))
    long_ago = "2026-01-01T00:00:00Z"
    with Answering(desk, lambda request: ended(request, Outcome.FAILED, received_at=long_ago, error=taken_problem())):
        desk.run("send", "requests.csv", "--wait", "--peek", "--timeout", "2")
    assert [line["outcome"] for line in desk.results()] == ["Open"]
    with Answering(desk, ended):
        desk.run("send", "requests.csv", "--wait", "--peek")
    assert [line["outcome"] for line in desk.results()] == ["Succeeded"]


def test_a_wait_that_was_stopped_goes_on_with_resume_and_loses_no_event_it_took(desk: Desk) -> None:
    desk.file(row(100), row(101))
    with Answering(desk, lambda request: ended(request) if (request.telephone_number or "").endswith("100") else None):
        running = desk.start("send", "requests.csv", "--wait", "--consume")
        journal = desk.folder / "requests.events.jsonl"
        until(lambda: journal.exists() and journal.read_text(encoding="utf-8").endswith("\n"))
        desk.put("pending-operations", "keeps the desk from taking the app for done")
        stopped = running.stop()
    assert stopped.code == 130
    assert sorted(line["outcome"] for line in desk.results()) == ["Open", "Succeeded"]
    done = desk.run("send", "requests.csv", "--resume", "--wait", "--consume", "--timeout", "2")
    assert done.code == 4
    assert sorted(line["outcome"] for line in desk.results()) == ["Open", "Succeeded"]
    assert sent(desk) == []


def test_the_results_never_replace_the_file_itself(desk: Desk) -> None:
    before = desk.file(row(100), name="results.csv").read_bytes()
    done = desk.run("send", "results.csv", "--wait")
    assert done.code == 2
    assert "name another file with --results" in done.error
    assert (desk.folder / "results.csv").read_bytes() == before


def test_nothing_is_sent_that_no_receipt_could_be_written_for(desk: Desk) -> None:
    desk.file(row(100))
    done = desk.run("send", "requests.csv", "--receipt", "no-such-folder/receipt.csv")
    assert done.code == 5
    assert done.error.startswith("desk: no-such-folder/receipt.csv: cannot be written")
    assert sent(desk) == []


def test_a_receipt_that_a_crash_cut_short_is_read_as_far_as_it_goes_and_goes_on(desk: Desk) -> None:
    desk.file(row(100), row(101))
    desk.run("send", "requests.csv", "--rate", "1000")
    receipt = desk.folder / "requests.receipt.csv"
    receipt.write_bytes(receipt.read_bytes()[: -len("T22:00:00+00:00\r\n")])
    sent(desk)
    assert "Put earlier: 1 request," in desk.run("send", "requests.csv", "--resume").out
    assert [request["telephoneNumber"] for request in sent(desk)] == ["+12065550101"]
    assert "Put earlier: 2 requests," in desk.run("send", "requests.csv", "--resume").out


def test_what_is_no_receipt_is_not_taken_for_one(desk: Desk) -> None:
    desk.file(row(100))
    before = (desk.folder / "requests.csv").read_bytes()
    done = desk.run("send", "requests.csv", "--receipt", "requests.csv")
    assert done.code == 2
    assert (desk.folder / "requests.csv").read_bytes() == before
    assert "is no receipt of the desk's" in done.error


def test_a_number_picked_or_unassigned_and_what_was_waited_for_stand_in_the_results(desk: Desk) -> None:
    lines = (
        "assign,anna@contoso.example,seattle",
        "unassign,ben@contoso.example,",
        "assign,eve@contoso.example,seattle",
    )
    desk.file(*lines, header="action,userPrincipalName,pool")
    late = Problem(code="timedOut", message="It waited.", advice="Get more numbers.", reason="poolEmpty")

    def answer(request: NumberRequest) -> CompletionEvent:
        if request.action is Action.UNASSIGN:
            return ended(request, unassigned_numbers=("+12065550111", "+12065550112"))
        if (request.user_principal_name or "").startswith("eve"):
            return ended(request, Outcome.TIMED_OUT, error=late)
        return ended(request, Outcome.UNCONFIRMED, telephone_number="+12065550113", error=late)

    with Answering(desk, answer):
        done = desk.run("send", "requests.csv", "--wait")
    assert done.code == 1
    picked, gone, waited = desk.results()
    assert (picked["outcome"], picked["telephoneNumber"], picked["pool"]) == ("Unconfirmed", "'+1•••••••13", "seattle")
    assert (gone["action"], gone["unassignedNumbers"]) == ("unassign", "'+1•••••••11 +1•••••••12")
    assert (waited["code"], waited["reason"]) == ("timedOut", "poolEmpty")
    assert waited["userPrincipalName"] == "e•••@contoso.example"
    assert "timedOut: poolEmpty" in done.out
    assert "Get more numbers." in done.out


def test_what_may_not_be_meant_is_a_note_and_is_sent(desk: Desk) -> None:
    desk.file(f"+12061234567,{USER},callingPlan,1")
    done = desk.run("send", "requests.csv")
    assert done.code == 0
    assert "requests.csv: note: line 2, column 1 (A: telephoneNumber): is possible, but in no range" in done.out
    assert len(sent(desk)) == 1
