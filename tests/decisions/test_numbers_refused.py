"""A number that cannot be read for certain is refused, with a sentence that says what to write instead."""

import pytest

from teams_numbers import numbers

SPREADSHEET = "looks like a spreadsheet's number; format the column as text"
ONE = "one number, please"
LETTERS = "letters are not read: write the number in digits, an extension as ;ext=5678"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("+352 026 12 34 56", "has a prefix that is only dialed inside the country: write +352 26 12 34 56"),
        ("+54 11 15 2345 6789", "has a prefix that is only dialed inside the country: write +54 9 11 2345 6789"),
        ("+55 0 15 11 91234-5678", "has a prefix that is only dialed inside the country: write +55 11 91234 5678"),
        ("+86 17909 10 6512 3456", "has a prefix that is only dialed inside the country: write +86 10 6512 3456"),
        ("+52 1 55 1234 5678", "has a prefix that is only dialed inside the country: write +52 55 1234 5678"),
        ("+49 00 30 2312501", "has a prefix that is only dialed inside the country: write +49 30 2312501"),
        ("+81 (0)03-1234-5678", "has a prefix that is only dialed inside the country: write +81 3 1234 5678"),
        ("+81 003-1234-5678", "has a prefix that is only dialed inside the country: write +81 3 1234 5678"),
        ("+82 (0)010-4853-3250", "has a prefix that is only dialed inside the country: write +82 10 4853 3250"),
        ("+375 0 8 152 45 09 11", "has a prefix that is only dialed inside the country: write +375 152 45 09 11"),
        ("+49 30 (0) 23125018", "(0) can only stand after the country code: leave it out"),
        ("+7 8 8 495 123 45 67", "+7 numbers have ten or fourteen more digits; this one has 12"),
        ("+34 0123 45678", "+34 numbers do not start with 0"),
        ("+39 0347 123 4567", "has a prefix that is only dialed inside the country: write +39 347 123 4567"),
        ("+39 0 02 1234 5678", "has a prefix that is only dialed inside the country: write +39 02 1234 5678"),
        ("+39 (0)312 345 6789", "(0) can be read in two ways: write +39 031 2345 6789 or +39 312 345 6789"),
        ("+672 0 22345", "has a prefix that is only dialed inside the country: write +672 3 22345"),
        ("+378 886377", "has no area code: write +378 0549 886377"),
        ("00", "is not a telephone number: it has no digits after 00"),
        ("+370 8 1234 5678", "+370 numbers have eight more digits; this one has 9"),
    ],
)
def test_what_else_is_dialed_inside_a_country_is_not_guessed_away(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=r"^.") as refused:
        numbers.read(text)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    "text",
    [
        "12065550118.0",
        "12065550118.00",
        "12065550118.000",
        "442079460018.0",
        "+442079460018.0",
        "+442079460018.00",
        "1.2065550118E10",
        "1.2065550118E+10",
        "1,2065550118e+10",
        "1.44207946E+11",
        "12065550118E0",
        "4.4E11",
        "+1 206 555 0118.0",
        "(206) 555-0118.00",
        "+1.206.555.0118.0",
        "+49.30.23125018.00",
        "12065550118,0",
        "12065550118,00",
        "442079460018.5",
        "12,065,550,118",
        "12,065,550,118.00",
        "12'065'550'118",
        "-12065550118",
        "-2065550118",
        "\u221212065550118",
        "#NUM!",
        "#########",
        "=12065550118",
        "600 111 222.0",
        "600111222.000",
        "12065550118.0 x5",
        "１２０６５５５０１１８．０",  # noqa: RUF001 - full-width, as Japanese spreadsheets write
    ],
)
@pytest.mark.parametrize("check", ["possible", "digits"])
def test_what_a_spreadsheet_made_of_a_number_is_named_as_such(text: str, check: numbers.Check) -> None:
    with pytest.raises(ValueError, match=f"^{SPREADSHEET}$"):
        numbers.read(text, check)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("+0049 30 23125018", "no country code starts with 0: write +49 30 23125018"),
        ("+0011 44 20 7946 0018", "no country code starts with 0: write +44 20 7946 0018"),
        ("+011 44 20 7946 0018", "no country code starts with 0: write +44 20 7946 0018"),
        ("+020 7946 0018", "no country code starts with 0: write +44 20 7946 0018 or +64 20 7946 0018"),
        ("+0037 123456", "no country code starts with 0: write +81 0037123456"),  # Japan's own toll-free numbers
        ("+0", "no country code starts with 0: write +, the country code and the number, such as +1 206 555 0100"),
        ("+999 12345", "no country has the code +999"),
        ("00 210 1234567", "no country has the code +210"),
    ],
)
def test_a_country_code_that_is_none_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=r"^.") as refused:
        numbers.read(text)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("text", "lengths", "digits"),
    [
        ("+1 206 555 0143 5678", "+1 numbers have ten more digits", 14),
        ("+1 206 555 0178-0180", "+1 numbers have ten more digits", 14),
        ("+1-206-555-0148-12", "+1 numbers have ten more digits", 12),
        ("1 206 555 0143 5678", "+1 numbers have ten more digits", 14),
        ("12345678901234", "+1 numbers have ten more digits", 13),
        ("109655501189", "+1 numbers have ten more digits", 11),
        ("44", "+44 numbers have seven, nine or ten more digits", 0),
        ("17909 10 6512 3456", "+1 numbers have ten more digits", 14),  # a carrier's code is not dropped
        ("+1 206 555 011", "+1 numbers have ten more digits", 9),
        ("+1 555 0118", "+1 numbers have ten more digits", 7),  # possible locally, and only there
        ("+1 1 206 555 0118", "+1 numbers have ten more digits", 11),
        ("0011 65 6321 2345", "+1 numbers have ten more digits", 11),  # Australia dials Singapore, not Tampa
        ("001 44 20 7946 0018", "+1 numbers have ten more digits", 12),
        ("+44 20 7946 00185", "+44 numbers have seven, nine or ten more digits", 11),
        ("+44 44 20 7946 0018", "+44 numbers have seven, nine or ten more digits", 12),
        ("+33 1 42 68 53", "+33 numbers have nine more digits", 7),
        ("+33 9 1 42 68 53 00", "+33 numbers have nine more digits", 10),
        ("+34 (0) 100 111 222", "+34 numbers have nine more digits", 10),
        ("+36 1 234 567", "+36 numbers have eight or nine more digits", 7),
        ("+352 1", "+352 numbers have four to eleven more digits", 1),
        ("+43 1110", "+43 numbers have five to thirteen more digits", 4),
        ("+49 30 123456789012", "+49 numbers have five to thirteen more digits", 14),
        ("+30 1", "+30 numbers have ten to twelve more digits", 1),
        ("+870 1", "+870 numbers have nine or twelve more digits", 1),
        ("+298 12345", "+298 numbers have six more digits", 5),
        ("+", "is not a telephone number: it has no digits", 0),
    ],
)
def test_too_many_or_too_few_digits_name_what_the_country_has(text: str, lengths: str, digits: int) -> None:
    with pytest.raises(ValueError, match=r"^.") as refused:
        numbers.read(text)
    assert str(refused.value) in {f"{lengths}; this one has {digits}", lengths}


