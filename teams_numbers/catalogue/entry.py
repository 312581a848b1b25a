"""What an entry of the failure catalogue is. Pure."""

import functools
import re
from dataclasses import dataclass
from enum import StrEnum

#: Where an entry comes from that only the app itself notices or decides.
THE_APP = "the app itself"


class Kind(StrEnum):
    """What a failure asks for."""

    WAIT = "wait"  #: something outside must happen first, minutes to a day
    TRANSIENT = "transient"  #: trying again helps
    PERMANENT = "permanent"  #: nothing changes until a person acts
    OBSERVE = "observe"  #: the number itself knows: observe it
    CONFIGURATION = "configuration"  #: the app's identity, permission or settings, not the request


@dataclass(frozen=True, slots=True)
class Seen:
    """A text as somebody got it, with … for names and numbers, and where that was reported: a link or a name."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Failure:
    """One entry of the catalogue.

    Attributes:
        code: stable name, for programs.
        kind: what the failure asks for.
        advice: what a person should do, in plain sentences.
        patterns: regular expressions on what Graph said, case ignored; none where only the app itself notices.
        seen: the texts that the patterns are for.
        documents: where else the failure is described: links, or names of documents.
        tries: after how many times in a row it becomes the end; None: as its kind says.
    """

    code: str
    kind: Kind
    advice: str
    patterns: tuple[str, ...] = ()
    seen: tuple[Seen, ...] = ()
    documents: tuple[str, ...] = ()
    tries: int | None = None

    def fits(self, text: str) -> bool:
        """Say whether one of the patterns is in a text."""
        return bool(self.patterns) and _compiled(self.patterns).search(text) is not None


@functools.cache
def _compiled(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """Return one expression for all: compiled at the first failure, not when the app starts."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


def issue(number: int, repository: str = "MicrosoftDocs/office-docs-powershell") -> str:
    """Return the address of an issue; without a repository, of the Teams PowerShell documentation."""
    return f"https://github.com/{repository}/issues/{number}"
