"""What a number does to a client that orders something, polls its operation and reads it, in one line."""

import re
from email.utils import parsedate_to_datetime
from typing import Any

import requests

from local.graph import inventory
from local.graph.magic import Action
from tests.emulator.world import NUMBERS, OPERATIONS, USER, World

_MOST_POSTS = 6
_HUGE_BYTES = 1024 * 1024
#: Short names of the texts that Graph gives as reasons.
_REASONS = {
    "license": r"^User '.+' lacks appropriate licenses to assign a 'CallingPlan' number",
    "not-licensed": r"is not licensed",
    "no-user": r"^(The user|User) '.+' (is|was) not found",
    "no-resource": r"^Resource '.+' does not exist or one of its queried reference-property objects are not present",
    "request-error": r"^The server responded with a Request Error, Status: NotFound",
    "pending": r"the activation state is pending",
    "taken": r"^Telephone Number '\+1\d{10}' has already been assigned to another user",
    "another": r"^Telephone Number '\+1\d{10}' is assigned to another user",
    "invalid": r"^Invalid DirectRoutingTelephoneNumber '\+1\d{10}'",
    "no-location": r"^The emergency location is not known in tenant '[-0-9a-f]{36}'",
    "not-held": r"^Telephone Number '\+1\d{10}' is not assigned",
    "no-number": r"^Telephone Number '\+1\d{10}' is not found from tenant '[-0-9a-f]{36}'",
    "on-premises": r"^The user already has a telephone number set in the on-premises Active Directory",
    "operator": r"^Contact your operator to change the emergency address for this number\.",
    "unavailable": r"^Service is unavailable\. Please try again|^Service Unavailable$",
    "error": r"^Unknown Error$|^Failed to execute .* backend request|try again later\.$",
    "privileges": r"^Insufficient privileges to complete the operation\.$",
    "update": r"^Update failed for user '.+'\. Please try again",
    "permission": r"^Insufficient permission\(s\).*TeamsTelephoneNumber\.ReadWrite\.All",
    "json": r'^\{"code":"Forbidden","message":"Access Denied\."',
    "unknown": r"^Error 7-4\d|\(7-44\)|capability userAssignment|conflict|^The number is being assigned",
}


#: Where the emulator counts what it accepted.
_COUNTED = {
    Action.ASSIGN: "acceptedPerNumber",
    Action.UNASSIGN: "acceptedUnassignmentsPerNumber",
    Action.UPDATE: "acceptedUpdatesPerNumber",
}


def probe(world: World, number: str, action: Action = Action.ASSIGN) -> str:
    """Return what happened, as `posts | polls | reads | a second order`.

    Orders until the emulator has accepted it, six times at most; polls the operation and reads the number 0.5, 3 and 60
    seconds later; then orders once more the same, and reads it a minute after that.
    """
    found = world.emulator.tenant.number(number)
    assert found
    whom = USER if action is Action.ASSIGN else found.target
    posts = []
    for _ in range(_MOST_POSTS):
        posts.append(_post(world, number, action))
        if number in world.stats()[_COUNTED[action]]:
            break
    polls, reads = [], []
    for seconds in (0.5, 2.5, 57):
        world.clock.sleep(seconds)
        polls.append(_poll(world))
        reads.append(_read(world, number, whom))
    again = _post(world, number, action)
    world.clock.sleep(60)
    polled = "" if action is Action.UPDATE else f" | {' '.join(polls)}"
    return f"{' '.join(posts)}{polled} | {' '.join(reads)} | {again} {_read(world, number, whom)}"


def _post(world: World, number: str, action: Action) -> str:
    kind = inventory.number_type(number)
    assert kind
    try:
        match action:
            case Action.UNASSIGN:
                answer = world.unassign(number, kind)
            case Action.UPDATE:
                answer = world.update(number, locationId=f"location-{world.clock():.0f}")
            case _:
                answer = world.post(number, numberType=kind)
    except requests.RequestException as error:
        return type(error).__name__
    if not answer.ok:
        return _refusal(answer)
    location = answer.headers.get("Location", "none" if answer.status_code == requests.codes.accepted else "")
    how = {"none": "-none", "http://127.0.0.1:9": "-foreign", "/v1.0/admin/teams": "-relative"}
    shape = next((word for start, word in how.items() if location.startswith(start)), "")
    return f"{answer.status_code}{shape}{_after(answer)}"


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
    own = "" if line["status"] == entity["status"] else f"/{line['status']}"
    where = _reason(line.get("statusDetail", "")) + _reason(entity.get("statusDetail", "")).replace("(", "(own ")
    return f"{entity['status']}{own}{'' if 'value' in body else '-bare'}{where}"


def _read(world: World, number: str, whom: str | None) -> str:
    answer = world.session.get(NUMBERS, params={"$filter": f"telephoneNumber eq '{number}'"})
    if not _plain(answer):
        return _refusal(answer)
    (shown,) = answer.json()["value"]
    location = "" if shown["locationId"] is None else "@" + shown["locationId"].partition("-")[2][-2:]
    if shown["activationState"].lower() != "activated":
        return str(shown["activationState"]).removeprefix("assignment").lower() + location
    target = shown["assignmentTargetId"]
    if target is None:
        return (
            "free" if shown["assignmentStatus"].lower() in {"unassigned", "internalerror"} else "phantom"
        ) + location
    return ("ours" if target == whom else "theirs") + location


def _plain(answer: requests.Response) -> bool:
    page = answer.headers["Content-Type"].startswith("text/html")
    return answer.status_code == requests.codes.ok and not page and len(answer.content) < _HUGE_BYTES


def _refusal(answer: requests.Response) -> str:
    """Return a status, and the reason that the answer gives, with the place where it is not Graph's usual one."""
    if answer.headers["Content-Type"].startswith("text/html"):
        return f"{answer.status_code}-html"
    if len(answer.content) > _HUGE_BYTES:
        return f"{answer.status_code}-huge"
    if answer.is_redirect:
        assert answer.headers["Location"].startswith("http://127.0.0.1:9/")
    if not answer.content:
        return f"{answer.status_code}-empty{_after(answer)}"
    try:
        where, text = _said(answer.json())
    except ValueError:
        return f"{answer.status_code}-cut"
    return f"{answer.status_code}{_reason(text)}{where}{_after(answer)}"


def _said(body: Any) -> tuple[str, str]:
    """Return where the reason stands, empty for `error.message`, and the reason."""
    match body:
        case {"error": {"details": [{"message": text}]}}:
            return "-details", text
        case {"error": {"innerError": {"message": text}}}:
            return "-inner", text
        case {"error": {"message": text}}:
            return "", text
        case {"error_description": text}:
            return "-description", text
        case {"Message": text}:
            return "-Message", text
        case {"odata.error": {"message": {"value": text}}}:
            return "-odata", text
        case {"detail": text}:
            return "-problem", text
    assert body == {}
    return "-braces", ""


def _reason(text: str) -> str:
    return next((f"({name})" for name, pattern in _REASONS.items() if re.search(pattern, text)), "")


def _after(answer: requests.Response) -> str:
    after = answer.headers.get("Retry-After")
    if after is None:
        return ""
    if after.isdecimal():
        return f"[{after}]"
    return "[date]" if parsedate_to_datetime(after).tzinfo else "[?]"
