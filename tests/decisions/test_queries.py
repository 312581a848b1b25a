"""How the list of numbers is asked for, page after page."""

from typing import Any

import pytest

from teams_numbers.origin import NUMBERS
from teams_numbers.queries import after, numbers


@pytest.mark.parametrize(
    ("wishes", "query"),
    [
        ({}, ""),
        ({"filters": {}}, ""),
        ({"filters": {"city": "a&b"}}, "?$filter=city%20eq%20'a%26b'"),
        ({"filters": {"city": "L'Aquila"}}, "?$filter=city%20eq%20'L''Aquila'"),
        (
            {"filters": {"numberType": "callingPlan"}, "capability": "userAssignment"},
            "?$filter=numberType%20eq%20'callingPlan'%20and%20capabilities/any(c:c%20eq%20'userAssignment')",
        ),
        ({"capability": "it's"}, "?$filter=capabilities/any(c:c%20eq%20'it''s')"),
        ({"top": 1000}, "?$top=1000"),
        ({"top": 1000, "skip": 2000}, "?$top=1000&$skip=2000"),
        ({"filters": {"city": "a"}, "skip": 5}, "?$filter=city%20eq%20'a'&$skip=5"),
    ],
)
def test_the_list_is_asked_for_by_what_is_wished_and_nothing_else(wishes: dict[str, Any], query: str) -> None:
    assert numbers(**wishes) == f"{NUMBERS}{query}"


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
        (f"{NUMBERS}?$top=999999999", 500, None),
        (f"{NUMBERS}?$top=1000000000", 500, f"{NUMBERS}?$top=1000000000&$skip=500"),
        (f"{NUMBERS}?$skiptoken=abc", 1000, None),
        (f"{NUMBERS}?$top=0", 0, None),
    ],
)
def test_a_full_page_that_names_no_next_one_is_followed_by_skipping_it(
    path: str, count: int, following: str | None
) -> None:
    assert after(path, count) == following
