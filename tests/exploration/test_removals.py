"""The exploration can fail: without a rule, its world breaks a promise; with it, none is."""

import pytest

from tests.exploration.explore import explore
from tests.exploration.moves import Moves
from tests.exploration.removals import REMOVALS, Removal


@pytest.mark.parametrize("removal", REMOVALS, ids=lambda removal: removal.rule)
def test_a_promise_is_broken_without_the_rule_and_kept_with_it(removal: Removal) -> None:
    """The trace says how it comes to that."""
    with removal.taken_away():
        without = explore(Moves(removal.world, removal.make_in_flight))
    assert (without.broken or "").startswith(removal.breaks), without
    assert without.trace
    kept = explore(Moves(removal.world))
    assert (kept.broken, kept.trace, kept.whole) == (None, (), True)
