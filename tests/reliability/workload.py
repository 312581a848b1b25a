"""What HR sends: mostly good requests, some for a number somebody else wants too, some dry, some wrong, some twice."""

import base64
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

from local.graph.inventory import AREAS, PLAIN_BELOW, number_type
from local.graph.vocabulary import NumberType

#: Shares of all requests; what is left is plainly good.
_CONTENDED, _DRY, _WRONG = 0.05, 0.03, 0.03
_TWICE = 0.1
#: Who wants somebody else's number, too, wants that of one of so many requests before.
_NEIGHBORS: Final = 100
#: A request that is sent twice comes again within two hours.
_TWICE_WITHIN: Final = 7200.0


@dataclass(frozen=True, slots=True)
class Request:
    """One request as HR means it.

    Attributes:
        request_id: its id; nobody else has it.
        number: the telephone number, as Graph writes it.
        target: the user's object id.
        text: the message.
        at: when it is sent, in seconds from the beginning; once for each time.
        orders: whether it may lead to an order: it is well-formed and no dry run.
    """

    request_id: str
    number: str
    target: str
    text: str
    at: tuple[float, ...]
    orders: bool


def requests(count: int, seconds: float, rng: Random) -> list[Request]:
    """Return so many distinct requests, spread over so many seconds; a tenth of them is sent twice."""
    unused = _numbers(rng)
    made: list[Request] = []
    for index in range(count):
        draw = rng.random()
        kind = next((name for name, limit in _LIMITS if draw < limit), "good")
        wanted = [other.number for other in made[-_NEIGHBORS:] if other.orders]
        number = rng.choice(wanted) if kind == "contended" and wanted else next(unused)
        target = str(uuid.UUID(int=rng.getrandbits(128), version=4))
        first = rng.uniform(0, seconds)
        again = (first + rng.uniform(0, _TWICE_WITHIN),) if rng.random() < _TWICE else ()
        request_id = f"hire-{index:05}"
        text = _text(request_id, number, target, kind, rng)
        made.append(Request(request_id, number, target, text, (first, *again), kind not in {"dry", "wrong"}))
    return made


_LIMITS: Final = (
    ("contended", _CONTENDED),
    ("dry", _CONTENDED + _DRY),
    ("wrong", _CONTENDED + _DRY + _WRONG),
)


def _numbers(rng: Random) -> Iterator[str]:
    """Yield plainly good numbers of the emulator's inventory in random order, each once."""
    every = [f"+1{area}55501{last:02}" for area in AREAS for last in range(PLAIN_BELOW)]
    rng.shuffle(every)
    yield from every


def _text(request_id: str, number: str, target: str, kind: str, rng: Random) -> str:
    """Return the message, written the one way or the other."""
    shown = rng.choice([number, number[1:], f"tel:{number}", f"+1 ({number[2:5]}) {number[5:8]}-{number[8:]}"])
    message: dict[str, object] = {
        "requestId": request_id,
        "telephoneNumber": shown,
        "assignmentTargetId": target,
        "numberType": number_type(number) or NumberType.CALLING_PLAN,
        "context": {"employeeId": request_id},
    }
    if kind == "dry":
        message["dryRun"] = True
    if kind == "wrong":
        message.update(
            [rng.choice([("assignmentTargetId", "kim@contoso.example"), ("numberType", "mobile"), ("typo", 1)])]
        )
    text = json.dumps(message)
    return base64.b64encode(text.encode()).decode() if rng.random() < 0.5 else text
