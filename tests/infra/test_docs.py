"""docs/deploy.md and docs/operations.md say what infra/ does."""

import json
import re

from tests.infra.bicep import INFRA, ROOT, properties, read
from tests.infra.workspace import rules

DEPLOY = (ROOT / "docs/deploy.md").read_text()
OPERATIONS = (ROOT / "docs/operations.md").read_text()


def test_every_alert_points_to_a_section_that_exists() -> None:
    for rule in rules().values():
        section = re.search(r'docs/operations\.md, "([^"]+)"', rule["reason"])
        assert section
        assert f"\n## {section[1]}\n" in OPERATIONS
        after = OPERATIONS.split(f"\n## {section[1]}\n", 1)[1].split("\n## ", 1)[0]
        assert all(word in after for word in ("**Means.**", "**Look at**", "**Do.**"))
        query = re.search(r"next query: (\S+)", rule["reason"])
        assert query
        assert query[1] in after


def test_the_table_of_alerts_says_what_the_rules_say() -> None:
    words = {"PT5M": "5 minutes", "PT10M": "10 minutes", "PT15M": "15 minutes", "PT1H": "1 hour"}
    said = re.findall(r"^\| \[(.+?)\]\(#.*?\) \| (\d) \| (.+?) \| (.+?) \|$", OPERATIONS, re.MULTILINE)
    stated = [
        (
            rule["reason"].split('docs/operations.md, "')[1].split('"')[0],
            rule["severity"],
            words[rule["window"]],
            words[rule["frequency"]],
        )
        for rule in rules().values()
    ]
    assert said == stated


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


def test_the_table_of_roles_is_what_is_assigned() -> None:
    section = DEPLOY.split("## Who may do what\n", 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\| (the app|`[A-Z_]+`) \| (.+?) \| (.+?) \|", section, re.MULTILINE)
    said = {re.sub(r"\W", "", role).lower() for _, role, _ in rows}
    assigned = {name.lower() for name in properties(read(INFRA / "roles.bicep").variable("roleIds"))}
    assert said == assigned | {"teamstelephonenumberreadwriteall"}


def test_every_output_that_the_docs_read_exists() -> None:
    outputs = read(INFRA / "main.bicep").declared("output").keys()
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
