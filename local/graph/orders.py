"""Orders: what the tenant refuses, and what becomes of what it takes. No HTTP in here."""

from typing import Final

from local.graph import endings, texts
from local.graph.bodies import Assignment, Move, Refusal, Unassignment, Update
from local.graph.magic import Action, Holder
from local.graph.number import Number
from local.graph.operation import Operation
from local.graph.state import whose
from local.graph.tenant import Tenant
from local.graph.vocabulary import ActivationState, NumberType

#: How long an update takes that does not show at once, in seconds, times the plan's timeScale.
_LATER_SECONDS: Final = 5.0


def find(wanted: Assignment | Unassignment | Update, tenant: Tenant) -> Number:
    """Return the number that is wanted.

    Raises:
        Refusal: the tenant has no such number, of that type where one is named.
    """
    number = tenant.number(wanted.telephone_number)
    match wanted:
        case Update():
            right = number is not None and number.state.listed
        case Unassignment(number_type=kind):
            right = number is not None and number.state.listed and number.number_type is kind
        case Assignment(number_type=kind):
            if number is None and kind is NumberType.DIRECT_ROUTING:
                return tenant.direct_routing(wanted.telephone_number)
            right = number is not None and number.number_type is kind
    if number is None or not right:
        raise Refusal(texts.NOT_FOUND)
    return number


def place(wanted: Assignment, number: Number, tenant: Tenant, request_id: str) -> Operation:
    """Take the order to assign a number.

    Raises:
        Refusal: the number cannot be given to this user now.
    """
    magic, target, now = number.magic, wanted.target, tenant.advance()
    if magic and not magic.for_users:
        raise Refusal(texts.UNSUITED)
    if magic and magic.holder is Holder.TARGET and not number.state.held and not number.orders:
        tenant.change(number, now, "beforehand", **whose(target))
    if tenant.plan.require_location and number.number_type is NumberType.CALLING_PLAN and not wanted.location_id:
        raise Refusal(texts.LOCATION_NEEDED)
    holder = number.target or (number.running_for if number.running else None)
    if holder == target:
        _again(number, tenant)
    elif holder is not None or number.state.held or now < number.blocked_until:
        raise Refusal(texts.TAKEN)
    others = endings.other_numbers(number, target, wanted.category, tenant)
    if others and endings.second_number(number, tenant) == "refused":
        raise Refusal(texts.SECOND_NUMBER)
    return tenant.order(number, target, wanted.category, wanted.location_id, request_id)


def _again(number: Number, tenant: Tenant) -> None:
    """Refuse a second order of a number for the same user, or let it pass."""
    match (number.magic and number.magic.second_post) or tenant.plan.second_post:
        case "badRequest":
            raise Refusal(texts.TAKEN)
        case "conflict":
            message = "The number is being assigned or is assigned already."
            raise Refusal(message, status=409, code="Conflict")


def take_back(number: Number, tenant: Tenant, request_id: str) -> Operation:
    """Take the order to unassign a number, whoever has it.

    Raises:
        Refusal: nobody has it, and the plan or its magic refuses that.
    """
    choice = (number.magic and number.magic.unassign_free) or tenant.plan.unassign_free
    if not number.state.held and not number.running and choice == "badRequest":
        raise Refusal(texts.NOT_HELD)
    return tenant.order(number, None, number.state.category, None, request_id)


def update(wanted: Update, number: Number, tenant: Tenant, request_id: str) -> None:
    """Change a number's location, site or reverse lookup.

    Raises:
        Refusal: the number's type does not allow it, by the plan's rules.
    """
    fields = wanted.fields
    if tenant.plan.update_rules == "powershell":
        clears = "location_id" in fields and fields["location_id"] is None
        if clears and number.number_type is NumberType.CALLING_PLAN:
            raise Refusal(texts.LOCATION_STAYS)
        if fields.get("reverse_lookup") and number.number_type is not NumberType.DIRECT_ROUTING:
            raise Refusal(texts.LOOKUP_STAYS)
    now, action = tenant.advance(), Action.UPDATE
    tenant.ledger.accepted(now, action, number, None, request_id)
    done = fields | {"activation": ActivationState.ACTIVATED}
    match (number.magic and number.magic.update_effect) or tenant.plan.update_effect:
        case "done":
            tenant.change(number, now, action, request_id, **done)
        case "later":
            tenant.change(number, now, action, request_id, activation=ActivationState.UPDATE_PENDING)
            moment = now + _LATER_SECONDS * tenant.plan.time_scale
            tenant.later(moment, lambda: tenant.change(number, moment, action, request_id, **done))
        case "failed":
            tenant.change(number, now, action, request_id, activation=ActivationState.UPDATE_FAILED)


def move(wanted: Move, tenant: Tenant) -> Number:
    """Change a number's holder at once, as an administrator may; orders for it that run go on.

    Raises:
        Refusal: the tenant has no such number.
    """
    now, number = tenant.advance(), tenant.number(wanted.telephone_number)
    if number is None and wanted.unlisted:
        number = tenant.direct_routing(wanted.telephone_number)
    if number is None:
        message = f"no number of the inventory: {wanted.telephone_number}"
        raise Refusal(message, status=404)
    fields = whose(wanted.target) | {"category": wanted.category, "listed": True}
    tenant.change(number, now, "admin", **fields, activation=ActivationState.ACTIVATED)
    return number
