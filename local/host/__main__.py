"""`python -m local.host`: run a function app on this machine."""

import argparse
import sys
from pathlib import Path

from local.host import host, log
from local.host.errors import HostError
from local.host.queue_trigger import LEASE_SECONDS


def main() -> int:
    """Run the app until a signal; return 1 if it cannot start."""
    parser = argparse.ArgumentParser(prog="python -m local.host", description="A Functions host for one machine.")
    parser.add_argument("--app", type=Path, default=Path(), help="the app's folder (default: this one)")
    parser.add_argument(
        "--lease",
        type=_seconds,
        help=f"the processing lease of queue messages in seconds (default: {host.LEASE_SETTING}, or {LEASE_SECONDS})",
    )
    parser.add_argument("--drain", type=_seconds, default=30, help="seconds to wait for running functions at the end")
    arguments = parser.parse_args()
    log.set_up()
    try:
        host.run(arguments.app.resolve(), lease=arguments.lease, drain=arguments.drain)
    except HostError as error:
        sys.stderr.write(f"host: error: {' | '.join(str(error).splitlines())}\n")
        return 1
    return 0


def _seconds(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        message = f"{text!r} is no whole number of seconds, at least 1"
        raise argparse.ArgumentTypeError(message)
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
