"""The three wishes compared with what is, in the life of a request, without a server."""

from datetime import timedelta
from typing import Any

import pytest

from teams_numbers.contracts import Action, NumberType
from teams_numbers.questions import Claim, Reading, ReadNumber, ReadPerson
from teams_numbers.records import NumberRecord
from teams_numbers.standings import achieved
from tests.looking import ALL, LAG, UNASSIGN, Looked, free, held, look, order
from tests.values import NOW, NUMBER, SOMEBODY_ELSE, USER, settings, work_item

UPDATE = {"action": "update", "numberType": None, "locationId": "loc-1"}
REPLACE = {"existingNumber": "replace"}
OTHER, THIRD = "+12065550199", "+12065550188"
PENDING = {"activation_state": "assignmentPending"}


def twice(item: Any, *numbers: NumberRecord) -> Looked:
    """Look twice, LIST_LAG_SECONDS apart; the first look must doubt."""
    first = look(item, *numbers, sets=ALL)
    assert first.deferred == ("readAgain", LAG)
    return look(first.item, *numbers, after=LAG, sets=ALL)


def test_a_number_that_graph_does_not_list_is_ordered_like_a_free_one() -> None:
    """Direct Routing numbers need not be listed."""
    assert look(work_item()).follows


@pytest.mark.parametrize("number_type", ["callingPlan", None])
def test_a_free_number_of_the_type_or_of_none_that_graph_says_is_ordered(number_type: str | None) -> None:
    assert look(work_item(), free(number_type=number_type)).follows


def test_a_free_number_of_another_type_fails_naming_both() -> None:
    looked = look(work_item(), free(number_type="directRouting"))
    assert (looked.end, looked.message) == (
        ("Failed", "numberNotFound"),
        f"{NUMBER} is a directRouting number, not callingPlan.",
    )


def test_an_order_says_all_that_the_request_says() -> None:
    fields = {"numberType": "operatorConnect", "assignmentCategory": "private", "locationId": "loc-1"}
    assert look(work_item(fields=fields)).sent == [
        order(number_type=NumberType.OPERATOR_CONNECT, assignment_category="private", location_id="loc-1")
    ]


def test_a_dry_run_names_the_number() -> None:
    assert look(work_item(fields={"dryRun": True})).message == f"would assign {NUMBER}"


@pytest.mark.parametrize(
    ("asked", "read", "holds"),
    [(None, "private", True), ("private", "private", True), ("private", None, True), ("private", "primary", False)],
)
def test_a_line_that_is_named_must_be_the_one_that_is_read(asked: str | None, read: str | None, *, holds: bool) -> None:
    item = work_item(fields={"assignmentCategory": asked})
    if holds:
        assert look(item, held(category=read)).end == ("Succeeded", None)
    else:
        ended = twice(item, held(category=read))
        assert ended.end == ("Failed", "categoryDiffers")
        assert ended.message == f"{NUMBER} is the person's {read} number; the request asks for {asked}."


@pytest.mark.parametrize(("read", "sent"), [("loc-1", []), ("LOC-1", []), ("loc-2", ["loc-1"]), (None, ["loc-1"])])
def test_a_location_that_is_named_is_set_where_another_one_is_read(read: str | None, sent: list[str]) -> None:
    looked = look(work_item(fields={"locationId": "loc-1"}), held(location_id=read))
    assert [one.location_id for one in looked.sent] == sent
    if sent:
        assert looked.sent == [order(Action.UPDATE, number_type=None, location_id="loc-1")]


def test_somebody_elses_numbers_are_not_the_persons() -> None:
    """What is read for the person shows a failed assignment, too."""
    failed = held(OTHER, activation_state="assignmentFailed")
    assert look(work_item(), free(), failed).follows


@pytest.mark.parametrize(
    ("fields", "other", "in_the_way"),
    [
        ({}, "primary", True),
        ({}, None, True),
        ({}, "private", False),
        ({"assignmentCategory": "private"}, "private", True),
        ({"assignmentCategory": "private"}, "primary", False),
        ({"assignmentCategory": "private"}, None, False),
    ],
)
def test_another_number_of_the_persons_is_in_the_way_on_the_same_line_alone(
    fields: dict[str, Any], other: str | None, *, in_the_way: bool
) -> None:
    item = work_item(fields=fields)
    if in_the_way:
        ended = twice(item, free(), held(OTHER, category=other))
        assert (ended.end, ended.message) == (("Failed", "userHasNumber"), f"The person already has {OTHER}.")
    else:
        assert look(item, free(), held(OTHER, category=other)).follows


