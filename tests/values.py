"""Values that tests start from."""

import json
from datetime import UTC, datetime
from random import Random
from typing import Any

from assign_number.request import Envelope
from teams_numbers.contracts import NumberRequest
from teams_numbers.look import Rules
from teams_numbers.settings import Settings, load
from teams_numbers.work_item import WorkItem

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


def request(**fields: Any) -> NumberRequest:
    """Return a request as the app has read it."""
    return NumberRequest.model_validate({"requestId": "r-1"} | message(**fields))


def work_item(*, fields: dict[str, Any] | None = None, **known: Any) -> WorkItem:
    """Return a work item that came just now.

    Args:
        fields: the request's, where they differ from `message`'s.
        known: the item's own.
    """
    return WorkItem(**{"request": request(**(fields or {})), "received_at": NOW} | known)


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


def rules(*, careful: bool = True, **values: Any) -> Rules:
    """Return what a decision may depend on, without jitter."""
    return Rules(settings(**values), NoJitter(), careful)
