"""A masked number: what the log shows of it."""

import pytest
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

from teams_numbers import numbers


def test_the_masks_country_codes_are_the_metadatas() -> None:
    """The log masks every number and must not load the metadata for it."""
    for code in COUNTRY_CODE_TO_REGION_CODE:
        assert numbers.code_length(f"{code}2345678") == len(str(code))


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+493023125018", "+49•••••••18"),
        ("+12065550118;ext=12", "+1•••••••18"),
        ("+352261234", "+352•••••••34"),
        ("+442079460018", "+44•••••••18"),
        ("442079460018", "44•••••••18"),
        ("+3901234", "+39•••••••34"),
        ("+390123", "•••••••"),
        ("", "•••••••"),
    ],
)
def test_a_mask_keeps_the_country_code_so_that_a_wrong_country_shows(number: str, shown: str) -> None:
    assert numbers.mask(number) == shown
