"""The Bicep files of workflows/: whole, by identity, with the least role, and fit for their definitions."""

import json
import re
from pathlib import Path

import pytest

from tests.infra.bicep import body, properties, read, text
from tests.workflows.files import COMPLETED, DEFINITIONS, LIFECYCLE, REQUEST, SCHEDULE, WORKFLOWS

FILES = sorted(WORKFLOWS.glob("*/*.bicep"))
#: Source: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/storage
ROLES = {
    "storageQueueDataMessageSender": "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a",
    "storageQueueDataMessageProcessor": "8a0f0c08-91a1-4084-bc3d-661d67233fed",
    "storageTableDataContributor": "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
}
each = pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)


def source(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_each_logic_app_has_its_bicep() -> None:
    assert [path.parent.name for path in FILES] == ["lifecycle-workflow", "logic-app-completed", "logic-app-request"]


@each
def test_a_role_is_one_of_the_three_and_stands_on_a_queue_or_table_alone(path: Path) -> None:
    file = read(path)
    assert {
        name: text(file.variable(name)) for name in file.declared("variable") if name in ROLES
    }.items() <= ROLES.items()
    for node in file.declared("resource").values():
        if "roleAssignments@" in text(node):
            assert text(properties(body(node))["scope"]) in {"requests", "events", "handled"}


@each
def test_every_loaded_definition_exists_and_gets_every_parameter_that_has_no_default(path: Path) -> None:
    loaded = re.findall(r"loadJsonContent\('([^']+)'\)", source(path))
    assert loaded
    for name in loaded:
        definition = json.loads((path.parent / name).read_text(encoding="utf-8"))
        for parameter in definition["parameters"]:
            assert re.search(rf"^\s*'?{re.escape(parameter)}'?: \{{$", source(path), re.MULTILINE), parameter


@each
def test_queues_are_reached_by_managed_identity_and_no_secret_is_written(path: Path) -> None:
    assert source(path).count("name: 'managedIdentityAuth'") == 1
    assert source(path).count("type: 'ManagedServiceIdentity'") == 1
    assert not re.search(r"listKeys|accountKey|connectionString|sharedKey|listCallbackUrl", source(path), re.IGNORECASE)


@pytest.mark.parametrize("name", ["logic-app-request", "lifecycle-workflow"])
def test_a_trigger_with_an_address_refuses_signatures_and_asks_for_a_named_application(name: str) -> None:
    text_ = source(WORKFLOWS / name / "main.bicep")
    assert re.search(r"sasAuthenticationPolicy: \{\s+state: 'Disabled'", text_)
    assert re.search(r"name: 'iss'\s+value: 'https://sts\.windows\.net/\$\{tenant\(\)\.tenantId\}/'", text_)
    assert "name: 'appid'" in text_


def test_only_lifecycle_workflows_may_call_the_extension_with_a_proof_of_possession() -> None:
    """The six claims of https://learn.microsoft.com/entra/id-governance/configure-logic-app-lifecycle-workflows."""
    text_ = source(WORKFLOWS / "lifecycle-workflow" / "main.bicep")
    assert "type: 'AADPOP'" in text_
    assert re.findall(r"name: '(iss|aud|appid|m|u|p)'", text_) == ["iss", "aud", "appid", "m", "u", "p"]
    assert re.search(r"name: 'aud'\n(?: *#.*\n)? *value: 'https://management\.azure\.com'\n", text_)  # without a slash
    assert "ce79fdc4-cd1d-4ea5-8139-e74d7dbe0bb7" in text_


@pytest.mark.parametrize("name", [REQUEST, COMPLETED, LIFECYCLE])
def test_the_parameters_to_paste_are_the_definition_s(name: str) -> None:
    values = json.loads((WORKFLOWS / name).with_name("parameters.json").read_text(encoding="utf-8"))
    assert set(values) == set(DEFINITIONS[name]["parameters"])
    connections = values["$connections"]["value"]
    assert connections["azurequeues"]["connectionProperties"]["authentication"] == {"type": "ManagedServiceIdentity"}
    used = set(re.findall(r"parameters\('\$connections'\)\['(\w+)'\]", json.dumps(DEFINITIONS[name])))
    assert set(connections) == used


def test_the_schedule_s_own_parameters_are_given_with_it_alone() -> None:
    more = set(DEFINITIONS[SCHEDULE]["parameters"]) - set(DEFINITIONS[REQUEST]["parameters"])
    variable = read(WORKFLOWS / "logic-app-request" / "main.bicep").variable("scheduleParameters")
    assert set(properties(variable)) == more == {"hrUrl", "hrAudience"}


def test_the_extension_s_registration_is_launch_and_wait_within_what_entra_allows() -> None:
    """Five minutes to three hours, and who may resume.

    https://learn.microsoft.com/graph/api/resources/identitygovernance-customtaskextensioncallbackconfiguration
    """
    registration = json.loads((WORKFLOWS / "lifecycle-workflow" / "custom-task-extension.json").read_text())
    assert registration["callbackConfiguration"]["timeoutDuration"] == "PT3H"
    assert registration["authenticationConfiguration"]["@odata.type"].endswith("azureAdPopTokenAuthentication")
    (application,) = registration["callbackConfiguration"]["authorizedApps"]
    assert application["@odata.type"] == "microsoft.graph.application"
    assert "logic-app-completed" in application["id"]
    bicep = read(WORKFLOWS / "lifecycle-workflow" / "main.bicep").declared("parameter")["name"]
    assert registration["endpointConfiguration"]["logicAppWorkflowName"] in text(bicep)
