"""What goes wrong shows in the figures: a target that could not fail would promise nothing."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.reliability import __main__ as suite
from tests.reliability import kill_runs, load_held
from tests.reliability.history import History
from tests.reliability.requester import good_requests
from tests.reliability.targets import changed

WANTED = good_requests(300, Random(1))  # noqa: S311 - values of a test
NUMBERS = {request["telephoneNumber"]: request["assignmentTargetId"] for request in WANTED.values()}


def event(request_id: str, outcome: str = "Succeeded", event_id: str = "") -> dict[str, Any]:
    return {"id": event_id or request_id, "subject": request_id, "type": f"Assignment.{outcome}"}


def history(*more: dict[str, Any], leave_out: int = 0) -> History:
    events = [event(request_id) for request_id in list(WANTED)[leave_out:]]
    return History(set(WANTED), set(WANTED), [*events, *more])


def stats(**change: dict[str, Any]) -> dict[str, Any]:
    once = dict.fromkeys(NUMBERS, 1)
    return {"acceptedPerNumber": once, "succeededPerNumber": once, "holders": NUMBERS, "faults": {"outage": 9}} | change


KILLS = kill_runs.Run(history(), WANTED, 20, frozenset(list(WANTED)[:9]), 9, stats(), left=0, aside=0, seconds=1)
SAMPLES = [load_held.Sample(second, 90, 75.0) for second in range(300)]
LOAD = load_held.Run(history(), WANTED, 30.0, SAMPLES, 0, [1.0] * 300, {}, 300)
FIRST, SECOND = list(NUMBERS)[:2]


def test_a_run_without_a_fault_holds_every_target() -> None:
    assert all(target.holds for target in kill_runs.targets(KILLS) + load_held.targets(LOAD))


@pytest.mark.parametrize(
    ("change", "missed"),
    [
        ({"history": history(leave_out=1)}, {"lost", "succeeded"}),
        ({"history": history(event("hire-99999"))}, {"unexpected"}),
        ({"history": history(event("hire-00001", "Failed", "another"))}, {"succeeded"}),
        ({"history": history(event("hire-00001", event_id="another"))}, {"repeated"}),
        ({"history": history(event("hire-00001", event_id="hire-00002"))}, {"repeated"}),
        ({"stats": stats(succeededPerNumber={FIRST: 2})}, {"assigned"}),
        ({"stats": stats(acceptedPerNumber={FIRST: 2})}, {"orders"}),
        ({"stats": stats(holders=NUMBERS | {FIRST: NUMBERS[SECOND]})}, {"held"}),
        ({"stats": stats(holders={FIRST: NUMBERS[FIRST]})}, {"held"}),
        ({"stats": stats(faults={})}, {"Graph out of reach"}),
        ({"kills": 19}, {"killed"}),
        ({"unfinished": frozenset()}, {"unfinished at a dead host"}),
        ({"repeated": 0}, {"queue service down"}),
        ({"left": 1}, {"left unfinished"}),
        ({"aside": 1}, {"left unfinished"}),
    ],
)
def test_what_goes_wrong_in_the_kill_runs_is_named(change: dict[str, Any], missed: set[str]) -> None:
    found = [target.name for target in kill_runs.targets(replace(KILLS, **change)) if not target.holds]
    assert len(found) == len(missed)
    assert all(any(word in name for name in found) for word in missed)


@pytest.mark.parametrize(
    ("change", "missed"),
    [
        ({"history": history(leave_out=1)}, {"lost", "succeeded"}),
        ({"per_second": 29.4}, {"sent"}),
        ({"orders": 301}, {"orders"}),
        ({"left": 1}, {"at the end"}),
        ({"samples": [replace(sample, stored=90 + int(sample.seconds)) for sample in SAMPLES]}, {"messages stored,"}),
        ({"samples": [replace(sample, host_mb=75 + sample.seconds / 20) for sample in SAMPLES]}, {"memory"}),
    ],
    ids=["lost", "slow feed", "ordered twice", "left over", "piled up", "leak"],
)
def test_what_goes_wrong_under_load_is_named(change: dict[str, Any], missed: set[str]) -> None:
    found = [target.name for target in load_held.targets(replace(LOAD, **change)) if not target.holds]
    assert len(found) == len(missed)
    assert all(any(word in name for name in found) for word in missed)


def test_figures_are_not_written_from_a_tree_with_changes(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        name = ("-c", "user.name=t", "-c", "user.email=t@contoso.example")
        subprocess.run(["git", *name, *arguments], cwd=tmp_path, check=True, capture_output=True)  # noqa: S607 - whichever git there is

    git("init")
    (tmp_path / "code.py").write_text("1")
    git("add", ".")
    git("commit", "-m", "code")
    (tmp_path / "docs" / "figures").mkdir(parents=True)
    (tmp_path / "docs" / "figures" / "reliability.json").write_text("{}")
    assert changed(tmp_path) == []
    (tmp_path / "code.py").write_text("2")
    (tmp_path / "new.py").write_text("3")
    assert changed(tmp_path) == ["code.py", "new.py"]


def test_the_suite_refuses_to_write_figures_of_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["reliability", "--write"])
    monkeypatch.setattr(suite, "changed", lambda: ["code.py"])
    monkeypatch.setattr(suite, "PARTS", ())
    with pytest.raises(SystemExit, match="2"):
        suite.main()
