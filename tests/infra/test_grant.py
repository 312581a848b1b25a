"""The script that grants the Graph permission, run against a stand-in for the Azure CLI."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.infra.deployment import ROOT

SCRIPT = ROOT / "scripts/grant_graph_permission.sh"
BASH = shutil.which("bash") or "bash"
IDENTITY = "11111111-2222-4333-8444-555555555555"
GRAPH = "graph-object-id"
#: Graph's own ids of the two application permissions. Source: https://learn.microsoft.com/graph/permissions-reference
NUMBERS, USERS = "0a42382f-155c-4eb1-9bdc-21548ccaa387", "97235f07-e226-4f63-ace3-39588e11d3a1"
ROLES = {"TeamsTelephoneNumber.ReadWrite.All": NUMBERS, "User.ReadBasic.All": USERS}

#: Answers the four commands that the script may ask; any other ends with an error.
AZ = f"""#!{sys.executable}
import json, os, re, sys
tenant = json.load(open(os.environ["TENANT"]))
words = sys.argv[1:]
value = lambda name: words[words.index(name) + 1]
asked = lambda pattern: re.search(pattern, value("--query"))[1]
if words[:3] == ["ad", "sp", "show"] and value("--query") == "id":
    print("{GRAPH}")
elif words[:3] == ["ad", "sp", "show"]:
    print(tenant["roles"].get(asked("value=='(.+?)'"), ""))
elif words[0] == "rest" and value("--method") == "get":
    print("assignment-id" if asked("appRoleId=='(.+?)'") in tenant["granted"] else "")
elif words[0] == "rest" and value("--method") == "post":
    body = json.loads(value("--body"))
    tenant["posted"].append([value("--url"), body])
    tenant["granted"].append(body["appRoleId"])
    json.dump(tenant, open(os.environ["TENANT"], "w"))
else:
    sys.exit(f"unexpected: {{words}}")
"""


class Tenant:
    """A directory that knows Graph's role and who holds it."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "tenant.json"
        self.set(roles=ROLES, granted=[])
        (folder / "az").write_text(AZ)
        (folder / "az").chmod(0o755)
        self._environment = os.environ | {"PATH": f"{folder}:{os.environ['PATH']}", "TENANT": str(self.file)}

    def set(self, **state: object) -> None:
        self.file.write_text(json.dumps(state | {"posted": []}))

    def posted(self) -> list[Any]:
        found: list[Any] = json.loads(self.file.read_text())["posted"]
        return found

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [BASH, SCRIPT, *arguments], env=self._environment, capture_output=True, text=True, check=False, timeout=30
        )


@pytest.fixture
def tenant(tmp_path: Path) -> Tenant:
    return Tenant(tmp_path)


def test_the_role_is_looked_up_by_name_and_granted_to_the_identity(tenant: Tenant) -> None:
    done = tenant.run(IDENTITY)
    assert done.returncode == 0, done.stderr
    ((url, body),) = tenant.posted()
    assert url == f"https://graph.microsoft.com/v1.0/servicePrincipals/{IDENTITY}/appRoleAssignments"
    assert body == {"principalId": IDENTITY, "resourceId": GRAPH, "appRoleId": NUMBERS}


def test_people_may_be_looked_up_only_where_that_was_asked_for(tenant: Tenant) -> None:
    done = tenant.run(IDENTITY, "--look-up-users")
    assert done.returncode == 0, done.stderr
    assert [body["appRoleId"] for _, body in tenant.posted()] == [NUMBERS, USERS]


def test_a_second_run_grants_nothing_and_a_later_wish_only_what_is_missing(tenant: Tenant) -> None:
    tenant.set(roles=ROLES, granted=[NUMBERS])
    done = tenant.run(IDENTITY)
    assert (done.returncode, done.stdout) == (
        0,
        f"Already granted: TeamsTelephoneNumber.ReadWrite.All to {IDENTITY}.\n",
    )
    assert tenant.posted() == []
    assert tenant.run(IDENTITY, "--look-up-users").returncode == 0
    assert [body["appRoleId"] for _, body in tenant.posted()] == [USERS]


def test_a_tenant_without_the_role_gets_a_plain_answer(tenant: Tenant) -> None:
    tenant.set(roles={}, granted=[])
    done = tenant.run(IDENTITY)
    assert done.returncode == 1
    assert "no application permission TeamsTelephoneNumber.ReadWrite.All" in done.stderr


@pytest.mark.parametrize("arguments", [(), ("somebody@example.com",), (IDENTITY, IDENTITY), ("--look-up-users",)])
def test_a_wrong_call_changes_nothing_and_says_what_is_wanted(tenant: Tenant, arguments: tuple[str, ...]) -> None:
    done = tenant.run(*arguments)
    assert done.returncode == 1
    assert "object id" in done.stderr
    assert tenant.posted() == []


def test_the_script_and_the_module_grant_the_same_permissions() -> None:
    module = (ROOT / "infra/graph-permission.bicep").read_text()
    for source in (module, SCRIPT.read_text()):
        assert set(re.findall(r"'(\w+(?:\.\w+)+\.All)'", source)) == ROLES.keys()
