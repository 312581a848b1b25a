"""The page's plots, from what the rows measured."""

from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from bench.ways import OURS

_OURS, _OTHERS, _GOAL = "#0b6e4f", "#8d99ae", "#c1121f"
#: So that the same figures give the same files.
_STABLE = {"svg.hashsalt": "bench", "font.size": 9, "axes.spines.top": False, "axes.spines.right": False}


def draw(series: dict[str, Any], folder: Path) -> None:
    """Write one SVG for each row that has something to show.

    Args:
        series: what each row measured, by the row's name.
        folder: where the files go.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context(_STABLE):
        _bars(series["CPU per assignment"]["ms"], "CPU per assignment, ms", folder / "cpu.svg", goal=7)
        _bars(series["beside the obvious way"]["seconds"], "500 due operations, s", folder / "drain.svg")
        _trade_off(series["done → event"], folder / "trade-off.svg")
        _waited(series["done → event"], folder / "latency.svg")
        _wave(series["a wave at the limit"], folder / "wave.svg")
        _growth(series["growth"]["runs"], folder / "growth.svg")


def _bars(found: dict[str, list[float]], label: str, path: Path, goal: float | None = None) -> None:
    """Draw each way's median, every run a dot."""
    figure, axes = plt.subplots(figsize=(5, 2.2))
    for place, (way, values) in enumerate(found.items()):
        middle = sorted(values)[len(values) // 2]
        axes.barh(place, middle, color=_OURS if way == OURS else _OTHERS)
        axes.plot(values, [place] * len(values), "k.", markersize=3)
    axes.set_yticks(range(len(found)), list(found))
    axes.invert_yaxis()
    axes.set_xlabel(label)
    if goal is not None:
        axes.axvline(goal, color=_GOAL, linestyle="--", linewidth=1)
    _save(figure, path)


def _trade_off(found: dict[str, Any], path: Path) -> None:
    """Draw calls against time for each timer, and the goals."""
    figure, axes = plt.subplots(figsize=(5.5, 3.4))
    for line in found["curve"]:
        points = line["points"]
        usual = line["timer"] == 15  # noqa: PLR2004 - the app's timer
        axes.plot(
            [point[1] for point in points],
            [point[2] for point in points],
            ".-",
            label=f"timer every {line['timer']} s",
            color=_OURS if usual else None,
            linewidth=1.5 if usual else 0.8,
        )
        for first, looks, middle, _ in points if usual else []:
            axes.annotate(f"{first} s", (looks, middle), (3, 3), textcoords="offset points", fontsize=6)
    axes.plot(*found["here"][:2], "o", color=_GOAL, label="the app, simulated", markersize=5)
    axes.axhline(12, color=_GOAL, linestyle="--", linewidth=0.8)
    axes.axvline(1.5, color=_GOAL, linestyle="--", linewidth=0.8)
    axes.set_xlabel("GETs per assignment, mean (goal 1.5)")
    axes.set_ylabel("done → event, p50, s (goal 12)")
    axes.legend(frameon=False, fontsize=7)
    _save(figure, path)


def _waited(found: dict[str, Any], path: Path) -> None:
    """Draw how many events came within how long."""
    figure, axes = plt.subplots(figsize=(5, 2.4))
    waited = found["waited"]
    axes.plot(waited, [place / len(waited) for place in range(len(waited))], color=_OURS)
    axes.set_xscale("log")
    axes.set_xlabel("s from Graph's completion to the event")
    axes.set_ylabel("share of the events")
    for share, goal in ((0.5, 12), (0.99, 45)):
        axes.plot([goal], [share], "x", color=_GOAL)
    _save(figure, path)


def _wave(found: dict[str, Any], path: Path) -> None:
    """Draw what went through each second."""
    figure, axes = plt.subplots(figsize=(5.5, 2.4))
    seconds = [at[0] for at in found["rate"]]
    axes.plot(seconds, [at[1] for at in found["rate"]], color=_OURS, label="orders accepted")
    axes.plot(seconds, [at[2] for at in found["rate"]], color=_OTHERS, label="operations read")
    axes.axhline(found["limit"], color=_GOAL, linestyle="--", linewidth=0.8, label="Graph's limit, each")
    axes.set_xlabel("s")
    axes.set_ylabel("calls a second")
    axes.legend(frameon=False, fontsize=7)
    _save(figure, path)


def _growth(runs: list[dict[str, float]], path: Path) -> None:
    """Draw CPU against the amount."""
    figure, axes = plt.subplots(figsize=(4, 2.4))
    _loglog(axes, [run["amount"] for run in runs], [run["cpu"] for run in runs])
    axes.set_xlabel("pending operations")
    axes.set_ylabel("CPU to end them all, s")
    _save(figure, path)


def _loglog(axes: Axes, amounts: list[float], used: list[float]) -> None:
    axes.loglog(amounts, used, "o-", color=_OURS)
    axes.loglog(amounts, [used[0] * amount / amounts[0] for amount in amounts], "--", color=_GOAL, linewidth=0.8)


def _save(figure: Any, path: Path) -> None:  # noqa: ANN401 - matplotlib's
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None, "Creator": None})
    plt.close(figure)
