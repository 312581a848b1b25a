"""What a deployment of infra/ makes, as tests/infra/snapshots/ stores it: resources, settings, rules, roles."""

import json
import re
from pathlib import Path
from typing import Any

from scripts.snapshots import SNAPSHOTS

ROOT = Path(__file__).parents[2]
INFRA = ROOT / "infra"
FILES = sorted(INFRA.glob("*.bicep"))

#: Azure's built-in roles that the app and its neighbors may hold.
#: Source: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
PUBLISHER = "3913510d-42f4-4e42-8a64-420c390055eb"  # Monitoring Metrics Publisher
OWNER = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b"  # Storage Blob Data Owner
CONTRIBUTOR = "974c5e8b-45b9-4653-ba55-5f855dd0fb88"  # Storage Queue Data Contributor
PROCESSOR = "8a0f0c08-91a1-4084-bc3d-661d67233fed"  # Storage Queue Data Message Processor
SENDER = "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a"  # Storage Queue Data Message Sender
READER = "19e7f393-937e-4f77-808e-94535e297925"  # Storage Queue Data Reader


def stored(name: str) -> dict[str, Any]:
    """Return a stored file: default, everything or parameters."""
    found: dict[str, Any] = json.loads((SNAPSHOTS / f"{name}.json").read_text(encoding="utf-8"))
    return found


#: A deployment that states only what it must, one that states everything, and every parameter's type and default.
DEFAULT, EVERYTHING, PARAMETERS = stored("default"), stored("everything"), stored("parameters")


def resources(deployment: dict[str, Any], kind: str = "") -> list[dict[str, Any]]:
    """Return the resources of a type, or all."""
    return [made for made in deployment["predictedResources"] if kind in {"", made["type"].partition("@")[0]}]


def settings(deployment: dict[str, Any]) -> dict[str, str]:
    """Return the app settings; what only Azure knows is an expression in brackets."""
    (app,) = resources(deployment, "Microsoft.Web/sites")
    return {setting["name"]: setting["value"] for setting in app["properties"]["siteConfig"]["appSettings"]}


def queues(deployment: dict[str, Any]) -> set[str]:
    """Return the names of the queues that are made."""
    made = resources(deployment, "Microsoft.Storage/storageAccounts/queueServices/queues")
    return {queue["name"].rpartition("/")[2] for queue in made}


def roles(deployment: dict[str, Any]) -> set[tuple[str, str, str]]:
    """Return every role assignment: who (`the app` or an object id), a role's id, and the queue or resource type."""
    found = set()
    for made in resources(deployment, "Microsoft.Authorization/roleAssignments"):
        stated = made["properties"]
        who = "the app" if stated["principalId"].startswith("[") else stated["principalId"]
        scope = made["id"].partition("/roleAssignments/")[0] if who != "the app" else made["id"].split("'")[1]
        queue = re.search(r"/queues/([a-z-]+)", scope)
        where = queue[1] if queue else "/".join(scope.split("/providers/")[-1].split("/")[:2])
        found.add((who, stated["roleDefinitionId"].rpartition("/")[2], where))
    return found


def rules(deployment: dict[str, Any] = DEFAULT) -> dict[str, dict[str, Any]]:
    """Return the alert rules by name: their properties, and those of their one criterion."""
    prefix = re.compile(r"ar-[a-z0-9]+-(.+)")
    found = {}
    for made in resources(deployment, "Microsoft.Insights/scheduledQueryRules"):
        name = prefix.fullmatch(made["name"])
        assert name
        found[name[1]] = made["properties"] | made["properties"]["criteria"]["allOf"][0]
    return found
