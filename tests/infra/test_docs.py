"""docs/deploy.md and docs/operations.md say what infra/ does."""

import json
import re

from tests.infra.deployment import (
    CONTRIBUTOR,
    DEFAULT,
    EVERYTHING,
    INFRA,
    OWNER,
    PROCESSOR,
    PUBLISHER,
    READER,
    ROOT,
    SENDER,
    roles,
    rules,
)

DEPLOY = (ROOT / "docs/deploy.md").read_text()
OPERATIONS = (ROOT / "docs/operations.md").read_text()
SECURITY = (ROOT / "SECURITY.md").read_text()


def test_every_alert_has_a_section_under_its_own_title_that_names_its_query() -> None:
    for rule in rules().values():
        title = rule["displayName"]
        assert f'docs/operations.md, "{title}"' in rule["description"]
        after = OPERATIONS.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]
        assert all(word in after for word in ("**Means.**", "**Look at**", "**Do.**"))
        query = re.search(r"infra/kql/[\w-]+\.kql", rule["description"])
        assert query
        assert query[0] in after


def test_the_table_of_alerts_says_what_the_rules_say() -> None:
    words = {"PT5M": "5 minutes", "PT10M": "10 minutes", "PT15M": "15 minutes", "PT1H": "1 hour", "P1D": "1 day"}
    said = re.findall(r"^\| \[(.+?)\]\(#.*?\) \| (\d) \| (.+?) \| (.+?) \|$", OPERATIONS, re.MULTILINE)
    assert said == [
        (rule["displayName"], str(rule["severity"]), words[rule["windowSize"]], words[rule["evaluationFrequency"]])
        for rule in rules().values()
    ]


def test_every_variable_of_the_deployment_is_explained_with_its_default() -> None:
    given = json.loads((INFRA / "main.parameters.json").read_text())["parameters"]
    section = DEPLOY.split("## Deploy\n", 1)[1].split("\n## ", 1)[0]
    rows = {
        name: default
        for names, defaults in re.findall(r"^\| ((?:`[A-Z_]+` ?)+)\| (.+?) \|", section, re.MULTILINE)
        for name, default in zip(
            re.findall(r"`(.+?)`", names), (re.findall(r"`(.+?)`", defaults) or [""]) * 2, strict=False
        )
    }
    for entry in given.values():
        variable, equals, default = entry["value"].removeprefix("${").removesuffix("}").partition("=")
        if equals:
            assert variable in rows, variable
            assert variable == "FAILURE_PERCENT" or rows[variable] == default


NAMES = {
    "Monitoring Metrics Publisher": PUBLISHER,
    "Storage Blob Data Owner": OWNER,
    "Storage Queue Data Contributor": CONTRIBUTOR,
    "Storage Queue Data Message Processor": PROCESSOR,
    "Storage Queue Data Message Sender": SENDER,
    "Storage Queue Data Reader": READER,
}
SCOPES = {
    "the two poison queues": {"number-requests-poison", "pending-operations-poison"},
    "the host's storage account": {"Microsoft.Storage/storageAccounts"},
    "the Application Insights resource": {"Microsoft.Insights/components"},
}


def test_the_table_of_roles_is_what_is_assigned() -> None:
    section = DEPLOY.split("## Who may do what\n", 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\| (the app|`[A-Z_]+`) \| (Storage .+?|Monitoring .+?) \| (.+?) \|", section, re.MULTILINE)
    said = {
        (who == "the app", NAMES[role], scope)
        for who, role, where in rows
        for scope in SCOPES.get(where, {where.removeprefix("queue ").strip("`")})
    }
    assert said == {(who == "the app", role, where) for who, role, where in roles(EVERYTHING)}
    permissions = set(re.findall(r"^\| the app.*? \| `(\w+\.\S+)` \| Microsoft Graph", section, re.MULTILINE))
    assert permissions == {"TeamsTelephoneNumber.ReadWrite.All", "User.ReadBasic.All"}


def test_the_pools_that_the_docs_show_are_json_with_the_fields_of_a_pool() -> None:
    (shown,) = re.findall(r"```json\n(.*?)```", DEPLOY, re.DOTALL)
    fields = {"numberType", "numbers", "except", "country", "assignmentCategory", "locationId", "lowWater"}
    pools = json.loads(shown)
    assert pools.keys() == {"seattle", "berlin"}
    assert all(pool.keys() <= fields and {"numberType", "numbers"} <= pool.keys() for pool in pools.values())


def test_where_drift_is_meant_the_docs_say_no_state() -> None:
    """`azd provision` skips a template that has not changed since the last run."""
    for page, words in ((DEPLOY, "changed in the portal, run\n"), (OPERATIONS, "or `AZURE_CLIENT_ID` names another. ")):
        assert page.split(words, 1)[1].startswith("`azd provision --no-state`")


def test_the_revocation_is_told_wherever_somebody_looks_for_it() -> None:
    assert all("scripts/revoke_neighbors.sh" in page for page in (DEPLOY, OPERATIONS, SECURITY))


def test_the_versions_that_the_docs_ask_for_are_those_of_the_project() -> None:
    assert "1.18 or newer" in DEPLOY
    assert "azd: '>= 1.18.0'" in (ROOT / "azure.yaml").read_text()


def test_every_output_that_the_docs_read_exists() -> None:
    outputs = DEFAULT["outputs"].keys()
    used = set(re.findall(r"azd env get-value (\w+)", DEPLOY + OPERATIONS))
    assert used
    assert used <= outputs


def test_every_file_that_the_docs_name_exists() -> None:
    named = set(re.findall(r"(?:infra|scripts|\.github|docs)/[\w./-]*\w\.\w+", DEPLOY + OPERATIONS))
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []


def test_every_link_within_the_docs_leads_somewhere() -> None:
    for page in (DEPLOY, OPERATIONS):
        for file, anchor in re.findall(r"\]\((\w+\.md)?#([\w-]+)\)", page):
            target = (ROOT / "docs" / file).read_text() if file else page
            anchors = {
                re.sub(r"[^\w -]", "", title).replace(" ", "-").lower()
                for title in re.findall(r"^#+ (.+)$", target, re.MULTILINE)
            }
            assert anchor in anchors


def test_the_code_of_every_advice_in_operations_is_in_the_catalogue() -> None:
    catalogue = set(re.findall(r"^\| `(\w+)` \|", (ROOT / "docs/failures.md").read_text(), re.MULTILINE))
    steps = re.findall(r"\*\*Do\.\*\*(.*?)\n## ", OPERATIONS, re.DOTALL)
    named = {word for step in steps for word in re.findall(r"`([a-z]+[A-Z][a-zA-Z]+)`", step)}
    assert named
    assert named - {"numberType", "endedBy"} <= catalogue
