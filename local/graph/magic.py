"""Magic numbers: what each of them does. The numbers themselves are the table in `magic_table`.

What happens "once" or "at first" is counted per number, from the last reset on, so that the same calls always meet the
same answers.
"""

import math
from dataclasses import dataclass, field
from enum import Enum

from local.graph.vocabulary import OperationStatus


class Holder(Enum):
    """Whose a number is, in a magic number's story."""

    NOBODY = "nobody"
    TARGET = "the user it was ordered for"
    SOMEBODY = "somebody else"
    VOICE_APPLICATION = "a voice application"
    HALF = "the user it was ordered for, with activationState assignmentFailed"


@dataclass(frozen=True, slots=True)
class Script[T]:
    """What the first, second, … time brings; after its end the ordinary, or with `forever` the last step again."""

    steps: tuple[T, ...] = ()
    forever: bool = False

    def at(self, index: int) -> T | None:
        """Return the step of the time numbered from 0; None: the ordinary."""
        if index < len(self.steps):
            return self.steps[index]
        return self.steps[-1] if self.forever else None

    def then(self, step: T) -> "Script[T]":
        """Return this script with one more step, which then happens every time."""
        return Script((*self.steps, step), forever=True)


@dataclass(frozen=True, slots=True)
class Ending:
    """How an order ends.

    Attributes:
        status: the operation's word.
        holder: whose the number is then.
        detail: the operation's statusDetail, with the braces of `twists`; None where it says nothing.
    """

    status: OperationStatus = OperationStatus.SUCCEEDED
    holder: Holder = Holder.TARGET
    detail: str | None = None


SUCCESS = Ending()


@dataclass(frozen=True, slots=True)
class Magic:
    """One magic number's behavior.

    Attributes:
        digits: the last two of the number.
        name: in kebab case.
        happens: what it does, for people.
        ends: the last part of the type of the event that a request for it should end in.
        code: that event's error code; None where there is no error.
        posts: names of the twists that its orders meet.
        polls: names of the twists that the polls of its operations meet.
        reads: names of the twists that reading it by telephoneNumber meets.
        endings: how its orders end.
        holder: whose it is before any order; TARGET: of the first user it is ordered for.
        seconds: how long its orders take, times the plan's timeScale; None: as the plan says.
        lag: how long after its order's end it still reads as unassigned, times timeScale.
        second_post: overrides the plan's secondPost.
        hidden: while its order runs, nothing shows at the number.
        for_users: whether it has the capability userAssignment.
    """

    digits: str
    name: str
    happens: str
    ends: str = "Succeeded"
    code: str | None = None
    posts: Script[str] = field(default_factory=Script)
    polls: Script[str] = field(default_factory=Script)
    reads: Script[str] = field(default_factory=Script)
    endings: Script[Ending] = field(default_factory=Script)
    holder: Holder = Holder.NOBODY
    seconds: float | None = None
    lag: float = 0.0
    second_post: str | None = None
    hidden: bool = False
    for_users: bool = True


#: How long an order takes that never ends.
FOREVER = math.inf


def once(*steps: str) -> Script[str]:
    """Return a script whose steps happen once each, in their order."""
    return Script(steps)


def always(step: str) -> Script[str]:
    """Return a script of one step that happens every time."""
    return Script((step,), forever=True)


def ending(status: OperationStatus, holder: Holder, detail: str | None = None, *, times: int = 1) -> Script[Ending]:
    """Return a script that ends orders so: the first ones, or with `times` 0 all."""
    step = Ending(status, holder, detail)
    return Script((step,) * max(times, 1), forever=not times)
