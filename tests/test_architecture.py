"""The rooms and the arrows between them."""

import ast
import json
import os
import re
import subprocess
import sys
import tokenize
from pathlib import Path

import pathspec
import pytest

from teams_numbers import lifecycle

ROOT = Path(__file__).resolve().parent.parent
LOCAL = json.loads((ROOT / "local.settings.json").read_text(encoding="utf-8"))["Values"]
PRODUCT = [ROOT / "function_app.py", *sorted(ROOT.glob("assign_number/*.py"))]
PRODUCT += [*sorted(ROOT.glob("poll_operation/*.py")), *sorted(ROOT.glob("teams_numbers/**/*.py"))]

ALLOWED = {
    "function_app.py": {"assign_number", "poll_operation", "teams_numbers"},
    "assign_number": {"assign_number", "teams_numbers"},
    "poll_operation": {"poll_operation", "teams_numbers"},
    "teams_numbers": {"teams_numbers"},
}
OURS = {
    "function_app",
    "assign_number",
    "poll_operation",
    "teams_numbers",
    "local",
    "tests",
    "desk",
    "bench",
    "scripts",
}
PURE = {
    *("answers", "contracts", "events", "failures", "fields", "goal", "lifecycle", "look", "orders", "origin", "pools"),
    *("deadline", "earlier", "replacement", "standings"),
    *("questions", "records", "rejection", "request", "schedule", "wishes", "work_item"),
    *("queries", "reasons", "reply", "words"),
    *("app", "entry", "number", "person", "service"),  # the catalogue's entries
    *("guesses", "numbering", "numbers"),
}


