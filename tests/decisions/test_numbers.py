"""A number as people write it becomes E.164."""

import pytest

from teams_numbers import numbers


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+44 (0)20 7946 0018", "+442079460018"),
        ("+44(0)2079460019", "+442079460019"),
        ("+44 020 7946 0020", "+442079460020"),
        ("44 (0)20 7946 0018", "+442079460018"),
        ("0044 (0) 20 7946 0018", "+442079460018"),
        ("+44 (020) 7946 0018", "+442079460018"),
        ("+49 (0) 30 23125 018", "+493023125018"),
        ("+43 (0)1 234 5678", "+4312345678"),
        ("+33 (0)1 42 68 53 00", "+33142685300"),
        ("+81 (0)3-1234-5678", "+81312345678"),
        ("+61 [0]2 9876 5432", "+61298765432"),
        ("+972 (0)50 123 4567", "+972501234567"),
        ("+55 (0)11 91234-5678", "+5511912345678"),
        ("+57 (0)312 345 6789", "+573123456789"),  # a carrier's 03 is not what is meant
        ("+57 0312 345 6789", "+573123456789"),
        ("+7 8 495 123-45-67", "+74951234567"),
        ("+7 (8) 495 123-45-67", "+74951234567"),
        ("+36 06 1 234 5678", "+3612345678"),
        ("+36 (06) 1 234 5678", "+3612345678"),
        ("+370 8 612 34567", "+37061234567"),
        ("+370 (0) 612 34567", "+37061234567"),
        ("+375 8 029 123 45 67", "+375291234567"),
        ("+34 (0) 600 111 222", "+34600111222"),  # Spain has no trunk zero, but people write it
        ("+352 (0) 26 12 34 56", "+35226123456"),
        ("+39 (0)347 123 4567", "+393471234567"),  # a mobile's zero is none of Italy's
        ("+39 (0)02 1234 5678", "+390212345678"),
        ("+36 (0)6 20 123 4567", "+36201234567"),
        ("+375 (80) 17 123 45 67", "+375171234567"),
        ("+370 (8~5) 212 3456", "+37052123456"),
        ("+55 (011) 91234-5678", "+5511912345678"),
        ("+44 (0)(20) 7946 0018", "+442079460018"),
    ],
)
def test_a_trunk_prefix_is_no_part_of_the_number(text: str, number: str) -> None:
    assert numbers.read(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+39 06 698 12345", "+390669812345"),
        ("+39 (0)6 698 12345", "+390669812345"),
        ("39 06 698 12345", "+390669812345"),
        ("+378 0549 886377", "+3780549886377"),
        ("+225 07 12 34 5678", "+2250712345678"),
        ("+7 800 555-35-35", "+78005553535"),
        ("+370 800 12 345", "+37080012345"),
        ("+39 0312 345 6789", "+3903123456789"),
        ("+378 (0)549 886377", "+3780549886377"),
        ("+225 (0)7 12 34 56 78", "+2250712345678"),
    ],
)
def test_a_zero_or_an_eight_that_belongs_to_the_number_stays(text: str, number: str) -> None:
    assert numbers.read(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+33.1.42.68.53.00", "+33142685300"),
        ("+1.206.555.0118", "+12065550118"),
        ("+1.206.555.0000", "+12065550000"),
        ("+1 206 555.0000", "+12065550000"),
        ("+1 206 555 0118.", "+12065550118"),
        ("12.065.550.118", "+12065550118"),
        ("+49.3023125018", "+493023125018"),
    ],
)
def test_dots_between_the_digits_are_read(text: str, number: str) -> None:
    assert numbers.read(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12065550118", "+12065550118"),  # as Graph's own example writes it
        ("1 (206) 555-0118", "+12065550118"),
        ("1-206-555-0118", "+12065550118"),
        ("1206 555 0118", "+12065550118"),
        ("442079460018", "+442079460018"),
        ("(44) 20 7946 0018", "+442079460018"),
        ("4420 7946 0018", "+442079460018"),
        ("47 95 55 01 18", "+4795550118"),  # its first group can only be a country code
        ("4791234567", "+4791234567"),
        ("47 95550118", "+4795550118"),
        ("592 601 2345", "+5926012345"),
        ("13125550118", "+13125550118"),
        ("1312 555 0118", "+13125550118"),
        ("(1) 312 555 0118", "+13125550118"),
        ("493023125018", "+493023125018"),
    ],
)
def test_a_valid_number_needs_no_plus(text: str, number: str) -> None:
    assert numbers.read(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0044 20 7946 0018", "+442079460018"),
        ("(0044) 20 7946 0018", "+442079460018"),
        ("00 1 206 555 0118", "+12065550118"),
        ("00-49-30-23125018", "+493023125018"),
        ("(+44) 20 7946 0018", "+442079460018"),
        ("+ 44 20 7946 0018", "+442079460018"),
        ("+(44) 20 7946 0018", "+442079460018"),
        ("tel:0044 20 7946 0018", "+442079460018"),
    ],
)
def test_plus_and_double_zero_are_the_same(text: str, number: str) -> None:
    assert numbers.read(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+49 30 23125-018", "+493023125018"),
        ("+49 30 12345-50", "+49301234550"),  # direct inward dialing
        ("+43 1 234 5678-0", "+43123456780"),
        ("+43 1 2345-67", "+431234567"),
        ("+49 30 23125 018-118", "+493023125018118"),
        ("+1 206 555 01-18", "+12065550118"),  # what stands before the dash is no number by itself
        ("+39 02 1234 5-67", "+39021234567"),
        ("+39 02 1234-5678", "+390212345678"),
        ("+352-27-12-34-56", "+35227123456"),  # dashes between all groups are only separators
        ("+1 206 555\u20130118", "+12065550118"),
    ],
)
def test_a_dash_before_the_last_digits_is_read_where_they_do_not_count_on(text: str, number: str) -> None:
    assert numbers.read(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+1 206 555 0143 x5678", "+12065550143;ext=5678"),
        ("+1 206 555 0143 X 5678", "+12065550143;ext=5678"),
        ("+1 206 555 0143 x. 5678", "+12065550143;ext=5678"),
        ("+1 206 555 0143x5678", "+12065550143;ext=5678"),
        ("+1 206 555 0143 ext. 5678", "+12065550143;ext=5678"),
        ("+1 (206) 555-0143 ext 12", "+12065550143;ext=12"),
        ("+1 206 555 0143 EXTN 12", "+12065550143;ext=12"),
        ("+1 206 555 0143 extension: 12", "+12065550143;ext=12"),
        ("+1 206 555 0143 (ext. 12)", "+12065550143;ext=12"),
        ("+12065550143;EXT=5678", "+12065550143;ext=5678"),
        ("+12065550143 ; ext = 5678", "+12065550143;ext=5678"),
        ("+12065550143;ext=0012", "+12065550143;ext=0012"),
        ("tel:+1-206-555-0118;ext=12", "+12065550118;ext=12"),
        ("TEL: +1 206 555 0118", "+12065550118"),
        ("+44 (0)20 7946 0018 x1234567890", "+442079460018;ext=1234567890"),
        ("12065550143x12", "+12065550143;ext=12"),
        ("+12065550143；ｅｘｔ＝１２", "+12065550143;ext=12"),  # noqa: RUF001 - full-width
    ],
)
def test_an_extension_is_read_however_it_is_marked(text: str, number: str) -> None:
    assert numbers.read(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "１２０６５５５０１１８",  # noqa: RUF001 - full-width
        "＋１（２０６）５５５－０１１８",  # noqa: RUF001 - full-width
        "+١ ٢٠٦ ٥٥٥ ٠١١٨",  # noqa: RUF001 - Arabic
        "+۱۲۰۶۵۵۵۰۱۱۸",
        "+१२०६५५५०११८",
        "\u202a+1 206 555 0118\u202c",
        "\u200e+1\u00a0206\u00a0555\u00a00118",
        "\u2066+12065550118\u2069",
        "+1 206\u2011555\u20130118",
        "+1\u3000206ー555ー0118",
        "+1206\u00ad555\u200b0118\ufeff",
        "+1 206 / 555 / 0118",
        "+1~206~5550118",
        "  +12065550118  ",
        "\t+12065550118\r\n",
    ],
)
def test_digits_and_separators_of_any_script_are_read(text: str) -> None:
    assert numbers.read(text) == "+12065550118"


@pytest.mark.parametrize("text", ["+99912345", "+999 1234-5678 x9", "00 999 12345", "+1 206 555 0143 56"])
def test_a_private_numbering_plan_is_allowed_by_setting(text: str) -> None:
    with pytest.raises(ValueError, match=r"no country has the code|ten more digits"):
        numbers.read(text)
    digits = "".join(char for char in text.partition("x")[0] if char.isdigit()).removeprefix("00")
    assert numbers.read(text, "digits") == f"+{digits}" + (";ext=9" if "x" in text else "")


def test_a_trunk_zero_is_none_of_a_private_plan_either() -> None:
    assert numbers.read("+44 (0)20 7946 0018", "digits") == "+442079460018"


def test_a_number_that_is_possible_but_not_valid_is_read_and_can_be_told() -> None:
    """New ranges come before new metadata."""
    assert numbers.read("+44 29 9946 0018") == "+442999460018"
    assert not numbers.is_valid("+442999460018")
    assert not numbers.is_valid("+99912345")
    assert numbers.is_valid("+442079460018")
    assert numbers.is_valid("+12065550143;ext=5678")
