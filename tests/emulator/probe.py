"""What a number does to a client that orders it, polls its operation and reads it, in one line."""

import re
from email.utils import parsedate_to_datetime

import requests

from tests.emulator.world import NUMBERS, OPERATIONS, USER, World

_MOST_POSTS = 3
_HUGE_BYTES = 1024 * 1024
#: Short names of the texts that Graph gives as reasons.
_REASONS = {
    "license": r"^User '.+' lacks appropriate licenses to assign a 'CallingPlan' number",
    "no-user": r"^The user '.+' is not found",
    "request-error": r"^The server responded with a Request Error, Status: NotFound",
    "pending": r"the activation state is pending",
    "taken": r"^Telephone Number '\+1\d{10}' has already been assigned to another user",
    "no-number": r"^Telephone Number '\+1\d{10}' is not found from tenant '[-0-9a-f]{36}'",
    "on-premises": r"^The user already has a telephone number set in the on-premises Active Directory",
    "operator": r"^Contact your operator to change the emergency address for this number\.",
    "unavailable": r"^Service is unavailable\. Please try again",
    "update": r"^Update failed for user '.+'\. Please try again",
    "permission": r"^Insufficient permission\(s\).*TeamsTelephoneNumber\.ReadWrite\.All",
    "json": r'^\{"code":"Forbidden","message":"Access Denied\."',
    "unknown": r"^Error 7-4\d|capability userAssignment|conflict|^The number is being assigned",
}


def probe(world: World, number: str) -> str:
    """Return what happened, as `posts | polls | reads | a second order`.

    Orders the number until the emulator has accepted it, three times at most; polls the operation and reads the number
    0.5, 3 and 60 seconds later; then orders it once more for the same user, and reads it a minute after that.
    """
    posts = []
    for _ in range(_MOST_POSTS):
        posts.append(_post(world, number))
        if number in world.stats()["acceptedPerNumber"]:
            break
    polls, reads = [], []
    for seconds in (0.5, 2.5, 57):
        world.clock.sleep(seconds)
        polls.append(_poll(world))
        reads.append(_read(world, number))
    again = _post(world, number)
    world.clock.sleep(60)
    return f"{' '.join(posts)} | {' '.join(polls)} | {' '.join(reads)} | {again} {_read(world, number)}"


def _post(world: World, number: str) -> str:
    try:
        answer = world.post(number)
    except requests.RequestException as error:
        return type(error).__name__
    if answer.status_code != requests.codes.accepted:
        return _refusal(answer)
    location = answer.headers.get("Location", "none")
    how = {"none": "-none", "http://127.0.0.1:9": "-foreign", "/v1.0/admin/teams": "-relative"}
    return "202" + next((word for start, word in how.items() if location.startswith(start)), "") + _after(answer)


def _poll(world: World) -> str:
    operations = world.stats()["operations"]
    if not operations:
        return "-"
    try:
        answer = world.get(f"{OPERATIONS}('{operations[-1]['id']}')")
    except requests.RequestException as error:
        return type(error).__name__
    if not _plain(answer):
        return _refusal(answer)
    body = answer.json()
    entity = body.get("value", body)
    (line,) = entity["numbers"]
    assert line["status"] == entity["status"]
    return str(entity["status"]) + ("" if "value" in body else "-bare") + _reason(line.get("statusDetail", ""))


def _read(world: World, number: str) -> str:
    answer = world.session.get(NUMBERS, params={"$filter": f"telephoneNumber eq '{number}'"})
    if not _plain(answer):
        return _refusal(answer)
    (shown,) = answer.json()["value"]
    if shown["activationState"] != "activated":
        return str(shown["activationState"]).removeprefix("assignment").lower()
    target = shown["assignmentTargetId"]
    return "free" if target is None else "ours" if target == USER else "theirs"


def _plain(answer: requests.Response) -> bool:
    page = answer.headers["Content-Type"].startswith("text/html")
    return answer.status_code == requests.codes.ok and not page and len(answer.content) < _HUGE_BYTES


def _refusal(answer: requests.Response) -> str:
    """Return a status, and the reason that the answer gives."""
    if answer.headers["Content-Type"].startswith("text/html"):
        return f"{answer.status_code}-html"
    if len(answer.content) > _HUGE_BYTES:
        return f"{answer.status_code}-huge"
    if answer.is_redirect:
        assert answer.headers["Location"].startswith("http://127.0.0.1:9/")
    return f"{answer.status_code}{_reason(answer.json()['error']['message'])}{_after(answer)}"


def _reason(text: str) -> str:
    return next((f"({name})" for name, pattern in _REASONS.items() if re.search(pattern, text)), "")


def _after(answer: requests.Response) -> str:
    after = answer.headers.get("Retry-After")
    if after is None:
        return ""
    if after.isdecimal():
        return f"[{after}]"
    return "[date]" if parsedate_to_datetime(after).tzinfo else "[?]"