def test_the_number_itself_is_no_other_number() -> None:
    """The list of the person's numbers shows it sooner than the number's own reading."""
    answers = {ReadNumber: Reading(NOW, (free(),)), ReadPerson: Reading(NOW, (held(),))}
    assert look(work_item(), answers=answers).follows


def test_what_was_unassigned_before_is_not_the_persons_any_more() -> None:
    """The list may still show it."""
    item = work_item(fields=REPLACE, person=USER, unassigned=(OTHER,))
    looked = look(item, free(), held(OTHER), sets=ALL)
    assert [(sent.action, sent.telephone_number) for sent in looked.sent] == [(Action.ASSIGN, NUMBER)]


def test_a_replacement_unassigns_the_one_old_number_and_remembers_it_whole() -> None:
    old = held(OTHER, location_id="loc-o", category="primary")
    looked = look(work_item(fields=REPLACE), free(), old, sets=ALL)
    assert looked.sent == [order(Action.UNASSIGN, telephone_number=OTHER)]
    assert looked.item.replaced is not None
    assert looked.item.replaced.model_dump(exclude_none=True) == {
        "telephone_number": OTHER,
        "number_type": "callingPlan",
        "assignment_category": "primary",
        "location_id": "loc-o",
    }
    private = work_item(fields=REPLACE | {"assignmentCategory": "private"})
    kept = look(private, free(), held(OTHER, category="private"), sets=ALL).item.replaced
    assert kept is not None
    assert kept.assignment_category == "private"
    unsaid = look(work_item(fields=REPLACE), free(), held(OTHER), sets=ALL).item.replaced
    assert unsaid is not None
    assert unsaid.assignment_category == "primary"
    assert look(work_item(), free()).item.replaced is None


def test_a_replaced_number_has_the_type_that_its_own_reading_shows() -> None:
    """The person's list lacked it: the app failed on the request without end, each time after the brake had counted."""
    answers = {ReadPerson: Reading(NOW, (held(OTHER, number_type=None, category="primary"),))}
    looked = look(work_item(fields=REPLACE), free(), held(OTHER), answers=answers, sets=ALL)
    assert looked.item.replaced is not None
    assert looked.item.replaced.number_type == "callingPlan"


def test_a_replacement_of_several_numbers_is_nobodys_to_decide() -> None:
    ended = twice(work_item(fields=REPLACE), free(), held(OTHER), held(THIRD))
    assert ended.end == ("Failed", "userHasNumber")
    assert ended.message == f"The person has several numbers of this category: {OTHER}, {THIRD}."


def test_a_replacement_of_a_protected_number_fails_at_once() -> None:
    sets = settings(ACTIONS="assign,unassign", PROTECTED_NUMBERS=OTHER)
    looked = look(work_item(fields=REPLACE), free(), held(OTHER), sets=sets)
    assert (looked.end, looked.message) == (
        ("Failed", "numberProtected"),
        f"{OTHER} is listed in PROTECTED_NUMBERS.",
    )


def test_a_replacement_waits_where_the_number_itself_does_not_show_the_person() -> None:
    """The person's list says so, the number says no: the list lags."""
    answers = {ReadPerson: Reading(NOW, (held(OTHER),))}
    looked = look(work_item(fields=REPLACE), free(), held(OTHER, by=SOMEBODY_ELSE), answers=answers, sets=ALL)
    assert looked.deferred[0] == "orderRunning"
    assert not looked.sent


@pytest.mark.parametrize("fields", [UNASSIGN, REPLACE | {"telephoneNumber": OTHER}])
def test_a_number_of_a_type_that_the_app_does_not_know_is_not_unassigned(fields: dict[str, Any]) -> None:
    for number_type in ("newType", None):
        ended = twice(work_item(fields=fields), held(number_type=number_type), free(OTHER))
        assert ended.end == ("Failed", "numberNotFound")
        assert ended.message == f"{NUMBER} has the unknown type {number_type}."


