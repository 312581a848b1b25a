"""The calls that change something, as documented: assignNumber, unassignNumber, updateNumber."""

from collections.abc import Callable
from typing import Any, Final

from local.graph import bodies, orders, people
from local.graph.bodies import Assignment, Refusal, Unassignment, Update
from local.graph.call import Reply
from local.graph.exchange import Exchange, names
from local.graph.magic import Action
from local.graph.number import Number
from local.graph.operation import Operation
from local.graph.tenant import Tenant
from local.graph.texts import fill
from local.graph.twist_table import TWISTS
from local.graph.twists import Twist
from local.graph.vocabulary import MANAGEMENT

_READ: Final[dict[Action, Callable[[dict[str, Any]], Assignment | Unassignment | Update]]] = {
    Action.ASSIGN: bodies.assignment,
    Action.UNASSIGN: bodies.unassignment,
    Action.UPDATE: bodies.update,
}


def answer(action: Action, exchange: Exchange, asked: dict[str, Any], tenant: Tenant, twist: Twist | None) -> Reply:
    """Answer an order: 202 and the operation's Location, or for an update 200.

    Args:
        action: what is ordered.
        exchange: the call.
        asked: its body.
        tenant: the state.
        twist: what is different this time; None: what the person or the number says.
    """
    about = names(asked.get("assignmentTargetId"), asked.get("telephoneNumber"), asked.get("numberType"))
    try:
        wanted = _READ[action](asked)
        number = orders.find(wanted, tenant)
    except Refusal as refusal:
        return exchange.error(refusal.status, refusal.code, fill(refusal.message, about))
    target = wanted.target if isinstance(wanted, Assignment) else None
    about = names(target or number.target, wanted.telephone_number, number.number_type)
    name = _magic(action, number, target, tenant)

    def ordinary() -> Reply:
        try:
            match wanted:
                case Assignment():
                    return _accepted(exchange, orders.place(wanted, number, tenant, exchange.client_request_id))
                case Unassignment():
                    return _accepted(exchange, orders.take_back(number, tenant, exchange.client_request_id))
                case Update():
                    orders.update(wanted, number, tenant, exchange.client_request_id)
                    return exchange.empty(200)
        except Refusal as refusal:
            return exchange.error(refusal.status, refusal.code, fill(refusal.message, about))

    twist = twist or (TWISTS[name] if name else None)
    return exchange.twisted(twist, ordinary, tenant.plan.attacker_origin, about)


def _magic(action: Action, number: Number, target: str | None, tenant: Tenant) -> str | None:
    """Return the twist that the order meets for its person's or its number's sake; both count it."""
    own = None
    if number.magic and number.magic.action is action:
        own = number.magic.posts.at(number.posts)
        number.posts += 1
    kind = people.kind_of(target) if target else None
    return (kind and kind.posts.at(tenant.met("order", target or ""))) or own


def _accepted(exchange: Exchange, operation: Operation) -> Reply:
    return exchange.empty(202, {"Location": f"{exchange.origin}{MANAGEMENT}/operations('{operation.id}')"})
