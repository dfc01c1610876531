"""The parts of an XLSX workbook, unpacked within bounds and walked without a tree.

A workbook is a zip archive of XML. openpyxl reads it well but for what matters to a list from an
office: in its streaming mode it forgets merged cells and formulas without a value, it unpacks the
table of texts whatever its size, and knows no Chinese date formats of Excel's own. So the parts
are walked here, with expat, an element at a time.

A stranger's archive may unpack to a thousand times its size. What its directory says is checked
before anything is unpacked, and what comes out is counted all the same. No part of a workbook has
a document type, so that entities, and what can be done with them, are refused with it.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Callable
from functools import lru_cache
from typing import IO, TYPE_CHECKING, NoReturn, Self
from xml.parsers import expat

from geo_match.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_UNPACKED_BYTES = 1 << 31
"""Most bytes that the parts of a workbook may unpack to, all together."""

MAX_FOLD = 250
"""Most times its packed size that a part may unpack to, if it is larger than `FREE_BYTES`."""

FREE_BYTES = 1 << 24
"""A part that unpacks to no more than this may be packed as tightly as it likes, bytes."""

MAX_CELL_CHARACTERS = 1 << 20
"""Longest text of a cell; Excel's own limit is 32,767 characters."""

_CHUNK_BYTES = 1 << 18
_TOKEN_BYTES = 1 << 23  # a tag with its attributes, which expat holds and rescans until it ends
_ENCRYPTED = 0x1
_DAMAGED = "Open it in Excel or WPS and save it anew, or fetch it again."

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]


class Package:
    """An opened workbook; a context manager.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    FileError
        If it is no whole zip archive, encrypted, or would unpack to more than the limits allow.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._left = MAX_UNPACKED_BYTES
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, ValueError, OSError) as error:
            raise self.broken("a zip archive", f"that is cut short or damaged ({error})") from error
        try:
            self._check()
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def has(self, name: str) -> bool:
        """Return whether there is a part of this name."""
        return name in self._zip.NameToInfo

    def walk(self, name: str, *, start: Start, end: End, text: Callable[[str], None]) -> None:
        """Walk a whole part, as `steps` does."""
        for _ in self.steps(name, start=start, end=end, text=text):
            pass

    def steps(
        self, name: str, *, start: Start, end: End, text: Callable[[str], None]
    ) -> Iterator[None]:
        """Walk a part a chunk at a time; between two the caller can use what the calls gave.

        Parameters
        ----------
        name
            The part.
        start, end
            Called with the name of each element, without its namespace, and its attributes.
        text
            Called with what stands between them.

        Raises
        ------
        FileError
            If the part is missing, no sound XML, has a document type, or is too large.
        """
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartElementHandler = lambda tag, attributes: start(_local(tag), attributes)
        parser.EndElementHandler = lambda tag: end(_local(tag))
        parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        fed = 0
        try:
            with self._zip.open(name) as stream:
                while chunk := self._read(stream):
                    parser.Parse(chunk, False)  # noqa: FBT003 - expat takes it by position
                    fed += len(chunk)
                    if fed - parser.CurrentByteIndex > _TOKEN_BYTES:
                        raise self.broken(name, f"with a tag of more than {_TOKEN_BYTES >> 20} MiB")
                    yield
                parser.Parse(b"", True)  # noqa: FBT003 - the same
        except KeyError:
            raise self.broken("an archive", f"without the part {name}") from None
        except expat.ExpatError as error:
            raise self.broken(name, f"that is no XML ({error})") from error
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
            raise self.broken(name, f"that cannot be unpacked ({error})") from error
        yield

    def relations(self, part: str) -> dict[str, str]:
        """Return the names of the parts that a part refers to, by the id it uses for them."""
        folder, name = posixpath.split(part)
        listing = posixpath.join(folder, "_rels", f"{name}.rels")
        found: dict[str, str] = {}

        def start(tag: str, attributes: dict[str, str]) -> None:
            if tag == "Relationship" and attributes.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, attributes["Target"]))
                found[attributes["Id"]] = target.removeprefix("/")

        if self.has(listing):
            try:
                self.walk(listing, start=start, end=nothing, text=nothing)
            except KeyError as error:
                raise self.broken(listing, f"without {error}") from None
        return found

    def broken(self, what: str, how: str) -> FileError:
        """Return the error for a workbook that is none: what of it is wrong, and how."""
        return FileError(self._path, "be a sound XLSX workbook", f"{what} {how}", _DAMAGED)

    def _check(self) -> None:
        parts = [part for part in self._zip.infolist() if part.filename.endswith((".xml", ".rels"))]
        if any(part.flag_bits & _ENCRYPTED for part in parts):
            raise FileError(
                self._path,
                "not be encrypted",
                "an archive with a password",
                "Unpack it, or save the workbook without a password.",
            )
        unpacked = sum(part.file_size for part in parts)
        if unpacked > MAX_UNPACKED_BYTES:
            raise self._too_large(unpacked)
        for part in parts:
            most = max(FREE_BYTES, MAX_FOLD * part.compress_size)
            if part.file_size > most:
                raise FileError(
                    self._path,
                    f"unpack to at most {MAX_FOLD} times its size",
                    f"a part {part.filename} of {part.file_size >> 20:,} MiB that is packed into "
                    f"{part.compress_size >> 10:,} KiB",
                    "Such archives are made to fill memory. If it is a real list, save it as CSV.",
                )

    def _read(self, stream: IO[bytes]) -> bytes:
        chunk = stream.read(_CHUNK_BYTES)
        self._left -= len(chunk)
        if self._left < 0:
            raise self._too_large(MAX_UNPACKED_BYTES - self._left)
        return chunk

    def _too_large(self, n_bytes: int) -> FileError:
        return FileError(
            self._path,
            f"unpack to at most {MAX_UNPACKED_BYTES >> 20:,} MiB",
            f"{n_bytes >> 20:,} MiB or more",
            "Save the list as CSV, or split it into several workbooks.",
        )

    def _refuse_doctype(self, *_: object) -> NoReturn:
        raise self.broken("a part", "with a document type, which no spreadsheet program writes")


class Texts:
    """Gathers the text of one string, which may stand in several runs.

    Parameters
    ----------
    package
        For the error of one that is too long.
    """

    def __init__(self, package: Package) -> None:
        self._package = package
        self._pieces: list[str] = []
        self._n = 0

    def add(self, piece: str) -> None:
        """Take the next piece."""
        self._n += len(piece)
        if self._n > MAX_CELL_CHARACTERS:
            raise self._package.broken("a cell", f"of more than {MAX_CELL_CHARACTERS:,} characters")
        self._pieces.append(piece)

    def taken(self) -> str:
        """Return the whole, and begin anew."""
        whole = "".join(self._pieces)
        self._pieces.clear()
        self._n = 0
        return whole


def nothing(*_: object) -> None:
    """Let an element or text pass."""


@lru_cache(maxsize=1024)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
