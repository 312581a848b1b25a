"""What it costs to read a request, its number by Google's metadata, and to refuse one."""

from statistics import median

from bench.processes import measured
from bench.result import Figure, Row, number
from bench.stand import Stand

_NAMES = {
    "import_s": ("import of phonenumbers, with the first request, s of CPU", 3),
    "import_mb": ("import of phonenumbers, MB", 1),
    "read_ms": ("a request read, ms of CPU", 3),
    "refuse_ms": ("a request refused for its number, ms of CPU", 3),
}


def measure(*, quick: bool) -> Row:
    """Read the same requests in several fresh processes."""
    with Stand() as stand:
        environment = stand.stack.environment
        runs = [measured("bench.reading", environment=environment) for _ in range(1 if quick else 5)]
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
