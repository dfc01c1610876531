"""The page with the map as it was built: each of its files, whole and packed, in memory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from collections.abc import Mapping

BUILT: Final = Path(__file__).resolve().parent.parent / "web" / "dist"
"""Where `make serve` has it built from the sources beside; a wheel brings it there."""

_MEDIA_TYPES: Final = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".woff2": "font/woff2",
}
"""Not what this machine calls them: a browser runs no script of another type."""
_OTHER: Final = "application/octet-stream"
_PACKED: Final = ".gz"
_INDEX: Final = "index.html"
_LICENCES: Final = "licenses.txt"


@dataclass(frozen=True, slots=True)
class BuiltFile:
    """A file of the page.

    Parameters
    ----------
    media_type
        Of what it is.
    whole
        All of it.
    packed
        The same by gzip; None where the build has not packed it.
    """

    media_type: str
    whole: bytes
    packed: bytes | None

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read one, and what was packed beside it.

        Raises
        ------
        OSError
            If it cannot be read.
        """
        packed = path.with_name(path.name + _PACKED)
        return cls(
            _MEDIA_TYPES.get(path.suffix, _OTHER),
            path.read_bytes(),
            packed.read_bytes() if packed.exists() else None,
        )


@dataclass(frozen=True, slots=True)
class BuiltPage:
    """All files of one build: a later build does not mix with them while the server runs.

    Parameters
    ----------
    index
        The page itself.
    licences
        Of all that is bundled into it, with their texts.
    assets
        What it loads, by name. A name holds a hash of what is in the file.
    """

    index: BuiltFile
    licences: BuiltFile
    assets: Mapping[str, BuiltFile]

    @classmethod
    def read(cls, folder: Path = BUILT) -> Self | None:
        """Read it; None where it was not built.

        Raises
        ------
        OSError
            If it was, and cannot be read.
        """
        index = folder / _INDEX
        if not index.exists():
            return None
        assets = {
            path.name: BuiltFile.read(path)
            for path in (folder / "assets").iterdir()
            if path.suffix != _PACKED
        }
        return cls(BuiltFile.read(index), BuiltFile.read(folder / _LICENCES), assets)