@pytest.mark.parametrize(
    "text",
    [
        "+12065550118\n+12065550119",
        "+1206\u2028555 0118",
        "+12065550118\t12065550119",
        "+12065550118,+12065550119",
        "12065550118,12065550119",
        "12065550118, 12065550119",
        "+12065550118;+12065550119",
        "+12065550118;isub=5",
        "+12065550118;ext=5;ext=6",
        "+12065550118;phone-context=example.org",
        "+12065550118;ext=",
        "+12065550118;ext=12345678901",
        "+1 206 555 0143,,5678",
        "+1 206 555 0143, ext. 5678",
        "+12065550118 | +12065550119",
        "+12065550118 & 119",
        "+1 206 555 0118 +1 206 555 0119",
        "++12065550118",
        "12065550118+",
        "206 555 0118 or +12065550119",
        "+49 30 12345/12346",
        "+49 30 12345/67",
        "+49/30/12345/67",
        "44 20 7946 0018 / 0019",
        "+1 206 555 0118 / 206 555 0119",
        "+1 206 555 0118;extension=5678",
        "+49 30 23125 018-020",
        "+49 30 23125 018-117",
        "+49 30 23125 018 \u2013 020",
        "0049 30 231250 18-20",
        "+49 30 23125018-20",
        "+43 1 2345678-80",
        "+358 9 123 4567 - 4570",
        "+62 21 1234 5678-80",
        "+81 3-1234-5678~9",
        "+39 06 698 12345-6",
    ],
)
@pytest.mark.parametrize("check", ["possible", "digits"])
def test_a_cell_with_more_than_one_number_is_refused(text: str, check: numbers.Check) -> None:
    with pytest.raises(ValueError, match=f"^{ONE}"):
        numbers.read(text, check)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("+12065550118,+12065550119", ""),
        ("+1 206 555 0143, x5678", "; write an extension as ;ext=5678, 1 to 10 digits"),
        ("+12065550118;EXT=", "; write an extension as ;ext=5678, 1 to 10 digits"),
        ("+49 30 23125 018-020", "; if it is one and no range, write it without the dash"),
    ],
)
def test_what_may_be_one_number_after_all_is_told_how_to_write_it(text: str, hint: str) -> None:
    with pytest.raises(ValueError, match=f"^{ONE}{hint}$"):
        numbers.read(text)


