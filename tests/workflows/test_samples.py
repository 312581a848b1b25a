"""The HR samples that can be run here are run: Python, JavaScript and curl, by identity alone."""

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.demo import SCALED
from local.identity.endpoint import PATH
from local.stack import Stack
from tests.host.processes import until
from tests.workflows.contract import checked
from tests.workflows.files import ROOT, example
from tests.workflows.identity import STRANGER, Account
from tests.workflows.samples import RUN, SAMPLES, SOURCES, attempt, install, play, text

each_source = pytest.mark.parametrize("path", SOURCES, ids=lambda path: f"{path.parent.name}/{path.name}")
each_language = pytest.mark.parametrize("language", RUN)
PERSON = "anna@contoso.example"
HIRE = {"requestId": "hire-2026-00417", "userPrincipalName": PERSON, "pool": "seattle"}
LEAVER = {"requestId": "leave-2026-00417", "action": "unassign", "userPrincipalName": PERSON}


@pytest.fixture(scope="module", autouse=True)
def packages() -> None:
    install()


@each_language
@pytest.mark.parametrize(("arguments", "expected"), [([], HIRE), (["hire"], HIRE), (["leaver"], LEAVER)])
def test_a_sample_sends_a_new_hire_or_a_leaver(
    language: str, arguments: list[str], expected: dict[str, str], queues: Account
) -> None:
    play(language, [*RUN[language][0], *arguments], queues.environment)
    (message,) = queues.queues.get_queue_client("number-requests").receive_messages()
    assert checked(decoded(message.content)) == expected
    assert message.expires_on
    assert message.expires_on.year == 9999  # never


def decoded(content: str) -> str:
    """Return a message's JSON; curl wraps it in base64, as Azure's own clients may."""
    return content if content.startswith("{") else base64.b64decode(content).decode()


@each_language
def test_a_sample_asked_for_something_else_sends_nothing_and_fails(language: str, queues: Account) -> None:
    done = attempt(language, [*RUN[language][0], "mover"], queues.environment)
    assert (done.returncode != 0, done.stderr.strip()) == (True, "mover: say hire or leaver")
    assert queues.queues.get_queue_client("number-requests").get_queue_properties().approximate_message_count == 0


@each_language
@pytest.mark.parametrize("which", [0, 1], ids=["send", "read"])
def test_a_sample_without_an_endpoint_says_in_a_line_what_to_set(language: str, which: int, queues: Account) -> None:
    environment = {key: value for key, value in queues.environment.items() if key != "QUEUE_ENDPOINT"}
    done = attempt(language, RUN[language][which], environment)
    assert done.returncode != 0
    (said,) = done.stderr.splitlines()
    assert "QUEUE_ENDPOINT" in said
    assert "https://<account>.queue.core.windows.net" in said


@each_language
@pytest.mark.parametrize("outcome", ["Succeeded", "Failed"])
def test_a_sample_prints_an_event_and_only_then_deletes_it(language: str, outcome: str, queues: Account) -> None:
    event = example(outcome)
    queue = queues.queues.get_queue_client("number-events")
    queue.send_message(json.dumps(event))
    printed = play(language, RUN[language][1], queues.environment)
    for part in (event["id"], event["subject"], event["type"], event["data"].get("error", {}).get("advice", "")):
        assert part in printed
    assert queue.get_queue_properties().approximate_message_count == 0
    assert play(language, RUN[language][1], queues.environment) == ""


@pytest.mark.parametrize("language", ["python", "javascript"])
def test_a_sample_deletes_no_event_that_it_could_not_print(language: str, queues: Account) -> None:
    queue = queues.queues.get_queue_client("number-events")
    queue.send_message("no event")
    assert attempt(language, RUN[language][1], queues.environment).returncode != 0
    assert queue.get_queue_properties().approximate_message_count == 1


@each_language
def test_a_slash_at_the_end_of_the_endpoint_does_no_harm(language: str, queues: Account) -> None:
    environment = {**queues.environment, "QUEUE_ENDPOINT": queues.environment["QUEUE_ENDPOINT"] + "/"}
    play(language, RUN[language][0], environment)
    assert queues.queues.get_queue_client("number-requests").get_queue_properties().approximate_message_count == 1
    queues.queues.get_queue_client("number-events").send_message(json.dumps(example("Succeeded")))
    assert example("Succeeded")["id"] in play(language, RUN[language][1], environment)


