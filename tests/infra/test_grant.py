"""The script that grants the Graph permission, run against a stand-in for the Azure CLI."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.infra.bicep import ROOT

SCRIPT = ROOT / "scripts/grant_graph_permission.sh"
BASH = shutil.which("bash") or "bash"
IDENTITY = "11111111-2222-4333-8444-555555555555"
GRAPH, ROLE = "graph-object-id", "0a42382f-155c-4eb1-9bdc-21548ccaa387"

#: Answers the four commands that the script may ask; any other ends with an error.
AZ = f"""#!{sys.executable}
import json, os, sys
tenant = json.load(open(os.environ["TENANT"]))
words = sys.argv[1:]
value = lambda name: words[words.index(name) + 1]
if words[:3] == ["ad", "sp", "show"] and value("--query") == "id":
    print("{GRAPH}")
elif words[:3] == ["ad", "sp", "show"] and "TeamsTelephoneNumber.ReadWrite.All" in value("--query"):
    print(tenant["role"])
elif words[0] == "rest" and value("--method") == "get":
    print(tenant["granted"])
elif words[0] == "rest" and value("--method") == "post":
    tenant["posted"] = [value("--url"), json.loads(value("--body"))]
    tenant["granted"] = "assignment-id"
    json.dump(tenant, open(os.environ["TENANT"], "w"))
else:
    sys.exit(f"unexpected: {{words}}")
"""


class Tenant:
    """A directory that knows Graph's role and who holds it."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "tenant.json"
        self.set(role=ROLE, granted="")
        (folder / "az").write_text(AZ)
        (folder / "az").chmod(0o755)
        self._environment = os.environ | {"PATH": f"{folder}:{os.environ['PATH']}", "TENANT": str(self.file)}

    def set(self, **state: str) -> None:
        self.file.write_text(json.dumps(state))

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
    url, body = json.loads(tenant.file.read_text())["posted"]
    assert url == f"https://graph.microsoft.com/v1.0/servicePrincipals/{IDENTITY}/appRoleAssignments"
    assert body == {"principalId": IDENTITY, "resourceId": GRAPH, "appRoleId": ROLE}


def test_a_second_run_grants_nothing(tenant: Tenant) -> None:
    tenant.set(role=ROLE, granted="assignment-id")
    done = tenant.run(IDENTITY)
    assert (done.returncode, done.stdout) == (
        0,
        f"Already granted: TeamsTelephoneNumber.ReadWrite.All to {IDENTITY}.\n",
    )
    assert "posted" not in json.loads(tenant.file.read_text())


def test_a_tenant_without_the_role_gets_a_plain_answer(tenant: Tenant) -> None:
    tenant.set(role="", granted="")
    done = tenant.run(IDENTITY)
    assert done.returncode == 1
    assert "no application permission TeamsTelephoneNumber.ReadWrite.All" in done.stderr


@pytest.mark.parametrize("arguments", [(), ("somebody@example.com",), (IDENTITY, IDENTITY)])
def test_a_wrong_call_changes_nothing_and_says_what_is_wanted(tenant: Tenant, arguments: tuple[str, ...]) -> None:
    done = tenant.run(*arguments)
    assert done.returncode == 1
    assert "object id" in done.stderr
    assert "posted" not in json.loads(tenant.file.read_text())


def test_the_script_and_the_module_grant_the_same_permission() -> None:
    module = (ROOT / "infra/graph-permission.bicep").read_text()
    assert "'TeamsTelephoneNumber.ReadWrite.All'" in module
    assert "'TeamsTelephoneNumber.ReadWrite.All'" in SCRIPT.read_text()
