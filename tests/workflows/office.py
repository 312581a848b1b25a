"""What stands around a completion flow, from one delivery to the next: mail, Teams, Graph, memory, queue."""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.workflows.engine import ActionFailedError, Run, Sent
from tests.workflows.files import DEFINITIONS
from tests.workflows.world import PARAMETERS

#: What Outlook takes as a recipient.
_ADDRESS = re.compile(r"[^@\s;,\[\]{}\"]+@[^@\s;,\[\]{}\"]+\.\w+")
#: The mailbox of the tickets, in the Logic App's parameters and in the flow's Settings.
TICKETS = {PARAMETERS["ticketMail"], "CHANGE-ME@example.com"}


@dataclass(slots=True)
class Office:
    """People and services, and what they were told.

    Attributes:
        down: services that refuse everything now: `mail`, `teams`, `memory`, `queue`.
        callback: what Graph answers to a resumed task.
        memory: (key, mark) -> the row of the table or the item of the list.
        mails: (to, subject, body) in order; the tickets' mailbox is `tickets` whatever its address.
        posts: the messages in the channel.
        resumed: what Graph was told of the waiting task.
        runs: how each run ended.
        deleted: whether the event is off the queue.
    """

    down: set[str] = field(default_factory=set)
    callback: int = 202
    memory: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    mails: list[tuple[str, str, str]] = field(default_factory=list)
    posts: list[str] = field(default_factory=list)
    resumed: list[str] = field(default_factory=list)
    runs: list[str] = field(default_factory=list)
    deleted: bool = False

    def deliver(self, flow: str, text: str | None, times: int = 10) -> "Office":
        """Deliver a message until it is deleted, so many times at the most."""
        for number in range(times):
            if self.deleted:
                break
            message = {"MessageId": "3f0c-m1", "PopReceipt": f"receipt-{number}", "MessageText": text}
            run = Run(DEFINITIONS[flow], PARAMETERS, self.world, name=f"run-{len(self.runs)}").start(message)
            self.runs.append(run.status)
        return self

    def told(self) -> list[tuple[str, str]]:
        """Return who got which mail, without the texts."""
        return [(to, subject) for to, subject, _ in self.mails]

    def kept(self) -> str:
        """Return the text that was set aside."""
        rows = [row for (_, mark), row in self.memory.items() if mark == "ended"]
        return "".join(row.get(part) or "" for row in rows for part in ("event", "eventContinued", "item/Event"))

    def world(self, sent: Sent) -> dict[str, Any]:
        """Play whatever an action talks to."""
        inputs = sent.inputs
        values = {
            key.rpartition("/")[2]: value for key, value in inputs.get("parameters", inputs.get("body", {})).items()
        }
        match inputs:
            case {"uri": str(uri)} if urlsplit(uri).hostname == "graph.microsoft.com":
                return self._resume(values)
            case {"method": "GET", "queries": {"$filter": str(only)}} | {"parameters": {"$filter": str(only)}}:
                return self._rows(only)
            case {"method": "PUT", "uri": str(uri)}:
                keys = re.search(r"\(PartitionKey='(.*)',RowKey='(.*)'\)$", uri)
                assert keys, uri
                assert (unquote(keys[1]), unquote(keys[2])) == (values["PartitionKey"], values["RowKey"])
                return self._remember(values["PartitionKey"], values["RowKey"], inputs["body"])
            case {"host": {"operationId": "PostItem"}}:
                return self._remember(values["Title"], values["Mark"], inputs["parameters"])
            case {"path": "/v2/Mail"} | {"host": {"operationId": "SendEmailV2"}}:
                return self._mail(values["To"], values["Subject"], values["Body"])
            case {"method": "delete"} | {"host": {"operationId": "DeleteMessage_V2"}}:
                self._fail_if("queue", 404)
                self.deleted = True
            case _:
                self._fail_if("teams", 403)
                self.posts.append(values["messageBody"])
        return {"statusCode": 200, "body": None}

    def _fail_if(self, service: str, status: int) -> None:
        if service in self.down:
            raise ActionFailedError({"statusCode": status, "body": None})

    def _resume(self, values: dict[str, Any]) -> dict[str, Any]:
        self.resumed.append(values["data"]["operationStatus"])
        outputs = {"statusCode": self.callback, "body": None}
        if self.callback >= 400:
            raise ActionFailedError(outputs)
        return outputs

    def _rows(self, only: str) -> dict[str, Any]:
        self._fail_if("memory", 503)
        asked = re.findall(r"(\w+) eq '([^']*)'", only)
        rows = [{"PartitionKey": key, "RowKey": mark, "Title": key, "Mark": mark} for key, mark in self.memory]
        return {"statusCode": 200, "body": {"value": [row for row in rows if all(row[k] == v for k, v in asked)]}}

    def _remember(self, key: str, mark: str, row: dict[str, Any]) -> dict[str, Any]:
        self._fail_if("memory", 503)
        json.dumps(row)
        self.memory[key, mark] = row
        return {"statusCode": 204, "body": None}

    def _mail(self, to: str, subject: str, body: str) -> dict[str, Any]:
        self._fail_if("mail", 401)
        if not _ADDRESS.fullmatch(to):
            raise ActionFailedError({"statusCode": 400, "body": None})
        self.mails.append(("tickets" if to in TICKETS else to, subject, body))
        return {"statusCode": 200, "body": None}
