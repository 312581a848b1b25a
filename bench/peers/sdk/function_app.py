"""The same two functions with msgraph-sdk: async, its own request builders, one client per process.

The Location comes through `HeadersInspectionHandlerOption`, and `RetryHandlerOption` switches the SDK's retry off for
the POST, as https://learn.microsoft.com/graph/sdks/customize-client and the SDK's own pages have it.
"""

import asyncio
import functools
import json
import os
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import azure.functions as func
from azure.identity.aio import DefaultAzureCredential
from azure.storage.queue.aio import QueueServiceClient
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_http.middleware.options import HeadersInspectionHandlerOption, RetryHandlerOption
from msgraph import GraphServiceClient
from msgraph.generated.admin.teams.telephone_number_management.number_assignments.microsoft_graph_teams_administration_assign_number.assign_number_post_request_body import (  # noqa: E501 - the SDK's own name
    AssignNumberPostRequestBody,
)
from msgraph.generated.models.long_running_operation_status import LongRunningOperationStatus
from msgraph.generated.models.teams_administration.number_type import NumberType

_AT_ONCE = int(os.environ.get("POLL_WORKERS", "16"))
_FIRST, _AGAIN, _LEASE = int(os.environ.get("FIRST_POLL_SECONDS", "15")), 30, 300
_STORAGE = "NumbersStorage"  # spelled as the host reads it
app = func.FunctionApp()


@functools.cache
def clients() -> SimpleNamespace:
    """Return the process's clients; made in the first call, in the loop that uses them."""
    endpoint = os.environ["GRAPH_ENDPOINT"]
    graph = GraphServiceClient(DefaultAzureCredential(), [f"{endpoint.rpartition('/')[0]}/.default"])
    graph.request_adapter.base_url = endpoint
    service = QueueServiceClient.from_connection_string(os.environ[_STORAGE])
    return SimpleNamespace(
        management=graph.admin.teams.telephone_number_management,
        operations=service.get_queue_client(os.environ["OPERATIONS_QUEUE"]),
        events=service.get_queue_client(os.environ["EVENTS_QUEUE"]),
    )


@app.queue_trigger(arg_name="message", queue_name="%REQUESTS_QUEUE%", connection="NumbersStorage")
async def assign_number(message: func.QueueMessage) -> None:
    """Submit one request to Graph."""
    held = clients()
    request = json.loads(message.get_body())
    answered = HeadersInspectionHandlerOption(inspect_request_headers=False)
    once = RetryHandlerOption(max_retries=0, should_retry=False)
    body = AssignNumberPostRequestBody(
        telephone_number=request["telephoneNumber"],
        assignment_target_id=request["assignmentTargetId"],
        number_type=NumberType(request["numberType"]),
    )
    await held.management.number_assignments.microsoft_graph_teams_administration_assign_number.post(
        body, RequestConfiguration(options=[answered, once])
    )
    (location,) = answered.response_headers.get("Location")
    pending = {"request": request, "operationUrl": location}
    await held.operations.send_message(json.dumps(pending), visibility_timeout=_FIRST, time_to_live=-1)


@app.timer_trigger(arg_name="timer", schedule="%POLL_SCHEDULE%")
async def poll_operation(timer: func.TimerRequest) -> None:  # noqa: ARG001 - the host hands it over
    """Follow the operations that are due, several at once."""
    held, slots = clients(), asyncio.Semaphore(_AT_ONCE)

    async def follow(message: Any) -> None:  # noqa: ANN401 - the queue library's
        async with slots:
            await _follow(message, held)

    async with asyncio.TaskGroup() as group:
        pages = held.operations.receive_messages(messages_per_page=32, visibility_timeout=_LEASE).by_page()
        async for page in pages:
            async for message in page:
                group.create_task(follow(message))


async def _follow(message: Any, held: SimpleNamespace) -> None:  # noqa: ANN401 - the queue library's
    pending = json.loads(message.content)
    builder = held.management.operations.by_telephone_number_long_running_operation_id("-")
    operation = await builder.with_url(pending["operationUrl"]).get()
    if operation.status not in {LongRunningOperationStatus.Succeeded, LongRunningOperationStatus.Failed}:
        await held.operations.update_message(message, visibility_timeout=_AGAIN)
        return
    await held.events.send_message(json.dumps(_event(pending["request"], operation.status.value)), time_to_live=-1)
    await held.operations.delete_message(message)


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
