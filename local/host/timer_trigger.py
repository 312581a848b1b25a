"""The timer trigger: when it is due, and its runs one after the other."""

import json
import logging
import re
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from croniter import CroniterError, croniter

from local.host.app import App, Function, Value
from local.host.errors import HostError
from local.host.log import HOST
from local.host.options import time_span

_logger = logging.getLogger(HOST)
# What NCRONTAB knows; croniter knows more (L, #, H, years), which the real host would refuse.
_ITEM = r"(\*|\d+|[A-Za-z]{3})(-(\d+|[A-Za-z]{3}))?(/\d+)?"
_FIELD = re.compile(rf"{_ITEM}(,{_ITEM})*")
_WITH_SECONDS = 6


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a timer is due, in UTC.

    Attributes:
        text: NCRONTAB with six fields (seconds first) or five, or a TimeSpan between runs.

    Raises:
        HostError: it is neither.
    """

    text: str

    def __post_init__(self) -> None:
        """Refuse what cannot be read."""
        try:
            self.after(datetime.now(UTC))
        except (ValueError, CroniterError) as error:
            message = f"the schedule {self.text!r} cannot be read: {error}"
            raise HostError(message) from error

    def after(self, moment: datetime) -> datetime:
        """Return the first time due that is later than a moment."""
        fields = self.text.split()
        if len(fields) == 1 and (span := time_span(self.text)):
            return moment + span
        if len(fields) not in (5, _WITH_SECONDS) or not all(_FIELD.fullmatch(field) for field in fields):
            message = "it must have six fields: {second} {minute} {hour} {day} {month} {day of week}"
            raise ValueError(message)
        # day_or: NCRONTAB wants both day fields to match, where cron is content with either.
        due: datetime = croniter(
            self.text, moment, ret_type=datetime, second_at_beginning=len(fields) == _WITH_SECONDS, day_or=False
        ).get_next()
        return due


@dataclass(frozen=True, slots=True)
class TimerTrigger:
    """One function and its schedule."""

    function: Function
    schedule: Schedule

    def __str__(self) -> str:
        """Return the line for people."""
        return f"{self.function.name} (timer {self.schedule.text})"


class TimerListener:
    """Runs a function on its schedule, from one thread: runs never overlap.

    The next time due is counted from the start of the last run. So a run that overruns is followed by one catch-up run
    at once, however many times it missed: as in
    https://github.com/Azure/azure-webjobs-sdk-extensions/tree/dev/src/WebJobs.Extensions/Extensions/Timers.

    Args:
        trigger: what to run and when.
        app: runs it.
    """

    def __init__(self, trigger: TimerTrigger, app: App) -> None:
        self._trigger = trigger
        self._app = app
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._listen, name=f"timer {trigger.function.name}", daemon=True)

    def start(self) -> None:
        """Begin to wait."""
        self._thread.start()

    def stop(self) -> None:
        """Start no more runs; the present one goes on."""
        self._stopping.set()

    def drained(self, deadline: float) -> int:
        """Wait for the present run, at most until the deadline (time.monotonic); return how many still run."""
        self._thread.join(max(0.0, deadline - time.monotonic()))
        return int(self._thread.is_alive())

    def _listen(self) -> None:
        schedule = self._trigger.schedule
        last: datetime | None = None
        due = schedule.after(datetime.now(UTC))
        if self._trigger.function.trigger.get("runOnStartup"):
            last = self._run(None, due)
        while self._wait_until(due):
            last = max(self._run(last, due), due)  # a clock that is a little early does not make it due twice
            due = schedule.after(last)

    def _wait_until(self, due: datetime) -> bool:
        """Return True at the time due, or False as soon as the host stops."""
        # In short naps, since the clock may be set while we wait.
        while (left := due - datetime.now(UTC)) > timedelta():
            if self._stopping.wait(min(left.total_seconds(), 60)):
                return False
        return not self._stopping.is_set()

    def _run(self, last: datetime | None, due: datetime) -> datetime:
        """Run the function once; return when it began."""
        began = datetime.now(UTC)
        never = datetime(1, 1, 1, tzinfo=UTC)
        moments = {"Last": last or never, "Next": due, "LastUpdated": last or never}
        status = {name: moment.isoformat() for name, moment in moments.items()}
        timer = {"Schedule": {"AdjustForDST": True}, "ScheduleStatus": status, "IsPastDue": False}
        error = self._app.invoke(self._trigger.function, Value(json.dumps(timer), "json"))
        if error is not None:
            _logger.error("%s failed: %s", self._trigger.function.name, error)
        return began
