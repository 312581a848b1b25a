"""What a manager reads is what was measured, each figure at its question."""

from typing import Any

import pytest

from bench.page import rendered
from bench.summary import summary

_RUN = {"amount": 2000, "seconds": 103.4, "most": 99.0, "calls": 2400, "lost": 0, "share": 0.004}


@pytest.fixture
def found() -> dict[str, Any]:
    loads = {name: {"posts": 1.0, "gets": gets} for name, gets in (("wave", 0.12), ("lone", 2.8), ("by pool", 0.13))}
    runs = {
        "two hosts, reads and writes apart": _RUN,
        "this version": _RUN | {"amount": 1000, "most": 61.0, "share": 0.002},
        "version 1": _RUN | {"amount": 1000, "most": 126.0, "share": 0.031},
    }
    values: dict[str, dict[str, float]] = {
        "done → event": {"s p50 in the wave": 10.5, "s p99 in the wave": 27, "s p50 alone": 17.5, "s p99 alone": 44},
        "CPU per assignment": {"ms": 6.1, "ms with msgraph-sdk": 12.4},
        "idle": {"dollars a month": 0.7257},
        "memory": {"MB with 79,900 numbers": 141.2, "s of CPU to list them": 2.0},
    }
    return {
        "targets": [{"name": name, "value": value, "goal": "", "holds": True} for name, value in values.items()],
        "series": {
            "Graph calls per assignment": {"loads": loads},
            "a wave at the limit": {"runs": runs, "limit": 20},
            "storage transactions per assignment": {"per": {"by number": 6.2, "by pool": 9.3}},
        },
        "tables": {},
        "commit": "0" * 40,
        "machine": "m",
    }


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("How many Graph calls", ["1.12:", "version 1: 2.4 "]),
        ("How long", ["2,000 numbers in 103 s at 20", "alone: 100 s"]),
        ("And where one limit", ["1,000 numbers in 61 s", "version 1: 126 s"]),
        ("How soon", ["half within 10.5 s", "within 27 s"]),
        ("And that of a single", ["half within 17.5 s", "within 44 s", "2.8 readings"]),
        ("What does picking", ["1.13 Graph calls"]),
        ("How much CPU", ["6.1 ms", "12.4 ms"]),
        ("What does the storage", ["0.0025 dollars", "0.0037 by pool", "0.73 dollars a month"]),
        ("How much memory", ["141 MB"]),
        ("What is lost", ["0 lost, 0.40%", "version 1: 3.10%"]),
    ],
)
def test_each_question_is_answered_with_its_figures(found: dict[str, Any], question: str, told: list[str]) -> None:
    (line,) = (line for line in summary(found)[1:] if line[0].startswith(question))
    assert all(text in " | ".join(line) for text in told), line


def test_a_manager_reads_ten_lines(found: dict[str, Any]) -> None:
    assert len(summary(found)) == 1 + 10


def test_the_page_shows_them(found: dict[str, Any]) -> None:
    page = rendered("<!-- table: summary -->\n<!-- end -->", found)
    assert "| How long does it take? | 2,000 numbers in 103 s" in page


def test_a_figure_that_was_not_measured_is_not_made_up(found: dict[str, Any]) -> None:
    del found["series"]["a wave at the limit"]["runs"]["version 1"]
    with pytest.raises(KeyError):
        summary(found)
