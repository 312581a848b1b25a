"""The host: an app's triggers, from start to drain."""

import logging
import os
import signal
import sys
import threading
import time
from pathlib import Path

from local.host.app import App, Function
from local.host.connections import connect
from local.host.errors import HostError
from local.host.log import HOST
from local.host.options import QueueOptions, queue_options
from local.host.queue_trigger import LEASE_SECONDS, QueueListener, QueueTrigger
from local.host.settings import AppSettings, load_app_settings, read_json
from local.host.timer_trigger import Schedule, TimerListener, TimerTrigger

#: Shortens the processing lease, so that a crash can be watched without waiting ten minutes.
LEASE_SETTING = "LOCAL_HOST_LEASE_SECONDS"

type Listener = QueueListener | TimerListener

_logger = logging.getLogger(HOST)
# A pool's connections beyond its workers': the listener's and the lease keeper's.
_MORE_CONNECTIONS = 2


def run(folder: Path, *, lease: int | None = None, drain: float = 30) -> None:
    """Run the app in a folder until SIGTERM or SIGINT.

    Args:
        folder: where function_app.py and host.json are.
        lease: how long a queue message in work stays invisible without renewal, in seconds, at least 1; None: as the
            setting LOCAL_HOST_LEASE_SECONDS says, else the real host's.
        drain: how long to wait at the end for what is in flight, in seconds.

    Raises:
        HostError: the app cannot run here.
    """
    stopping = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: _end_at_once() if stopping.is_set() else stopping.set())
    settings = load_app_settings(folder)
    options = queue_options(read_json(folder / "host.json"), settings)
    lease = lease or _lease(settings)
    app = App(folder)
    triggers: list[str] = []
    listeners: list[Listener] = []
    for function in app.functions:
        if function.has_retry:
            _logger.warning("%s: its retry policy is left out by this host", function.name)
        if function.trigger["type"] == "queueTrigger":
            queue = _queue_trigger(function, settings, options, lease)
            connection = settings.expand(function.trigger.get("connection", ""), f"{function.name}: connection")
            service = connect(settings, connection, options.concurrency + _MORE_CONNECTIONS)
            triggers.append(str(queue))
            listeners.append(QueueListener(queue, app, service))
        else:
            timer = TimerTrigger(function, Schedule(_expanded(function, "schedule", settings)))
            triggers.append(str(timer))
            listeners.append(TimerListener(timer, app))
    for listener in listeners:
        listener.start()
    sys.stdout.write(f"host ready: {', '.join(triggers)}\n")
    stopping.wait()
    _drain(listeners, drain)


def _lease(settings: AppSettings) -> int:
    text = settings.get(LEASE_SETTING) or str(LEASE_SECONDS)
    if not text.isdecimal() or int(text) < 1:
        message = f"{LEASE_SETTING} must be a whole number of seconds, at least 1, not {text!r}"
        raise HostError(message)
    return int(text)


def _queue_trigger(function: Function, settings: AppSettings, options: QueueOptions, lease: int) -> QueueTrigger:
    return QueueTrigger(function, _expanded(function, "queueName", settings).lower(), options, lease)


def _expanded(function: Function, key: str, settings: AppSettings) -> str:
    return settings.expand(function.trigger[key], f"{function.name}: {key}").strip()


def _drain(listeners: list[Listener], seconds: float) -> None:
    """Stop receiving and wait for what is in flight; what is left then comes back when its lease ends."""
    _logger.info("stopping")
    for listener in listeners:
        listener.stop()
    deadline = time.monotonic() + seconds
    left = sum(listener.drained(deadline) for listener in listeners)
    if left:
        _logger.warning("%d still running after %g s, left behind", left, seconds)
    else:
        _logger.info("stopped, nothing in flight")
    _end_at_once()


def _end_at_once() -> None:
    """Leave without waiting for threads that may never end: the interpreter's own exit would join them."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
