"""The same two functions with requests, polling one operation after the other."""

import json
import os
from datetime import UTC, datetime
from functools import cache
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import azure.functions as func
import requests
from azure.identity import DefaultAzureCredential
from azure.storage.queue import QueueServiceClient

_ENDPOINT = os.environ["GRAPH_ENDPOINT"]
_SCOPE = f"{_ENDPOINT.rpartition('/')[0]}/.default"
_FIRST, _AGAIN, _LEASE, _SECONDS = int(os.environ.get("FIRST_POLL_SECONDS", "15")), 30, 300, 30
_STORAGE = "NumbersStorage"  # spelled as the host reads it
app = func.FunctionApp()


@cache
def clients() -> SimpleNamespace:
    """Return the process's clients."""
    service = QueueServiceClient.from_connection_string(os.environ[_STORAGE])
    return SimpleNamespace(
        credential=DefaultAzureCredential(),
        graph=requests.Session(),
        operations=service.get_queue_client(os.environ["OPERATIONS_QUEUE"]),
        events=service.get_queue_client(os.environ["EVENTS_QUEUE"]),
    )


def call(method: str, url: str, body: dict[str, Any] | None = None) -> requests.Response:
    """Call Graph; raise for what is no success."""
    held = clients()
    token = held.credential.get_token(_SCOPE).token
    headers = {"Authorization": f"Bearer {token}"}
    answer: requests.Response = held.graph.request(method, url, json=body, headers=headers, timeout=_SECONDS)
    answer.raise_for_status()
    return answer


@app.queue_trigger(arg_name="message", queue_name="%REQUESTS_QUEUE%", connection="NumbersStorage")
def assign_number(message: func.QueueMessage) -> None:
    """Submit one request to Graph."""
    request = json.loads(message.get_body())
    fields = {key: request[key] for key in ("telephoneNumber", "assignmentTargetId", "numberType")}
    url = f"{_ENDPOINT}/admin/teams/telephoneNumberManagement/numberAssignments/assignNumber"
    pending = {"request": request, "operationUrl": call("POST", url, fields).headers["Location"]}
    clients().operations.send_message(json.dumps(pending), visibility_timeout=_FIRST, time_to_live=-1)


@app.timer_trigger(arg_name="timer", schedule="%POLL_SCHEDULE%")
def poll_operation(timer: func.TimerRequest) -> None:  # noqa: ARG001 - the host hands it over
    """Follow the operations that are due, one after the other."""
    held = clients()
    for message in held.operations.receive_messages(messages_per_page=32, visibility_timeout=_LEASE):
        pending = json.loads(message.content)
        operation = call("GET", pending["operationUrl"]).json()
        status = operation.get("value", operation)["status"]
        if status not in {"succeeded", "failed"}:
            held.operations.update_message(message, visibility_timeout=_AGAIN)
            continue
        held.events.send_message(json.dumps(_event(pending["request"], status)), time_to_live=-1)
        held.operations.delete_message(message)


def _event(request: dict[str, Any], status: str) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": "/teams/number-assignments",
        "type": f"TeamsPhone.NumberAssignment.{status.capitalize()}",
        "subject": request["requestId"],
        "time": datetime.now(UTC).isoformat(),
        "data": request,
    }
