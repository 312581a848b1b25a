"""A request's fields, their forms and which go together: one table for the app and for the published schema. Pure."""

from collections.abc import Collection, Mapping
from typing import Final

PERSON: Final = ("assignmentTargetId", "userPrincipalName")
NUMBER: Final = ("telephoneNumber", "pool")

#: What every number has that is read, as far as a pattern can say: `tel:`, digits of any script and separators, and
#: an extension. Non-ASCII characters pass; the numbering plans are asked in `numbers`. No part of it can be matched in
#: many ways, since others check long texts with it, too.
NUMBER_FORM: Final = (
    r"^[^!-~]*([EeLlTt\u0080-\uffff]{3,12}:)?[^\x00-\x1f!-'*,:-Z\\^-}\x7f]{7,64}"
    r"(;?\s*[EeIiNnOoSsTtXx][EeIiNnOoSsTtXx\u0080-\uffff]{0,16}[^!-'*-\-/;<>-~]*)?\s*$"
)
REQUEST_ID_FORM: Final = r"[A-Za-z0-9._:-]{1,128}"
LOCATION_FORM: Final = r"[A-Za-z0-9-]{1,64}"
ID_FORM: Final = r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
NAME_FORM: Final = r"[^\s@/\\?*:<>|\"]+@[^\s@/\\?*:<>|\"]+"
MOMENT_FORM: Final = (
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)

#: For each action: groups of which exactly one field is needed, groups of which one at most is allowed, and fields that
#: mean nothing there.
NEEDED: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "assign": (PERSON, NUMBER),
    "unassign": (PERSON,),
    "update": (("telephoneNumber",), ("locationId",)),
}
AT_MOST_ONE: Final = (PERSON, NUMBER)
MEANINGLESS: Final[Mapping[str, tuple[str, ...]]] = {
    "assign": (),
    "unassign": ("pool", "numberType", "assignmentCategory", "locationId", "existingNumber"),
    "update": ("pool", "numberType", "assignmentCategory", "existingNumber"),
}
_SAID: Final = {
    PERSON: "name the person, by assignmentTargetId (the object id) or by userPrincipalName",
    NUMBER: "name the number, by telephoneNumber or by pool",
    ("telephoneNumber",): "name the number",
    ("locationId",): "name the emergency location to set",
}

#: Fields of which an empty text is as good as none: spreadsheets and connectors write it for an empty cell.
BLANKABLE: Final = frozenset(
    {
        *("requestId", "action", "assignmentTargetId", "userPrincipalName", "pool", "numberType"),
        *("assignmentCategory", "locationId", "existingNumber", "notBefore"),
    }
)


def combined(action: str, named: Collection[str]) -> dict[str, str]:
    """Return what is wrong with a request's combination of fields, by field; empty where nothing is.

    Args:
        action: the request's.
        named: the fields that have a value, by their name in the contract.
    """
    wrong: dict[str, str] = {}
    for group in NEEDED[action]:
        if not set(group) & set(named):
            wrong[group[0]] = f"is missing: {_SAID[group]}"
    for group in AT_MOST_ONE:
        if set(group) <= set(named):
            wrong[group[-1]] = f"leave out one of {group[0]} and {group[1]}: they say the same thing twice"
    for name in MEANINGLESS[action]:
        if name in named:
            wrong[name] = f"leave it out: it means nothing for the action {action}"
    if action == "assign" and "telephoneNumber" in named and "numberType" not in named:
        wrong["numberType"] = "is missing: say who provides the number: directRouting, callingPlan, operatorConnect"
    if action == "assign" and "pool" in named and "numberType" in named:
        wrong["numberType"] = "leave it out: the pool says it"
    return wrong
