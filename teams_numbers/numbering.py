"""What the countries' numbering plans say of a number's digits, by Google's metadata. Pure.

The metadata (https://github.com/google/libphonenumber) knows each country's lengths, trunk prefixes and ranges.
A number whose country code is written must only be possible, since new ranges come before new metadata.
"""

import functools
import re
from dataclasses import dataclass

import phonenumbers
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata, PhoneNumber, PhoneNumberFormat, ValidationResult

from teams_numbers.numbers import Written

#: ITU-T E.164 allows 15 digits, the country code included; fewer than seven reach nobody from abroad.
_FEWEST, _MOST = 7, 15
#: Dialed before a number inside its country only, and no part of it. North America's 1 is not among them: `0011` is
#: what Australia dials abroad, so +1 1 … would rather be another country's number than one with a trunk prefix.
TRUNKS = frozenset({"0", "06", "8", "80"})
_DIALED_INSIDE = "has a prefix that is only dialed inside the country: write "
_NO_AREA = "has no area code: write "
#: How many digits follow a country code of one to three digits: four at least, fourteen at most.
_WORDS = dict(
    enumerate(
        ("four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen"), start=4
    )
)


@dataclass(frozen=True, slots=True)
class Plan:
    """A country code's numbering plan.

    Attributes:
        pattern: what its national numbers look like.
        lengths: how long they are.
        trunk: the trunk prefix.
        prefix: what may be dialed before them inside the country.
    """

    pattern: re.Pattern[str]
    lengths: tuple[int, ...]
    trunk: str | None
    prefix: re.Pattern[str] | None


def international(written: Written) -> str:
    """Return a number whose digits begin with its country code, in E.164.

    Raises:
        ValueError: it is not possible; the message says why.
    """
    digits = written.digits
    if not digits:
        message = "is not a telephone number: it has no digits after 00"
        raise ValueError(message)
    code = country_code(digits)
    if code is None:
        message = f"no country has the code +{digits[:3]}"
        raise ValueError(message)
    rest = digits[len(code) :]
    if written.trunk_zero_at not in {None, len(code)}:
        message = "(0) can only stand after the country code: leave it out"
        raise ValueError(message)
    national = _national(code, rest)
    if national is None and _drops_zero(written, code, rest) and is_valid(f"+{code}{rest[1:]}"):
        national = rest[1:] if _national(code, rest[1:]) == rest[1:] else None
    if national is None:
        raise ValueError(_impossible(code, rest))
    if national.startswith("0"):
        national = _kept_zero(written, code, national)
    return f"+{code}{national}"


def is_valid(number: str) -> bool:
    """Say whether a number with a plus is of a range that its country has assigned."""
    found = parse(number)
    return found is not None and is_valid_number(found)


def is_valid_number(number: PhoneNumber) -> bool:
    """Say whether a parsed number is valid, and of a length that is read here: some patterns have no end."""
    length = len(str(number.country_code)) + len(phonenumbers.national_significant_number(number))
    return _FEWEST <= length <= _MOST and phonenumbers.is_valid_number(number)


def parse(text: str, region: str | None = None) -> PhoneNumber | None:
    """Return the metadata's reading of digits, dialed in a region or with a plus before them; None if there is none."""
    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None


def dialed(digits: str, region: str) -> PhoneNumber | None:
    """Return the valid number that digits are when dialed inside a region; None if there is none.

    It reads what the metadata's own parser reads there in a fraction of the time: no carrier's code is dropped, and no
    prefix for calls abroad.
    """
    code = phonenumbers.country_code_for_region(region)
    there = plan(str(code))
    prefix = there.prefix.match(digits) if there.prefix else None
    national = digits[prefix.end() :] if prefix else digits
    if not there.pattern.fullmatch(national):
        national = digits
    if not there.pattern.fullmatch(national) or digits.removesuffix(national) not in TRUNKS | {""}:
        return None
    zeros = len(national) - len(national.lstrip("0"))
    found = PhoneNumber(code, int(national), italian_leading_zero=True, number_of_leading_zeros=zeros)
    return found if is_valid_number(found) else None


def country_code(digits: str) -> str | None:
    """Return the country code that digits, one at least, begin with; None if they begin with none."""
    codes = (digits[:length] for length in (1, 2, 3))
    return next((code for code in codes if int(code) in COUNTRY_CODE_TO_REGION_CODE), None)


