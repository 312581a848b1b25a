"""What one may ask of the emulator itself, under /emulator/."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from local.graph.call import Call, Reply
from local.graph.magic import Magic
from local.graph.magic_table import FIRST, SECOND, SECOND_AREA
from local.graph.plan import PlanError

if TYPE_CHECKING:
    from local.graph.emulator import Emulator


def answer(call: Call, emulator: "Emulator") -> Reply:
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
        case "POST", "reset":
            emulator.reset()
            return Reply(204, {})
        case _:
            return _error(404, "notFound", "GET numbers, stats or plan; POST plan or reset")


def numbers() -> dict[str, Any]:
    """Return the table of magic numbers, each with an example."""
    rows = [_row(row, "206") for row in FIRST] + [_row(row, SECOND_AREA) for row in SECOND]
    return {"value": rows}


def _row(row: Magic, area: str) -> dict[str, Any]:
    about = asdict(row)
    kept = {key: about[key] for key in ("digits", "name", "happens", "ends", "code")}
    return {"telephoneNumber": f"+1{area}55501{row.digits}", **kept}


def _error(status: int, code: str, message: str) -> Reply:
    return _json(status, {"error": {"code": code, "message": message}})


def _json(status: int, content: object) -> Reply:
    return Reply(status, {"Content-Type": "application/json"}, json.dumps(content).encode())
