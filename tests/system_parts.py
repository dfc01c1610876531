"""The parts of the system that some tests need: where each is looked for, and what would bring it.

`make test` runs `python tests/system_parts.py`, which installs what is missing where that can be
done without asking for a password; the tests ask the same table what to say when they skip. A
further part is one more row in `PARTS`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


DEBIAN_POSTGRESQL = Path("/usr/lib/postgresql")
DEBIAN_FONTS = Path("/usr/share/fonts")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the system that tests use.

    Parameters
    ----------
    name
        What it is called, as a person would say it.
    serves
        What is not tested without it.
    packages
        What Debian calls it, and Ubuntu too but for Chromium, which Ubuntu has as a snap only.
    found
        Whether it is there.
    """

    name: str
    serves: str
    packages: tuple[str, ...]
    found: Callable[[], bool]

    @property
    def remedy(self) -> str:
        """The command that brings it."""
        packages = " ".join(self.packages)
        return f"sudo apt-get update && sudo apt-get install -y --no-install-recommends {packages}"


def postgresql_programs() -> Path | None:
    """Return the folder of the newest PostgreSQL that has PostGIS, None where there is none.

    The server's programs are seldom on PATH: Debian keeps them in a folder of their version.
    """
    folders = sorted(
        DEBIAN_POSTGRESQL.glob("*/bin"),
        key=lambda folder: float(folder.parent.name),  # 9.6, 15
        reverse=True,
    )
    on_path = shutil.which("initdb")
    if on_path is not None:
        folders.append(Path(on_path).resolve().parent)
    return next((folder for folder in folders if _has_postgis(folder)), None)


def _has_postgis(programs: Path) -> bool:
    asked = programs / "pg_config"
    if not (programs / "initdb").exists() or not asked.exists():
        return False
    answer = subprocess.run(  # noqa: S603 - the program just found, no text from outside
        [asked, "--sharedir"], capture_output=True, text=True, check=False
    )
    return (Path(answer.stdout.strip()) / "extension" / "postgis.control").exists()


def libreoffice_program() -> Path | None:
    """Return the program that converts spreadsheets, None where there is none with Calc."""
    found = shutil.which("soffice")
    if found is None:
        return None
    program = Path(found).resolve()
    # Its other parts, such as Writer alone, bring the same program.
    return program if any(program.parent.glob("libsclo.*")) else None


def chromium_program() -> Path | None:
    """Return the browser, None where there is none that tests can use."""
    for name in ("chromium", "google-chrome-stable"):
        found = shutil.which(name)
        # A snap sees nothing of the temporary folders in which tests write their pages.
        if found is not None and Path(found).resolve().name != "snap":
            return Path(found)
    return None


def has_chinese_font() -> bool:
    """Return whether Chinese text would be shown as such, and not as empty boxes."""
    asked = shutil.which("fc-list")
    if asked is None:  # a program that a browser can do without
        return any(DEBIAN_FONTS.rglob("NotoSansCJK*"))
    answer = subprocess.run(  # noqa: S603 - the program just found, no text from outside
        [asked, ":lang=zh-cn"], capture_output=True, check=False
    )
    return bool(answer.stdout.strip())


POSTGIS = Part(
    name="PostgreSQL with PostGIS",
    serves="the comparison of the index with PostGIS",
    packages=("postgresql", "postgresql-postgis"),
    found=lambda: postgresql_programs() is not None,
)
LIBREOFFICE = Part(
    name="LibreOffice Calc",
    serves="the reading of workbooks that it writes",
    packages=("libreoffice-calc",),
    found=lambda: libreoffice_program() is not None,
)
CHROMIUM = Part(
    name="Chromium with a Chinese font",
    serves="the printable report as a browser shows and prints it",
    packages=("chromium", "fonts-noto-cjk"),
    found=lambda: chromium_program() is not None and has_chinese_font(),
)
GDAL = Part(
    name="GDAL's programs",
    serves="the reading of features by ogrinfo and ogr2ogr as Debian has them",
    packages=("gdal-bin",),
    found=lambda: None not in map(shutil.which, ("ogrinfo", "ogr2ogr")),
)
PARTS = (POSTGIS, LIBREOFFICE, CHROMIUM, GDAL)


def _as_root() -> list[str] | None:
    """Return what to put before a command that needs root, None where that needs a password."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    asked = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)  # noqa: S607 - sudo is where PATH says
    return ["sudo", "-n"] if asked.returncode == 0 else None


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def bring(part: Part) -> None:
    """Install a missing part where apt can; where not, say what would bring it."""
    root = _as_root()
    if shutil.which("apt-get") is None or root is None:
        _say(f"{part.name} is missing; its tests are left out and listed at the end.")
        return
    _say(f"{part.name} is missing: installing {' '.join(part.packages)} with apt-get …")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    steps = (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *part.packages],
    )
    for step in steps:
        done = subprocess.run(  # noqa: S603 - fixed words and the packages of the table
            [*root, *(["env", "DEBIAN_FRONTEND=noninteractive"] if root else []), *step],
            env=environment,
            stdout=subprocess.DEVNULL,
            check=False,
        )
        if done.returncode != 0:
            _say(f"`{' '.join(step)}` failed; the tests that need {part.name} are left out.")
            return


def main() -> None:
    """Bring every part that is missing."""
    for part in PARTS:
        if part.found():
            _say(f"{part.name}: found.")
        else:
            bring(part)


if __name__ == "__main__":
    main()
