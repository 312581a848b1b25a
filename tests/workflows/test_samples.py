"""The HR samples: 15 lines each, by identity alone; Python, JavaScript and curl are run, the others are parsed."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import tree_sitter_c_sharp
import tree_sitter_java
import tree_sitter_powershell
from tree_sitter import Language, Node, Parser

from assign_number.request import Envelope, read
from local.identity.endpoint import PATH
from teams_numbers.messages import AssignmentRequest
from tests.workflows.files import ROOT, WORKFLOWS, example, request_schema
from tests.workflows.identity import STRANGER, Account, account

SAMPLES = WORKFLOWS / "hr-samples"
#: What runs a sample that sends and one that reads, from its folder.
RUN = {
    "python": ([sys.executable, "send.py"], [sys.executable, "read.py"]),
    "javascript": (["node", "send.mjs"], ["node", "read.mjs"]),
    "curl": (["sh", "send.sh"], ["sh", "read.sh"]),
}
GRAMMARS = {
    "powershell": tree_sitter_powershell.language(),
    "csharp": tree_sitter_c_sharp.language(),
    "java": tree_sitter_java.language(),
}
SOURCES = [path for path in sorted(SAMPLES.glob("*/*")) if re.search(r"(?i)(send|read|token)\.\w+$", path.name)]
each_source = pytest.mark.parametrize("path", SOURCES, ids=lambda path: f"{path.parent.name}/{path.name}")


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    with account(tmp_path_factory.mktemp("certificates")) as running:
        yield running


@pytest.fixture(scope="module", autouse=True)
def packages() -> None:
    """What the JavaScript samples need, as their lock names it; `make` installs it, too."""
    if not (SAMPLES / "javascript" / "node_modules").exists():
        npm = shutil.which("npm") or "npm"
        subprocess.run([npm, "ci", "--silent", "--no-audit", "--no-fund"], cwd=SAMPLES / "javascript", check=True)


@pytest.fixture
def queues(storage: Account) -> Iterator[Account]:
    """The account with the two queues, empty."""
    for name in ("number-requests", "number-events"):
        storage.queues.create_queue(name)
    yield storage
    for name in ("number-requests", "number-events"):
        storage.queues.delete_queue(name)


def play(language: str, command: list[str], environment: dict[str, str]) -> str:
    """Run a sample to its end and return what it printed.

    The environment is the sample's whole world: no key, no connection string is in it.
    """
    done = subprocess.run(
        command, cwd=SAMPLES / language, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("language", RUN)
def test_what_a_sample_sends_is_the_request_of_the_contract(language: str, queues: Account) -> None:
    play(language, RUN[language][0], queues.environment)
    queue = queues.queues.get_queue_client("number-requests")
    (message,) = queue.receive_messages()
    request = read(Envelope(message.content, message.id, 1, datetime.now(UTC)))
    assert isinstance(request, AssignmentRequest), request
    assert (request.request_id, request.telephone_number) == ("hire-2026-00417", "+12065550100")
    assert request.context == {"employeeId": "00417"}
    assert message.expires_on
    assert message.expires_on.year == 9999  # never


@pytest.mark.parametrize("language", RUN)
@pytest.mark.parametrize("outcome", ["Succeeded", "Failed"])
def test_a_sample_prints_an_event_and_only_then_deletes_it(language: str, outcome: str, queues: Account) -> None:
    event = example(outcome)
    queue = queues.queues.get_queue_client("number-events")
    queue.send_message(json.dumps(event))
    printed = play(language, RUN[language][1], queues.environment)
    for text in (event["id"], event["subject"], event["type"], event["data"].get("error", {}).get("advice", "")):
        assert text in printed
    assert queue.get_queue_properties().approximate_message_count == 0
    assert play(language, RUN[language][1], queues.environment) == ""


def test_curl_prints_the_event_as_it_was_sent_markup_and_all(queues: Account) -> None:
    event = example("Failed")
    event["data"]["error"]["message"] = "<b> & \"quoted\" 'text' \n &lt; done"
    queues.queues.get_queue_client("number-events").send_message(json.dumps(event))
    assert json.loads(play("curl", RUN["curl"][1], queues.environment)) == event


@pytest.mark.parametrize("language", RUN)
def test_a_sample_that_is_not_let_in_says_so_and_fails(language: str, queues: Account) -> None:
    environment = {
        **queues.environment,
        "IDENTITY_ENDPOINT": queues.environment["IDENTITY_ENDPOINT"].replace(PATH, STRANGER),
    }
    done = subprocess.run(
        RUN[language][0],
        cwd=SAMPLES / language,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    assert done.stderr
    assert queues.queues.get_queue_client("number-requests").get_queue_properties().approximate_message_count == 0


def test_there_is_a_sample_that_sends_and_one_that_reads_in_six_languages() -> None:
    found = {(path.parent.name, path.stem.lower()) for path in SOURCES} - {("curl", "token")}
    assert found == {
        (language, stem)
        for language in ("python", "javascript", "powershell", "csharp", "java", "curl")
        for stem in ("send", "read")
    }


@each_source
def test_a_sample_is_short(path: Path) -> None:
    """Fifteen lines that do something; Java's class and main are two more, and their ends."""
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    code = [line for line in lines if line and not re.match(r'#|//|"""|(import|using|from) ', line)]
    assert len(code) <= 15


@each_source
def test_a_sample_signs_in_and_knows_no_secret(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.search(r"DefaultAzureCredential|UseConnectedAccount|token\.sh|az account get-access-token", text)
    assert not re.search(r"AccountKey|ConnectionString|connection_string|SharedKey|[?&]sig=|StorageAccountKey", text)


@pytest.mark.parametrize("language", GRAMMARS)
def test_a_sample_that_is_not_run_is_at_least_free_of_syntax_errors(language: str) -> None:
    parser = Parser(Language(GRAMMARS[language]))
    paths = [path for path in SOURCES if path.parent.name == language]
    assert len(paths) == 2
    for path in paths:
        assert not [
            node for node in walk(parser.parse(path.read_bytes()).root_node) if node.is_error or node.is_missing
        ]


def walk(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from walk(child)


@each_source
def test_a_sample_names_the_contract_s_queues(path: Path) -> None:
    settings: dict[str, Any] = json.loads((ROOT / "local.settings.json").read_text(encoding="utf-8"))["Values"]
    queue = {"send": settings["REQUESTS_QUEUE"], "read": settings["EVENTS_QUEUE"], "token": ""}[path.stem.lower()]
    assert queue in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["powershell", "csharp", "java"])
def test_the_request_of_a_sample_that_is_not_run_has_the_contract_s_fields_and_values(language: str) -> None:
    (path,) = [path for path in SOURCES if path.parent.name == language and path.stem == "Send"]
    pairs = dict(re.findall(r"""["']?(\w+)["']?\s*[=:]\s*["']([^"']*)["']""", path.read_text(encoding="utf-8")))
    fields = {key: pairs[key] for key in request_schema()["properties"] if key in pairs}
    jsonschema.validate(fields, request_schema())
    assert read(Envelope(json.dumps(fields), "m", 1, datetime.now(UTC)))
    assert set(fields) == {"requestId", "telephoneNumber", "assignmentTargetId", "numberType"}
    assert pairs["employeeId"] == "00417"
