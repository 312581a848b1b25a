"""The calls that only read numbers, as documented: an operation, the list of numbers, one number."""

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import parse_qs, quote

from local.graph import filters
from local.graph.call import Reply
from local.graph.exchange import Exchange, iso, names
from local.graph.filters import Condition
from local.graph.number import Number, capitalized, identified, identifier
from local.graph.operation import Operation
from local.graph.tenant import Tenant
from local.graph.texts import fill
from local.graph.twist_table import TWISTS
from local.graph.twists import LIST, PAGE, Twist
from local.graph.vocabulary import HIDDEN, MANAGEMENT, OPERATION_TYPE, NumberType, OperationStatus

NUMBERS: Final = f"{MANAGEMENT}/numberAssignments"
_CONTEXT: Final = "/v1.0/$metadata#admin/teams/telephoneNumberManagement"
_FIELDS: Final = frozenset(Number.make("+12015550100", NumberType.CALLING_PLAN).as_json(0, show_running=True))
_TOP_DEFAULT, _TOP_MAX = 500, 1000
#: By these the list is not gone through.
_SINGLE: Final = {"telephoneNumber", "assignmentTargetId"}


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
    number, name = found.number, None
    if number.magic and number.magic.action is found.action:
        name = number.magic.polls.at(number.polls)
        number.polls += 1
    found.polls.append(exchange.now)
    twist = twist or (TWISTS[name] if name else None)
    return exchange.twisted(
        twist, lambda: _operation(exchange, found, tenant, twist), tenant.plan.attacker_origin, names()
    )


def numbers(exchange: Exchange, tenant: Tenant, draw: Callable[[tuple[str, ...]], Twist | None]) -> Reply:
    """Answer the list of numbers, by $filter, $top and $skip, however these are spelled.

    Args:
        exchange: the call.
        tenant: the state.
        draw: returns what is different this time, by the kinds of calls that it is.
    """
    query = {key.lower(): values[-1] for key, values in parse_qs(exchange.call.query).items()}
    try:
        top, skip = _whole("$top", query, _TOP_DEFAULT, _TOP_MAX), _whole("$skip", query, 0, None)
        conditions = filters.parse(query.get("$filter", ""), _FIELDS)
    except ValueError as error:
        return exchange.error(400, "BadRequest", str(error))
    single = any(condition.field in _SINGLE for condition in conditions)
    twist = draw((LIST,) if single else (LIST, PAGE))
    telephone_number = filters.value_of(conditions, "telephoneNumber")
    one = tenant.number(telephone_number) if telephone_number else None
    if one is not None:
        name = one.magic.reads.at(one.reads) if one.magic else None
        one.reads += 1
        twist = twist or (TWISTS[name] if name else None)

    def ordinary() -> Reply:
        page, more = _page(tenant, conditions, (skip, skip + top), exchange.now, twist.page if twist else "")
        content = {"@odata.context": f"{exchange.origin}{_CONTEXT}/numberAssignments", "value": page}
        if more is not None and (tenant.plan.next_link or more <= skip):
            on = query | {"$top": str(top), "$skip": str(more)}
            rest = "&".join(f"{key}={quote(value)}" for key, value in on.items())
            content["@odata.nextLink"] = f"{exchange.origin}{NUMBERS}?{rest}"
        return exchange.json(200, content)

    about = names(number=telephone_number)
    return exchange.twisted(twist, ordinary, tenant.plan.attacker_origin, about)


def one_number(exchange: Exchange, key: str, tenant: Tenant) -> Reply:
    """Answer a number's own URL, to which an operation's resourceLocation points."""
    telephone_number = identified(key)
    found = tenant.number(telephone_number) if telephone_number else None
    shown = tenant.shown(found, exchange.now) if found else None
    if shown is None:
        return exchange.error(404, "NotFound", "The number is not found.")
    context = f"{exchange.origin}{_CONTEXT}/numberAssignments/$entity"
    return exchange.json(200, {"@odata.context": context, **shown})


def _page(
    tenant: Tenant, conditions: tuple[Condition, ...], asked: tuple[int, int], now: float, wrong: str
) -> tuple[list[dict[str, Any]], int | None]:
    """Return the numbers of a page, and where the list goes on; None: it ends here.

    Args:
        tenant: the state.
        conditions: the filter.
        asked: where the page begins and ends.
        now: in epoch seconds.
        wrong: what is wrong with the page; see `Twist.page`.
    """
    found, (first, end) = tenant.listed(conditions, now), asked
    if wrong == "none":
        return [], first
    shift = {"back": -1, "on": 1}.get(wrong, 0)
    begin = max(0, first + shift)
    names_ = found[begin : max(begin, end + shift)]
    if wrong == "short":
        return tenant.entities(names_[: len(names_) // 2], now), None
    return tenant.entities(names_, now), end if len(found) > end else None


def _operation(exchange: Exchange, found: Operation, tenant: Tenant, twist: Twist | None) -> Reply:
    status: str = found.status(exchange.now)
    if status in HIDDEN and tenant.plan.hidden_members and not exchange.all_members:
        status = OperationStatus.UNKNOWN_FUTURE_VALUE
    word = (twist and twist.word) or status
    number_word = (twist and exchange.now >= found.done_at and twist.number_word) or word
    if twist and twist.capitalized:
        word, number_word = capitalized(word), capitalized(number_word)
    about = {
        "resourceLocation": f"{exchange.origin}{NUMBERS}/{identifier(found.number.telephone_number)}",
        "status": number_word,
    }
    entity: dict[str, Any] = {
        "@odata.type": OPERATION_TYPE,
        "id": found.id,
        "createdDateTime": iso(found.created_at),
        "status": word,
        "numbers": [about],
    }
    if exchange.now >= found.done_at and found.ending.detail:
        whom = found.target or found.number.target
        texts = names(whom, found.number.telephone_number, found.number.number_type)
        where = entity if twist and twist.own_detail else about
        where["statusDetail"] = fill(found.ending.detail, texts)
    shape = (twist and twist.shape) or tenant.plan.body_shape
    if shape == "mixed":
        shape = "wrapped" if len(found.polls) % 2 else "bare"
    if shape == "wrapped":
        return exchange.json(200, {"value": entity})
    return exchange.json(200, {"@odata.context": f"{exchange.origin}{_CONTEXT}/operations/$entity", **entity})


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
