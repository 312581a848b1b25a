"""Who has which number in the end, who had to give one away on the way, and whether a request asked for it.

Graph's own ledger says what happened: every change of a holder, and the order that led to it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from local.graph.tenant import Tenant as Graph
from teams_numbers.settings import Settings
from tests.reliability.tenants import pool_of
from tests.reliability.witness import Ordered
from tests.reliability.workload import Wanted


@dataclass(slots=True)
class Ends:
    """What is wrong with the ends: each a line that says which and why.

    Attributes:
        unasked: numbers that somebody got and nobody had asked for.
        robbed: numbers that somebody lost whom no request named.
        doubled: people who held two numbers of one pool at once.
        untrue: successes that were not so, within what a reading may be old.
        otherwise: people who end otherwise than the events about them say.
        divided: sendings that ended in two ways.
        overtaken: what would be robbed, but an administrator moved the number within the list's lag.
        twice: what would be divided, but the sending had several items, or somebody else changed the number or person.
        by_admins: what else would stand above, but an administrator moved the number or the person meanwhile.
        late: requests that timed out, or were not confirmed, and came true all the same.
    """

    unasked: list[str] = field(default_factory=list)
    robbed: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    untrue: list[str] = field(default_factory=list)
    otherwise: list[str] = field(default_factory=list)
    divided: list[str] = field(default_factory=list)
    overtaken: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    by_admins: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Return what is wrong, and why."""
        wrong = ("unasked", "robbed", "doubled", "untrue", "otherwise", "divided", "overtaken", "twice")
        return [f"{name}: {line}" for name in wrong for line in getattr(self, name)]


