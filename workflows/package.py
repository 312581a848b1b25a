"""Power Automate's legacy package (.zip), as its import page takes it.

The format is not documented by Microsoft; this follows what Power Automate itself exports: `manifest.json` with one
resource for the flow, each connector and each connection; `Microsoft.Flow/flows/manifest.json`; and for the flow
`definition.json`, `apisMap.json`, `connectionsMap.json`. The import page asks for each connection, so none is inside.
"""

import io
import json
import uuid
import zipfile
from collections.abc import Iterator
from typing import Any

#: Connector -> its name on the import page. Only these may occur in a packaged flow.
CONNECTORS = {
    "shared_azurequeues": "Azure Queues",
    "shared_office365": "Office 365 Outlook",
    "shared_sharepointonline": "SharePoint",
    "shared_teams": "Microsoft Teams",
}
_CREATED = "2026-01-01T00:00:00.0000000Z"
_ZIP_TIME = (2026, 1, 1, 0, 0, 0)
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "teams-number-assignment/power-automate")


def _id(*parts: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, "/".join(parts)))


def connectors(definition: Any) -> list[str]:  # noqa: ANN401 - any part of a definition
    """Return the connectors that a definition uses, sorted.

    Raises:
        ValueError: it uses one that has no entry in CONNECTORS.
    """
    found = sorted(set(_api_ids(definition)))
    if unknown := [name for name in found if name not in CONNECTORS]:
        message = f"no display name for {', '.join(unknown)}: add it to CONNECTORS"
        raise ValueError(message)
    return found


def _api_ids(node: Any) -> Iterator[str]:  # noqa: ANN401 - any part of a definition
    if isinstance(node, dict):
        if "apiId" in node:
            yield str(node["apiId"]).rsplit("/", 1)[-1]
        for value in node.values():
            yield from _api_ids(value)
    elif isinstance(node, list):
        for value in node:
            yield from _api_ids(value)


def _resource(kind: str, display_name: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON values
    return {"type": kind, "details": {"displayName": display_name}, **more}


def package(name: str, definition: dict[str, Any]) -> bytes:
    """Return the package of one flow; the same definition gives the same bytes.

    Args:
        name: the flow's name, also what its ids are derived from.
        definition: the workflow definition.

    Raises:
        ValueError: the definition uses an unknown connector.
    """
    used = connectors(definition)
    flow = _id(name, "flow")
    apis = {connector: _id(name, connector, "api") for connector in used}
    connections = {connector: _id(name, connector, "connection") for connector in used}
    resources = {
        flow: _resource(
            "Microsoft.Flow/flows",
            name,
            suggestedCreationType="New",
            creationType="Existing, New, Update",
            configurableBy="User",
            hierarchy="Root",
            dependsOn=[*apis.values(), *connections.values()],
        )
    }
    for connector in used:
        resources[apis[connector]] = _resource(
            "Microsoft.PowerApps/apis",
            CONNECTORS[connector],
            id=f"/providers/Microsoft.PowerApps/apis/{connector}",
            name=connector,
            suggestedCreationType="Existing",
            configurableBy="System",
            hierarchy="Child",
            dependsOn=[],
        )
        resources[connections[connector]] = _resource(
            "Microsoft.PowerApps/apis/connections",
            CONNECTORS[connector],
            suggestedCreationType="Existing",
            creationType="Existing",
            configurableBy="User",
            hierarchy="Child",
            dependsOn=[apis[connector]],
        )
    folder = f"Microsoft.Flow/flows/{flow}"
    return _zip(
        {
            "manifest.json": _manifest(name, resources),
            "Microsoft.Flow/flows/manifest.json": {"packageSchemaVersion": "1.0", "flowAssets": {"assetPaths": [flow]}},
            f"{folder}/definition.json": _definition(name, definition, used),
            f"{folder}/apisMap.json": apis,
            f"{folder}/connectionsMap.json": connections,
        }
    )


def _manifest(name: str, resources: dict[str, dict[str, Any]]) -> dict[str, Any]:
    details = {
        "displayName": name,
        "description": "",
        "createdTime": _CREATED,
        "packageTelemetryId": _id(name, "telemetry"),
        "creator": "N/A",
        "sourceEnvironment": "",
    }
    return {"schema": "1.0", "details": details, "resources": resources}


def _definition(name: str, definition: dict[str, Any], used: list[str]) -> dict[str, Any]:
    identifier = _id(name, "definition")
    references = {
        connector: {
            "connectionName": connector,
            "source": "Invoker",
            "id": f"/providers/Microsoft.PowerApps/apis/{connector}",
            "tier": "NotSpecified",
        }
        for connector in used
    }
    properties = {
        "apiId": "/providers/Microsoft.PowerApps/apis/shared_logicflows",
        "displayName": name,
        "definition": definition,
        "connectionReferences": references,
        "flowFailureAlertSubscribed": False,
        "isManaged": False,
    }
    return {
        "name": identifier,
        "id": f"/providers/Microsoft.Flow/flows/{identifier}",
        "type": "Microsoft.Flow/flows",
        "properties": properties,
    }


def _zip(files: dict[str, Any]) -> bytes:
    """Return the files as a zip without compression: the bytes do not depend on the machine."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _ZIP_TIME), json.dumps(content))
    return buffer.getvalue()
