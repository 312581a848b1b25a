"""Pools: where numbers come from, and which one a request gets. Pure."""

import functools
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from teams_numbers.fields import LOCATION_FORM
from teams_numbers.records import STORED_NUMBER, NumberRecord

#: The most numbers that one range may span: a range is walked number by number.
RANGE_MOST = 100_000
#: Where Calling Plan numbers need an emergency location: https://learn.microsoft.com/microsoftteams/manage-emergency-call-routing-policies
_LOCATION_COUNTRIES = frozenset({"US", "CA"})
#: What is said of a field that is wrong, by pydantic's word for it; and what one looks like that does not fit.
_SAID = {"missing": "is missing", "extra_forbidden": "unknown field", "too_short": "is empty; name at least one"}
_SAID |= dict.fromkeys(("tuple_type", "frozen_set_type", "model_type"), "must have the form that docs/deploy.md shows")
_LIKE = {"startsWith": "+1206", "country": "US", "locationId": "f1b9e3a6-0c55-4f0e-8f62-2d5b8c7c6a10"}

_NAME_FORM = r"[a-z0-9][a-z0-9._-]{0,63}"
PoolName = Annotated[str, StringConstraints(pattern=f"^{_NAME_FORM}$")]
_Number = Annotated[str, StringConstraints(pattern=r"^\+[1-9][0-9]{6,14}$")]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel)


class Prefix(_Model):
    """All listed numbers that start with these digits."""

    starts_with: Annotated[str, StringConstraints(pattern=r"^\+[1-9][0-9]{0,14}$")] = Field(
        description="A plus, the country code, and as many more digits as needed."
    )


class Range(_Model):
    """All numbers from one to another, both included."""

    first: _Number = Field(alias="from", description="The first number.")
    last: _Number = Field(alias="to", description="The last number, with as many digits as the first.")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if len(self.first) != len(self.last) or self.first > self.last:
            message = f"from {self.first} to {self.last}: must have equally many digits, the smaller number first"
            raise ValueError(message)
        if int(self.last) - int(self.first) >= RANGE_MOST:
            message = f"from {self.first} to {self.last}: must span at most {RANGE_MOST:,} numbers"
            raise ValueError(message)
        return self

    def __contains__(self, number: str) -> bool:
        return len(number) == len(self.first) and self.first <= number <= self.last

    def __iter__(self) -> Iterator[str]:  # type: ignore[override] # a model iterates over its fields, a range over numbers
        return (f"+{digits}" for digits in range(int(self.first), int(self.last) + 1))


class Pool(_Model):
    """Numbers that requests may be given from, and what an assignment from it sets."""

    number_type: Literal["directRouting", "callingPlan", "operatorConnect"] = Field(
        description="Who provides the numbers."
    )
    numbers: tuple[Prefix | Range, ...] = Field(
        min_length=1, max_length=100, description="Which numbers: by their first digits, or from one to another."
    )
    excluded: frozenset[_Number] = Field(
        default=frozenset(), alias="except", description="Numbers that are never given out."
    )
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = Field(
        default=None, description="The numbers' country, two capital letters; other countries' numbers are left out."
    )
    location_id: Annotated[str, StringConstraints(pattern=f"^{LOCATION_FORM}$")] | None = Field(
        default=None, description="The emergency location; a request's own wins."
    )
    assignment_category: Literal["primary", "private", "alternate"] | None = Field(
        default=None, description="Which of the user's lines; a request's own wins."
    )
    low_water: int = Field(default=0, ge=0, strict=True, description="An alert is raised when fewer numbers are free.")

    @model_validator(mode="after")
    def _located(self) -> Self:
        american = self.country in _LOCATION_COUNTRIES or (self.country is None and any(map(_in_nanp, self.numbers)))
        if self.number_type == "callingPlan" and american and self.location_id is None:
            message = (
                "locationId: is missing; Calling Plan numbers in the US and Canada need an emergency location, "
                "and a freed number keeps the last holder's"
            )
            raise ValueError(message)
        return self

    def __contains__(self, number: str) -> bool:
        if number in self.excluded:
            return False
        named = number.startswith(self._prefixes) or any(number in part for part in self._spans)
        return named and STORED_NUMBER.fullmatch(number) is not None

    @functools.cached_property
    def _prefixes(self) -> tuple[str, ...]:
        """The first digits, asked for in one call: a wave asks for every number of the tenant."""
        return tuple(part.starts_with for part in self.numbers if isinstance(part, Prefix))

    @functools.cached_property
    def _spans(self) -> tuple[Range, ...]:
        return tuple(part for part in self.numbers if isinstance(part, Range))

    @property
    def ranges(self) -> tuple[Range, ...]:
        """The ranges whose numbers need not be listed: those of Direct Routing."""
        return self._spans if self.number_type == "directRouting" else ()


