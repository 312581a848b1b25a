"""A Log Analytics workspace in small: its two tables, the app's own log lines in them, the alert rules over them."""

import json
import logging
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import duckdb_kql
import pytest

from teams_numbers import log
from tests.infra.bicep import INFRA, properties, read, text

TABLES = json.loads((Path(__file__).parent / "kql/tables.json").read_text())


@cache
def rules() -> dict[str, dict[str, str]]:
    """Return the alert rules as alerts.bicep states them, by name; a threshold that is a parameter by its default."""
    defaults = {
        name: text(node.named_children[-1]) for name, node in read(INFRA / "main.bicep").declared("parameter").items()
    }
    array = read(INFRA / "alerts.bicep").variable("rules")
    found = ({name: text(node) for name, node in properties(item).items()} for item in array.named_children)
    return {rule["name"]: rule | {"threshold": defaults.get(rule["threshold"], rule["threshold"])} for rule in found}


class Workspace:
    """The two tables in DuckDB, filled with the lines that the app's own log writes."""

    def __init__(self, lines: pytest.LogCaptureFixture) -> None:
        self._lines = lines
        self._seconds = count()
        self._tables = duckdb_kql.connect()
        types = {"datetime": "TIMESTAMP", "int": "BIGINT", "real": "DOUBLE"}
        for name, columns in TABLES.items():
            fields = ", ".join(f"{column} {types.get(kind, 'VARCHAR')}" for column, kind in columns.items())
            self._tables.sql(f"CREATE TABLE {name} ({fields})")

    def app(self, name: log.EventName, **fields: object) -> None:
        """Log one event through the app's own code."""
        self._lines.clear()
        log.emit(name, logging.INFO, **fields)
        self.host(self._lines.messages[-1])

    def host(self, message: str, severity: int = 1) -> None:
        """Store one line as Application Insights does."""
        self._insert("AppTraces", Message=message, SeverityLevel=severity, OperationName="assign_number")

    def storage(self, operation: str, queue: str) -> None:
        """Store one request to the queue service."""
        uri = f"https://account.queue.core.windows.net:443/{queue}/messages?visibilitytimeout=0"
        self._insert("StorageQueueLogs", OperationName=operation, Uri=uri, StatusText="Success")

    def ask(self, query: str) -> list[dict[str, Any]]:
        """Run one of the queries."""
        relation = duckdb_kql.kql(self._tables, (INFRA / f"kql/{query}.kql").read_text())
        return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]

    def fires(self, name: str) -> bool:
        """Say whether an alert's rule holds."""
        rule = rules()[name]
        threshold = float(rule["threshold"])
        values = [row["value"] for row in self.ask(f"alert-{name}") if row["value"] is not None]
        return any(value > threshold if rule["operator"] == "GreaterThan" else value < threshold for value in values)

    def _insert(self, table: str, **values: object) -> None:
        row = values | {"TimeGenerated": datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=next(self._seconds))}
        places = ", ".join("?" for _ in row)
        self._tables.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", [*row.values()])  # noqa: S608 - our own names
