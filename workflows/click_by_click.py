"""The page that tells how to build the Power Automate flows by hand, written from their definitions, field by field."""

import json
from collections.abc import Iterator
from typing import Any

type Action = dict[str, Any]

#: Operation -> (what the designer calls it, its connector).
OPERATIONS = {
    "GetOnNewItems": ("When an item is created", "SharePoint"),
    "OnMessages_V2": ("When there are messages in a queue (V2)", "Azure Queues"),
    "PutMessage_V2": ("Put a message on a queue (V2)", "Azure Queues"),
    "DeleteMessage_V2": ("Delete message (V2)", "Azure Queues"),
    "GetItems": ("Get items", "SharePoint"),
    "PostItem": ("Create item", "SharePoint"),
    "SendEmailV2": ("Send an email (V2)", "Office 365 Outlook"),
    "PostMessageToConversation": ("Post message in a chat or channel", "Microsoft Teams"),
}
#: The last part of a parameter's name -> what the designer calls the field; an item's columns keep their names.
FIELDS = {
    "dataset": "Site Address",
    "table": "List Name",
    "$filter": "Filter Query",
    "$top": "Top Count",
    "storageAccountName": "Storage account name or queue endpoint",
    "queueName": "Queue name",
    "visibilitytimeout": "Visibility timeout",
    "message": "Message",
    "messageId": "Message ID",
    "popreceipt": "Pop receipt",
    "poster": "Post as",
    "location": "Post in",
    "groupId": "Team",
    "channelId": "Channel",
    "messageBody": "Message",
}
_KINDS = {
    "Compose": "Compose",
    "ParseJson": "Parse JSON",
    "Select": "Select",
    "If": "Condition",
    "Scope": "Scope",
    "Terminate": "Terminate",
}
_AFTER = {"Succeeded": "is successful", "Failed": "has failed", "TimedOut": "has timed out", "Skipped": "is skipped"}
_INTRODUCTION = """\
# The two flows, click by click

For whom the import page refuses the packages. This page is written from
[request.definition.json](request.definition.json) and [completed.definition.json](completed.definition.json) and names
every field of theirs; nothing else has to be filled in.

- A value in `code` that begins with `@` goes into the *Expression* tab (`fx`) without its `@`. Text with `@{…}` in it
  is pasted as it is. JSON is pasted into *Inputs* as a whole.
- Fields that offer a list take a text by *Enter custom value*.
- Rename each step as written: expressions call it by that name, with `_` for each space.
- *Run after* is in a step's menu. Where nothing is said, a step runs after the one above is successful, as it is set up
  by default.
- The connection to Azure Queues is *Microsoft Entra ID Integrated*. Replace every `CHANGE-ME`.
"""


def page(flows: dict[str, dict[str, Any]]) -> str:
    """Return the page for flows, by their names.

    Raises:
        KeyError: a flow uses an operation or a kind of action that has no name here.
    """
    return _INTRODUCTION + "".join(f"\n## {name}\n{_flow(definition)}" for name, definition in flows.items())


def _flow(definition: dict[str, Any]) -> str:
    ((_, trigger),) = definition["triggers"].items()
    steps = [*_numbered([list(_trigger(trigger))], 1), *_group(definition["actions"], "", 2)]
    return "\n".join(steps) + "\n"


def _trigger(trigger: Action) -> Iterator[str]:
    name, connector = OPERATIONS[trigger["inputs"]["host"]["operationId"]]
    yield f"*Create* → *Automated cloud flow* → **{name}** ({connector})"
    yield from _parameters(trigger["inputs"]["parameters"])
    if "runtimeConfiguration" in trigger:
        concurrency = trigger["runtimeConfiguration"]["concurrency"]
        runs, waiting = concurrency["runs"], concurrency["maximumWaitingRuns"]
        yield "- *Settings*: Split On **on**, Concurrency Control **on**"
        yield f"- *Settings*: Degree of Parallelism `{runs}`, Maximum Waiting Runs `{waiting}`"


def _group(actions: dict[str, Action], before: str, first: int = 1) -> list[str]:
    """Return the steps of a group, each with what it runs after where that is not the step above, successful."""
    steps = []
    for name, action in actions.items():
        usual = {before: ["Succeeded"]} if before else {}
        steps.append(list(_step(name, action, usual)))
        before = name
    return _numbered(steps, first)


def _numbered(steps: list[list[str]], first: int) -> list[str]:
    lines = []
    for number, (title, *rest) in enumerate(steps, first):
        lines += [f"{number}. {title}", *("    " + line for line in rest)]
    return lines


def _step(name: str, action: Action, usual: dict[str, list[str]]) -> Iterator[str]:
    inputs = action.get("inputs", {})
    if action["type"] == "OpenApiConnection":
        kind, connector = OPERATIONS[inputs["host"]["operationId"]]
        yield f"**{kind}** ({connector}){_renamed(name, kind)}"
    else:
        kind = _KINDS[action["type"]]
        yield f"**{kind}**{_renamed(name, kind)}"
    if action["runAfter"] != usual:
        yield f"- Run after: {_run_after(action['runAfter'])}"
    if "retryPolicy" in inputs:
        policy = inputs["retryPolicy"]
        yield f"- *Settings*: Retry Policy *Fixed Interval*, Count `{policy['count']}`, Interval `{policy['interval']}`"
    yield from _inputs(action)


def _renamed(name: str, kind: str) -> str:
    plain = name.replace("_", " ")
    return "" if plain == kind else f", renamed `{plain}`"


def _run_after(run_after: dict[str, list[str]]) -> str:
    if not run_after:
        return "nothing of this group, as a parallel branch"
    return "; ".join(
        f"`{name.replace('_', ' ')}` {', '.join(_AFTER[one] for one in how)}" for name, how in run_after.items()
    )


def _inputs(action: Action) -> Iterator[str]:
    inputs = action.get("inputs")
    match action["type"]:
        case "OpenApiConnection":
            yield from _parameters(action["inputs"]["parameters"])
        case "ParseJson":
            yield f"- Content: `{action['inputs']['content']}`"
            yield "- Schema: the `schema` that this step has in [completed.definition.json](completed.definition.json)"
        case "Select":
            yield f"- From: `{action['inputs']['from']}`"
            yield f"- Map, in text mode: `{action['inputs']['select']}`"
        case "Terminate":
            yield f"- Status: `{action['inputs']['runStatus']}`"
            yield f"- Code: `{action['inputs']['runError']['code']}`"
            yield f"- Message: `{action['inputs']['runError']['message']}`"
        case "Scope":
            yield from _group(action["actions"], "")
        case "If":
            for condition in action["expression"]["and"]:
                left, right = condition["equals"]
                yield f"- `{left}` is equal to `{json.dumps(right)}`"
            yield "- In **True**:"
            yield from ("    " + line for line in _group(action["actions"], ""))
        case _ if isinstance(inputs, dict):
            yield from ("```json", *json.dumps(inputs, indent=2).splitlines(), "```")
        case _:
            yield f"- Inputs: `{inputs}`"


def _parameters(parameters: dict[str, Any]) -> Iterator[str]:
    for key, value in parameters.items():
        last = key.rpartition("/")[2]
        yield f"- {FIELDS.get(last, last)}: `{value}`"
