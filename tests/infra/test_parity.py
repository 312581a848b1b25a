"""One truth in several places: settings, queues, concurrency, and who reads what."""

import ast
import json
import re
from typing import Any

from pydantic.fields import FieldInfo
from tree_sitter import Node

from teams_numbers.settings import Settings
from tests.infra.bicep import INFRA, ROOT, properties, read, text, walk

#: What the platform and the libraries read, not the app: in Azure, and on one machine.
PLATFORM = {
    "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
    "APPLICATIONINSIGHTS_CONNECTION_STRING",
    "AZURE_CLIENT_ID",
    "AZURE_TOKEN_CREDENTIALS",
    "AzureWebJobsStorage__blobServiceUri",
    "AzureWebJobsStorage__clientId",
    "AzureWebJobsStorage__credential",
    "NumbersStorage__clientId",
    "NumbersStorage__credential",
    "PYTHON_THREADPOOL_THREAD_COUNT",
}
LOCAL_PLATFORM = {
    "AZURE_TOKEN_CREDENTIALS",
    "AzureWebJobsStorage",
    "FUNCTIONS_WORKER_RUNTIME",
    "IDENTITY_ENDPOINT",
    "IDENTITY_HEADER",
    "PYTHON_THREADPOOL_THREAD_COUNT",
}
#: Set by functionAppConfig or the platform on Flex Consumption, or without meaning there.
#: Source: https://learn.microsoft.com/azure/azure-functions/functions-app-settings#flex-consumption-plan-deprecations
DEPRECATED = re.compile(r"FUNCTIONS_WORKER_RUNTIME|FUNCTIONS_EXTENSION_VERSION|WEBSITE|SCM_DO_BUILD|ENABLE_ORYX|TZ$")

#: Properties of siteConfig that a Flex Consumption site refuses (error 51021), with the deployment.
#: Source: https://github.com/Azure/terraform-azurerm-avm-res-web-site/pull/345 and the page above
REFUSED = {
    "alwaysOn",
    "ftpsState",
    "functionAppScaleLimit",
    "functionsRuntimeScaleMonitoringEnabled",
    "linuxFxVersion",
    "minimumElasticInstanceCount",
    "netFrameworkVersion",
    "preWarmedInstanceCount",
    "use32BitWorkerProcess",
    "windowsFxVersion",
}

FIELDS: dict[str, FieldInfo] = {str(field.alias): field for field in Settings.model_fields.values()}
MAIN = read(INFRA / "main.bicep")
APP = read(INFRA / "app.bicep")
SETTINGS = properties(APP.variable("appSettings"))
IN_AZURE = {name: text(value) for name, value in SETTINGS.items()}
LOCALLY: dict[str, str] = json.loads((ROOT / "local.settings.json").read_text())["Values"]
HOST_QUEUES: dict[str, Any] = json.loads((ROOT / "host.json").read_text())["extensions"]["queues"]
QUEUES = {name: text(value) for name, value in properties(MAIN.variable("queueNames")).items()}


def documented() -> dict[str, str]:
    """Return the table "App settings" of docs/deploy.md, name -> value in Azure."""
    section = (ROOT / "docs/deploy.md").read_text().split("## App settings", 1)[1].split("\n## ", 1)[0]
    return dict(re.findall(r"^\| `([^`]+)` \| (.*?) \|", section, re.MULTILINE))


def nested(name: str) -> Node:
    """Return the value of the one property of that name in app.bicep."""
    pairs = (node.named_children for node in walk(APP.tree) if node.type == "object_property")
    (value,) = (value for key, value in pairs if text(key) == name)
    return value


def as_setting(value: object) -> str:
    """Return a default as one writes it into an app setting."""
    return (
        ",".join(map(as_setting, value))
        if isinstance(value, tuple)
        else f"{value:g}"
        if isinstance(value, float)
        else str(value)
    )


def test_azure_sets_every_setting_of_the_code_and_no_unknown_one() -> None:
    assert IN_AZURE.keys() == FIELDS.keys() - {"NumbersStorage"} | PLATFORM


