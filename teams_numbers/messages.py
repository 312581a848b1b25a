"""The three contracts: what a requester sends, what waits in between, what the requester hears."""

import json
import re
import uuid
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    StrictBool,
    StringConstraints,
)
from pydantic.alias_generators import to_camel

#: How large `context` may be, in bytes of compact UTF-8 JSON: an event must fit a queue message of 64 KiB.
CONTEXT_BYTES = 8 * 1024
#: How much of what Graph said is repeated in an event, in characters.
GRAPH_TEXT = 1000

_SEPARATORS = re.compile(r"^tel:|[\s.()\-\u2010-\u2015\u2212\u200e\u200f\u202a-\u202e]", re.IGNORECASE)
_NUMBER = re.compile(r"\+?([1-9][0-9]{6,14}(?:;ext=[0-9]{1,10})?)")
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "TeamsPhone.NumberAssignment")


class NumberType(StrEnum):
    """Graph's `numberType`, as far as a request may name it."""

    DIRECT_ROUTING = "directRouting"
    CALLING_PLAN = "callingPlan"
    OPERATOR_CONNECT = "operatorConnect"


class AssignmentCategory(StrEnum):
    """Graph's `assignmentCategory`."""

    PRIMARY = "primary"
    PRIVATE = "private"
    ALTERNATE = "alternate"


class Outcome(StrEnum):
    """How a request ended: the last part of a completion event's `type`."""

    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    REJECTED = "Rejected"
    TIMED_OUT = "TimedOut"
    VALIDATED = "Validated"


def normalize_number(text: str) -> str:
    """Return the number as Graph writes it, `+12065550100` or `+12065550100;ext=12`.

    Raises:
        ValueError: it has not 7 to 15 digits, or starts with 0.
    """
    match = _NUMBER.fullmatch(_SEPARATORS.sub("", text.strip()))
    if match is None:
        message = "must be 7 to 15 digits with the country code, not starting with 0, such as +12065550100"
        raise ValueError(message)
    return f"+{match[1]}"


def _object_id(text: str) -> str:
    if "@" in text:
        message = "is a user principal name; send the user's object id (a GUID), which Graph returns as `id`"
        raise ValueError(message)
    if not re.fullmatch(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", text):
        message = "must be the user's object id, a GUID such as 6f0b2f8c-90f5-4a0e-9c39-1f0a3f8b6d21"
        raise ValueError(message)
    return text.lower()


def _small(context: dict[str, JsonValue]) -> dict[str, JsonValue]:
    size = len(json.dumps(context, ensure_ascii=False, separators=(",", ":")).encode())
    if size > CONTEXT_BYTES:
        message = f"is {size} bytes of JSON, {CONTEXT_BYTES} are allowed; keep a reference here and the data elsewhere"
        raise ValueError(message)
    return context


RequestId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,128}$")]
TelephoneNumber = Annotated[str, StringConstraints(max_length=64), AfterValidator(normalize_number)]
ObjectId = Annotated[str, StringConstraints(max_length=256), AfterValidator(_object_id)]
LocationId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,64}$")]
Context = Annotated[dict[str, JsonValue], AfterValidator(_small)]


