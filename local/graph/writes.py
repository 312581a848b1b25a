"""The calls that change something, as documented: assignNumber, unassignNumber, updateNumber."""

from typing import Any

from local.graph import inventory, orders
from local.graph.call import Reply
from local.graph.exchange import Exchange, names
from local.graph.orders import Refusal
from local.graph.tenant import Operation, Tenant
from local.graph.twists import TWISTS, Twist, fill
from local.graph.vocabulary import MANAGEMENT


def assign(exchange: Exchange, asked: dict[str, Any], tenant: Tenant, twist: Twist | None) -> Reply:
    """Answer assignNumber: 202 and the operation's Location.

    Args:
        exchange: the call.
        asked: its body.
        tenant: the state.
        twist: what is different this time; None: what the number or the user says.
    """
    try:
        wanted = orders.assignment(asked)
        number = orders.find(wanted, tenant)
    except Refusal as refusal:
        return _refused(exchange, refusal, asked)
    name = inventory.MAGIC_USERS.get(wanted.target) or (number.magic and number.magic.posts.at(number.posts))
    number.posts += 1

    def ordinary() -> Reply:
        try:
            return _accepted(exchange, orders.place(wanted, number, tenant))
        except Refusal as refusal:
            return _refused(exchange, refusal, asked)

    twist = twist or (TWISTS[name] if name else None)
    return exchange.twisted(twist, ordinary, tenant.plan.attacker_origin, about(asked))


def unassign(exchange: Exchange, asked: dict[str, Any], tenant: Tenant) -> Reply:
    """Answer unassignNumber, which goes by the number alone: 202 and the operation's Location."""
    try:
        return _accepted(exchange, orders.take_back(asked, tenant))
    except Refusal as refusal:
        return _refused(exchange, refusal, asked)


def update(exchange: Exchange, asked: dict[str, Any], tenant: Tenant) -> Reply:
    """Answer updateNumber, which is done at once: 200 without a body."""
    try:
        orders.update(asked, tenant)
    except Refusal as refusal:
        return _refused(exchange, refusal, asked)
    return exchange.empty(200)


def about(asked: dict[str, Any]) -> dict[str, str]:
    """Return what the braces in Graph's texts stand for in a call with this body."""
    return names(asked.get("assignmentTargetId"), asked.get("telephoneNumber"), asked.get("numberType"))


def _accepted(exchange: Exchange, operation: Operation) -> Reply:
    return exchange.empty(202, {"Location": f"{exchange.origin}{MANAGEMENT}/operations('{operation.id}')"})


def _refused(exchange: Exchange, refusal: Refusal, asked: dict[str, Any]) -> Reply:
    return exchange.error(refusal.status, refusal.code, fill(refusal.message, about(asked)))
