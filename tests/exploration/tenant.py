"""The model of Graph: what readings show, and what orders do. Pure."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from teams_numbers.answers import EXPIRED, Accepted, Done, Refused, Unclear
from teams_numbers.answers import Operation as Answer
from teams_numbers.questions import Poll, Reading, ReadNumber, ReadPerson, ReadPool
from teams_numbers.records import NumberRecord
from tests.exploration.effects import Failure, Posted, at, tick_of
from tests.exploration.rooms import Look
from tests.exploration.state import Number, Operation, State, World

ROOT = "https://graph.microsoft.com/v1.0/admin/teams/telephoneNumberManagement/operations"
TAKEN = "Telephone Number has already been assigned to another user"
HAS_ONE = "The user already has a number assigned"
#: What Graph may say without telling why: to be waited for, and for good.
NO_LICENSE = "User lacks appropriate licenses to assign a number"
FOR_GOOD = "usage location is not the number's"
ODD = Failure(RuntimeError("nobody foresaw it"))
BUSY = "The number has already been assigned"

type Question = ReadNumber | ReadPerson | ReadPool
type Outcome = tuple[str, Any, State]


def change(state: State, name: str, holder: str | None, location: str | None, *, moved: bool = False) -> State:
    """Return the state after a number changed; what it was may show for a while."""
    numbers = []
    for number in state.numbers:
        if number.name != name or (number.holder, number.location) == (holder, location):
            numbers.append(number)
            continue
        past = (*number.past, (number.holder, number.location, state.tick))
        numbers.append(Number(name, holder, location, past, state.tick if moved else number.moved))
    return state._replace(numbers=tuple(numbers))


def forgotten(numbers: tuple[Number, ...], tick: int, world: World) -> tuple[Number, ...]:
    """Return numbers without what no reading can show any more; a reading of a pool may itself be a lag old.

    An admin's move is told from the app's as long as an order may run that was given before it could be read.
    """
    return tuple(
        number._replace(
            past=tuple(
                was for was in number.past if was[2] + world.lag + max(world.lag, world.recent) + world.slow > tick
            ),
            moved=number.moved if number.moved is not None and number.moved + world.lag + world.runs > tick else None,
        )
        for number in numbers
    )


def shown(number: Number, since: int, lag: int) -> list[NumberRecord]:
    """Return every record that a reading from this tick on may show."""
    values = {(number.holder, number.location): None} | {
        (holder, location): None for holder, location, ended in number.past if ended + lag > since
    }
    return [
        NumberRecord(number.name, "directRouting", holder, holder is not None, "primary" if holder else None, location)
        for holder, location in values
    ]


def remembered(look: Look, question: Question) -> Reading | None:
    """Return what the inventory remembers: the last answer to the same question, if it is young enough."""
    for effect, answer, _ in reversed(look.answers):
        if isinstance(effect, Posted):
            return None  # what is asked after an order must date from after it
        if isinstance(answer, Reading) and type(effect) is type(question) and _about(effect) == _about(question):
            return answer if answer.at >= question.since else None
    return None


def _about(question: Question) -> str:
    match question:
        case ReadNumber(telephone_number=name) | ReadPerson(person=name) | ReadPool(pool=name):
            return name


def read(state: State, world: World, question: Question) -> Iterator[Outcome]:
    """Yield every answer to a reading."""
    since = min(tick_of(question.since), state.tick)
    match question:
        case ReadNumber(telephone_number=name):
            asked = [number for number in state.numbers if number.name == name]
        case ReadPerson() | ReadPool():
            asked = list(state.numbers)
    seen = set()
    for moment in range(state.tick, since - 1, -1):  # what the inventory remembers may be as old as it is asked for
        for records in product(*(shown(number, moment, world.lag) for number in asked)):
            listed = records
            if isinstance(question, ReadPerson):
                listed = tuple(record for record in records if record.target == question.person)
            if listed not in seen:
                seen.add(listed)
                said = ", ".join(f"{found.telephone_number[-2:]}: {(found.target or 'nobody')[:4]}" for found in listed)
                old = f" (of {moment})" if moment < state.tick else ""
                yield f"reads {said or 'nothing'}{old}", Reading(at(moment), listed), state
    if state.budget.unread:
        yield "reads nothing readable", Unclear("timeout"), state._replace(budget=state.budget.less("unread"))


def asked(state: State, poll: Poll) -> Iterator[Outcome]:
    """Yield the answer to the question how an operation goes."""
    found = next(operation for operation in state.operations if operation.url == poll.operation_url)
    yield f"operation {found.status}", Answer(found.status, found.detail, "g"), state


def posted(state: State, world: World, owner: str, order: Posted) -> Iterator[Outcome]:
    """Yield everything that may come of an order on its way."""
    name = f"{order.action} {order.number[-2:]}"
    if order.expires is not None and at(state.tick) > order.expires:
        yield f"{name} has expired", Unclear(EXPIRED, sent=False), state
        return
    if order.action == "unassign":
        state = state._replace(sent=state.sent + 1)
    answer, taken, hidden = _taken(state, world, owner, order)
    yield f"{name} is {'refused' if isinstance(answer, Refused) else 'taken'}", answer, taken
    budget = state.budget
    if budget.lost:
        if not isinstance(answer, Refused):
            left = hidden._replace(budget=budget.less("lost"))
            yield f"{name} is taken, its answer lost", Unclear("timeout"), left
        yield f"{name} is lost", Unclear("timeout"), state._replace(budget=budget.less("lost"))
    if budget.odd and not isinstance(answer, Refused):
        yield f"{name} is taken, and the app fails", ODD, hidden._replace(budget=budget.less("odd"))
    if budget.refused:
        for words in (NO_LICENSE, FOR_GOOD, BUSY):
            refused = state._replace(budget=budget.less("refused"))
            yield f"{name} is refused: {words}", Refused(400, "BadRequest", words, "g"), refused


def _taken(state: State, world: World, owner: str, order: Posted) -> tuple[Any, State, State]:
    """Return Graph's own answer to an order, and the state after it: where the answer arrives, and where not."""
    number = state.number(order.number)
    has_one = any(n.holder == order.person and n.name != number.name for n in state.numbers)
    if order.action == "assign" and number.holder not in {None, order.person}:
        return Refused(400, "BadRequest", TAKEN, "g"), state, state
    if order.action == "assign" and has_one and world.second == "refused":
        return Refused(400, "BadRequest", HAS_ONE, "g"), state, state
    if order.action == "update":
        done = change(state, number.name, number.holder, order.location)
        return Done("g"), done, done
    url, until = _unused(state), state.tick + world.runs
    known = Operation(url, owner, order.action, order.number, order.person, order.location, until)
    taken, hidden = (state._replace(operations=(*state.operations, one)) for one in (known, known._replace(url="")))
    return Accepted(url, "g"), taken, hidden