_ROW = re.compile(r"^\| .* \| `(\w+)\.(\w+)` \|$", re.MULTILINE)
_NO_CODE = {tokenize.ENCODING, tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
_NO_CODE |= {tokenize.ENDMARKER}
#: Functions of these modules that hold no row: the entry, and what rows share.
_NO_ROWS = {"live", "believed", "changed", "young", "as_it_was", "ask_at", "runs_until", "may_order"}
_WITH_ROWS = ("lifecycle", "orders", "replacement", "deadline")


def rows() -> list[str]:
    """Return the functions that the table "The life of a request" names, in its order."""
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    return [name for _, name in _ROW.findall(page.partition("## The life of a request")[2].partition("\n## ")[0])]


def functions(path: Path) -> list[str]:
    """Return a module's public functions, in their order."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return [node.name for node in body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]


def imports(path: Path) -> set[str]:
    """Return every module that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", PRODUCT, ids=lambda path: str(path.relative_to(ROOT)))
def test_arrows_point_down_only(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    assert {name.partition(".")[0] for name in imports(path)} & OURS <= ALLOWED[room]


@pytest.mark.parametrize("path", PRODUCT[1:], ids=lambda path: str(path.relative_to(ROOT)))
def test_the_domain_does_not_know_azure_functions(path: Path) -> None:
    assert not {name for name in imports(path) if name.startswith("azure.functions")}


@pytest.mark.parametrize("path", [path for path in PRODUCT if path.stem in PURE], ids=lambda path: path.stem)
def test_pure_modules_import_no_module_that_acts_not_even_for_its_types(path: Path) -> None:
    acts = {"requests", "azure", "urllib3", "threading", "socket", "time", "random", "os", "subprocess"}
    ours = {name for name in imports(path) if name.partition(".")[0] in OURS}
    modules = {name.split(".")[1] for name in ours if name.count(".") >= 1}
    assert modules <= PURE | {"catalogue", "settings", "log"}  # the settings' values; of the log, forms of text alone
    assert {name for name in ours if name.startswith("teams_numbers.log.")} <= {
        "teams_numbers.log.GUID",
        "teams_numbers.log.plain",
    }
    assert not {name.partition(".")[0] for name in imports(path)} & (acts - {"random"})


def test_no_modules_of_the_local_stack_import_each_other_in_a_circle_not_even_for_their_types() -> None:
    files = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in ROOT.glob("local/**/*.py")}
    files = {name.removesuffix(".__init__"): path for name, path in files.items() if "node_modules" not in name}
    left = {name: (imports(path) & files.keys()) - {name} for name, path in files.items()}
    left = {name: {other for other in others if not name.startswith(f"{other}.")} for name, others in left.items()}
    while free := {name for name, others in left.items() if not others & left.keys()}:
        left = {name: others for name, others in left.items() if name not in free}
    assert not left


def test_only_one_module_talks_to_graph() -> None:
    assert {path.stem for path in PRODUCT if "requests" in imports(path)} == {"calls", "graph", "session"}
    assert {path.stem for path in PRODUCT if "teams_numbers.calls" in imports(path)} == {"graph"}
    assert {path.stem for path in PRODUCT if "teams_numbers.session" in imports(path)} == {"services", "queues"}


def test_the_table_of_the_life_of_a_request_names_the_rows_of_the_code_in_their_order() -> None:
    named = rows()
    assert len(named) == len(set(named))
    tried = [row.__name__ for row in lifecycle.ROWS]
    assert [name for name in named if name in tried] == tried
    assert {"reject", "hand_over"} <= set(functions(ROOT / "assign_number" / "submission.py"))
    assert {"handle", "read"} <= set(functions(ROOT / "poll_operation" / "item.py"))
    written = [name for module in _WITH_ROWS for name in functions(ROOT / "teams_numbers" / f"{module}.py")]
    held = [name for name in written if name not in _NO_ROWS]
    assert sorted(named) == sorted([*held, "reject", "hand_over", "handle", "read"])
    for module in _WITH_ROWS:
        own = [name for name in functions(ROOT / "teams_numbers" / f"{module}.py") if name in named]
        assert own == [name for name in named if name in own], module


def test_every_module_of_the_product_has_its_place_on_the_page() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").partition("## The rooms")[2]
    shown = set(re.findall(r"\w+\.py", page.partition("\n## ")[0]))
    modules = {path.name for path in PRODUCT if path.parent.name != "catalogue" and path.name != "__init__.py"}
    assert shown == modules


@pytest.mark.parametrize("path", PRODUCT, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_can_be_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 260


def lines_of_code(path: Path) -> int:
    """Return how many lines hold code: no blank line, no comment, no docstring."""
    text = path.read_text(encoding="utf-8")
    with path.open("rb") as source:
        tokens = [token for token in tokenize.tokenize(source.readline) if token.type not in _NO_CODE]
    code = {line for token in tokens for line in range(token.start[0], token.end[0] + 1)}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            code -= set(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    return len(code)


def test_no_part_of_the_product_outgrows_its_row_and_every_module_has_one() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").partition("## How large it is")[2]
    rows = re.findall(r"^\| [^|]*: (`[^|]*`) \|[^|]*\| (\d+) \|$", page.partition("\n## ")[0], re.MULTILINE)
    left = {path: lines_of_code(path) for path in PRODUCT if path.stem != "__init__"}
    for names, most in rows:
        parts = re.findall(r"`([\w/]+)`", names)
        found = [path for path in left if path.stem in parts or f"{path.parent.name}/" in parts]
        assert sum(left.pop(path) for path in found) <= int(most), names
    assert not left


def test_only_the_product_is_deployed() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S607 - git from the PATH, as everywhere
    ignored = pathspec.GitIgnoreSpec.from_lines((ROOT / ".funcignore").read_text(encoding="utf-8").splitlines())
    deployed = {name for name in listed.stdout.splitlines() if not ignored.match_file(name)}
    assert deployed == {str(path.relative_to(ROOT)) for path in PRODUCT} | {"host.json", "requirements.txt"}


def test_starting_the_app_loads_nothing_that_only_messages_need() -> None:
    heavy = ["azure.identity", "azure.storage.queue", "msal", "requests", "cryptography", "phonenumbers"]
    code = f"import function_app, sys; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=os.environ | LOCAL, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_host_sees_two_functions_with_the_designs_triggers() -> None:
    code = (
        "import json, pathlib; from local.host.app import App; "
        "print(json.dumps({function.name: dict(function.trigger) for function in App(pathlib.Path.cwd()).functions}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=os.environ | LOCAL, capture_output=True, text=True, check=True
    )
    indexed = json.loads(done.stdout.splitlines()[-1])
    assert set(indexed) == {"assign_number", "poll_operation"}
    queue, timer = indexed["assign_number"], indexed["poll_operation"]
    assert (queue["type"], queue["queueName"]) == ("queueTrigger", "%REQUESTS_QUEUE%")
    assert queue["connection"] == "NumbersStorage"
    assert (timer["type"], timer["schedule"]) == ("timerTrigger", "%POLL_SCHEDULE%")
    assert not timer.get("runOnStartup")
