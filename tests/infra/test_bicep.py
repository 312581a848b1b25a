"""The modules of infra/: whole, joined, least privileged, without a secret."""

import json
import re
from pathlib import Path

import pytest

from tests.infra.bicep import FILES, INFRA, body, properties, read, text, walk

#: Azure's built-in roles that the app and its neighbors may hold.
#: Source: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
ROLES = {
    "3913510d-42f4-4e42-8a64-420c390055eb": "monitoringMetricsPublisher",
    "b7e6dc6d-f1e8-4753-8033-0f276bb0955b": "storageBlobDataOwner",
    "974c5e8b-45b9-4653-ba55-5f855dd0fb88": "storageQueueDataContributor",
    "8a0f0c08-91a1-4084-bc3d-661d67233fed": "storageQueueDataMessageProcessor",
    "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a": "storageQueueDataMessageSender",
}
GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)


@every_file
def test_a_file_parses_and_only_the_graph_extension_is_beyond_the_grammar(path: Path) -> None:
    """The grammar is older than Bicep's `extension` statement; that one line is what it may stumble over."""
    expected = ["extension microsoftGraphV1"] if path.name == "graph-permission.bicep" else []
    assert [text(node) for node in read(path).errors()] == expected


def test_the_extension_is_configured_by_that_name_and_a_fixed_version() -> None:
    configured = json.loads((INFRA / "bicepconfig.json").read_text())["extensions"]
    assert re.fullmatch(r"br:mcr\.microsoft\.com/.+:\d+\.\d+\.\d+", configured["microsoftGraphV1"])


@every_file
def test_everything_declared_is_used(path: Path) -> None:
    file = read(path)
    declared = file.declared("parameter").keys() | file.declared("variable").keys()
    existing = {
        name for name, node in file.declared("resource").items() if any(c.type == "existing" for c in node.children)
    }
    assert declared | existing <= file.used()


@every_file
def test_everything_used_is_declared(path: Path) -> None:
    file = read(path)
    kinds = ("parameter", "variable", "resource", "module")
    declared = {name for kind in kinds for name in file.declared(kind)}
    called = {text(n.named_children[0]) for n in walk(file.tree) if n.type == "call_expression"}
    assert file.used() - declared - file.bound() - called - {"microsoftGraphV1", "extension"} == set()


def test_each_module_is_given_exactly_the_parameters_it_has() -> None:
    modules = read(INFRA / "main.bicep").declared("module")
    assert {f"{text(node.named_children[1])}" for node in modules.values()} == {path.name for path in FILES} - {
        "main.bicep"
    }
    for node in modules.values():
        given = properties(properties(body(node))["params"])
        assert given.keys() == read(INFRA / text(node.named_children[1])).declared("parameter").keys()


def test_main_reads_only_outputs_that_a_module_has_and_each_output_is_read() -> None:
    main = read(INFRA / "main.bicep")
    read_by_main = set(re.findall(r"\b(\w+)\.outputs\.(\w+)", main.path.read_text()))
    offered = {
        (name, output)
        for name, node in main.declared("module").items()
        for output in read(INFRA / text(node.named_children[1])).declared("output")
    }
    assert read_by_main == offered


def test_the_parameters_file_sets_parameters_that_exist_and_repeats_their_defaults() -> None:
    parameters = read(INFRA / "main.bicep").declared("parameter")
    given = json.loads((INFRA / "main.parameters.json").read_text())["parameters"]
    assert given.keys() == parameters.keys()
    for name, entry in given.items():
        variable, _, default = entry["value"].removeprefix("${").removesuffix("}").partition("=")
        assert re.fullmatch(r"[A-Z_]+", variable)
        last = parameters[name].named_children[-1]
        assert default == ("" if last.type == "type" else text(last))


@every_file
def test_no_file_holds_or_hands_out_a_secret(path: Path) -> None:
    source = path.read_text()
    assert not re.findall(
        r"listKeys|listAccountSas|listServiceSas|AccountKey|SharedAccess|@secure|InstrumentationKey", source
    )


@every_file
def test_no_string_is_a_wildcard(path: Path) -> None:
    """An NCRONTAB schedule is the one place where a star means time, not anyone."""
    starred = [string for string in read(path).strings() if "*" in string]
    assert starred == (["*/15 * * * * *"] if path.name == "app.bicep" else [])


def test_every_role_is_a_known_one_under_its_name() -> None:
    roles = properties(read(INFRA / "roles.bicep").variable("roleIds"))
    assert {text(value): name for name, value in roles.items()} == ROLES
    for path in FILES:
        found = set(GUID.findall(path.read_text()))
        assert found <= ROLES.keys() | {"00000003-0000-0000-c000-000000000000"}, path.name


def test_every_role_has_the_smallest_scope_and_says_why() -> None:
    assigned = [
        properties(body(node))
        for node in read(INFRA / "roles.bicep").declared("resource").values()
        if "roleAssignments" in text(node.named_children[1])
    ]
    scopes = [text(given["scope"]) for given in assigned]
    queues = {"requests", "operations", "events", "requestsPoison", "operationsPoison"}
    assert set(scopes) == queues | {"hostAccount", "component"}
    assert scopes.count("hostAccount") == 1
    assert all(text(properties(given["properties"])["description"]).endswith(".") for given in assigned)


@every_file
def test_every_resource_states_its_api_version(path: Path) -> None:
    for node in read(path).declared("resource").values():
        assert re.fullmatch(r"Microsoft\.[\w./]+@(v1\.0|\d{4}-\d\d-\d\d(-preview)?)", text(node.named_children[1]))


def test_one_type_has_one_api_version() -> None:
    versions: dict[str, set[str]] = {}
    for path in FILES:
        for node in read(path).declared("resource").values():
            kind, _, version = text(node.named_children[1]).partition("@")
            versions.setdefault(kind, set()).add(version)
    assert {kind: found for kind, found in versions.items() if len(found) > 1} == {}


def test_azd_finds_the_app_by_its_tag() -> None:
    service = next(
        iter(re.findall(r"^  (\w+):.*azd-service-name", (INFRA.parent / "azure.yaml").read_text(), re.MULTILINE))
    )
    assert f"{{ 'azd-service-name': '{service}' }}" in (INFRA / "app.bicep").read_text()
    assert f"SERVICE_{service.upper()}_NAME" in read(INFRA / "main.bicep").declared("output")


def test_every_resource_that_has_tags_carries_the_environment() -> None:
    untagged = re.compile(
        r"/(blobServices|queueServices|containers|queues|diagnosticSettings|roleAssignments|servicePrincipals|"
        r"appRoleAssignedTo|basicPublishingCredentialsPolicies)@"
    )
    for path in FILES:
        for name, node in read(path).declared("resource").items():
            existing = any(child.type == "existing" for child in node.children)
            assert existing or untagged.search(text(node.named_children[1])) or "tags" in properties(body(node)), name
