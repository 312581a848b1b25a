"""How soon 500 due operations are ended, in turn: ours, the floor, the msgraph-sdk way, and one at a time."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from statistics import median
from typing import Any

import requests
from azure.storage.queue import QueueClient

from bench.drains import FLOOR
from bench.items import followed
from bench.result import Figure, Row, number
from bench.stand import Stand, request
from bench.ways import OURS, PLAIN, SDK
from local.graph.inventory import good_numbers
from local.stack import ROOT
from teams_numbers.contracts import NumberRequest

_LATENCY = 0.15
#: 2,000 numbers: three pages.
_AREAS = 20
#: No pace: how fast a drain could be is the question here, how fast it may be is the wave's.
_SETTINGS = {"GRAPH_REQUESTS_PER_SECOND": "10000"}
_THREADS = 8


def measure(*, quick: bool, cpu: Row | None = None) -> tuple[Row, Row]:
    """Let each way drain the same queue in turn; return the row beside the obvious ways, and the floor's."""
    rounds, amount = (1, 100) if quick else (2, 500)
    slow_rounds = 1 if quick else 2
    took: dict[str, list[dict[str, float]]] = {OURS: [], FLOOR: [], SDK: [], PLAIN: []}
    with Stand(_SETTINGS) as stand:
        for turn in range(rounds):
            for way, runs in took.items():
                if way != PLAIN or turn < slow_rounds:
                    runs.append(_drain(stand, way, amount))
    seconds = {way: median(run["seconds"] for run in runs) for way, runs in took.items()}
    table = [["way", f"s for {amount} operations", "each run", "CPU, ms per operation", "times this app"]]
    for way, runs in took.items():
        each = ", ".join(number(run["seconds"], 1) for run in runs)
        used = number(1000 * median(run["cpu"] for run in runs) / amount)
        table.append([way, number(seconds[way], 1), each, used, f"{seconds[way] / seconds[OURS]:.2f}"])
    ratio = median(low["seconds"] / own["seconds"] for own, low in zip(took[OURS], took[FLOOR], strict=True))
    less = {figure.name: figure.value for figure in cpu.figures}["times less than msgraph-sdk"] if cpu else 0.0
    beside = Row(
        "beside the obvious way",
        (
            Figure("times less CPU per assignment than msgraph-sdk", less, at_least=2),
            Figure("times shorter drain than one at a time", seconds[PLAIN] / seconds[OURS], at_least=5),
            Figure("drain of msgraph-sdk against ours", seconds[SDK] / seconds[OURS]),
        ),
        {"drain": table},
        {"seconds": {way: [run["seconds"] for run in runs] for way, runs in took.items()}},
    )
    return beside, Row("the floor", (Figure("of the floor's speed", ratio, at_least=0.8),), {})


def _drain(stand: Stand, way: str, amount: int) -> dict[str, float]:
    """Fill the queue, let one way end everything, and check that it did."""
    stand.reset(operationSeconds=0, inventoryAreas=_AREAS)
    _, operations, events = (stand.stack.queues.get_queue_client(name) for name in stand.stack.queue_names)
    for text in _pending(stand, list(good_numbers())[:amount], way):
        operations.send_message(text, time_to_live=-1)
    stand.plan(latencySeconds=_LATENCY)
    done = subprocess.run(
        [sys.executable, "-m", "bench.drains", way],
        cwd=ROOT,
        env=stand.stack.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]  # noqa: S101 - or it is no figure
    counts = _length(operations), _length(events)
    assert counts == (0, amount), (way, counts, done.stderr[-3000:])  # noqa: S101 - as above
    events.clear_messages()
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _pending(stand: Stand, numbers: list[str], way: str) -> list[str]:
    """Order numbers at the emulator, and return the messages that follow the orders, as a way reads them."""
    environment, now = stand.stack.environment, datetime.now(UTC)
    token = requests.get(
        environment["IDENTITY_ENDPOINT"],
        {"api-version": "2019-08-01", "resource": stand.stack.graph_url},
        headers={"X-IDENTITY-HEADER": environment["IDENTITY_HEADER"]},
        timeout=30,
    ).json()["access_token"]
    url = f"{environment['GRAPH_ENDPOINT']}/admin/teams/telephoneNumberManagement/numberAssignments/assignNumber"

    def order(number: str) -> str:
        wanted: dict[str, Any] = json.loads(request(number, f"r.{number[1:]}"))
        body = {key: wanted[key] for key in ("telephoneNumber", "assignmentTargetId", "numberType")}
        answer = requests.post(url, json=body, headers={"Authorization": f"Bearer {token}"}, timeout=30)
        answer.raise_for_status()
        if way != OURS:
            return json.dumps({"request": wanted, "operationUrl": answer.headers["Location"]})
        return followed(NumberRequest.model_validate(wanted), answer.headers["Location"], now)

    with ThreadPoolExecutor(_THREADS) as workers:
        return list(workers.map(order, numbers))


def _length(queue: QueueClient) -> int:
    return queue.get_queue_properties().approximate_message_count or 0
