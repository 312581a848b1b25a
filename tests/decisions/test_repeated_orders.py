"""An order that may be running already: found by exploring the real code (tests/exploration)."""

from datetime import timedelta

from teams_numbers.answers import Refused, Throttled, Unclear
from teams_numbers.contracts import Action, AssignmentCategory, NumberType
from teams_numbers.questions import Defer, Send
from teams_numbers.records import NumberRecord
from teams_numbers.work_item import Replaced, WorkItem
from tests.looking import CONFIRM, LAG, free, held, look, order
from tests.values import NOW, NUMBER, USER, settings, work_item

OTHER, OLD = "+12065550199", "+14255550100"
#: After so many seconds an order without an answer is given again.
REPEAT = 300.0
SETS = settings(
    ACTIONS="assign,unassign",
    NUMBER_POOLS='{"seattle": {"numberType": "directRouting", "numbers": [{"startsWith": "+1206"}]}}',
)
POOL = {"telephoneNumber": None, "numberType": None, "pool": "seattle"}
TAKEN = Refused(400, "BadRequest", "Telephone Number has already been assigned to another user", "g-1")
FOR_GOOD = Refused(400, "BadRequest", "The usage location is not the number's", "g-1")


def numbers(*names: str) -> list[NumberRecord]:
    return [free(name, number_type="directRouting") for name in names]


def pick(fields: dict[str, object] | None = None, **known: object) -> WorkItem:
    """Return an item whose pick was stored with its order by a process that then died."""
    stored = order(number_type=NumberType.DIRECT_ROUTING)
    about = {"person": USER, "number": NUMBER, "order": stored, "touched": (NUMBER,)}
    return work_item(fields=POOL | (fields or {}), **about | known)


def test_a_pick_whose_order_may_have_been_sent_is_not_passed_over_when_its_repeat_is_refused_as_taken() -> None:
    """The first order may be running: a second number would be a second one of the pool."""
    looked = look(pick(), *numbers(NUMBER, OTHER), after=REPEAT, answers={Send: TAKEN}, sets=SETS)
    assert [sent.telephone_number for sent in looked.sent] == [NUMBER]
    assert looked.item.number == NUMBER
    assert looked.item.order is not None


def replacement(**known: object) -> WorkItem:
    """Return a replacement whose old number is unassigned and whose new one was ordered by a process that died."""
    old = Replaced(
        telephone_number=OLD,
        number_type=NumberType.DIRECT_ROUTING,
        assignment_category=AssignmentCategory.PRIMARY,
        unassigned_at=NOW - timedelta(hours=1),
    )
    return pick({"existingNumber": "replace"}, replaced=old, unassigned=(OLD,), **known)


def test_the_old_number_is_not_given_back_while_an_order_for_the_new_one_may_run() -> None:
    """Graph refuses the repeat; the first order may yet be carried out, and overwrite what was given back."""
    all_free = numbers(NUMBER, OLD)
    looked = look(replacement(), *all_free, after=REPEAT, answers={Send: FOR_GOOD}, sets=SETS)
    assert looked.deferred == ("givingBack", settings().longest_pause)
    waits = look(looked.item, *all_free, after=REPEAT + CONFIRM - 1, sets=SETS)
    assert not waits.sent
    gives = look(looked.item, *all_free, after=REPEAT + CONFIRM, sets=SETS)
    assert [(sent.action, sent.telephone_number) for sent in gives.sent] == [(Action.ASSIGN, OLD)]


def test_the_old_number_stays_free_where_the_new_one_shows_after_all() -> None:
    """One number is enough, and the person is not told to be without."""
    looked = look(replacement(), *numbers(NUMBER, OLD), after=REPEAT, answers={Send: FOR_GOOD}, sets=SETS)
    late = REPEAT + CONFIRM
    shows = held(NUMBER, number_type="directRouting", category="primary")
    first = look(looked.item, shows, *numbers(OLD), after=late, sets=SETS)
    assert isinstance(first.decision, Defer)
    second = look(first.item, shows, *numbers(OLD), after=late + LAG, sets=SETS)
    assert second.end == ("Failed", "usageLocationMismatch")
    assert second.message == f"{FOR_GOOD.message} {OLD} is not given back: The person has {NUMBER} by now."
    assert not first.sent
    assert not second.sent


def test_the_old_number_is_given_back_at_once_where_no_order_is_left() -> None:
    """Graph refused the first sending: nothing runs."""
    item = replacement(order=None)
    looked = look(item, *numbers(NUMBER, OLD), after=REPEAT, answers={Send: FOR_GOOD}, sets=SETS)
    assert looked.deferred == ("givingBack", 0.0)


def test_an_order_that_got_no_answer_is_noted_as_such_and_given_again_as_it_was() -> None:
    """Nobody waits for an operation that may never have begun."""
    for said in (Unclear("status 500"), Throttled(None, sent=True)):
        looked = look(work_item(), free(), answers={Send: said})
        assert looked.item.order is not None
        assert looked.item.order.unanswered
        again = look(looked.item, free(), after=60)
        assert [(sent.action, sent.telephone_number) for sent in again.sent] == [(Action.ASSIGN, NUMBER)]
        assert again.sent[0].unanswered, "the first one may yet be carried out"
