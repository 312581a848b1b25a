"""One truth in several places: settings, queues, concurrency, and who reads what."""

import ast
import json
import re
from typing import Any

from pydantic.fields import FieldInfo

from teams_numbers.pools import read_pools
from teams_numbers.settings import Settings
from tests.infra.deployment import DEFAULT, EVERYTHING, INFRA, PARAMETERS, ROOT, queues, resources, settings

#: What differs on one machine on purpose: Graph is on loopback, and there is something to try everything with.
LOCAL_OWN = {"GRAPH_ENDPOINT", "NUMBER_POOLS", "ACTIONS"}
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

#: The settings that a deployment chooses; all others are fixed in infra/app.bicep.
CHOSEN = {
    "ACTIONS",
    "CONFIRM_SECONDS",
    "LIST_LAG_SECONDS",
    "NUMBER_CHECK",
    "PROTECTED_NUMBERS",
    "UNASSIGN_PER_DAY",
}

FIELDS: dict[str, FieldInfo] = {str(field.alias): field for field in Settings.model_fields.values()}
IN_AZURE = settings(DEFAULT)
LOCALLY: dict[str, str] = json.loads((ROOT / "local.settings.json").read_text())["Values"]
HOST_QUEUES: dict[str, Any] = json.loads((ROOT / "host.json").read_text())["extensions"]["queues"]
APP = resources(DEFAULT, "Microsoft.Web/sites")[0]["properties"]


def documented() -> dict[str, str]:
    """Return the table "App settings" of docs/deploy.md, name -> value in Azure."""
    section = (ROOT / "docs/deploy.md").read_text().split("## App settings", 1)[1].split("\n## ", 1)[0]
    return dict(re.findall(r"^\| `([^`]+)` \| (.*?) \|", section, re.MULTILINE))


def as_setting(value: object) -> str:
    """Return a default as one writes it into an app setting."""
    return (
        ",".join(map(as_setting, value))
        if isinstance(value, tuple | frozenset)
        else f"{value:g}"
        if isinstance(value, float)
        else str(value)
    )


def test_azure_sets_every_setting_of_the_code_and_no_unknown_one() -> None:
    assert IN_AZURE.keys() == FIELDS.keys() - {"NumbersStorage"} | PLATFORM
    assert settings(EVERYTHING).keys() == IN_AZURE.keys()


def test_the_local_stack_sets_the_same_settings() -> None:
    assert LOCALLY.keys() == FIELDS.keys() - {"NumbersStorage__queueServiceUri"} | LOCAL_PLATFORM


def test_the_docs_list_the_same_settings_with_the_same_values() -> None:
    """What only Azure knows is described there; everything else stands there word for word."""
    said = documented()
    assert said.keys() == IN_AZURE.keys()
    written = {name: value for name, value in IN_AZURE.items() if not value.startswith("[")}
    assert {name: said[name] for name in written} == {
        name: f"`{value}`" if value else "empty" for name, value in written.items()
    }


def test_a_default_is_the_same_in_code_and_azure_and_on_one_machine() -> None:
    defaults = {
        name: as_setting(f.default) for name, f in FIELDS.items() if not f.is_required() and f.default is not None
    }
    assert {name: IN_AZURE[name] for name in defaults} == defaults
    ours = (IN_AZURE.keys() & LOCALLY.keys()) - PLATFORM - LOCAL_OWN
    assert {name: LOCALLY[name] for name in ours} == {name: IN_AZURE[name] for name in ours}


def test_a_parameter_reaches_the_setting_of_its_name() -> None:
    given = settings(EVERYTHING)
    stated = {re.sub(r"([A-Z])", r"_\1", name).upper(): name for name in PARAMETERS}
    reached = stated.keys() & given.keys()
    assert reached == CHOSEN
    assert [name for name in reached if given[name] == IN_AZURE[name]] == []


def test_flex_consumption_gets_no_setting_that_it_ignores() -> None:
    assert [name for name in IN_AZURE if DEPRECATED.match(name)] == []


def test_flex_consumption_gets_no_property_that_it_refuses() -> None:
    assert APP["siteConfig"].keys() & REFUSED == set()


def test_every_queue_of_a_setting_is_made_and_the_two_that_may_hold_poison() -> None:
    named = {value for name, value in IN_AZURE.items() if name.endswith("_QUEUE")}
    poison = {f"{IN_AZURE[name]}-poison" for name in ("REQUESTS_QUEUE", "OPERATIONS_QUEUE")}
    assert queues(DEFAULT) == named | poison
    assert '{name}-poison"' in (ROOT / "teams_numbers/queues.py").read_text()


def test_there_is_a_thread_for_every_message_that_the_host_hands_over() -> None:
    at_once = HOST_QUEUES["batchSize"] + HOST_QUEUES["newBatchThreshold"]
    assert int(IN_AZURE["PYTHON_THREADPOOL_THREAD_COUNT"]) >= at_once
    assert IN_AZURE["PYTHON_THREADPOOL_THREAD_COUNT"] == LOCALLY["PYTHON_THREADPOOL_THREAD_COUNT"]


def test_always_ready_names_functions_that_exist() -> None:
    defined = {n.name for n in ast.parse((ROOT / "function_app.py").read_text()).body if isinstance(n, ast.FunctionDef)}
    (app,) = resources(EVERYTHING, "Microsoft.Web/sites")
    ready = app["properties"]["functionAppConfig"]["scaleAndConcurrency"]["alwaysReady"]
    assert {entry["name"]: entry["instanceCount"] for entry in ready} == {
        "function:assign_number": 2,
        "function:poll_operation": 1,
    }
    assert {entry["name"].removeprefix("function:") for entry in ready} == defined
    assert APP["functionAppConfig"]["scaleAndConcurrency"]["alwaysReady"] == []


def test_azure_runs_the_python_that_the_code_is_written_for() -> None:
    runtime = APP["functionAppConfig"]["runtime"]
    assert runtime == {"name": "python", "version": (ROOT / ".python-version").read_text().strip()}


def test_the_app_serves_nobody_over_http() -> None:
    assert APP["httpsOnly"]
    assert APP["siteConfig"]["ipSecurityRestrictionsDefaultAction"] == "Deny"
    assert "route" not in (ROOT / "function_app.py").read_text()


def test_the_pools_that_come_with_the_project_are_none_in_azure() -> None:
    assert json.loads((INFRA / "pools.json").read_text()) == {}
    assert IN_AZURE["NUMBER_POOLS"] == "{}"
    assert read_pools(LOCALLY["NUMBER_POOLS"]).keys() == {"seattle", "berlin"}