@pytest.mark.parametrize("short", ["+1206", "+12065550100;ext=12345678901", "+tel:+12065550100"])
def test_a_number_that_the_app_cannot_store_is_named_and_the_others_are_unassigned_first(short: str) -> None:
    everything = {"action": "unassign", "telephoneNumber": None, "numberType": None}
    odd = held(short)
    looked = look(work_item(fields=everything), odd, held(OTHER), sets=ALL)
    assert [sent.telephone_number for sent in looked.sent] == [OTHER]
    for fields, others in ((everything, ()), (REPLACE, (free(),))):
        ended = look(work_item(fields=fields), odd, *others, sets=ALL)
        left = f" Still to unassign: {short}." if fields is everything else ""
        assert (ended.end, ended.message) == (("Failed", "numberNotFound"), f"{short} has an unknown form.{left}")


def test_a_number_whose_assignment_failed_is_taken_back_from_whom_it_names() -> None:
    """It said Succeeded, and the next person was told that somebody else has the number."""
    looked = look(work_item(fields=UNASSIGN), held(activation_state="assignmentFailed"), sets=ALL)
    assert looked.sent == [order(Action.UNASSIGN)]
    somebody_elses = held(by=SOMEBODY_ELSE, activation_state="assignmentFailed")
    assert twice(work_item(fields=UNASSIGN), somebody_elses).end == ("Succeeded", None)


def test_a_number_to_unassign_that_graph_does_not_list_is_nobodys() -> None:
    ended = twice(work_item(fields=UNASSIGN))
    assert (ended.end, ended.message) == (("Succeeded", None), "The person does not have the number.")


def test_all_numbers_of_the_person_are_fixed_at_the_first_look_in_order_what_failed_last() -> None:
    item = work_item(fields=UNASSIGN | {"telephoneNumber": None})
    failed = held("+12065550011", activation_state="assignmentFailed")
    theirs = (held(OTHER), held(), failed)
    shown = Reading(NOW, (*theirs, held(THIRD, by=SOMEBODY_ELSE)))
    looked = look(item, *theirs, answers={ReadPerson: shown}, sets=ALL)
    assert [type(question) for question in looked.asked[:2]] == [Claim, ReadPerson]
    assert looked.asked[0].numbers == ()  # type: ignore[union-attr]
    assert looked.item.unassign == (NUMBER, OTHER, "+12065550011")
    assert [sent.telephone_number for sent in looked.sent] == [NUMBER]
    then = look(
        work_item(
            fields=UNASSIGN | {"telephoneNumber": None}, person=USER, unassign=(NUMBER, OTHER), unassigned=(NUMBER,)
        ),
        held(OTHER),
        sets=ALL,
    )
    assert [sent.telephone_number for sent in then.sent] == [OTHER]
    assert then.times(ReadPerson) == 0


def test_a_person_with_more_numbers_than_an_item_has_room_for_is_told_so_and_keeps_them() -> None:
    """Those beyond the hundredth would stay, and the event would say Succeeded."""
    item = work_item(fields=UNASSIGN | {"telephoneNumber": None})
    many = [held(f"+1206555{place:04}") for place in range(101)]
    ended = twice(item, *many)
    said = "telephoneNumber: the person has 101 numbers; name each in a request of its own."
    assert (ended.end, ended.message) == (("Failed", "invalidRequest"), said)
    assert not ended.sent
    assert look(item, *many[:100], sets=ALL).sent


def test_a_dry_run_claims_nothing_and_names_all_numbers() -> None:
    item = work_item(fields=UNASSIGN | {"telephoneNumber": None, "dryRun": True})
    looked = look(item, held(), sets=ALL)
    assert (looked.message, looked.times(Claim)) == (f"would unassign {NUMBER}", 0)
    assert look(item, held(OTHER), held(), sets=ALL).message == f"would unassign {NUMBER}, {OTHER}"


