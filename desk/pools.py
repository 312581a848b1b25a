"""`desk pools`: how full each pool is, counted from Graph's list as the app would pick from it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from desk import show
from desk.account import read_settings
from desk.errors import NOT_ALL, DeskError
from desk.options import ClientId, DeviceCode, Local, TenantId
from desk.tenant import Tenant, open_tenant
from teams_numbers.pools import Pool, candidates, read_pools, suited
from teams_numbers.records import NumberRecord

_USED, _OTHER, _FREE = "█", "▒", "░"
#: How wide a bar is at most, and what the table's columns beside it take, the pool's name not counted.
_BAR, _OTHERS = 30, 60


@dataclass(frozen=True, slots=True)
class Level:
    """How full a pool is.

    Attributes:
        name: the pool's.
        pool: what it is.
        free: how many numbers a request can be given now, those in flight included.
        used: how many somebody holds.
        other: how many are neither: changing, not for users, of another type or country.
    """

    name: str
    pool: Pool
    free: int
    used: int
    other: int

    @property
    def low(self) -> bool:
        """Whether fewer are free than the pool wants; or none at all."""
        return self.free < max(1, self.pool.low_water)


def pools(
    *,
    file: Annotated[
        Path | None, typer.Option(help="The pools' file, such as infra/pools.json; default: NUMBER_POOLS.")
    ] = None,
    client_id: ClientId = None,
    tenant_id: TenantId = None,
    device_code: DeviceCode = False,
    local: Local = False,
) -> None:
    """Show each pool: free, used, low water. Exit code 1 where one is low."""
    console, settings = show.make_console(), read_settings(local=local, needs_account=False)
    known = settings.number_pools if file is None else _read(file)
    if not known:
        message = "no pools: set NUMBER_POOLS as the app has it, or name their file, such as --file infra/pools.json"
        if file is not None:
            message = f"{file}: holds no pool yet; docs/deploy.md shows how to write one"
        raise DeskError(message)
    tenant = open_tenant(settings, client_id, tenant_id, device_code=device_code, local=local)
    with console.status("Reading Graph's list …"):
        levels = count(known, tenant)
    _print(levels, console)
    if any(level.low for level in levels):
        raise typer.Exit(NOT_ALL)


def count(known: dict[str, Pool], tenant: Tenant) -> list[Level]:
    """Return how full each pool is; Graph's list is read once for each type of number."""
    by_type = {kind: tenant.of_type(kind) for kind in dict.fromkeys(pool.number_type for pool in known.values())}
    return [level(name, pool, by_type[pool.number_type]) for name, pool in known.items()]


def level(name: str, pool: Pool, listed: tuple[NumberRecord, ...]) -> Level:
    """Return how full a pool is, by the listed numbers of its type."""
    own = tuple(found for found in listed if found.telephone_number in pool)
    free = len(candidates(pool, suited(pool, own)))
    used = sum(found.assigned for found in own)
    pickable = sum(suited(pool, own).values())
    return Level(name, pool, free, used, len(own) - used - pickable)


def _read(file: Path) -> dict[str, Pool]:
    try:
        return read_pools(file.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"{file}: cannot be read ({error.strerror})"
    except ValueError as error:
        message = f"{file}: {error}"
    raise DeskError(message)


def _print(levels: list[Level], console: Console) -> None:
    table = show.make_table("Pool", "Type", "", "Free", "Used", "Other", "Low water")
    for column in table.columns[3:]:
        column.justify = "right"
    width = min(_BAR, max(_BAR // 3, console.width - max(len(each.name) for each in levels) - _OTHERS))
    for each in levels:
        color = "red" if each.low else "green"
        parts = [(each.used, _USED, ""), (each.other, _OTHER, "dim"), (each.free, _FREE, color)]
        table.add_row(
            each.name,
            each.pool.number_type,
            show.bar(parts, width),
            show.styled(each.free, f"bold {color}"),
            str(each.used),
            str(each.other),
            str(each.pool.low_water or ""),
        )
    console.print(table)
    console.print(
        f"{_USED} used   {_OTHER} other: changing, not for users, another country   {_FREE} free", style="dim"
    )
    for each in levels:
        if each.low:
            what = "has no free number" if not each.free else f"is low: {each.free} free, {each.pool.low_water} wanted"
            console.print(
                f"{each.name} {what}. Get more numbers of its type, or widen it in infra/pools.json.", style="red"
            )
