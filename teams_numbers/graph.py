"""Microsoft Graph as far as this app uses it: orders, operations, the list of numbers, people; answers as values.

Nothing here raises for what Graph says or fails to say: every call returns one of the values of `answers`.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import requests
from azure.core.credentials import TokenCredential

from teams_numbers import answers, failures, log, origin, queries
from teams_numbers.answers import (
    Accepted,
    Done,
    Listing,
    NoSuchPerson,
    Operation,
    Page,
    Person,
    Refused,
    Unclear,
    Unjudged,
)
from teams_numbers.calls import LIST_BYTES, Call, Calls
from teams_numbers.clock import Clock
from teams_numbers.contracts import Action
from teams_numbers.limits import Limits
from teams_numbers.reply import Reply
from teams_numbers.settings import Settings

_NOT_FOUND = 404
_LEADS_AWAY = Unclear("the next page is elsewhere")
#: How many pages one filtered read follows; whoever wants more goes on at the listing's `next`.
FILTERED_PAGES = 20


class Graph:
    """Microsoft Graph's Teams number API, as far as this app uses it; one per process, safe to use from many threads.

    Args:
        settings: the endpoint and the pace.
        make_credential: makes the identity; called again after a 401.
        session: carries the calls.
        clock: tells the time.
        limits: how long a call may take.
    """

    def __init__(
        self,
        settings: Settings,
        make_credential: Callable[[], TokenCredential],
        session: requests.Session,
        clock: Clock,
        limits: Limits | None = None,
    ) -> None:
        self._endpoint = settings.graph_endpoint
        self._calls = Calls(settings, make_credential, session, clock, limits or Limits())

    @property
    def closed_for(self) -> float:
        """How long nothing will be read, in seconds, where that is longer than a call waits for its turn; else 0."""
        return self._calls.closed_for

    def order(
        self, action: Action, body: Mapping[str, str], *, expires: datetime | None = None
    ) -> Accepted | Done | Refused | Unjudged:
        """Give one order: one POST, never repeated here.

        Args:
            action: what is ordered: assignNumber, unassignNumber, updateNumber.
            body: the action's parameters, by Graph's names.
            expires: it is not sent after this moment: what was read before must not be older.

        Returns:
            Accepted where the order can be followed; Done where an update was done at once.
        """
        # https://learn.microsoft.com/graph/api/resources/teamsadministration-numberassignment
        call = Call("POST", f"{origin.NUMBERS}/{action}Number", body, expires=expires)
        return self._ask(call, self._calls.deadline(), lambda reply: self._ordered(reply, action))

    def operation(self, url: str) -> Operation | Refused | Unjudged:
        """Ask how an order goes, at an address that `operation_url` returned; a 404 is a refusal, whatever it says."""
        call = Call("GET", url.removeprefix(self._endpoint), wordless={_NOT_FOUND})
        return self._ask(call, self._calls.deadline(), answers.operation)

    def numbers(
        self,
        filters: Mapping[str, str] | None = None,
        *,
        capability: str | None = None,
        top: int | None = None,
        skip: int = 0,
    ) -> Listing | Refused | Unjudged:
        """List numbers, by Graph's documented filters; a filtered list is read to its end, if that is 20 pages away.

        All pages together take no longer than one call. Where the list breaks off, what was read is returned.

        Args:
            filters: the value that each field must have.
            capability: a word that must be among the number's `capabilities`.
            top: how many a page, at most 1,000; None: Graph's default.
            skip: how many are left out.
        """
        most = FILTERED_PAGES if filters or capability is not None else 1
        return self._listed(queries.numbers(filters, capability, top, skip), most)

    def numbers_after(self, link: str) -> Listing | Refused | Unjudged:
        """List the one page at which a listing's `next` says that it goes on."""
        path = origin.next_page(f"{self._endpoint}{link}", self._endpoint)
        return self._listed(path, 1) if path is not None else _LEADS_AWAY

    def person(self, user_principal_name: str) -> Person | NoSuchPerson | Refused | Unjudged:
        """Look a person up by user principal name, which needs a permission of its own."""
        path = origin.person_path(user_principal_name)
        if path is None:
            return NoSuchPerson()
        call = Call("GET", path, forbidden=failures.USER_LOOKUP_DENIED)
        answer = self._ask(call, self._calls.deadline(), answers.person)
        return NoSuchPerson() if isinstance(answer, Refused) and answer.status == _NOT_FOUND else answer

    def operation_url(self, location: str) -> str | None:
        """Return the operation's URL if `location` names one of this Graph, else None."""
        return origin.operation_url(location, self._endpoint)

    def _listed(self, path: str, most_pages: int) -> Listing | Refused | Unjudged:
        """Read a list's pages, in the time of one call."""
        found: list[dict[str, Any]] = []
        complete, ends, on = True, self._calls.deadline(), path
        for _ in range(most_pages):
            page = self._ask(Call("GET", on, most_bytes=LIST_BYTES), ends, answers.page)
            if not isinstance(page, Page):
                return Listing(tuple(found), complete=False, next=on) if found else page
            found += page.numbers
            complete = complete and page.complete
            if page.link is not None:
                following = origin.next_page(page.link, self._endpoint)
                if following is None:
                    return _LEADS_AWAY
            else:
                following = queries.after(on, page.count)
            if following is None:
                return Listing(tuple(found), complete)
            on = following
        return Listing(tuple(found), complete=False, next=on)

    def _ordered(self, reply: Reply, action: Action) -> Accepted | Done | Unclear:
        location = self.operation_url(reply.headers.get("Location", ""))
        return answers.ordered(reply, location, at_once=action is Action.UPDATE)

    def _ask[T](self, call: Call, ends: float, read: Callable[[Reply], T | Unclear]) -> T | Refused | Unjudged:
        """Send a call and read its answer; a success that cannot be used is logged as the other unclear answers are."""
        reply = self._calls.send(call, ends)
        if not isinstance(reply, Reply):
            return reply
        answer = read(reply)
        if isinstance(answer, Unclear):
            trace = {"method": call.method, "status": str(reply.status), "graph_request_id": reply.graph_request_id}
            log.emit("graph.unclear", logging.WARNING, reason=answer.reason, **trace)
        return answer
