"""Expressions, evaluated: what they see of a run, and the functions that workflows/ uses."""

import base64
import json
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.workflows.language import Call, ExpressionError, Item, Literal, Node, parts

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


#: What the plain functions do; those that need the run are in `Scope`.
_PLAIN: dict[str, Callable[..., Any]] = {
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "coalesce": lambda *values: next((value for value in values if value is not None), None),
    "concat": lambda *values: "".join(as_text(value) for value in values),
    "contains": _contains,
    "createarray": lambda *values: list(values),
    "empty": lambda value: value is None or len(value) == 0,
    "encodeuricomponent": _quote,
    "equals": lambda left, right: bool(left == right),
    "formatdatetime": lambda text, _format: text,
    "if": lambda condition, yes, no: yes if condition else no,
    "last": lambda value: value[-1],
    "length": len,
    "not": lambda value: not value,
    "replace": lambda text, old, new: text.replace(old, new),
    "split": lambda text, mark: text.split(mark),
    "startswith": lambda text, start: text.lower().startswith(start.lower()),
    "string": as_text,
    "tolower": lambda text: text.lower(),
    "utcnow": lambda: NOW,
}


@dataclass(slots=True)
class Scope:
    """What a run's expressions can see.

    Attributes:
        trigger: the trigger's body.
        parameters: the workflow's parameters.
        outputs: action -> its outputs, with `body` where it has one.
        items: loop -> the item at hand.
        run: the run's name.
    """

    trigger: Any
    parameters: dict[str, Any]
    outputs: dict[str, Any]
    items: dict[str, Any]
    run: str

    def value(self, node: Node) -> Any:
        """Return what an expression evaluates to.

        Raises:
            ExpressionError: it names what is not there, or a function that is not implemented here.
        """
        match node:
            case Literal(value):
                return value
            case Item(of, key, lenient):
                return _item(self.value(of), self.value(key), lenient=lenient)
            case Call(name, arguments):
                return self._call(name, [self.value(argument) for argument in arguments])

    def _call(self, name: str, arguments: list[Any]) -> Any:
        match name, arguments:
            case "triggerbody", []:
                return self.trigger
            case "triggeroutputs", []:
                return {"body": self.trigger}
            case "parameters", [key]:
                return _item(self.parameters, key, lenient=False)
            case "items", [key]:
                return _item(self.items, key, lenient=False)
            case "outputs", [key]:
                return _item(self.outputs, key, lenient=False)
            case "body", [key]:
                return _item(_item(self.outputs, key, lenient=False), "body", lenient=False)
            case "workflow", []:
                return {"run": {"name": self.run}}
        if name not in _PLAIN:
            message = f"{name}({len(arguments)} arguments) is not implemented here"
            raise ExpressionError(message)
        return _PLAIN[name](*arguments)

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
    raise ExpressionError(message)