@pytest.mark.parametrize(
    "text",
    [
        "+1 800 FLOWERS",
        "1-800-GOFEDEX",
        "+1 2O6 555 0118",
        "+1 206 555 xxxx",
        "+1 206 555 0143 x",
        "T +49 30 23125018",
        "sip:+12065550118@contoso.example",
        "unknown",
        "+1 206 555 0143 next 5",
        "+1 206 555 0143 доб. 5",
    ],
)
def test_letters_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{LETTERS}$"):
        numbers.read(text)


@pytest.mark.parametrize(
    ("text", "what_to_do"),
    [
        ("+1 206 555 0143 #5678", "; write an extension as ;ext=5678"),
        ("*31#", "; write an extension as ;ext=5678"),
        ("'+12065550118", ": leave it out"),
        ("+1_206_5550118", ": leave it out"),
        ("²065550118", ": leave it out"),
        ("+1\u00b7206\u00b7555\u00b70118", ": leave it out"),
    ],
)
def test_other_characters_are_named(text: str, what_to_do: str) -> None:
    with pytest.raises(ValueError, match=f"is not part of a telephone number{what_to_do}$"):
        numbers.read(text)


def test_a_number_that_shows_in_reverse_is_refused() -> None:
    """What a person saw as +1 206 555 0118 would be ordered in Japan."""
    with pytest.raises(ValueError, match=r"^holds a hidden mark that shows it in reverse: type the number again$"):
        numbers.read("+\u202e81105556021\u202c")


@pytest.mark.parametrize("text", ["", "   ", "-", "x12", "()", "\u200e"])
def test_nothing_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match="is not a telephone number: it has no digits"):
        numbers.read(text)


def test_a_text_that_is_too_long_is_not_looked_at() -> None:
    assert numbers.read("+12065550118".ljust(64)) == "+12065550118"
    with pytest.raises(ValueError, match="is longer than 64 characters"):
        numbers.read("+12065550118".ljust(65))


@pytest.mark.parametrize(
    "text",
    ["99912345", "2065550118", "+999123", "+9991234567890123", "+0123456789", "+999 (0) 12345", "+1 800 FLOWERS"],
)
def test_a_private_numbering_plan_still_needs_its_plus_and_7_to_15_digits(text: str) -> None:
    with pytest.raises(ValueError, match=r"^."):
        numbers.read(text, "digits")
