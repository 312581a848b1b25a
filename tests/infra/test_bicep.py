"""What infra/ makes is least privileged, without a secret, and as the files around it say. No compiler knows these."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.snapshots import EVERYTHING as STATED
from tests.infra.deployment import (
    CONTRIBUTOR,
    DEFAULT,
    EVERYTHING,
    FILES,
    INFRA,
    OWNER,
    PARAMETERS,
    PROCESSOR,
    PUBLISHER,
    READER,
    ROOT,
    SENDER,
    resources,
    roles,
    rules,
)

APP = {
    ("the app", OWNER, "Microsoft.Storage/storageAccounts"),
    ("the app", PUBLISHER, "Microsoft.Insights/components"),
    ("the app", CONTRIBUTOR, "number-requests"),
    ("the app", CONTRIBUTOR, "pending-operations"),
    ("the app", SENDER, "number-events"),
    ("the app", SENDER, "number-requests-poison"),
    ("the app", SENDER, "pending-operations-poison"),
    ("the app", SENDER, "recent-unassignments"),
    ("the app", READER, "recent-unassignments"),
}

each = pytest.mark.parametrize("deployment", [DEFAULT, EVERYTHING], ids=["default", "everything"])


def test_the_app_holds_these_roles_and_no_other() -> None:
    assert roles(DEFAULT) == APP


def test_neighbors_reach_one_queue_each_and_never_the_apps_own() -> None:
    senders = {(name, SENDER, "number-requests") for name in str(STATED["requestSenders"]).split(",")}
    readers = {(name, PROCESSOR, "number-events") for name in str(STATED["eventReaders"]).split(",")}
    assert roles(EVERYTHING) - APP == senders | readers


def test_the_app_cannot_release_the_brake_on_unassignments() -> None:
    """Clearing a queue deletes messages, and neither of the two roles may."""
    assert {role for who, role, queue in APP if queue == "recent-unassignments"} == {SENDER, READER}


@each
def test_every_role_says_why(deployment: dict[str, Any]) -> None:
    given = resources(deployment, "Microsoft.Authorization/roleAssignments")
    assert given
    assert all(role["properties"]["description"].endswith(".") for role in given)


@each
def test_no_resource_is_made_twice(deployment: dict[str, Any]) -> None:
    made = [resource["id"] for resource in resources(deployment) if "id" in resource]
    assert len(made) == len(set(made))


@each
def test_accounts_ask_for_an_entra_token_and_nobody_publishes_by_password(deployment: dict[str, Any]) -> None:
    accounts = resources(deployment, "Microsoft.Storage/storageAccounts")
    assert [account["properties"]["allowSharedKeyAccess"] for account in accounts] == [False, False]
    (component,) = resources(deployment, "Microsoft.Insights/components")
    assert component["properties"]["DisableLocalAuth"]
    passwords = resources(deployment, "Microsoft.Web/sites/basicPublishingCredentialsPolicies")
    assert [policy["properties"]["allow"] for policy in passwords] == [False, False]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_file_holds_or_hands_out_a_secret(path: Path) -> None:
    source = path.read_text()
    assert not re.findall(
        r"listKeys|listAccountSas|listServiceSas|AccountKey|SharedAccess|@secure|InstrumentationKey", source
    )


def test_graphs_types_have_a_fixed_version() -> None:
    configured = json.loads((INFRA / "bicepconfig.json").read_text())["extensions"]
    assert re.fullmatch(r"br:mcr\.microsoft\.com/.+:\d+\.\d+\.\d+", configured["microsoftGraphV1"])


def test_graph_permissions_are_granted_only_where_that_was_asked_for() -> None:
    assert resources(DEFAULT, "Microsoft.Graph/appRoleAssignedTo") == []
    assert len(resources(EVERYTHING, "Microsoft.Graph/appRoleAssignedTo")) == 2
    source = (INFRA / "graph-permission.bicep").read_text()
    assert "concat(['TeamsTelephoneNumber.ReadWrite.All'], lookUpUsers ? ['User.ReadBasic.All'] : [])" in source


def test_the_parameters_file_sets_every_parameter_and_repeats_the_defaults() -> None:
    given = json.loads((INFRA / "main.parameters.json").read_text())["parameters"]
    assert given.keys() == PARAMETERS.keys()
    for name, entry in given.items():
        variable, equals, default = entry["value"].removeprefix("${").removesuffix("}").partition("=")
        assert re.fullmatch(r"[A-Z_]+", variable)
        stated = PARAMETERS[name].get("defaultValue")
        assert (bool(equals), default) == (stated is not None, "" if stated is None else text(stated))


def test_the_deployment_that_states_everything_states_each_parameter_and_none_as_by_default() -> None:
    assert STATED.keys() == PARAMETERS.keys()
    assert [name for name, value in STATED.items() if value == PARAMETERS[name].get("defaultValue")] == []


def test_one_type_has_one_api_version() -> None:
    versions: dict[str, set[str]] = {}
    for resource in resources(EVERYTHING):
        versions.setdefault(resource["type"], set()).add(resource.get("apiVersion", ""))
    assert {kind: found for kind, found in versions.items() if len(found) > 1} == {}


def test_azd_finds_the_app_by_its_tag() -> None:
    (service,) = yaml.safe_load((ROOT / "azure.yaml").read_text())["services"]
    (app,) = resources(DEFAULT, "Microsoft.Web/sites")
    assert app["tags"]["azd-service-name"] == service
    assert f"SERVICE_{service.upper()}_NAME" in DEFAULT["outputs"]


@each
def test_every_resource_that_has_tags_carries_the_environment(deployment: dict[str, Any]) -> None:
    untagged = re.compile(
        r".*/(blobServices|queueServices|containers|queues|diagnosticSettings|roleAssignments|savedSearches|"
        r"appRoleAssignedTo@v1\.0|basicPublishingCredentialsPolicies)"
    )
    without = [r["type"] for r in resources(deployment) if "azd-env-name" not in r.get("tags", {})]
    assert [kind for kind in without if not untagged.fullmatch(kind)] == []


def test_a_group_that_exists_hears_of_every_alert_beside_the_own_one() -> None:
    heard = [rule["actions"]["actionGroups"] for rule in rules(DEFAULT).values()]
    assert {len(groups) for groups in heard} == {1}
    heard = [rule["actions"]["actionGroups"] for rule in rules(EVERYTHING).values()]
    assert {tuple(groups[1:]) for groups in heard} == {(str(STATED["actionGroupId"]).lower(),)}


def text(value: object) -> str:
    """Return a default as one writes it into an environment variable."""
    return str(value).lower() if isinstance(value, bool) else str(value)
