"""Writes down each run of a timer; the first waits for a file."""

import json
import logging
import os
import time
from datetime import UTC, datetime
from pathlib import Path

import azure.functions as func

app = func.FunctionApp()
_gate = Path(os.environ["GATE"])


@app.timer_trigger(arg_name="timer", schedule="%SCHEDULE%", run_on_startup=False)
def tick(timer: func.TimerRequest) -> None:
    """Write down when it was due and when it ran."""
    began = datetime.now(UTC)
    status = timer.schedule_status  # type: ignore[attr-defined] # the library's base class has no word for it
    _record("began", due=status["Next"], at=began.isoformat(), past_due=timer.past_due)
    deadline = time.monotonic() + 60
    while not _gate.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    _record("ended", at=datetime.now(UTC).isoformat())


def _record(event: str, **fields: object) -> None:
    logging.getLogger("clock").info(json.dumps({"event": event, **fields}))
