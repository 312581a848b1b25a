"""Every definition is one that the engine would take, and speaks of our contract and nothing else."""

import json
import re
from typing import Any

import pytest

from tests.workflows.engine import STATUSES, TYPES
from tests.workflows.files import DEFINITIONS, ROOT, actions, groups, objects, strings
from tests.workflows.language import Call, ExpressionError, Literal, Node, calls, parse, parts

each = pytest.mark.parametrize("name", DEFINITIONS)
#: The connectors' operations: method, path with its arguments left out, and what else it takes.
#: https://learn.microsoft.com/connectors/azurequeues/ (also teams, office365), as their V2 operations are exported.
OPERATIONS = {
    ("azurequeues", "get", "/v2/storageAccounts/{}/queues/{}/message_trigger", frozenset({"visibilitytimeout"})),
    ("azurequeues", "post", "/v2/storageAccounts/{}/queues/{}/messages", frozenset()),
    ("azurequeues", "delete", "/v2/storageAccounts/{}/queues/{}/messages/{}", frozenset({"popreceipt"})),
    ("teams", "post", "/beta/teams/conversation/message/poster/{}/location/{}", frozenset()),
    ("office365", "post", "/v2/Mail", frozenset()),
}
#: Operation -> what it takes; what may be left out stands in brackets.
OPEN_API_OPERATIONS = {
    "PutMessage_V2": {"storageAccountName", "queueName", "message"},
    "OnMessages_V2": {"storageAccountName", "queueName", "visibilitytimeout"},
    "DeleteMessage_V2": {"storageAccountName", "queueName", "messageId", "popreceipt"},
    "GetOnNewItems": {"dataset", "table"},
    "GetItems": {"dataset", "table", "$filter", "$top"},
    "PostItem": {"dataset", "table", "item/Title", "item/Mark", "[item/Outcome]", "[item/Event]"},
    "SendEmailV2": {"emailMessage/To", "emailMessage/Subject", "emailMessage/Body", "emailMessage/Importance"},
    "PostMessageToConversation": {
        *("poster", "location", "body/recipient/groupId", "body/recipient/channelId", "body/messageBody"),
    },
}


def expressions(node: Any) -> list[Node]:
    """Return every expression in a part of a definition, the schema inside a Parse JSON or a trigger left out."""
    texts = [text for part in objects(node) for key, value in part.items() if key != "schema" for text in own(value)]
    return [piece for text in texts for piece in parts(text) if not isinstance(piece, str)]


def own(value: Any) -> list[str]:
    """Return a value's own strings: itself, or a list's; objects are visited by themselves."""
    if isinstance(value, list):
        return [text for element in value for text in own(element)]
    return [value] if isinstance(value, str) else []


def test_there_are_two_flows_each_for_logic_apps_and_power_automate_and_one_for_lifecycle_workflows() -> None:
    assert len(DEFINITIONS) == 6


@each
def test_a_definition_has_the_parts_of_the_workflow_definition_language(name: str) -> None:
    definition = DEFINITIONS[name]
    assert set(definition) == {"$schema", "contentVersion", "parameters", "triggers", "actions", "outputs"}
    assert definition["$schema"].endswith("/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#")
    assert len(definition["triggers"]) == 1
    assert {action["type"] for action in actions(definition).values()} <= TYPES


@each
def test_every_run_after_names_an_action_beside_it_and_a_status_that_exists(name: str) -> None:
    for group in groups(DEFINITIONS[name]):
        for action in group.values():
            assert set(action["runAfter"]) <= set(group)
            for statuses in action["runAfter"].values():
                assert statuses
                assert set(statuses) <= STATUSES


@each
def test_no_group_waits_for_itself(name: str) -> None:
    for group in groups(DEFINITIONS[name]):
        done: set[str] = set()
        while ready := {action for action in group if action not in done and set(group[action]["runAfter"]) <= done}:
            done |= ready
        assert done == set(group)


@each
def test_action_names_are_unique_in_the_whole_workflow(name: str) -> None:
    every = [action for group in groups(DEFINITIONS[name]) for action in group]
    assert len(every) == len(set(every))


@each
def test_every_expression_can_be_read_and_calls_functions_that_exist(name: str) -> None:
    assert len(expressions(DEFINITIONS[name])) > 5


def test_a_function_that_does_not_exist_and_a_broken_expression_are_noticed() -> None:
    for wrong in ("tolowercase('a')", "toLower('a'", "toLower('a') x", "'open"):
        with pytest.raises(ExpressionError):
            parse(wrong)


