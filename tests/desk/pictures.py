"""Make the pictures of docs/desk.md by running the commands on the local stack: `python -m tests.desk.pictures`."""

import io
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

from local.demo import SCALED
from local.stack import ROOT, Stack

_IMAGES = ROOT / "docs" / "images"
_WIDTH = 112
#: Rich's picture without the fonts that it would fetch: a picture asks nobody for anything.
_FORMAT = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
#: More than the pool has for comfort, a pool with room, and one of Direct Routing numbers.
_POOLS = {
    "seattle": {
        "numberType": "callingPlan",
        "numbers": [{"startsWith": "+1206555012"}, {"startsWith": "+1206555013"}],
        "country": "US",
        "locationId": "9a1c5f0e-5f0e-4f5b-8a55-0a3e0c1d2b3f",
        "lowWater": 5,
    },
    "newark": {
        "numberType": "callingPlan",
        "numbers": [{"startsWith": f"+1201555{digits:03}"} for digits in range(10, 14)],
        "country": "US",
        "locationId": "2b7d4c1a-77c1-4a0e-9c39-1f0a3f8b6d21",
        "lowWater": 10,
    },
    "berlin": {"numberType": "directRouting", "numbers": [{"from": "+493012345000", "to": "+493012345059"}]},
}
#: Rows that end otherwise than well: no license, a number in the on-premises directory, a number that is taken.
_TROUBLE = (
    "unlicensed.{0}@contoso.example,newark,,",
    "on-premises.{0}@contoso.example,newark,,",
    "taken.{0}@contoso.example,,+1{1}5550145,callingPlan",
)


def hires(name: str, area: str, count: int) -> Iterator[str]:
    """Yield a file of joiners: most to berlin, a few that do not succeed."""
    yield "userPrincipalName,pool,telephoneNumber,numberType"
    for place in range(count):
        yield f"{name}.{place}@contoso.example,{'newark' if place % 4 == 1 else 'berlin'},,"
        if place % 10 == 5 and (row := place // 10) < len(_TROUBLE):
            yield _TROUBLE[row].format(name, area)


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
    with tempfile.TemporaryDirectory() as name:
        _sending(Path(name))
        _looking(Path(name))


def _sending(folder: Path) -> None:
    """Show the commands that send and follow."""
    with _stack({"REQUEST_DEADLINE_HOURS": "0.004", "GRAPH_REQUESTS_PER_SECOND": "100"}) as stack:
        environment = {**os.environ, **stack.environment}
        for file, area in (("march", "206"), ("april", "212")):
            _write(folder / f"{file}.csv", hires(file, area, 27))
        sending = command(folder, environment, "send", "march.csv", "--rate", "6")
        picture("watch", "watch", command(folder, environment, "watch", "--for", "6"))
        sending.communicate(timeout=60)
        picture("send", "send april.csv --wait", command(folder, environment, "send", "april.csv", "--wait"))
        stack.queues.get_queue_client(f"{stack.queue_names[0]}-poison").send_message(
            '{"requestId": "hire-142", "telephoneNumber": "+1 206 555 0142", "numberType": "fax", '
            '"assignmentTargetId": "ada@contoso.example"}'
        )
        picture("poison", "poison list", command(folder, environment, "poison", "list"))


def _looking(folder: Path) -> None:
    """Show the commands that say how things are."""
    settings = {"REQUEST_DEADLINE_HOURS": "1", "UNASSIGN_PER_DAY": "3", "WAIT_SECONDS": "2"}
    with _stack(settings) as stack:
        environment = {**os.environ, **stack.environment}
        pools = ["seattle"] * 16 + ["newark"] * 9 + ["berlin"] * 23
        joiners = (f"hire-{place},p{place}@contoso.example,{pool}" for place, pool in enumerate(pools, start=1))
        _write(folder / "joiners.csv", ["requestId,userPrincipalName,pool", *joiners])
        command(folder, environment, "send", "joiners.csv", "--wait").communicate(timeout=120)
        leavers = (f"leaver-{place},unassign,p{place}@contoso.example,," for place in range(17, 22))
        others = (
            "hire-49,,unlicensed.1@contoso.example,newark,",
            "mover-7,,p30@contoso.example,newark,replace",
            "hire-50,,not-in-teams.1@contoso.example,berlin,",
        )
        _write(folder / "leavers.csv", ["requestId,action,userPrincipalName,pool,existingNumber", *leavers, *others])
        command(folder, environment, "send", "leavers.csv").communicate(timeout=60)
        picture("pending", "pending --for 20", command(folder, environment, "pending", "--for", "20", "--every", "0.3"))
        picture("brake", "brake --for 8", command(folder, environment, "brake", "--for", "8"))
        picture("pools", "pools", command(folder, environment, "pools"))
        words = ("person", "has-two@contoso.example", "--show-numbers")
        picture("person", " ".join(words), command(folder, environment, *words))


def _stack(settings: dict[str, str]) -> Stack:
    return Stack(SCALED | {"NUMBER_POOLS": json.dumps(_POOLS)} | settings)


def _write(file: Path, lines: Iterable[str]) -> None:
    file.write_text("\n".join([*lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
