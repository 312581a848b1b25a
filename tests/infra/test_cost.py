"""The arithmetic of docs/deploy.md and docs/operations.md, worked out again."""

import ast
import operator
import re
from collections.abc import Callable

import pytest

from tests.infra.deployment import ROOT, rules

DEPLOY = (ROOT / "docs/deploy.md").read_text()
OPERATIONS = (ROOT / "docs/operations.md").read_text()
BLOCKS = re.findall(r"^```\w*\n(.*?)^ *```", f"{DEPLOY}\n{OPERATIONS}", re.DOTALL | re.MULTILINE)
SUMS = [line for block in BLOCKS for line in block.splitlines() if re.match(r"[\d(].* = ", line)]
TIMES = "\N{MULTIPLICATION SIGN}"
CALCULATE: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
#: As the docs state them: free each month, and dollars for one.
FREE = {"GB-seconds": 100_000, "runs": 250_000, "GB": 5.0}
PRICES = {"GB-second": 0.000026, "run": 0.40 / 1e6, "operation": 0.004 / 1e4, "GB": 2.30}


def value(expression: str) -> float:
    """Work out a sum as the docs write it: commas between thousands, units left out."""

    def work_out(node: ast.expr) -> float:
        match node:
            case ast.BinOp(left, operation, right):
                return CALCULATE[type(operation)](work_out(left), work_out(right))
            case ast.Constant(int() | float() as number):
                return number
        pytest.fail(f"no sum: {expression}")

    plain = re.sub(r"GB|\bs\b", "", expression.replace(",", "").replace(TIMES, "*"))
    return work_out(ast.parse(plain.strip(), mode="eval").body)


@pytest.mark.parametrize("line", SUMS)
def test_a_sum_in_the_docs_is_right(line: str) -> None:
    left, _, right = line.partition(" = ")
    said = re.match(r"[\d.,]*\d", right)
    assert said
    decimals = len(said[0].partition(".")[2])
    assert f"{value(left):.{decimals}f}" == said[0].replace(",", "")


def test_there_are_sums_to_check() -> None:
    assert len(SUMS) >= 14


def alerts() -> float:
    """Add up what the rules cost that infra/ makes, by how often each is evaluated."""
    prices = {"PT5M": 1.50, "PT15M": 0.50}
    return sum(prices[rule["evaluationFrequency"]] for rule in rules().values())


def cost(assignments: int, *, free: bool) -> list[float]:
    """Work out one column of the cost table from the docs' own assumptions."""
    runs = 4 * 60 * 24 * 30
    give = FREE if free else dict.fromkeys(FREE, 0)
    return [
        max(0, 2 * (runs + assignments) - give["GB-seconds"]) * PRICES["GB-second"],
        max(0, runs + assignments - give["runs"]) * PRICES["run"],
        (runs * 3 + 1_296_000 + 16 * assignments) * PRICES["operation"],
        518_400 * PRICES["operation"],
        max(0, (runs * 7 + 1_296_000 + 604_800 + 29 * assignments) / 1e6 - give["GB"]) * PRICES["GB"],
        alerts(),
    ]


@pytest.mark.parametrize(("column", "assignments"), [(1, 100), (2, 1_000), (3, 20_000)])
def test_the_cost_table_follows_from_its_assumptions(column: int, assignments: int) -> None:
    table = DEPLOY.split("| dollars a month |", 1)[1]
    rows = [[cell.strip(" *") for cell in line.split("|")] for line in table.splitlines()[2:] if line.startswith("|")]
    parts = [f"{part:.2f}" for part in cost(assignments, free=True)]
    assert [row[column + 1] for row in rows[:6]] == parts
    assert rows[6][column + 1] == f"{sum(map(float, parts)):.2f}"
    assert rows[7][column + 1] == f"{sum(round(part, 2) for part in cost(assignments, free=False)):.2f}"