class Office:
    """What HR wanted, and what Graph's ledger says.

    Args:
        wanted: the requests.
        pools: as the setting has them.
        given: who had which number before the first request.
        graph: the emulator's tenant.
        orders: every order that it took.
        lag: how long its list lags, in seconds.
        settings: the app's.
        doubled: the sendings that had several items of the work list.
    """

    def __init__(  # noqa: PLR0917 - what there is to know
        self,
        wanted: Sequence[Wanted],
        pools: Mapping[str, Any],
        given: Mapping[str, str],
        graph: Graph,
        orders: Sequence[Ordered],
        lag: float,
        settings: Settings,
        doubled: Collection[str] = (),
    ) -> None:
        self._doubled = doubled
        self._wanted = {request.request_id: request for request in wanted}
        self._pools, self._given, self._graph = dict(pools), dict(given), graph
        self._orders = {order.request_id: order for order in orders}
        self._lag = lag
        # What a success is read from may be so old, and shows what was so before that.
        self._old = timedelta(seconds=lag) + settings.recent
        self._changes: list[dict[str, Any]] = graph.stats()["holderChanges"]
        self._admin = [change for change in self._changes if change["by"] == "admin"]

    def judge(self, events: Sequence[Mapping[str, Any]]) -> Ends:
        """Judge what happened."""
        found = Ends()
        self._changes_asked_for(found)
        self._one_of_a_pool(found)
        for event in events:
            self._true(event, found)
        self._as_told(events, found)
        self._one_end_each(events, found)
        return found

    def _changes_asked_for(self, found: Ends) -> None:
        for change in self._changes:
            if change["by"] in {"admin", "beforehand"}:
                continue
            order = self._orders.get(change["client-request-id"])
            request = self._wanted.get(order.look.request_id) if order is not None else None
            number, before, after = change["telephoneNumber"], change["before"], change["after"]
            said = f"{request.request_id if request else 'no request'}: {number} from {before} to {after}"
            if before is not None and not (
                request is not None and before == request.person and _takes(request, number)
            ):
                meanwhile = order is not None and self._moved(number, order.at.timestamp(), change["at"])
                (found.overtaken if meanwhile else found.robbed).append(said)
            if after is not None and not (
                request is not None and after == request.person and self._gives(request, number)
            ):
                found.unasked.append(said)

    def _one_end_each(self, events: Sequence[Mapping[str, Any]], found: Ends) -> None:
        """Check that a sending ends in one way; a copy of it may find otherwise, or try where the first one gave up."""
        sendings: dict[str, list[Mapping[str, Any]]] = {}
        for event in events:
            sendings.setdefault(sending_of(event), []).append(event)
        for sending, told in sendings.items():
            if len({event["type"] for event in told}) == 1:
                continue
            request = self._wanted.get(told[0]["subject"])
            times = sorted(datetime.fromisoformat(event["time"]).timestamp() for event in told)
            said = f"{sending}: {', '.join(f'{event["type"].rpartition(".")[2]} {event["time"]}' for event in told)}"
            numbers = {event["data"].get("telephoneNumber") for event in told} - {None}
            others = any(
                times[0] - self._old.total_seconds() <= change["at"] <= times[-1]
                and (change["telephoneNumber"] in numbers or request.person in {change["before"], change["after"]})
                for change in self._changes
                if request is not None and request.person is not None and not self._own(change, request)
            )
            (found.twice if others or sending in self._doubled else found.divided).append(said)

    def _own(self, change: Mapping[str, Any], request: Wanted) -> bool:
        order = self._orders.get(change["client-request-id"])
        return order is not None and order.look.request_id == request.request_id

    def _gives(self, request: Wanted, number: str) -> bool:
        if not request.orders or request.kind in {"unassign", "update"}:
            return False
        own = request.number == number or (request.pool is not None and pool_of(number, self._pools) == request.pool)
        return own or (request.kind == "replace" and self._given.get(number) == request.person)

    def _moved(self, number: str, ordered: float, done: float) -> bool:
        """Say whether an administrator moved a number after the reading that an order went by could show it."""
        since = ordered - self._old.total_seconds()
        return any(move["telephoneNumber"] == number and since <= move["at"] <= done for move in self._admin)

    def _one_of_a_pool(self, found: Ends) -> None:
        held: dict[tuple[str, str], dict[str, str]] = {}
        moves = self._admin[len(self._given) :]
        for change in sorted(self._changes, key=lambda change: change["at"]):  # those of one moment in their order
            number = change["telephoneNumber"]
            pool = pool_of(number, self._pools)
            if pool is None:
                continue
            held.get((change["before"], pool), {}).pop(number, None)
            if change["after"] is None:
                continue
            own = held.setdefault((change["after"], pool), {})
            own[number] = "admin" if change in moves else "order"
            if len(own) > 1:
                said = f"{change['after']} holds {', '.join(own)}"
                (found.by_admins if "admin" in own.values() else found.doubled).append(said)

    def _true(self, event: Mapping[str, Any], found: Ends) -> None:
        """Check that a success was so at a moment that its last reading may have shown."""
        request = self._wanted.get(event["subject"])
        if request is None or not event["type"].endswith(".Succeeded"):
            return
        told, person = event["data"], request.person
        at = datetime.fromisoformat(event["time"]).timestamp()
        since = at - self._old.total_seconds()
        if request.kind == "unassign":
            gone = told.get("unassignedNumbers") or ([request.number] if request.number else [])
            true = all(any(state.target != person for state in self._states(number, since, at)) for number in gone)
        else:
            states = self._states(told["telephoneNumber"], since, at)
            true = any(
                (request.kind == "update" or state.target == person)
                and (request.location is None or state.location_id == request.location)
                for state in states
            )
        if not true:
            found.untrue.append(f"{request.request_id}: {told.get('note')}")

    def _states(self, number: str, since: float, until: float) -> list[Any]:
        known = self._graph.number(number) or self._graph.direct_routing(number)
        return [known.at(since), *(known.at(at) for at in known.since if since < at <= until)]

    def _as_told(self, events: Sequence[Mapping[str, Any]], found: Ends) -> None:
        """Compare what everybody has in the end with what the events about them say, in their order."""
        moves = self._admin[len(self._given) :]
        touched = {move[side] for move in moves for side in ("before", "after")}
        moved = {move["telephoneNumber"] for move in moves}
        held: dict[str, set[str]] = {}
        for number, target in self._graph.stats()["holders"].items():
            held.setdefault(target, set()).add(number)
        told: dict[str | None, set[str]] = {}
        for number, target in self._given.items():
            told.setdefault(target, set()).add(number)
        by, open_ended = dict[str, list[str]](), set[str]()
        happened = [(event["data"]["completedAt"], event) for event in events]
        happened += [(datetime.fromtimestamp(move["at"], UTC).isoformat(), move) for move in moves]
        for _, one in sorted(happened, key=lambda pair: datetime.fromisoformat(pair[0])):
            if "subject" not in one:
                told.get(one["before"], set()).discard(one["telephoneNumber"])
                told.setdefault(one["after"], set()).add(one["telephoneNumber"])
                continue
            request = self._wanted.get(one["subject"])
            if request is None or request.person is None or not request.orders:
                continue
            outcome = one["type"].rpartition(".")[2]
            _follow(one["data"], request, outcome, told.setdefault(request.person, set()))
            by.setdefault(request.person, []).append(f"{request.request_id} {outcome}")
            open_ended |= {request.person} if outcome in {"TimedOut", "Unconfirmed"} else set()
        for person in sorted({*held, *filter(None, told)}):
            has, expected = held.get(person, set()), told.get(person, set())
            if has == expected:
                continue
            said = f"{', '.join(by.get(person, ['nothing']))}: holds {sorted(has)}, not {sorted(expected)}"
            if person in touched or moved & (has | expected):
                found.by_admins.append(said)
            else:
                (found.late if person in open_ended else found.otherwise).append(said)


def sending_of(event: Mapping[str, Any]) -> str:
    """Return which sending of a request an event is about: its context comes back."""
    return str((event["data"].get("context") or {}).get("sending") or event["subject"])


def _follow(told: Mapping[str, Any], request: Wanted, outcome: str, numbers: set[str]) -> None:
    """Change what somebody has as an event says."""
    code = told.get("error", {}).get("code")
    if code != "replaceFailed":  # there the old number was given back
        numbers.difference_update(told.get("unassignedNumbers") or ())
    if code == "numberLost":
        numbers.clear()
    if outcome == "Succeeded" and request.kind == "replace":
        numbers.clear()
    if outcome == "Succeeded" and request.kind not in {"unassign", "update"}:
        numbers.add(told["telephoneNumber"])


def _takes(request: Wanted, number: str) -> bool:
    """Say whether a request asks that its person loses a number."""
    if not request.orders:
        return False
    return request.kind == "replace" or (request.kind == "unassign" and request.number in {None, number})