def test_the_local_stack_sets_the_same_settings() -> None:
    assert LOCALLY.keys() == FIELDS.keys() - {"NumbersStorage__queueServiceUri"} | LOCAL_PLATFORM


def test_the_docs_list_the_same_settings_with_the_same_values() -> None:
    """What the deployment computes is described there; what infra/ writes stands there word for word."""
    said = documented()
    assert said.keys() == IN_AZURE.keys()
    written = {name: value for name, value in IN_AZURE.items() if SETTINGS[name].type == "string" and "${" not in value}
    written |= {
        name: QUEUES[value.split(".")[1]] for name, value in IN_AZURE.items() if value.startswith("queueNames.")
    }
    assert {name: said[name] for name in written} == {name: f"`{value}`" for name, value in written.items()}


def test_a_default_is_the_same_in_code_and_azure_and_on_one_machine() -> None:
    defaults = {
        name: as_setting(f.default) for name, f in FIELDS.items() if not f.is_required() and f.default is not None
    }
    assert {name: IN_AZURE[name] for name in defaults} == defaults
    on_loopback = {"GRAPH_ENDPOINT"}
    assert {name: LOCALLY[name] for name in defaults.keys() - on_loopback} == {
        name: value for name, value in defaults.items() if name not in on_loopback
    }


def test_the_schedule_is_the_same_in_azure_and_on_one_machine() -> None:
    assert IN_AZURE["POLL_SCHEDULE"] == LOCALLY["POLL_SCHEDULE"]


def test_flex_consumption_gets_no_setting_that_it_ignores() -> None:
    assert [name for name in IN_AZURE if DEPRECATED.match(name)] == []


def test_flex_consumption_gets_no_property_that_it_refuses() -> None:
    assert properties(nested("siteConfig")).keys() & REFUSED == set()


def test_the_queues_that_azure_makes_are_those_of_the_local_stack() -> None:
    names = {"REQUESTS_QUEUE": "requests", "OPERATIONS_QUEUE": "operations", "EVENTS_QUEUE": "events"}
    for setting, name in names.items():
        assert IN_AZURE[setting] == f"queueNames.{name}"
        assert LOCALLY[setting] == QUEUES[name]


def test_a_poison_queue_is_named_as_the_host_and_the_code_name_it() -> None:
    assert QUEUES["requestsPoison"] == f"{QUEUES['requests']}-poison"
    assert QUEUES["operationsPoison"] == f"{QUEUES['operations']}-poison"
    assert '{name}-poison"' in (ROOT / "teams_numbers/queues.py").read_text()


def test_there_is_a_thread_for_every_message_that_the_host_hands_over() -> None:
    at_once = HOST_QUEUES["batchSize"] + HOST_QUEUES["newBatchThreshold"]
    assert int(IN_AZURE["PYTHON_THREADPOOL_THREAD_COUNT"]) >= at_once
    assert IN_AZURE["PYTHON_THREADPOOL_THREAD_COUNT"] == LOCALLY["PYTHON_THREADPOOL_THREAD_COUNT"]


def test_always_ready_names_functions_that_exist() -> None:
    defined = {n.name for n in ast.parse((ROOT / "function_app.py").read_text()).body if isinstance(n, ast.FunctionDef)}
    named = {string.removeprefix("function:") for string in APP.strings() if string.startswith("function:")}
    assert named == {"assign_number", "poll_operation"} == defined & named


def test_azure_runs_the_python_that_the_code_is_written_for() -> None:
    runtime = {name: text(node) for name, node in properties(nested("runtime")).items()}
    assert runtime == {"name": "python", "version": (ROOT / ".python-version").read_text().strip()}


def test_the_app_serves_nobody_over_http() -> None:
    source = (INFRA / "app.bicep").read_text()
    assert "httpsOnly: true" in source
    assert "ipSecurityRestrictionsDefaultAction: 'Deny'" in source
    assert "route" not in (ROOT / "function_app.py").read_text()
    credentials = [n for n in APP.declared("resource").values() if "basicPublishingCredentialsPolicies" in text(n)]
    assert len(credentials) == 2
    assert all("allow: false" in text(node) for node in credentials)
