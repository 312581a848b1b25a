"""How the list of numbers is asked for, page after page."""

import pytest

from teams_numbers.origin import NUMBERS
from teams_numbers.queries import after, numbers


def test_without_a_wish_the_list_is_asked_for_as_it_is() -> None:
    assert numbers() == NUMBERS


@pytest.mark.parametrize(
    ("path", "count", "following"),
    [
        (numbers(), 499, None),
        (numbers(), 500, f"{NUMBERS}?$skip=500"),
        (numbers({"city": "a b"}), 500, f"{NUMBERS}?$filter=city%20eq%20'a%20b'&$skip=500"),
        (numbers(top=1000), 999, None),
        (numbers(top=1000), 1000, f"{NUMBERS}?$top=1000&$skip=1000"),
        (numbers(top=1000, skip=1000), 1001, f"{NUMBERS}?$top=1000&$skip=2001"),
        (f"{NUMBERS}?$Top=1000&$Skip=5", 1000, f"{NUMBERS}?$top=1000&$skip=1005"),
        (f"{NUMBERS}?$top=9{'9' * 20}&$skip=x", 500, f"{NUMBERS}?$top=9{'9' * 20}&$skip=500"),
        (f"{NUMBERS}?$skiptoken=abc", 1000, None),
        (f"{NUMBERS}?$top=0", 0, None),
    ],
)
def test_a_full_page_that_names_no_next_one_is_followed_by_skipping_it(
    path: str, count: int, following: str | None
) -> None:
    assert after(path, count) == following
