"""Values that tests of decisions start from."""

import json
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from assign_number.request import Envelope
from teams_numbers.decisions import Rules
from teams_numbers.messages import AssignmentRequest, Delivery, PendingOperation
from teams_numbers.settings import Settings, load

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
USER = "6f0b2f8c-90f5-4a0e-9c39-1f0a3f8b6d21"
SOMEBODY_ELSE = "0d9a4c52-6f0e-4d6c-b0f2-3b8a8f3f3f10"
NUMBER = "+12065550100"
ENDPOINT = "https://graph.microsoft.com/v1.0"
OPERATION_URL = f"{ENDPOINT}/admin/teams/telephoneNumberManagement/operations('QXNzaWdubWVudHw2Y2E4')"


def message(**fields: Any) -> dict[str, Any]:
    """Return a request as HR sends it; a field that is None is left out."""
    fields = {"telephoneNumber": NUMBER, "assignmentTargetId": USER, "numberType": "callingPlan"} | fields
    return {key: value for key, value in fields.items() if value is not None}


def envelope(body: Any, **about: Any) -> Envelope:
    """Return one delivery of a message; a body that is no text is sent as JSON."""
    text = body if isinstance(body, str) else json.dumps(body)
    given: dict[str, Any] = {"text": text, "message_id": "message-1", "deliveries": 1, "inserted_at": NOW}
    return Envelope(**given | about)


def request(**delivery: Any) -> AssignmentRequest:
    """Return a request that came just now, with something in its delivery changed."""
    return AssignmentRequest(
        request_id="r-1",
        telephone_number=NUMBER,
        assignment_target_id=USER,
        number_type="callingPlan",
        delivery=Delivery(**{"received_at": NOW} | delivery),
    )


def pending(age: float = 60, **delivery: Any) -> PendingOperation:
    """Return an operation accepted so many seconds ago."""
    return PendingOperation(
        request=request(**delivery), operation_url=OPERATION_URL, submitted_at=NOW - timedelta(seconds=age)
    )


def settings(**values: Any) -> Settings:
    """Return settings with their defaults, by alias."""
    required = {
        "NumbersStorage": "UseDevelopmentStorage=true",
        "REQUESTS_QUEUE": "number-requests",
        "OPERATIONS_QUEUE": "pending-operations",
        "EVENTS_QUEUE": "number-events",
        "POLL_SCHEDULE": "*/15 * * * * *",
    }
    return load(**required | values)


class NoJitter(Random):
    """Adds nothing."""

    def random(self) -> float:
        return 0.0


def rules(**values: Any) -> Rules:
    """Return what a decision made now may depend on, without jitter."""
    return Rules(settings(**values), NOW, NoJitter())
