"""What a story of the fault suite needs: a request, a hand in every act that leaves the app, answers made up."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any

import requests
from azure.core.exceptions import ServiceRequestError, ServiceResponseError
from requests.structures import CaseInsensitiveDict
from urllib3 import HTTPResponse

from tests.reliability.world import World

NUMBER = "+12065550110"
USER = "6f0b2f8c-90f5-4a0e-9c39-1f0a3f8b6d21"
POOLS = json.dumps(
    {"seattle": {"numberType": "callingPlan", "numbers": [{"startsWith": "+1206"}], "locationId": "loc-1"}}
)
#: The fields of a request for a number of the pool.
FROM_POOL: dict[str, Any] = {"telephoneNumber": None, "numberType": None, "pool": "seattle"}
READ, ORDER = "GET number", "POST assignNumber"
HOUR = timedelta(hours=1)

type Act = Callable[[], Any]


class Crash(BaseException):
    """The process dies: nothing in it catches this."""


@dataclass
class Hand:
    """Writes down every act that leaves the app, and lets some go otherwise.

    Attributes:
        seen: the acts, in order.
        rule: performs an act, or does something else instead.
    """

    seen: list[str] = field(default_factory=list)
    rule: Callable[[str, Act], Any] = lambda _step, act: act()

    def __call__(self, step: str, act: Act) -> Any:
        """Perform an act."""
        self.seen.append(step)
        return self.rule(step, act)


def tenant(hand: Hand | None = None, **settings: Any) -> World:
    """Return a world with a hand in it, and with as many numbers as fit on one page."""
    world = World(1, hand, **{"NUMBER_POOLS": POOLS} | settings)
    world.emulator.change({"inventoryAreas": [206, 208]})
    return world


def request(**fields: Any) -> str:
    """Return a request as HR sends it; a field that is None is left out."""
    usual = {"telephoneNumber": NUMBER, "assignmentTargetId": USER, "numberType": "callingPlan", "requestId": "r"}
    return json.dumps({name: value for name, value in (usual | fields).items() if value is not None})


def ended(world: World) -> dict[str, tuple[str, str | None]]:
    """Take every event; return each request's outcome and error code. A repeat must have the same id."""
    events = world.events()
    assert len({event["id"] for event in events}) == len({event["subject"] for event in events})
    return {
        event["subject"]: (event["type"].rpartition(".")[2], event["data"].get("error", {}).get("code"))
        for event in events
    }


def ordered(world: World) -> dict[str, int]:
    """Return how many orders Graph accepted for each number."""
    return dict(world.emulator.stats()["acceptedPerNumber"])


def reply(status: int, body: Any = b"", **headers: str) -> requests.Response:
    """Return an answer; a body that is no bytes is sent as JSON, `_` in a header's name is a dash."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    response = requests.Response()
    response.status_code, response.headers = status, CaseInsensitiveDict(named)
    response.raw = HTTPResponse(BytesIO(content), headers=named, status=status, preload_content=False)
    return response


def once(step: str, *answers: requests.Response) -> Callable[[str, Act], Any]:
    """Return a rule by which an act is answered so, one after the other, and performed from then on."""
    left = list(answers)
    return lambda now, act: left.pop(0) if now == step and left else act()


def dies_after(step: str) -> Callable[[str, Act], Any]:
    """Return a rule by which the process dies each time after an act has been carried out."""

    def rule(now: str, act: Act) -> Any:
        result = act()
        if now == step:
            raise Crash
        return result

    return rule


def failing(step: str, times: int, *, done: bool = False) -> Callable[[str, Act], Any]:
    """Return a rule by which an act fails so many times, before or after it took effect."""
    left = [times]

    def rule(now: str, act: Act) -> Any:
        if now != step or not left[0]:
            return act()
        left[0] -= 1
        if done:
            act()
            raise ServiceResponseError(step)
        raise ServiceRequestError(step)

    return rule