#: The clients of Python and JavaScript try for a minute what might pass; curl tries once.
_TROUBLE = [(language, trouble) for language in RUN for trouble in ("401", "404")]


@pytest.mark.parametrize(("language", "trouble"), [*_TROUBLE, ("curl", "TLS"), ("curl", "no token")])
@pytest.mark.parametrize("which", [0, 1], ids=["send", "read"])
def test_a_sample_that_is_refused_says_so_and_fails(language: str, trouble: str, which: int, queues: Account) -> None:
    environment = dict(queues.environment)
    match trouble:
        case "401":
            environment["IDENTITY_ENDPOINT"] = environment["IDENTITY_ENDPOINT"].replace(PATH, STRANGER)
        case "404":
            environment["QUEUE_ENDPOINT"] += "/nothing"
        case "TLS":
            environment = {key: value for key, value in environment.items() if "_CA_" not in key}
        case _:
            environment["IDENTITY_HEADER"] = "wrong"
    done = attempt(language, RUN[language][which], environment)
    assert done.returncode != 0
    assert done.stderr
    assert queues.queues.get_queue_client("number-requests").get_queue_properties().approximate_message_count == 0


@pytest.fixture(scope="module")
def local() -> Iterator[str]:
    """What `make run` prints as the connection, on free ports."""
    with Stack(SCALED) as running:
        yield f"DefaultEndpointsProtocol=http;{running.connection}"


@pytest.mark.parametrize("language", ["python", "javascript"])
def test_a_sample_can_be_tried_on_make_run(language: str, local: str) -> None:
    """With LOCAL_STORAGE alone: no identity, no endpoint."""
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LOCAL_STORAGE": local}
    play(language, RUN[language][0], environment)
    printed = until("the event", lambda: play(language, RUN[language][1], environment))
    assert HIRE["requestId"] in printed
    assert "TeamsPhone.NumberAssignment." in printed


def test_there_is_a_sample_that_sends_and_one_that_reads_in_four_languages() -> None:
    found = {(path.parent.name, path.stem.lower()) for path in SOURCES} - {("curl", "token")}
    assert found == {
        (language, stem) for language in ("python", "javascript", "powershell", "curl") for stem in ("send", "read")
    }


@each_source
def test_a_sample_is_short(path: Path) -> None:
    lines = [line.strip() for line in text(path).splitlines()]
    code = [line for line in lines if line and not re.match(r'#|//|"""|(import|from) ', line)]
    assert len(code) <= (30 if path.stem == "token" else 20)


@each_source
def test_a_sample_signs_in_and_knows_no_secret(path: Path) -> None:
    assert re.search(r"DefaultAzureCredential|Get-AzAccessToken|token\.sh|az account get-access-token", text(path))
    assert not re.search(r"AccountKey|SharedKey|[?&]sig=|StorageAccountKey", text(path))


@each_source
def test_a_sample_names_the_contract_s_queues(path: Path) -> None:
    settings: dict[str, Any] = json.loads((ROOT / "local.settings.json").read_text(encoding="utf-8"))["Values"]
    queue = {"send": settings["REQUESTS_QUEUE"], "read": settings["EVENTS_QUEUE"], "token": ""}[path.stem.lower()]
    assert queue in text(path)


def test_the_javascript_sample_asks_for_a_node_that_its_packages_take() -> None:
    """The newest that any of them asks for."""
    folder = SAMPLES / "javascript"
    packages = json.loads(text(folder / "package-lock.json"))["packages"]
    own = json.loads(text(folder / "package.json"))["engines"]["node"]
    assert own == packages[""]["engines"]["node"]
    asked = [package.get("engines", {}).get("node", "") for name, package in packages.items() if name]
    lowest = [int(match[1]) for engine in asked if (match := re.search(r">= ?(\d+)[^|]*$", engine))]
    assert int(re.fullmatch(r">=(\d+)\.0\.0", own)[1]) == max(lowest)  # type: ignore[index]
