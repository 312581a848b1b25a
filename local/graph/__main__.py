"""`python -m local.graph`: serve the emulator and the identity endpoint, or print the page on magic numbers."""

import argparse
import sys

from local.graph import document, server


def main() -> int:
    """Serve until a signal; return 1 if the address is taken."""
    parser = argparse.ArgumentParser(
        prog="python -m local.graph", description="Microsoft Graph's Teams number calls, emulated on this machine."
    )
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=0, help="the port to listen on (default: a free one)")
    parser.add_argument(
        "--identity-header", default="local", help="the secret of the identity endpoint (default: %(default)s)"
    )
    parser.add_argument("--document", action="store_true", help="print docs/emulator-numbers.md and end")
    chosen = parser.parse_args()
    if chosen.document:
        sys.stdout.write(document.page())
        return 0
    try:
        server.serve(chosen.host, chosen.port, chosen.identity_header)
    except OSError as error:
        sys.stderr.write(f"graph emulator: error: cannot listen on {chosen.host}:{chosen.port}: {error.strerror}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
