"""Whose order may be running: found by exploring the real code (tests/exploration)."""

from teams_numbers.in_flight import InFlight
from teams_numbers.questions import Busy, Claimed
from teams_numbers.work_item import WorkItem
from tests.values import NUMBER, SOMEBODY_ELSE, USER, settings, work_item

OTHER = "+12065550199"


class Stands:
    """A clock that stands still until it is set."""

    seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds


def known(clock: Stands) -> InFlight:
    """Return the memory of a process that knows all."""
    in_flight = InFlight(settings(), clock)  # type: ignore[arg-type] # nobody asks it for more
    in_flight.all_noted()
    return in_flight


def of(person: str, number: str = NUMBER, **about: object) -> WorkItem:
    """Return an item of a person's wish."""
    return work_item(fields={"assignmentTargetId": person, "telephoneNumber": number}, person=person, **about)


def test_a_number_that_is_not_worked_on_any_more_is_free_for_others() -> None:
    """A replacement claims the old number, then the new one; another request may claim the old one."""
    in_flight = known(Stands())
    item = of(USER)
    assert in_flight.claim("a", item, (NUMBER,)) == Claimed(NUMBER)
    assert in_flight.claim("a", item, (OTHER,)) == Claimed(OTHER)
    assert in_flight.claim("b", of(SOMEBODY_ELSE), (NUMBER,)) == Claimed(NUMBER)
    assert in_flight.claim("b", of(SOMEBODY_ELSE), (OTHER,)) == Busy("inFlight")
    in_flight.forget("a")
    assert in_flight.claim("b", of(SOMEBODY_ELSE), (OTHER,)) == Claimed(OTHER)


def test_an_order_given_without_a_claim_counts_when_the_one_before_it_is_over() -> None:
    """assign_number orders without asking: its item is in flight, too, as soon as nobody else is."""
    clock = Stands()
    in_flight = known(clock)
    in_flight.ended("a", of(USER, touched=(NUMBER,)))
    in_flight.ordered("b", of(USER, OTHER, touched=(OTHER,)))
    clock.seconds = settings().settled_seconds
    assert in_flight.claim("c", of(USER, "+12065550177"), ()) == Busy("inFlight")
