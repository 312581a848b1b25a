"""Bad configuration: a wrong setting stops the app at start, by name; a wrong identity costs time, and no request."""

import itertools
import json
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from local.stack import Stack
from tests.reliability.targets import ROOT, Target, all_of, at_least, none
from tests.reliability.world import LogTap, World

#: Settings that are missing or malformed: the setting and its value.
WRONG: Final = (
    ("NumbersStorage", ""),
    ("REQUESTS_QUEUE", "Number_Requests"),
    ("OPERATIONS_QUEUE", "x"),
    ("EVENTS_QUEUE", ""),
    ("POLL_SCHEDULE", "every minute"),
    ("GRAPH_ENDPOINT", "http://graph.microsoft.com/v1.0"),
    ("GRAPH_REQUESTS_PER_SECOND", "fast"),
    ("WAIT_SECONDS", "60,soon"),
)
#: What is wrong with the app's identity, as the emulator's plan.
_FAULTS: Final[dict[str, dict[str, Any]]] = {
    "no permission": {"roles": []},
    "no token": {"identityDown": True},
    "a token that is refused": {"faults": {"unauthorized": 1.0}},
}
_REQUESTS: Final = 20
_LASTS: Final = timedelta(hours=2)
_STARTS_WITHIN_SECONDS: Final = 30


@dataclass(frozen=True, slots=True)
class Found:
    """What was found.

    Attributes:
        named: the wrong settings that stopped the app with one line that names them.
        logged: how often the configuration fault was logged while it lasted, for each identity fault.
        soon: how many of those lines came within a minute after another.
        without_advice: how many of those lines do not say what to do.
        ended: how many requests had succeeded after the fault, of how many.
        early: how many events came while it lasted.
    """

    named: int
    logged: tuple[int, ...]
    soon: int
    without_advice: int
    ended: tuple[int, int]
    early: int


def run(seed: int, wrong: Sequence[tuple[str, str]] = WRONG) -> Found:
    """Start the app with wrong settings; run it with a wrong identity for two hours and then with the right one."""
    named = sum(_stops_by_name(setting, value) for setting, value in wrong)
    logged, soon, without_advice, ended, early = [], 0, 0, 0, 0
    for fault in _FAULTS.values():
        world = World(seed)
        times: list[float] = []
        advised: list[str] = []

        def note(line: str, world: World = world, times: list[float] = times, advised: list[str] = advised) -> None:
            said = json.loads(line)
            if said["name"] == "configuration.fault":
                times.append(world.clock.monotonic())
                advised.append(said.get("advice", ""))

        with LogTap(note):
            world.emulator.change(fault)
            for index in range(_REQUESTS):
                world.send(_request(index))
            world.run(until=world.clock.now() + _LASTS)
            early += len(world.events())
            world.emulator.change(
                {"roles": ["TeamsTelephoneNumber.ReadWrite.All"], "identityDown": False, "faults": {}}
            )
            world.restart()  # as the advice says: a cached token can be a day old
            world.run()
        logged.append(len(times))
        soon += sum(later - sooner < 60 for sooner, later in itertools.pairwise(times))
        without_advice += advised.count("")
        ended += sum(event["type"].endswith(".Succeeded") for event in world.events())
    return Found(named, tuple(logged), soon, without_advice, (ended, len(_FAULTS) * _REQUESTS), early)


def targets(found: Found, wrong: Sequence[tuple[str, str]] = WRONG) -> list[Target]:
    """Return the figures."""
    part = "bad configuration:"
    return [
        all_of(f"{part} wrong settings that stopped the app with one line naming them", found.named, len(wrong)),
        at_least(f"{part} lines about a wrong identity, for each kind", min(found.logged), 10),
        none(f"{part} of these, within a minute of another", found.soon),
        none(f"{part} of these, without what to do", found.without_advice),
        none(f"{part} requests ended for it", found.early),
        all_of(f"{part} requests that succeeded afterwards", *found.ended),
    ]


def _stops_by_name(setting: str, value: str) -> bool:
    """Start the host with one wrong setting; return whether it stopped with one line that names it."""
    with ExitStack() as ends:
        stack = Stack({setting: value}, with_host=False)
        ends.push(stack)  # nothing is started: only its settings are wanted
        done = subprocess.run(
            [sys.executable, "-m", "local.host"],
            cwd=ROOT,
            env=stack.environment,
            capture_output=True,
            text=True,
            timeout=_STARTS_WITHIN_SECONDS,
            check=False,
        )
    lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    return done.returncode != 0 and len(lines) == 1 and setting in lines[0]


def _request(index: int) -> str:
    number = f"+1206555{100 + index:04}"
    target = f"6f0b2f8c-90f5-4a0e-9c39-{index:012}"
    fields = {"telephoneNumber": number, "assignmentTargetId": target, "numberType": "callingPlan"}
    return json.dumps(fields | {"requestId": f"wait-{index:02}"})
