"""What a process holds: one set of queues, one Graph session, one clock; made on first use."""

import functools
import threading
from dataclasses import dataclass, field
from random import Random

from teams_numbers import log
from teams_numbers.clock import Clock, SystemClock
from teams_numbers.decisions import Rules
from teams_numbers.graph import Graph, make_session
from teams_numbers.identity import make_credential
from teams_numbers.queues import Queues, connect
from teams_numbers.settings import Settings

#: Threads that may call out at once besides the poller's: the host's, at its largest default.
_HOST_THREADS = 32


@dataclass(frozen=True, slots=True)
class Services:
    """All that the rooms act with; a simulation hands over its own."""

    settings: Settings
    queues: Queues
    graph: Graph
    clock: Clock = field(default_factory=SystemClock)
    rng: Random = field(default_factory=Random)

    def rules(self) -> Rules:
        """Return what a decision made now may depend on."""
        return Rules(self.settings, self.clock.now(), self.rng)


#: A cache calls its function once for each thread that comes while the first is still in it: after a cold start that is
#: every message of the first batch, and each would get a pace and a gate of its own.
_opening = threading.Lock()


def open_services(settings: Settings) -> Services:
    """Return the process's services, the same each time, however many threads ask for them at once."""
    with _opening:
        return _opened(settings)


@functools.cache
def _opened(settings: Settings) -> Services:
    log.quiet_libraries()
    clock = SystemClock()
    threads = max(_HOST_THREADS, settings.poll_workers)
    queues = connect(settings, make_credential, threads)
    return Services(settings, queues, Graph(settings, make_credential, make_session(threads), clock), clock)
