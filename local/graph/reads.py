"""The calls that only read, as documented: an operation, the list of numbers, one number."""

from typing import Any, Final
from urllib.parse import parse_qs, quote

from local.graph import filters
from local.graph.call import Reply
from local.graph.exchange import Exchange, iso, names
from local.graph.number import Number
from local.graph.tenant import Operation, Tenant
from local.graph.twists import TWISTS, Twist, fill
from local.graph.vocabulary import MANAGEMENT, OPERATION_TYPE, NumberType

NUMBERS: Final = f"{MANAGEMENT}/numberAssignments"
_CONTEXT: Final = "/v1.0/$metadata#admin/teams/telephoneNumberManagement"
_FIELDS: Final = frozenset(Number.make("+12015550100", NumberType.CALLING_PLAN).as_json(0, show_running=True))
_TOP_DEFAULT, _TOP_MAX = 500, 1000


def operation(exchange: Exchange, key: str, tenant: Tenant, twist: Twist | None) -> Reply:
    """Answer an operation's URL: 200 however it stands.

    Args:
        exchange: the call.
        key: the operation's id.
        tenant: the state.
        twist: what is different this time; None: what the number says.
    """
    found = tenant.operation(key)
    if found is None:
        return exchange.error(404, "NotFound", "The operation is not found.")
    number = found.number
    name = number.magic.polls.at(number.polls) if number.magic else None
    number.polls += 1
    found.polls.append(exchange.now)
    twist = twist or (TWISTS[name] if name else None)
    return exchange.twisted(
        twist, lambda: _operation(exchange, found, tenant, twist), tenant.plan.attacker_origin, names()
    )


def numbers(exchange: Exchange, tenant: Tenant, twist: Twist | None) -> Reply:
    """Answer the list of numbers, by $filter, $top and $skip."""
    query = {key: values[-1] for key, values in parse_qs(exchange.call.query).items()}
    try:
        top, skip = _whole("$top", query, _TOP_DEFAULT, _TOP_MAX), _whole("$skip", query, 0, None)
        wanted = filters.parse(query.get("$filter", ""), _FIELDS)
    except ValueError as error:
        return exchange.error(400, "BadRequest", str(error))
    telephone_number = wanted.get("telephoneNumber")
    one = tenant.number(telephone_number) if telephone_number else None
    if one is not None:
        name = one.magic.reads.at(one.reads) if one.magic else None
        one.reads += 1
        twist = twist or (TWISTS[name] if name else None)

    def ordinary() -> Reply:
        found = _found(exchange.now, tenant, wanted, skip + top + 1)
        content = {
            "@odata.context": f"{exchange.origin}{_CONTEXT}/numberAssignments",
            "value": found[skip : skip + top],
        }
        if tenant.plan.next_link and len(found) > skip + top:
            on = query | {"$top": str(top), "$skip": str(skip + top)}
            rest = "&".join(f"{key}={quote(value)}" for key, value in on.items())
            content["@odata.nextLink"] = f"{exchange.origin}{NUMBERS}?{rest}"
        return exchange.json(200, content)

    return exchange.twisted(twist, ordinary, tenant.plan.attacker_origin, names())


def one_number(exchange: Exchange, key: str, tenant: Tenant) -> Reply:
    """Answer a number's own URL, to which an operation's resourceLocation points."""
    found = next((number for number in tenant.numbers(known=True) if number.id == key), None)
    if found is None:
        return exchange.error(404, "NotFound", "The number is not found.")
    entity = found.as_json(exchange.now, show_running=tenant.plan.show_running)
    context = f"{exchange.origin}{_CONTEXT}/numberAssignments/$entity"
    return exchange.json(200, {"@odata.context": context, **entity})


def _operation(exchange: Exchange, found: Operation, tenant: Tenant, twist: Twist | None) -> Reply:
    status = found.status(exchange.now)
    word = (twist and twist.word) or status
    about = {"resourceLocation": f"{exchange.origin}{NUMBERS}/{found.number.id}", "status": word}
    if exchange.now >= found.done_at and found.ending.detail:
        texts = names(found.target, found.number.telephone_number, found.number.number_type)
        about["statusDetail"] = fill(found.ending.detail, texts)
    entity = {
        "@odata.type": OPERATION_TYPE,
        "id": found.id,
        "createdDateTime": iso(found.created_at),
        "status": word,
        "numbers": [about],
    }
    shape = (twist and twist.shape) or tenant.plan.body_shape
    if shape == "mixed":
        shape = "wrapped" if len(found.polls) % 2 else "bare"
    if shape == "wrapped":
        return exchange.json(200, {"value": entity})
    return exchange.json(200, {"@odata.context": f"{exchange.origin}{_CONTEXT}/operations/$entity", **entity})


def _found(now: float, tenant: Tenant, wanted: dict[str, str | None], most: int) -> list[dict[str, Any]]:
    """Return the numbers that match, as Graph shows them, at most so many."""
    if telephone_number := wanted.get("telephoneNumber"):
        one = tenant.number(telephone_number)
        candidates = iter([one] if one and one.listed else [])
    else:
        candidates = tenant.numbers(known=bool(wanted.get("assignmentTargetId")))
    found: list[dict[str, Any]] = []
    for number in candidates:
        entity = number.as_json(now, show_running=tenant.plan.show_running)
        if filters.matches(entity, wanted):
            found.append(entity)
            if len(found) == most:
                break
    return found


def _whole(name: str, query: dict[str, str], default: int, most: int | None) -> int:
    """Return a number from the query.

    Raises:
        ValueError: it is none, or too large.
    """
    text = query.get(name, str(default))
    if not (text.isascii() and text.isdecimal()) or len(text) > 9 or (most is not None and int(text) > most):  # noqa: PLR2004 - more digits than numbers
        limit = f" of at most {most}" if most else ""
        message = f"Invalid value '{text}' for {name}: it must be a whole number{limit}."
        raise ValueError(message)
    return int(text)
