"""Write what is derived in workflows/: `python -m workflows.generate`.

The completion flows parse with the published schema of schemas/; the Power Automate packages hold the definitions, and
the page to build those flows by hand says what stands in them.
"""

import json
from pathlib import Path
from typing import Any

from workflows.click_by_click import page
from workflows.package import package

ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / "workflows"
COMPLETED = (HERE / "logic-app-completed" / "definition.json", HERE / "power-automate" / "completed.definition.json")
#: Package file -> (definition, name of the flow).
PACKAGES = {
    HERE / "power-automate" / "number-request.zip": (
        HERE / "power-automate" / "request.definition.json",
        "Request a phone number",
    ),
    HERE / "power-automate" / "number-completed.zip": (
        HERE / "power-automate" / "completed.definition.json",
        "A phone number request has ended",
    ),
}
#: The page that tells how to build them by hand.
PAGE = HERE / "power-automate" / "click-by-click.md"


def event_schema() -> dict[str, Any]:
    """Return the published schema of the completion event as Parse JSON takes it: without `$schema` and examples.

    Two fields differ. Any `type` is taken: one that is newer than the flow becomes a ticket. An `id` is letters, digits
    and dashes, since the flows use it as a key.
    """
    path = ROOT / "schemas" / "completion-event.schema.json"
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    schema["properties"]["type"].pop("enum", None)
    schema["properties"]["id"]["pattern"] = "^[A-Za-z0-9-]{1,64}$"
    return {key: value for key, value in schema.items() if key not in {"$schema", "examples"}}


def with_schema(definition: dict[str, Any]) -> dict[str, Any]:
    """Return the definition with the published schema in its Parse JSON."""
    definition["actions"]["Parse_the_event"]["inputs"]["schema"] = event_schema()
    return definition


def contents() -> dict[Path, bytes]:
    """Return every derived file as it should be.

    Raises:
        KeyError: a completion flow has no action `Parse_the_event`.
    """
    texts = {path: with_schema(json.loads(path.read_text(encoding="utf-8"))) for path in COMPLETED}
    derived = {path: (json.dumps(value, indent=2) + "\n").encode() for path, value in texts.items()}
    flows = {}
    for target, (path, name) in PACKAGES.items():
        flows[name] = texts.get(path) or json.loads(path.read_text(encoding="utf-8"))
        derived[target] = package(name, flows[name])
    derived[PAGE] = page(flows).encode()
    return derived


def main() -> None:
    """Write every derived file."""
    for path, content in contents().items():
        path.write_bytes(content)


if __name__ == "__main__":
    main()
