"""What streets are read of, as messages call it: a file by its path, a frame by its argument."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from geo_match.errors import ArgumentError, FileError


class Subject(NamedTuple):
    """A file or a frame.

    Parameters
    ----------
    name
        The path as it was given, or the argument's name.
    is_file
        Which of the two.
    """

    name: str
    is_file: bool

    @classmethod
    def of(cls, given: object, argument: str) -> Subject:
        """Return what something given for an argument is called."""
        is_file = isinstance(given, str | Path)
        return cls(str(given) if is_file else argument, is_file)

    def error(self, rule: str, found: str, remedy: str = "") -> ArgumentError | FileError:
        """Return the error that says what is wrong with it."""
        kind = FileError if self.is_file else ArgumentError
        return kind(self.name, rule, found, remedy)
