"""The local stack, for tests that need the whole system."""

from collections.abc import Iterator

import pytest

from local.demo import SCALED
from local.stack import Stack
from tests.pipeline.life import Life

#: A deadline that is long enough for everything else to end before it on a slow machine, and readings' lag, too.
_DEADLINE = {"REQUEST_DEADLINE_HOURS": "0.02", "CONFIRM_SECONDS": "25"}


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Azurite, the emulator and the host as processes, waits scaled down; one for all tests."""
    with Stack(SCALED | _DEADLINE) as running:
        yield running


@pytest.fixture(scope="session")
def life(stack: Stack) -> Iterator[Life]:
    """Requests in, events out; every magic number's request is on its way from the start."""
    with Life(stack) as running:
        running.send_every_magic_number()
        yield running
