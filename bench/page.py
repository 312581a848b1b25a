"""docs/performance.md: its tables come from docs/figures/performance.json, its prose is written by hand."""

import json
import re
from typing import Any

from bench.result import markdown, number
from bench.summary import summary
from local.stack import ROOT

PAGE, FIGURES = ROOT / "docs" / "performance.md", ROOT / "docs" / "figures"
JSON = FIGURES / "performance.json"
_MARKED = re.compile(r"(<!-- table: (?P<name>[a-z_]+) -->\n)(?:(?!<!-- end -->).)*(<!-- end -->)", re.DOTALL)


def rendered(page: str, found: dict[str, Any]) -> str:
    """Return the page with every table as measured.

    Args:
        page: the page's text.
        found: the content of performance.json.

    Raises:
        KeyError: the page wants a table that was not measured.
    """
    tables = found["tables"] | {
        "targets": _targets(found["targets"]),
        "run": _run(found),
    }
    if "summary" in _names(page):
        tables["summary"] = summary(found)
    return _MARKED.sub(lambda match: f"{match[1]}{markdown(tables[match['name']])}\n{match[3]}", page)


def _names(page: str) -> set[str]:
    return {match["name"] for match in _MARKED.finditer(page)}


def render() -> None:
    """Write the page anew from the figures."""
    found = json.loads(JSON.read_text(encoding="utf-8"))
    PAGE.write_text(rendered(PAGE.read_text(encoding="utf-8"), found), encoding="utf-8")


def _run(found: dict[str, Any]) -> list[list[str]]:
    """Return at which commit what was measured."""
    parts: dict[str, list[str]] = {found["commit"]: []}
    for name, commit in found.get("anew", {}).items():
        parts.setdefault(commit, []).append(name)
    rest = "all else" if len(parts) > 1 else "all of it"
    rows = [["; ".join(names) or rest, f"`{commit[:12]}`", found["machine"]] for commit, names in parts.items()]
    return [["measured", "commit", "machine"], *rows]


def _targets(targets: list[dict[str, Any]]) -> list[list[str]]:
    table = [["what", "goal", "measured", "holds"]]
    for target in targets:
        values = "; ".join(f"{number(value)} {name}" for name, value in target["value"].items())
        table.append([target["name"], target["goal"], values, "yes" if target["holds"] else "**no**"])
    return table
