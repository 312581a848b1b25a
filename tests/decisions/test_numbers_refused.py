"""A number that cannot be read for certain is refused, with a sentence that says what to write instead."""

import pytest

from teams_numbers import numbers

SPREADSHEET = "looks like a spreadsheet's number; format the column as text"
ONE = "one number, please"
MISSING = "the country code is missing: write "
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
        ("+49 30 (0) 23125018", "(0) can only stand after the country code: leave it out"),
        ("+7 8 8 495 123 45 67", "+7 numbers have ten or fourteen more digits; this one has 12"),
        ("+34 0123 45678", "+34 numbers do not start with 0"),
        ("+39 0347 123 4567", "has a prefix that is only dialed inside the country: write +39 347 123 4567"),
        ("+39 0 02 1234 5678", "has a prefix that is only dialed inside the country: write +39 02 1234 5678"),
        ("+39 (0)312 345 6789", "(0) can be read in two ways: write +39 031 2345 6789 or +39 312 345 6789"),
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
        "12065550118.0 x5",
        "１２０６５５５０１１８．０",  # noqa: RUF001 - full-width, as Japanese spreadsheets write
    ],
)
@pytest.mark.parametrize("check", ["possible", "digits"])
def test_what_a_spreadsheet_made_of_a_number_is_named_as_such(text: str, check: numbers.Check) -> None:
    with pytest.raises(ValueError, match=f"^{SPREADSHEET}$"):
        numbers.read(text, check)


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("(206) 555-0118", "+1 206 555 0118"),
        ("206-555-0118", "+1 206 555 0118"),
        ("206.555.0118", "+1 206 555 0118"),
        ("2065550118", "+1 206 555 0118"),
        ("600 111 222", "+34 600 11 12 22 or +48 600 111 222"),
        ("30 23125 018", "+49 30 23125018"),
        ("020 7946 0018", "+44 20 7946 0018"),
        ("(020) 7946 0018", "+44 20 7946 0018"),
        ("(0)20 7946 0018", "+44 20 7946 0018"),
        ("07911 123456", "+44 7911 123456"),
        ("01 42 68 53 00", "+33 1 42 68 53 00"),
        ("06 1 234 5678", "+36 1 234 5678"),
        ("030 23125018", "+49 30 23125018"),
        ("8 (916) 123-45-67", "+7 916 123 45 67"),
        ("98765 43210", "+91 98765 43210"),
        ("8 017 123-45-67", "+375 17 123 45 67"),
        ("131 2345 6789", "+86 131 2345 6789"),
        ("011 44 20 7946 0018", "+44 20 7946 0018"),
        ("44 29 9946 0018", "+44 29 9946 0018"),  # possible, not valid: it needs its plus
        ("555-0118", "+, the country code and the number, such as +1 206 555 0100"),
        ("12345678901234", "+1 numbers have ten more digits; this one has 13"),
    ],
)
def test_without_a_country_code_the_number_is_refused_with_what_it_may_be(text: str, suggestion: str) -> None:
    with pytest.raises(ValueError, match=r"^.") as refused:
        numbers.read(text)
    sentence = suggestion if suggestion.startswith("+1 numbers") else MISSING + suggestion
    assert str(refused.value).startswith(sentence)


@pytest.mark.parametrize(
    ("text", "national", "foreign"),
    [
        ("(479) 555-0118", "+1 479 555 0118", "+47 95 55 01 18"),
        ("479-155-0118", "+1 479 155 0118", "+47 91 55 01 18"),  # no number there, but nobody else's form
        ("479-555-0118", "+1 479 555 0118", "+47 95 55 01 18"),
        ("4795550118", "+1 479 555 0118", "+47 95 55 01 18"),
        ("(507) 284-2511", "+1 507 284 2511", "+507 284 2511"),
        ("646.555.0118", "+1 646 555 0118", "+64 6 555 0118"),
        ("323 555 0118", "+1 323 555 0118", "+32 3 555 01 18"),
        ("8 (499) 123-45-67", "+7 499 123 45 67", "+84 991 234 567"),
        ("(495) 123-45-67", "+7 495 123 45 67", "+49 5123 4567"),
        ("(49) 3025-1234", "+55 49 3025 1234", "+49 30 251234"),
        ("(477) 123 4567", "+52 477 123 4567", "+47 71 23 45 67"),
    ],
)
def test_a_national_number_that_looks_like_another_countrys_is_not_guessed(
    text: str, national: str, foreign: str
) -> None:
    """It would be ordered, and reported as a success, for a line on another continent."""
    with pytest.raises(ValueError, match=r"^.") as refused:
        numbers.read(text)
    assert str(refused.value) == f"{MISSING}{national} or {foreign}"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("+0049 30 23125018", "no country code starts with 0: write +49 30 23125018"),
        ("+011 44 20 7946 0018", "no country code starts with 0: write +44 20 7946 0018"),
        ("+020 7946 0018", "no country code starts with 0: write +44 20 7946 0018 or +64 20 7946 0018"),
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
        ("+1 206 555 011", "+1 numbers have ten more digits", 9),
        ("+1 555 0118", "+1 numbers have ten more digits", 7),  # possible locally, and only there
        ("+1 1 206 555 0118", "+1 numbers have ten more digits", 11),
        ("0011 65 6321 2345", "+1 numbers have ten more digits", 11),  # Australia dials Singapore, not Tampa
        ("001 44 20 7946 0018", "+1 numbers have ten more digits", 12),
        ("+44 20 7946 00185", "+44 numbers have seven, nine or ten more digits", 11),
        ("+44 44 20 7946 0018", "+44 numbers have seven, nine or ten more digits", 12),
        ("+33 1 42 68 53", "+33 numbers have nine more digits", 7),
        ("+36 1 234 567", "+36 numbers have eight or nine more digits", 7),
        ("+352 1", "+352 numbers have four to eleven more digits", 1),
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
        "44 20 7946 0018 / 0019",
        "+1 206 555 0118 / 206 555 0119",
        "+1 206 555 0118;extension=5678",
        "+49 30 23125 018-020",
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
    with pytest.raises(ValueError, match="is longer than 64 characters"):
        numbers.read("+" + "1" * 64)


@pytest.mark.parametrize(
    "text",
    ["99912345", "2065550118", "+999123", "+9991234567890123", "+0123456789", "+999 (0) 12345", "+1 800 FLOWERS"],
)
def test_a_private_numbering_plan_still_needs_its_plus_and_7_to_15_digits(text: str) -> None:
    with pytest.raises(ValueError, match=r"^."):
        numbers.read(text, "digits")
