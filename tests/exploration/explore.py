"""Every state that a world can come to: breadth first, so that what is found first has no shorter trace."""

import logging
from array import array
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from teams_numbers import look
from teams_numbers.settings import Settings
from tests.exploration import promises
from tests.exploration.effects import TICK
from tests.exploration.moves import Moves
from tests.exploration.state import Move, State


@dataclass(frozen=True)
class Found:
    """What an exploration found.

    Attributes:
        states: how many there are.
        moves: how many lead from one to another.
        ends: in how many everything has ended.
        ticks: the last moment of any.
        broken: the promise that is broken first, or None.
        trace: how it comes to that, one line for each move.
        whole: no state was left out.
    """

    states: int
    moves: int
    ends: int
    ticks: int
    broken: str | None = None
    trace: tuple[str, ...] = ()
    whole: bool = True

    def figures(self) -> dict[str, int | str | bool | None]:
        """Return the counts, for a file."""
        return {
            "states": self.states,
            "moves": self.moves,
            "ends": self.ends,
            "ticks": self.ticks,
            "whole": self.whole,
            "broken": self.broken,
        }


def explore(moves: Moves, most: int = 10_000_000) -> Found:
    """Explore a world until no new state appears, a promise is broken, or there are too many.

    The app logs nothing meanwhile. A deadline of some ticks has no room for the eighth of it that a last answer is
    waited for, so that is as long as the deadline itself; how old a reading may be is the world's.
    """
    logging.disable(logging.CRITICAL)
    try:
        recent = timedelta(seconds=moves.world.recent * TICK)
        with patch.object(look, "_GRACE", 1.0), patch.object(Settings, "recent", recent):
            return _explore(moves, most)
    finally:
        logging.disable(logging.NOTSET)


def _explore(moves: Moves, most: int) -> Found:
    """Explore a world.

    States are told apart by hashes of 64 bits: for a million of them, two are taken for one by a chance of 1 in 10^7.
    """
    first = moves.first()
    names: dict[int, int] = {hash(first): 0}
    parents, sources, targets = array("l", [-1]), array("l"), array("l")
    ends, held = array("l"), array("l")
    frontier, ticks = [(0, first)], 0
    while frontier:
        following: list[tuple[int, State]] = []
        for name, state in frontier:
            ticks = max(ticks, state.tick)
            if state.over:
                ends.append(name)
                if (broken := promises.end_is_asked_for(moves.world, state)) is not None:
                    return _broken(moves, names, parents, name, broken, len(sources), len(ends), ticks)
                continue
            held.extend([name] * state.held)
            for move in moves.of(state):
                if move.broken is not None:
                    found = _broken(moves, names, parents, name, move.broken, len(sources), len(ends), ticks)
                    last = (*found.trace, _line(state, move))
                    return Found(found.states, found.moves, found.ends, ticks, move.broken, last)
                key = hash(move.after)
                known = names.get(key)
                if known is None:
                    known = names[key] = len(parents)
                    parents.append(name)
                    following.append((known, move.after))
                sources.append(name)
                targets.append(known)
            if len(parents) > most:
                return Found(len(parents), len(sources), len(ends), ticks, whole=False)
        frontier = following
    stuck = _without_end(len(parents), sources, targets, ends + held)
    if stuck is not None:
        return _broken(
            moves, names, parents, stuck, "an end is reachable from every state", len(sources), len(ends), ticks
        )
    return Found(len(parents), len(sources), len(ends), ticks)


def _without_end(count: int, sources: "array[int]", targets: "array[int]", ends: "array[int]") -> int | None:
    """Return the last state from which no end can be reached, if there is one."""
    starts = array("l", [0]) * (count + 1)
    for target in targets:
        starts[target + 1] += 1
    for at in range(count):
        starts[at + 1] += starts[at]
    before, filled = array("l", [0]) * len(targets), array("l", starts)
    for source, target in zip(sources, targets, strict=True):
        before[filled[target]] = source
        filled[target] += 1
    reaches = bytearray(count)
    waiting = list(ends)
    for end in ends:
        reaches[end] = 1
    while waiting:
        state = waiting.pop()
        for source in before[starts[state] : starts[state + 1]]:
            if not reaches[source]:
                reaches[source] = 1
                waiting.append(source)
    found = reaches.rfind(0)
    return None if found < 0 else found


def _broken(moves: Moves, names: dict[int, int], parents: "array[int]", name: int, broken: str, *counts: int) -> Found:
    trace = _trace(moves, names, parents, name)
    return Found(len(parents), counts[0], counts[1], counts[2], broken, trace)


def _trace(moves: Moves, names: dict[int, int], parents: "array[int]", name: int) -> tuple[str, ...]:
    """Return the moves that lead to a state, found by making them again."""
    path = [name]
    while parents[path[-1]] >= 0:
        path.append(parents[path[-1]])
    state, lines = moves.first(), []
    for wanted in reversed(path[:-1]):
        move = next(move for move in moves.of(state) if names.get(hash(move.after)) == wanted)
        lines.append(_line(state, move))
        state = move.after
    return tuple(lines)


def _line(state: State, move: Move) -> str:
    said: tuple[Any, ...] = move.said
    return f"{state.tick}: {' '.join(str(part) for part in said)}"
