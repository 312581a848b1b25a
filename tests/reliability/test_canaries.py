"""The search for canaries finds them in whatever form they come."""

import base64
from urllib.parse import quote

import pytest

from tests.reliability.canaries import search

_NUMBER, _NAME = "12065550110", "Kim Canary"


@pytest.mark.parametrize(
    "text",
    [
        f"+{_NUMBER}",
        quote(f"'+{_NUMBER}' {_NAME}"),
        base64.b64encode(f"number is {_NUMBER}".encode()).decode(),
        "id=" + base64.urlsafe_b64encode(f"<guid>|+{_NUMBER}".encode()).decode().rstrip("="),
        "operations/" + base64.urlsafe_b64encode(f"x|{_NAME}|{_NUMBER}".encode()).decode().rstrip("=") + "/x",
        _NAME.upper(),
        quote(_NAME),
    ],
)
def test_a_canary_is_found_in_any_form(text: str) -> None:
    assert search(text.encode(), {_NUMBER: "number", _NAME: "name"})


def test_nothing_is_found_where_nothing_is() -> None:
    assert not search(b"+1*******10 and eyJhbGciOiJub25lIn0", {_NUMBER: "number", _NAME: "name"})
