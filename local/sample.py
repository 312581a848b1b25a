"""One file of local/samples/: a message as HR sends it, and how its request must end."""

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).resolve().parent / "samples"


@dataclass(slots=True)
class Sample:
    """One sample, and what has become of its request so far.

    Attributes:
        name: the file's, without its number.
        group: what it is about, for people; samples of a group stand together.
        story: what is special about it, for people.
        text: the message, exactly as it goes on the queue.
        times: how often it is sent.
        expected: the last part of the event's type, the error's code and its reason; None where there is none.
        request_id: the request's; None where the queue message's id stands in for it.
        state: what is being done about it, or how it ended.
        events: those of its requests.
        subjects: the ids that its events must have.
        seconds: how long its last event took.
    """

    name: str
    group: str
    story: str
    text: str
    times: int
    expected: tuple[str, str | None, str | None]
    request_id: str | None
    state: str = "sent"
    events: list[dict[str, Any]] = field(default_factory=list)
    subjects: set[str] = field(default_factory=set)
    seconds: float = 0.0

    @property
    def ended(self) -> bool:
        """Whether every message of the sample has its event."""
        return bool(self.events) and self.subjects <= {event["subject"] for event in self.events}

    @property
    def as_expected(self) -> bool:
        """Whether it ended as the file says; a repeated event must have the same id."""
        ends = {end(event) for event in self.events}
        ids = {(event["subject"], event["id"]) for event in self.events}
        return self.ended and ends == {self.expected} and len(ids) == len(self.subjects)

    @property
    def numbers(self) -> str:
        """The numbers that its event tells of, one a line."""
        if not self.events or self.expected[0] == "Rejected":
            return ""
        data = self.events[-1]["data"]
        taken_back = data.get("unassignedNumbers", []) if data["action"] == "unassign" else []
        return "\n".join(taken_back) or str(data.get("telephoneNumber", ""))

    @property
    def sentence(self) -> str:
        """What its event tells a person: what is so now, or what to do."""
        if not self.events:
            return ""
        data = self.events[-1]["data"]
        if self.expected[1] == "invalidRequest":  # what to correct stands in the message
            return str(data["error"]["message"])
        return str(data.get("note") or data["error"]["advice"])


def load() -> list[Sample]:
    """Return the samples in the order of their files."""
    return [_load(path) for path in sorted(SAMPLES.glob("*.json"))]


def end(event: Mapping[str, Any]) -> tuple[str, str | None, str | None]:
    """Return how an event says that its request ended: outcome, error code, reason."""
    error = event["data"].get("error", {})
    return event["type"].rpartition(".")[2], error.get("code"), error.get("reason")


def untrue(samples: Iterable[Sample], holders: Mapping[str, str]) -> list[str]:
    """Return what an event says and the tenant does not show, in sentences.

    Args:
        samples: the samples, with their events.
        holders: who truly has which number.
    """
    wrong = []
    for event in (event for sample in samples for event in sample.events):
        data, person = event["data"], event["data"].get("assignmentTargetId")
        number = data.get("telephoneNumber")
        if event["type"] == "TeamsPhone.NumberAssignment.Succeeded" and holders.get(number) != person:
            wrong.append(f"{event['subject']}: {number} is not the person's")
        wrong += [
            f"{event['subject']}: {gone} is still the person's"
            for gone in data.get("unassignedNumbers", [])
            if holders.get(gone) == person
        ]
    return wrong


def _load(path: Path) -> Sample:
    given = json.loads(path.read_text(encoding="utf-8"))
    message = given["message"]
    text = message if isinstance(message, str) else json.dumps(message)
    if given.get("base64"):
        text = base64.b64encode(text.encode()).decode()
    expected = given["ends"]
    return Sample(
        name=path.stem.partition("-")[2],
        group=given["group"],
        story=given["story"],
        text=text,
        times=given.get("times", 1),
        expected=(expected["outcome"], expected.get("code"), expected.get("reason")),
        request_id=message.get("requestId") if isinstance(message, dict) else None,
    )
