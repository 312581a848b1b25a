"""`python -m tests.reliability.debug_host`: the local Functions host with every logger of every library at DEBUG."""

import logging
import sys
from pathlib import Path

from local.host import host

logging.basicConfig(level=logging.DEBUG, stream=sys.stderr, format="%(name)s %(levelname)s %(message)s", force=True)
host.run(Path.cwd())
