"""The app's own decisions, driven against the emulator under simulated time: how does a request end?"""

from random import Random

from azure.core.credentials import AccessToken

from teams_numbers.contracts import NumberRequest
from teams_numbers.graph import Graph
from teams_numbers.loop import look_at
from teams_numbers.questions import Claim, Claimed, Finish
from teams_numbers.queues import Queues
from teams_numbers.services import Services
from teams_numbers.work_item import WorkItem
from tests.emulator.world import ORIGIN, World
from tests.values import settings

_MOST_STEPS = 5000


class _Credential:
    """Asks the emulator's identity endpoint."""

    def __init__(self, world: World) -> None:
        self._world = world

    def get_token(self, *_scopes: str, **_options: object) -> AccessToken:
        return AccessToken(self._world.token(), int(self._world.clock() + 3600))


class _Room:
    """May do everything, and stores nothing."""

    careful = True

    def claim(self, claim: Claim) -> Claimed:
        return Claimed(claim.numbers[0] if claim.numbers else None)

    def brake(self) -> bool:
        return True

    def not_sent(self) -> None:
        """Take nothing back: nothing was counted."""

    def store(self, item: WorkItem) -> None:
        """Keep nothing: nothing crashes here."""


def run(world: World, asked: NumberRequest) -> tuple[str, str | None]:
    """Return a request's outcome and its error code, however many attempts it takes.

    What the queues would do is done here: the next look is taken when it is due.
    """
    chosen = settings(GRAPH_ENDPOINT=f"{ORIGIN}/v1.0", ACTIONS="assign,unassign,update")
    graph = Graph(chosen, lambda: _Credential(world), world.session, world.clock)
    services = Services(chosen, Queues.__new__(Queues), graph, world.clock, Random(1))  # noqa: S311 - jitter
    item = WorkItem(request=asked, received_at=world.clock.now())
    for _ in range(_MOST_STEPS):
        decision = look_at(item, services, _Room())
        if isinstance(decision, Finish):
            problem = decision.verdict.problem
            return decision.verdict.outcome.value, problem.code if problem else None
        item = decision.item
        world.clock.sleep(decision.after)
    message = f"no end after {_MOST_STEPS} steps"
    raise AssertionError(message)
