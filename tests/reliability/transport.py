"""The wire between the app's Graph session and the emulator in one process, and a witness of what went over it."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import requests
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError

from local.graph.adapter import Adapter
from local.graph.call import Call, Reply
from local.graph.emulator import Emulator

ORIGIN: Final = "https://graph.example"
ENDPOINT: Final = f"{ORIGIN}/v1.0"

#: Stands around every act that leaves the process: is told what it is, and returns what it returned, or raises.
type Around = Callable[[str, Callable[[], Any]], Any]


@dataclass(slots=True)
class Grounds:
    """What allowed an order, per telephone number, as far as Graph's answers could be read.

    Attributes:
        free: how often the number read as nobody's, with no order running.
        failed: how often an operation for it ended without the assignment, in Graph's own words.
    """

    free: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)


class Witness(Emulator):
    """The emulator, and what it told the app about each number.

    Attributes:
        grounds: what it told.
    """

    grounds: Grounds

    def answer(self, call: Call) -> Reply:
        """Return the answer to one call, and note what it says."""
        reply = super().answer(call)
        if call.method == "GET" and reply.status == requests.codes.ok and reply.fault is None:
            self._note(call, reply)
        return reply

    def reset(self) -> None:
        """Forget all that happened."""
        super().reset()
        self.grounds = Grounds()

    def _note(self, call: Call, reply: Reply) -> None:
        try:
            said: Mapping[str, Any] = json.loads(reply.body)
        except ValueError:
            return
        listing = said.get("value")
        if isinstance(listing, list):
            number = unquote(call.query).rpartition(" eq '")[2].rstrip("'")
            if all(_nobodys(entry) for entry in listing):
                self.grounds.free[number] += 1
            return
        entity = listing if isinstance(listing, dict) else said
        if entity.get("status") in {"failed", "skipped"}:
            operation = self.tenant.operation(str(entity.get("id")))
            if operation is not None:
                self.grounds.failed[operation.number.telephone_number] += 1


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
    """Return which call it is, for people: `POST assignNumber`, `GET operation`, `GET number`."""
    path = urlsplit(request.url or "").path
    if request.method == "POST":
        return f"POST {path.rpartition('/')[2]}"
    return "GET operation" if "/operations" in path else "GET number"


def _nobodys(number: Mapping[str, Any]) -> bool:
    """Say whether a `numberAssignment` reads as free: unassigned with no order running, or half assigned and failed."""
    state = number.get("activationState")
    return state == "assignmentFailed" or (not number.get("assignmentTargetId") and state != "assignmentPending")
