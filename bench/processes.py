"""What a process has used so far, as the kernel counts it."""

import os
from pathlib import Path

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
