"""`python -m bench`: measure every row and write docs/figures/, and the tables of docs/performance.md."""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bench import page, plots
from bench.result import Row, markdown
from bench.rows import cpu, growth, loads, memory, reading, real_time, start, transactions, wave
from local.stack import ROOT

#: The page's order.
_ORDER = (
    "Graph calls per assignment",
    "a wave at the limit",
    "done → event",
    "CPU per assignment",
    "reading a request",
    "storage transactions per assignment",
    "memory",
    "start",
    "growth",
    "idle",
)
type Tables = dict[str, list[list[str]]]


def main() -> int:
    """Measure, write, and return 0 where all was measured."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", choices=sorted(_PARTS), help="measure one part and print it")
    parser.add_argument("--write", action="store_true", help="with --only: write that part anew; the others stay")
    parser.add_argument("--quick", action="store_true", help="few rounds of little, print, write nothing")
    parser.add_argument("--render", action="store_true", help="write plots and tables anew from performance.json")
    chosen = parser.parse_args()
    if chosen.render:
        _draw(json.loads(page.JSON.read_text(encoding="utf-8")))
        return 0
    began, commit = time.monotonic(), _commit()
    rows, tables = _PARTS[chosen.only](quick=chosen.quick) if chosen.only else _everything(quick=chosen.quick)
    for row in rows:
        print(json.dumps(row.target(), ensure_ascii=False))
    print("\n\n".join(markdown(table) for table in tables.values()))
    if chosen.write or not (chosen.only or chosen.quick):
        found = _anew(commit, rows, tables) if chosen.only else _found(commit, rows, tables)
        page.FIGURES.mkdir(parents=True, exist_ok=True)
        page.JSON.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        _draw(found)
    print(f"bench: {sum(row.target()['holds'] for row in rows)} of {len(rows)} hold, {time.monotonic() - began:.0f} s")
    return 0


def _everything(*, quick: bool) -> tuple[list[Row], Tables]:
    """Measure every part: what only waits beside what only computes, then what must be alone, one by one."""
    with ThreadPoolExecutor(2) as beside:
        waiting = beside.submit(_say, "transactions", quick=quick)
        real = beside.submit(_say, "real_time", quick=quick)
        parts = [_say("loads", quick=quick), waiting.result(), real.result()]
    parts += [_say(name, quick=quick) for name in ("memory", "reading", "growth", "start", "cpu", "wave")]
    rows = [row for part in parts for row in part[0]]
    tables = {name: table for part in parts for name, table in part[1].items()}
    return sorted(rows, key=lambda row: _ORDER.index(row.name)), tables


def _say(name: str, *, quick: bool) -> tuple[list[Row], Tables]:
    began = time.monotonic()
    found = _PARTS[name](quick=quick)
    print(f"measured {name} in {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return found


def _of(*rows: Row) -> tuple[list[Row], Tables]:
    return list(rows), {name: table for row in rows for name, table in row.tables.items()}


def _transactions(*, quick: bool) -> tuple[list[Row], Tables]:
    row = transactions.measure(quick=quick)
    return _of(row, transactions.idle_row(row))


_PARTS: dict[str, Callable[..., tuple[list[Row], Tables]]] = {
    "transactions": _transactions,
    "loads": lambda *, quick: _of(*loads.measure(quick=quick)),
    "memory": lambda *, quick: _of(memory.measure(quick=quick)),
    "real_time": lambda *, quick: ([], {"real_time": real_time.measure(quick=quick)}),
    "reading": lambda *, quick: _of(reading.measure(quick=quick)),
    "cpu": lambda *, quick: _of(cpu.measure(quick=quick)),
    "wave": lambda *, quick: _of(wave.measure(quick=quick)),
    "start": lambda *, quick: _of(start.measure(quick=quick)),
    "growth": lambda *, quick: _of(growth.measure(quick=quick)),
}


def _commit() -> str:
    """Return the commit that is checked out."""
    git = ["git", "rev-parse", "HEAD"]
    return subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def _found(commit: str, rows: list[Row], tables: Tables) -> dict[str, Any]:
    """Return the content of performance.json."""
    machine = f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    return {
        "commit": commit,
        "machine": machine,
        "targets": [row.target() for row in rows],
        "tables": tables,
        "series": {row.name: row.series for row in rows if row.series},
    }


def _anew(commit: str, rows: list[Row], tables: Tables) -> dict[str, Any]:
    """Return the content of performance.json with some rows measured anew, and the commit at which they were."""
    found: dict[str, Any] = json.loads(page.JSON.read_text(encoding="utf-8"))
    new = _found(commit, rows, tables)
    targets = {target["name"]: target for target in new["targets"]}
    found["targets"] = [targets.get(target["name"], target) for target in found["targets"]]
    found["tables"] |= new["tables"]
    found["series"] |= new["series"]
    found["anew"] = found.get("anew", {}) | dict.fromkeys(targets, commit)
    return found


def _draw(found: dict[str, Any]) -> None:
    plots.draw(found["series"], page.FIGURES)
    page.render()


if __name__ == "__main__":
    sys.exit(main())
