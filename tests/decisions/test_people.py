"""Who has a name is asked once in minutes; who was not found is asked again."""

from typing import Any, cast

from local.clock import SimulatedClock
from teams_numbers.answers import NoSuchPerson, Person, Unclear
from teams_numbers.people import People
from tests.values import SOMEBODY_ELSE, USER

ANNA = "Anna@contoso.example"


class Directory:
    """Answers as it is told, and writes down what it is asked."""

    def __init__(self) -> None:
        self.says: Any = Person(USER)
        self.asked: list[str] = []

    def person(self, name: str) -> Any:
        self.asked.append(name)
        return self.says


def people(directory: Directory, clock: SimulatedClock) -> People:
    return People(cast("Any", directory), clock)


def test_somebody_who_was_found_is_remembered_for_five_minutes_however_the_name_is_written() -> None:
    directory, clock = Directory(), SimulatedClock()
    known = people(directory, clock)
    clock.advance(1000)
    assert known.find(ANNA) == Person(USER)
    directory.says = Person(SOMEBODY_ELSE)
    clock.advance(299)
    assert known.find(ANNA.upper()) == Person(USER)
    assert directory.asked == [ANNA], "the directory is asked for the name as it was written"
    clock.advance(1)
    assert known.find(ANNA) == Person(SOMEBODY_ELSE)
    assert known.find("bo@contoso.example") == Person(SOMEBODY_ELSE)
    assert len(directory.asked) == 3


def test_what_is_no_person_is_asked_again() -> None:
    directory, clock = Directory(), SimulatedClock()
    known = people(directory, clock)
    for said in (NoSuchPerson(), Unclear("status 500")):
        directory.says = said
        for _ in range(2):
            assert known.find(ANNA) == said
    assert len(directory.asked) == 4


def test_ten_thousand_are_remembered_and_the_one_found_longest_ago_is_forgotten() -> None:
    directory, clock = Directory(), SimulatedClock()
    known = people(directory, clock)
    for place in range(10_000):
        known.find(f"{place}@contoso.example")
    clock.advance(301)
    known.find("0@contoso.example")  # found anew: it is the youngest now
    directory.asked.clear()
    known.find("10000@contoso.example")
    known.find("0@contoso.example")
    assert directory.asked == ["10000@contoso.example"]
    assert len(known._known) == 10_000
    assert "1@contoso.example" not in known._known
