"""The origin guard: a token goes to one origin."""

import pytest

from teams_numbers.origin import operation_id, operation_url
from tests.values import ENDPOINT, OPERATION_URL

PATH = "/v1.0/admin/teams/telephoneNumberManagement/operations"


@pytest.mark.parametrize(
    "location",
    [
        OPERATION_URL,
        OPERATION_URL.replace("graph.microsoft.com", "graph.microsoft.com:443"),
        OPERATION_URL.replace("graph.microsoft.com", "GRAPH.Microsoft.com"),
        f"{PATH}('QXNzaWdubWVudHw2Y2E4')",
        f"{PATH}/QXNzaWdubWVudHw2Y2E4",
        f"{PATH}(%27QXNzaWdubWVudHw2Y2E4%27)",
        "admin/teams/telephoneNumberManagement/operations('QXNzaWdubWVudHw2Y2E4')",
    ],
)
def test_an_operation_of_this_graph_is_taken_however_it_is_written(location: str) -> None:
    assert operation_url(location, ENDPOINT) == OPERATION_URL


HOSTILE = [
    "",
    "https://evil.example/",
    f"https://evil.example{PATH}('a')",
    f"//evil.example{PATH}('a')",
    f"http://graph.microsoft.com{PATH}('a')",
    f"https://graph.microsoft.com:444{PATH}('a')",
    f"https://graph.microsoft.com:80{PATH}('a')",
    f"https://graph.microsoft.com:x{PATH}('a')",
    f"https://graph.microsoft.com.evil.example{PATH}('a')",
    f"https://graph.microsoft.com.{PATH}('a')",
    f"https://graph-microsoft.com{PATH}('a')",
    f"https://evil.example@graph.microsoft.com{PATH}('a')",
    f"https://graph.microsoft.com@evil.example{PATH}('a')",
    f"https://user:pass@graph.microsoft.com{PATH}('a')",
    f"https://graph.microsoft.com\\@evil.example{PATH}('a')",
    f"https:\\\\evil.example{PATH}('a')",
    f"https://gr\u0430ph.microsoft.com{PATH}('a')",
    f"https://[::1]{PATH}('a')",
    f"https://[::1{PATH}('a')",
    f"https://graph.microsoft.com\n{PATH}('a')",
    f"\thttps://graph.microsoft.com{PATH}('a')",
    f"https://graph.microsoft.com{PATH}('a')\r\nHost: evil.example",
    f"https://graph.microsoft.com{PATH}('a')?x=1",
    f"https://graph.microsoft.com{PATH}('a')#x",
    f"https://graph.microsoft.com{PATH}('../../users')",
    f"https://graph.microsoft.com{PATH}/../../../users",
    f"https://graph.microsoft.com{PATH}('%2e%2e%2fusers')",
    f"https://graph.microsoft.com{PATH}('a')/numbers",
    "https://graph.microsoft.com/v1.0/users/operations('a')",
    "https://graph.microsoft.com/v1.0/users",
    "https://graph.microsoft.com/admin/teams/telephoneNumberManagement/operations('a')",
    f"javascript:{PATH}('a')",
    "file:///etc/passwd",
    f"https://graph.microsoft.com{PATH}('{'a' * 10_000}')",
    f"https://graph.microsoft.com{PATH}('')",
    f"https://graph.microsoft.com{PATH}('\u00e9')",
    "operations('a')",
    "https://",
    "https:graph.microsoft.com",
    f"wss://graph.microsoft.com{PATH}('a')",
]


@pytest.mark.parametrize("location", HOSTILE)
def test_an_address_that_is_no_operation_of_this_graph_is_refused(location: str) -> None:
    assert operation_url(location, ENDPOINT) is None


def test_loopback_with_a_port_works_like_any_origin() -> None:
    endpoint = "http://127.0.0.1:7072/v1.0"
    assert operation_url(f"http://127.0.0.1:7072{PATH}('a')", endpoint) == f"http://127.0.0.1:7072{PATH}('a')"
    for port in ("", ":80", ":7073"):
        assert operation_url(f"http://127.0.0.1{port}{PATH}('a')", endpoint) is None


def test_the_id_is_what_stands_between_the_quotes() -> None:
    assert operation_id(OPERATION_URL) == "QXNzaWdubWVudHw2Y2E4"
