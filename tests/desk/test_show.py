"""What goes on the screen: numbers masked, nothing a terminal would act on."""

from datetime import timedelta

import pytest

from desk import show


@pytest.mark.parametrize(
    "text", ["+12065550100", "tel:+12065550100.", "number 12065550100 is", "+1 (206) 555-0100", "(+4930123456)"]
)
def test_a_number_in_a_text_is_hidden(text: str) -> None:
    found = show.masked(text)
    assert "•" in found
    assert "555" not in found
    assert "30123" not in found


@pytest.mark.parametrize(
    "text",
    ["6f0b2f8c-90f5-4a0e-9c39-123456789012", "2026-03-02T08:00:00Z", "error 500 after 12 tries", "batch-20260302-1"],
)
def test_what_is_no_number_is_left(text: str) -> None:
    assert show.masked(text) == text


def test_an_operation_is_hidden() -> None:
    assert show.masked("https://g.example/operations('QXNzaWdu')") == "https://g.example/operations('…')"


def test_control_characters_never_reach_the_terminal() -> None:
    assert show.plain("a\x1b[31mb\x07\nc\u202e") == "a�[31mb� c�"


@pytest.mark.parametrize(
    ("seconds", "text"), [(-1, "0 s"), (59, "59 s"), (61, "1 min 1 s"), (7260, "2 h 1 min"), (90000, "1 d 1 h")]
)
def test_an_age_is_told_in_its_two_largest_units(seconds: int, text: str) -> None:
    assert show.age(timedelta(seconds=seconds)) == text


def test_a_name_in_a_text_is_hidden_but_for_its_first_letter_and_its_domain() -> None:
    assert show.masked('{"upn":"anna.b@contoso.example"}') == '{"upn":"a•••@contoso.example"}'


@pytest.mark.parametrize(
    ("counts", "cells"), [((0, 0), " " * 30), ((1, 999), "█" + "░" * 29), ((0, 5), "░" * 30), ((5, 0), "█" * 30)]
)
def test_a_bar_is_as_wide_as_it_is_told_and_shows_every_part(counts: tuple[int, int], cells: str) -> None:
    assert show.bar([(counts[0], "█", ""), (counts[1], "░", "")]).plain == cells
