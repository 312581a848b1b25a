"""docs/emulator-numbers.md, made from the tables, so that it cannot go stale."""

import json
from typing import Final

from local.graph import people
from local.graph.inventory import DIRECT_ROUTING_FROM, OPERATOR_CONNECT_FROM, PLAIN_BELOW
from local.graph.magic import Magic
from local.graph.magic_tables import EXAMPLE_AREA, FIFTH_AREA, OTHERS, TABLES
from local.graph.plan import Plan, RateLimit
from local.graph.twist_table import TWISTS

_FIRST_LINES: Final = f"""\
# Magic numbers of the Graph emulator

Generated from the emulator's tables by `python -m local.graph --document`; `GET /emulator/numbers` answers
the same as JSON.

The tenant has every number `+1AAA55501NN` with AAA from 201 to 999: North America's fictional range, so none
belongs to a person. The area code says the type, the last two digits what happens.

| area code | numberType |
| --- | --- |
| 201 to {OPERATOR_CONNECT_FROM - 1} | `callingPlan` |
| {OPERATOR_CONNECT_FROM} to {DIRECT_ROUTING_FROM - 1} | `operatorConnect` |
| {DIRECT_ROUTING_FROM} to 999 | `directRouting` |

- NN below {PLAIN_BELOW}: an ordinary good number.
- NN from {PLAIN_BELOW}: see the first table; area codes {", ".join(OTHERS)} have tables of their own.
- A `directRouting` number that is not in the inventory is accepted and listed once it is assigned; with
  `;ext=` it behaves as its digits say.
- Any other number, or another numberType: 400 `is not found from tenant`.
- isoCountryCode is `CA` in Canada's area codes, else `US`; Direct Routing numbers have none.
- A number that is taken back keeps its locationId.
- A second primary number of a person: the plan's secondNumber. Other categories are not limited.
- "Once", "twice" and "first" are counted per number or person since the last `POST /emulator/reset`. Seconds are
  times the plan's `timeScale`, but those of `Retry-After` stay.
- *For* is what the row is about: its orders, polls and endings are those of that action; for other actions the
  number is an ordinary one. *Held by* is who has the number from the start.
- *Ends as* is the event that such a request should end in.
"""

_PEOPLE: Final = f"""\
## People

Every `<name>@{people.DOMAIN}` is a licensed user. The object id is made of the user principal name, so it is the same
each time; a user principal name of any other domain is not found. Any object id is a licensed user, too. The first
part of a name, up to a dot, may be magic: `nobody.7@{people.DOMAIN}` is as little there as `nobody@{people.DOMAIN}`.
The object ids of magic people begin with digits that say so; the numbers are those of the person without a dot.

| user principal name | object id | what is special | a request that assigns a good number ends as |
| --- | --- | --- | --- |
"""

_PLAN: Final = """\
## The plan

`POST /emulator/plan` changes the fields that it names; an unknown one is refused by name. Random draws and
the rate limit begin anew.

| field | default | meaning |
| --- | --- | --- |
"""

_LIMIT: Final = """\

`rateLimit`:

| field | default | meaning |
| --- | --- | --- |
"""

_FAULTS: Final = """\
## Random faults

In the plan's `faults`, as `{"throttled-seconds": 0.05}`; each is drawn at every call that it makes sense
for, and the first that hits is the answer. A `page` is a `list` that names neither a number nor a person.

| fault | at | answer |
| --- | --- | --- |
"""


def page() -> str:
    """Return the page as Markdown."""
    tables = [_table(area, rows) for area, rows in TABLES.items()]
    everybody = [
        f"| `{person.user_principal_name}` | `{people.object_id(person.user_principal_name)}` | {person.happens} |"
        f" {_end(person)} |"
        for person in people.PEOPLE
    ]
    fixed = [f"\n`{guid}` is as `{person.name}`." for guid, person in people.FIXED.items()]
    faults = [f"| `{twist.name}` | {', '.join(twist.on)} | {twist.summary} |" for twist in TWISTS.values()]
    parts = [
        _FIRST_LINES,
        *tables,
        _PEOPLE + "\n".join([*everybody, *fixed]) + "\n",
        _PLAN + "\n".join(_fields(Plan)) + "\n" + _LIMIT + "\n".join(_fields(RateLimit)) + "\n",
        _FAULTS + "\n".join(faults) + "\n",
    ]
    return "\n".join(parts)


_TITLES: Final = ("First", "Second", "Third", "Fourth", "Fifth")
_ABOUT: Final = ("assignments", "assignments", "assignments", "unassignments and updates", "what the list shows")


def _table(area: str, rows: tuple[Magic, ...]) -> str:
    place = list(TABLES).index(area)
    where = "" if area == EXAMPLE_AREA else f" (area code {area})"
    lines = [
        f"## {_TITLES[place]} table{where}: {_ABOUT[place]}",
        "",
        "| NN | name | what happens | ends as | for | held by |",
        "| --- | --- | --- | --- | --- | --- |",
        *(
            f"| {row.digits} | {row.name} | {row.happens} | {_end(row)} | {row.action} | {_holder(row)} |"
            for row in rows
        ),
    ]
    if area == FIFTH_AREA:
        lines += ["", "Between them these numbers show every status, type, capability and source that Graph has."]
    return "\n".join(lines) + "\n"


def _end(row: Magic | people.Person) -> str:
    return row.ends + (f" `{row.code}`" if row.code else "")


def _holder(row: Magic) -> str:
    return f"`{row.person}`" if row.person else ""


def _fields(model: type[Plan] | type[RateLimit]) -> list[str]:
    defaults = model().model_dump(mode="json", by_alias=True)
    return [
        f"| `{field.alias}` | `{_short(defaults[field.alias or ''])}` | {field.description} |"
        for field in model.model_fields.values()
    ]


def _short(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else json.dumps(value).strip('"')
