"""The desk's commands, and the one place where an error becomes a line and an exit code."""

import io
import sys

import typer
from azure.core.exceptions import AzureError

from desk import errors, poison, show
from desk.brake import brake
from desk.explain import explain
from desk.lookup import number, person
from desk.pending import pending
from desk.pools import pools
from desk.send import send
from desk.watch import watch
from teams_numbers.settings import SettingsError

app = typer.Typer(
    name="desk",
    help="The operator's desk: send files of requests, watch them end, see who holds what, look after what was set "
    "aside.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(send)
app.command()(watch)
app.command()(pending)
app.command()(number)
app.command()(person)
app.command()(pools)
app.command()(brake)
app.add_typer(poison.app, name="poison")
app.command()(explain)


def main() -> None:
    """Run a command; an error that an operator can mend is one line on standard error."""
    for stream in (sys.stdout, sys.stderr):  # a pipe on Windows lacks some characters: a mark stands for each
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        app(prog_name="desk")
    except (errors.DeskError, SettingsError, AzureError) as error:
        code = error.exit_code if isinstance(error, errors.DeskError) else errors.ACCOUNT
        said = str(error) if isinstance(error, errors.DeskError) else errors.explain(error)
        show.make_console(error=True).print(f"desk: {show.plain(said)}", soft_wrap=True)
        sys.exit(code)
    except KeyboardInterrupt:
        sys.exit(errors.STOPPED)
