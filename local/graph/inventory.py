"""Which numbers and users the tenant has, without keeping a list: it follows from the digits.

The numbers are North America's fictional range, 555-0100 to 555-0199 of every area code from 201 to 999, so none of
them can belong to a person. Source: https://nationalnanpa.com, "555-0100 through 555-0199 for fictional use".
"""

import re
from collections.abc import Iterator
from typing import Final

from local.graph.magic import Magic
from local.graph.magic_table import FIRST, SECOND, SECOND_AREA
from local.graph.vocabulary import NumberType

AREAS: Final = range(201, 1000)
#: The first area code of each kind of number.
OPERATOR_CONNECT_FROM, DIRECT_ROUTING_FROM = 800, 900
#: The two digits below which a number is plainly good.
PLAIN_BELOW: Final = 40

SOMEBODY: Final = "00000000-0000-0000-0000-000000000001"
VOICE_APPLICATION: Final = "00000000-0000-0000-0000-000000000002"
#: Users that are no plain licensed ones: which refusal each of them gets, always.
MAGIC_USERS: Final = {
    "00000000-0000-0000-0000-000000000402": "license-missing",
    "00000000-0000-0000-0000-000000000404": "user-not-found",
}

_FICTIONAL = re.compile(r"\+1(\d{3})55501(\d\d)")
_FIRST, _SECOND = ({row.digits: row for row in table} for table in (FIRST, SECOND))


def number_type(telephone_number: str) -> NumberType | None:
    """Return the kind of a number of the inventory; None where the tenant has no such number.

    Args:
        telephone_number: with its plus, and its `;ext=` if it has one.
    """
    match = _FICTIONAL.fullmatch(telephone_number)
    if match is None or int(match[1]) not in AREAS:
        return None
    if int(match[1]) >= DIRECT_ROUTING_FROM:
        return NumberType.DIRECT_ROUTING
    return NumberType.OPERATOR_CONNECT if int(match[1]) >= OPERATOR_CONNECT_FROM else NumberType.CALLING_PLAN


def magic(telephone_number: str) -> Magic | None:
    """Return what is special about a number; an extension does not change it."""
    match = _FICTIONAL.fullmatch(telephone_number.partition(";")[0])
    if match is None:
        return None
    return (_SECOND if match[1] == SECOND_AREA else _FIRST).get(match[2])


def every_number() -> Iterator[str]:
    """Yield the whole inventory, in order."""
    for area in AREAS:
        for last in range(100):
            yield f"+1{area}55501{last:02}"


def good_numbers(kind: NumberType = NumberType.CALLING_PLAN) -> Iterator[str]:
    """Yield the plainly good numbers of a kind, in order: 23,960 for Calling Plans, 4,000 for each of the others."""
    for number in every_number():
        if int(number[-2:]) < PLAIN_BELOW and number_type(number) is kind:
            yield number
