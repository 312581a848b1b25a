"""What the host writes to stderr: its own lines start with `host: `, the app's are the bare message, one line each."""

import logging
import sys

from azure_functions_runtime.utils.executor import invocation_id_cv

HOST = "local.host"


class _OneLine(logging.Formatter):
    """The message alone, so that an app's JSON stays JSON; an exception is told by its last line."""

    def format(self, record: logging.LogRecord) -> str:
        text = record.getMessage()
        if record.exc_info and record.exc_info[0]:
            text = f"{text}: {record.exc_info[0].__name__}: {record.exc_info[1]}"
        text = " | ".join(text.splitlines())
        if record.name != HOST:
            return text
        return f"host: Warning: {text}" if record.levelno == logging.WARNING else f"host: {text}"


def _useful(record: logging.LogRecord) -> bool:
    """Keep the host's own lines and those that belong to an invocation; Microsoft's worker loses all others.

    Seen on the real host with Python 3.13: https://github.com/Azure/azure-functions-python-worker/issues/1860.
    """
    return record.name == HOST or invocation_id_cv.get() is not None


def set_up() -> None:
    """Send all log records from INFO up to stderr, the libraries' own request logs left out."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_OneLine())
    handler.addFilter(_useful)
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in ("azure", "msal", "urllib3"):
        logging.getLogger(name).setLevel(logging.ERROR)
    # The runtime library repeats a failed run's whole traceback here; the host tells it in one line.
    logging.getLogger("azure.functions").setLevel(logging.CRITICAL + 1)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True)  # type: ignore[union-attr] # both are text files in a process of its own


def one_line(error: BaseException) -> str:
    """Return an exception's type and text on one line, without the storage client's headers and advice."""
    lines = str(error).splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
