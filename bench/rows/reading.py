"""What it costs to read a request, its number by Google's metadata, and to refuse one."""

import json
import subprocess
import sys
from statistics import median

from bench.result import Figure, Row, number
from bench.stand import Stand
from local.stack import ROOT

_NAMES = {
    "import_s": ("import of phonenumbers, with the first request, s of CPU", 3),
    "import_mb": ("import of phonenumbers, MB", 1),
    "read_ms": ("a request read, ms of CPU", 3),
    "refuse_ms": ("a request refused for its number, ms of CPU", 3),
}


def measure(*, quick: bool) -> Row:
    """Read the same requests in several fresh processes."""
    with Stand() as stand:
        runs = [_once(stand.stack.environment) for _ in range(1 if quick else 5)]
    found = {name: median(run[name] for run in runs) for name in runs[0]}
    table = [["reading a request", "median of five processes"]]
    table += [[said, number(found[name], digits)] for name, (said, digits) in _NAMES.items()]
    return Row(
        "reading a request",
        (
            Figure("ms of CPU", found["read_ms"], at_most=0.3),
            Figure("imports of phonenumbers at start", max(run["with_the_app"] for run in runs), at_most=0),
            Figure("ms of CPU to refuse one", found["refuse_ms"]),
        ),
        {"reading": table},
    )


def _once(environment: dict[str, str]) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.reading"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]  # noqa: S101 - or it is no figure
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found
