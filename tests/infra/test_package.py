"""The package for Azure: built here for Linux, hashes checked, and nothing in it but the product."""

import hashlib
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pathspec
import pytest
import yaml

from scripts import package
from tests.infra.deployment import ROOT

IGNORED = pathspec.GitIgnoreSpec.from_lines((ROOT / ".funcignore").read_text().splitlines())


def wheel(folder: Path, name: str, tag: str, says: str) -> str:
    """Write a wheel with one module that says something, and return its line in requirements.txt."""
    path = folder / f"{name}-1.0-{tag}.whl"
    facts = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(f"{name}/__init__.py", f"SAYS = {says!r}\n")
        packed.writestr(f"{name}/tests/docs/README.md", "kept, whatever the root leaves out by such names\n")
        packed.writestr(f"{facts}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        packed.writestr(f"{facts}/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n")
        packed.writestr(f"{facts}/RECORD", "")
    return f"{name}==1.0 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose requirements are two wheels, one of them with machine code for several systems."""
    wheels, root = tmp_path / "wheels", tmp_path / "project"
    wheels.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    wheel(wheels, "native", "cp313-cp313-win_amd64", "Windows")
    wheel(wheels, "native", "cp312-cp312-manylinux_2_28_x86_64", "Python 3.12")
    lines = [
        wheel(wheels, "anywhere", "py3-none-any", "anywhere"),
        wheel(wheels, "native", "cp313-cp313-manylinux_2_28_x86_64", "Linux"),
    ]
    for name in package.PRODUCT:
        target = root / (name if "." in name else f"{name}/__init__.py")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("")
    (root / "requirements.txt").write_text("\n".join(lines))
    (root / "teams_numbers/__pycache__").mkdir()
    (root / "teams_numbers/__pycache__/old.pyc").write_text("")
    return root


def test_the_package_holds_the_product_and_wheels_for_linux_whatever_this_machine_is(project: Path) -> None:
    package.main(project)
    with zipfile.ZipFile(project / "dist/app.zip") as packed:
        names = set(packed.namelist())
        assert packed.read(f"{package.PACKAGES}/native/__init__.py") == b"SAYS = 'Linux'\n"
    assert f"{package.PACKAGES}/anywhere/tests/docs/README.md" in names
    assert "function_app.py" in names
    assert not [name for name in names if "__pycache__" in name]


def test_a_wheel_that_is_not_the_one_named_is_refused_and_the_last_package_kept(project: Path) -> None:
    package.main(project)
    requirements = project / "requirements.txt"
    requirements.write_text(requirements.read_text().replace("sha256:", "sha256:0000")[:-4])
    with pytest.raises(SystemExit, match="Nothing was packed"):
        package.main(project)
    assert (project / package.PACKAGES / "native").is_dir()
    assert [path.name for path in project.iterdir() if path.name.startswith(".python_packages")] == [".python_packages"]


def test_a_requirement_without_a_wheel_for_linux_is_refused(project: Path) -> None:
    requirements = project / "requirements.txt"
    requirements.write_text(wheel(project.parent / "wheels", "windows", "cp313-cp313-win_amd64", "Windows"))
    with pytest.raises(subprocess.CalledProcessError):
        package.install(project)


def test_azd_deploys_the_same_files_as_the_package_holds(project: Path) -> None:
    """What .funcignore lets through is what goes into the zip, packages included."""
    package.install(project)
    for extra in (
        "docs/deploy.md",
        "tests/test_docs.py",
        ".azure/x/.env",
        "README.md",
        "requirements/dev.txt",
        "dist/a",
    ):
        (project / extra).parent.mkdir(parents=True, exist_ok=True)
        (project / extra).write_text("")
    files = [path.relative_to(project).as_posix() for path in project.rglob("*") if path.is_file()]
    packed = {path.relative_to(project).as_posix() for path in package.contents(project)}
    assert {name for name in files if not IGNORED.match_file(name)} == packed


def test_azd_builds_the_package_first_and_azure_builds_nothing() -> None:
    project: dict[str, Any] = yaml.safe_load((ROOT / "azure.yaml").read_text())
    (service,) = project["services"].values()
    assert service["remoteBuild"] is False
    assert {step["run"] for step in service["hooks"]["prepackage"].values()} == {
        "python3 scripts/package.py",
        "python scripts/package.py",
    }
    assert project["requiredVersions"] == {"azd": ">= 1.18.0"}