def _unused(state: State) -> str:
    known = {operation.url for operation in state.operations}
    return next(url for count in range(len(known) + 1) if (url := f"{ROOT}('{count}')") not in known)


def ends(state: State, world: World, which: int) -> Iterator[tuple[str, State]]:
    """Yield how a running operation may end."""
    operation = state.operations[which]
    name = f"operation: {operation.action} {operation.number[-2:]}"
    number = state.number(operation.number)
    if operation.action == "unassign":
        yield f"{name} takes effect", _ended(change(state, number.name, None, number.location), which)
    elif number.holder not in {None, operation.person}:
        yield f"{name} fails: taken", _ended(state, which, TAKEN)
    else:
        others = [n for n in state.numbers if n.holder == operation.person and n.name != number.name]
        if others and world.second == "refused":
            yield f"{name} fails: has another", _ended(state, which, HAS_ONE)
        else:
            after = state
            if world.second == "replaced":
                for other in others:
                    after = change(after, other.name, None, other.location)
            after = change(after, number.name, operation.person, operation.location or number.location)
            yield f"{name} takes effect", _ended(after, which)
    if state.budget.failed:
        left = state._replace(budget=state.budget.less("failed"))
        for words in (NO_LICENSE, FOR_GOOD):
            yield f"{name} fails: {words}", _ended(left, which, words)


def _ended(state: State, which: int, detail: str | None = None) -> State:
    operation = state.operations[which]
    status: Any = "failed" if detail else "succeeded"
    ended = () if not operation.url else (operation._replace(status=status, detail=detail, until=0),)
    return state._replace(operations=(*state.operations[:which], *ended, *state.operations[which + 1 :]))
