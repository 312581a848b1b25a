"""A run of a workflow definition, much simplified: actions in the order of runAfter, connectors played by a function.

What it keeps of the engine's rules: an action starts when all it runs after have ended with a status that it names,
else it is skipped; an action whose expressions cannot be evaluated fails; a group fails if one of its last actions
failed or was skipped because of a failure; Parse JSON validates; Terminate ends the run.
https://learn.microsoft.com/azure/logic-apps/logic-apps-workflow-actions-triggers
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import jsonschema

from tests.workflows.language import EvaluationError
from tests.workflows.scope import Scope

type Actions = dict[str, dict[str, Any]]

STATUSES = frozenset({"Succeeded", "Failed", "Skipped", "TimedOut"})
#: What may stand in an action's `type` here.
TYPES = frozenset(
    {
        *("ApiConnection", "OpenApiConnection", "Http", "Response"),
        *("Compose", "ParseJson", "Select", "If", "Switch", "Foreach", "Scope", "Terminate"),
    }
)


class ActionFailedError(Exception):
    """An action failed; its outputs are the argument."""

    def __init__(self, outputs: dict[str, Any]) -> None:
        super().__init__(outputs)
        self.outputs = outputs


class _TerminatedError(Exception):
    pass


@dataclass(frozen=True, slots=True)
class Sent:
    """What an action sent to the world: its name, its type, its evaluated inputs."""

    action: str
    kind: str
    inputs: dict[str, Any]


def nothing(_: Sent) -> dict[str, Any]:
    """Answer every call with an empty success."""
    return {"statusCode": 200, "body": None}


@dataclass(slots=True)
class Run:
    """One run of a definition.

    Args:
        definition: the workflow definition.
        parameters: values for its parameters that have no default.
        world: answers what an action sends with its outputs; raises ActionFailedError.
        name: the run's name.

    Attributes:
        sent: what was sent, in this order.
        status: how the run ended.
        statuses: how each action ended; missing if its branch was not taken.
    """

    definition: dict[str, Any]
    parameters: dict[str, Any] = field(default_factory=dict)
    world: Callable[[Sent], dict[str, Any]] = nothing
    name: str = "08584"
    sent: list[Sent] = field(default_factory=list)
    statuses: dict[str, str] = field(default_factory=dict)
    status: str = ""
    scope: Scope = field(init=False)

    def start(self, trigger: Any) -> "Run":
        """Run the definition on a trigger's body, to its end."""
        defaults = {
            name: value["defaultValue"]
            for name, value in self.definition["parameters"].items()
            if "defaultValue" in value
        }
        self.scope = Scope(trigger, {**defaults, **self.parameters}, {}, {}, self.name, self.statuses)
        try:
            succeeded = self._all(self.definition["actions"])
        except _TerminatedError as end:
            self.status = str(end)
        else:
            self.status = "Succeeded" if succeeded else "Failed"
        return self

    def names(self) -> list[str]:
        """Return the names of the actions that sent something, in order."""
        return [sent.action for sent in self.sent]

    def _all(self, actions: Actions) -> bool:
        """Run a group of actions; return whether it succeeded."""
        here: dict[str, str] = {}
        while waiting := [name for name in actions if name not in here]:
            name = next(name for name in waiting if all(before in here for before in actions[name].get("runAfter", {})))
            action = actions[name]
            wanted = action.get("runAfter", {})
            starts = all(here[before] in wanted[before] for before in wanted)
            here[name] = self._one(name, action) if starts else "Skipped"
            self.statuses[name] = here[name]
        followed = {before for action in actions.values() for before in action.get("runAfter", {})}
        return all(self._ended_well(name, actions, here) for name in here if name not in followed)

    def _ended_well(self, name: str, actions: Actions, here: dict[str, str]) -> bool:
        """Return whether an action succeeded, or was skipped for no failure."""
        if here[name] != "Skipped":
            return here[name] == "Succeeded"
        return all(self._ended_well(before, actions, here) for before in actions[name].get("runAfter", {}))

    def _one(self, name: str, action: dict[str, Any]) -> str:
        try:
            self.scope.outputs[name] = self._outputs(name, action)
        except ActionFailedError as failure:
            self.scope.outputs[name] = failure.outputs
            return "Failed"
        except EvaluationError:
            self.scope.outputs[name] = None
            return "Failed"
        return "Succeeded"

    def _outputs(self, name: str, action: dict[str, Any]) -> Any:
        match action["type"]:
            case "Compose":
                return self.scope.resolve(action["inputs"])
            case "ParseJson":
                return {"body": self._parsed(action["inputs"])}
            case "Select":
                return {"body": self._selected(action["inputs"])}
            case "If":
                taken = self._true(action["expression"])
                self._inner(action["actions"] if taken else action.get("else", {}).get("actions", {}))
            case "Switch":
                value = self.scope.resolve(action["expression"])
                cases = [case["actions"] for case in action["cases"].values() if case["case"] == value]
                self._inner(cases[0] if cases else action.get("default", {}).get("actions", {}))
            case "Scope":
                self._inner(action["actions"])
            case "Foreach":
                for item in self.scope.resolve(action["foreach"]):
                    self.scope.items[name] = item
                    self._inner(action["actions"])
            case "Terminate":
                raise _TerminatedError(action["inputs"]["runStatus"])
            case kind:
                sent = Sent(name, kind, self.scope.resolve(action["inputs"]))
                self.sent.append(sent)
                return self.world(sent)
        return {}

    def _inner(self, actions: Actions) -> None:
        if not self._all(actions):
            raise ActionFailedError({})

    def _selected(self, inputs: dict[str, Any]) -> list[Any]:
        selected = []
        for item in self.scope.resolve(inputs["from"]):
            self.scope.item = item
            selected.append(self.scope.resolve(inputs["select"]))
        return selected

    def _parsed(self, inputs: dict[str, Any]) -> Any:
        try:
            body = json.loads(self.scope.resolve(inputs["content"]))
            jsonschema.validate(body, inputs["schema"])
        except (ValueError, TypeError, jsonschema.ValidationError) as error:
            raise ActionFailedError({"error": str(error)}) from error
        return body

    def _true(self, expression: dict[str, Any]) -> bool:
        match expression:
            case {"and": list(conditions)}:
                return all(self._true(condition) for condition in conditions)
            case {"or": list(conditions)}:
                return any(self._true(condition) for condition in conditions)
            case {"not": dict(condition)}:
                return not self._true(condition)
            case {"equals": [left, right]}:
                return bool(self.scope.resolve(left) == self.scope.resolve(right))
        message = f"a condition that is not known here: {expression}"
        raise AssertionError(message)