def test_one_protected_number_of_several_keeps_all_of_the_rest() -> None:
    sets = settings(ACTIONS="unassign", PROTECTED_NUMBERS=OTHER)
    looked = look(work_item(fields=UNASSIGN | {"telephoneNumber": None}), held(), held(OTHER), sets=sets)
    assert (looked.end, looked.message) == (
        ("Failed", "numberProtected"),
        f"{OTHER}: listed in PROTECTED_NUMBERS. Still to unassign: {NUMBER}, {OTHER}.",
    )


@pytest.mark.parametrize(
    ("fields", "there", "code", "words"),
    [
        (UPDATE, None, "numberNotFound", f"The tenant does not list {NUMBER}."),
        (UPDATE, free(), "holderDiffers", f"{NUMBER} is not held by the person."),
        (UPDATE, held(by=SOMEBODY_ELSE), "holderDiffers", f"{NUMBER} is not held by the person."),
        (
            UPDATE | {"assignmentTargetId": None},
            held(),
            "holderDiffers",
            f"{NUMBER} is held by somebody: name the person.",
        ),
    ],
)
def test_an_update_needs_the_number_to_be_held_as_the_request_says(
    fields: dict[str, Any], there: NumberRecord | None, code: str, words: str
) -> None:
    ended = twice(work_item(fields=fields), *([there] if there else []))
    assert (ended.end, ended.message) == (("Failed", code), words)


def test_an_update_sets_the_location_or_finds_it_set() -> None:
    sent = look(work_item(fields=UPDATE), held(location_id="loc-2"), sets=ALL).sent
    assert sent == [order(Action.UPDATE, number_type=None, location_id="loc-1")]
    failed = held(activation_state="assignmentFailed")
    assert look(work_item(fields=UPDATE), failed, sets=ALL).sent == sent
    nobodys = look(work_item(fields=UPDATE | {"assignmentTargetId": None}), free(), sets=ALL).sent
    assert [one.assignment_target_id for one in nobodys] == [None]
    for location in ("loc-1", "LOC-1"):
        there = look(work_item(fields=UPDATE), held(location_id=location), sets=ALL)
        assert (there.end, there.message) == (("Succeeded", None), "The number has the emergency location.")
    dry = look(work_item(fields=UPDATE | {"dryRun": True}), held(), sets=ALL).message
    assert dry == f"would set the emergency location of {NUMBER} to loc-1"


def test_an_unassignment_is_read_for_as_new_as_what_showed_the_number_on_the_person() -> None:
    item = work_item(fields=UNASSIGN | {"telephoneNumber": None})
    shown = Reading(NOW + timedelta(seconds=58), (held(),))
    looked = look(item, held(), after=60, answers={ReadPerson: shown}, sets=ALL)
    assert looked.asked[2] == ReadNumber(NUMBER, NOW + timedelta(seconds=58), alone=True)
    old = Reading(NOW, (held(),))
    looked = look(item, held(), after=60, answers={ReadPerson: old}, sets=ALL)
    assert looked.asked[2] == ReadNumber(NUMBER, NOW + timedelta(seconds=55), alone=True)


@pytest.mark.parametrize(
    ("action", "found", "shows"),
    [
        (Action.ASSIGN, None, False),
        (Action.ASSIGN, free(), False),
        (Action.ASSIGN, held(by=SOMEBODY_ELSE), False),
        (Action.ASSIGN, held(**PENDING), False),
        (Action.ASSIGN, held(), True),
        (Action.UNASSIGN, None, True),
        (Action.UNASSIGN, free(), True),
        (Action.UNASSIGN, held(by=SOMEBODY_ELSE), True),
        (Action.UNASSIGN, held(), False),
        (Action.UNASSIGN, held(activation_state="assignmentFailed"), False),
        (Action.UPDATE, None, False),
        (Action.UPDATE, held(location_id="loc-2"), False),
        (Action.UPDATE, held(location_id="loc-1"), True),
        (Action.UPDATE, held(location_id="LOC-1"), True),
    ],
)
def test_a_reading_shows_an_order_when_it_shows_what_that_was_for(
    action: Action, found: NumberRecord | None, *, shows: bool
) -> None:
    assert achieved(order(action, location_id="loc-1"), found) is shows
