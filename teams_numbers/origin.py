"""The origin guard: which addresses may be asked with our token. Pure."""

import re
from urllib.parse import SplitResult, urljoin, urlsplit

MANAGEMENT = "/admin/teams/telephoneNumberManagement"

_PRINTABLE = re.compile(r"[!-\[\]-~]{1,2048}")  # ASCII without spaces, control characters and the backslash
_OPERATION = re.compile(r"operations(?:\('(?P<quoted>[\w=-]+)'\)|\(%27(?P<encoded>[\w=-]+)%27\)|/(?P<bare>[\w=-]+))")
_PORTS = {"https": 443, "http": 80}


def operation_url(location: str, endpoint: str) -> str | None:
    """Return the URL of the operation that `location` names, built anew from `endpoint` and the operation's id.

    An address is taken only if scheme, host and port equal the endpoint's and the path is an operation's; a relative
    one is taken as below the endpoint. So nothing of it but an id of `A-Za-z0-9_=-` ever reaches the network.

    Args:
        location: an address from a Location header or from a queue; hostile until proven otherwise.
        endpoint: the configured Graph endpoint, without a slash at its end.

    Returns:
        The URL, or None where the address names no operation of this Graph.
    """
    if not _PRINTABLE.fullmatch(location):
        return None
    try:
        there, here = urlsplit(urljoin(f"{endpoint}/", location)), urlsplit(endpoint)
        if _origin(there) != _origin(here):
            return None
    except ValueError:  # a port that is no number, half an IPv6 address
        return None
    root = f"{here.path}{MANAGEMENT}/"
    match = _OPERATION.fullmatch(there.path.removeprefix(root))
    if match is None or not there.path.startswith(root) or there.query or there.fragment:
        return None
    return f"{endpoint}{MANAGEMENT}/operations('{match['quoted'] or match['encoded'] or match['bare']}')"


def operation_id(url: str) -> str:
    """Return the id in a URL that `operation_url` built."""
    return url.rpartition("operations('")[2].removesuffix("')")


def _origin(url: SplitResult) -> tuple[str, str, int | None]:
    """Return scheme, host and port; who puts a user before the host has another origin."""
    return (
        url.scheme,
        url.netloc.rpartition(":")[0] if "@" in url.netloc else url.hostname or "",
        url.port or _PORTS.get(url.scheme),
    )
