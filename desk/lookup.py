"""`desk number` and `desk person`: who holds what, read from Graph now, and which requests are about it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from desk import show
from desk.account import connect, has_account, read_settings
from desk.errors import NOT_ALL, DeskError
from desk.options import ClientId, DeviceCode, For, Local, ShowNumbers, TenantId
from desk.tenant import open_tenant
from desk.worklist import look, of_number, of_person, told
from teams_numbers import numbers
from teams_numbers.contracts import NumberRequest
from teams_numbers.log import GUID
from teams_numbers.pools import Pool
from teams_numbers.records import NumberRecord
from teams_numbers.settings import Settings
from teams_numbers.work_item import WorkItem


def number(
    text: Annotated[list[str], typer.Argument(metavar="NUMBER", help="With + and its country code.")],
    *,
    seconds: For = 0,
    client_id: ClientId = None,
    tenant_id: TenantId = None,
    device_code: DeviceCode = False,
    local: Local = False,
) -> None:
    """Say who holds a number, and what is under way for it."""
    console, settings = show.make_console(), read_settings(local=local, needs_account=False)
    try:
        wanted = numbers.read(" ".join(text), settings.number_check)
    except ValueError as error:
        message = f"NUMBER: {error}"
        raise DeskError(message) from None
    tenant = open_tenant(settings, client_id, tenant_id, device_code=device_code, local=local)
    found = tenant.number(wanted)
    console.print(wanted, style="bold")
    console.print(_facts(about_number(wanted, found, settings)))
    _requests(console, of_number(wanted), seconds=seconds, local=local, numbers=True)
    if found is None:
        raise typer.Exit(NOT_ALL)


def person(
    name: Annotated[str, typer.Argument(metavar="PERSON", help="A user principal name or an object id.")],
    *,
    seconds: For = 0,
    client_id: ClientId = None,
    tenant_id: TenantId = None,
    device_code: DeviceCode = False,
    local: Local = False,
    show_numbers: ShowNumbers = False,
) -> None:
    """Say which numbers a person holds, and what is under way."""
    if "@" not in name and not GUID.fullmatch(name):
        message = "PERSON: must be a user principal name, such as anna@contoso.example, or an object id (a GUID)"
        raise DeskError(message)
    console, settings = show.make_console(), read_settings(local=local, needs_account=False)
    tenant = open_tenant(settings, client_id, tenant_id, device_code=device_code, local=local)
    object_id = tenant.object_id(name)
    console.print(show.plain(name), style="bold")
    if object_id is None:
        console.print("  The tenant has nobody of this name. A deleted account keeps its object id: ask by that.")
    else:
        held = tenant.held_by(object_id)
        console.print(f"  Object id {object_id}; " + (f"holds {len(held)}:" if held else "holds no number."))
        if held:
            console.print(_held(held, settings, numbers=show_numbers))
    called = name if "@" in name else None
    _requests(console, of_person(object_id, called), seconds=seconds, local=local, numbers=show_numbers)
    if object_id is None:
        raise typer.Exit(NOT_ALL)


def about_number(wanted: str, found: NumberRecord | None, settings: Settings) -> list[tuple[str, Text]]:
    """Return what there is to say of a number, each with its name."""
    facts = [("Held by", _holder(found))]
    if found is not None:
        facts += [
            ("Line", Text(found.category or ("" if not found.assigned else "primary, or not said"))),
            ("Type", Text(" · ".join(filter(None, (found.number_type, found.country))))),
            ("Location", Text(found.location_id or "none")),
            ("Activation", Text(found.activation_state or "not said", "yellow" if found.changing else "")),
        ]
        if not found.for_users:
            facts.append(("Use", Text("not for users: it lacks the capability userAssignment", "yellow")))
    facts.append(("Pool", Text(", ".join(_pools(wanted, settings.number_pools)) or "none")))
    if wanted in settings.protected_numbers:
        facts.append(("Protected", Text("never unassigned (PROTECTED_NUMBERS)", "yellow")))
    if not numbers.is_valid(wanted):
        note = "possible, but not in a range that its country has given out, as far as Google's metadata knows"
        facts.append(("Note", Text(note, "yellow")))
    return [(name, text) for name, text in facts if text.plain]


def _holder(found: NumberRecord | None) -> Text:
    if found is None:
        said = "nobody that Graph shows: it does not list the number. One of Direct Routing is listed from its first "
        return Text(f"{said}assignment on", "yellow")
    if found.phantom:
        return Text("nobody that Graph names, and yet it reads as assigned: not free", "red")
    if not found.assigned:
        return Text("nobody: it is free" if found.free else "nobody", "green" if found.free else "")
    return Text(show.plain(found.target))


def _pools(wanted: str, pools: dict[str, Pool]) -> list[str]:
    return [name for name, pool in pools.items() if wanted in pool]


def _facts(facts: list[tuple[str, Text]]) -> Table:
    table = Table.grid(padding=(0, 2))
    for name, text in facts:
        table.add_row("", Text(name, "dim"), text)
    return table


def _held(held: tuple[NumberRecord, ...], settings: Settings, *, numbers: bool) -> Table:
    table = show.make_table("Number", "Line", "Type", "Location", "Activation", "Pool")
    for found in sorted(held, key=lambda found: (found.category != "primary", found.telephone_number)):
        table.add_row(
            show.number(found.telephone_number, shown=numbers),
            show.styled(found.category or ""),
            show.styled(found.number_type or ""),
            show.styled(found.location_id or ""),
            show.styled(found.activation_state or "", "yellow" if found.changing else ""),
            ", ".join(_pools(found.telephone_number, settings.number_pools)),
        )
    return table


def _requests(
    console: Console,
    about: Callable[[WorkItem | NumberRequest], bool],
    *,
    seconds: float,
    local: bool,
    numbers: bool,
) -> None:
    """Say which requests are under way, as far as a look at the queues shows."""
    if not has_account(local=local):
        console.print("  Requests under way: not looked at, since no account is named (NumbersStorage…).", style="dim")
        return
    seen = look(connect(local=local), seconds=seconds)
    lines = list(told(seen, about, datetime.now(UTC)))
    for line in lines:
        console.print(Text.assemble(("  Under way ", "yellow"), show.plain(line if numbers else show.masked(line))))
    if not lines:
        console.print("  Requests under way: none that can be seen.")
    if seen.hint:
        console.print(f"  {seen.hint}", style="dim")
