"""The script that takes roles from senders and readers who are no longer named, against a stand-in for az and azd."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.infra.deployment import EVERYTHING, ROOT, resources

SCRIPT = ROOT / "scripts/revoke_neighbors.sh"
BASH = shutil.which("bash") or "bash"
STAYS, LEFT, READS = (f"0000000{digit}-0000-4000-8000-00000000000{digit}" for digit in "abc")
QUEUES = (
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/stnum/queueServices/default/queues"
)

#: Answers the three commands that the script may ask, its one query word for word; any other ends with an error.
AZ = f"""#!{sys.executable}
import json, os, sys
path = os.environ["AZURE"]
azure = json.load(open(path))
words = sys.argv[1:]
value = lambda name: words[words.index(name) + 1]
if words[:3] == ["storage", "account", "show"] and value("--name") == "stnum":
    print("{QUEUES}".partition("/queueServices")[0])
elif words[:3] == ["role", "assignment", "list"]:
    assert value("--query") == "[].[id, principalId, principalName || '-', description || '-']"
    for one in azure["roles"]:
        if one["scope"] == value("--scope"):
            print("\\t".join([one["id"], one["principalId"], one["name"] or "-", one["description"] or "-"]))
elif words[:3] == ["role", "assignment", "delete"]:
    azure["roles"] = [one for one in azure["roles"] if one["id"] != value("--ids")]
    json.dump(azure, open(path, "w"))
else:
    sys.exit(f"unexpected: {{words}}")
"""
AZD = f"""#!{sys.executable}
import json, os, sys
values = json.load(open(os.environ["AZURE"]))["azd"]
assert sys.argv[1:3] == ["env", "get-value"]
if sys.argv[3] not in values:
    print("ERROR: key not found in the environment values")
    sys.exit(1)
print(values[sys.argv[3]])
"""


def role(queue: str, principal: str, description: str) -> dict[str, str]:
    identity = f"{QUEUES}/{queue}/providers/Microsoft.Authorization/roleAssignments/{principal}-{len(description)}"
    return {
        "id": identity,
        "scope": f"{QUEUES}/{queue}",
        "principalId": principal,
        "name": "",
        "description": description,
    }


SENDS, IS_TOLD = "Named in REQUEST_SENDERS: puts requests.", "Named in EVENT_READERS: reads events."
OTHERS = [
    role("number-requests", LEFT, "Puts requests on the queue."),  # a Logic App of workflows/
    role("number-requests", LEFT, ""),  # given by hand
    role("number-requests", "app", "Receives requests, renews their lease, puts them back."),
]
ROLES = [
    role("number-requests", STAYS, SENDS),
    role("number-requests", LEFT, SENDS),
    role("number-events", READS, IS_TOLD),
    *OTHERS,
]
NAMED = {"NUMBERS_STORAGE_ACCOUNT": "stnum", "REQUEST_SENDERS": f" {STAYS.upper()}, ,", "EVENT_READERS": ""}


class Azure:
    """A storage account's role assignments, and azd's environment."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "azure.json"
        self.set(NAMED)
        for name, text in (("az", AZ), ("azd", AZD)):
            (folder / name).write_text(text)
            (folder / name).chmod(0o755)
        environment = {name: value for name, value in os.environ.items() if name not in NAMED}
        self._environment = environment | {"PATH": f"{folder}:{os.environ['PATH']}", "AZURE": str(self.file)}

    def set(self, azd: dict[str, str]) -> None:
        self.file.write_text(json.dumps({"roles": ROLES, "azd": azd}))

    def roles(self) -> list[Any]:
        found: list[Any] = json.loads(self.file.read_text())["roles"]
        return found

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [BASH, SCRIPT, *arguments],
            env=self._environment | environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )


@pytest.fixture
def azure(tmp_path: Path) -> Azure:
    return Azure(tmp_path)


def test_whoever_is_no_longer_named_is_listed_and_nothing_changes(azure: Azure) -> None:
    done = azure.run()
    assert done.returncode == 0, done.stderr
    lines = [
        line.split("  ")[1].strip() + " " + line.split()[-2] for line in done.stdout.splitlines() if "0000" in line
    ]
    assert lines == [f"named {STAYS}", f"no longer named {LEFT}", f"no longer named {READS}"]
    assert "--remove" in done.stdout
    assert azure.roles() == ROLES


def test_their_roles_are_removed_and_nobody_elses(azure: Azure) -> None:
    done = azure.run("--remove")
    assert done.returncode == 0, done.stderr
    assert azure.roles() == [ROLES[0], *OTHERS]
    again = azure.run()
    assert "no longer named" not in again.stdout
    assert "--remove" not in again.stdout


def test_the_environment_wins_over_azds(azure: Azure) -> None:
    done = azure.run("--remove", REQUEST_SENDERS=f"{STAYS},{LEFT}", EVENT_READERS=READS)
    assert done.returncode == 0, done.stderr
    assert azure.roles() == ROLES


@pytest.mark.parametrize("missing", NAMED)
def test_a_list_that_is_not_set_is_not_taken_for_an_empty_one(azure: Azure, missing: str) -> None:
    azure.set({name: value for name, value in NAMED.items() if name != missing})
    done = azure.run("--remove")
    assert done.returncode == 1
    assert done.stderr.startswith(f"{missing} is set neither")
    assert azure.roles() == ROLES


def test_a_wrong_call_changes_nothing(azure: Azure) -> None:
    assert azure.run("--delete").returncode == 1
    assert azure.roles() == ROLES


def test_infra_describes_the_roles_as_the_script_looks_for_them() -> None:
    given = resources(EVERYTHING, "Microsoft.Authorization/roleAssignments")
    described = {
        made["properties"]["description"].partition(":")[0]
        for made in given
        if not made["properties"]["principalId"].startswith("[")
    }
    assert described == {"Named in REQUEST_SENDERS", "Named in EVENT_READERS"}
    assert '"Named in $list:"*' in SCRIPT.read_text()
