"""The short version of the fault suite: the same code, smaller sizes. The whole: `make reliability`."""

import pytest

from tests.reliability.__main__ import PARTS, SEED, Part
from tests.reliability.many_requests import run


@pytest.mark.parametrize("part", [part for part in PARTS if part.in_short], ids=lambda part: part.name)
def test_every_target_holds(part: Part) -> None:
    figures, details = part.run(SEED, True)  # noqa: FBT003 - the short version
    missed = [f"{target.name}: {target.value:g}, goal {target.goal}" for target in figures if not target.holds]
    assert not missed, "\n".join([*missed, details])


def test_the_same_seed_gives_the_same_history() -> None:
    def history(seed: int) -> list[tuple[str, str, str]]:
        return [(event["subject"], event["type"], event["time"]) for event in run(60, seed).history.events]

    assert history(SEED) == history(SEED) != history(SEED + 1)
