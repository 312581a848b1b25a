"""A Log Analytics workspace in small: tables, the app's own log lines and recorded ones in them, the alert rules."""

import json
import logging
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import duckdb_kql
import pytest

from teams_numbers import log
from tests.infra.deployment import INFRA, rules

TABLES = json.loads((Path(__file__).parent / "kql/tables.json").read_text())
RECORDINGS = Path(__file__).parent / "recordings"
type Row = dict[str, Any]


def recorded(name: str) -> list[Row]:
    """Return the rows that Microsoft's host sent in one of the recorded runs, with their table and time."""
    return [json.loads(line) for line in (RECORDINGS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


class Workspace:
    """The tables in DuckDB. Everything that is stored line by line happened within the last minutes."""

    def __init__(self, lines: pytest.LogCaptureFixture) -> None:
        self._lines = lines
        self._microseconds = count()
        # one minute for all lines, so that no chart's bin begins between two of them
        self._now = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=1)
        self._tables = duckdb_kql.connect()
        self._tables.execute("SET TimeZone = 'UTC'")
        types = {"datetime": "TIMESTAMP", "int": "BIGINT", "real": "DOUBLE"}
        for name, columns in TABLES.items():
            fields = ", ".join(f"{column} {types.get(kind, 'VARCHAR')}" for column, kind in columns.items())
            self._tables.sql(f"CREATE TABLE {name} ({fields})")

    def app(self, name: log.EventName, **fields: object) -> None:
        """Log one event through the app's own code."""
        self._lines.clear()
        log.emit(name, logging.INFO, **fields)
        self.host(self._lines.messages[-1])

    def host(self, message: str, severity: int = 1, *, minutes_ago: float = 0) -> None:
        """Store one line as Application Insights does."""
        at = self._now - timedelta(minutes=minutes_ago)
        self._insert("AppTraces", at, Message=message, SeverityLevel=severity, OperationName="assign_number")

    def storage(self, operation: str, queue: str) -> None:
        """Store one request to the queue service."""
        uri = f"https://account.queue.core.windows.net:443/{queue}/messages?visibilitytimeout=0"
        said = {"OperationName": operation, "Uri": uri, "StatusText": "Success", "RequesterObjectId": "somebody"}
        self._insert("StorageQueueLogs", self._now, **said)

    def replay(self, rows: list[Row], *, minutes_ago: float = 0.5) -> None:
        """Store recorded rows, as if the last of them had come that many minutes ago."""
        times = [datetime.fromisoformat(row["TimeGenerated"]) for row in rows]
        later = datetime.now(UTC) - timedelta(minutes=minutes_ago) - max(times)
        for row, at in zip(rows, times, strict=True):
            columns = {name: row[name] for name in row.keys() & TABLES[row["Table"]].keys() - {"TimeGenerated"}}
            if "Properties" in columns:
                columns["Properties"] = json.dumps(columns["Properties"])
            self._insert(row["Table"], at + later, **columns)

    def ask(self, query: str) -> list[Row]:
        """Run one of the queries."""
        relation = duckdb_kql.kql(self._tables, (INFRA / f"kql/{query}.kql").read_text())
        return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]

    def fires(self, name: str) -> bool:
        """Say whether an alert's rule holds."""
        rule = rules()[name]
        threshold = float(rule["threshold"])
        values = [row["value"] for row in self.ask(f"alert-{name}") if row["value"] is not None]
        return any(value > threshold if rule["operator"] == "GreaterThan" else value < threshold for value in values)

    def fired(self) -> set[str]:
        """Return the alerts whose rules hold."""
        return {name for name in rules() if self.fires(name)}

    def _insert(self, table: str, at: datetime, **values: object) -> None:
        moment = at + timedelta(microseconds=next(self._microseconds))
        row = values | {"TimeGenerated": moment.astimezone(UTC).replace(tzinfo=None)}
        places = ", ".join("?" for _ in row)
        self._tables.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", [*row.values()])  # noqa: S608 - our own names
