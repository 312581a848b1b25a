"""The origin guard: which addresses may be asked with our token. Pure."""

import re
from urllib.parse import SplitResult, quote, urljoin, urlsplit

MANAGEMENT = "/admin/teams/telephoneNumberManagement"
NUMBERS = f"{MANAGEMENT}/numberAssignments"

_PRINTABLE = re.compile(r"[!-\[\]-~]{1,8192}")  # ASCII without spaces, control characters and the backslash
#: The longest address of an operation, as it is named and as it is built anew: a work item stores it.
_LONGEST_OPERATION = 2048
_OPERATION = re.compile(r"operations(?:\('(?P<quoted>[\w=-]+)'\)|\(%27(?P<encoded>[\w=-]+)%27\)|/(?P<bare>[\w=-]+))")
_VERSION = re.compile(r"v[0-9]{1,3}\.[0-9]{1,3}|beta")
_QUERY = re.compile(r"[A-Za-z0-9$'()*+,\-./:;=?@_~!&%]+")
_PERSON = re.compile(r"[^\s/\\?%\x00-\x1f\x7f\ud800-\udfff@]{1,256}@[^\s/\\?%\x00-\x1f\x7f\ud800-\udfff@]{1,256}")
_PORTS = {"https": 443, "http": 80}


def operation_url(location: str, endpoint: str) -> str | None:
    """Return the URL of the operation that `location` names, built anew from `endpoint` and the operation's id.

    An address is taken only if scheme, host and port equal the endpoint's and the path is an operation's; a relative
    one is taken as below the endpoint. So nothing of it but an id of `A-Za-z0-9_=-` ever reaches the network. Another
    version of the same Graph (v1.0, beta) knows the same operations: the id is asked at the endpoint.

    Args:
        location: an address from a Location header or from a queue; hostile until proven otherwise.
        endpoint: the configured Graph endpoint, without a slash at its end.

    Returns:
        The URL, or None where the address names no operation of this Graph.
    """
    there = _at_home(location, endpoint) if len(location) <= _LONGEST_OPERATION else None
    if there is None or there.query or there.fragment:
        return None
    base, _, rest = there.path.partition(f"{MANAGEMENT}/")
    match = _OPERATION.fullmatch(rest)
    if match is None or not _same_graph(base, urlsplit(endpoint).path):
        return None
    url = f"{endpoint}{MANAGEMENT}/operations('{match['quoted'] or match['encoded'] or match['bare']}')"
    return url if len(url) <= _LONGEST_OPERATION else None


def next_page(link: str, endpoint: str) -> str | None:
    """Return the path and query, below the endpoint, of the next page of numbers that `link` names.

    Args:
        link: an `@odata.nextLink`; hostile until proven otherwise. Only its query ever reaches the network.
        endpoint: the configured Graph endpoint, without a slash at its end.

    Returns:
        The path, or None where the link leads to anything but the list of numbers of this endpoint.
    """
    there = _at_home(link, endpoint)
    if there is None or there.fragment or there.path != f"{urlsplit(endpoint).path}{NUMBERS}":
        return None
    return f"{NUMBERS}?{there.query}" if _QUERY.fullmatch(there.query) else None


def person_path(user_principal_name: str) -> str | None:
    """Return the path, below the endpoint, at which a user principal name is looked up; None where nobody has such.

    All but letters and digits is percent-encoded, and what could end a path's segment, a slash for one, is not sent
    at all: no user principal name has it. A name that begins with `$` needs the key's other form
    (https://learn.microsoft.com/graph/api/user-get).
    """
    if not _PERSON.fullmatch(user_principal_name):
        return None
    if user_principal_name.startswith("$"):
        doubled = user_principal_name.replace("'", "''")
        return f"/users('{quote(doubled, safe='$@')}')?$select=id"
    return f"/users/{quote(user_principal_name, safe='@')}?$select=id"


def operation_id(url: str) -> str:
    """Return the id in a URL that `operation_url` built."""
    return url.rpartition("operations('")[2].removesuffix("')")


def _at_home(address: str, endpoint: str) -> SplitResult | None:
    """Return an address, taken apart, if it leads to the endpoint's scheme, host and port."""
    if not _PRINTABLE.fullmatch(address):
        return None
    try:
        there = urlsplit(urljoin(f"{endpoint}/", address))
        return there if _origin(there) == _origin(urlsplit(endpoint)) else None
    except ValueError:  # a port that is no number, half an IPv6 address
        return None


def _same_graph(there: str, here: str) -> bool:
    """Say whether two base paths are one Graph's: the same, or another version beside it."""
    before, _, version = there.rpartition("/")
    return there == here or (bool(_VERSION.fullmatch(version)) and before == here.rpartition("/")[0])


def _origin(url: SplitResult) -> tuple[str, str | None, int | None]:
    """Return scheme, host and port; who puts a user before the host has another origin."""
    host = url.netloc if "@" in url.netloc else url.hostname
    return url.scheme, host, url.port or _PORTS.get(url.scheme)
