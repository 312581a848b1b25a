"""The tenant's numbers as Microsoft Graph shows them now, for a person at the desk. Reads only."""

from urllib.parse import urlsplit

from desk import show
from desk.errors import ACCOUNT, DeskError
from desk.signin import FIND_PEOPLE, READ_NUMBERS, sign_in
from teams_numbers import failures
from teams_numbers.answers import Denied, Listing, NoSuchPerson, Person, Refused, Throttled, Unjudged
from teams_numbers.clock import SystemClock
from teams_numbers.graph import Graph
from teams_numbers.log import GUID
from teams_numbers.pages import PAGE
from teams_numbers.records import NumberRecord, record
from teams_numbers.session import PlainSession
from teams_numbers.settings import Settings


class Tenant:
    """Answers what Graph knows; every call raises DeskError, in one line, where Graph gives no answer.

    Args:
        graph: signed in.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def number(self, telephone_number: str) -> NumberRecord | None:
        """Return one number, or None where Graph does not list it."""
        found = self._numbers({"telephoneNumber": telephone_number})
        return next((number for number in found if number.telephone_number == telephone_number), None)

    def held_by(self, object_id: str) -> tuple[NumberRecord, ...]:
        """Return the numbers of a person."""
        return self._numbers({"assignmentTargetId": object_id})

    def of_type(self, number_type: str) -> tuple[NumberRecord, ...]:
        """Return every listed number of a type."""
        return self._numbers({"numberType": number_type})

    def object_id(self, name: str) -> str | None:
        """Return the object id of whoever has a user principal name, or the id itself; None: nobody has it."""
        if GUID.fullmatch(name):
            return name.lower()
        answer = self._graph.person(name)
        if isinstance(answer, NoSuchPerson):
            return None
        if not isinstance(answer, Person):
            raise refused(answer)
        return answer.id

    def _numbers(self, filters: dict[str, str]) -> tuple[NumberRecord, ...]:
        """Return all that a filter lists, page after page."""
        answer = self._graph.numbers(filters, top=PAGE)
        found: dict[str, NumberRecord] = {}
        while True:
            if not isinstance(answer, Listing):
                raise refused(answer)
            found |= {number.telephone_number: number for entry in answer.numbers if (number := record(entry))}
            if answer.next is None:
                break
            answer = self._graph.numbers_after(answer.next)
        if not answer.complete:
            message = "Graph's list holds an entry that cannot be read, so it is not known to be whole; try again"
            raise DeskError(message, ACCOUNT)
        return tuple(found.values())


def open_tenant(
    settings: Settings, client_id: str | None, tenant_id: str | None, *, device_code: bool, local: bool
) -> Tenant:
    """Sign in, and return the tenant.

    Raises:
        DeskError: nobody signed in.
    """
    url = urlsplit(settings.graph_endpoint)
    scope = f"{url.scheme}://{url.netloc}/.default"
    credential = sign_in(scope, client_id, tenant_id, device_code=device_code, local=local)
    return Tenant(Graph(settings, lambda: credential, PlainSession(1), SystemClock()))


def refused(answer: Refused | Unjudged) -> DeskError:
    """Return in one line why Graph gave no answer, and what to do."""
    match answer:
        case Denied(failure=failures.USER_LOOKUP_DENIED):
            said = "no permission: this sign-in may not find people by name. "
            said += f"Grant it {FIND_PEOPLE}, or give the object id"
        case Denied(status=401, message=message):
            said = f"wrong tenant: Graph does not take this sign-in's token ({message}). Check --tenant-id"
        case Denied(status=None, message=message):
            said = f"no sign-in to Graph: {message}"
        case Denied(message=message):
            said = (
                f"no permission: Graph refuses this sign-in ({message.rstrip('.')}). The app registration needs "
                f"{READ_NUMBERS} and an administrator's consent to it, and a person also a role that may see numbers "
                "in the Teams admin center"
            )
        case Throttled(retry_after=seconds):
            said = "Graph is too busy: try again" + (f" in {round(seconds)} s" if seconds else " in a minute")
        case Refused(status=status, message=message):
            said = f"Graph answered {status}: {message}"
        case _:
            said = f"no answer from Graph that says anything ({answer.reason}); on one machine, check that `make run` "
            said += "is running"
    return DeskError(show.plain(show.masked(" ".join(said.split()))) + ".", ACCOUNT)
