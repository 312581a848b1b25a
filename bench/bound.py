"""How few looks any schedule needs: a lower bound, whatever an app does, so that a goal beyond it is known to be one.

How long an operation takes is drawn from a log-normal distribution, and nothing else is known of it until somebody
looks. A schedule is a row of moments, each a GET if the operation still ran at the one before. The least mean number of
GETs, with half of the waits and 99 in 100 of them bounded, is a linear program over all schedules, mixed ones included.
Its Lagrangian relaxation puts a price on each wait that is too long, and dynamic programming solves it exactly. By weak
duality any prices give a lower bound (Boyd and Vandenberghe, Convex Optimization, section 5.2.2): the best found is it.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from statistics import NormalDist, fmean

HALF, MOST = 0.5, 0.99
MEDIAN_SECONDS = 8.0
#: One operation in a hundred takes more than five minutes.
SIGMA = math.log(300 / MEDIAN_SECONDS) / NormalDist().inv_cdf(MOST)

#: Until when looks are counted, in seconds: later ones are free here, which keeps the bound one.
_HORIZON = 1200.0
#: For looks at any time: until when time is cut how finely, in seconds.
_STEPS = ((60.0, 0.2), (150.0, 0.5), (400.0, 1.0), (_HORIZON, 5.0))
#: For a timer: how many places between two of its turns an order may have.
_PHASES = 15
#: How long the prices are searched for, and where, per operation.
_ROUNDS, _THIRDS, _DEAREST_HALF, _DEAREST_MOST = 3, 12, 3.0, 6.0
#: How near the soonest half is told, in seconds.
_NEAR = 0.25
_TIMES = NormalDist(math.log(MEDIAN_SECONDS), SIGMA)

type Rows = list[list[float]]


@dataclass(frozen=True, slots=True)
class Grid:
    """When one may look.

    Attributes:
        moments: seconds after the order, the order itself the first.
        slack: by how many seconds each may in truth be earlier.
    """

    moments: list[float]
    slack: list[float]

    def late(self, within: float) -> Rows:
        """Return, for two looks after each other, the share of operations that the later finds too late."""
        done = [_done(moment) for moment in self.moments]
        return [
            [
                max(0.0, _done(moment - within - slack) - done[place])
                for moment, slack in zip(self.moments[place + 1 :], self.slack[place + 1 :], strict=True)
            ]
            for place in range(len(self.moments))
        ]


def least_looks(half_within: float, most_within: float, timer: float | None = None) -> float:
    """Return a number that the mean looks of no schedule are below.

    Args:
        half_within: within how many seconds of its end half of the operations must be looked at.
        most_within: the same for 99 in 100.
        timer: seconds between the only moments at which one may look, wherever between two of them an order comes;
            None: one may look at any time.
    """
    grids = [_any_time()] if timer is None else [_ticks(timer, (place + 0.5) / _PHASES) for place in range(_PHASES)]
    problems = [(grid, grid.late(half_within), grid.late(most_within)) for grid in grids]

    def bound(half: float, most: float) -> float:
        paid = half * (1 - HALF) + most * (1 - MOST)
        return fmean(_cheapest(grid, half, late, most, very_late) for grid, late, very_late in problems) - paid

    half, most = 1.0, 3.0
    for _ in range(_ROUNDS):
        half = _top(partial(bound, most=most), _DEAREST_HALF)
        most = _top(partial(bound, half), _DEAREST_MOST)
    return bound(half, most)


def soonest_half(looks: float, most_within: float, timer: float | None = None) -> float:
    """Return seconds within which no schedule looks at half of the operations.

    Args:
        looks: per operation, the most on average.
        most_within: within how many seconds of its end 99 in 100 must be looked at.
        timer: as above.
    """
    low, high = 1.0, 60.0
    while high - low > _NEAR:
        middle = (low + high) / 2
        low, high = (middle, high) if least_looks(middle, most_within, timer) > looks else (low, middle)
    return low


def _done(seconds: float) -> float:
    """Return the share of the operations that have ended by then."""
    return _TIMES.cdf(math.log(seconds)) if seconds > 0 else 0.0


def _any_time() -> Grid:
    """Return moments that stand for all: a look that is moved to the next comes later by less than that one's slack."""
    grid = Grid([0.0], [0.0])
    for until, step in _STEPS:
        while grid.moments[-1] < until:
            grid.moments.append(grid.moments[-1] + step)
            grid.slack.append(step)
    return grid


def _ticks(timer: float, phase: float) -> Grid:
    """Return a timer's turns after an order that came so far, as a share, before one."""
    turns = [(place + phase) * timer for place in range(int(_HORIZON / timer))]
    return Grid([0.0, *turns], [0.0] * (len(turns) + 1))


def _cheapest(grid: Grid, half: float, late: Rows, most: float, very_late: Rows) -> float:
    """Return the least cost of a schedule: its looks, and its waits that are too long at their prices."""
    ahead: list[float] = [0.0]
    for place in reversed(range(len(grid.moments) - 1)):
        costs = zip(late[place], very_late[place], ahead, strict=True)
        least = min(half * one + most * other + rest for one, other, rest in costs)
        ahead.insert(0, 1 - _done(grid.moments[place]) + least)
    return ahead[0]


def _top(bound: Callable[[float], float], dearest: float) -> float:
    """Return about where a concave function is highest."""
    low, high = 0.0, dearest
    for _ in range(_THIRDS):
        third = (high - low) / 3
        left, right = low + third, high - third
        low, high = (left, high) if bound(left) < bound(right) else (low, right)
    return (low + high) / 2
