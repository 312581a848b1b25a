"""What a row of the page comes to: its goals, its figures, its table, and what is plotted."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number and its goal.

    Attributes:
        name: what it is, with its unit.
        value: as measured.
        at_most: the goal, if it is an upper bound.
        at_least: the goal, if it is a lower bound.
    """

    name: str
    value: float
    at_most: float | None = None
    at_least: float | None = None

    @property
    def holds(self) -> bool:
        """Whether the goal is met; what has none is only stated."""
        low = self.at_least is None or self.value >= self.at_least
        return low and (self.at_most is None or self.value <= self.at_most)

    @property
    def goal(self) -> str:
        """The goal in words; empty where there is none."""
        if self.at_most is not None:
            return f"{self.name} ≤ {self.at_most:g}"
        return f"{self.name} ≥ {self.at_least:g}" if self.at_least is not None else ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the page.

    Attributes:
        name: the row's.
        figures: all its numbers; those with a goal make its target.
        tables: by the name of their marker in the page, rows of cells, the header first.
        series: what its plot shows.
    """

    name: str
    figures: tuple[Figure, ...]
    tables: dict[str, list[list[str]]]
    series: dict[str, Any] = field(default_factory=dict)

    def target(self) -> dict[str, Any]:
        """Return the row's entry in `performance.json`."""
        goals = [figure.goal for figure in self.figures if figure.goal]
        return {
            "name": self.name,
            "goal": "; ".join(goals) or "stated",
            "value": {figure.name: round(figure.value, 4) for figure in self.figures},
            "holds": all(figure.holds for figure in self.figures),
        }


def markdown(table: Sequence[Sequence[str]]) -> str:
    """Return a table of the page, the first row its header."""
    lines = ["| " + " | ".join(cells) + " |" for cells in table]
    return "\n".join([lines[0], "|" + " --- |" * len(table[0]), *lines[1:]])


def number(value: float, digits: int = 2) -> str:
    """Return a number for a table: thousands parted, no trailing zeros."""
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