def shown(number: str) -> str:
    """Return a number with a plus as `shown_number` does."""
    found = parse(number)
    return number if found is None else shown_number(found)


def shown_number(number: PhoneNumber) -> str:
    """Return a parsed number in groups, `+1 206 555 0100`."""
    text = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    return re.sub(r"[^0-9+]+", " ", text)


@functools.cache
def plan(code: str) -> Plan:
    """Return the numbering plan of a country code."""
    region = COUNTRY_CODE_TO_REGION_CODE[int(code)][0]
    metadata = PhoneMetadata.metadata_for_region_or_calling_code(int(code), region)
    general = metadata.general_desc if metadata else None
    possible = general.possible_length if general else ()
    dialed_first = metadata.national_prefix_for_parsing if metadata else None
    return Plan(
        pattern=re.compile((general and general.national_number_pattern) or ""),
        lengths=tuple(length for length in possible if _FEWEST <= len(code) + length <= _MOST),
        trunk=metadata.national_prefix if metadata else None,
        prefix=re.compile(dialed_first) if dialed_first else None,
    )


def _national(code: str, rest: str) -> str | None:
    """Return the national number in what follows a country code, without a trunk prefix; None if impossible."""
    found = parse(f"+{code}{rest}")
    if found is None or phonenumbers.is_possible_number_with_reason(found) != ValidationResult.IS_POSSIBLE:
        return None
    national = phonenumbers.national_significant_number(found)
    trunk = rest.removesuffix(national)
    if not _FEWEST <= len(code) + len(national) <= _MOST or _has_stray_zero(code, national):
        return None
    if not trunk:
        return national
    if trunk not in TRUNKS or _national(code, national) != national:
        return None
    return national if trunk == "0" or is_valid_number(found) else None


def _has_stray_zero(code: str, national: str) -> bool:
    """Say whether a national number starts with a zero, which only some countries' numbers do, Italy's for one."""
    return national.startswith("0") and not plan(code).pattern.fullmatch(national)


def _drops_zero(written: Written, code: str, rest: str) -> bool:
    """Say whether a zero after the country code is a trunk zero, by how it is written or by the country's habit."""
    return rest.startswith("0") and (written.trunk_zero_at is not None or plan(code).trunk == "0")


def _kept_zero(written: Written, code: str, national: str) -> str:
    """Return a national number that starts with a zero, which is part of Italy's fixed numbers, but of no mobile's.

    Raises:
        ValueError: it is rather the number without the zero, or nobody can say.
    """
    as_written, without = f"+{code}{national}", f"+{code}{national[1:]}"
    if not is_valid(without):
        return national
    marked, valid = written.trunk_zero_at is not None, is_valid(as_written)
    another_follows = _national(code, national[1:]) != national[1:]
    if marked and valid:
        message = f"(0) can be read in two ways: write {shown(as_written)} or {shown(without)}"
        raise ValueError(message)
    if not valid and (another_follows or not marked):
        raise ValueError(_DIALED_INSIDE + shown(without))
    return national[1:] if marked else national


def _impossible(code: str, rest: str) -> str:
    """Say why what follows a country code is no number of that country."""
    alternatives = [rest] if code == "1" else [rest, rest[1:]] if rest[:1] in {"0", "1"} else [rest]
    found = [reading for text in alternatives if (reading := parse(f"+{code}{text}"))]
    valid = [shown_number(reading) for reading in found if is_valid_number(reading)]
    if valid and code != "1":
        longer = len(re.sub(r"[^0-9]", "", valid[0])) > len(code) + len(rest)
        return (_NO_AREA if longer else _DIALED_INSIDE) + valid[0]
    lengths = plan(code).lengths
    if len(rest) not in lengths:
        return f"+{code} numbers have {_spelled(lengths)} more digits; this one has {len(rest)}"
    return f"+{code} numbers do not start with 0" if rest.startswith("0") else f"is not a number of +{code}"


def _spelled(lengths: tuple[int, ...]) -> str:
    """Return lengths in words: `ten`, `nine or ten`, `seven, nine or ten`, `five to eleven`."""
    words = [_WORDS[length] for length in lengths]
    if len(lengths) > 2 and lengths == tuple(range(lengths[0], lengths[-1] + 1)):  # noqa: PLR2004 - a range has a middle
        return f"{words[0]} to {words[-1]}"
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
