"""What the ten thousand requests come to: the targets, and what the table does not say."""

from collections import Counter
from typing import Final

from tests.reliability.history import tell
from tests.reliability.many_requests import Run
from tests.reliability.targets import Target, at_least, at_most, none
from tests.reliability.workload import SHARES

_PART: Final = "mixed requests:"
#: The least of all requests that must have come to their wish, whatever failed: else nothing much was tried.
_GOOD: Final = 0.8
#: How many sendings may be judged twice with two outcomes: what stands in the Limits of docs/reliability.md.
_TWICE: Final = 0.001


def targets(found: Run, count: int) -> list[Target]:
    """Return the figures."""
    queue, judged, ends = found.history.check(), found.judged, found.ends
    by_id = found.history.outcomes()
    sent, heard = found.sendings
    good = sum("Succeeded" in outcomes for outcomes in by_id.values())
    foreign = Counter({name: times for name, times in found.unhandled.items() if name not in _STORAGE})
    return [
        at_least(f"{_PART} sent, each in its own words", len(queue.attempted), count),
        none(f"{_PART} lost", len(queue.lost)),
        none(f"{_PART} sendings lost", len(sent - heard)),
        none(f"{_PART} unexpected", len(queue.unexpected)),
        none(f"{_PART} with two outcomes for one sending", len(ends.divided)),
        none(f"{_PART} repeated events that are not the same event", len(found.history.renamed())),
        none(f"{_PART} ended for a failure of the app itself", _internal(found)),
        none(f"{_PART} exceptions besides those of the queue service", foreign.total()),
        none(f"{_PART} messages left over", found.left),
        none(f"{_PART} set aside though well-formed, or not rejected though not", len(found.astray)),
        none(f"{_PART} orders given again that nothing read for the same request allowed", len(judged.blind)),
        none(f"{_PART} orders without a reading of number and person, or for no request", len(judged.unread)),
        none(f"{_PART} unassignments without a reading just before that shows the person", len(judged.unguarded)),
        none(f"{_PART} orders that can hurt and were not stored first", len(judged.unstored)),
        none(f"{_PART} orders before their time", len(judged.early)),
        none(f"{_PART} events before their verdict was stored", found.untold),
        none(f"{_PART} unassignments of a protected number", found.protected),
        none(f"{_PART} numbers that somebody got and nobody had asked for", len(ends.unasked)),
        none(f"{_PART} numbers taken from somebody who was not named", len(ends.robbed)),
        none(f"{_PART} people with two numbers of a pool", len(ends.doubled)),
        none(f"{_PART} successes that were not so", len(ends.untrue)),
        none(f"{_PART} people who end otherwise than the events say", len(ends.otherwise)),
        at_most(f"{_PART} sendings judged twice, with two outcomes", len(ends.twice), round(_TWICE * count)),
        at_least(f"{_PART} that came true", good, round(_GOOD * count)),
        at_least(f"{_PART} numbers moved by administrators meanwhile", found.moves, 1),
        at_least(f"{_PART} restarts after a crash", found.restarts, 1),
        counted(f"{_PART} numbers that an administrator moved and an order took within the lag", ends.overtaken),
        counted(f"{_PART} people who end otherwise than told where an administrator was at work", ends.by_admins),
        counted(f"{_PART} that came true after they had timed out or were not confirmed", ends.late),
    ]


def counted(name: str, lines: list[str]) -> Target:
    """Publish a figure for which there is no goal."""
    return Target(name, "counted", len(lines), holds=True)


def describe(found: Run) -> str:
    """Return what the table does not say."""
    ends = Counter(event["type"].rpartition(".")[2] for event in found.history.events)
    kinds = Counter(request_id.partition("-")[0] for request_id in found.history.attempted)
    wrong = (*found.judged.lines(), *found.ends.lines(), *found.astray)
    return "\n".join(
        [
            tell(found.history.check()),
            f"kinds: {_listed(Counter({kind: kinds[kind] for kind in SHARES}))}",
            f"events: {_listed(ends)}; wrong texts set aside: {found.aside}",
            f"orders: {_listed(found.orders)}; the same again, allowed: {found.judged.repeated}",
            f"touched by administrators: {len(found.by_moves)} requests",
            f"unhandled, so delivered again: {_listed(found.unhandled)}; restarts: {found.restarts}",
            f"simulated: {found.simulated.total_seconds() / 86_400:.0f} days, all tenants together",
            f"faults: {_listed(found.faults)}",
            *wrong,
        ]
    )


#: What the app's functions may raise: the queue service's failures, on which the host delivers the message again.
_STORAGE: Final = {"ServiceRequestError", "ServiceResponseError", "LeaseLostError", "HttpResponseError"}


def _internal(found: Run) -> int:
    return sum((event["data"].get("error") or {}).get("code") == "internalError" for event in found.history.events)


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {times}" for name, times in counts.most_common()) or "none"
