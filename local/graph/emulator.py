"""The emulator: every call with its token, limit and faults, answered from the tenant's state; no transport in here."""

import json
import re
import uuid
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from local.graph import bodies, controls, orders, reads, users, writes
from local.graph.call import Call, Fault, Reply
from local.graph.exchange import Exchange
from local.graph.limiter import Limiter
from local.graph.magic import Action
from local.graph.plan import Plan
from local.graph.tenant import Tenant
from local.graph.texts import NO_PERMISSION, NO_PRIVILEGES
from local.graph.twist_table import TWISTS
from local.graph.twists import LIST, OPERATION, ORDERS, TOKEN, USER, Twist
from local.graph.vocabulary import MANAGEMENT, READ_ROLE, WRITE_ROLE
from local.identity import endpoint
from local.identity.endpoint import IdentityEndpoint
from local.identity.tokens import Issuer, TokenError

_OPERATION = re.compile(re.escape(MANAGEMENT) + r"/operations(?:\('([^']*)'\)|/([^/]+))")
_NUMBER = re.compile(re.escape(reads.NUMBERS) + r"/([\w=-]+)")
#: OData's full name of an action, as Microsoft's SDKs write it.
_QUALIFIED = "/microsoft.graph.teamsAdministration."
_ONE, _UNKNOWN = "number", "unknown"
_WRITES: Final = {
    f"{reads.NUMBERS}/assignNumber": Action.ASSIGN,
    f"{reads.NUMBERS}/unassignNumber": Action.UNASSIGN,
    f"{reads.NUMBERS}/updateNumber": Action.UPDATE,
}


