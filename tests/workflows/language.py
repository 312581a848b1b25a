"""The workflow definition language's expressions, read into trees.

No package on PyPI or npm carries Microsoft's own parser, so this is ours, for what workflows/ uses: strings, numbers,
calls, `[...]`, `?[...]`, `.name`, and `@{...}` inside text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.workflows.functions import FUNCTIONS

_TOKEN = re.compile(
    r"\s*(?:(?P<string>'(?:[^']|'')*')|(?P<number>-?\d+(?:\.\d+)?)|(?P<name>[A-Za-z_]\w*)|(?P<mark>\?\[|[\[\](),.]))"
)


class ExpressionError(Exception):
    """An expression cannot be read, or calls what is not known here: a fault of the definition."""


class EvaluationError(Exception):
    """An expression cannot be evaluated on what it finds: the action fails."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A string, number, boolean or null."""

    value: Any


@dataclass(frozen=True, slots=True)
class Call:
    """A function's name in lower case and its arguments."""

    name: str
    arguments: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Item:
    """`of[key]`; `lenient` with a question mark: null instead of an error."""

    of: "Node"
    key: "Node"
    lenient: bool


type Node = Literal | Call | Item


def _tokens(text: str) -> list[tuple[str, str]]:
    found, position, end = [], 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            message = f"cannot read {text!r} at {position}"
            raise ExpressionError(message)
        found.append((str(match.lastgroup), str(match[str(match.lastgroup)])))
        position = match.end()
    return found


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = [*_tokens(text), ("end", "")]
        self._next = 0

    def take(self, *wanted: str) -> tuple[str, str]:
        kind, value = self._tokens[self._next]
        if wanted and value not in wanted:
            message = f"expected {' or '.join(wanted)} in {self._text!r}, found {value!r}"
            raise ExpressionError(message)
        self._next += 1
        return kind, value

    @property
    def ahead(self) -> str:
        return self._tokens[self._next][1]

    def expression(self) -> Node:
        node = self._primary()
        while self.ahead in {"[", "?[", "."}:
            _, mark = self.take()
            if mark == ".":
                node = Item(node, Literal(self.take()[1]), lenient=False)
            else:
                node = Item(node, self.expression(), lenient=mark == "?[")
                self.take("]")
        return node

    def _primary(self) -> Node:
        kind, value = self.take()
        if kind == "string":
            return Literal(value[1:-1].replace("''", "'"))
        if kind == "number":
            return Literal(float(value) if "." in value else int(value))
        if kind == "name" and value in {"true", "false", "null"}:
            return Literal({"true": True, "false": False, "null": None}[value])
        if kind != "name":
            message = f"unexpected {value!r} in {self._text!r}"
            raise ExpressionError(message)
        self.take("(")
        arguments: list[Node] = []
        while self.ahead != ")":
            arguments.append(self.expression())
            if self.ahead != ")":
                self.take(",")
        self.take(")")
        return Call(value.lower(), tuple(arguments))


def parse(text: str) -> Node:
    """Return the tree of one expression, without its leading at sign.

    Raises:
        ExpressionError: it cannot be read, or calls a function that the reference does not have.
    """
    reader = _Reader(text)
    node = reader.expression()
    reader.take("")
    for call in calls(node):
        if call.name not in FUNCTIONS:
            message = f"no function {call.name!r} in the reference: {text!r}"
            raise ExpressionError(message)
    return node


def calls(node: Node) -> Iterator[Call]:
    """Yield every call in a tree."""
    if isinstance(node, Call):
        yield node
        for argument in node.arguments:
            yield from calls(argument)
    elif isinstance(node, Item):
        yield from calls(node.of)
        yield from calls(node.key)


def parts(text: str) -> list[str | Node]:
    """Return a string of a definition as plain pieces and expressions; one expression alone if it is only that.

    Raises:
        ExpressionError: an expression in it cannot be read.
    """
    if text.startswith("@@"):
        return [text[1:]]
    if text.startswith("@") and not text.startswith("@{"):
        return [parse(text[1:])]
    pieces: list[str | Node] = []
    while "@{" in text:
        plain, _, rest = text.partition("@{")
        end = _closing(rest)
        pieces += [plain, parse(rest[:end])]
        text = rest[end + 1 :]
    return [*pieces, text]


def _closing(text: str) -> int:
    quoted = False
    for position, character in enumerate(text):
        if character == "'":
            quoted = not quoted
        elif character == "}" and not quoted:
            return position
    message = f"no closing brace: {text!r}"
    raise ExpressionError(message)
