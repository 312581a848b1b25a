"""`desk explain`: what the failure catalogue says about a code, or about what Graph said."""

import difflib
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.console import Console

from desk import errors, show
from desk.pasted import read
from teams_numbers.answers import Denied, Refused, Throttled, Unclear, judge
from teams_numbers.catalogue.entry import Failure, Kind
from teams_numbers.failures import CATALOGUE, NOTICED, UNKNOWN, recognize
from teams_numbers.reasons import Reason
from teams_numbers.reply import Reply, parse_text

_THROTTLED = Failure(
    "throttled",
    Kind.TRANSIENT,
    "Nothing: the app waits as long as Graph asks. If it lasts, lower GRAPH_REQUESTS_PER_SECOND and look for other "
    "apps that call Graph for this tenant.",
)
_UNCLEAR = Failure(
    "unclear",
    Kind.OBSERVE,
    "Nothing yet: this answer does not say what became of the call; it may not even be Graph's. If it lasts, look at "
    "the service health page and at what stands between the app and Graph.",
)
_ALL = {failure.code: failure for failure in (_THROTTLED, _UNCLEAR, *CATALOGUE, *NOTICED)}
_WHAT_THE_APP_DOES = {
    Kind.WAIT: "tries again after the pauses of WAIT_SECONDS, until something outside has happened",
    Kind.TRANSIENT: "tries again with growing pauses",
    Kind.PERMANENT: "ends the request at once: nothing changes until a person acts",
    Kind.OBSERVE: "reads the number and lets that decide",
    Kind.CONFIGURATION: "waits and logs configuration.fault: the request is not to blame",
}


def explain(
    text: Annotated[
        list[str] | None, typer.Argument(help="A code, or what Graph said; - reads it from the input.")
    ] = None,
    *,
    status: Annotated[int | None, typer.Option(help="The HTTP status that came with the message.")] = None,
) -> None:
    """Explain a failure code or what Graph said.

    Without either, list every code.
    """
    console = show.make_console()
    said = " ".join(text or ()).strip()
    if said == "-":
        said = sys.stdin.read().strip()
    if not said:
        _list(console)
        return
    reason = read(said)
    if len(said.split()) == 1 and not said.startswith("{") and (status or reason.status) is None:
        _print(_by_code(said), console)
        return
    if (named := next(_codes(parse_text(said)), None)) is not None:
        _print(named, console)
        return
    if status is None and reason.status is not None:
        console.print(f"Read as an answer with status {reason.status}.")
    _print(_by_reason(reason, status or reason.status), console)


def _by_code(word: str) -> Failure:
    known = {code.lower(): failure for code, failure in _ALL.items()}
    if word.lower() in known:
        return known[word.lower()]
    if (found := recognize(word)) is not UNKNOWN:  # one of Graph's codes
        return found
    meant = [known[near].code for near in difflib.get_close_matches(word.lower(), known, n=1)]
    hint = f"did you mean {meant[0]}?" if meant else "`desk explain` alone lists them"
    message = f"{show.plain(word)}: no code of the catalogue; {hint}"
    raise errors.DeskError(message)


def _by_reason(reason: Reason, status: int | None) -> Failure:
    """Return what the app makes of an answer with this reason; without a status, of an operation with it."""
    if status is None:
        return recognize(reason.message or reason.code)
    body = {"error": {"code": reason.code, "message": reason.message}}
    match judge(Reply(status, {}, body), datetime.now(UTC)):
        case Throttled():
            return _THROTTLED
        case Unclear():
            return _UNCLEAR
        case Denied(failure=failure):
            return failure
        case Refused(message=message):
            return recognize(message, status)
    return recognize(reason.message)


def _codes(said: Any) -> Iterator[Failure]:  # noqa: ANN401 - any JSON
    """Yield the catalogue's entries that a pasted event names: what a request waited for before that it timed out."""
    if isinstance(said, dict):
        for name in ("reason", "code"):
            if isinstance(code := said.get(name), str) and code in _ALL:
                yield _ALL[code]
        said = list(said.values())
    if isinstance(said, list):
        for item in said:
            yield from _codes(item)


def _print(failure: Failure, console: Console) -> None:
    console.print(f"{failure.code} ({failure.kind})", style="bold")
    if failure is UNKNOWN:
        console.print("The catalogue has no entry for this text.")
    tries = f", {failure.tries} times at most" if failure.tries else ""
    console.print(f"What to do: {failure.advice}", soft_wrap=True)
    console.print(f"The app {_WHAT_THE_APP_DOES[failure.kind]}{tries}.", soft_wrap=True)


def _list(console: Console) -> None:
    table = show.make_table("Code", "Kind", "What to do", title="The failure catalogue")
    for failure in _ALL.values():
        table.add_row(failure.code, str(failure.kind), failure.advice)
    console.print(table)
