"""What Azure would be asked to make: infra/ evaluated by Microsoft's Bicep compiler, offline.

`make snapshots` writes tests/infra/snapshots/; the tests compare it with infra/ wherever the compiler is on PATH, and
read it everywhere.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

ROOT = Path(__file__).resolve().parent.parent
SNAPSHOTS = ROOT / "tests" / "infra" / "snapshots"
SUBSCRIPTION = "00000000-0000-4000-8000-000000000001"

#: A deployment that states no more than it must.
DEFAULT: Final[dict[str, object]] = {"environmentName": "default", "location": "westeurope"}
#: A deployment that states every parameter, none as it is by default.
EVERYTHING: Final[dict[str, object]] = {
    "environmentName": "everything",
    "location": "swedencentral",
    "storageSku": "Standard_GZRS",
    "instanceMemoryMB": 4096,
    "maximumInstanceCount": 3,
    "alwaysReadyAssign": 2,
    "alwaysReadyPoll": 1,
    "requestSenders": "00000000-0000-4000-8000-00000000000a,00000000-0000-4000-8000-00000000000b",
    "eventReaders": "00000000-0000-4000-8000-00000000000c",
    "alertEmails": "telephony@example.com,night@example.com",
    "actionGroupId": f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Insights/actionGroups/night",
    "oldestPendingSeconds": 7200,
    "failurePercent": 50,
    "actions": "assign,unassign,update",
    "unassignPerDay": 100,
    "protectedNumbers": "+12065550100,+12065550101",
    "numberCheck": "digits",
    "listLagSeconds": 120,
    "confirmSeconds": 1800,
    "grantGraphPermission": True,
    "lookUpUsers": True,
}


class Refused(Exception):  # noqa: N818 - a deployment is refused, the compiler does not fail
    """The deployment is not possible; the message is the compiler's."""


def compiler() -> Path | None:
    """Return Microsoft's Bicep compiler on PATH, or None."""
    found = shutil.which("bicep")
    return Path(found) if found else None


def bicep(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the compiler.

    Raises:
        Refused: it is not on PATH.
    """
    command = compiler()
    if command is None:
        message = "bicep is not on PATH: https://learn.microsoft.com/azure/azure-resource-manager/bicep/install"
        raise Refused(message)
    return subprocess.run([command, *arguments], capture_output=True, text=True, check=False, timeout=100)


def copy(folder: Path) -> Path:
    """Return a copy of infra/ in a folder, ready to be compiled.

    Graph's types come from Microsoft's registry. Where `microsoft-graph-types/` lies beside the compiler they are taken
    from there, so that no network is needed.
    """
    infra = folder / "infra"
    shutil.copytree(ROOT / "infra", infra)
    command = compiler()
    types = command.resolve().parent / "microsoft-graph-types" / "index.json" if command else None
    if types and types.is_file():
        published = bicep("publish-extension", types, "--target", folder / "graph.tgz")
        if published.returncode:
            raise Refused(published.stderr)
        config = infra / "bicepconfig.json"
        config.write_text(re.sub(r'"br:[^"]+/microsoftgraph/[^"]+"', '"../graph.tgz"', config.read_text()))
    return infra


def predict(infra: Path, parameters: Mapping[str, object]) -> dict[str, Any]:
    """Return what a deployment with these parameters would make, and its outputs.

    Raises:
        Refused: the deployment is not possible.
    """
    values = "".join(f"param {name} = {_literal(value)}\n" for name, value in parameters.items())
    stated = infra / "stated.bicepparam"
    stated.write_text(f"using 'main.bicep'\n{values}")
    location = str(parameters["location"])
    done = bicep("snapshot", stated, "--mode", "overwrite", "--subscription-id", SUBSCRIPTION, "--location", location)
    if done.returncode:
        raise Refused(done.stderr)
    found: dict[str, Any] = json.loads(stated.with_suffix(".snapshot.json").read_text())
    return found


def template(infra: Path) -> tuple[dict[str, Any], list[str]]:
    """Return the compiled template of main.bicep with all its modules, and what compiler and linter say of them."""
    done = bicep("build", infra / "main.bicep", "--stdout")
    found: dict[str, Any] = json.loads(done.stdout or "{}")
    return found, [line for line in done.stderr.splitlines() if line.strip()]


def predicted(infra: Path) -> dict[str, dict[str, Any]]:
    """Return the content of every stored file, by its name."""
    return {
        "default": predict(infra, DEFAULT),
        "everything": predict(infra, EVERYTHING),
        "parameters": template(infra)[0]["parameters"],
    }


def _literal(value: object) -> str:
    """Write a value as Bicep does."""
    if isinstance(value, str):
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'").replace("${", "\\${") + "'"
    return json.dumps(value)


def main() -> None:
    """Write the stored files."""
    SNAPSHOTS.mkdir(exist_ok=True)
    try:
        with tempfile.TemporaryDirectory() as folder:
            for name, content in predicted(copy(Path(folder))).items():
                text = json.dumps(content, indent=2, ensure_ascii=False)
                (SNAPSHOTS / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")
    except Refused as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
