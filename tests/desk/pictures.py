"""Make the pictures of docs/desk.md by running the commands on the local stack: `python -m tests.desk.pictures`."""

import io
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

from local.demo import SCALED
from local.graph.inventory import good_numbers
from local.stack import ROOT, Stack

_IMAGES = ROOT / "docs" / "images"
_WIDTH = 112
#: Rich's picture without the fonts that it would fetch: a picture asks nobody for anything.
_FORMAT = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
_USER = "6f0b2f8c-90f5-4a0e-9c39-{:012}"
#: A taken number, an on-premises one, one whose order never ends: docs/emulator-numbers.md has the others.
_TROUBLE = ("5550145", "5550174", "5550167")


def hires(area: str, count: int) -> Iterator[str]:
    """Yield a file of requests: a few that do not succeed, then good ones of an area code."""
    yield "telephoneNumber,assignmentTargetId,numberType,context.employeeId"
    numbers = [number for number in good_numbers() if number.startswith(f"+1{area}")][:count]
    trouble = [f"+1{area}{number}" for number in _TROUBLE]
    for place, number in enumerate([*numbers[:30], *trouble, *numbers[30:]], start=1):
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
    console.save_svg(
        str(_IMAGES / f"desk-{name}.svg"), title="The operator's desk", code_format=_FORMAT, unique_id=f"desk-{name}"
    )
    sys.stdout.write(f"{name}: exit code {process.returncode}\n{shown}\n")


def main() -> None:
    """Run the commands and write docs/images/desk-*.svg."""
    settings = {"REQUEST_DEADLINE_HOURS": "0.006", "GRAPH_REQUESTS_PER_SECOND": "100"}
    with tempfile.TemporaryDirectory() as name, Stack(SCALED | settings) as stack:
        folder = Path(name)
        environment = {**os.environ, **stack.environment}
        for file, area in (("march.csv", "206"), ("april.csv", "212")):
            (folder / file).write_text("\n".join([*hires(area, 37), ""]), encoding="utf-8")
        sending = command(folder, environment, "send", "march.csv", "--rate", "8")
        picture("watch", "watch", command(folder, environment, "watch", "--for", "6"))
        sending.communicate(timeout=60)
        picture("send", "send april.csv --wait", command(folder, environment, "send", "april.csv", "--wait"))
        stack.queues.get_queue_client(f"{stack.queue_names[0]}-poison").send_message(
            '{"requestId": "hire-142", "telephoneNumber": "+1 206 555 0142", "numberType": "fax", '
            '"assignmentTargetId": "ada@contoso.example"}'
        )
        picture("poison", "poison list", command(folder, environment, "poison", "list"))


if __name__ == "__main__":
    main()
