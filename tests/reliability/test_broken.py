"""The mixed ten thousand can fail: a product that breaks a rule misses the target that stands for it."""

import pytest

from tests.reliability.broken import BROKEN, Broken
from tests.reliability.many_requests import Run, live
from tests.reliability.many_targets import targets

SEED = 3


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.rule)
def test_a_broken_rule_misses_its_target(broken: Broken) -> None:
    with broken.in_place():
        found = live(broken.count, SEED, broken.which)
    missed = [target.name for target in targets(found, broken.count) if not target.holds]
    assert all(any(part in name for name in missed) for part in broken.missed), missed


def test_nothing_at_all_misses_what_must_have_been_tried() -> None:
    missed = [target.name for target in targets(Run(), 1) if not target.holds]
    assert [name.removeprefix("mixed requests: ") for name in missed] == [
        "sent, each in its own words",
        "that came true",
        "numbers moved by administrators meanwhile",
        "restarts after a crash",
    ]
