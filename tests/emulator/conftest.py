"""A tenant for each test."""

import pytest

from tests.emulator.world import World


@pytest.fixture
def world() -> World:
    return World()
