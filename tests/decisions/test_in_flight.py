"""Whose order may be running: found by exploring the real code (tests/exploration)."""

from teams_numbers.in_flight import InFlight
from teams_numbers.questions import Busy, Claimed
from teams_numbers.work_item import WorkItem
from tests.values import NUMBER, SOMEBODY_ELSE, USER, settings, work_item

OTHER = "+12065550199"
THIRD = "7f0b2f8c-90f5-4a0e-9c39-1f0a3f8b6d21"


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
    item = of(USER, "+12065550177")
    assert in_flight.claim("a", item, (NUMBER,)) == Claimed(NUMBER)
    assert in_flight.claim("a", item, (OTHER,)) == Claimed(OTHER)
    assert in_flight.claim("b", of(SOMEBODY_ELSE), (NUMBER,)) == Claimed(NUMBER)
    assert in_flight.claim("b", of(SOMEBODY_ELSE), (OTHER,)) == Busy("inFlight")
    in_flight.forget("a")
    assert in_flight.claim("b", of(SOMEBODY_ELSE), (OTHER,)) == Claimed(OTHER)


def test_the_number_that_a_replacement_names_is_in_flight_while_the_old_one_makes_room() -> None:
    """It was given to somebody else meanwhile, and the old one had to be given back."""
    in_flight = known(Stands())
    assert in_flight.claim("a", of(USER, NUMBER), (OTHER,)) == Claimed(OTHER)
    assert in_flight.claim("b", of(SOMEBODY_ELSE, "+12065550177"), (NUMBER,)) == Busy("inFlight")
    in_flight.forget("a")
    in_flight.claim("b", of(SOMEBODY_ELSE, "+12065550177"), (NUMBER,))
    assert in_flight.claim("a", of(USER, NUMBER), (OTHER,)) == Busy("inFlight")


def test_an_order_given_without_a_claim_counts_when_the_one_before_it_is_over() -> None:
    """assign_number orders without asking: its item is in flight, too, as soon as nobody else is."""
    clock = Stands()
    in_flight = known(clock)
    in_flight.ended("a", of(USER, touched=(NUMBER,)))
    in_flight.ordered("b", of(USER, OTHER, touched=(OTHER,)))
    clock.seconds = settings().settled_seconds
    assert in_flight.claim("c", of(USER, "+12065550177"), ()) == Busy("inFlight")


def test_a_process_that_has_just_started_is_busy_until_every_order_must_have_come_by() -> None:
    clock = Stands()
    clock.seconds = 1000.0
    chosen = settings()
    in_flight = InFlight(chosen, clock)  # type: ignore[arg-type]
    in_flight.work_begins()
    longest = max(chosen.longest_pause, chosen.lease_seconds)
    assert in_flight.claim("a", of(USER), (NUMBER,)) == Busy("starting", longest)
    clock.seconds = 1000 + longest - 1
    in_flight.work_begins()
    in_flight.nothing_due()
    assert [in_flight.knows_all] == [False]
    assert in_flight.claim("a", of(USER), (NUMBER,)) == Busy("starting", chosen.first_poll_seconds)
    clock.seconds = 1000 + longest
    assert in_flight.claim("a", of(USER), (NUMBER,)) == Busy("starting", None), "not seen all"
    in_flight.nothing_due()
    assert in_flight.knows_all
    assert in_flight.claim("a", of(USER), (NUMBER,)) == Claimed(NUMBER)


def test_a_process_that_takes_over_the_work_list_has_not_seen_its_orders_however_long_it_runs() -> None:
    """It had served the in-box for hours, and took its second run, seconds after the first, for all knowledge."""
    clock, chosen = Stands(), settings()
    in_flight = InFlight(chosen, clock)  # type: ignore[arg-type]
    clock.seconds = 7200
    in_flight.work_begins()
    in_flight.nothing_due()
    assert in_flight.claim("a", of(USER), (NUMBER,)) == Busy("starting", chosen.longest_pause)


def test_at_the_start_the_lease_counts_where_it_is_the_longer() -> None:
    for chosen in (settings(POLL_BUDGET_SECONDS=500), settings(LIST_LAG_SECONDS=1000)):
        in_flight = InFlight(chosen, Stands())  # type: ignore[arg-type]
        in_flight.work_begins()
        longest = max(chosen.longest_pause, chosen.lease_seconds)
        assert in_flight.claim("a", of(USER), ()) == Busy("starting", longest)


def test_a_process_may_begin_at_once_where_all_is_noted() -> None:
    in_flight = known(Stands())
    assert in_flight.knows_all
    assert in_flight.claim("a", of(USER), ()) == Claimed(None)


def test_one_careful_request_per_person_and_the_same_wish_of_two_waits_for_the_first() -> None:
    in_flight = known(Stands())
    assert in_flight.claim("a", of(USER), ()) == Claimed(None)
    assert in_flight.claim("b", of(USER, OTHER), ()) == Busy("inFlight")
    assert in_flight.claim("b", of(SOMEBODY_ELSE, OTHER), ()) == Claimed(None)
    named = {"userPrincipalName": "anna@contoso.example", "telephoneNumber": "+12065550177"}
    unresolved = work_item(fields={"assignmentTargetId": None} | named)
    assert in_flight.claim("c", unresolved, ()) == Claimed(None)
    assert in_flight.claim("d", unresolved, ()) == Busy("inFlight"), "the same wish, whoever it is for"


