"""The app's own decisions, driven against the emulator under simulated time: how does a request end?"""

from random import Random

from azure.core.credentials import AccessToken

from assign_number import submission
from assign_number.submission import Follow
from poll_operation import poller
from poll_operation.verdict import Postpone
from teams_numbers.decisions import Finish, PutBack
from teams_numbers.graph import Graph
from teams_numbers.messages import AssignmentRequest, Delivery, PendingOperation
from teams_numbers.queues import Queues
from teams_numbers.services import Services
from tests.emulator.world import ORIGIN, USER, World
from tests.values import settings

_MOST_STEPS = 2000


class _Credential:
    """Asks the emulator's identity endpoint."""

    def __init__(self, world: World) -> None:
        self._world = world

    def get_token(self, *_scopes: str, **_options: object) -> AccessToken:
        return AccessToken(self._world.token(), int(self._world.clock() + 3600))


def run(world: World, number: str) -> tuple[str, str | None]:
    """Return the outcome of a request for a number and its error code, however many attempts it takes.

    What the queues would do is done here: the next attempt is made when it is due.
    """
    chosen = settings(GRAPH_ENDPOINT=f"{ORIGIN}/v1.0")
    graph = Graph(chosen, lambda: _Credential(world), world.session, world.clock)
    services = Services(chosen, Queues.__new__(Queues), graph, world.clock, Random(1))  # noqa: S311 - jitter
    request = AssignmentRequest(
        request_id="r-1",
        telephone_number=number,
        assignment_target_id=USER,
        number_type="callingPlan",
        delivery=Delivery(received_at=world.clock.now()),
    )
    pending: PendingOperation | None = None
    polls = 0
    for _ in range(_MOST_STEPS):
        decision: Follow | Finish | PutBack | Postpone
        if pending is None:
            decision = submission.decide(request, redelivered=False, graph=graph, rules=services.rules())
        else:
            polls += 1
            decision = poller.decide(pending, polls, services)
        match decision:
            case Finish(outcome, problem):
                return outcome.value, problem.code if problem else None
            case Follow(following, after):
                pending, polls = following, 0
            case PutBack(delivery, after):
                request, pending = request.model_copy(update={"delivery": delivery}), None
            case Postpone(after):
                pass
        world.clock.sleep(after)
    message = f"no end after {_MOST_STEPS} steps"
    raise AssertionError(message)