class Emulator:
    """Microsoft Graph's Teams number calls and its lookup of a user, the identity endpoint, the emulator's controls.

    Deterministic: the same calls at the same times with the same seed are answered alike, down to the ids. Not safe for
    threads: one call at a time.

    Args:
        origins: where clients find it, such as `http://127.0.0.1:7072`; tokens must be for one of these. The first
            stands in Locations for a client that names no other.
        clock: the time in epoch seconds.
        identity_header: the secret of the identity endpoint.
        seed: of the ids; None: different each time.

    Attributes:
        origins: as given.
        tenant: the state.
        issuer: signs tokens and reads them.
    """

    def __init__(
        self,
        origins: tuple[str, ...],
        clock: Callable[[], float],
        identity_header: str = "local",
        seed: int | None = None,
    ) -> None:
        self.origins = origins
        self._clock = clock
        self._ids = Random(seed)  # noqa: S311 - ids of an emulator, nothing secret
        self.tenant = Tenant(clock, self._ids)
        self.issuer = Issuer(clock)
        self._identity = IdentityEndpoint(
            self.issuer, identity_header, self._roles, lambda: self.tenant.plan.token_seconds
        )
        self.reset()

    @property
    def plan(self) -> Plan:
        """How it behaves now."""
        return self.tenant.plan

    def reset(self) -> None:
        """Forget all that happened, and every plan."""
        self.tenant.reset()
        self.counts: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self._follow(Plan())

    def change(self, change: object) -> Plan:
        """Set some fields of the plan and return all of it; the faults begin anew from its seed.

        Raises:
            PlanError: a field is unknown or its value is wrong; then nothing is changed.
        """
        self._follow(self.plan.changed(change))
        return self.plan

    def move(
        self, telephone_number: str, assignment_target_id: str | None, assignment_category: str = "primary"
    ) -> None:
        """Give a number to somebody at once, or with None to nobody, as an administrator may.

        Raises:
            Refusal: what is asked is malformed, or the tenant has no such number.
        """
        asked = {
            "telephoneNumber": telephone_number,
            "assignmentTargetId": assignment_target_id,
            "assignmentCategory": assignment_category,
        }
        orders.move(bodies.move(asked), self.tenant)

    def stats(self) -> dict[str, Any]:
        """Return what was counted and how things stand."""
        counted = {name: self.counts[name] for name in ("throttled", "unauthorized", "forbidden")}
        kinds = (*ORDERS, OPERATION, LIST, _ONE, USER, TOKEN, _UNKNOWN)
        asked = {kind: self.counts[f"requests.{kind}"] for kind in kinds}
        return {"requests": asked, **counted, "faults": self.faults, **self.tenant.stats()}

    def answer(self, call: Call) -> Reply:
        """Return the answer to one call, whichever of its parts it is for."""
        path = call.path
        if path.startswith("/emulator/"):
            return controls.answer(call, self)
        if path == endpoint.PATH:
            return self._token(call)
        reply = self._graph(call, unquote(path))
        if self.plan.latency_seconds and reply.fault is not Fault.UNREACHABLE:
            return Reply(reply.status, reply.headers, reply.body, self.plan.latency_seconds, reply.fault)
        return reply

    def _graph(self, call: Call, path: str) -> Reply:
        if self.plan.outage:
            self.faults["outage"] += 1
            return Reply(503, {}, fault=Fault.UNREACHABLE)
        request_id = str(uuid.UUID(int=self._ids.getrandbits(128), version=4))
        exchange = Exchange(call, self._origin(call), self.tenant.advance(), request_id)
        kind, key = _route(call.method, path)
        self.counts[f"requests.{kind}"] += 1
        if (denied := self._denied(kind, exchange)) is not None:
            return self._counted(denied)
        if kind == _UNKNOWN:
            return exchange.error(404, "ResourceNotFound", f"Nothing is found for {call.method} at this path.")
        asked: dict[str, Any] = {}
        if call.method == "POST":
            body = _object(call.body)
            if body is None:
                return exchange.error(400, "BadRequest", "Unable to read JSON request payload.")
            asked = body
        return self._counted(self._carried_out(kind, key, exchange, asked))

    def _carried_out(self, kind: str, key: str, exchange: Exchange, asked: dict[str, Any]) -> Reply:
        if kind in ORDERS:
            return writes.answer(Action(kind), exchange, asked, self.tenant, self._drawn((kind,), exchange.now))
        if kind == LIST:
            return reads.numbers(exchange, self.tenant, lambda kinds: self._drawn(kinds, exchange.now))
        if kind == OPERATION:
            return reads.operation(exchange, key, self.tenant, self._drawn((kind,), exchange.now))
        if kind == USER:
            return users.answer(exchange, key, self.tenant, self._drawn((kind,), exchange.now))
        return reads.one_number(exchange, key, self.tenant)

    def _denied(self, kind: str, exchange: Exchange) -> Reply | None:
        """Return the answer to a call that may not pass; None: it may."""
        scheme, _, token = (exchange.call.headers.get("authorization") or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            return exchange.unauthorized("Access token is empty.")
        try:
            claims = self.issuer.read(token)
        except TokenError:
            return exchange.unauthorized("Access token validation failure.")
        if claims.audience.rstrip("/") not in self.origins:
            return exchange.unauthorized("Access token validation failure. Invalid audience.")
        if claims.expires_on <= exchange.now:
            return exchange.unauthorized("Lifetime validation failed, the token is expired.")
        write = exchange.call.method != "GET"
        until = self.plan.forbidden_until.timestamp() if self.plan.forbidden_until else 0.0
        closed = exchange.now < max(until, self._closed_until)
        if kind == USER:
            if closed or not claims.roles.intersection(self.plan.user_roles):
                return exchange.error(403, "Authorization_RequestDenied", NO_PRIVILEGES)
        elif closed or not (WRITE_ROLE in claims.roles or (READ_ROLE in claims.roles and not write)):
            return exchange.error(403, "forbidden", NO_PERMISSION)
        if self._limiter.refuses(write=write, now=exchange.now):
            return exchange.throttled(self.plan.rate_limit.retry_after if self.plan.rate_limit else None)
        return None

    def _drawn(self, kinds: tuple[str, ...], now: float) -> Twist | None:
        """Draw from the plan's faults: each with its own probability, in the plan's order; the first that hits."""
        for twist, probability in self._faults:
            if not set(kinds).isdisjoint(twist.on) and self._chance.random() < probability:
                self.faults[twist.name] += 1
                if twist.closes_for:
                    self._closed_until = now + twist.closes_for * self.plan.time_scale
                return twist
        return None

    def _counted(self, reply: Reply) -> Reply:
        if (name := _COUNTED.get(reply.status)) is not None:
            self.counts[name] += 1
        return reply

    def _token(self, call: Call) -> Reply:
        self.counts[f"requests.{TOKEN}"] += 1
        if self.plan.identity_down or self._drawn((TOKEN,), self._clock()):
            status, content = 500, {"statusCode": 500, "message": "The identity endpoint is down."}
        else:
            status, content = self._identity.answer(call.query, call.headers)
        return Reply(status, {"Content-Type": "application/json"}, json.dumps(content).encode())

    def _roles(self, audience: str) -> tuple[str, ...]:
        """Only tokens for Graph carry Graph's permissions."""
        return self.plan.roles if audience.rstrip("/") in self.origins else ()

    def _follow(self, plan: Plan) -> None:
        self.tenant.follow(plan)
        self._limiter = Limiter(plan.rate_limit)
        self._faults = [(TWISTS[name], probability) for name, probability in plan.faults.items()]
        self._chance = Random(plan.seed)  # noqa: S311 - faults of an emulator, nothing secret
        self._closed_until = 0.0

    def _origin(self, call: Call) -> str:
        named = f"{urlsplit(self.origins[0]).scheme}://{call.headers.get('host', '')}"
        return named if named in self.origins else self.origins[0]


_COUNTED: Final = {401: "unauthorized", 403: "forbidden", 429: "throttled"}


def _route(method: str, path: str) -> tuple[str, str]:
    """Return what kind of call this is, and the id it names."""
    if method == "POST":
        return _WRITES.get(path.replace(_QUALIFIED, "/"), _UNKNOWN), ""
    if method == "GET" and path == reads.NUMBERS:
        return LIST, ""
    if method == "GET" and (match := _OPERATION.fullmatch(path)):
        return OPERATION, match[1] or match[2] or ""
    if method == "GET" and (match := _NUMBER.fullmatch(path)):
        return _ONE, match[1]
    if method == "GET" and (key := users.key_of(path)) is not None:
        return USER, key
    return _UNKNOWN, ""


def _object(body: bytes) -> dict[str, Any] | None:
    """Return the JSON object in a body, None where there is none."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None
