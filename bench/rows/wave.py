"""A wave at Graph's limit: reads and writes counted apart with two hosts; then one limit for both, beside version 1."""

import io
import subprocess
import sys
import tarfile
import tempfile
import threading
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.result import Figure, Row, number
from bench.stand import Stand
from local.graph.inventory import good_numbers
from local.stack import ROOT

_LIMIT = 30
#: 4,000 numbers: five pages.
_PLAN = {"latencySeconds": 0.15, "inventoryAreas": 40}
_APART = {"rateLimit": {"perSecond": _LIMIT, "retryAfter": 1}, "operationSeconds": 0.3}
#: An order in a hundred takes more than 13 seconds.
_SHARED = {
    "rateLimit": {"perSecond": _LIMIT, "retryAfter": 1, "shared": True},
    "operationSeconds": {"median": 2, "sigma": 0.8},
}
#: Short waits: what is asked is whether Graph's limit alone decides how long it takes.
_EVERY_SECOND = {"FIRST_POLL_SECONDS": "1", "POLL_SCHEDULE": "* * * * * *"}
_EVERY_FIVE = {"FIRST_POLL_SECONDS": "5", "POLL_SCHEDULE": "*/5 * * * * *"}
#: The last commit of version 1: it asks for each operation by its URL, and reads no number.
_VERSION_1 = "0c412a7ee79a"
_IN_FOLDER = """
import os, runpy, sys
os.chdir(sys.argv.pop(1))
sys.path[0] = os.getcwd()
runpy.run_module("local.host", run_name="__main__", alter_sys=True)
"""
_NOW, _BEFORE, _TWO = "this version", "version 1", "two hosts, reads and writes apart"
_SAMPLE_SECONDS, _MOST = 2.0, 0.99


def measure(*, quick: bool) -> Row:
    """Send more than Graph lets through, and see how long it takes and what is lost."""
    amount = 300 if quick else 1500
    numbers = list(good_numbers())[:amount]
    runs: dict[str, dict[str, Any]] = {}
    with Stand(_EVERY_SECOND, persistent=True) as stand:
        runs[_TWO] = _run(stand, numbers, _APART, [[], []])
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        if unpacked := _unpack(_VERSION_1, Path(folder)):
            stand = stack.enter_context(Stand(_EVERY_FIVE, persistent=True))
            runs[_NOW] = _run(stand, numbers, _SHARED, [[]])
            runs[_BEFORE] = _run(stand, numbers, _SHARED, [[sys.executable, "-c", _IN_FOLDER, folder]])
        assert unpacked or quick, "version 1 is not in this checkout: fetch the whole history"  # noqa: S101
    apart = runs[_TWO]
    figures = [
        Figure("of the orders' own time at the limit", apart["seconds"] / (amount / _LIMIT), at_most=1.05),
        Figure("% of answers 429", 100 * max(run["share"] for way, run in runs.items() if way != _BEFORE), at_most=1),
        Figure("lost", max(run["lost"] for way, run in runs.items() if way != _BEFORE), at_most=0),
    ]
    if _BEFORE in runs:
        sooner = runs[_BEFORE]["most"] / runs[_NOW]["most"]
        figures.append(Figure("times sooner than version 1 where one limit counts all calls", sooner, at_least=1.9))
    series = {way: run["series"] for way, run in runs.items()}
    return Row("a wave at the limit", tuple(figures), {"wave": _table(runs, amount)}, {"ways": series, "limit": _LIMIT})


def _run(stand: Stand, numbers: list[str], plan: dict[str, Any], hosts: Sequence[list[str]]) -> dict[str, Any]:
    """Let a wave through; a host without a command of its own is this app's."""
    stand.reset(**_PLAN | plan)
    throttled: list[int] = []
    ended = threading.Event()

    def sample() -> None:
        while not ended.wait(_SAMPLE_SECONDS):
            throttled.append(stand.stats()["throttled"])

    sampler = threading.Thread(target=sample)
    with ExitStack() as stack:
        for command in hosts:
            stack.enter_context(stand.host(command=command))
        sampler.start()
        arrivals = stand.feed(numbers, per_second=200)
        ended.set()
        sampler.join()
    stats = stand.stats()
    calls = sum(stats["requests"][kind] for kind in ("assign", "operation", "list"))
    came = sorted(at - arrivals.started for at, _ in arrivals.events)
    orders = [operation["createdAt"] - arrivals.started for operation in stats["operations"]]
    return {
        "seconds": came[-1],
        "most": came[int(_MOST * len(came)) - 1],
        "calls": calls,
        "reads": stats["requests"]["list"],
        "throttled": stats["throttled"],
        "share": stats["throttled"] / calls,
        "lost": len(numbers) - arrivals.outcomes()["Succeeded"],
        "series": {"orders": _per_second(orders), "events": _per_second(came), "throttled": throttled},
    }


def _per_second(moments: list[float]) -> list[int]:
    counts = Counter(int(at) for at in moments)
    return [counts[second] for second in range(max(counts, default=0) + 1)]


def _unpack(commit: str, folder: Path) -> bool:
    """Put a commit's files into a folder; say whether this checkout has it."""
    git = ["git", "archive", "--format=tar", commit]
    done = subprocess.run(git, cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        return False
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return True


def _table(runs: dict[str, dict[str, Any]], amount: int) -> list[list[str]]:
    head = ["run", "s until 99 in 100 events", "s until the last", "Graph calls each", "answered 429", "share", "lost"]
    table = [head]
    for way, run in runs.items():
        seconds = [number(run[key], 1) for key in ("most", "seconds")]
        shares = [number(run["calls"] / amount), number(run["throttled"], 0), f"{run['share']:.2%}", str(run["lost"])]
        table.append([way, *seconds, *shares])
    return table
