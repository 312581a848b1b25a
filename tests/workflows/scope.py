"""Expressions, evaluated: what they see of a run, and the functions that workflows/ uses."""

import base64
import json
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.workflows.language import Call, EvaluationError, ExpressionError, Item, Literal, Node, parts

#: What `utcNow()` answers in a run.
NOW = "Mon, 02 Mar 2026 08:00:00 GMT"


def as_text(value: Any) -> str:
    """Return a value as it stands inside text: null is nothing, objects are JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _contains(where: Any, what: Any) -> bool:
    return what in where


def _quote(text: str) -> str:
    return urllib.parse.quote(text, safe="")


def _substring(text: str, start: int, length: int) -> str:
    if start < 0 or length < 0 or start + length > len(text):
        message = f"substring({len(text)} characters, {start}, {length})"
        raise ValueError(message)
    return text[start : start + length]


def _union(*values: list[Any]) -> list[Any]:
    found: list[Any] = []
    for value in (value for array in values for value in array):
        if value not in found:
            found.append(value)
    return found


#: What the plain functions do; those that need the run are in `Scope`. Arguments that the engine refuses raise here.
#: `if` sees both its branches evaluated: nothing in workflows/ may depend on the engine's leaving one out.
_PLAIN: dict[str, Callable[..., Any]] = {
    "and": lambda *values: all(values),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "coalesce": lambda *values: next((value for value in values if value is not None), None),
    "concat": lambda *values: "".join(as_text(value) for value in values),
    "contains": _contains,
    "createarray": lambda *values: list(values),
    "div": lambda left, right: left // right,
    "empty": lambda value: value is None or len(value) == 0,
    "encodeuricomponent": _quote,
    "equals": lambda left, right: bool(left == right),
    "formatdatetime": lambda text, _format: text,
    "if": lambda condition, yes, no: yes if condition else no,
    "join": lambda values, mark: mark.join(as_text(value) for value in list.copy(values)),
    "json": json.loads,
    "last": lambda value: value[-1],
    "length": len,
    "min": min,
    "not": lambda value: not value,
    "replace": lambda text, old, new: text.replace(old, new),
    "split": lambda text, mark: text.split(mark),
    "startswith": lambda text, start: text.lower().startswith(start.lower()),
    "string": as_text,
    "sub": lambda left, right: left - right,
    "substring": _substring,
    "tolower": lambda text: text.lower(),
    "trim": lambda text: text.strip(),
    "union": _union,
    "utcnow": lambda: NOW,
}
#: Functions that look at the run.
_OF_THE_RUN = frozenset(
    ("triggerbody", "triggeroutputs", "parameters", "items", "item", "outputs", "body", "actions", "workflow")
)


@dataclass(slots=True)
class Scope:
    """What a run's expressions can see.

    Attributes:
        trigger: the trigger's body.
        parameters: the workflow's parameters.
        outputs: action -> its outputs, with `body` where it has one.
        items: loop -> the item at hand.
        run: the run's name.
        statuses: action -> how it ended.
        item: what `item()` is, inside a Select.
    """

    trigger: Any
    parameters: dict[str, Any]
    outputs: dict[str, Any]
    items: dict[str, Any]
    run: str
    statuses: dict[str, str] = field(default_factory=dict)
    item: Any = None

    def value(self, node: Node) -> Any:
        """Return what an expression evaluates to.

        Raises:
            ExpressionError: it calls a function that is not implemented here.
            EvaluationError: it names what is not there, or a function refuses its arguments.
        """
        match node:
            case Literal(value):
                return value
            case Item(of, key, lenient):
                return _item(self.value(of), self.value(key), lenient=lenient)
            case Call(name, arguments):
                return self._call(name, [self.value(argument) for argument in arguments])

    def _call(self, name: str, arguments: list[Any]) -> Any:
        if name in _OF_THE_RUN:
            return self._of_the_run(name, *arguments)
        if name not in _PLAIN:
            message = f"{name}({len(arguments)} arguments) is not implemented here"
            raise ExpressionError(message)
        try:
            return _PLAIN[name](*arguments)
        except (AttributeError, TypeError, ValueError, IndexError) as error:
            message = f"{name}({', '.join(map(repr, arguments))}): {error}"
            raise EvaluationError(message) from error

    def _of_the_run(self, name: str, key: str = "") -> Any:
        match name:
            case "triggerbody" | "triggeroutputs":
                return self.trigger if name == "triggerbody" else {"body": self.trigger}
            case "parameters" | "items" | "outputs":
                return _item(getattr(self, name), key, lenient=False)
            case "body":
                return _item(_item(self.outputs, key, lenient=False), "body", lenient=False)
            case "item":
                return self.item
            case "actions":
                return {"status": self.statuses[key]} if key in self.statuses else None
        return {"run": {"name": self.run}}

    def resolve(self, template: Any) -> Any:
        """Return any part of a definition with every expression in it evaluated."""
        if isinstance(template, dict):
            return {key: self.resolve(value) for key, value in template.items()}
        if isinstance(template, list):
            return [self.resolve(value) for value in template]
        if not isinstance(template, str):
            return template
        pieces = parts(template)
        if len(pieces) == 1 and not isinstance(pieces[0], str):
            return self.value(pieces[0])
        return "".join(piece if isinstance(piece, str) else as_text(self.value(piece)) for piece in pieces)


def _item(value: Any, key: Any, *, lenient: bool) -> Any:
    if isinstance(value, dict) and key in value:
        return value[key]
    if isinstance(value, dict) and isinstance(key, str) and key.partition("/")[0] in value:
        first, _, rest = key.partition("/")
        return _item(value[first], rest, lenient=lenient)
    if lenient and (value is None or isinstance(value, dict)):
        return None
    message = f"no {key!r} in {type(value).__name__} of {sorted(value) if isinstance(value, dict) else value!r}"
    raise EvaluationError(message)
