"""Addresses that lead elsewhere, on the queue and in Graph's answers: the token goes nowhere but to Graph.

A real session and real sockets; an attacker who listens; and the interpreter's own audit of every name looked up and
every connection made, so that addresses nobody listens on count, too.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any, Final, cast
from urllib.parse import quote

from azure.core.credentials import AccessToken

from assign_number import submission
from assign_number.request import Envelope
from local.clock import SimulatedClock
from local.queues import MemoryQueueService
from poll_operation import poller
from teams_numbers.contracts import Action, NumberRequest, NumberType
from teams_numbers.graph import Graph
from teams_numbers.origin import MANAGEMENT
from teams_numbers.queues import open_queues
from teams_numbers.services import Services
from teams_numbers.session import PlainSession
from teams_numbers.work_item import Order, WorkItem
from tests.reliability.listener import Answer, Listener, connections
from tests.reliability.targets import Target, all_of, at_least, none
from tests.reliability.world import EVENTS, OPERATIONS, REQUESTS, UNASSIGNMENTS, Inline, app_settings

_TARGET: Final = "6f0b2f8c-90f5-4a0e-9c39-1f0a3f8b6d21"
_GOOD: Final = f"{MANAGEMENT}/operations('QXNzaWdubWVudHw2Y2E4')"
_GOOD_ONES: Final = 10
#: A number whose list leads elsewhere, and one that reads as the person's.
_LEADS_AWAY: Final = "+12065550100"
_HELD: Final = "+12065550101"


def hostile(graph: str, attacker: str) -> list[str]:
    """Return addresses that are no operation of Graph's.

    Args:
        graph: Graph's host and port.
        attacker: the attacker's host and port.
    """
    port = attacker.rpartition(":")[2]
    good = f"/v1.0{_GOOD}"
    hosts = [
        attacker,
        f"localhost:{port}",
        f"[::1]:{port}",
        f"[::ffff:127.0.0.1]:{port}",
        f"127.1:{port}",
        f"2130706433:{port}",
        f"0x7f000001:{port}",
        f"127.0.0.1.:{port}",
        f"{graph}@{attacker}",
        f"{graph}:x@{attacker}",
        f"{attacker}@{graph}",
        f"@{graph}",
        f"{graph}\\@{attacker}",
        f"{attacker}\\@{graph}",
        f"{graph}%40{attacker}",
        f"{graph}#@{attacker}",
        f"{graph}?@{attacker}",
        f"{graph}.attacker.example",
        "graph.microsoft.com.attacker.example",
        "graph.micros\u043eft.com",
        "graph.microsoft.com\u3002attacker.example",
        "xn--graph-microsoft-9q3h.example",
        "graph-microsoft-com.attacker.example",
        "graph.microsoft.com.",
        f"{graph.partition(':')[0]}",
        f"{graph.partition(':')[0]}:99999",
        f"{graph.partition(':')[0]}:",
        f"{graph}0",
        "[::1",
    ]
    addresses = [f"http://{host}{good}" for host in hosts]
    addresses += [
        f"https://{graph}{good}",
        f"ftp://{graph}{good}",
        f"file://{graph}{good}",
        f"javascript://{graph}{good}",
        f"//{attacker}{good}",
        f"///{attacker}{good}",
        f"/\\{attacker}{good}",
        f"\\\\{attacker}{good}",
        f"http:/{attacker}{good}",
        f"http:{attacker}{good}",
        f" http://{attacker}{good}",
        f"http://{graph}{good}\nHost: {attacker}",
        f"http://{graph}{good}\r\nAuthorization: x",
        f"http://{graph}\t{good}",
        f"http://{graph}/v1.0{MANAGEMENT}/operations('..')",
        f"http://{graph}/v1.0{MANAGEMENT}/operations('x')/../../numberAssignments",
        f"http://{graph}/v1.0{MANAGEMENT}/operations/%2e%2e/%2e%2e/users",
        f"http://{graph}/v1.0{MANAGEMENT}/operations/..%2f..%2fusers",
        f"http://{graph}/v1.0/users",
        f"http://{graph}/v1.0{MANAGEMENT}/numberAssignments",
        f"http://{graph}/v2{_GOOD}",
        f"http://{graph}{good}?next=http://{attacker}/",
        f"http://{graph}{good}#@{attacker}",
        f"http://{graph}/redirect?to=http://{attacker}{good}",
        f"http://{graph}/v1.0{MANAGEMENT}/operations('{'A' * 10_000}')",
        f"http://{graph}/v1.0{MANAGEMENT}/operations('\x00')",
        "http://",
        "",
    ]
    return addresses


@dataclass(frozen=True, slots=True)
class Found:
    """What came of the addresses.

    Attributes:
        tried: how many, on the queue and in a Location each.
        dropped: how many were left out of the items that named them.
        succeeded: how many of the good messages between them ended well.
        followed: how many Locations were stored to be asked.
        attacker_calls: what the attacker heard.
        attacker_tokens: how many tokens came along.
        elsewhere: names looked up and addresses connected to that are not Graph's.
    """

    tried: int
    dropped: int
    succeeded: int
    followed: int
    attacker_calls: tuple[str, ...]
    attacker_tokens: int
    elsewhere: tuple[str, ...]


def run(seed: int) -> Found:
    """Try every address: on the queue of pending operations, as Graph's Location, and as where Graph redirects to."""
    location = [""]

    def graph_says(method: str, path: str) -> Answer:
        elsewhere = f"http://{attacker.address}{_GOOD}"
        if method == "POST":
            return Answer(202, {"Location": location[0]})
        if "/operations('redirect')" in path:
            return Answer(302, {"Location": elsewhere})
        names = {"@odata.nextLink": elsewhere, "@odata.context": elsewhere}
        if "/operations" in path:
            about = {"id": elsewhere, "status": "succeeded", "numbers": [{"resourceLocation": elsewhere}]}
            return Answer(200, {"Location": elsewhere}, json.dumps({"value": about | names}).encode())
        if quote(_LEADS_AWAY, safe="") in path or "filter" not in path:
            return Answer(200, {"Content-Location": elsewhere}, json.dumps({"value": []} | names).encode())
        held = {"telephoneNumber": _HELD, "assignmentTargetId": _TARGET, "assignmentStatus": "userAssigned"}
        listed = [held] if quote(_HELD, safe="") in path else []
        return Answer(200, {"Content-Location": elsewhere}, json.dumps({"value": listed}).encode())

    with (
        Listener(graph_says) as graph,
        Listener(lambda _method, _path: Answer(200, {}, b"{}")) as attacker,
        connections() as seen,
    ):
        addresses = hostile(graph.address, attacker.address)
        stand = _Stand(graph.address, seed)
        texts = [stand.pending(f"hostile-{index}", url) for index, url in enumerate(addresses)]
        good = f"http://{graph.address}/v1.0{_GOOD}"
        texts += [stand.pending(f"good-{n}", good, _HELD) for n in range(_GOOD_ONES)]
        texts += [stand.pending("redirected", f"http://{graph.address}/v1.0{MANAGEMENT}/operations('redirect')")]
        kept, succeeded = stand.poll(texts)
        followed = 0
        for address in addresses:
            location[0] = address.replace("\r", "").replace("\n", "")  # a header cannot carry line ends
            followed += stand.order() and address == location[0]
        stand.poll([])
        elsewhere = tuple(place for place in seen if place != graph.address)
        return Found(
            len(addresses),
            sum(kept.get(f"hostile-{index}") is None for index in range(len(addresses))),
            succeeded,
            followed,
            tuple(attacker.calls),
            attacker.tokens,
            elsewhere,
        )


