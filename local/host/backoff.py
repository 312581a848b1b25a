"""How long to pause between two receives that found nothing."""

import random


class Backoff:
    """Pauses that double from the shortest to the longest, with a fifth of jitter; a message resets them.

    As RandomizedExponentialBackoffStrategy of the storage extension does it:
    https://github.com/Azure/azure-sdk-for-net/tree/main/sdk/storage/Microsoft.Azure.WebJobs.Extensions.Storage.Common.

    Args:
        shortest: seconds.
        longest: seconds.
    """

    _JITTER = 0.2
    _MOST_STEPS = 64  # keeps the power of two a number

    def __init__(self, shortest: float, longest: float) -> None:
        self._shortest = shortest
        self._longest = longest
        self._steps = 0

    def reset(self) -> None:
        """Start again from the shortest."""
        self._steps = 0

    def next(self) -> float:
        """Return the next pause in seconds."""
        added = 0.0
        if self._steps:
            jitter = random.uniform(1 - self._JITTER, 1 + self._JITTER)  # noqa: S311 - spreads load, hides nothing
            added = self._shortest * 2 ** (self._steps - 1) * jitter
        self._steps = min(self._steps + 1, self._MOST_STEPS)
        return min(self._shortest + added, self._longest)
