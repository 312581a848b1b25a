"""`python -m bench.reading`: what it costs to read a request, its number by Google's metadata; one line of JSON.

In a process of its own, so that what the import brings can be told.
"""

import json
import os
import sys
import time
from datetime import UTC, datetime

from bench.processes import resident_mb
from bench.stand import request
from local.graph.inventory import good_numbers

_AMOUNT = 2000
#: Refused: no country code, a spreadsheet's decimal, two numbers, too many digits.
_REFUSED = ("206-555-0118", "12065550118.0", "+12065550143, +12065550144", "+1 206 555 0143 5678")


def main() -> None:
    """Import the function app, then read requests."""
    import function_app  # noqa: F401, PLC0415 - what it imports is the question

    with_the_app = "phonenumbers" in sys.modules
    before, began = resident_mb(os.getpid()), time.process_time()
    import phonenumbers  # noqa: F401, PLC0415 - as above

    imported, used = resident_mb(os.getpid()) - before, time.process_time() - began
    from assign_number.request import Envelope, Rejection, read  # noqa: PLC0415 - after it

    def each(numbers: list[str], kind: type) -> float:
        """Return the milliseconds of CPU that a request takes to read, or to refuse."""
        deliveries = [
            Envelope(request(number, f"r.{place}"), f"m.{place}", 1, datetime.now(UTC))
            for place, number in enumerate(numbers)
        ]
        began = time.process_time()
        answers = [read(delivery) for delivery in deliveries]
        spent = 1000 * (time.process_time() - began) / len(deliveries)
        assert all(isinstance(answer, Rejection) is (kind is Rejection) for answer in answers)  # noqa: S101 - or it is no figure
        return spent

    good = list(good_numbers())[: _AMOUNT // 2] * 2
    each(good[:100], object)  # the metadata of a country is read once
    print(
        json.dumps(
            {
                "with_the_app": int(with_the_app),
                "import_s": used,
                "import_mb": imported,
                "read_ms": each(good, object),
                "refuse_ms": each(list(_REFUSED) * (_AMOUNT // len(_REFUSED)), Rejection),
            }
        )
    )


if __name__ == "__main__":
    main()
