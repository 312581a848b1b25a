"""Who is in the tenant, without keeping a list: it follows from the name.

Every `<name>@contoso.example` is a licensed user whose object id is made of the user principal name, the same each
time. The first part of a name, up to a dot, may be magic: `nobody.7@contoso.example` is as little there as `nobody`.
"""

import re
import uuid
from dataclasses import dataclass, field
from typing import Final

from local.graph.magic import Script, always, once

DOMAIN: Final = "contoso.example"
_IDS: Final = uuid.UUID("66666666-6666-4666-8666-666666666666")
GUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_MARKED: Final = re.compile(r"(0000\d{4})-[0-9a-f]{4}-5")


@dataclass(frozen=True, slots=True)
class Person:
    """A kind of magic person.

    Attributes:
        name: the user principal name up to a dot or the @.
        mark: the first group of the object id, by which the kind is known again; all others are the name's own.
        happens: what is special, for people.
        ends: the last part of the type of the event in which a request that assigns a good number should end.
        code: that event's error code; None where there is no error.
        exists: whether Teams knows the person; whether the directory does say `lookups`.
        asks: found only after so many lookups as the plan's newHireAsks says.
        lookups: names of the twists that looking the person up meets.
        posts: names of the twists that orders for the person meet.
    """

    name: str
    mark: str
    happens: str
    ends: str = "Succeeded"
    code: str | None = None
    asks: bool = False
    lookups: Script[str] = field(default_factory=Script)
    posts: Script[str] = field(default_factory=Script)

    @property
    def user_principal_name(self) -> str:
        """The name to look up."""
        return f"{self.name}@{DOMAIN}"


_LATE = ("TimedOut", "timedOut")
_HAS = ("Failed", "userHasNumber")
PEOPLE: Final = (
    Person(
        "nobody",
        "00000404",
        "is not in the directory, and never found by Teams",
        *_LATE,
        lookups=always("user-missing"),
        posts=always("user-not-found"),
    ),
    Person("newhire", "00000405", "is in the directory only after some lookups (the plan's newHireAsks)", asks=True),
    Person("new-in-teams", "00000406", "is refused twice as not found", posts=once("user-not-found", "user-not-found")),
    Person("not-in-teams", "00000407", "is refused as not found every time", *_LATE, posts=always("user-not-found")),
    Person("unlicensed", "00000402", "never gets a license", *_LATE, posts=always("license-missing")),
    Person("license-late", "00000403", "is refused twice for want of a license", posts=once(*["license-missing"] * 2)),
    Person(
        "on-premises",
        "00000408",
        "has a number in the on-premises Active Directory",
        "Failed",
        "onPremisesNumber",
        posts=always("on-premises"),
    ),
    Person("has-number", "00000501", "has a primary number from the start", *_HAS),
    Person("has-two", "00000502", "has a primary and an alternate number from the start", *_HAS),
    Person("has-private", "00000503", "has a private line from the start"),
    Person("lookup-throttled", "00000429", "is looked up: 429 once", lookups=once("throttled-seconds")),
    Person("lookup-error", "00000500", "is looked up: 500 once", lookups=once("server-error")),
    Person("lookup-reset", "00000504", "is looked up: the connection is reset once", lookups=once("reset")),
    Person("lookup-hang", "00000505", "is looked up: no answer once, until the client gives up", lookups=once("hang")),
    Person("lookup-not-json", "00000506", "is looked up: an HTML page once", lookups=once("not-json")),
    Person("lookup-forbidden", "00000507", "is looked up: 403 once", lookups=once("forbidden-privileges")),
)  # fmt: skip
_BY_NAME: Final = {person.name: person for person in PEOPLE}
_BY_MARK: Final = {person.mark: person for person in PEOPLE}
#: Object ids that stand for a kind of person without a name.
FIXED: Final = {
    "00000000-0000-0000-0000-000000000402": _BY_NAME["unlicensed"],
    "00000000-0000-0000-0000-000000000404": _BY_NAME["nobody"],
}


def object_id(user_principal_name: str) -> str:
    """Return the object id of whoever has that name; it is the name itself where that is a GUID."""
    name, _, domain = user_principal_name.lower().partition("@")
    if GUID.fullmatch(name):
        return name
    own = str(uuid.uuid5(_IDS, f"{name}@{domain}"))
    kind = _BY_NAME.get(name.partition(".")[0])
    return kind.mark + own[len(kind.mark) :] if kind else own


def kind_of(object_id: str) -> Person | None:
    """Return what is special about whoever has that object id."""
    match = _MARKED.match(object_id)
    return FIXED.get(object_id) or (_BY_MARK.get(match[1]) if match else None)


def find(key: str) -> str | None:
    """Return the object id of whom a key names, a GUID or a user principal name; None: the tenant has no such name."""
    if GUID.fullmatch(key):
        return key.lower()
    name, _, domain = key.lower().rpartition("@")
    return object_id(key) if name and domain == DOMAIN else None
