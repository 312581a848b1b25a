"""Who has a user principal name: looked up in Graph, remembered for minutes, and only where somebody was found."""

import threading
from collections import OrderedDict

from teams_numbers.answers import NoSuchPerson, Person, Refused, Unjudged
from teams_numbers.clock import Clock
from teams_numbers.graph import Graph

#: How long an answer is remembered, in seconds, and how many are: a name may be given to somebody else.
_REMEMBERED_SECONDS, _MOST = 300.0, 10_000


class People:
    """Finds people by user principal name; one per process, safe to use from many threads.

    Args:
        graph: is asked.
        clock: tells the time.
    """

    def __init__(self, graph: Graph, clock: Clock) -> None:
        self._graph, self._clock = graph, clock
        self._lock = threading.Lock()
        self._known: OrderedDict[str, tuple[float, Person]] = OrderedDict()

    def find(self, user_principal_name: str) -> Person | NoSuchPerson | Refused | Unjudged:
        """Return who has a name, or what Graph says instead."""
        name = user_principal_name.lower()
        with self._lock:
            known = self._known.get(name)
            if known is not None and self._clock.monotonic() - known[0] < _REMEMBERED_SECONDS:
                return known[1]
        answer = self._graph.person(user_principal_name)
        if isinstance(answer, Person):
            with self._lock:
                self._known[name] = (self._clock.monotonic(), answer)
                self._known.move_to_end(name)
                while len(self._known) > _MOST:
                    self._known.popitem(last=False)
        return answer
