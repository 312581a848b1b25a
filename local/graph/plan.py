"""What `POST /emulator/plan` sets: how the emulator behaves, besides its magic numbers."""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic.alias_generators import to_camel

from local.graph.inventory import AREAS
from local.graph.twist_table import TWISTS
from local.graph.vocabulary import BASIC_USER_ROLE, USER_ROLE, WRITE_ROLE

_Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
_Probability = Annotated[float, Field(ge=0, le=1)]
_AreaCount = Annotated[int, Field(ge=1, le=len(AREAS), strict=True)]
_AreaCode = Annotated[int, Field(ge=AREAS.start, lt=AREAS.stop)]


class PlanError(ValueError):
    """A plan holds something that the emulator does not know; the message names it."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel)


class RateLimit(_Model):
    """How much is let through, reads and writes each in a bucket of their own."""

    per_second: float | None = Field(None, gt=0, description="of reads and of writes, each")
    reads_per_second: float | None = Field(None, gt=0, description="instead of perSecond, for GET")
    writes_per_second: float | None = Field(None, gt=0, description="instead of perSecond, for POST")
    shared: bool = Field(default=False, description="reads and writes in one bucket, of perSecond")
    burst_seconds: float = Field(1.0, gt=0, description="how many seconds' worth may come at once")
    retry_after: int | None = Field(1, ge=0, description="the header on the 429, in seconds; null: no header")


class LogNormal(_Model):
    """Seconds drawn from a log-normal distribution, with the plan's seed."""

    median: float = Field(gt=0)
    sigma: float = Field(gt=0, description="of the underlying normal distribution")


class Plan(_Model):
    """Every field may be left out; `POST /emulator/plan` changes those that it names."""

    latency_seconds: _Seconds = Field(0.0, description="how long every Graph answer takes")
    rate_limit: RateLimit | None = Field(None, description="`{perSecond}`, or `{readsPerSecond, writesPerSecond}`")
    operation_seconds: _Seconds | LogNormal = Field(1.0, description="how long an order takes, or `{median, sigma}`")
    faults: dict[str, _Probability] = Field({}, description="random faults: their names and probabilities per call")
    seed: int = Field(0, description="of all that is random")
    second_post: Literal["accepted", "badRequest", "conflict"] = Field(
        "badRequest", description="what a second order of a number for the same user is answered"
    )
    second_number: Literal["replaced", "refused", "both"] = Field(
        "refused", description="what becomes of a second primary number of a person"
    )
    unassign_free: Literal["failed", "succeeded", "badRequest"] = Field(
        "failed", description="how it ends to take back a number that nobody has"
    )
    freed_blocked_seconds: _Seconds = Field(
        0.0, description="how long a number that was taken back reads as free and is refused as taken"
    )
    update_effect: Literal["done", "later", "never", "failed"] = Field(
        "done", description="what an accepted update does; later: after 5 s in activationState updatePending"
    )
    update_rules: Literal["graph", "powershell"] = Field(
        "graph",
        description="powershell: a Calling Plan number keeps a location, skipInternalVoip is for Direct Routing",
    )
    read_lag_seconds: _Seconds = Field(0.0, description="every reading of numbers shows them as they were then")
    time_scale: _Seconds = Field(1.0, description="multiplies the times of magic numbers and of faults that last")
    token_seconds: float = Field(3600, gt=0, description="how long a token is good")
    roles: tuple[str, ...] = Field((WRITE_ROLE, BASIC_USER_ROLE), description="the permissions in Graph's new tokens")
    user_roles: tuple[str, ...] = Field(
        (BASIC_USER_ROLE, USER_ROLE), description="the permissions of which a lookup of people needs one"
    )
    new_hire_asks: int = Field(2, ge=0, description="after how many lookups `newhire` is in the directory")
    identity_down: bool = Field(default=False, description="the identity endpoint answers 500")
    outage: bool = Field(default=False, description="Graph cannot be reached, its state stays")
    forbidden_until: AwareDatetime | None = Field(None, description="every Graph call is answered 403 until then")
    attacker_origin: str = Field("http://127.0.0.1:9", description="where foreign Locations and redirects point")
    body_shape: Literal["wrapped", "bare", "mixed"] = Field("bare", description="of operations")
    hidden_members: bool = Field(
        default=True,
        description="the word `skipped` hides behind unknownFutureValue from who does not prefer to see all members",
    )
    show_running: bool = Field(
        default=True,
        description="a number whose order is running has activationState assignmentPending, or updatePending",
    )
    require_location: bool = Field(default=False, description="Calling Plan numbers need a locationId")
    next_link: bool = Field(default=False, description="lists that go on have @odata.nextLink")
    inventory_areas: _AreaCount | tuple[_AreaCode, ...] | None = Field(
        None, description="the area codes that there are, 100 numbers each: how many, or which; null: all 799"
    )

    @field_validator("faults")
    @classmethod
    def _known(cls, faults: dict[str, float]) -> dict[str, float]:
        for name in faults:
            if name not in TWISTS:
                message = f"no fault is called {name!r}; there are: {', '.join(TWISTS)}"
                raise ValueError(message)
        return faults

    def changed(self, change: Any) -> "Plan":  # noqa: ANN401 - whatever was posted
        """Return this plan with some fields set anew.

        Raises:
            PlanError: a field is unknown or its value is wrong.
        """
        if not isinstance(change, dict):
            message = "a plan is a JSON object"
            raise PlanError(message)
        try:
            return Plan.model_validate(self.as_json() | change)
        except ValidationError as error:
            reasons = "; ".join(_reason(detail["loc"], detail["type"], detail["msg"]) for detail in error.errors())
            raise PlanError(reasons) from error

    def as_json(self) -> dict[str, Any]:
        """Return every field, by the names that are posted."""
        return self.model_dump(mode="json", by_alias=True)


def _reason(where: tuple[int | str, ...], kind: str, message: str) -> str:
    name = ".".join(str(part) for part in where)
    if kind == "extra_forbidden":
        return f"'{name}': unknown field; a plan has: {', '.join(sorted(map(to_camel, Plan.model_fields)))}"
    return f"'{name}': {message}"
