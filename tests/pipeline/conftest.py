"""A Graph on loopback for tests of the client alone."""

from collections.abc import Iterator

import pytest

from tests.pipeline.loopback import Loopback, answer


@pytest.fixture
def graph() -> Iterator[Loopback]:
    """One that lists no numbers, until a test lets it say something else."""
    with Loopback(lambda _: answer(200, {"value": []})) as listening:
        yield listening
