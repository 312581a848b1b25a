"""The request: what a caller may write, and how the app reads it. Pure."""

import hashlib
import json
import re
import uuid
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    StrictBool,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic.alias_generators import to_camel

from teams_numbers import fields
from teams_numbers.pools import PoolName
from teams_numbers.records import STORED_NUMBER

#: How large `context` may be, in bytes of compact UTF-8 JSON: an event must fit a queue message of 64 KiB.
CONTEXT_BYTES = 8 * 1024
#: How deep `context` may be nested: what is accepted must be readable in every later message.
CONTEXT_DEPTH = 32
#: How far ahead `notBefore` may be: a queue message can hide no longer.
#: https://learn.microsoft.com/rest/api/storageservices/update-message
NOT_BEFORE_MOST = timedelta(days=7)

_NO_GUID, _A_GUID = uuid.UUID(int=0), "6f0b2f8c-90f5-4a0e-9c39-1f0a3f8b6d21"


class Action(StrEnum):
    """What a request asks for, and what an order does."""

    ASSIGN = "assign"
    UNASSIGN = "unassign"
    UPDATE = "update"


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


class ExistingNumber(StrEnum):
    """What to do where the person holds another number of the category already."""

    REFUSE = "refuse"
    REPLACE = "replace"


class Outcome(StrEnum):
    """How a request ended: the last part of a completion event's `type`."""

    SUCCEEDED = "Succeeded"
    UNCONFIRMED = "Unconfirmed"
    FAILED = "Failed"
    REJECTED = "Rejected"
    TIMED_OUT = "TimedOut"
    VALIDATED = "Validated"


def _telephone_number(text: str, info: ValidationInfo) -> str:
    """Read a requester's number; one that the app has stored itself is taken as it is."""
    if info.context is None:
        if not STORED_NUMBER.fullmatch(text):
            message = "is not a number that the app stores"
            raise ValueError(message)
        return text
    from teams_numbers import numbers  # noqa: PLC0415 - Google's metadata, not needed at start

    return numbers.read(text, info.context["number_check"])


def _object_id(text: str) -> str:
    if "@" in text:
        message = "is a user principal name: send it as userPrincipalName"
        raise ValueError(message)
    if not re.fullmatch(fields.ID_FORM, text):
        within = re.search(fields.ID_FORM, text)
        form = " alone: leave out what stands around it" if within else f", a GUID such as {_A_GUID}"
        message = f"must be the user's object id{form}"
        raise ValueError(message)
    if uuid.UUID(text) == _NO_GUID:
        message = "is all zeros, which is no user's id"
        raise ValueError(message)
    return text.lower()


def _small(context: dict[str, JsonValue]) -> dict[str, JsonValue]:
    if _depth(context) > CONTEXT_DEPTH:
        message = f"is nested more than {CONTEXT_DEPTH} deep; keep a reference here and the data elsewhere"
        raise ValueError(message)
    size = len(json.dumps(context, ensure_ascii=False, separators=(",", ":")).encode())
    if size > CONTEXT_BYTES:
        message = f"is {size} bytes of JSON, {CONTEXT_BYTES} are allowed; keep a reference here and the data elsewhere"
        raise ValueError(message)
    return context


def _depth(value: object) -> int:
    """Return how deep JSON is nested, counted level by level: recursion is what deep input attacks."""
    depth, level = 0, [value]
    while level := [item for item in level if isinstance(item, dict | list)]:
        depth += 1
        level = [inner for item in level for inner in (item.values() if isinstance(item, dict) else item)]
    return depth


def _moment(value: object) -> object:
    """Refuse what is no text of one form: a number of seconds would be read as a moment, too."""
    if isinstance(value, int | float):
        message = "must be text: a date and time with an offset, such as 2026-03-02T08:00:00+01:00"
        raise ValueError(message)  # noqa: TRY004 - pydantic takes it for a wrong value
    if isinstance(value, str) and not re.fullmatch(fields.MOMENT_FORM, value):
        message = "must be a date and time with an offset, such as 2026-03-02T08:00:00+01:00"
        raise ValueError(message)
    return value