def read_pools(given: object) -> dict[str, Pool]:
    """Return the pools in the text of NUMBER_POOLS.

    Raises:
        ValueError: a pool is wrong; names the pool and the field.
    """
    if isinstance(given, Mapping) and all(isinstance(pool, Pool) for pool in given.values()):
        return dict(given)
    if isinstance(given, str):
        try:
            given = json.loads(given or "{}", object_pairs_hook=_unique)
        except (ValueError, RecursionError) as error:
            message = f"is not valid JSON: {error}"
            raise ValueError(message) from None
    if not isinstance(given, dict):
        message = "must be a JSON object of pools by name"
        raise ValueError(message)  # noqa: TRY004 - pydantic takes it for a wrong value
    return {name: _read_pool(name, value) for name, value in given.items()}


def suited(pool: Pool, records: Iterable[NumberRecord]) -> dict[str, bool]:
    """Return a pool's listed numbers; whether each can be picked."""
    return {
        found.telephone_number: found.free
        and found.number_type in {None, pool.number_type}
        and (pool.country is None or found.country in {None, pool.country})
        for found in records
        if found.telephone_number in pool
    }


def candidates(pool: Pool, listed: Mapping[str, bool], *, but: Iterable[str] = ()) -> list[str]:
    """Return the numbers of a pool that nobody holds, in ascending order.

    Args:
        pool: the pool.
        listed: the pool's numbers that Graph lists; whether nobody holds it and it may be given to users.
        but: numbers that are left out.
    """
    out = set(but)
    free = {number for number, is_free in listed.items() if is_free and number in pool}
    for part in pool.ranges:
        free |= {number for number in part if number not in listed and number not in pool.excluded}
    return sorted(free - out)


def walk(free: Iterable[str], request_id: str) -> list[str]:
    """Return numbers in this request's own order: tools that take the first free one do not meet it there."""
    return sorted(free, key=lambda number: hashlib.blake2b(f"{request_id}\n{number}".encode(), digest_size=8).digest())


def _in_nanp(part: Prefix | Range) -> bool:
    return (part.starts_with if isinstance(part, Prefix) else part.first).startswith("+1")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        message = "a name stands twice in one object"
        raise ValueError(message)
    return dict(pairs)


def _read_pool(name: str, value: object) -> Pool:
    if not re.fullmatch(_NAME_FORM, name):
        message = f"pool {name!r}: a pool's name is 1 to 64 of a-z 0-9 . _ -, starting with a letter or digit"
        raise ValueError(message)
    try:
        return Pool.model_validate(value)
    except ValidationError as error:
        said = dict.fromkeys(_problem(dict(problem)) for problem in error.errors() if _meant(dict(problem), value))
        message = f"pool {name!r}: {'; '.join(said)}"
        raise ValueError(message) from None


def _meant(problem: dict[str, Any], value: Any) -> bool:  # noqa: ANN401 - any JSON
    """Say whether a problem is one of what was written: `numbers` are read as both kinds, and each one has problems."""
    loc = problem["loc"]
    if len(loc) < 4:  # noqa: PLR2004 - only an entry of `numbers` goes so deep: its place, its kind, its field
        return problem["type"] != "too_short" or not value["numbers"]  # a wrong entry is not counted
    part = value["numbers"][loc[1]]
    return {"from", "to"}.isdisjoint(part if isinstance(part, dict) else ()) is (loc[2] == Prefix.__name__)


def _problem(problem: dict[str, Any]) -> str:
    """Say which field of a pool is wrong; the names of the two kinds of `numbers` are ours, not the reader's."""
    loc = problem["loc"]
    where = ".".join(str(part) for part in ((*loc[:2], *loc[3:]) if loc[:1] == ("numbers",) else loc))
    said = _SAID.get(problem["type"], str(problem["msg"]).removeprefix("Value error, "))
    if problem["type"] == "string_pattern_mismatch":
        said = f"must be like {_LIKE.get(where.rpartition('.')[2], '+12065550100')}"
    return f"{where}: {said}" if where else said
