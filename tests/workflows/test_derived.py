"""What is derived in workflows/ is up to date, and a Power Automate package is whole."""

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.workflows.files import DEFINITIONS, FORM, objects
from workflows.generate import PACKAGES, contents
from workflows.package import package

PATHS = contents()


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_a_derived_file_is_what_the_generator_writes(path: Path) -> None:
    """If not: python -m workflows.generate."""
    assert path.read_bytes() == PATHS[path]


def opened(path: Path) -> dict[str, Any]:
    """Return a package's files, each parsed."""
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        assert archive.testzip() is None
        return {name: json.loads(archive.read(name)) for name in archive.namelist()}


@pytest.mark.parametrize("path", PACKAGES, ids=lambda path: path.name)
def test_a_package_has_the_files_of_an_exported_one_and_its_ids_agree(path: Path) -> None:
    files = opened(path)
    resources = files["manifest.json"]["resources"]
    (flow,) = [key for key, value in resources.items() if value["type"] == "Microsoft.Flow/flows"]
    folder = f"Microsoft.Flow/flows/{flow}"
    maps = {part: files[f"{folder}/{part}Map.json"] for part in ("apis", "connections")}
    inside = {"definition.json", "apisMap.json", "connectionsMap.json"}
    assert set(files) == {
        *("manifest.json", "Microsoft.Flow/flows/manifest.json"),
        *(f"{folder}/{name}" for name in inside),
    }
    assert files["Microsoft.Flow/flows/manifest.json"]["flowAssets"]["assetPaths"] == [flow]
    assert {key: resources[key]["type"] for key in maps["apis"].values()} == dict.fromkeys(
        maps["apis"].values(), "Microsoft.PowerApps/apis"
    )
    assert set(resources[flow]["dependsOn"]) == {*maps["apis"].values(), *maps["connections"].values()}
    for connector, key in maps["connections"].items():
        assert resources[key]["dependsOn"] == [maps["apis"][connector]]
        assert resources[maps["apis"][connector]]["name"] == connector


@pytest.mark.parametrize("path", PACKAGES, ids=lambda path: path.name)
def test_a_package_names_every_connector_of_its_flow_and_holds_no_connection(path: Path) -> None:
    files = opened(path)
    properties = next(value for name, value in files.items() if name.endswith("definition.json"))["properties"]
    used = {part["connectionName"] for part in objects(properties["definition"]) if "apiId" in part}
    assert set(properties["connectionReferences"]) == used
    for connector, reference in properties["connectionReferences"].items():
        assert reference["connectionName"] == connector  # a placeholder: a real one ends in an id
    (apis,) = [value for name, value in files.items() if name.endswith("apisMap.json")]
    assert set(apis) == used


def test_the_same_flow_gives_the_same_package() -> None:
    assert package("a flow", DEFINITIONS[FORM]) == package("a flow", DEFINITIONS[FORM])


def test_a_connector_without_a_display_name_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=re.escape("shared_slack")):
        package("a flow", {"actions": {"a": {"apiId": "/providers/Microsoft.PowerApps/apis/shared_slack"}}})
