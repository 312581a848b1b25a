"""A hundred thousand messages meant to do harm: each is a request or one rejection, and none raises an exception."""

import base64
import json
import logging
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Final

import hypothesis
from azure.functions.meta import Datum
from azure.functions.queue import QueueMessageInConverter
from azure.storage.queue import QueueMessage
from hypothesis import strategies as st

from assign_number import submission
from assign_number.request import Envelope
from local.host.queue_message import trigger_metadata
from teams_numbers.log import EVENTS as LOG_EVENTS
from tests.reliability.hostile_corpus import GOOD, OTHERS, corpus, mangled, sendable
from tests.reliability.targets import Target, at_least, at_most, none
from tests.reliability.world import EVENTS, OPERATIONS, POISON, REQUESTS, LogTap, World

#: Of all messages, those that hypothesis makes; the others are the corpus and what becomes of it when it is mangled.
_BY_HYPOTHESIS: Final = 0.1
#: What may stand in a log line's values: one line of printable text without markup.
_SAFE: Final = re.compile(r"[^\x00-\x1f\x7f-\x9f<>\u2028\u2029\u202a-\u202e\ud800-\udfff]*")


@dataclass(slots=True)
class Found:
    """What came of the messages.

    Attributes:
        messages: how many there were.
        requests: how many were taken for a request.
        rejected: how many ended in one rejection, the text set aside unchanged.
        by_host: how many the host refused before the app saw them: a body that overwrites the trigger's metadata.
        unhandled: exceptions, by type.
        neither: messages that were neither, or both, or more.
        unsafe: log lines with something in them that no log line may hold.
    """

    messages: int = 0
    requests: int = 0
    rejected: int = 0
    by_host: int = 0
    unhandled: Counter[str] = field(default_factory=Counter)
    neither: list[str] = field(default_factory=list)
    unsafe: list[str] = field(default_factory=list)


def run(seed: int, count: int) -> Found:
    """Deliver so many hostile messages."""
    stand = _Stand(seed)
    known = corpus()
    rng = Random(seed)  # noqa: S311 - a simulation
    with LogTap(stand.note, logging.DEBUG):
        for message in known[:count]:
            stand.deliver(message)
        generated = int(count * _BY_HYPOTHESIS)
        if generated:
            _by_hypothesis(stand, seed, generated)
        while stand.found.messages < count:
            if (text := sendable(mangled(rng, known))) is not None:
                stand.deliver(text)
    return stand.found


def targets(found: Found, count: int) -> list[Target]:
    """Return the figures."""
    part = "hostile messages:"
    return [
        at_least(f"{part} delivered", found.messages, count),
        none(f"{part} unhandled exceptions", found.unhandled.total()),
        none(f"{part} neither a request nor exactly one rejection", len(found.neither)),
        none(f"{part} log lines that are no JSON or hold something unescaped", len(found.unsafe)),
        at_least(f"{part} rejected, each with one event and the text set aside unchanged", found.rejected, 1),
        at_least(f"{part} taken for requests", found.requests, 1),
        at_most(f"{part} refused by the host's own decoder, which sets them aside", found.by_host, count / 10),
    ]


def describe(found: Found) -> str:
    """Return what the table does not say."""
    return (
        f"{found.messages} messages: {found.requests} requests, {found.rejected} rejections, {found.by_host} refused "
        f"by the host; raised: {dict(found.unhandled)}; neither: {found.neither[:3]}; unsafe lines: {found.unsafe[:3]}"
    )


class _Stand:
    """The app, and a judge of what it does with one message."""

    def __init__(self, seed: int) -> None:
        self.found = Found()
        self._world = World(seed, GRAPH_REQUESTS_PER_SECOND=10_000)
        self._world.queues.create_queue(POISON[0])

    def note(self, line: str) -> None:
        """Judge a log line."""
        try:
            said = json.loads(line)
        except ValueError:
            self.found.unsafe.append(line[:200])
            return
        fields = {key: value for key, value in said.items() if key != "name"}
        texts = [value for item in fields.values() for value in (item if isinstance(item, list) else [item])]
        if not (set(fields) <= LOG_EVENTS[said["name"]] and all(_SAFE.fullmatch(str(text)) for text in texts)):
            self.found.unsafe.append(line[:200])

    def deliver(self, text: str) -> None:
        """Bring one message to the app as the host would, and judge what comes of it."""
        found = self.found
        found.messages += 1
        envelope = self._envelope(text)
        if envelope is None:
            found.by_host += 1
            return
        try:
            submission.handle(envelope, self._world.services)
        except Exception as error:  # noqa: BLE001 - that is what is counted
            found.unhandled[type(error).__name__] += 1
        ends = [json.loads(event)["type"].rpartition(".")[2] for event in self._world.drained(EVENTS)]
        aside = self._world.drained(POISON[0])
        onward = len(self._world.drained(OPERATIONS)) + len(self._world.drained(REQUESTS))
        if ends == ["Rejected"] and aside == [envelope.text] and not onward:
            found.rejected += 1
        elif len(ends) + onward == 1 and not aside:
            found.requests += 1
        else:
            found.neither.append(text[:200])

    def _envelope(self, text: str) -> Envelope | None:
        """Return what the function gets, by Microsoft's own decoder; None where that refuses the message."""
        now = datetime.now(UTC)
        stored = QueueMessage(text, id="message-1", pop_receipt="x", dequeue_count=1, inserted_on=now, expires_on=now)
        stored.next_visible_on = now
        metadata = {name: Datum(value.data, value.kind) for name, value in trigger_metadata(stored, text).items()}
        try:
            message = QueueMessageInConverter.decode(Datum(text, "string"), trigger_metadata=metadata)
        except Exception:  # noqa: BLE001 - the real host counts it as a failed run, and its poison queue gets the text
            return None
        return Envelope(
            text=message.get_body().decode(errors="replace"),
            message_id=message.id or "",
            deliveries=message.dequeue_count or 1,
            inserted_at=message.insertion_time or now,
        )


def _by_hypothesis(stand: _Stand, seed: int, count: int) -> None:
    anything = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=20), inner, max_size=4),
        max_leaves=12,
    )
    names = st.sampled_from([*GOOD, *OTHERS]) | st.text(max_size=20)
    changed = st.dictionaries(names, anything, max_size=4).map(lambda fields: json.dumps(GOOD | fields))
    texts = st.text(max_size=200) | anything.map(json.dumps) | changed
    coded = st.tuples(texts, st.sampled_from(["utf-8", "utf-16", "utf-32"])).map(
        lambda pair: base64.b64encode(pair[0].encode(pair[1], "surrogatepass")).decode()
    )
    noise = st.binary(max_size=200).map(lambda content: base64.b64encode(content).decode())

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=count, database=None, deadline=None, suppress_health_check=list(hypothesis.HealthCheck)
    )
    @hypothesis.given(texts | coded | noise)
    def each(text: str) -> None:
        if (message := sendable(text)) is not None:
            stand.deliver(message)

    each()
