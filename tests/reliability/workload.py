"""What HR sends: joiners, leavers, movers, new addresses; some dry, some wrong, some twice, some for later."""

import base64
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from local.graph import people
from tests.reliability.tenants import LOCATION, Tenant, person, pool_of

#: Shares of all requests, in percent.
SHARES: Final = {"pool": 60, "number": 15, "unassign": 15, "replace": 5, "update": 5}
_POOLS: Final = {"north": 25, "south": 12, "range": 20}
#: Shares of each kind.
_DRY, _WRONG, _LATER, _TWICE, _IN_WAVES = 0.03, 0.03, 0.04, 0.1, 0.3
_SAME_PERSON, _CONTENDED, _LEAVES_AGAIN, _OF_NOBODY = 0.05, 0.2, 0.35, 0.2
#: A request that is sent twice comes again within two hours; some leavers' a day later.
_TWICE_WITHIN, _LEAVERS_TWICE_WITHIN, _A_DAY_LATER = 7200.0, 108_000.0, 0.3
_WAVES: Final = 4
#: How names begin; a magic one tells the emulator what happens to whoever has it.
_NAMES: Final = (*["joiner"] * 22, "license-late", "newhire", "new-in-teams")
_OTHER_LOCATION: Final = "loc-2"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One request as HR means it.

    Attributes:
        request_id: its id; nobody else has it.
        kind: what is asked for, one of `SHARES`.
        person: whose object id it is about; None: nobody's.
        number: the number that it names.
        pool: the pool that it names.
        location: the emergency location that must be so in the end.
        fields: the message without its `context`.
        at: when it is sent, in seconds from the beginning; once for each time.
        not_before: when it may be done, if it says so.
        orders: whether it may lead to an order: it is well-formed and no dry run.
        wrong: it is not well-formed.
        encoded: it is sent in base64.
    """

    request_id: str
    kind: str
    person: str | None
    number: str | None
    pool: str | None
    location: str | None
    fields: dict[str, Any]
    at: tuple[float, ...]
    not_before: datetime | None = None
    orders: bool = True
    wrong: bool = False
    encoded: bool = False

    def text(self, sending: int) -> str:
        """Return the message for one sending; its `context` says which, but where the text itself is what is wrong."""
        sending = sending if self.orders else 0
        text = json.dumps(self.fields | {"context": {"sending": f"{self.request_id}#{sending}"}})
        return base64.b64encode(text.encode()).decode() if self.encoded else text


@dataclass(slots=True)
class _Story:
    """What a request is about."""

    kind: str
    name: str | None
    fields: dict[str, Any]
    at: float
    number: str | None = None
    pool: str | None = None
    location: str | None = None


def requests(
    tenant: Tenant, count: int, seconds: float, begin: datetime, rng: Random, *, first: int = 0
) -> list[Wanted]:
    """Return so many distinct requests, spread over so many seconds from a moment on; a tenth of them is sent twice.

    Args:
        tenant: whom they are about.
        count: how many.
        seconds: for how long they come.
        begin: from when on.
        rng: decides.
        first: the number in the first one's id.
    """
    office = _Office(tenant, seconds, rng)
    made = []
    for index in range(first, first + count):
        kind = rng.choices(list(SHARES), list(SHARES.values()))[0]
        made.append(_complete(index, office.story(kind, index), begin, rng))
    return made


@dataclass(slots=True)
class _Office:
    """Who has joined so far, and whom nothing is asked about yet."""

    tenant: Tenant
    seconds: float
    rng: Random
    holders: list[tuple[str, int]] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    joined: list[_Story] = field(default_factory=list)
    waves: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.holders = list(self.tenant.given.items())
        self.rng.shuffle(self.holders)
        self.named = list(self.tenant.named)
        self.waves = [self.rng.random() * self.seconds for _ in range(_WAVES)]

    def story(self, kind: str, index: int) -> _Story:
        """Return what a request of a kind is about."""
        rng = self.rng
        at = rng.choice(self.waves) if rng.random() < _IN_WAVES else rng.random() * self.seconds
        match kind:
            case "pool" if self.joined and rng.random() < _SAME_PERSON:
                joiner = rng.choice(self.joined)  # somebody else in the office asks for the same, too
                return _Story(
                    kind,
                    joiner.name,
                    dict(joiner.fields),
                    joiner.at + rng.choice([0.0, 5.0, 300.0]),
                    None,
                    joiner.pool,
                    joiner.location,
                )
            case "pool":
                pool = rng.choices(list(_POOLS), list(_POOLS.values()))[0]
                location = None if pool == "range" else LOCATION
                joiner = _Story(kind, self._new_name(index), {"pool": pool}, at, None, pool, location)
                self.joined.append(joiner)
                return joiner
            case "number":
                number = self._number(keep=rng.random() < _CONTENDED)  # kept: somebody else wants it next, too
                return _Story(
                    kind, self._new_name(index), {"telephoneNumber": number, "numberType": "callingPlan"}, at, number
                )
            case "unassign" if self.joined and rng.random() < _LEAVES_AGAIN:
                joiner = self.joined.pop(rng.randrange(len(self.joined)))
                leaves = joiner.at + rng.choice([30.0, 600.0, 20_000.0, 100_000.0])
                return _Story(kind, joiner.name, {"action": "unassign"}, leaves)
            case "update" if rng.random() < _OF_NOBODY:
                number = self._number()
                return _Story(kind, None, _moved(number), at, number, location=_OTHER_LOCATION)
        return self._holders_story(kind, index, at)

    def _holders_story(self, kind: str, index: int, at: float) -> _Story:
        """Return what a request is about whose person has a number from the start; has one, as long as any is left."""
        if not self.holders:
            return _Story("unassign", f"stranger.{index}", {"action": "unassign"}, at)
        number, holder = self.holders.pop()
        name = f"holder.{holder}"
        if kind == "replace":
            pool = "north" if pool_of(number, self.tenant.pools) is None else "south"
            return _Story(kind, name, {"pool": pool, "existingNumber": "replace"}, at, None, pool, LOCATION)
        if kind == "update":
            return _Story(kind, name, _moved(number), at, number, location=_OTHER_LOCATION)
        if self.rng.random() < 0.5:
            return _Story(kind, name, {"action": "unassign"}, at)
        return _Story(kind, name, {"action": "unassign", "telephoneNumber": number}, at, number)

    def _number(self, *, keep: bool = False) -> str:
        return self.named[-1] if keep or len(self.named) == 1 else self.named.pop()

    def _new_name(self, index: int) -> str:
        return f"{self.rng.choice(_NAMES)}.{index}"


def _moved(number: str) -> dict[str, Any]:
    return {"action": "update", "telephoneNumber": number, "locationId": _OTHER_LOCATION}


def _complete(index: int, story: _Story, begin: datetime, rng: Random) -> Wanted:
    """Return a request about a story, written the one way or the other."""
    fields, name, not_before = {"requestId": f"{story.kind}-{index:05}", **story.fields}, story.name, None
    if name is not None and rng.random() < 0.5:
        fields["userPrincipalName"] = f"{name}@{people.DOMAIN}"
    elif name is not None:
        fields["assignmentTargetId"] = person(name)
    draw = rng.random()
    if draw < _DRY:
        fields["dryRun"] = True
    elif draw < _DRY + _WRONG:
        fields.update([rng.choice([("assignmentTargetId", "kim@contoso.example"), ("locationId", "?"), ("typo", 1)])])
    elif draw < _DRY + _WRONG + _LATER:
        not_before = begin + timedelta(seconds=story.at + rng.choice([60, 7200, 50_000]))
        fields["notBefore"] = not_before.isoformat()
    late = story.kind == "unassign" and rng.random() < _A_DAY_LATER
    again = (story.at + rng.random() * (_LEAVERS_TWICE_WITHIN if late else _TWICE_WITHIN),)
    return Wanted(
        fields["requestId"],
        story.kind,
        person(name) if name is not None else None,
        story.number,
        story.pool,
        story.location,
        fields,
        (story.at, *(again if rng.random() < _TWICE else ())),
        not_before,
        orders=draw >= _DRY + _WRONG,
        wrong=_DRY <= draw < _DRY + _WRONG,
        encoded=rng.random() < 0.3,
    )
