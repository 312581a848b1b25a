"""Graph's enumerations, read in any letter case and told in the spelling of its published metadata. Pure.

Source of the spellings: the v1.0 metadata, https://graph.microsoft.com/v1.0/$metadata; `skipped` is on one
documentation page only, and `completed` is what other operations of Graph say for `succeeded`.
"""

from collections.abc import Mapping
from typing import Any, Final

from teams_numbers.log import plain

#: Stands for every word that Graph could not or did not say.
UNKNOWN: Final = "unknownFutureValue"

#: What an operation, and each number in it, may say.
OPERATION_STATUS: Final = ("notStarted", "running", "succeeded", "failed", "skipped", UNKNOWN)
#: What each field of a `numberAssignment` may say; `capabilities` is a list of such words.
NUMBER_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "activationState": (
        "activated",
        "assignmentPending",
        "assignmentFailed",
        "updatePending",
        "updateFailed",
        UNKNOWN,
    ),
    "assignmentCategory": ("primary", "private", "alternate", UNKNOWN),
    "assignmentStatus": (
        "unassigned",
        "internalError",
        "userAssigned",
        "conferenceAssigned",
        "voiceApplicationAssigned",
        "thirdPartyAppAssigned",
        "policyAssigned",
        UNKNOWN,
    ),
    "numberType": ("internalError", "directRouting", "callingPlan", "operatorConnect", UNKNOWN),
    "capabilities": (
        "conferenceAssignment",
        "voiceApplicationAssignment",
        "userAssignment",
        "teamsPhoneMobile",
        UNKNOWN,
    ),
}
#: A number's fields that are plain texts, or null.
_TEXTS = ("civicAddressId", "city", "id", "isoCountryCode", "locationId", "networkSiteId", "operatorId")


def _by_lower(words: tuple[str, ...]) -> dict[str, str]:
    return {word.lower(): word for word in words} | {word: word for word in words}


_STATUSES = _by_lower(OPERATION_STATUS) | {"completed": "succeeded"}
_FIELDS = {field: _by_lower(words) for field, words in NUMBER_FIELDS.items()}


def operation_status(word: str) -> str:
    """Return an operation's status as the metadata spells it; a word nobody knows is cut down to a plain one."""
    return _spelled(word, _STATUSES)


def number(entry: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return a listed number with its words as the metadata spells them; None where it has no telephoneNumber.

    What has another type than the metadata says becomes something that no decision mistakes for a free number: an
    unknown word, a holder nobody is.
    """
    if not (isinstance(called := entry.get("telephoneNumber"), str) and called.strip()):
        return None
    read = dict(entry) | {"telephoneNumber": called.strip()}
    for field, known in _FIELDS.items():
        said = read.get(field)
        if field == "capabilities":
            listed = said if isinstance(said, list) else []
            read[field] = [_spelled(word, known) for word in listed if isinstance(word, str)]
        elif said is not None:
            read[field] = _spelled(said, known) if isinstance(said, str) else UNKNOWN
    if not isinstance(target := read.get("assignmentTargetId"), str | None):
        read["assignmentTargetId"] = plain(type(target).__name__)
    for field in _TEXTS:
        if not isinstance(read.get(field), str | None):
            read[field] = None
    return read


def _spelled(word: str, known: Mapping[str, str]) -> str:
    if word in known:  # as Graph spells it nearly always
        return known[word]
    cut = plain(word)
    return known.get(cut.lower().replace("_", ""), cut or UNKNOWN)
