"""The curl samples: an event is printed as it is, no failure goes unnoticed, a token is found wherever there is one."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.workflows.files import example
from tests.workflows.identity import Account
from tests.workflows.samples import RUN, SAMPLES, attempt, play, text

_SEND, _READ = RUN["curl"]
_TOKEN = ["sh", "token.sh"]


class _Portal(BaseHTTPRequestHandler):
    """Answers everything with a page, as a captive portal does."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html>Please sign in</html>")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Stay quiet."""


@contextmanager
def portal() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Portal) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def program(folder: Path, name: str, script: str) -> str:
    """Put a program into a folder and return the folder for the PATH."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(folder)


def test_the_event_is_printed_as_it_was_sent_markup_and_all(queues: Account) -> None:
    event = example("Failed")
    event["data"]["error"]["message"] = "<b> & \"quoted\" 'text' \n &lt; done"
    queues.queues.get_queue_client("number-events").send_message(json.dumps(event))
    assert json.loads(play("curl", _READ, queues.environment)) == event


def test_an_empty_queue_is_no_failure(queues: Account) -> None:
    assert play("curl", _READ, queues.environment) == ""


def test_an_answer_that_no_queue_gives_is_a_failure(queues: Account) -> None:
    with portal() as address:
        done = attempt("curl", _READ, {**queues.environment, "QUEUE_ENDPOINT": address})
    assert done.returncode != 0
    assert "no queue" in done.stderr


def test_an_event_that_could_not_be_deleted_is_a_failure(tmp_path: Path, queues: Account) -> None:
    queues.queues.get_queue_client("number-events").send_message(json.dumps(example("Succeeded")))
    stub = program(tmp_path, "curl", 'case "$*" in *DELETE*) exit 22 ;; *) exec /usr/bin/curl "$@" ;; esac')
    done = attempt("curl", _READ, {**queues.environment, "PATH": f"{stub}:{queues.environment['PATH']}"})
    assert done.returncode != 0
    assert example("Succeeded")["id"] in done.stdout


@pytest.mark.parametrize("place", ["vm", "arc"])
def test_a_token_is_found_on_a_virtual_machine_and_on_azure_arc(place: str, queues: Account) -> None:
    play("curl", _SEND, queues.elsewhere(place))
    assert queues.queues.get_queue_client("number-requests").get_queue_properties().approximate_message_count == 1


def test_somebody_signed_in_with_az_is_asked_before_the_virtual_machine(tmp_path: Path, queues: Account) -> None:
    stub = program(tmp_path, "az", 'echo "a token for $4"')
    environment = queues.elsewhere("vm")
    environment["PATH"] = f"{stub}:{environment['PATH']}"
    assert play("curl", _TOKEN, environment) == "a token for https://storage.azure.com/\n"


def test_without_any_identity_the_page_s_next_step_is_named(tmp_path: Path) -> None:
    stub = program(tmp_path, "az", "echo 'Please run az login' >&2; exit 1")
    environment = {"PATH": f"{stub}:/usr/bin:/bin", "AZURE_POD_IDENTITY_AUTHORITY_HOST": "http://127.0.0.1:9"}
    done = attempt("curl", _TOKEN, environment)
    assert (done.returncode, done.stdout) == (1, "")
    assert "az login" in done.stderr


def test_an_answer_without_a_token_is_a_failure() -> None:
    with portal() as address:
        environment = {"PATH": "/usr/bin:/bin", "IDENTITY_ENDPOINT": address, "IDENTITY_HEADER": "x"}
        done = attempt("curl", _TOKEN, environment)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr


@pytest.mark.parametrize("tokens", ["elsewhere", "."])
def test_on_arc_no_file_is_read_but_a_key_of_its_folder(tokens: str, queues: Account) -> None:
    """Whoever answers in place of Arc's service would otherwise be shown any file's content."""
    environment = queues.elsewhere("arc")
    folder = Path(environment["ARC_TOKENS"])
    environment["ARC_TOKENS"] = str(folder / tokens) if tokens != "." else f"{folder}/../{folder.name}"
    done = attempt("curl", _TOKEN, environment)
    assert (done.returncode, done.stdout) == (1, "")
    assert "key file" in done.stderr


def test_arc_s_folder_is_the_documented_one_by_default() -> None:
    """https://learn.microsoft.com/azure/azure-arc/servers/managed-identity-authentication."""
    assert "/var/opt/azcmagent/tokens" in text(SAMPLES / "curl" / "token.sh")
