"""Processes of the bench: what one has used so far, as the kernel counts it; one that measures something by itself."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.stack import ROOT

_TICKS = os.sysconf("SC_CLK_TCK")
#: Places of utime and stime behind the command's name in /proc/<pid>/stat: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
_USER, _SYSTEM = 11, 12


def cpu_seconds(pid: int) -> float:
    """Return a process's user and system time, all threads together, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(") ")[2].split()
    return (int(fields[_USER]) + int(fields[_SYSTEM])) / _TICKS


def resident_mb(pid: int, field: str = "VmRSS") -> float:
    """Return a process's resident memory in MB of 10^6 bytes; with the field VmHWM the most it ever was."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) * 1024 / 1e6
    message = f"process {pid} has no {field}"
    raise ValueError(message)


def measured(module: str, *arguments: str, environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return what a module of the bench prints in its last line, run in a process of its own.

    Args:
        module: as `python -m` takes it.
        arguments: the module's.
        environment: the process's; this one's where none is named.
    """
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]  # noqa: S101 - or it is no figure
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
