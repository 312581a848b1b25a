"""Questions to the operator; no answer is a no."""

import typer
from rich.console import Console

from desk.errors import STOPPED


def ask(console: Console, question: str, word: str = "") -> None:
    """Go on only where the answer is yes, or a word where one is asked for; Ctrl-C or the end of the input is a no.

    Raises:
        typer.Exit: it is not; that nothing was changed has been said.
    """
    try:
        if typer.prompt(question, default="", show_default=False) == word if word else typer.confirm(question):
            return
    except typer.Abort:  # left to typer it would end the process with 1, which says that some row did not succeed
        console.print()
    console.print("Nothing was changed.")
    raise typer.Exit(STOPPED)