RequestId = Annotated[str, StringConstraints(pattern=f"^{fields.REQUEST_ID_FORM}$")]
TelephoneNumber = Annotated[
    str,
    StringConstraints(max_length=64),
    AfterValidator(_telephone_number),
    WithJsonSchema({"type": "string", "maxLength": 64, "pattern": fields.NUMBER_FORM}),
]
ObjectId = Annotated[
    str,
    StringConstraints(max_length=256),
    AfterValidator(_object_id),
    WithJsonSchema({"type": "string", "pattern": f"^{fields.ID_FORM}$", "not": {"const": str(_NO_GUID)}}),
]
PrincipalName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=256, pattern=f"^{fields.NAME_FORM}$"),
    WithJsonSchema({"type": "string", "maxLength": 256, "pattern": rf"^\s*{fields.NAME_FORM}\s*$"}),
]
Moment = Annotated[
    AwareDatetime, BeforeValidator(_moment), WithJsonSchema({"type": "string", "pattern": f"^{fields.MOMENT_FORM}$"})
]
LocationId = Annotated[str, StringConstraints(pattern=f"^{fields.LOCATION_FORM}$")]
Context = Annotated[dict[str, JsonValue], AfterValidator(_small)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]


class Contract(BaseModel):
    """A message on a queue: camelCase on the wire, immutable here, unknown fields refused; errors do not repeat it."""

    model_config = ConfigDict(
        alias_generator=to_camel, extra="forbid", frozen=True, validate_by_name=True, hide_input_in_errors=True
    )

    def but(self, **changes: Any) -> Self:  # noqa: ANN401 - whatever a field's type is
        """Return it with some fields changed; what it is changed to is not checked."""
        return self.model_copy(update=changes)

    def to_text(self) -> str:
        """Return the message as one line of ASCII JSON: XML, which carries it, has no word for some characters."""
        return self.model_dump_json(by_alias=True, exclude_none=True, ensure_ascii=True)


class NumberRequest(Contract):
    """Assign a telephone number to a person, take it back, or update its emergency location."""

    model_config = ConfigDict(title="Number request")

    request_id: RequestId = Field(
        description="Names the request in its event and in the logs: 1 to 128 of A-Z a-z 0-9 . _ : - ; the queue "
        "message's id if left out. The same id with the same wish is the same request. No personal data."
    )
    action: Action = Field(default=Action.ASSIGN, description="What to do: assign, unassign, update.")
    assignment_target_id: ObjectId | None = Field(
        default=None, description="The person, by object id (a GUID). Or use userPrincipalName."
    )
    user_principal_name: PrincipalName | None = Field(
        default=None, description="The person, by user principal name, such as anna@contoso.example."
    )
    telephone_number: TelephoneNumber | None = Field(
        default=None,
        description="The number with + and its country code, such as +1 206 555 0100; an extension as `;ext=1234`.",
    )
    pool: PoolName | None = Field(default=None, description="The pool that the app picks a number from, by its name.")
    number_type: NumberType | None = Field(
        default=None, description="Who provides the number: directRouting, callingPlan, operatorConnect."
    )
    assignment_category: AssignmentCategory | None = Field(
        default=None, description="Which of the person's lines: primary (default), private, alternate."
    )
    location_id: LocationId | None = Field(
        default=None, description="The emergency location's id: letters, digits and dashes, up to 64."
    )
    existing_number: ExistingNumber | None = Field(
        default=None,
        description="Where the person holds another number already: refuse (default) or replace it.",
    )
    not_before: Moment | None = Field(
        default=None, description="Do it then, not before: a date and time with an offset, at most 7 days ahead."
    )
    dry_run: StrictBool = Field(default=False, description="true: say what would happen, do nothing.")
    context: Context | None = Field(
        default=None,
        description="A JSON object of up to 8 KB, nested up to 32 deep, returned untouched in the event: employee id, "
        "ticket, workflow run. References, no secrets: who may read the event queue may read it.",
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        named = {to_camel(name) for name in type(self).model_fields if getattr(self, name) is not None}
        wrong = fields.combined(self.action, named)
        if wrong:
            raise ValueError("; ".join(f"{name}: {said}" for name, said in wrong.items()))
        return self

    @property
    def category(self) -> AssignmentCategory | None:
        """Which line is meant where none is named; None where the pool says it."""
        return self.assignment_category or (None if self.pool else AssignmentCategory.PRIMARY)

    @property
    def replaces(self) -> bool:
        """Say whether another number of the person's makes room."""
        return self.existing_number is ExistingNumber.REPLACE

    @property
    def careful(self) -> bool:
        """Say whether its orders can hurt: all but the assignment of a number that it names."""
        return self.action is not Action.ASSIGN or self.pool is not None or self.replaces

    @property
    def fingerprint(self) -> str:
        """The wish itself, as a short name: what is asked for, whoever asks and whatever else is said."""
        wish = self.model_dump(exclude={"request_id", "context"}, exclude_none=True)
        if self.not_before is not None:
            wish["not_before"] = self.not_before.timestamp()
        return hashlib.sha256(json.dumps(wish, sort_keys=True).encode()).hexdigest()[:32]
