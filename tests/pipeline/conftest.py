"""The whole system, twice: a wave of requests, and requests that are looked at one by one. A Graph on loopback."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from local.demo import SCALED
from local.stack import LOCAL_SETTINGS, Stack
from tests.pipeline.life import Life, until
from tests.pipeline.loopback import Loopback, answer
from tests.pipeline.rows import FULL, IN_ALONE, IN_WAVE, magic_person, wish

_POOLS = json.loads(LOCAL_SETTINGS["NUMBER_POOLS"])
_POOLS |= {"full": {"numberType": "callingPlan", "numbers": [{"startsWith": FULL}], "locationId": "full-house"}}
#: Nothing meets its deadline here, however slow the machine is.
_WAVE = {
    "REQUEST_DEADLINE_HOURS": "1",
    "FIRST_POLL_SECONDS": "0.5",
    "CONFIRM_SECONDS": "12",
    "POLL_BUDGET_SECONDS": "30",
    "UNASSIGN_PER_DAY": "1000",
    "NUMBER_POOLS": json.dumps(_POOLS),
}
#: A list of three pages: a wave reads it again and again. Whatever lags shows within CONFIRM_SECONDS.
_WAVE_PLAN = {"inventoryAreas": [*range(201, 224), 555, 556, 557, 558], "timeScale": 0.05}
#: The deadline comes soon.
_ALONE = {"REQUEST_DEADLINE_HOURS": "0.012"}
#: The list cannot be had, so that each number is read by itself; orders run long enough to be asked about.
_ALONE_PLAN = {"faults": {"page-empty": 1}, "operationSeconds": 4, "timeScale": 0.3}


@pytest.fixture(scope="session")
def life() -> Iterator[Life]:
    """A wave of requests, one for each magic number and person that does not need the other stack."""
    with _running(_WAVE, _WAVE_PLAN, IN_WAVE) as life:
        life.move(FULL, magic_person("who-has-it"))
        yield life


@pytest.fixture(scope="session")
def alone() -> Iterator[Life]:
    """Requests that are looked at one by one, and that end at their deadline where nothing else ends them."""
    with _running(_ALONE, _ALONE_PLAN, IN_ALONE) as life:
        yield life


@contextmanager
def _running(settings: Mapping[str, str], plan: Mapping[str, Any], names: Iterable[str]) -> Iterator[Life]:
    """Run Azurite, the emulator and the host as processes, waits scaled down; the requests are sent at once."""
    with Stack({**SCALED, **settings}, plan=plan) as stack, Life(stack) as life:
        until(lambda: life.log("poll.run"))  # it knows by now that nothing was in flight before it
        for name in names:
            life.send_wish(**wish(name))
        yield life


@pytest.fixture
def graph() -> Iterator[Loopback]:
    """One that lists no numbers, until a test lets it say something else."""
    with Loopback(lambda _: answer(200, {"value": []})) as listening:
        yield listening
