"""The completion event: how one request ended, as a CloudEvent. Pure."""

import uuid
from typing import Literal

from pydantic import AwareDatetime, ConfigDict, Field, JsonValue

from teams_numbers.contracts import Action, Contract, Outcome
from teams_numbers.work_item import Problem, Verdict, WorkItem

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "TeamsPhone.NumberAssignment")
_SUBJECTS = {
    Action.ASSIGN: "NumberAssignment",
    Action.UNASSIGN: "NumberUnassignment",
    Action.UPDATE: "NumberUpdate",
}


class EventData(Contract):
    """How one request ended, with the request's own fields as far as they could be read."""

    request_id: str
    action: str = Field(default=Action.ASSIGN, description="What was asked for: assign, unassign, update.")
    telephone_number: str | None = Field(default=None, description="The number: as asked for, or as picked.")
    pool: str | None = None
    assignment_target_id: str | None = Field(default=None, description="The person's object id, also where looked up.")
    user_principal_name: str | None = Field(default=None, description="As the request gave it.")
    number_type: str | None = None
    assignment_category: str | None = Field(default=None, description="The line: as read, else as asked for.")
    location_id: str | None = Field(default=None, description="The emergency location: as read, else as asked for.")
    existing_number: str | None = None
    not_before: AwareDatetime | None = None
    dry_run: bool = False
    context: dict[str, JsonValue] | None = Field(default=None, description="The request's context, untouched.")
    received_at: AwareDatetime
    submitted_at: AwareDatetime | None = Field(default=None, description="When Graph last answered an order.")
    completed_at: AwareDatetime
    attempts: int = Field(description="How many tries it took.", ge=1)
    operation_id: str | None = Field(default=None, description="Graph's last operation, opaque.")
    activation_state: str | None = Field(default=None, description="The number's activationState, as read at the end.")
    unassigned_numbers: list[str] | None = Field(default=None, description="What was unassigned, replaced included.")
    note: str | None = Field(default=None, description="One plain sentence on a success or a dry run.")
    error: Problem | None = Field(default=None, description="Present unless the request succeeded or was validated.")


def event_type(action: Action, outcome: Outcome) -> str:
    """Return the CloudEvents `type` of an action's outcome."""
    return f"TeamsPhone.{_SUBJECTS[action]}.{outcome}"


class CompletionEvent(Contract):
    """How a request ended, as a CloudEvent 1.0 in structured JSON (https://github.com/cloudevents/spec)."""

    model_config = ConfigDict(title="Completion event")

    specversion: Literal["1.0"]
    id: uuid.UUID = Field(description="The same for every repeat of this event: drop what you have seen.")
    source: str
    type: str = Field(
        description="What was asked for and how it ended.",
        json_schema_extra={"enum": [event_type(action, end) for action in Action for end in Outcome]},
    )
    subject: str = Field(description="The requestId.")
    time: AwareDatetime
    datacontenttype: Literal["application/json"]
    data: EventData


def completion_event(
    source: str, action: Action, outcome: Outcome, data: EventData, fingerprint: str
) -> CompletionEvent:
    """Return the event for one outcome of one request.

    Args:
        source: the events' `source`.
        action: what was asked for.
        outcome: how it ended.
        data: all that is told.
        fingerprint: the wish; with source, request and outcome it makes the event's id.
    """
    return CompletionEvent(
        specversion="1.0",
        id=uuid.uuid5(_NAMESPACE, f"{source}\n{data.request_id}\n{outcome}\n{fingerprint}"),
        source=source,
        type=event_type(action, outcome),
        subject=data.request_id,
        time=data.completed_at,
        datacontenttype="application/json",
        data=data,
    )


def event_of(item: WorkItem, verdict: Verdict, source: str) -> CompletionEvent:
    """Return the event that tells an item's end; the same item and verdict make the same event."""
    request, assigns = item.request, item.request.action is Action.ASSIGN
    data = EventData(
        request_id=request.request_id,
        action=request.action,
        telephone_number=verdict.telephone_number or request.telephone_number,
        pool=request.pool,
        assignment_target_id=item.person or request.assignment_target_id,
        user_principal_name=request.user_principal_name,
        number_type=request.number_type or verdict.number_type,
        assignment_category=(verdict.assignment_category or request.category) if assigns else None,
        location_id=verdict.location_id or request.location_id,
        existing_number=request.existing_number,
        not_before=request.not_before,
        dry_run=request.dry_run,
        context=request.context,
        received_at=item.received_at,
        submitted_at=item.submitted_at,
        completed_at=verdict.completed_at,
        attempts=item.attempt + 1,
        operation_id=item.operation_id,
        activation_state=verdict.activation_state,
        unassigned_numbers=list(verdict.unassigned_numbers) or None,
        note=verdict.note,
        error=verdict.problem,
    )
    return completion_event(source, request.action, verdict.outcome, data, request.fingerprint)
