"""Every app setting, in one typed class; a missing or wrong one stops the app at start, by name."""

import ipaddress
import re
from datetime import timedelta
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from teams_numbers.pools import Pool, read_pools
from teams_numbers.records import STORED_NUMBER


class SettingsError(Exception):
    """An app setting is missing or wrong; the message names each and says what it must be."""


def is_loopback(host: str) -> bool:
    """Say whether a host name or address never leaves this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _endpoint(text: str, *, loopback: bool = True) -> str:
    url = urlsplit(text)
    if url.scheme != "https" and not (loopback and url.scheme == "http" and is_loopback(url.hostname or "")):
        message = "must be an https:// address" + (" (http:// on loopback only)" if loopback else "")
        raise ValueError(message)
    if not url.hostname or url.username or url.password or url.query or url.fragment:
        message = "must be a plain address such as https://graph.microsoft.com/v1.0"
        raise ValueError(message)
    return text.rstrip("/")


def _schedule(text: str) -> str:
    if len(text.split()) != 6:  # noqa: PLR2004 - NCRONTAB with seconds has six fields
        message = "must be an NCRONTAB expression of six fields, such as */15 * * * * *"
        raise ValueError(message)
    return text


def _queue_name(text: str) -> str:
    if not re.fullmatch(r"(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*", text):
        message = "must be a queue name: 3 to 63 of a-z, 0-9 and single dashes"
        raise ValueError(message)
    return text


def _uri_reference(text: str) -> str:
    message = "must be a URI reference, such as /teams/numbers or https://contoso.example/numbers"
    if not re.fullmatch(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+", text):
        raise ValueError(message)
    try:
        urlsplit(text)
    except ValueError:
        raise ValueError(message) from None
    return text


def _e164(text: str) -> str:
    if not STORED_NUMBER.fullmatch(text):
        message = f"{text!r} must be a number with + and its country code, such as +12065550100"
        raise ValueError(message)
    return text


def _listed(text: object) -> object:
    return [part.strip() for part in text.split(",") if part.strip()] if isinstance(text, str) else text


QueueName = Annotated[str, AfterValidator(_queue_name)]
#: What is said of a setting that is not there, or has no entry.
_ABSENT = {"missing": "is missing; set it", "too_short": "is empty; name at least one"}
Seconds = Annotated[float, Field(gt=0, le=604_800)]


class Settings(BaseSettings):
    """The app's settings, each read from the environment variable its alias names.

    Attributes:
        storage: connection string of the numbers' storage account; local use only.
        storage_uri: the account's queue endpoint, used with an identity; one of the two must be set.
        requests_queue: where requests arrive; the host reads the same setting for its trigger.
        operations_queue: where accepted orders wait for their end.
        events_queue: where completion events go.
        poll_schedule: when `poll_operation` runs, NCRONTAB, UTC; the host reads the same setting.
        graph_endpoint: Graph's address with its version; the only origin that ever gets a token.
        graph_requests_per_second: the most this process sends to Graph, in calls per second, reads and writes each.
        first_poll_seconds: how long after its acceptance an order is first looked at; also where back-off starts.
        max_poll_seconds: the longest pause between two looks at one operation.
        request_deadline_hours: when a request is given up, counted from its arrival.
        wait_seconds: pauses while something outside must happen (a license replicates); the last repeats.
        poll_budget_seconds: how long one run of `poll_operation` takes at most.
        poll_workers: threads in one run of `poll_operation`.
        event_source: the events' CloudEvents `source`, a URI reference.
        number_pools: the pools by name, a JSON object (infra/pools.json).
        number_check: whether a number must be possible in its country (`possible`), or may be of a private plan
            (`digits`).
        actions: what the app does at all.
        unassign_per_day: how many unassignments the whole app sends in 24 hours; more wait for a person.
        unassignments_queue: holds one message for each of them, for 24 hours.
        protected_numbers: numbers that are never unassigned.
        list_lag_seconds: how long Graph's list may show what no longer is so.
        confirm_seconds: how long an accepted order may stay invisible.
    """

    model_config = SettingsConfigDict(frozen=True, case_sensitive=True, extra="ignore")

    storage: str | None = Field(default=None, alias="NumbersStorage")
    storage_uri: str | None = Field(default=None, alias="NumbersStorage__queueServiceUri")
    requests_queue: QueueName = Field(alias="REQUESTS_QUEUE")
    operations_queue: QueueName = Field(alias="OPERATIONS_QUEUE")
    events_queue: QueueName = Field(alias="EVENTS_QUEUE")
    poll_schedule: Annotated[str, AfterValidator(_schedule)] = Field(alias="POLL_SCHEDULE")
    graph_endpoint: Annotated[str, AfterValidator(_endpoint)] = Field(
        default="https://graph.microsoft.com/v1.0", alias="GRAPH_ENDPOINT"
    )
    graph_requests_per_second: float = Field(default=20, gt=0, le=10_000, alias="GRAPH_REQUESTS_PER_SECOND")
    first_poll_seconds: Seconds = Field(default=15, alias="FIRST_POLL_SECONDS")
    max_poll_seconds: Seconds = Field(default=300, alias="MAX_POLL_SECONDS")
    request_deadline_hours: float = Field(default=24, gt=0, le=144, alias="REQUEST_DEADLINE_HOURS")
    wait_seconds: Annotated[tuple[Seconds, ...], NoDecode, BeforeValidator(_listed), Field(min_length=1)] = Field(
        default=(60, 300, 900, 3600), alias="WAIT_SECONDS"
    )
    poll_budget_seconds: float = Field(default=240, gt=0, le=500, alias="POLL_BUDGET_SECONDS")
    poll_workers: int = Field(default=16, ge=1, le=64, alias="POLL_WORKERS")
    event_source: Annotated[str, StringConstraints(max_length=256), AfterValidator(_uri_reference)] = Field(
        default="/teams/number-assignments", alias="EVENT_SOURCE"
    )
    number_pools: Annotated[dict[str, Pool], NoDecode, BeforeValidator(read_pools)] = Field(
        default={}, alias="NUMBER_POOLS"
    )
    number_check: Literal["possible", "digits"] = Field(default="possible", alias="NUMBER_CHECK")
    actions: Annotated[
        frozenset[Literal["assign", "unassign", "update"]], NoDecode, BeforeValidator(_listed), Field(min_length=1)
    ] = Field(default=frozenset({"assign"}), alias="ACTIONS")
    unassign_per_day: int = Field(default=25, ge=0, le=100_000, alias="UNASSIGN_PER_DAY")
    unassignments_queue: QueueName = Field(default="recent-unassignments", alias="UNASSIGNMENTS_QUEUE")
    protected_numbers: Annotated[
        frozenset[Annotated[str, AfterValidator(_e164)]], NoDecode, BeforeValidator(_listed)
    ] = Field(default=frozenset(), alias="PROTECTED_NUMBERS")
    list_lag_seconds: Seconds = Field(default=300, alias="LIST_LAG_SECONDS")
    confirm_seconds: Seconds = Field(default=3600, alias="CONFIRM_SECONDS")

    @property
    def deadline(self) -> timedelta:
        """How long after its arrival a request is given up."""
        return timedelta(hours=self.request_deadline_hours)

    @property
    def lease_seconds(self) -> float:
        """How long the poller leases an item: a run that ends on time has given back or ended all it took."""
        return self.poll_budget_seconds * 1.25

    @property
    def list_lag(self) -> timedelta:
        """How long Graph's list may show what no longer is so."""
        return timedelta(seconds=self.list_lag_seconds)

    @property
    def recent(self) -> timedelta:
        """How old a reading may be on which an order is given."""
        return self.list_lag / 10

    @property
    def settled_seconds(self) -> float:
        """How long after its end a request still counts as in flight: the list lags, and a reading may be recent."""
        return (self.list_lag + self.recent).total_seconds()

    @property
    def longest_pause(self) -> float:
        """The longest pause of an item with an order, in seconds; also how long a new poller gives no careful order."""
        return max(2 * self.first_poll_seconds, self.max_poll_seconds, self.settled_seconds)

    def offers(self, actions: frozenset[str], pool: str | None) -> bool:
        """Say whether the app does all this at all, and has the pool, if one is named."""
        return actions <= self.actions and (pool is None or pool in self.number_pools)

    @model_validator(mode="after")
    def _apart(self) -> Self:
        names = [self.requests_queue, self.operations_queue, self.events_queue, self.unassignments_queue]
        if len(set(names)) < len(names):  # an event in the in-box would be a request, and be rejected by an event
            message = "REQUESTS_QUEUE, OPERATIONS_QUEUE, EVENTS_QUEUE, UNASSIGNMENTS_QUEUE: must name four queues"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _connected(self) -> Self:
        if self.storage:
            return self
        if not self.storage_uri:
            message = "NumbersStorage__queueServiceUri: is missing; set it (or NumbersStorage, a connection string)"
            raise ValueError(message)
        try:
            _endpoint(self.storage_uri, loopback=False)  # the client library sends a token by TLS only
        except ValueError as error:
            message = f"NumbersStorage__queueServiceUri: {error}"
            raise ValueError(message) from None
        return self


def load(**values: Any) -> Settings:  # noqa: ANN401 - whatever a setting's type is
    """Return the settings that the environment gives, `values` above it.

    Raises:
        SettingsError: in one line, every setting that is missing or wrong, and what it must be.
    """
    try:
        return Settings(**values)
    except ValidationError as error:
        said = dict.fromkeys(_explain(dict(problem)) for problem in error.errors())
        raise SettingsError("App settings: " + "; ".join(said)) from None


def _explain(problem: dict[str, Any]) -> str:
    said = str(problem["msg"]).removeprefix("Value error, ")
    if not problem["loc"]:
        return said
    name = problem["loc"][0]
    return f"{name}: {_ABSENT.get(problem['type'], said)}"
