"""CPU per assignment: user and system time of the host's process, in turn with the peers'; and of the calls alone."""

from statistics import median

from bench.processes import cpu_seconds, measured
from bench.result import Figure, Row, number
from bench.stand import Stand
from bench.ways import APPS, OURS, PLAIN, SDK
from local.graph.inventory import good_numbers

_WARM, _PER_SECOND = 30, 1000
#: The calls that an assignment makes, one after the other, and nothing else.
_BARE = "its calls alone"
#: 2,000 numbers: three pages.
_AREAS = 20
#: Short waits: they cost no CPU, and the pace is not what is measured here.
_SETTINGS = {"FIRST_POLL_SECONDS": "1", "POLL_SCHEDULE": "*/5 * * * * *", "GRAPH_REQUESTS_PER_SECOND": "200"}


def measure(*, quick: bool) -> Row:
    """Run the same assignments through each way in turn, and compare medians."""
    rounds, amount = (1, 60) if quick else (3, 500)
    numbers = list(good_numbers())
    found: dict[str, list[float]] = {way: [] for way in APPS}
    with Stand(_SETTINGS) as stand:
        for turn in range(rounds):
            for way, app in APPS.items():
                if way == PLAIN and turn:
                    continue  # nothing is compared with it: once is enough
                stand.reset(operationSeconds=0.5, inventoryAreas=_AREAS)
                with stand.host(app) as host:
                    stand.feed(numbers[:_WARM], per_second=_PER_SECOND)
                    before = cpu_seconds(host.pid)
                    arrivals = stand.feed(numbers[_WARM : _WARM + amount], per_second=_PER_SECOND)
                    used = cpu_seconds(host.pid) - before
                assert arrivals.outcomes()["Succeeded"] == amount, arrivals.outcomes()  # noqa: S101 - or it is no figure
                found[way].append(1000 * used / amount)
            stand.reset(inventoryAreas=_AREAS)
            bare = measured("bench.bare", str(amount), environment=stand.stack.environment)
            found.setdefault(_BARE, []).append(1000 * bare["cpu"] / amount)
    middle = {way: median(values) for way, values in found.items()}
    ratios = [sdk / ours for sdk, ours in zip(found[SDK], found[OURS], strict=True)]
    table = [["way", "ms per assignment, median", "least", "most", "times this app"]]
    table += [
        [way, number(middle[way]), number(min(values)), number(max(values)), f"{middle[way] / middle[OURS]:.2f}"]
        for way, values in found.items()
    ]
    return Row(
        "CPU per assignment",
        (
            Figure("ms", middle[OURS], at_most=6.5),
            Figure("times less than msgraph-sdk", median(ratios), at_least=2),
            Figure("ms with msgraph-sdk", middle[SDK]),
            Figure("ms one at a time", middle[PLAIN]),
            Figure("ms its calls alone", middle[_BARE]),
        ),
        {"cpu": table},
        {"ms": found},
    )
