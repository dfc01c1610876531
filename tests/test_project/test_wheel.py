"""The wheel carries all that the library needs: the demonstration is drawn from it alone."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_wheel_holds_every_file_of_the_packages_and_draws_a_city(tmp_path):
    subprocess.run(  # noqa: S603 - our own interpreter and words
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
        archive.extractall(tmp_path / "installed")
    files = {
        str(path.relative_to(ROOT))
        for package in ("geo_match", "api")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    # Of the page, as it was built: `make test` builds it first.
    sources = {name for name in files if name.startswith("api/web/")}
    built = {name for name in sources if name.startswith("api/web/dist/")}
    assert "api/web/dist/index.html" in built
    assert {name for name in held if ".dist-info/" not in name} == files - sources | built
    take_machine_code_along(tmp_path / "installed")
    # Far from the checkout, whose own packages are not to be found from there.
    drawn = subprocess.run(  # noqa: S603 - our own interpreter and words
        [sys.executable, "-c", PROGRAM, str(tmp_path / "installed"), str(tmp_path / "city")],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    assert Path(drawn.stdout.strip()).is_relative_to(tmp_path / "installed")
    assert (tmp_path / "city" / "city.json").is_file()


def take_machine_code_along(installed):
    """Copy what the kernels of the checkout were compiled to: the wheel has the same kernels.

    Numba takes it where a kernel's file is as old as it was then. To compile takes half a minute.
    """
    for path in (ROOT / "geo_match").rglob("*.nb[ic]"):
        copy = installed / path.relative_to(ROOT)
        copy.parent.mkdir(exist_ok=True)
        shutil.copy2(path, copy)
    for path in (installed / "geo_match").rglob("*.py"):
        shutil.copystat(ROOT / path.relative_to(installed), path)


PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
import geo_match
from geo_match.cli import main
print(geo_match.__file__)
main(["demo", "--out", sys.argv[2], "--scale", "0.01"])
"""
