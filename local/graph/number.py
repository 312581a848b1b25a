"""One telephone number: its states since the beginning, and how Graph shows one of them."""

import base64
import functools
import uuid
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from typing import Any, Final

from local.graph import inventory
from local.graph.inventory import Profile
from local.graph.magic import Magic
from local.graph.state import State
from local.graph.vocabulary import WORDS, CustomerAction, NumberCapability, NumberSource, NumberType

_OPERATOR_ID: Final = "44444444-4444-4444-8444-444444444444"
_IDS: Final = uuid.UUID("55555555-5555-4555-8555-555555555555")
_FOR_SERVICES: Final = (NumberCapability.VOICE_APPLICATION, NumberCapability.CONFERENCE)
_FOR_ALL: Final = (NumberCapability.USER, *_FOR_SERVICES)


@dataclass(slots=True)
class Number:
    """A number's truth with its past, and how often it was asked for.

    Attributes:
        telephone_number: with its plus.
        profile: what never changes about it.
        running: how many orders for it are running.
        running_for: whom the running order is for; None where it takes the number back.
        since: the moments of its changes, in epoch seconds, ascending.
        blocked_until: until then it cannot be ordered, as free as it reads, in epoch seconds.
        posts, polls, reads, orders: how often its magic's orders came, their operations were polled, it was read, such
            an order was accepted.
    """

    telephone_number: str
    profile: Profile
    running: int = 0
    running_for: str | None = None
    blocked_until: float = 0.0
    posts: int = 0
    polls: int = 0
    reads: int = 0
    orders: int = 0
    since: list[float] = field(default_factory=list)
    _states: list[State] = field(init=False)

    def __post_init__(self) -> None:
        self._states = [self.profile.first]

    @classmethod
    def make(cls, telephone_number: str, number_type: NumberType) -> "Number":
        """Return a number as it is before anything happened to it."""
        return cls(telephone_number, inventory.profile(telephone_number, number_type))

    @property
    def number_type(self) -> NumberType:
        """Its kind."""
        return self.profile.number_type

    @property
    def magic(self) -> Magic | None:
        """What is special about it."""
        return self.profile.magic

    @property
    def state(self) -> State:
        """Its true state."""
        return self._states[-1]

    @property
    def target(self) -> str | None:
        """Whose it truly is."""
        return self._states[-1].target

    def at(self, moment: float) -> State:
        """Return the state that it had at a moment, in epoch seconds."""
        return self._states[bisect_right(self.since, moment)]

    def change(self, moment: float, **fields: Any) -> None:  # noqa: ANN401 - the fields of State
        """Let it be otherwise from a moment on that is not before the last one."""
        self._states.append(replace(self._states[-1], **fields))
        self.since.append(moment)

    def as_json(self, moment: float, *, show_running: bool) -> dict[str, Any]:
        """Return Graph's `numberAssignment` as it was at a moment.

        Args:
            moment: in epoch seconds.
            show_running: a running order shows in activationState.
        """
        return entity(self.telephone_number, self.profile, self.at(moment), show_running=show_running)


def entity(telephone_number: str, profile: Profile, state: State, *, show_running: bool) -> dict[str, Any]:
    """Return Graph's `numberAssignment` for a state of a number."""
    magic = profile.magic
    running = state.pending if show_running and not (magic and magic.hidden) else None
    shown = {
        "id": identifier(telephone_number),
        "telephoneNumber": telephone_number,
        "operatorId": _OPERATOR_ID,
        "numberType": profile.number_type,
        "activationState": running or state.activation,
        "capabilities": list(_FOR_SERVICES if magic and not magic.for_users else _FOR_ALL),
        "locationId": state.location_id,
        "civicAddressId": None,
        "networkSiteId": state.network_site_id,
        "assignmentTargetId": state.target,
        "assignmentCategory": state.category if state.held else None,
        "assignmentStatus": state.status,
        "portInStatus": None,
        "isoCountryCode": profile.country,
        "city": None,
        "numberSource": NumberSource.ONLINE,
        "supportedCustomerActions": [CustomerAction.LOCATION_UPDATE],
        "reverseNumberLookupOptions": list(state.reverse_lookup),
        **profile.shown,
    }
    if profile.number_type is not NumberType.DIRECT_ROUTING and "supportedCustomerActions" not in profile.shown:
        shown["supportedCustomerActions"] = [CustomerAction.LOCATION_UPDATE, CustomerAction.RELEASE]
    return _capitalized(shown) if magic and magic.capitalized else shown


@functools.lru_cache(maxsize=100_000)
def identifier(telephone_number: str) -> str:
    """Return a number's id in Graph: base64url of a GUID and the number."""
    key = f"{uuid.uuid5(_IDS, telephone_number)}|{telephone_number}"
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def identified(key: str) -> str | None:
    """Return the number that has an id, None where it is no number's."""
    try:
        hidden = base64.urlsafe_b64decode(key + "=" * (-len(key) % 4)).decode()
    except ValueError:
        return None
    telephone_number = hidden.partition("|")[2]
    return telephone_number if identifier(telephone_number) == key else None


def capitalized(word: str) -> str:
    """Return a word of Graph's with a capital letter in front."""
    return word[:1].upper() + word[1:]


def _capitalized(shown: dict[str, Any]) -> dict[str, Any]:
    return {
        name: capitalized(value) if name in WORDS and isinstance(value, str) else value for name, value in shown.items()
    }
