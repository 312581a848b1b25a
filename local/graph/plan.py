"""What `POST /emulator/plan` sets: how the emulator behaves, besides its magic numbers."""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic.alias_generators import to_camel

from local.graph.twists import TWISTS
from local.graph.vocabulary import WRITE_ROLE

_Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
_Probability = Annotated[float, Field(ge=0, le=1)]


class PlanError(ValueError):
    """A plan holds something that the emulator does not know; the message names it."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel)


class RateLimit(_Model):
    """How much is let through, reads and writes each in a bucket of their own."""

    per_second: float | None = Field(None, gt=0, description="of reads and of writes, each")
    reads_per_second: float | None = Field(None, gt=0, description="instead of perSecond, for GET")
    writes_per_second: float | None = Field(None, gt=0, description="instead of perSecond, for POST")
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
    read_lag_seconds: _Seconds = Field(0.0, description="how long after its order's end a number reads unassigned")
    time_scale: _Seconds = Field(1.0, description="multiplies the times of magic numbers and of faults that last")
    token_seconds: float = Field(3600, gt=0, description="how long a token is good")
    roles: tuple[str, ...] = Field((WRITE_ROLE,), description="the permissions in Graph's tokens")
    identity_down: bool = Field(default=False, description="the identity endpoint answers 500")
    outage: bool = Field(default=False, description="Graph cannot be reached, its state stays")
    forbidden_until: AwareDatetime | None = Field(None, description="every Graph call is answered 403 until then")
    attacker_origin: str = Field("http://127.0.0.1:9", description="where foreign Locations and redirects point")
    body_shape: Literal["wrapped", "bare", "mixed"] = Field("wrapped", description="of operations")
    show_running: bool = Field(
        default=True, description="a number whose order is running has activationState assignmentPending"
    )
    require_location: bool = Field(default=False, description="Calling Plan numbers need a locationId")
    next_link: bool = Field(default=False, description="lists that go on have @odata.nextLink")

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
