"""The call that looks a person up, as documented: https://learn.microsoft.com/graph/api/user-get."""

import re
from typing import Any, Final
from urllib.parse import parse_qs

from local.graph import people, texts
from local.graph.call import Reply
from local.graph.exchange import Exchange, names
from local.graph.tenant import Tenant
from local.graph.texts import fill
from local.graph.twist_table import TWISTS
from local.graph.twists import Twist

_PATH: Final = re.compile(r"/v1\.0/users(?:\('((?:[^']|'')+)'\)|/([^/]+))")
#: What a user has without $select, as far as the emulator knows it.
_ORDINARY: Final = ("displayName", "mail", "userPrincipalName", "id")
_MORE: Final = ("accountEnabled", "employeeId", "usageLocation", "userType")
_DOLLAR: Final = "A user principal name that begins with $ needs the form users('{user}')."


def key_of(path: str) -> str | None:
    """Return whom a decoded path looks up; None: it looks nobody up. A slash before a `$` is kept for `answer`."""
    match = _PATH.fullmatch(path)
    if match is None:
        return None
    if match[1] is not None:
        return match[1].replace("''", "'")
    return f"/{match[2]}" if match[2].startswith("$") else match[2]


def answer(exchange: Exchange, key: str, tenant: Tenant, twist: Twist | None) -> Reply:
    """Answer a lookup of one person, by object id or user principal name.

    Args:
        exchange: the call.
        key: what `key_of` returned.
        tenant: the state.
        twist: what is different this time; None: what the person says.
    """
    about = names(key.removeprefix("/"))
    if key.startswith("/"):
        return exchange.error(400, "BadRequest", fill(_DOLLAR, about))
    object_id = people.find(key)
    if object_id is None:
        return exchange.error(404, "Request_ResourceNotFound", fill(texts.NO_RESOURCE, about))
    kind = people.kind_of(object_id)
    if kind is not None:
        asked = tenant.met("lookup", object_id)
        name = "user-missing" if kind.asks and asked < tenant.plan.new_hire_asks else kind.lookups.at(asked)
        twist = twist or (TWISTS[name] if name else None)
    return exchange.twisted(twist, lambda: _user(exchange, key, object_id), tenant.plan.attacker_origin, about)


def _user(exchange: Exchange, key: str, object_id: str) -> Reply:
    name = key if "@" in key else f"{object_id}@{people.DOMAIN}"
    user: dict[str, Any] = {
        "displayName": name.partition("@")[0],
        "mail": name,
        "userPrincipalName": name,
        "id": object_id,
        "accountEnabled": True,
        "employeeId": None,
        "usageLocation": "US",
        "userType": "Guest" if "#EXT#" in name.upper() else "Member",
    }
    query = {option.lower(): values[-1] for option, values in parse_qs(exchange.call.query).items()}
    selected = [field.strip() for field in query.get("$select", ",".join(_ORDINARY)).split(",")]
    by_folded = {field.lower(): field for field in (*_ORDINARY, *_MORE)}
    for field in selected:
        if field.lower() not in by_folded:
            message = f"Could not find a property named '{field}' on type 'microsoft.graph.user'."
            return exchange.error(400, "BadRequest", message)
    shown = [by_folded[field.lower()] for field in selected]
    of = f"({','.join(shown)})" if "$select" in query else ""
    context = f"{exchange.origin}/v1.0/$metadata#users{of}/$entity"
    return exchange.json(200, {"@odata.context": context, **{field: user[field] for field in shown}})
