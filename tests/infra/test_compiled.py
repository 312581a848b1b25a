"""infra/ and workflows/ read by Microsoft's own compiler: types, linter, format, and whole deployments evaluated."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from scripts import snapshots
from scripts.snapshots import DEFAULT, EVERYTHING, Refused
from tests.infra.deployment import FILES, INFRA, PARAMETERS, ROOT, SENDER, roles, settings, stored

pytestmark = pytest.mark.skipif(
    snapshots.compiler() is None,
    reason="Microsoft's Bicep compiler (bicep) is not on PATH: az bicep install, or Bicep's releases",
)
A, B = "0000000a-0000-4000-8000-000000000001", "0000000b-0000-4000-8000-000000000002"


@pytest.fixture(scope="module")
def infra(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of infra/ that compiles without a network."""
    return snapshots.copy(tmp_path_factory.mktemp("compiled"))


def test_compiler_and_linter_have_nothing_to_say_of_infra_and_its_modules(infra: Path) -> None:
    template, said = snapshots.template(infra)
    assert said == []
    assert template["parameters"] == PARAMETERS, "infra/ has changed: run `make snapshots`"


def test_the_compiler_knows_the_types_so_that_a_misspelled_property_is_seen(infra: Path) -> None:
    wrong = infra.parent / "wrong.bicep"
    wrong.write_text((INFRA / "identity.bicep").read_text().replace("location: location", "locaton: location"))
    assert 'Did you mean "location"?' in snapshots.bicep("build", wrong, "--stdout").stderr


def test_compiler_and_linter_have_nothing_to_say_of_the_logic_apps(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "workflows", tmp_path / "workflows", ignore=shutil.ignore_patterns("node_modules"))
    done = snapshots.bicep("build", "--pattern", f"{tmp_path}/workflows/*/main.bicep")
    assert (done.returncode, done.stderr) == (0, "")
    assert len(list(tmp_path.glob("workflows/*/main.json"))) == 3


def test_every_file_has_the_compilers_own_format(tmp_path: Path) -> None:
    sources = {f"{path.parent.name}-{path.name}": path for path in (*FILES, *ROOT.glob("workflows/*/main.bicep"))}
    for name, path in sources.items():
        shutil.copy(path, tmp_path / name)
    done = snapshots.bicep("format", "--pattern", f"{tmp_path}/*.bicep")
    assert done.returncode == 0, done.stderr
    assert [name for name, path in sources.items() if (tmp_path / name).read_text() != path.read_text()] == []


@pytest.mark.parametrize(("name", "parameters"), [("default", DEFAULT), ("everything", EVERYTHING)])
def test_the_stored_deployment_is_what_infra_makes(infra: Path, name: str, parameters: dict[str, object]) -> None:
    assert snapshots.predict(infra, parameters) == stored(name), "infra/ has changed: run `make snapshots`"


POOLS = {"seattle": {"numberType": "callingPlan", "numbers": [{"startsWith": "+1206"}], "lowWater": 10}}


@pytest.fixture(scope="module")
def untidy(infra: Path) -> dict[str, Any]:
    """A deployment whose lists are written as people write them, with a pool."""
    pools = infra / "pools.json"
    pools.write_text(json.dumps(POOLS, indent=4))
    lists = {
        "requestSenders": f" {A.upper()} ,,{B},{A},",
        "eventReaders": f",{B}, ",
        "alertEmails": "Night@example.com, night@example.com,,day@example.com ,",
        "actions": " Update,assign,,update",
        "protectedNumbers": "+12065550100, +12065550101,+12065550100,",
    }
    try:
        return snapshots.predict(infra, DEFAULT | lists)
    finally:
        shutil.copy(INFRA / "pools.json", pools)


def test_a_sender_written_twice_or_beside_a_blank_gets_one_role(untidy: dict[str, Any]) -> None:
    given = sorted((who, where) for who, role, where in roles(untidy) if who != "the app" and role == SENDER)
    assert given == [(A, "number-requests"), (B, "number-requests")]
    made = [resource["id"] for resource in untidy["predictedResources"]]
    assert len(made) == len(set(made))


def test_an_address_written_twice_gets_one_mail(untidy: dict[str, Any]) -> None:
    (group,) = (r for r in untidy["predictedResources"] if r["type"] == "Microsoft.Insights/actionGroups")
    mails = [receiver["emailAddress"] for receiver in group["properties"]["emailReceivers"]]
    assert mails == ["night@example.com", "day@example.com"]


def test_lists_reach_the_app_tidy_and_pools_as_one_text(untidy: dict[str, Any]) -> None:
    given = settings(untidy)
    assert given["ACTIONS"] == "update,assign"
    assert given["PROTECTED_NUMBERS"] == "+12065550100,+12065550101"
    assert json.loads(given["NUMBER_POOLS"]) == POOLS


@pytest.mark.parametrize(
    ("stated", "named"),
    [
        (
            {"requestSenders": f"{A},a;b", "eventReaders": f"{B}x", "alertEmails": "a@b.example;c@d.example"},
            ['REQUEST_SENDERS: "a;b"', f'EVENT_READERS: "{B}x"', 'ALERT_EMAILS: "a@b.example;c@d.example"'],
        ),
        (
            {"actions": "assign,remove", "protectedNumbers": "2065550100", "actionGroupId": "ag-on-call"},
            ['ACTIONS: "remove"', 'PROTECTED_NUMBERS: "2065550100"', 'ACTION_GROUP_ID: "ag-on-call"'],
        ),
        (
            {
                "actions": " , ",
                "requestSenders": "0000000g-0000-4000-8000-000000000001",
                "alertEmails": "nobody, @x.example",
            },
            ["ACTIONS: name at least one", '"0000000g-', '"nobody"', '"@x.example"'],
        ),
    ],
)
def test_what_is_wrong_in_a_list_is_refused_by_name_before_anything_is_made(
    infra: Path, stated: dict[str, object], named: list[str]
) -> None:
    """The resource group carries the check in its name, which Azure evaluates when it validates the template."""
    with pytest.raises(Refused) as refusal:
        snapshots.predict(infra, DEFAULT | stated)
    assert "The template resource 'group'" in str(refusal.value)
    assert [words for words in named if words not in str(refusal.value)] == []
