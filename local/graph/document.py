"""docs/emulator-numbers.md, made from the tables, so that it cannot go stale."""

import json

from local.graph.inventory import DIRECT_ROUTING_FROM, MAGIC_USERS, OPERATOR_CONNECT_FROM, PLAIN_BELOW
from local.graph.magic import Magic
from local.graph.magic_table import FIRST, SECOND, SECOND_AREA
from local.graph.plan import Plan, RateLimit
from local.graph.twists import TWISTS


def page() -> str:
    """Return the page as Markdown."""
    users = {"license-missing": "never gets a license", "user-not-found": "is never found"}
    lines = [
        "# Magic numbers of the Graph emulator",
        "",
        "Generated from the emulator's tables by `python -m local.graph --document`; `GET /emulator/numbers` answers",
        "the same as JSON.",
        "",
        "The tenant has every number `+1AAA55501NN` with AAA from 201 to 999: North America's fictional range, so none",
        "belongs to a person. The area code says the type, the last two digits what happens.",
        "",
        "| area code | numberType |",
        "| --- | --- |",
        f"| 201 to {OPERATOR_CONNECT_FROM - 1} | `callingPlan` |",
        f"| {OPERATOR_CONNECT_FROM} to {DIRECT_ROUTING_FROM - 1} | `operatorConnect` |",
        f"| {DIRECT_ROUTING_FROM} to 999 | `directRouting` |",
        "",
        f"- NN below {PLAIN_BELOW}: an ordinary good number.",
        f"- NN from {PLAIN_BELOW}: see the first table; in area code {SECOND_AREA}, the second.",
        "- A `directRouting` number that is not in the inventory is accepted and listed once it is assigned; with",
        "  `;ext=` it behaves as its digits say.",
        "- Any other number, or another numberType: 400 `is not found from tenant`.",
        "- Any GUID is a licensed user, except:",
        *(f"  - `{user}`, who {users[refusal]}" for user, refusal in MAGIC_USERS.items()),
        "- How many numbers a user has is not limited.",
        '- "Once", "twice" and "first" are counted per number since the last `POST /emulator/reset`. Seconds are times',
        "  the plan's `timeScale`, but those of `Retry-After` stay.",
        "- *Ends as* is the event that a request should end in.",
        "",
        "## First table",
        "",
        *_table(FIRST),
        "",
        f"## Second table: area code {SECOND_AREA}",
        "",
        *_table(SECOND),
        "",
        "## The plan",
        "",
        "`POST /emulator/plan` changes the fields that it names; an unknown one is refused by name. Random draws and",
        "the rate limit begin anew.",
        "",
        "| field | default | meaning |",
        "| --- | --- | --- |",
        *_fields(Plan),
        "",
        "`rateLimit`:",
        "",
        "| field | default | meaning |",
        "| --- | --- | --- |",
        *_fields(RateLimit),
        "",
        "## Random faults",
        "",
        'In the plan\'s `faults`, as `{"throttled-seconds": 0.05}`; each is drawn at every call that it makes sense',
        "for, and the first that hits is the answer.",
        "",
        "| fault | at | answer |",
        "| --- | --- | --- |",
        *(f"| `{twist.name}` | {', '.join(twist.on)} | {twist.summary} |" for twist in TWISTS.values()),
    ]
    return "\n".join(lines) + "\n"


def _table(rows: tuple[Magic, ...]) -> list[str]:
    return [
        "| NN | name | what happens | ends as |",
        "| --- | --- | --- | --- |",
        *(
            f"| {row.digits} | {row.name} | {row.happens} | {row.ends}{f' `{row.code}`' if row.code else ''} |"
            for row in rows
        ),
    ]


def _fields(model: type[Plan] | type[RateLimit]) -> list[str]:
    defaults = model().model_dump(mode="json", by_alias=True)
    return [
        f"| `{field.alias}` | `{_short(defaults[field.alias or ''])}` | {field.description} |"
        for field in model.model_fields.values()
    ]


def _short(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else json.dumps(value).strip('"')
