"""The origin guard: a token goes to one origin."""

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teams_numbers.origin import NUMBERS, next_page, operation_id, operation_url, person_path
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


@pytest.mark.parametrize(
    ("location", "endpoint"),
    [
        (OPERATION_URL, "https://graph.microsoft.com/beta"),
        (OPERATION_URL.replace("v1.0", "beta"), ENDPOINT),
        (OPERATION_URL, "https://graph.microsoft.com/v2.0"),
        (OPERATION_URL.replace("/v1.0", "/graph/v1.0"), "https://graph.microsoft.com/graph/beta"),
    ],
)
def test_another_version_of_the_same_graph_knows_the_operation_by_its_id(location: str, endpoint: str) -> None:
    asked = f"{endpoint}/admin/teams/telephoneNumberManagement/operations('QXNzaWdubWVudHw2Y2E4')"
    assert operation_url(location, endpoint) == asked


@pytest.mark.parametrize("endpoint", ["https://graph.microsoft.us/v1.0", "https://canary.graph.microsoft.com/beta"])
def test_another_graph_does_not_know_the_operation(endpoint: str) -> None:
    assert operation_url(OPERATION_URL, endpoint) is None


HOSTILE = [
    "",
    "https://evil.example/",
    f"https://evil.example{PATH}('a')",
    f"//evil.example{PATH}('a')",
    f"http://graph.microsoft.com{PATH}('a')",
    f"http://graph.microsoft.com:443{PATH}('a')",
    f"//graph.microsoft.com:80{PATH}('a')",
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
    "https://graph.microsoft.com/betas/admin/teams/telephoneNumberManagement/operations('a')",
    "https://graph.microsoft.com/x/v1.0/admin/teams/telephoneNumberManagement/operations('a')",
    "https://graph.microsoft.com/v1.0/x/../admin/teams/telephoneNumberManagement/operations('a')",
    "https://graph.microsoft.com/v1.0/x/admin/teams/telephoneNumberManagement/operations('a')",
    f"javascript:{PATH}('a')",
    "file:///etc/passwd",
    f"https://graph.microsoft.com{PATH}('{'a' * 10_000}')",
    f"https://graph.microsoft.com{PATH}('{'a' * 2_000}')",
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


def test_an_address_is_taken_up_to_2048_characters() -> None:
    longest = f"{ENDPOINT}{PATH.removeprefix('/v1.0')}('".ljust(2046, "a") + "')"
    assert operation_url(longest, ENDPOINT) == longest
    assert operation_url(longest.replace("('", "('a"), ENDPOINT) is None


def test_an_address_that_would_be_longer_when_built_anew_is_not_taken() -> None:
    """A work item has no room for it: the order could not be followed, and its item could not be read."""
    relative = f"{PATH.removeprefix('/v1.0/')}/"
    longest = 2048 - len(f"{ENDPOINT}/{relative}") - len("('')") + 1
    built = operation_url(relative + longest * "a", ENDPOINT)
    assert built is not None
    assert len(built) == 2048
    assert operation_url(relative + (longest + 1) * "a", ENDPOINT) is None


def test_loopback_with_a_port_works_like_any_origin() -> None:
    endpoint = "http://127.0.0.1:7072/v1.0"
    assert operation_url(f"http://127.0.0.1:7072{PATH}('a')", endpoint) == f"http://127.0.0.1:7072{PATH}('a')"
    usual = f"http://127.0.0.1{PATH}('a')"
    assert operation_url(usual.replace("127.0.0.1", "127.0.0.1:80"), "http://127.0.0.1/v1.0") == usual
    nested = f"http://127.0.0.1:7072{PATH.removeprefix('/v1.0')}('a')".replace("/admin", "/graph/admin")
    assert operation_url(nested, "http://127.0.0.1:7072/graph") == nested
    for port in ("", ":80", ":7073"):
        assert operation_url(f"http://127.0.0.1{port}{PATH}('a')", endpoint) is None


def test_the_id_is_what_stands_between_the_quotes() -> None:
    assert operation_id(OPERATION_URL) == "QXNzaWdubWVudHw2Y2E4"


@pytest.mark.parametrize("query", ["$skip=500", "$skiptoken=a%2Fb-_~'(x)&$filter=a%20eq%20'b'", "$top=5,6;7"])
def test_only_the_query_of_a_next_page_is_taken(query: str) -> None:
    for link in (f"{ENDPOINT}{NUMBERS}?{query}", f"/v1.0{NUMBERS}?{query}", f"{NUMBERS[1:]}?{query}"):
        assert next_page(link, ENDPOINT) == f"{NUMBERS}?{query}"


@pytest.mark.parametrize(
    "link",
    [
        *(address for address in HOSTILE if address),
        f"{ENDPOINT}{NUMBERS}",
        f"{ENDPOINT}{NUMBERS}/x?$skip=1",
        f"{ENDPOINT}{NUMBERS}?$skip=1#x",
        f"{ENDPOINT}{NUMBERS}?$skip=1\r\nX: y",
        f"https://graph.microsoft.com/beta{NUMBERS}?$skip=1",
        f"https://graph.microsoft.com@evil.example/v1.0{NUMBERS}?$skip=1",
    ],
)
def test_a_next_page_that_is_not_one_of_the_list_is_refused(link: str) -> None:
    assert next_page(link, ENDPOINT) is None


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("anna@contoso.example", "/users/anna@contoso.example?$select=id"),
        ("zo\u00eb.o'hara+x#EXT#@contoso.example", "/users/zo%C3%AB.o%27hara%2Bx%23EXT%23@contoso.example?$select=id"),
        ("$a'b@contoso.example", "/users('$a%27%27b@contoso.example')?$select=id"),
        ("anna", None),
        ("an/na@contoso.example", None),
        ("anna@contoso.example?x", None),
        ("anna@b@contoso.example", None),
        (f"{'a' * 256}@{'b' * 256}", f"/users/{'a' * 256}@{'b' * 256}?$select=id"),
        (f"{'a' * 257}@b", None),
        (f"a@{'b' * 257}", None),
    ],
)
def test_a_person_is_looked_up_by_name_where_a_name_can_be_one(name: str, path: str | None) -> None:
    assert person_path(name) == path


_NAME = st.text(st.characters()) | st.text("./\\%?#$':&=+ a\u00e9\ud800", min_size=1, max_size=4)


@given(st.tuples(_NAME, _NAME).map("@".join))
def test_whatever_a_person_is_called_the_lookup_stays_one_segment_of_the_path(name: str) -> None:
    path = person_path(name)
    if path is None:
        return
    url = urlsplit(f"{ENDPOINT}{path}")
    root, users, segment = url.path.rpartition("/users/" if not name.startswith("$") else "/users(")
    assert (root, users[:6], url.query, url.fragment) == ("/v1.0", "/users", "$select=id", "")
    assert url.path.isascii()
    assert not set(segment) & set("/\\?#&")
    assert unquote(segment) == (f"'{name.replace("'", "''")}')" if name.startswith("$") else name)
