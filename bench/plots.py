"""The page's plots, from what the rows measured; readable on light and on dark pages."""

import io
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.ways import OURS

_OURS, _OTHERS, _GOAL = "#1a936f", "#8d99ae", "#e5484d"
#: What is black on a light page, and its color on a dark one.
_INK, _INK_IN_THE_DARK = "#1f2328", "#e6edf3"
_STYLE = "".join(f'[style*="{what}: {_INK}"]{{{what}:{_INK_IN_THE_DARK} !important}}' for what in ("fill", "stroke"))
#: So that the same figures give the same files.
_STABLE = {"svg.hashsalt": "bench", "font.size": 9, "axes.spines.top": False, "axes.spines.right": False}
_COLORS = dict.fromkeys(
    ("text.color", "axes.labelcolor", "axes.edgecolor", "axes.titlecolor", "xtick.color", "ytick.color"), _INK
)


def draw(series: dict[str, Any], folder: Path) -> None:
    """Write one SVG for each row that has something to show.

    Args:
        series: what each row measured, by the row's name.
        folder: where the files go.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context(_STABLE | _COLORS | {"axes.titlesize": 10, "axes.titlelocation": "left"}):
        _wave(series["a wave at the limit"], folder / "wave.svg")
        _calls(series["Graph calls per assignment"], folder / "calls.svg")
        _waited(series["done → event"]["waited"], folder / "latency.svg")
        _bars(series["CPU per assignment"]["ms"], "CPU per assignment, ms", folder / "cpu.svg", goal=6.5)
        _growth(series["growth"]["runs"], folder / "growth.svg")


def _wave(found: dict[str, Any], path: Path) -> None:
    """Draw what went through each second, this version above the one before, one limit for all calls."""
    ways = [way for way in ("this version", "version 1") if way in found["ways"]]
    figure, rows = plt.subplots(len(ways), 1, figsize=(6.5, 2.1 * len(ways)), sharex=True, sharey=True, squeeze=False)
    for axes, way in zip(rows[:, 0], ways, strict=True):
        run = found["ways"][way]
        axes.plot(_smooth(run["orders"]), color=_OURS, label="orders accepted")
        axes.plot(_smooth(run["events"]), color=_OTHERS, label="requests confirmed")
        many = [later - before for before, later in zip([0, *run["throttled"]], run["throttled"], strict=False)]
        moments = [found["sample_seconds"] * place for place, count in enumerate(many, start=1) if count]
        axes.plot(moments, [1.0] * len(moments), "x", color=_GOAL, markersize=4, label="answered 429")
        axes.axhline(found["limit"], color=_GOAL, linestyle="--", linewidth=0.8, label="limit of all calls")
        axes.set_title(f"{way}: {len(run['events'])} s for {sum(run['events']):,} requests")
        axes.set_ylabel("a second")
    rows[0, 0].legend(frameon=False, fontsize=7, loc="upper right")
    rows[-1, 0].set_xlabel("s since the first request")
    _save(figure, path)


def _smooth(counts: list[int], window: int = 5) -> list[float]:
    """Return the mean of some seconds around each: events come in bursts of a timer."""
    return [sum(counts[max(0, at - window) : at + 1]) / min(at + 1, window + 1) for at in range(len(counts))]


def _calls(found: dict[str, Any], path: Path) -> None:
    """Draw the calls of each load, the order itself among them, and its goal."""
    figure, axes = plt.subplots(figsize=(6.5, 3.4))
    for place, cost in enumerate(found["loads"].values()):
        axes.barh(place, cost["posts"], color=_OURS, label="the order" if place == 0 else None)
        axes.barh(place, cost["gets"], left=cost["posts"], color=_OTHERS, label="readings" if place == 0 else None)
        if cost["goal"] is not None:
            axes.plot([cost["goal"]] * 2, [place - 0.4, place + 0.4], color=_GOAL, label="goal" if place == 0 else None)
    axes.set_yticks(range(len(found["loads"])), list(found["loads"]))
    axes.invert_yaxis()
    axes.set_title("Graph calls per assignment, observed before and after")
    axes.legend(frameon=False, fontsize=7)
    _save(figure, path)


def _waited(found: dict[str, list[float]], path: Path) -> None:
    """Draw how many events came within how long."""
    figure, axes = plt.subplots(figsize=(5, 2.4))
    for (name, waited), color in zip(found.items(), (_OURS, _OTHERS), strict=False):
        axes.plot(waited, [place / len(waited) for place in range(len(waited))], color=color, label=name)
    for share, goal in ((0.5, 12), (0.99, 45)):
        axes.plot([goal], [share], "x", color=_GOAL, label="goals of the wave" if share < 0.9 else None)  # noqa: PLR2004
    axes.set_title("How soon the event comes: share of all, by seconds")
    axes.set_xlabel("s after Graph was done")
    axes.legend(frameon=False, fontsize=7)
    _save(figure, path)


def _bars(found: dict[str, list[float]], title: str, path: Path, goal: float | None = None) -> None:
    """Draw each way's median, every run a dot."""
    figure, axes = plt.subplots(figsize=(5, 2.2))
    for place, (way, values) in enumerate(found.items()):
        middle = sorted(values)[len(values) // 2]
        axes.barh(place, middle, color=_OURS if way == OURS else _OTHERS)
        axes.plot(values, [place] * len(values), ".", color=_INK, markersize=3)
    axes.set_yticks(range(len(found)), list(found))
    axes.invert_yaxis()
    axes.set_title(title)
    if goal is not None:
        axes.axvline(goal, color=_GOAL, linestyle="--", linewidth=1)
    _save(figure, path)


def _growth(runs: list[dict[str, float]], path: Path) -> None:
    """Draw CPU against the amount."""
    figure, axes = plt.subplots(figsize=(4.5, 2.4))
    _loglog(axes, [run["amount"] for run in runs], [run["cpu"] for run in runs])
    axes.set_title("CPU to end so many pending orders, s")
    axes.set_xlabel("pending orders; dashed: in proportion")
    _save(figure, path)


def _loglog(axes: Axes, amounts: list[float], used: list[float]) -> None:
    axes.loglog(amounts, used, "o-", color=_OURS)
    axes.loglog(amounts, [used[0] * amount / amounts[0] for amount in amounts], "--", color=_GOAL, linewidth=0.8)


def _save(figure: Figure, path: Path) -> None:
    """Write a plot without a background, its ink bright where the page is dark."""
    figure.tight_layout()
    written = io.StringIO()
    figure.savefig(written, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    plt.close(figure)
    dark = f"<style>@media (prefers-color-scheme: dark) {{{_STYLE}}}</style>"
    text = written.getvalue().replace("<defs>", f"{dark}\n <defs>", 1)
    path.write_text("\n".join(line.rstrip() for line in text.splitlines()) + "\n", encoding="utf-8")
