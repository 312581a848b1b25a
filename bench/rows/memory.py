"""Memory with a whole list of 79,900 numbers: all that the emulator has."""

from bench.processes import measured
from bench.result import Figure, Row, number
from bench.stand import Stand
from local.graph.inventory import good_numbers

_SIZES = {20: 2_000, 200: 20_000, 799: 79_900}


def measure(*, quick: bool) -> Row:
    """List tenants of three sizes, each in a process of its own."""
    areas = list(_SIZES)[:1] if quick else list(_SIZES)
    first = next(good_numbers())
    table = [["numbers", "MB before", "MB at most", "CPU of one listing, s"]]
    found = {}
    with Stand({"GRAPH_REQUESTS_PER_SECOND": "200"}) as stand:
        for count in areas:
            stand.reset(inventoryAreas=count)
            found[count] = measured("bench.listing", first, environment=stand.stack.environment)
            values = found[count]
            table.append([number(_SIZES[count], 0), *(number(values[key]) for key in ("empty", "peak", "cpu"))])
    most = found[areas[-1]]
    return Row(
        "memory",
        (
            Figure(f"MB with {_SIZES[areas[-1]]:,} numbers", most["peak"], at_most=150),
            Figure("s of CPU to list them", most["cpu"]),
        ),
        {"memory": table},
    )
