"""Writes down each run, and does what the message says: `fail`, or `hold` until a file exists."""

import json
import logging
import threading
import time
from pathlib import Path

import azure.functions as func

app = func.FunctionApp()
_lock = threading.Lock()
_active = 0


def _record(event: str, **fields: object) -> None:
    logging.getLogger("recorder").info(json.dumps({"event": event, **fields}))


@app.queue_trigger(arg_name="message", queue_name="%QUEUE%", connection="Store")
def record(message: func.QueueMessage) -> None:
    """Write down what came."""
    global _active  # noqa: PLW0603 - how many run at once is what some tests ask
    text = message.get_body().decode()
    with _lock:
        _active += 1
        _record(
            "began",
            body=text,
            active=_active,
            id=message.id,
            deliveries=message.dequeue_count,
            receipt=message.pop_receipt,
            inserted=str(message.insertion_time),
        )
    try:
        word, _, argument = text.partition(" ")
        if word == "hold":
            _wait_for(Path(argument))
        if word == "fail":
            _record("failing", body=text)
            problem = "as the message says"
            raise RuntimeError(problem)
    finally:
        with _lock:
            _active -= 1
    _record("ended", body=text)


@app.queue_trigger(arg_name="message", queue_name="%QUEUE%-async", connection="Store")
async def record_async(message: str) -> None:
    """Write down what came, in an `async def` function that wants only the text."""
    _record("began", body=message)


def _wait_for(file: Path) -> None:
    deadline = time.monotonic() + 60
    while not file.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
