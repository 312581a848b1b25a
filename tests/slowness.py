"""How slow this machine is: what a limit in seconds of work is multiplied with, so that it holds on any machine."""

import time

#: What the yardstick takes where the limits were set, in seconds of the processor's time.
_YARDSTICK_SECONDS = 0.035


def slowness() -> float:
    """Return how many times longer the same work takes here than where the limits were set; at least 1."""
    started = time.process_time()
    sum(hash(str(number)) & 1 for number in range(200_000))
    return max(1.0, (time.process_time() - started) / _YARDSTICK_SECONDS)
