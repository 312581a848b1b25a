"""`desk explain`: what the failure catalogue says about a code, or about what Graph said."""

import difflib
import json
import sys
from collections.abc import Iterator
from typing import Annotated, Any

import typer
from rich.console import Console

from desk import errors, show
from teams_numbers.failures import CATALOGUE, NOTICED, Failure, Kind, recognize

_ALL = {failure.code: failure for failure in (*CATALOGUE, *NOTICED)}
_WHAT_THE_APP_DOES = {
    Kind.WAIT: "puts the request back until something outside has happened, by the pauses of WAIT_SECONDS",
    Kind.TRANSIENT: "tries again with growing pauses",
    Kind.PERMANENT: "ends the request at once: nothing changes until a person acts",
    Kind.OBSERVE: "reads the number and lets that decide",
    Kind.CONFIGURATION: "puts the request back and logs graph.configuration_fault: the request is not to blame",
}
_TEXTS = ("code", "message", "statusDetail")


def explain(
    text: Annotated[
        list[str] | None, typer.Argument(help="A code, or what Graph said; - reads it from the input.")
    ] = None,
    *,
    status: Annotated[int | None, typer.Option(help="The HTTP status that came with the message.")] = None,
) -> None:
    """Say what a failure code or a pasted Graph message means and what to do; without one, list the codes."""
    console = show.make_console()
    said = " ".join(text or ()).strip()
    if said == "-":
        said = sys.stdin.read().strip()
    if not said:
        _list(console)
        return
    if len(said.split()) == 1 and not said.startswith("{") and status is None:
        _print(_by_code(said), console)
        return
    found = _by_texts(list(_texts(said)), status)
    _print(found, console)


def _by_code(word: str) -> Failure:
    known = {code.lower(): failure for code, failure in _ALL.items()}
    if word.lower() in known:
        return known[word.lower()]
    meant = [known[near].code for near in difflib.get_close_matches(word.lower(), known, n=1)]
    hint = f"did you mean {meant[0]}?" if meant else "`desk explain` alone lists them"
    message = f"{show.plain(word)}: no code of the catalogue; {hint}"
    raise errors.DeskError(message)


def _by_texts(texts: list[str], status: int | None) -> Failure:
    """Return the first entry that a text names or means; a pasted event names its code."""
    for text in texts:
        if text in _ALL:
            return _ALL[text]
    found = [recognize(text, status) for text in texts]
    return next((failure for failure in found if failure.code != "unknownFailure"), found[-1])


def _texts(said: str) -> Iterator[str]:
    """Yield what a pasted text says: of JSON, its codes, messages and details; else the text itself, on one line."""
    try:
        value = json.loads(said)
    except (ValueError, RecursionError):
        value = None
    found = list(_walk(value)) if isinstance(value, dict | list) else []
    yield from found or [" ".join(said.split())]


def _walk(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        for key in _TEXTS:
            if isinstance(value.get(key), str):
                yield value[key]
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _walk(item)


def _print(failure: Failure, console: Console) -> None:
    console.print(f"{failure.code} ({failure.kind})", style="bold")
    if failure.code == "unknownFailure":
        console.print("The catalogue has no entry for this text.")
    tries = f", {failure.tries} times at most" if failure.tries else ""
    console.print(f"What to do: {failure.advice}", soft_wrap=True)
    console.print(f"The app {_WHAT_THE_APP_DOES[failure.kind]}{tries}.", soft_wrap=True)


def _list(console: Console) -> None:
    table = show.make_table("Code", "Kind", "What to do", title="The failure catalogue")
    for failure in _ALL.values():
        table.add_row(failure.code, str(failure.kind), failure.advice)
    console.print(table)
