"""`python -m bench.listing`: list the whole tenant three times in a fresh process; prints one line of JSON.

Where a list is replaced, the one before is in memory as well: the peak is what counts.
"""

import json
import os
import sys
import time

from bench.processes import resident_mb
from teams_numbers.questions import Reading
from teams_numbers.services import open_services
from teams_numbers.settings import load

_TIMES, _QUESTIONS = 3, 1000


def main() -> None:
    """List, and say what it took."""
    services = open_services(load())
    inventory, number = services.inventory, sys.argv[1]
    inventory.number(number, services.clock.now())  # shows that the list is longer than a page
    empty, began = resident_mb(os.getpid()), time.process_time()
    for _ in range(_TIMES):
        inventory.expect(_QUESTIONS)
        reading = inventory.number(number, services.clock.now())
        assert isinstance(reading, Reading), reading  # noqa: S101 - or it is no figure
        assert reading.shared, reading  # noqa: S101 - as above
    used = (time.process_time() - began) / _TIMES
    print(json.dumps({"empty": empty, "peak": resident_mb(os.getpid(), "VmHWM"), "cpu": used}))


if __name__ == "__main__":
    main()
