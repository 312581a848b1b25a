"""A telephone number as people write it -> E.164, or one sentence that says what to write instead. Pure.

What only the numbering plans know is in `numbering` and `guesses`, which need Google's metadata.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

type Check = Literal["possible", "digits"]

#: The longest text that is looked at, in characters; the longest number is half of it.
LONGEST = 64

_SPREADSHEET = "looks like a spreadsheet's number; format the column as text"
_ONE_NUMBER = "one number, please"
_NO_RANGE = f"{_ONE_NUMBER}; if it is one and no range, write it without the dash"
_REVERSED = "holds a hidden mark that shows it in reverse: type the number again"
_EXTENSION_FORM = "write an extension as ;ext=5678"
_LETTERS = "letters are not read: write the number in digits, an extension as ;ext=5678"
_BULLETS = "•••••••"
_WIDE_FIRST, _WIDE_LAST, _WIDE_SHIFT = "\uff01", "\uff5e", 0xFEE0  # the full-width forms of ! to ~
#: The minus sign, and Japan's long-vowel mark, which stands for a dash there.
_DASHES = frozenset("\u2212\u30fc")
_BETWEEN_NUMBERS = re.compile(r"[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029,;|&]|\+.*\+|[0-9].*\+", re.DOTALL)
_EXTENSION = re.compile(
    r"\s*\(?\s*(?:;\s*ext\s*=|ext(?:ension|n)?\s*[.:=]?|x\.?)\s*(?P<digits>[0-9]{1,10})\s*\)?", re.IGNORECASE
)
_SCIENTIFIC = re.compile(r"[+-]?[0-9][0-9.,\s]*e\s*[+-]?\s*[0-9]{1,3}", re.IGNORECASE)
_THOUSANDS = re.compile(
    r"[+-]?[0-9]{1,3}(?:,[0-9]{3}){2,}(?:\.[0-9]+)?|[+-]?[0-9]{1,3}(?:'[0-9]{3}){2,}(?:[.,][0-9]+)?"
)
_NEGATIVE = re.compile(r"-\s*[0-9(]")
_FRACTION = re.compile(r"(?P<whole>.*[0-9])[.,](?P<fraction>[0-9]+)", re.DOTALL)
#: `…018-020`, `…018~20`: what may be a range, by its last two groups.
_RANGE = re.compile(r"(?P<group>[0-9]+)[\s)\]]*(?P<mark>[-~])[\s~-]*(?P<last>[0-9]{1,4})[^0-9]*\Z")
#: How far a range reaches: what differs by more are two halves of one number.
_LONGEST_RANGE = 100
#: Where `-20` is how extensions are written, of direct inward dialing; not after a number in one long group.
_DIRECT_DIALING, _LONG_GROUP = frozenset({"49", "43"}), 7
#: So many digits without a separator were no group of a number, but a number.
_WHOLE_NUMBER = re.compile(r"[0-9]{9,}")
#: ITU-T E.164: 1 and 7 are country codes of one digit, these are of two, all others of three.
_TWO_DIGIT_CODES = re.compile(r"2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]")


@dataclass(frozen=True, slots=True)
class Written:
    """A number's text, taken apart.

    Attributes:
        digits: all digits, without the `00` for which `international` stands.
        groups: the digits as they were grouped.
        international: it began with + or 00, so the country code is the first thing in it.
        area_first: its first group stands in parentheses.
        trunk_zero_at: after how many digits a lone zero stands in parentheses, which is dialed inside the country only.
        extension: `;ext=…`, or nothing.
        range_from: the digits from which the last group counts on after a dash, or nothing.
    """

    digits: str
    groups: tuple[str, ...]
    international: bool
    area_first: bool
    trunk_zero_at: int | None
    extension: str
    range_from: str


def read(text: str, check: Check = "possible") -> str:
    """Return the number as Graph writes it, `+12065550100` or `+12065550100;ext=12`, or say what to write instead.

    Args:
        text: the number as somebody wrote it.
        check: `possible`: a number after + or 00 must have a length that its country has, by Google's metadata;
            `digits`: 7 to 15 digits will do, as in a private numbering plan. Without + or 00 it must be valid.

    Raises:
        ValueError: it cannot be read as one number; the message is for the person who wrote it.
    """
    from teams_numbers import guesses, numbering  # noqa: PLC0415 - the metadata is loaded with the first number

    written = _take_apart(_plain(text))
    number = _international(written, check) if written.international else guesses.read(written)
    if written.range_from and numbering.is_valid(f"+{written.range_from}"):
        raise ValueError(_NO_RANGE)
    return number + written.extension


def is_valid(number: str) -> bool:
    """Say whether a number that was read is of a range which its country has assigned, as far as the metadata knows."""
    from teams_numbers import numbering  # noqa: PLC0415 - as above

    return numbering.is_valid(number.partition(";")[0])


def mask(number: str) -> str:
    """Return the number with all hidden but its country code and its last two digits: `+49•••••••18`."""
    digits = re.sub(r"[^0-9]", "", number.partition(";")[0])
    if len(digits) < 7:  # noqa: PLR2004 - what is shorter is no number, and its ends would be all of it
        return _BULLETS
    return f"{'+' * number.startswith('+')}{digits[: code_length(digits)]}{_BULLETS}{digits[-2:]}"


def code_length(digits: str) -> int:
    """Return how many of an international number's digits are its country code."""
    if digits[:1] in {"1", "7"}:
        return 1
    return 2 if _TWO_DIGIT_CODES.match(digits) else 3