def targets(found: Found) -> list[Target]:
    """Return the figures."""
    return [
        at_least("hostile operation URLs: tried", found.tried, 40),
        none("hostile operation URLs: connections to the attacker", len(found.attacker_calls)),
        none("hostile operation URLs: Authorization headers at the attacker", found.attacker_tokens),
        none("hostile operation URLs: names looked up or connections made besides Graph's", len(found.elsewhere)),
        all_of("hostile operation URLs: dropped, and the number read instead", found.dropped, found.tried),
        none("hostile operation URLs: Locations stored to be asked", found.followed),
        all_of("hostile operation URLs: good messages among them that succeeded", found.succeeded, _GOOD_ONES),
    ]


class _Stand:
    """The app on queues in memory, with a real session to whatever listens at an address."""

    def __init__(self, graph: str, seed: int) -> None:
        self._clock = SimulatedClock()
        self._service = MemoryQueueService(self._clock)
        for name in (REQUESTS, OPERATIONS, EVENTS, UNASSIGNMENTS):
            self._service.create_queue(name)
        settings = app_settings(GRAPH_ENDPOINT=f"http://{graph}/v1.0")
        token = AccessToken("secret", int((self._clock.now() + timedelta(days=9)).timestamp()))
        credential = cast("Any", _Static(token))
        client = Graph(settings, lambda: credential, PlainSession(1), self._clock)
        queues = open_queues(settings, cast("Any", self._service))
        self._services = Services(settings, queues, client, self._clock, Random(seed))  # noqa: S311 - jitter

    def pending(self, request_id: str, url: str, number: str = _LEADS_AWAY) -> str:
        """Return a work item as somebody who may write to the queue could make it."""
        now = self._clock.now()
        order = Order(
            action=Action.ASSIGN,
            telephone_number=number,
            number_type=NumberType.CALLING_PLAN,
            assignment_target_id=_TARGET,
            sent_at=now,
            submitted_at=now,
        )
        item = WorkItem(request=self._request(request_id, number), received_at=now, order=order, touched=(number,))
        raw = json.loads(item.to_text())
        raw["order"]["operationUrl"] = url
        return json.dumps(raw)

    def poll(self, texts: list[str]) -> tuple[dict[str, str | None], int]:
        """Put items on the work list and let the poller work.

        Returns:
            The operation URL of each item that is kept, by its request's id, and how many requests succeeded.
        """
        for text in texts:
            self._service.get_queue_client(OPERATIONS).send_message(text)
        poller.run(self._services, make_workers=Inline)
        kept = [json.loads(message.text) for message in self._service.store(OPERATIONS)]
        urls = {item["request"]["requestId"]: item.get("order", {}).get("operationUrl") for item in kept}
        return urls, sum("Succeeded" in text for text in self._drain(EVENTS))

    def order(self) -> bool:
        """Submit a request; return whether an address was stored to be asked."""
        text = self._request("order", "+12065550102").to_text()
        submission.handle(Envelope(text, "message", 1, self._clock.now()), self._services)
        newest = list(self._service.store(OPERATIONS))[-1]
        return "operationUrl" in json.loads(newest.text)["order"]

    def _request(self, request_id: str, number: str) -> NumberRequest:
        return NumberRequest(
            request_id=request_id,
            telephone_number=number,
            assignment_target_id=_TARGET,
            number_type=NumberType.CALLING_PLAN,
        )

    def _drain(self, queue: str) -> Iterator[str]:
        store = self._service.store(queue)
        texts = [message.text for message in store]
        store.clear()
        yield from texts


class _Static:
    def __init__(self, token: AccessToken) -> None:
        self._token = token

    def get_token(self, *_: object, **__: object) -> AccessToken:
        return self._token
