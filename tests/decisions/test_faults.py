"""A configuration fault is told once a minute, each by itself."""

import json
import logging

import pytest

from local.clock import SimulatedClock
from teams_numbers import failures
from teams_numbers.faults import Faults


def test_each_fault_is_told_once_a_minute_however_often_it_happens(caplog: pytest.LogCaptureFixture) -> None:
    clock = SimulatedClock()
    faults = Faults(clock)
    told: list[tuple[float, str]] = []
    for _ in range(120):
        for failure in (failures.NO_TOKEN, failures.PERMISSION_MISSING):
            faults.report(failure)
        told += [(clock.monotonic(), json.loads(record.getMessage())["code"]) for record in caplog.records]
        caplog.clear()
        clock.advance(1)
    codes = (failures.NO_TOKEN.code, failures.PERMISSION_MISSING.code)
    assert told == [(second, code) for second in (0, 60) for code in codes]


def test_a_fault_says_what_to_do_and_what_graph_called_it(caplog: pytest.LogCaptureFixture) -> None:
    Faults(SimulatedClock()).report(failures.PERMISSION_MISSING, 403, "g-1")
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert json.loads(record.getMessage()) == {
        "name": "configuration.fault",
        "status": 403,
        "code": "permissionMissing",
        "advice": failures.PERMISSION_MISSING.advice,
        "graphRequestId": "g-1",
    }
