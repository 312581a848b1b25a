"""Version 1 of this app, from the history of this repository: what the figures are compared with."""

import io
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.stack import ROOT

#: The last commit of version 1: it asks for each operation by its URL, and reads no number.
COMMIT = "0c412a7ee79a"
_IN_FOLDER = """
import os, runpy, sys
os.chdir(sys.argv.pop(1))
sys.path[0] = os.getcwd()
runpy.run_module("local.host", run_name="__main__", alter_sys=True)
"""


class MissingError(Exception):
    """Version 1 is not in this checkout."""


@contextmanager
def host_command() -> Iterator[list[str]]:
    """Unpack version 1 and yield the command that runs it on its own local host.

    Raises:
        MissingError: the checkout has no history.
    """
    git = ["git", "archive", "--format=tar", COMMIT]
    done = subprocess.run(git, cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        message = f"commit {COMMIT} (version 1) is not in this checkout: fetch the whole history"
        raise MissingError(message)
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
            archive.extractall(Path(folder), filter="data")
        yield [sys.executable, "-c", _IN_FOLDER, folder]
