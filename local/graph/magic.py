"""Magic numbers: what each of them does. The numbers themselves are the tables that `magic_tables` brings together.

What happens "once" or "at first" is counted per number, from the last reset on, so that the same calls always meet the
same answers.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any

from local.graph.vocabulary import AssignmentCategory, OperationStatus


class Action(StrEnum):
    """What a request asks for, and what Graph is ordered to do."""

    ASSIGN = "assign"
    UNASSIGN = "unassign"
    UPDATE = "update"


class Holder(Enum):
    """Whose a number is, in a magic number's story."""

    NOBODY = "nobody"
    TARGET = "the user it was ordered for"
    SOMEBODY = "somebody else"
    PERSON = "the person that the row names"
    HALF = "the user it was ordered for, with activationState assignmentFailed"
    VOICE_APPLICATION = "a voice application"
    CONFERENCE = "a conference bridge"
    THIRD_PARTY = "an application of somebody else's"
    POLICY = "a policy"
    PHANTOM = "nobody that Graph names, though the status says assigned"


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
        holder: whose the number is then. Of an unassignment: NOBODY, or TARGET where it stays with whoever has it.
        detail: the operation's statusDetail, with the braces of `texts`; None where it says nothing.
    """

    status: OperationStatus = OperationStatus.SUCCEEDED
    holder: Holder = Holder.TARGET
    detail: str | None = None


SUCCESS = Ending()
FREED = Ending(holder=Holder.NOBODY)


@dataclass(frozen=True, slots=True, eq=False)
class Magic:
    """One magic number's behavior; a row is itself and equal to no other.

    Attributes:
        digits: the last two of the number.
        name: in kebab case.
        happens: what it does, for people.
        ends: the last part of the type of the event that a request for it should end in.
        code: that event's error code; None where there is no error.
        action: what such a request asks for.
        posts: names of the twists that its orders meet, an order being what `action` says.
        polls: names of the twists that the polls of its operations meet.
        reads: names of the twists that reading it by telephoneNumber meets.
        endings: how its orders end.
        holder: whose it is before any order; TARGET: of the first user it is ordered for.
        held_by: the name, before the @, of the person whose it is with PERSON; empty: the row's own name.
        category: the assignment's, where somebody has it from the start.
        shown: properties that the list shows otherwise than those of an ordinary number.
        capitalized: the list's words begin with a capital letter.
        seconds: how long its orders take, times the plan's timeScale; None: as the plan says.
        lag: how much later than others it shows its state in readings, in seconds, times timeScale.
        second_post: overrides the plan's secondPost.
        second_number: overrides the plan's secondNumber.
        unassign_free: overrides the plan's unassignFree.
        update_effect: overrides the plan's updateEffect.
        blocked_after: once it was taken back, it reads as free and orders for it are refused.
        hidden: while its order runs, nothing shows at the number.
        for_users: whether it has the capability userAssignment.
    """

    digits: str
    name: str
    happens: str
    ends: str = "Succeeded"
    code: str | None = None
    action: Action = Action.ASSIGN
    posts: Script[str] = field(default_factory=Script)
    polls: Script[str] = field(default_factory=Script)
    reads: Script[str] = field(default_factory=Script)
    endings: Script[Ending] = field(default_factory=Script)
    holder: Holder = Holder.NOBODY
    held_by: str = ""
    category: AssignmentCategory = AssignmentCategory.PRIMARY
    shown: Mapping[str, Any] = field(default_factory=dict)
    capitalized: bool = False
    seconds: float | None = None
    lag: float = 0.0
    second_post: str | None = None
    second_number: str | None = None
    unassign_free: str | None = None
    update_effect: str | None = None
    blocked_after: bool = False
    hidden: bool = False
    for_users: bool = True

    @property
    def person(self) -> str | None:
        """The name, before the @, of the person who has it from the start."""
        return (self.held_by or self.name) if self.holder is Holder.PERSON else None


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
