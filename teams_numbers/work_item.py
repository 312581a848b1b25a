"""The work item: a request that is not at its end, and all that the app knows of it. Pure."""

import json
from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from teams_numbers.contracts import (
    Action,
    AssignmentCategory,
    Contract,
    Count,
    LocationId,
    NumberRequest,
    NumberType,
    ObjectId,
    Outcome,
    TelephoneNumber,
)

#: How much of what Graph said is repeated in an event, in characters.
GRAPH_TEXT = 1000
#: The same as it is written on a queue, in bytes: an emoji takes twelve.
_GRAPH_TEXT_BYTES = 3 * GRAPH_TEXT
#: The most numbers that one work item remembers as touched or refused, or unassigns.
NUMBERS_MOST = 100


def shortened(text: str) -> str:
    """Return what Graph said, cut to what an item and its event have room for."""
    text = text[:GRAPH_TEXT]
    while len(json.dumps(text)) > _GRAPH_TEXT_BYTES:
        text = text[: len(text) * 9 // 10]
    return text


class Order(Contract):
    """What Graph is told to do, complete: it can be given again as it was.

    Attributes:
        action: what it does.
        telephone_number: to which number.
        number_type: its type; None for an update.
        assignment_target_id: for or from whom; None where an update names nobody.
        assignment_category, location_id: as sent.
        sent_at: when it was last sent.
        submitted_at: when Graph's last answer to it came.
        operation_url: where Graph says how it goes; None where that is not known.
        unanswered: a sending of it had no answer, so nobody knows what became of that.
        done_at: since when Graph says that it is done.
        looks: how often it was followed up.
        asked_at: when its operation was last asked.
        odd_looks: how often the operation said a word that nobody knows.
        graph_request_id: Graph's `request-id`.
    """

    action: Action
    telephone_number: TelephoneNumber
    number_type: NumberType | None = None
    assignment_target_id: ObjectId | None = None
    assignment_category: AssignmentCategory | None = None
    location_id: LocationId | None = None
    sent_at: AwareDatetime
    submitted_at: AwareDatetime | None = None
    operation_url: Annotated[str, StringConstraints(max_length=2048)] | None = None
    unanswered: bool = False
    done_at: AwareDatetime | None = None
    looks: Count = 0
    asked_at: AwareDatetime | None = None
    odd_looks: Count = 0
    graph_request_id: Annotated[str, StringConstraints(max_length=64)] | None = None


class Problem(Contract):
    """Why a request did not succeed, and what to do."""

    code: str = Field(description="The failure catalogue's code; stable, branch on this.")
    message: str = Field(description="What was seen: Graph's own words where there are any.")
    advice: str = Field(description="One plain sentence: what a person should do now.")
    reason: str | None = Field(
        default=None, description="For timedOut: the code of what the request waited for (licenseMissing, poolEmpty)."
    )
    graph_request_id: str | None = Field(default=None, description="Microsoft's support asks for it.")


class Verdict(Contract):
    """How a request ends, as its item stores it before its event is sent; told again it is the same."""

    outcome: Outcome
    completed_at: AwareDatetime
    problem: Problem | None = None
    note: str | None = None
    telephone_number: str | None = None
    number_type: str | None = None
    assignment_category: str | None = None
    location_id: str | None = None
    activation_state: str | None = None
    unassigned_numbers: tuple[str, ...] = ()
    told: bool = False


class Doubt(Contract):
    """What a reading spoke against the wish; believed when a reading LIST_LAG_SECONDS later says so again."""

    code: str
    first_read_at: AwareDatetime


class Replaced(Contract):
    """The number that a person had before, complete: it can be given back as it was."""

    telephone_number: TelephoneNumber
    number_type: NumberType
    assignment_category: AssignmentCategory
    location_id: LocationId | None = None
    unassigned_at: AwareDatetime | None = None


class WorkItem(Contract):
    """A request that is not at its end, and all that the app knows of it.

    Attributes:
        request: as it was read.
        received_at: when it came; its deadline counts from the later of this and `notBefore`.
        person: the object id, once it is known.
        number: of the pool: the one that was picked, or that the person has already; None where the request names one.
        order: the order that may have been sent and is not known to be over.
        submitted_at: when Graph last answered an order.
        operation_id: Graph's name for the last accepted order.
        touched: numbers for which an order was ever sent; with the person they are in flight until the end.
        refused: picks that Graph refused to this request, or that turned out to be somebody's.
        unassign: what is to be unassigned, fixed at the first look.
        unassigned: what was unassigned and observed to be gone.
        replaced: the number that makes room for the new one.
        giving_back: how the request ends when the replaced number has been given back.
        attempt: how often Graph judged it and another try was due; steps through WAIT_SECONDS.
        waits, waits_for: how often in a row it was deferred without a judgment, which steps the back-off, and for what.
        reason, reason_times: what Graph last judged, and how often in a row.
        said: what Graph said about that.
        doubt: a reading that speaks against the wish, until it is repeated.
        not_until: when Graph, or the request itself, wants to be asked again.
        late_since: when a request that nobody had tried by its deadline was first looked at.
        braked_at: when the brake on unassignments last held it back.
        failing_since: since when the app itself fails on it.
        verdict: how it ends.
    """

    request: NumberRequest
    received_at: AwareDatetime
    person: ObjectId | None = None
    number: TelephoneNumber | None = None
    order: Order | None = None
    submitted_at: AwareDatetime | None = None
    operation_id: Annotated[str, StringConstraints(max_length=2048)] | None = None
    touched: Annotated[tuple[str, ...], Field(max_length=NUMBERS_MOST)] = ()
    refused: Annotated[tuple[str, ...], Field(max_length=NUMBERS_MOST)] = ()
    unassign: Annotated[tuple[str, ...], Field(max_length=NUMBERS_MOST)] | None = None
    unassigned: Annotated[tuple[str, ...], Field(max_length=NUMBERS_MOST)] = ()
    replaced: Replaced | None = None
    giving_back: Verdict | None = None
    attempt: Count = 0
    waits: Count = 0
    waits_for: Annotated[str, StringConstraints(max_length=64)] | None = None
    reason: Annotated[str, StringConstraints(max_length=64)] | None = None
    reason_times: Count = 0
    said: Annotated[str, StringConstraints(max_length=GRAPH_TEXT)] | None = None
    doubt: Doubt | None = None
    not_until: AwareDatetime | None = None
    late_since: AwareDatetime | None = None
    braked_at: AwareDatetime | None = None
    failing_since: AwareDatetime | None = None
    verdict: Verdict | None = None

    @property
    def remaining(self) -> list[str]:
        """Return the numbers that are still to be unassigned."""
        return [number for number in self.unassign or () if number not in self.unassigned]

    @property
    def left_over(self) -> str:
        """Return the sentence that tells them, where the request does not name its number."""
        left = "" if self.request.telephone_number else ", ".join(self.remaining)
        return left and f" Still to unassign: {left}."

    @property
    def needs(self) -> frozenset[Action]:
        """Return the actions that must be enabled for it."""
        return frozenset({self.request.action, Action.UNASSIGN if self.request.replaces else self.request.action})

    @property
    def due_from(self) -> datetime:
        """The moment from which deadlines count: as long as the brake holds it back, a request waits for a person."""
        return max(self.received_at, self.request.not_before or self.received_at, self.braked_at or self.received_at)