@each
def test_every_expression_names_parameters_and_actions_that_exist(name: str) -> None:
    definition = DEFINITIONS[name]
    known = {
        "parameters": set(definition["parameters"]),
        "body": set(actions(definition)),
        "outputs": set(actions(definition)),
        "items": {key for key, action in actions(definition).items() if action["type"] == "Foreach"},
    }
    for call in (call for node in expressions(definition) for call in calls(node)):
        match call:
            case Call(function, (Literal(str(target)),)) if function in known:
                assert target in known[function], f"{function}('{target}')"


@each
def test_an_expression_reads_only_what_ran_before_it_for_certain(name: str) -> None:
    """An action's inputs use actions before it in its own group, or before the groups around it."""
    _check_order(DEFINITIONS[name]["actions"], frozenset())


def _check_order(group: dict[str, dict[str, Any]], before: frozenset[str]) -> None:
    for key, action in group.items():
        seen, waiting = set(before), list(action["runAfter"])
        while waiting:
            seen.add(waiting[0])
            waiting += group[waiting.pop(0)]["runAfter"]
        shallow = {part: value for part, value in action.items() if part not in {"actions", "else", "cases", "default"}}
        for call in (call for node in expressions(shallow) for call in calls(node)):
            if call.name in {"body", "outputs"} and isinstance(call.arguments[0], Literal):
                assert call.arguments[0].value in seen, f"{key} reads {call.arguments[0].value}"
        for part in (action, action.get("else", {}), action.get("default", {}), *action.get("cases", {}).values()):
            _check_order(part.get("actions", {}), frozenset(seen | {key}))


@each
def test_every_queue_named_is_the_contract_s(name: str) -> None:
    settings = json.loads((ROOT / "local.settings.json").read_text(encoding="utf-8"))["Values"]
    contract = {settings["REQUESTS_QUEUE"], settings["EVENTS_QUEUE"]}
    definition = DEFINITIONS[name]
    named = {value["defaultValue"] for key, value in definition["parameters"].items() if key.endswith("Queue")}
    named |= {part["queueName"] for part in objects(definition) if "queueName" in part}
    assert named
    assert named <= contract


@each
def test_every_connector_call_is_an_operation_that_the_connector_has(name: str) -> None:
    for part in (part for part in objects(DEFINITIONS[name]) if "host" in part):
        if "connection" in part["host"]:
            connector = str(part["host"]["connection"]["name"]).split("'")[3]
            path = re.sub(r"@\{encodeURIComponent\(.*?\)\}(?=/|$)", "{}", part["path"])
            assert (connector, part["method"], path, frozenset(part.get("queries", {}))) in OPERATIONS
        else:
            takes = OPEN_API_OPERATIONS[part["host"]["operationId"]]
            assert {name for name in takes if name[0] != "["} <= set(part["parameters"])
            assert set(part["parameters"]) <= {name.strip("[]") for name in takes}
            assert part["host"]["apiId"].endswith(f"/{part['host']['connectionName']}")


@each
def test_nothing_but_identity_opens_a_door(name: str) -> None:
    definition = DEFINITIONS[name]
    for part in (part for part in objects(definition) if "authentication" in part):
        assert part["authentication"] == "@parameters('$authentication')" or set(part["authentication"]) == {
            "type",
            "audience",
        }
        if isinstance(part["authentication"], dict):
            assert part["authentication"]["type"] == "ManagedServiceIdentity"
    for action in actions(definition).values():
        if action["type"] == "Http":
            assert "authentication" in action["inputs"]
    for text in strings(definition):
        assert not re.search(
            r"AccountKey|SharedAccess|[?&]sig=|sv=\d{4}|DefaultEndpointsProtocol|listCallbackUrl", text
        )


@each
def test_a_definition_is_within_the_limits_of_the_service(name: str) -> None:
    """https://learn.microsoft.com/azure/logic-apps/logic-apps-limits-and-configuration, the limits of a definition."""
    definition = DEFINITIONS[name]
    every = actions(definition)
    assert len(every) <= 500
    assert max(len(key) for key in every) <= 80
    assert max(len(action.get("description", "")) for action in every.values()) <= 256
    assert max(len(text) for text in strings(definition["actions"])) <= 8192
    assert _depth(definition["actions"]) <= 8


def _depth(group: dict[str, dict[str, Any]]) -> int:
    inner = [
        part["actions"]
        for action in group.values()
        for part in (action, action.get("else", {}), action.get("default", {}), *action.get("cases", {}).values())
        if part.get("actions")
    ]
    return 1 + max((_depth(part) for part in inner), default=0)
