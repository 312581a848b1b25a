"""Twists: what an answer is instead of the ordinary one. Magic numbers, magic people and random faults pick from them.

The twists themselves are the table in `twist_table`.
"""

from dataclasses import dataclass
from typing import Final

from local.graph.call import Fault

#: The kinds of calls. PAGE is a LIST that goes through the inventory, not one that asks for a number or a person.
ASSIGN, UNASSIGN, UPDATE = "assign", "unassign", "update"
OPERATION, LIST, PAGE, USER, TOKEN = "operation", "list", "page", "user", "token"
ORDERS = (ASSIGN, UNASSIGN, UPDATE)

#: Bodies that are not Graph's, by what they are called; the other names are places where the reason may stand.
_BODIES: Final = {
    "html": "an HTML page",
    "huge": "5 MB",
    "empty": "an empty body",
    "cut": "half a JSON",
    "braces": "`{}`",
    "details": "the reason in error.details[].message",
    "inner": "the reason in error.innerError.message",
    "string": "the reason in error_description",
    "message": "the reason in Message",
    "odata": "the reason in odata.error.message.value",
    "problem": "the reason in a problem's detail",
}
_PAGES: Final = {
    "back": "begins one number earlier: one comes twice, the page's last is missed",
    "on": "begins one number later: one is missed",
    "short": "ends in the middle, and with it the list",
    "none": "is empty, with an @odata.nextLink to the same place",
}


@dataclass(frozen=True, slots=True)
class Twist:
    """What is different about one answer.

    Attributes:
        name: for plans and pages, in kebab case.
        on: the kinds of calls it makes sense for.
        status: replaces the ordinary status; None keeps the ordinary answer.
        code: the Graph error's.
        message: the Graph error's.
        retry_after: the Retry-After header: seconds, or `date` for a date two seconds ahead.
        accepted: the call is carried out all the same; else nothing happened.
        location: what becomes of the Location header: `absent`, `relative`, `foreign` (another host).
        fault: what the transport does.
        body: what stands there instead of the ordinary body, or where the message stands in it; see `_BODIES`.
        word: an operation's status instead of the true one.
        number_word: the status of the operation's number instead of the operation's.
        capitalized: an operation's words begin with a capital letter.
        own_detail: the statusDetail stands at the operation, not at its number.
        shape: `wrapped` or `bare`, an operation's body.
        page: what is wrong with a page of the inventory: `back`, `on`, `short`, `none`; see `_PAGES`.
        closes_for: every Graph call is answered 403 for so many seconds, times the plan's timeScale.
    """

    name: str
    on: tuple[str, ...]
    status: int | None = None
    code: str = ""
    message: str = ""
    retry_after: str | None = None
    accepted: bool = False
    location: str = ""
    fault: Fault | None = None
    body: str = ""
    word: str = ""
    number_word: str = ""
    capitalized: bool = False
    own_detail: bool = False
    shape: str = ""
    page: str = ""
    closes_for: float = 0.0

    @property
    def summary(self) -> str:
        """What it does, in a few words."""
        said = self.message.replace("|", "") if self.status in {400, 404} and self.body != "html" else ""
        parts = [
            str(self.status or ""),
            f"`{said}`" if said else "",
            f"Retry-After {self.retry_after}" if self.retry_after else "",
            f"Location {self.location}" if self.location else "",
            _BODIES.get(self.body, ""),
            f"the operation says `{self.word}`" if self.word else "",
            f"the operation's number says `{self.number_word}`" if self.number_word else "",
            "the operation's words begin with a capital letter" if self.capitalized else "",
            "statusDetail stands at the operation" if self.own_detail else "",
            f"the operation is {self.shape}" if self.shape else "",
            f"the page {_PAGES[self.page]}" if self.page else "",
            f"and so for {self.closes_for:g} s" if self.closes_for else "",
            f"connection: {self.fault.value}" if self.fault else "",
            "carried out all the same" if self.accepted and (self.status or self.fault) else "",
        ]
        return ", ".join(part for part in parts if part)
