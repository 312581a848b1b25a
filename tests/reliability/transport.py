"""The wire between the app's Graph session and the emulator in one process, and a witness of what went over it."""

import json
import math
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError

from local.graph.adapter import Adapter
from local.graph.call import Call, Reply
from local.graph.emulator import Emulator
from tests.reliability.witness import WORK_LIST, Look, Notes, Ordered

ORIGIN: Final = "https://graph.example"
ENDPOINT: Final = f"{ORIGIN}/v1.0"

#: Stands around every act that leaves the process: is told what it is, and returns what it returned, or raises.
type Around = Callable[[str, Callable[[], Any]], Any]


class Witness(Emulator):
    """The emulator; each order that it takes is written down, with the look that gave it.

    Args:
        origins: where clients find it.
        clock: tells the time.
        notes: where.
        stored: returns the order that the work list has of the message that is being looked at.
        seed: of the ids.
    """

    def __init__(
        self,
        origins: tuple[str, ...],
        clock: Callable[[], datetime],
        notes: Notes,
        stored: Callable[[], dict[str, Any] | None],
        seed: int,
    ) -> None:
        super().__init__(origins, lambda: clock().timestamp(), seed=seed)
        self._now, self._notes, self._stored = clock, notes, stored

    def answer(self, call: Call) -> Reply:
        """Return the answer to one call, and note the order that it gave."""
        if call.method != "POST":
            return super().answer(call)
        stored, before = self._stored(), len(self.tenant.ledger.orders)
        reply = super().answer(call)
        for taken in self.tenant.ledger.orders[before:]:
            look = self._notes.look or Look(0, "", "")
            ordered = Ordered(
                self._now(),
                look,
                str(taken["action"]),
                taken["telephoneNumber"],
                json.loads(call.body).get("assignmentTargetId"),
                taken["holder"],
                stored if look.room == WORK_LIST else None,
                taken["client-request-id"],
            )
            self._notes.ordered.append(ordered)
        return reply

    def orders(self) -> list[Ordered]:
        """Return the orders, each with how it ended."""
        operations = iter(self.stats()["operations"])
        for ordered in self._notes.ordered:
            ordered.done_at = ordered.at.timestamp()
            if ordered.action != "update":
                operation = next(operations)
                ordered.status, ordered.done_at = operation["status"], operation["doneAt"] or math.inf
        return self._notes.ordered


class Wire(Adapter):
    """Carries a session's calls to an emulator in this process.

    Args:
        emulator: answers.
        around: stands around every call.
        wait: is told how many seconds pass while an answer takes its time, or never comes.
    """

    def __init__(self, emulator: Emulator, around: Around, wait: Callable[[float], None]) -> None:
        super().__init__(emulator, wait)
        self._around = around

    def send(self, request: requests.PreparedRequest, *arguments: Any, **options: Any) -> requests.Response:
        """Carry one call."""
        carry = super().send
        response: requests.Response = self._around(_name(request), lambda: carry(request, *arguments, **options))
        return response


class Identity:
    """A credential whose tokens the emulator signs.

    Args:
        emulator: signs.
        around: stands around every asking.
    """

    def __init__(self, emulator: Emulator, around: Around) -> None:
        self._emulator = emulator
        self._around = around

    def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        """Return a token for the scope's resource.

        Raises:
            ClientAuthenticationError: the identity endpoint is down.
        """
        return AccessToken(*self._around("GET token", lambda: self._ask(scopes[0].removesuffix("/.default"))))

    def _ask(self, resource: str) -> tuple[str, int]:
        plan = self._emulator.plan
        if plan.identity_down:
            message = "the identity endpoint answers 500"
            raise ClientAuthenticationError(message)
        return self._emulator.issuer.issue(resource, plan.roles, plan.token_seconds)


def _name(request: requests.PreparedRequest) -> str:
    """Return which call it is, for people: `POST assignNumber`, `GET operation`, `GET number`, `GET person`."""
    path = urlsplit(request.url or "").path
    if request.method == "POST":
        return f"POST {path.rpartition('/')[2]}"
    if "/users" in path:
        return "GET person"
    return "GET operation" if "/operations" in path else "GET number"