class Contract(BaseModel):
    """A message on a queue: camelCase on the wire, immutable here, unknown fields refused."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)

    def to_text(self) -> str:
        """Return the message as one line of ASCII JSON: XML, which carries it, has no word for some characters."""
        return self.model_dump_json(by_alias=True, exclude_none=True, ensure_ascii=True)


class Delivery(Contract):
    """What the app writes onto a request that it puts back; a requester leaves it out.

    Attributes:
        received_at: when the request first came; REQUEST_DEADLINE_HOURS counts from here.
        attempt: how often Graph has judged the request and another try was due; steps through WAIT_SECONDS.
        held: how often in a row it was put back unjudged (throttled, unreachable, not permitted); steps the back-off.
        uncertain: Graph may have accepted an order whose answer never came; the number is read before the next.
        submitted_at: when the last order was sent.
        reason: the failure for which Graph's last judgment put it back: its code in the catalogue.
        reason_times: how often in a row it was that failure; compared with the failure's own number of tries.
    """

    received_at: AwareDatetime
    attempt: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    held: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    uncertain: StrictBool = False
    submitted_at: AwareDatetime | None = None
    reason: Annotated[str, StringConstraints(max_length=64)] | None = None
    reason_times: Annotated[int, Field(ge=0, le=1_000_000)] = 0

    def times(self, reason: str) -> int:
        """Return how often in a row until now the request was put back for a reason."""
        return self.reason_times if self.reason == reason else 0


def _as_sent(schema: dict[str, Any]) -> None:
    """Describe the request as a requester sends it: what the app fills in is optional there."""
    schema["required"] = [name for name in schema["required"] if name not in {"requestId", "delivery"}]
    schema["properties"]["delivery"]["description"] = "Set by the app when it puts a request back; leave it out."


class AssignmentRequest(Contract):
    """Assign one telephone number to one user."""

    model_config = ConfigDict(
        title="Number assignment request", json_schema_extra=_as_sent, json_schema_serialization_defaults_required=False
    )

    request_id: RequestId = Field(
        description="Names the request in its event and in the logs: 1 to 128 of A-Z a-z 0-9 . _ : - ; the queue "
        "message's id if left out. The same id is the same request. No personal data."
    )
    telephone_number: TelephoneNumber = Field(
        description="7 to 15 digits with the country code, not starting with 0; spaces, dots, dashes, parentheses, "
        "`tel:` and a leading + may be there or not; an extension as `;ext=1234`."
    )
    assignment_target_id: ObjectId = Field(description="The user's object id, a GUID. Not a user principal name.")
    number_type: NumberType = Field(description="Who provides the number: directRouting, callingPlan, operatorConnect.")
    assignment_category: AssignmentCategory = Field(
        default=AssignmentCategory.PRIMARY, description="Which of the user's lines: primary, private, alternate."
    )
    location_id: LocationId | None = Field(
        default=None, description="The emergency location's id: letters, digits and dashes, up to 64."
    )
    dry_run: StrictBool = Field(default=False, description="true: read the number, say what would happen, do nothing.")
    context: Context | None = Field(
        default=None,
        description="A JSON object of up to 8 KB, returned untouched in the event: employee id, ticket, workflow run. "
        "References, no secrets: who may read the event queue may read it.",
    )
    delivery: Delivery


class PendingOperation(Contract):
    """An order that Graph has accepted and whose end is not known yet.

    Attributes:
        request: the request it came from.
        operation_url: where Graph says how it goes; None where that answer was lost, then the number is read instead.
        submitted_at: when Graph accepted the order.
        graph_request_id: Graph's `request-id` of that answer.
    """

    request: AssignmentRequest
    operation_url: Annotated[str, StringConstraints(max_length=2048)] | None = None
    submitted_at: AwareDatetime
    graph_request_id: str | None = None


class Problem(Contract):
    """Why a request did not succeed, and what to do."""

    code: str = Field(description="The failure catalogue's code; stable, branch on this.")
    message: str = Field(description="What was seen: Graph's own words where there are any.")
    advice: str = Field(description="One plain sentence: what a person should do now.")
    graph_request_id: str | None = Field(default=None, description="Microsoft's support asks for it.")


class EventData(Contract):
    """How one request ended, with the request's own fields as far as they could be read."""

    request_id: str
    telephone_number: str | None = None
    assignment_target_id: str | None = None
    number_type: str | None = None
    assignment_category: str | None = None
    location_id: str | None = None
    dry_run: bool = False
    context: dict[str, JsonValue] | None = Field(default=None, description="The request's context, untouched.")
    received_at: AwareDatetime
    submitted_at: AwareDatetime | None = Field(default=None, description="When Graph was last given the order.")
    completed_at: AwareDatetime
    attempts: int = Field(description="How many tries it took.", ge=1)
    operation_id: str | None = Field(default=None, description="Graph's operation, opaque.")
    note: str | None = Field(default=None, description="One plain sentence on a success or a dry run.")
    error: Problem | None = Field(default=None, description="Present unless the request succeeded or was validated.")


def event_type(outcome: Outcome) -> str:
    """Return the CloudEvents `type` of an outcome."""
    return f"TeamsPhone.NumberAssignment.{outcome}"


class CompletionEvent(Contract):
    """How a request ended, as a CloudEvent 1.0 in structured JSON (https://github.com/cloudevents/spec)."""

    model_config = ConfigDict(title="Number assignment completion event", alias_generator=None)

    specversion: Literal["1.0"]
    id: uuid.UUID = Field(description="The same for every repeat of this event: drop what you have seen.")
    source: str
    type: str = Field(description="How it ended.", json_schema_extra={"enum": [event_type(end) for end in Outcome]})
    subject: str = Field(description="The requestId.")
    time: AwareDatetime
    datacontenttype: Literal["application/json"]
    data: EventData


def completion_event(source: str, outcome: Outcome, data: EventData) -> CompletionEvent:
    """Return the event for one outcome of one request; its id depends on source, request and outcome alone."""
    return CompletionEvent(
        specversion="1.0",
        id=uuid.uuid5(_NAMESPACE, f"{source}\n{data.request_id}\n{outcome}"),
        source=source,
        type=event_type(outcome),
        subject=data.request_id,
        time=data.completed_at,
        datacontenttype="application/json",
        data=data,
    )
