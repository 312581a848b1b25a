"""What the schema of a request says beside its fields: which may be left out, and which go together."""

from typing import Any

from teams_numbers import fields


def completed(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a request's schema with what stands for a field left out, and what `fields.combined` says."""
    properties = {name: _optional(name, field) for name, field in schema["properties"].items()}
    rules = [_when(action) for action in fields.NEEDED]
    return dict(sorted((schema | {"required": [], "properties": properties, "allOf": rules}).items()))


def _absent(name: str) -> dict[str, Any]:
    """Return the schema of the values that are as good as leaving a field out."""
    return {"enum": [None, ""]} if name in fields.BLANKABLE else {"type": "null"}


def _optional(name: str, field: dict[str, Any]) -> dict[str, Any]:
    """Return a field's schema with the values allowed that are as good as leaving it out."""
    about = {key: value for key, value in field.items() if key in {"description", "default"}}
    rest = {key: value for key, value in field.items() if key not in about}
    choices = [choice for choice in rest.get("anyOf", [rest]) if choice != {"type": "null"}]
    return {"anyOf": [*choices, _absent(name)]} | about


def _when(action: str) -> dict[str, Any]:
    """Return the schema of what an action needs, where a request names that action."""
    named: dict[str, Any] = {"properties": {"action": {"const": action}}, "required": ["action"]}
    if action == "assign":  # the default
        named = {"properties": {"action": {"enum": [action, None, ""]}}}
    rules: list[dict[str, Any]] = [{"oneOf": [_has(name) for name in group]} for group in fields.NEEDED[action]]
    rules += [
        {"not": {"allOf": [_has(name) for name in group]}}
        for group in fields.AT_MOST_ONE
        if group not in fields.NEEDED[action] and group[-1] not in fields.MEANINGLESS[action]
    ]
    rules += [{"not": _has(name)} for name in fields.MEANINGLESS[action]]
    if action == "assign":
        by_number = {"if": _has("telephoneNumber"), "then": _has("numberType")}
        by_pool = {"if": _has("pool"), "then": {"not": _has("numberType")}}
        rules += [by_number, by_pool]
    return {"if": named, "then": {"allOf": rules}}


def _has(name: str) -> dict[str, Any]:
    """Return the schema of an object in which a field has a value."""
    return {"properties": {name: {"not": _absent(name)}}, "required": [name]}
