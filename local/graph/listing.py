"""The list of numbers: which of them a filter lets through, without looking at all of them for every page."""

from bisect import bisect_left, bisect_right, insort
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

from local.graph.filters import Condition
from local.graph.inventory import Inventory, Profile
from local.graph.number import Number

#: So many filters are kept up to date; the one that was used least lately is forgotten.
_MOST_VIEWS: Final = 16


@dataclass(slots=True)
class _View:
    """What a filter lets through.

    Attributes:
        names: the numbers, ascending.
        seen: how many of the changes are in it.
    """

    names: list[str]
    seen: int


class Listing:
    """The numbers that a filter lets through, at the moment that readings show.

    A filter's first page looks at every number; a later one only at those that changed since.

    Args:
        inventory: the numbers there are.
        known: the numbers that something may have happened to, and those that are not in the inventory.
    """

    def __init__(self, inventory: Inventory, known: Mapping[str, Number]) -> None:
        self._changes: list[tuple[float, str]] = []
        self.begin_anew(inventory, known)

    def begin_anew(
        self, inventory: Inventory, known: Mapping[str, Number], changes: Iterable[tuple[float, str]] | None = None
    ) -> None:
        """Look at every number again at each filter's next page.

        Args:
            inventory: the numbers there are.
            known: as for the class.
            changes: what `note` was told, where that has changed, too.
        """
        self._inventory = inventory
        self._known = known
        self._views: OrderedDict[tuple[Condition, ...], _View] = OrderedDict()
        if changes is not None:
            self._changes = sorted(changes)

    def note(self, telephone_number: str, shows_at: float) -> None:
        """Know of a change that readings show from a moment on, which is not before the present."""
        insort(self._changes, (shows_at, telephone_number), key=itemgetter(0))

    def names(
        self,
        conditions: tuple[Condition, ...],
        moment: float,
        known: Callable[[Number], bool],
        untouched: Callable[[str, Profile], bool],
    ) -> Sequence[str]:
        """Return the numbers that a filter lets through, ascending.

        Args:
            conditions: the filter.
            moment: the moment that readings show.
            known: whether the filter lets a number through as it is shown now.
            untouched: the same for a number that nothing happened to; what it says of one it says of all that have its
                profile.
        """
        upto = bisect_right(self._changes, moment, key=itemgetter(0))
        view = self._views.get(conditions)
        if view is None:
            view = self._views[conditions] = _View(self._all(known, untouched), upto)
            if len(self._views) > _MOST_VIEWS:
                self._views.popitem(last=False)
        self._views.move_to_end(conditions)
        for _, name in self._changes[view.seen : upto]:
            _place(view.names, name, there=known(self._known[name]))
        view.seen = max(view.seen, upto)
        return view.names

    def _all(self, known: Callable[[Number], bool], untouched: Callable[[str, Profile], bool]) -> list[str]:
        lets: dict[Profile, bool] = {}
        names = []
        for name, profile in zip(self._inventory.names, self._inventory.profiles, strict=True):
            if (number := self._known.get(name)) is not None:
                through = known(number)
            elif (said := lets.get(profile)) is not None:
                through = said
            else:
                through = lets[profile] = untouched(name, profile)
            if through:
                names.append(name)
        own = set(self._inventory.names)
        names += [name for name, number in self._known.items() if name not in own and known(number)]
        names.sort()
        return names


def _place(names: list[str], name: str, *, there: bool) -> None:
    """Let a name be in an ascending list, or not be in it."""
    at = bisect_left(names, name)
    found = at < len(names) and names[at] == name
    if there and not found:
        names.insert(at, name)
    elif found and not there:
        del names[at]
