"""Puts what the app needs beside it, for Azure: Linux x86-64 and Python 3.13, on whatever machine this runs.

`make package`, or `python scripts/package.py` with any Python that has pip; azd runs it before it packages the app.
It fills .python_packages from requirements.txt (hashes checked, wheels only) and writes dist/app.zip, which is deployed
as it is. docs/deploy.md says how.
"""

import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = Path(".python_packages/lib/site-packages")
PRODUCT = ("function_app.py", "host.json", "requirements.txt", "assign_number", "poll_operation", "teams_numbers")
#: What Flex Consumption's Python 3.13 can load, the newest kind of wheel first. Any glibc from 2.28 on loads all three.
PLATFORMS = ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64")


def install(root: Path) -> None:
    """Fill .python_packages anew; where that fails, what was there before is kept.

    Raises:
        subprocess.CalledProcessError: a wheel is missing or not the one that requirements.txt names.
    """
    home = root / PACKAGES.parts[0]
    with tempfile.TemporaryDirectory(prefix=f"{home.name}-", dir=root) as folder:
        made = Path(folder) / "made"
        platforms = [f"--platform={platform}" for platform in PLATFORMS]
        wheels = ["--only-binary=:all:", "--implementation=cp", "--python-version=3.13", *platforms]
        where = made / PACKAGES.relative_to(home.name)
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
        command = [*pip, *wheels, "--require-hashes", "--no-compile", f"--target={where}"]
        subprocess.run([*command, f"--requirement={root / 'requirements.txt'}"], check=True)
        shutil.rmtree(home, ignore_errors=True)
        made.rename(home)


def pack(root: Path) -> Path:
    """Write dist/app.zip, the product and .python_packages, and return its path."""
    archive = root / "dist" / "app.zip"
    archive.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in contents(root):
            packed.write(path, path.relative_to(root).as_posix())
    return archive


def contents(root: Path) -> Iterator[Path]:
    """Yield every file that belongs into the package."""
    for name in (*PRODUCT, PACKAGES.parts[0]):
        path = root / name
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (file for file in found if file.is_file() and "__pycache__" not in file.parts)


def main(root: Path = ROOT) -> None:
    """Do both, and say where the package is."""
    try:
        install(root)
    except subprocess.CalledProcessError:
        sys.exit("Nothing was packed: pip could not install requirements.txt for Linux; see above.")
    archive = pack(root)
    print(f"{archive.relative_to(root)}: {archive.stat().st_size / 1e6:.1f} MB, for Linux x86-64 and Python 3.13")


if __name__ == "__main__":
    main()
