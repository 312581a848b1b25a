"""Every state of small worlds: no promise is broken in any, and from each an end is reachable."""

import pytest

from tests.exploration.explore import explore
from tests.exploration.moves import Moves
from tests.exploration.worlds import SMALL


@pytest.mark.parametrize("name", SMALL)
def test_every_promise_is_kept_in_every_state(name: str) -> None:
    found = explore(Moves(SMALL[name]))
    assert (found.broken, found.trace, found.whole) == (None, (), True)
    assert found.ends
