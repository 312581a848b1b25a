"""The completion Logic App remembers in a real table service, by identity: every request it makes there is taken."""

import json
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import trustme

from local.identity.tokens import Issuer
from local.stack import free_port
from tests.host.processes import ROOT, Lines
from tests.workflows.engine import ActionFailedError, Sent
from tests.workflows.files import COMPLETED, example
from tests.workflows.office import Office

_TABLE = "HandledEvents"


@dataclass(slots=True)
class Table(Office):
    """An office whose memory is a table service on loopback.

    Attributes:
        url: the account on the service.
        authority: who signed its certificate.
        statuses: what the service answered, in order.
    """

    url: str = ""
    authority: str = ""
    statuses: list[int] = field(default_factory=list)

    def world(self, sent: Sent) -> dict[str, Any]:
        """Send what is for the table to the service, with the token that the action asks for."""
        uri = str(sent.inputs.get("uri", ""))
        if not str(urlsplit(uri).hostname).endswith(".table.core.windows.net"):
            return Office.world(self, sent)
        assert sent.inputs["authentication"]["type"] == "ManagedServiceIdentity"
        path = uri.partition(".table.core.windows.net")[2]
        answer = self.ask(
            sent.inputs["method"],
            path,
            sent.inputs["authentication"]["audience"],
            params=sent.inputs.get("queries"),
            headers=sent.inputs["headers"],
            json=sent.inputs.get("body"),
        )
        outputs = {"statusCode": answer.status_code, "body": answer.json() if answer.content else None}
        self.statuses.append(answer.status_code)
        if answer.status_code >= 400:
            raise ActionFailedError(outputs)
        return outputs

    def ask(
        self, method: str, path: str, audience: str = "https://storage.azure.com/", **more: Any
    ) -> requests.Response:
        token, _ = Issuer(time.time).issue(audience, [], 600)
        more["headers"] = {**more["headers"], "Authorization": f"Bearer {token}"}
        return requests.request(method, self.url + path, verify=self.authority, timeout=10, **more)

    def rows(self) -> list[dict[str, Any]]:
        headers = {"Accept": "application/json;odata=nometadata", "x-ms-version": "2020-12-06"}
        found: list[dict[str, Any]] = self.ask("GET", f"/{_TABLE}()", headers=headers).json()["value"]
        return found


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of Azurite's table service over HTTPS, and its authority."""
    folder = tmp_path_factory.mktemp("table")
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    authority.cert_pem.write_to_path(folder / "authority.pem")
    certificate.private_key_pem.write_to_path(folder / "key.pem")
    certificate.cert_chain_pems[0].write_to_path(folder / "certificate.pem")
    script = str(ROOT / "local/node_modules/.bin/azurite-table")
    options = ["--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--oauth", "basic"]
    files = ["--cert", str(folder / "certificate.pem"), "--key", str(folder / "key.pem")]
    port = free_port()
    with Lines([shutil.which("node") or "node", script, "--tablePort", str(port), *options, *files]) as running:
        running.wait_for("successfully started")
        yield f"https://127.0.0.1:{port}/devstoreaccount1", str(folder / "authority.pem")


@pytest.fixture
def table(service: tuple[str, str]) -> Iterator[Table]:
    """An office with an empty table."""
    office = Table(url=service[0], authority=service[1])
    headers = {"Accept": "application/json;odata=nometadata", "x-ms-version": "2020-12-06"}
    assert office.ask("POST", "/Tables", headers=headers, json={"TableName": _TABLE}).ok
    yield office
    assert office.ask("DELETE", f"/Tables('{_TABLE}')", headers=headers).ok


def test_an_event_that_is_told_is_remembered_and_its_repeat_is_dropped(table: Table) -> None:
    text = json.dumps(example("Succeeded"))
    table.deliver(COMPLETED, text)
    assert (table.deleted, table.runs, set(table.statuses)) == (True, ["Succeeded"], {200, 204})
    rows = {row["RowKey"]: row for row in table.rows()}
    assert set(rows) == {"delivery-1", "mailed", "posted", "ended"}
    assert {row["PartitionKey"] for row in rows.values()} == {example("Succeeded")["id"]}
    assert (rows["ended"]["requestId"], rows["ended"]["outcome"]) == (example("Succeeded")["subject"], "Succeeded")
    assert "event" not in rows["ended"]
    table.deleted, told = False, list(table.mails)
    table.deliver(COMPLETED, text)
    assert (table.deleted, table.mails, len(table.posts)) == (True, told, 1)


def test_an_event_that_cannot_be_told_is_kept_in_full(table: Table) -> None:
    event = example("Succeeded")
    event["data"]["context"] = {"managerMail": "m@example.com", "note": "ä'€\n" * 4000}
    table.down = {"teams"}
    table.deliver(COMPLETED, json.dumps(event))
    assert (table.deleted, table.runs) == (True, ["Failed"] * 3 + ["Succeeded"])
    (ended,) = [row for row in table.rows() if row["RowKey"] == "ended"]
    assert ended["outcome"] == "SetAside"
    assert json.loads(ended["event"] + ended["eventContinued"]) == event


@pytest.mark.parametrize("text", ["", "no JSON", "ä" * 32768, "x" * 65536], ids=["empty", "short", "wide", "long"])
def test_what_is_no_event_is_kept_however_long_it_is(table: Table, text: str) -> None:
    table.deliver(COMPLETED, text)
    assert table.deleted
    ((row, kept),) = [(row, row["event"] + row["eventContinued"]) for row in table.rows()]
    assert (row["outcome"], kept) == ("Unreadable", text)
