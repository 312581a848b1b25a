"""The PowerShell samples are read, not run: neither PowerShell nor .NET comes from the package registries."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import tree_sitter_powershell
from tree_sitter import Language, Node, Parser

from tests.workflows.contract import checked
from tests.workflows.roles import PROCESSOR, SENDER, allowed
from tests.workflows.samples import SAMPLES, SOURCES, text

SCRIPTS = [path for path in SOURCES if path.parent.name == "powershell"]
SEND, READ = SAMPLES / "powershell" / "Send.ps1", SAMPLES / "powershell" / "Read.ps1"
_ACCOUNT = "https://$StorageAccount.queue.core.windows.net"
each = pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
#: What the scripts may call. `Get-AzStorageQueue` is not among it: it asks whether the queue exists (queues/read).
COMMANDS = {
    *("Get-AzContext", "Connect-AzAccount", "Get-AzAccessToken", "ConvertTo-Json", "ConvertFrom-Json", "Out-Null"),
    *("Invoke-RestMethod", "Invoke-WebRequest", "Invoke-Queue"),
}


def nodes(path: Path) -> Iterator[Node]:
    waiting = [Parser(Language(tree_sitter_powershell.language())).parse(path.read_bytes()).root_node]
    while waiting:
        node = waiting.pop(0)
        yield node
        waiting = [*node.children, *waiting]


def source(node: Node) -> str:
    assert node.text
    return node.text.decode()


def requests(path: Path) -> list[str]:
    """Return the HTTP requests that a script makes: `POST /number-requests/messages?messagettl=-1`."""
    content = text(path).replace("${messages}", "$messages").replace(_ACCOUNT, "")
    addresses = dict(re.findall(r'^\$(\w+) = "(/.*)"$', content, re.MULTILINE))
    found = re.findall(r'Method(?: =)? \'?(\w+)\'?[ ;]+-?Uri(?: =)? "([^"]*)"', content)
    assert len(found) == content.count("Uri = ") + content.count("Invoke-Queue -Method")
    for name, address in addresses.items():
        found = [(method, uri.replace(f"${name}", address)) for method, uri in found]
    return [f"{method.upper()} {re.sub(r'\$(\w+|\(.*?\))', 'x', uri)}" for method, uri in found]


@each
def test_a_script_is_free_of_syntax_errors(path: Path) -> None:
    assert [node for node in nodes(path) if node.is_error or node.is_missing] == []


@each
def test_a_script_calls_nothing_that_needs_more_than_its_role(path: Path) -> None:
    assert {source(node) for node in nodes(path) if node.type == "command_name"} <= COMMANDS


@pytest.mark.parametrize(
    ("path", "queue", "role", "methods"),
    [(SEND, "number-requests", SENDER, ["POST"]), (READ, "number-events", PROCESSOR, ["GET", "DELETE"])],
    ids=["send", "read"],
)
def test_every_request_of_a_script_is_one_that_its_role_allows(
    path: Path, queue: str, role: str, methods: list[str]
) -> None:
    made = requests(path)
    assert [call.partition(" ")[0] for call in made] == methods
    assert [call for call in made if not allowed(call.replace(" ", " /account", 1), queue, role)] == []


@each
def test_a_script_stops_at_its_first_error_so_that_nothing_is_deleted_unprinted(path: Path) -> None:
    """Without it PowerShell goes on after an error, and a script that was refused exits 0."""
    before, found, _ = text(path).partition("$ErrorActionPreference = 'Stop'\n")
    assert found
    assert not re.search(r"Az|Invoke", before.rpartition("param(")[2])
    assert "SilentlyContinue" not in text(path)
    assert "try" not in text(path)


def test_an_event_is_printed_before_it_is_deleted() -> None:
    printed, deleted = text(READ).index("$($ended.id)"), text(READ).index("-Method Delete")
    assert printed < deleted


@each
def test_nothing_of_a_nested_object_is_cut_off(path: Path) -> None:
    """`ConvertTo-Json` writes two levels unless told otherwise."""
    for line in text(path).splitlines():
        assert ("Json" in line) == ("-Depth 100" in line) or "FromBase64" in line


def test_what_is_sent_is_a_new_hire_or_a_leaver() -> None:
    person = re.search(r"^\$person = '(.*)'$", text(SEND), re.MULTILINE)
    assert person
    tables = dict(re.findall(r"^\$(hire|leave) = @\{ (.*) \}$", text(SEND), re.MULTILINE))
    sent = {
        name: dict(re.findall(r"(\w+) = '([^']*)'", table.replace("$person", f"'{person[1]}'")))
        for name, table in tables.items()
    }
    assert sent == {
        "hire": {"requestId": "hire-2026-00417", "userPrincipalName": "anna@contoso.example", "pool": "seattle"},
        "leave": {
            "requestId": "leave-2026-00417",
            "action": "unassign",
            "userPrincipalName": "anna@contoso.example",
        },
    }
    assert all(checked(json.dumps(request)) for request in sent.values())
