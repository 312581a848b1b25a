"""What each magic number and person of the emulator is about, as a request; and on which stack it is sent."""

import uuid
from typing import Any

from local.graph import magic_tables, people
from local.graph.magic import Action, Holder, Magic
from local.graph.people import Person

#: Every magic number by its row's name: the number that stands for it, and what it does.
MAGIC = {row.name: (number, row) for number, row in magic_tables.rows()}
#: Every magic person, by a name that no number has.
PEOPLE = {f"person-{person.name}": person for person in people.PEOPLE}


def row(name: str) -> Magic | Person:
    """Return the magic number or person of that name."""
    return PEOPLE[name] if name in PEOPLE else MAGIC[name][1]


def magic_number(name: str) -> str:
    """Return a number that behaves as the row of that name says."""
    return MAGIC[name][0]


def magic_person(name: str) -> str:
    """Return who is to have the number of that row: somebody else for each, since a second number may be refused."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


def wish(name: str) -> dict[str, Any]:
    """Return the request that a magic number or person is about; its id is the name."""
    if name in PEOPLE:
        number = f"+121055501{list(PEOPLE).index(name):02}"
        who = {"userPrincipalName": PEOPLE[name].user_principal_name}
        return {"requestId": name, "telephoneNumber": number, "numberType": "callingPlan"} | who
    number, magic = MAGIC[name]
    fields = {"requestId": name, "action": magic.action, "telephoneNumber": number}
    holder = {"userPrincipalName": f"{magic.person or name}@{people.DOMAIN}"}
    if magic.action is Action.ASSIGN:
        return fields | {"numberType": "callingPlan", "assignmentTargetId": magic_person(name)}
    if magic.action is Action.UPDATE:
        return fields | {"locationId": "new-location"} | ({} if magic.holder is Holder.NOBODY else holder)
    return fields | holder


#: What ends at its deadline.
LATE = sorted({name for name in (*MAGIC, *PEOPLE) if row(name).ends == "TimedOut"} | {"phantom"})
#: What shows only where operations are asked and numbers are read one by one.
_LOOKED_AT = {name for name, (_, magic) in MAGIC.items() if magic.polls.steps or magic.reads.steps}
_UNKNOWNS = {
    *("second-post-accepted", "second-post-refused", "second-post-conflict"),
    *("accepted-with-retry-after", "accepted-with-retry-after-date"),
    *("failed-unknown", "skipped-free", "skipped-ours", "relative-location", "slow", "read-lag"),
    "no-sign-while-running",
}
IN_ALONE = sorted({*LATE, *_LOOKED_AT, *_UNKNOWNS})
IN_WAVE = sorted({*MAGIC, *PEOPLE} - {*IN_ALONE})
#: The one number of the pool `full`; somebody has it.
FULL = "+12075550139"