def test_the_first_number_that_nobody_works_on_is_claimed() -> None:
    in_flight = known(Stands())
    in_flight.claim("a", of(USER), (NUMBER,))
    assert in_flight.claim("b", of(SOMEBODY_ELSE, "+12065550177"), (NUMBER, OTHER)) == Claimed(OTHER)
    assert in_flight.claim("c", of(THIRD, "+12065550178"), (NUMBER, OTHER)) == Busy("inFlight")


def test_a_number_that_was_picked_or_ordered_is_in_flight() -> None:
    for item in (of(USER).but(number=OTHER), of(USER, touched=(OTHER,))):
        in_flight = known(Stands())
        in_flight.ordered("a", item)
        assert in_flight.claim("b", of(SOMEBODY_ELSE, "+12065550177"), (OTHER,)) == Busy("inFlight")


def test_an_order_is_in_flight_for_confirm_seconds_after_it_is_due_again() -> None:
    clock, confirm = Stands(), settings().confirm_seconds
    in_flight = known(clock)
    in_flight.ordered("a", of(USER, touched=(NUMBER,)), 100)
    clock.seconds = 100 + confirm - 1
    assert in_flight.claim("b", of(SOMEBODY_ELSE), (NUMBER,)) == Busy("inFlight")
    clock.seconds = 100 + confirm
    assert in_flight.claim("b", of(SOMEBODY_ELSE), (NUMBER,)) == Claimed(NUMBER)


def test_a_claim_is_in_flight_for_confirm_seconds() -> None:
    clock, confirm = Stands(), settings().confirm_seconds
    in_flight = known(clock)
    in_flight.claim("a", of(USER), (NUMBER,))
    clock.seconds = confirm - 1
    assert in_flight.claim("b", of(SOMEBODY_ELSE), (NUMBER,)) == Busy("inFlight")
    clock.seconds = confirm
    assert in_flight.claim("b", of(SOMEBODY_ELSE), (NUMBER,)) == Claimed(NUMBER)


def test_an_ended_item_stays_in_flight_while_the_list_may_lag_with_all_it_worked_on() -> None:
    clock, settled = Stands(), settings().settled_seconds
    in_flight = known(clock)
    in_flight.claim("a", of(USER), (OTHER,))
    in_flight.ended("a", of(USER, touched=(NUMBER,)))
    clock.seconds = settled - 1
    for number in (NUMBER, OTHER):
        assert in_flight.claim("b", of(SOMEBODY_ELSE, "+12065550177"), (number,)) == Busy("inFlight")
    assert in_flight.claim("b", of(USER, OTHER), ()) == Busy("inFlight")
    clock.seconds = settled
    assert in_flight.claim("b", of(SOMEBODY_ELSE), (NUMBER,)) == Claimed(NUMBER)


def test_a_restart_finds_what_ended_before_it() -> None:
    """The ended item comes by again: nobody has claimed it in this process."""
    clock = Stands()
    in_flight = known(clock)
    in_flight.ended("a", of(USER, touched=(NUMBER,)))
    assert in_flight.claim("b", of(SOMEBODY_ELSE), (NUMBER,)) == Busy("inFlight")


def test_what_is_forgotten_leaves_nothing_behind() -> None:
    """Items pass by the thousand: a memory of each would grow without end."""
    in_flight = known(Stands())
    for place in range(50):
        in_flight.claim(str(place), of(USER), (NUMBER,))
        in_flight.forget(str(place))
    in_flight.forget("never seen")
    assert not in_flight._entries
    assert not in_flight._holders


def test_of_two_that_work_on_one_number_the_first_one_goes_on() -> None:
    """assign_number orders without asking: what it orders meanwhile does not stop who claimed before."""
    in_flight = known(Stands())
    assert in_flight.claim("a", of(USER), (NUMBER,)) == Claimed(NUMBER)
    in_flight.ordered("b", of(SOMEBODY_ELSE, touched=(NUMBER,)))
    assert in_flight.claim("a", of(USER), (NUMBER,)) == Claimed(NUMBER)
    assert in_flight.claim("b", of(SOMEBODY_ELSE), (NUMBER,)) == Busy("inFlight")


def test_what_ended_long_ago_leaves_nothing_behind() -> None:
    """An item that is deleted at its end never comes by again: ten thousand a day would fill the memory in a month."""
    clock, a_second = Stands(), 5
    in_flight = known(clock)
    most, counting = 0, int(a_second * settings().settled_seconds)
    for place in range(6 * counting):
        clock.seconds = place / a_second
        in_flight.ended(str(place), of(USER, f"+1206555{place:04}", touched=(f"+1206555{place:04}",)))
        most = max(most, len(in_flight._entries))
    assert counting <= len(in_flight._entries) <= most <= 2 * counting
    assert len(in_flight._holders) <= 1 + 2 * most
    assert in_flight.claim("new", of(SOMEBODY_ELSE), (f"+1206555{place:04}", OTHER)) == Claimed(OTHER)
