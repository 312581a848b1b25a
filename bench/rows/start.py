"""Start: import and index in a fresh process, what is deployed, memory after the first invocation."""

import json
import re
import subprocess
import sys
import tempfile
from importlib.metadata import Distribution, distribution
from pathlib import Path
from statistics import median

from packaging.requirements import Requirement

from bench.processes import resident_mb
from bench.result import Figure, Row, number
from bench.stand import Stand
from bench.ways import APPS, OURS, SDK
from local.graph.inventory import good_numbers
from local.stack import ROOT

_CODE = """
import json, sys, time
from pathlib import Path
from local.host.app import App
before = time.process_time()
App(Path(sys.argv[1]))
print(json.dumps(time.process_time() - before))
"""
_COLD, _WARM = "cold", "warm"
#: What each way's requirements name.
_NEEDS = {
    OURS: None,
    SDK: ["azure-functions", "azure-identity", "azure-storage-queue", "azure-core[aio]", "msgraph-sdk"],
}
_PRODUCT = ("function_app.py", "host.json", "requirements.txt", "assign_number", "poll_operation", "teams_numbers")


def measure(*, quick: bool) -> Row:
    """Start both apps in turn, cold and warm, and run each once."""
    rounds = 2 if quick else 5
    times: dict[tuple[str, str], list[float]] = {}
    memory: dict[str, list[float]] = {OURS: [], SDK: []}
    ways = (OURS, SDK)
    with Stand({"FIRST_POLL_SECONDS": "1", "POLL_SCHEDULE": "*/2 * * * * *"}) as stand:
        for _ in range(rounds):
            for way in ways:
                with tempfile.TemporaryDirectory() as cache:
                    for state in (_COLD, _WARM):
                        times.setdefault((way, state), []).append(_start(APPS[way], cache, stand.stack.environment))
        for _ in range(1 if quick else 2):
            for way in ways:
                stand.reset(operationSeconds=0.1)
                with stand.host(APPS[way]) as host:
                    stand.feed(list(good_numbers())[:1], per_second=1)
                    memory[way].append(resident_mb(host.pid))
    sizes = {way: _size(way) for way in ways}
    cold, warm = (median(times[OURS, state]) for state in (_COLD, _WARM))
    table = [["start", *ways, "times this app"]]
    for state in (_COLD, _WARM):
        ours, sdk = (median(times[way, state]) for way in ways)
        table.append([f"import + index, {state} bytecode, s of CPU", number(ours), number(sdk), f"{sdk / ours:.1f}"])
    for place, name in enumerate(("deployed, MB", "deployed, files")):
        ours, sdk = (sizes[way][place] for way in ways)
        table.append([name, number(ours, 1 - place), number(sdk, 1 - place), f"{sdk / ours:.1f}"])
    ours, sdk = (median(memory[way]) for way in ways)
    table.append(["resident after the first assignment, MB", number(ours, 1), number(sdk, 1), f"{sdk / ours:.1f}"])
    return Row(
        "start",
        (
            Figure("s cold bytecode", cold),
            Figure("s warm bytecode", warm, at_most=0.4),
            Figure("MB deployed", sizes[OURS][0], at_most=60),
            Figure("files deployed", sizes[OURS][1]),
            Figure("MB resident", median(memory[OURS]), at_most=90),
        ),
        {"start": table},
    )


def _start(app: Path, cache: str, environment: dict[str, str]) -> float:
    """Return the seconds of CPU in which a fresh process imports and indexes an app; it does nothing else meanwhile."""
    own = {name: value for name, value in environment.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-c", _CODE, str(app)],
        cwd=ROOT,
        env=own | {"PYTHONPYCACHEPREFIX": cache},
        capture_output=True,
        text=True,
        check=True,
    )
    seconds: float = json.loads(done.stdout.splitlines()[-1])
    return seconds


def _size(way: str) -> tuple[float, int]:
    """Return the MB and the number of files that a way deploys: its packages with all they need, and the app itself."""
    names = _NEEDS[way] or [line for line in _lines(ROOT / "requirements.in") if line]
    files = [path for found in _closure(names).values() for path in _files(found)]
    roots = [ROOT / name for name in _PRODUCT] if way == OURS else [APPS[way]]
    files += [path for root in roots for path in ([root] if root.is_file() else root.rglob("*"))]
    kept = [path for path in files if path.is_file() and path.suffix != ".pyc"]
    return sum(path.stat().st_size for path in kept) / 1e6, len(kept)


def _closure(names: list[str]) -> dict[str, Distribution]:
    """Return every installed package that these requirements need on this platform, by name."""
    found: dict[str, Distribution] = {}
    seen: set[str] = set()
    left = list(names)
    while left:
        wanted = Requirement(left.pop())
        if str(wanted) in seen:
            continue
        seen.add(str(wanted))
        package = distribution(wanted.name)
        found[re.sub(r"[-_.]+", "-", wanted.name).lower()] = package
        for text in package.requires or []:
            needed = Requirement(text)
            extras = {""} | wanted.extras
            if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in extras):
                left.append(text.partition(";")[0])
    return found


def _files(package: Distribution) -> list[Path]:
    return [Path(str(file.locate())) for file in package.files or []]


def _lines(path: Path) -> list[str]:
    return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith(("#", "-"))]
