"""All magic numbers: which table an area code has. docs/emulator-numbers.md and `GET /emulator/numbers` show it."""

from collections.abc import Iterator
from typing import Final

from local.graph.magic import Magic
from local.graph.magic_assign import THIRD
from local.graph.magic_changes import FOURTH
from local.graph.magic_listed import FIFTH
from local.graph.magic_table import FIRST, SECOND, SECOND_AREA

THIRD_AREA, FOURTH_AREA, FIFTH_AREA = "556", "557", "558"
#: The area code of the examples from the first table, which all other area codes have.
EXAMPLE_AREA: Final = "206"
OTHERS: Final = {SECOND_AREA: SECOND, THIRD_AREA: THIRD, FOURTH_AREA: FOURTH, FIFTH_AREA: FIFTH}
TABLES: Final = {EXAMPLE_AREA: FIRST, **OTHERS}
_ROWS: Final = {area: {found.digits: found for found in table} for area, table in TABLES.items()}


def row(area: str, digits: str) -> Magic | None:
    """Return the row of a number by its area code and last two digits; None where it is plain."""
    return _ROWS.get(area, _ROWS[EXAMPLE_AREA]).get(digits)


def rows() -> Iterator[tuple[str, Magic]]:
    """Yield every row once, with the number that stands for it."""
    for area, table in _ROWS.items():
        for digits, found in table.items():
            yield f"+1{area}55501{digits}", found


def number(name: str) -> str:
    """Return the number of the row of that name.

    Raises:
        KeyError: no row is called that.
    """
    return {found.name: telephone_number for telephone_number, found in rows()}[name]
