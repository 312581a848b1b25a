"""The timer trigger: schedules in UTC, no overlap, one catch-up run."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from local.host.errors import HostError
from local.host.timer_trigger import Schedule
from tests.host.processes import Stand, until

_MONDAY = datetime(2026, 6, 1, 10, 0, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("*/15 * * * * *", datetime(2026, 6, 1, 10, 0, 15, tzinfo=UTC)),
        ("0 */5 * * * *", datetime(2026, 6, 1, 10, 5, tzinfo=UTC)),
        ("0 30 9 * * 1-5", datetime(2026, 6, 2, 9, 30, tzinfo=UTC)),
        ("0 0 0 1 Jan *", datetime(2027, 1, 1, tzinfo=UTC)),
        ("*/5 * * * *", datetime(2026, 6, 1, 10, 5, tzinfo=UTC)),
        ("01:30:00", _MONDAY + timedelta(hours=1, minutes=30)),
    ],
)
def test_a_schedule_is_ncrontab_in_utc_or_a_time_span(text: str, due: datetime) -> None:
    assert Schedule(text).after(_MONDAY) == due


def test_both_day_fields_must_match() -> None:
    """NCRONTAB differs from cron here: the 13th that is a Friday, not every 13th and every Friday."""
    assert Schedule("0 0 0 13 * Fri").after(_MONDAY) == datetime(2026, 11, 13, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "often", "* * *", "61 * * * * *", "0 0 0 L * *", "00:00:00", "15"])
def test_an_unreadable_schedule_is_named(text: str) -> None:
    with pytest.raises(HostError, match=r"the schedule .* cannot be read"):
        Schedule(text)


def test_a_run_that_overruns_is_followed_by_exactly_one_catch_up_run(stand: Stand, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    host = stand.start(app="clock", env={"GATE": str(gate), "SCHEDULE": "* * * * * *"})
    [first] = host.wait_for_events("began", 1)
    due = datetime.fromisoformat(first["due"])
    until("three missed runs", lambda: datetime.now(UTC) > due + timedelta(seconds=3.5))
    assert len(host.events("began")) == 1  # no overlap
    gate.touch()
    _, catch_up, next_ = host.wait_for_events("began", 3)[:3]
    assert datetime.fromisoformat(catch_up["due"]) == due + timedelta(seconds=1)
    assert datetime.fromisoformat(next_["due"]) > datetime.fromisoformat(catch_up["at"])
    assert not first["past_due"]


def test_no_run_begins_before_it_is_due(stand: Stand, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    gate.touch()
    host = stand.start(app="clock", env={"GATE": str(gate), "SCHEDULE": "* * * * * *"})
    records = host.wait_for_events("began", 2)
    assert all(datetime.fromisoformat(record["at"]) >= datetime.fromisoformat(record["due"]) for record in records)