def _international(written: Written, check: Check) -> str:
    from teams_numbers import guesses, numbering  # noqa: PLC0415 - as above

    if written.digits.startswith("0"):
        message = "no country code starts with 0: write " + guesses.suggestion(written)
        raise ValueError(message)
    try:
        return numbering.international(written)
    except ValueError:
        if check == "digits" and written.trunk_zero_at is None and re.fullmatch(r"[0-9]{7,15}", written.digits):
            return f"+{written.digits}"
        raise


def _plain(text: str) -> str:
    """Return the text in ASCII, as far as it is a number: digits of any script, full-width forms, dashes."""
    if len(text) > LONGEST:
        message = f"is longer than {LONGEST} characters"
        raise ValueError(message)
    if "\u202e" in text:
        raise ValueError(_REVERSED)
    plain = text if text.isascii() else "".join(map(_ascii, text))
    plain = plain.strip()
    return plain[4:].lstrip() if plain[:4].lower() == "tel:" else plain


def _ascii(char: str) -> str:
    if char.isascii():
        return char
    if char in _DASHES:
        return "-"
    if _WIDE_FIRST <= char <= _WIDE_LAST:
        return chr(ord(char) - _WIDE_SHIFT)
    match unicodedata.category(char):
        case "Nd":
            return str(unicodedata.decimal(char))
        case "Cf":  # marks of writing direction, joiners, soft hyphens: nothing that is seen
            return ""
        case "Pd":
            return "-"
    return char


def _take_apart(text: str) -> Written:
    base, extension = _split_extension(text)
    _refuse_spreadsheet(base)
    if _BETWEEN_NUMBERS.search(base):
        hint = f"; {_EXTENSION_FORM}, 1 to 10 digits" if extension or "ext" in base.lower() else ""
        raise ValueError(_ONE_NUMBER + hint)
    if any(char.isalpha() for char in base):
        raise ValueError(_LETTERS)
    if strange := re.search(r"[^0-9\s+()\[\]./~-]", base):
        what = f"; {_EXTENSION_FORM}" if strange[0] in "#*" else ": leave it out"
        message = f"{strange[0]!a} is not part of a telephone number{what}"
        raise ValueError(message)
    groups = tuple(re.findall(r"[0-9]+", base))
    if not groups:
        message = "is not a telephone number: it has no digits"
        raise ValueError(message)
    if "/" in base:
        _refuse_alternatives(base)
    digits, plus = "".join(groups), "+" in base
    double_zero = not plus and digits.startswith("00")
    return Written(
        digits=digits[2:] if double_zero else digits,
        groups=groups,
        international=plus or double_zero,
        area_first=base.startswith(("(", "[")),
        trunk_zero_at=_trunk_zero_at(base, 2 if double_zero else 0),
        extension=extension,
        range_from=_range_from(base),
    )


def _trunk_zero_at(base: str, dropped: int) -> int | None:
    """Return after how many digits `(0)` stands, not counting those dropped at the start; None where it does not."""
    found = re.search(r"[(\[]\s*0\s*[)\]]", base)
    return None if found is None else len(re.findall("[0-9]", base[: found.start()])) - dropped


def _split_extension(text: str) -> tuple[str, str]:
    """Return the text before an extension, and the extension as Graph writes it."""
    for found in _EXTENSION.finditer(text):
        if found.end() == len(text):
            return text[: found.start()], f";ext={found['digits']}"
    return text, ""


def _refuse_spreadsheet(base: str) -> None:
    """Refuse what a spreadsheet makes of a number: a fraction, an exponent, thousands, a formula, an error."""
    shape = _SCIENTIFIC.fullmatch(base) or _THOUSANDS.fullmatch(base) or _NEGATIVE.match(base)
    if shape or base.startswith(("#", "=")) or _is_fraction(base):
        raise ValueError(_SPREADSHEET)


def _is_fraction(base: str) -> bool:
    """Say whether the last dot or comma is a decimal one; dots separate the digits of real numbers, too."""
    found = _FRACTION.fullmatch(base)
    if found is None:
        return False
    whole, fraction = found["whole"], found["fraction"]
    only_one = not re.search("[.,]", whole)
    if fraction.strip("0"):
        return base[len(whole)] == "." and _WHOLE_NUMBER.fullmatch(whole) is not None
    return (
        fraction == "0" or (only_one and fraction == "00") or bool(_WHOLE_NUMBER.fullmatch(whole)) or _is_alone(whole)
    )


def _refuse_alternatives(base: str) -> None:
    """Refuse `…/…` where what stands before the slash is a number by itself: the rest is another one, or its ending."""
    parts = base.split("/")
    if any(_is_alone("/".join(parts[:end])) for end in range(1, len(parts))):
        raise ValueError(_ONE_NUMBER)


def _range_from(base: str) -> str:
    """Return the digits before a dash from which the rest counts on as a range does; nothing where it does not."""
    found = _RANGE.search(base)
    if found is None or found["mark"] in base[: found.start()]:  # dashes between all groups are only separators
        return ""
    group, last = found["group"], found["last"]
    if not (len(group) >= len(last) and 0 < int(last) - int(group[-len(last) :]) < _LONGEST_RANGE):
        return ""
    digits = re.sub(r"[^0-9]", "", base[: found.end("group")]).removeprefix("00")
    dialed_direct = digits[: code_length(digits)] in _DIRECT_DIALING
    return "" if dialed_direct and len(last) != len(group) < _LONG_GROUP else digits


def _is_alone(base: str) -> bool:
    """Say whether a part of a text is a valid international number by itself."""
    from teams_numbers import numbering  # noqa: PLC0415 - as above

    digits = re.sub(r"[^0-9]", "", base)
    return numbering.is_valid("+" + digits.removeprefix("00"))
