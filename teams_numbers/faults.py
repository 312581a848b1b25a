"""Configuration faults: told once a minute each, not once a request."""

import logging

from teams_numbers import log
from teams_numbers.catalogue.entry import Failure
from teams_numbers.clock import Clock

_EVERY_SECONDS = 60.0


class Faults:
    """Logs what a person must set right in the app's settings or permissions.

    Args:
        clock: tells the time.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._logged: dict[str, float] = {}

    def report(self, failure: Failure, status: int | None = None, graph_request_id: str | None = None) -> None:
        """Log a fault, unless that was done within the last minute."""
        now = self._clock.monotonic()
        if now - self._logged.get(failure.code, float("-inf")) < _EVERY_SECONDS:
            return
        self._logged[failure.code] = now
        log.emit(
            "configuration.fault",
            logging.ERROR,
            status=status,
            code=failure.code,
            advice=failure.advice,
            graph_request_id=graph_request_id,
        )
