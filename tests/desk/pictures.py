"""Make the pictures of docs/desk.md by running the commands against the local stack: `python -m tests.desk.pictures`."""

import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.text import Text

from local.demo import SCALED
from local.graph.inventory import good_numbers
from local.stack import ROOT, Stack

_IMAGES = ROOT / "docs" / "images"
_WIDTH = 112
_USER = "6f0b2f8c-90f5-4a0e-9c39-{:012}"
#: A taken number, an on-premises one, one whose order never ends: docs/emulator-numbers.md has the others.
_TROUBLE = ("+12065550145", "+12065550174", "+12065550167")


def hires(count: int) -> Iterator[str]:
    """Yield a file of requests: good ones, a few that end otherwise."""
    yield "telephoneNumber,assignmentTargetId,numberType,context.employeeId"
    numbers = [number for number, _ in zip(good_numbers(), range(count), strict=False)]
    for place, number in enumerate([*numbers, *_TROUBLE], start=1):
        yield f"{number},{_USER.format(place)},callingPlan,{place:05}"


def command(folder: Path, environment: dict[str, str], *words: str) -> "subprocess.Popen[str]":
    """Start a command of the desk as a terminal would show it, each live part as it stood at the end."""
    seen = {"TTY_COMPATIBLE": "1", "TTY_INTERACTIVE": "0", "COLUMNS": str(_WIDTH), "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-m", "desk", *words],
        cwd=folder,
        env=environment | seen,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def picture(name: str, words: str, process: "subprocess.Popen[str]") -> None:
    """Wait for a command to end, and keep what it showed."""
    shown, _ = process.communicate(timeout=120)
    console = Console(record=True, width=_WIDTH, file=io.StringIO(), force_terminal=True)
    console.print(Text(f"$ python -m desk {words}", style="bold"))
    console.print(Text.from_ansi(shown.rstrip()))
    _IMAGES.mkdir(exist_ok=True)
    console.save_svg(str(_IMAGES / f"desk-{name}.svg"), title="The operator's desk", unique_id=f"desk-{name}")
    print(f"{name}: exit code {process.returncode}\n{shown}")


def main() -> None:
    """Run the commands and write docs/images/desk-*.svg."""
    settings = {"REQUEST_DEADLINE_HOURS": "0.006", "GRAPH_REQUESTS_PER_SECOND": "100"}
    with tempfile.TemporaryDirectory() as name, Stack(SCALED | settings) as stack:
        folder = Path(name)
        environment = {**os.environ, **stack.environment}
        (folder / "hires.csv").write_text("\n".join([*hires(60), ""]), encoding="utf-8")
        watching = command(folder, environment, "watch", "--for", "9")
        sending = command(folder, environment, "send", "hires.csv", "--wait", "--rate", "10")
        picture("watch", "watch", watching)
        picture("send", "send hires.csv --wait", sending)
        stack.queues.get_queue_client(f"{stack.queue_names[0]}-poison").send_message(
            '{"telephoneNumber": "+1 206 555 0142", "assignmentTargetId": "ada@contoso.example", "numberType": "fax"}'
        )
        picture("poison", "poison list", command(folder, environment, "poison", "list"))


if __name__ == "__main__":
    main()
