"""Personal data and secrets never reach the app's output: seeded, then searched for in every byte of it at DEBUG."""

import base64
import binascii
import json
import re
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any, Final
from urllib.parse import unquote

from local.demo import SCALED
from local.graph import people
from local.stack import Part, Stack
from tests.reliability.targets import Target, all_of, at_least, none

#: Last digits of numbers, each with another life: the emulator's table tells which.
_LIVES: Final = (
    *("10", "11", "12", "40", "41", "44", "45", "47", "48", "52", "54", "55", "58", "60", "61", "64", "66", "68", "69"),
    *("70", "72", "73", "74", "75", "78", "80", "81", "83", "84", "85", "86", "88", "90", "92"),
)
_PATIENCE_SECONDS: Final = 90.0
_TOKEN: Final = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")
_JWT: Final = re.compile(rb"eyJ[A-Za-z0-9_-]{8,}")


@dataclass(frozen=True, slots=True)
class Found:
    """What the search found.

    Attributes:
        requests: how many were sent.
        ended: how many had their event.
        canaries: how many different things were searched for.
        output_bytes: how much the app wrote.
        in_output: how often each kind was found in it.
        in_events: the kinds that the same search finds where they belong: in the events.
        kinds: all of them.
    """

    requests: int
    ended: int
    canaries: int
    output_bytes: int
    in_output: Counter[str]
    in_events: frozenset[str]
    kinds: frozenset[str]


def run(seed: int) -> Found:
    """Send seeded requests through the local stack, the host at DEBUG, and search what it wrote."""
    rng = Random(seed)  # noqa: S311 - seeds, not secrets
    messages, canaries = _messages(rng)
    with Stack(SCALED, with_host=False) as stack:
        log = stack.folder / "debug-host.log"
        command = [sys.executable, "-m", "tests.reliability.debug_host"]
        host = Part("the Functions host", command, "host ready", log, stack.environment)
        secrets = {stack.environment["IDENTITY_HEADER"]: "identity header", _key(stack.connection): "account key"}
        try:
            host.start()
            requests, operations, events = (stack.queues.get_queue_client(name) for name in stack.queue_names)
            for message in messages:
                requests.send_message(message)
            operations.send_message(json.dumps({"operationUrl": f"https://attacker.example/{_encoded(canaries)}"}))
            heard = _events(events, len(messages))
        finally:
            host.stop()
        output = log.read_bytes()
    known = canaries | secrets
    in_events = search("\n".join(heard).encode(), canaries)
    return Found(
        len(messages),
        len({json.loads(event)["subject"] for event in heard}),
        len(known),
        len(output),
        search(output, known) + Counter({"token": len(_JWT.findall(output))}),
        frozenset(in_events),
        frozenset(canaries.values()),
    )


def targets(found: Found) -> list[Target]:
    """Return the figures."""
    part = "personal data canaries:"
    return [
        all_of(f"{part} requests that ended", found.ended, found.requests),
        at_least(f"{part} searched for", found.canaries, 100),
        at_least(f"{part} bytes of output searched, at DEBUG", found.output_bytes, 10_000),
        all_of(f"{part} kinds that the search finds in the events, where they belong", *_share(found)),
        none(f"{part} found in stdout, stderr and log records, decoded or not", found.in_output.total()),
    ]


def search(content: bytes, canaries: dict[str, str]) -> Counter[str]:
    """Return how often each kind of canary is found, in plain, percent-encoded, escaped or base64 form."""
    texts = [content.lower(), *_decoded(content)]
    texts.append(unquote(content.decode(errors="replace")).encode().lower())
    whole = b"\n".join(texts)
    found: Counter[str] = Counter()
    for canary, kind in canaries.items():
        found[kind] += whole.count(canary.lower().encode())
    return +found


def _decoded(content: bytes) -> Iterator[bytes]:
    """Yield what every base64-looking token says, wherever in the token its first character is."""
    for match in set(_TOKEN.findall(content)):
        plain = match.rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
        for start in range(4):
            part = plain[start:]
            part = part[: len(part) - (len(part) % 4 == 1)]
            try:
                yield base64.b64decode(part + b"=" * (-len(part) % 4)).lower()
            except (binascii.Error, ValueError):
                continue


def _messages(rng: Random) -> tuple[list[str], dict[str, str]]:
    """Return the messages to send, and what is personal in them with its kind."""
    messages: list[str] = []
    canaries: dict[str, str] = {}
    for index, digits in enumerate(_LIVES):
        area = 300 + rng.randrange(200)
        number = f"1{area}55501{digits}"
        target = str(uuid.UUID(int=rng.getrandbits(128), version=4))
        name = f"Kim Canary{rng.randrange(10**8):08}"
        location = f"street-{rng.randrange(10**8):08}"
        message: dict[str, Any] = {
            "requestId": f"canary-{index:03}",
            "telephoneNumber": f"+{number}",
            "assignmentTargetId": target,
            "numberType": "callingPlan",
            "locationId": location,
            "context": {"name": name, "mail": f"{name.split()[1]}@contoso.example"},
        }
        if index % 3 == 1:  # by name; the app finds out who that is
            principal = f"upn.canary{rng.randrange(10**8):08}@{people.DOMAIN}"
            target = people.object_id(principal)
            message |= {"userPrincipalName": principal}
            del message["assignmentTargetId"]
            canaries[principal] = "user principal name"
        canaries |= {number: "telephone number", target: "user", name: "name", location: "location"}
        canaries[message["context"]["mail"]] = "mail"
        messages.append(json.dumps(message))
        if not index % 5:  # wrong in one way or the other: what is wrong with it is told, not what it said
            wrong = [{"assignmentTargetId": message["context"]["mail"]}, {number: name}, {"numberType": name}]
            messages.append(json.dumps(message | {"requestId": f"wrong-{index:03}"} | rng.choice(wrong)))
        if not index % 7:
            text = json.dumps(message | {"requestId": f"coded-{index:03}", "dryRun": True})
            messages.append(base64.b64encode(text.encode()).decode())
    return messages, canaries


def _events(queue: Any, wanted: int) -> list[str]:
    """Take the events until as many requests have ended as were sent, or patience ends."""
    heard: list[str] = []
    ends = time.monotonic() + _PATIENCE_SECONDS
    while len({json.loads(text)["subject"] for text in heard}) < wanted and time.monotonic() < ends:
        page = list(next(queue.receive_messages(messages_per_page=32, visibility_timeout=60).by_page(), ()))
        for message in page:
            heard.append(message.content)
            queue.delete_message(message)
        if not page:
            time.sleep(0.2)
    return heard


def _encoded(canaries: dict[str, str]) -> str:
    """Return a resourceLocation's last part: the telephone number is inside it."""
    number = next(canary for canary, kind in canaries.items() if kind == "telephone number")
    return base64.urlsafe_b64encode(f"{uuid.UUID(int=1)}|+{number}".encode()).decode().rstrip("=")


def _key(connection: str) -> str:
    match = re.search(r"AccountKey=([^;]+)", connection)
    return match[1] if match else ""


def _share(found: Found) -> tuple[int, int]:
    return len(found.in_events), len(found.kinds)
