"""What a process holds: one set of queues, one Graph session, one clock; made on first use."""

import threading
from dataclasses import dataclass, field
from random import Random

from teams_numbers import log
from teams_numbers.clock import Clock, SystemClock
from teams_numbers.faults import Faults
from teams_numbers.graph import Graph
from teams_numbers.identity import make_credential
from teams_numbers.in_flight import InFlight
from teams_numbers.inventory import Inventory
from teams_numbers.people import People
from teams_numbers.queues import Queues, connect
from teams_numbers.session import PlainSession
from teams_numbers.settings import Settings

#: Threads that may call out at once besides the poller's: the host's, at its largest default.
_HOST_THREADS = 32


@dataclass(slots=True)
class Services:
    """All that the rooms act with; a simulation hands over its own settings, queues, Graph, clock and jitter.

    Attributes:
        settings: the app's.
        queues: connected.
        graph: the only way to Graph.
        clock: tells the time.
        rng: a source of jitter.
        inventory: what is so, asked of Graph.
        people: who is who, asked of Graph.
        in_flight: whose order may be running.
        faults: tells configuration faults.
        braking: held while an unassignment is counted: threads that count themselves together would all find one too
            many, and none would go.
    """

    settings: Settings
    queues: Queues
    graph: Graph
    clock: Clock = field(default_factory=SystemClock)
    rng: Random = field(default_factory=Random)
    inventory: Inventory = field(init=False)
    people: People = field(init=False)
    in_flight: InFlight = field(init=False)
    faults: Faults = field(init=False)
    braking: threading.Lock = field(default_factory=threading.Lock, init=False)

    def __post_init__(self) -> None:
        """Make what belongs to one process."""
        self.inventory = Inventory(self.graph, self.settings.number_pools, self.clock)
        self.people = People(self.graph, self.clock)
        self.in_flight = InFlight(self.settings, self.clock)
        self.faults = Faults(self.clock)


_opening = threading.Lock()
_opened: dict[str, Services] = {}


def open_services(settings: Settings) -> Services:
    """Return the process's services, the same each time, however many threads ask for them at once."""
    with _opening:  # messages that arrive together after a cold start would each make a pace and a gate of their own
        if "services" not in _opened:
            log.quiet_libraries()
            clock = SystemClock()
            threads = max(_HOST_THREADS, settings.poll_workers)
            queues = connect(settings, make_credential, threads)
            graph = Graph(settings, make_credential, PlainSession(threads), clock)
            _opened["services"] = Services(settings, queues, graph, clock)
        return _opened["services"]
