"""What one may ask of the emulator itself, under /emulator/."""

import json
from typing import Any, Protocol

from local.graph import bodies, inventory, magic_tables, orders, people, texts
from local.graph.bodies import Refusal
from local.graph.call import Call, Reply
from local.graph.exchange import names
from local.graph.plan import Plan, PlanError
from local.graph.tenant import Tenant


class Controlled(Protocol):
    """What the controls control."""

    tenant: Tenant

    @property
    def plan(self) -> Plan:
        """How it behaves."""

    def change(self, change: object) -> Plan:
        """Set some fields of the plan and return all of it; raises PlanError."""

    def reset(self) -> None:
        """Forget all that happened, and every plan."""

    def stats(self) -> dict[str, Any]:
        """Return what was counted and how things stand."""


def answer(call: Call, emulator: Controlled) -> Reply:
    """Answer one call to a control."""
    match call.method, call.path.removeprefix("/emulator/"):
        case "GET", "numbers":
            return _json(200, numbers())
        case "GET", "stats":
            return _json(200, emulator.stats())
        case "GET", "plan":
            return _json(200, emulator.plan.as_json())
        case "POST", "plan":
            try:
                return _json(200, emulator.change(json.loads(call.body)).as_json())
            except (PlanError, RecursionError) as error:
                return _error(400, "invalidPlan", str(error))
            except ValueError:
                return _error(400, "invalidPlan", "a plan is a JSON object")
        case "POST", "move":
            return _moved(call, emulator)
        case "POST", "reset":
            emulator.reset()
            return Reply(204, {})
        case _:
            return _error(404, "notFound", "GET numbers, stats or plan; POST plan, move or reset")


def numbers() -> dict[str, Any]:
    """Return the magic numbers, each with an example, and the magic people."""
    return {"value": [_number(name) for name, _ in magic_tables.rows()], "people": [_person(p) for p in people.PEOPLE]}


def _number(telephone_number: str) -> dict[str, Any]:
    row = inventory.magic(telephone_number)
    kind = inventory.number_type(telephone_number)
    assert row is not None  # noqa: S101 - it is from the tables
    assert kind is not None  # noqa: S101 - as above
    return {
        "telephoneNumber": telephone_number,
        "digits": row.digits,
        "name": row.name,
        "happens": row.happens,
        "ends": row.ends,
        "code": row.code,
        "action": row.action,
        "userPrincipalName": row.person and f"{row.person}@{people.DOMAIN}",
        "assignmentTargetId": inventory.profile(telephone_number, kind).first.target,
    }


def _person(person: people.Person) -> dict[str, Any]:
    return {
        "userPrincipalName": person.user_principal_name,
        "id": people.object_id(person.user_principal_name),
        "happens": person.happens,
        "ends": person.ends,
        "code": person.code,
    }


def _moved(call: Call, emulator: Controlled) -> Reply:
    try:
        asked = json.loads(call.body)
    except (ValueError, RecursionError):
        asked = None
    try:
        orders.move(bodies.move(asked), emulator.tenant)
    except Refusal as refusal:
        number = asked.get("telephoneNumber") if isinstance(asked, dict) else None
        return _error(refusal.status, "invalidMove", texts.fill(refusal.message, names(number=number)))
    return Reply(204, {})


def _error(status: int, code: str, message: str) -> Reply:
    return _json(status, {"error": {"code": code, "message": message}})


def _json(status: int, content: object) -> Reply:
    return Reply(status, {"Content-Type": "application/json"}, json.dumps(content).encode())
