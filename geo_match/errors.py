"""The errors of geo_match: each names the argument, the rule, what was found and the remedy."""

from __future__ import annotations


def _sentence(subject: str, rule: str, found: str, remedy: str) -> str:
    return f"`{subject}` must {rule}, got {found}.{' ' if remedy else ''}{remedy}"


class GeoMatchError(Exception):
    """Base of every error that geo_match raises on purpose."""


class ArgumentError(GeoMatchError, ValueError):
    """An argument breaks its rule.

    Parameters
    ----------
    argument
        Name of the argument, as the caller wrote it.
    rule
        What must hold, as the end of the sentence "`argument` must …".
    found
        What was there instead: the value, or the first bad positions with their values.
    remedy
        What the caller can do about it; empty where the rule says it all.
    """

    def __init__(self, argument: str, rule: str, found: str, remedy: str = "") -> None:
        self.argument = argument
        self.rule = rule
        self.found = found
        self.remedy = remedy
        super().__init__(argument, rule, found, remedy)  # a copy is made from these: pickle

    def __str__(self) -> str:
        """Say it in one sentence, and the remedy in another."""
        return _sentence(self.argument, self.rule, self.found, self.remedy)


class CoordinateError(ArgumentError):
    """A longitude or latitude is not a place on earth."""


class RadiusError(ArgumentError):
    """A radius is negative, not finite or larger than the exact circle supports."""


class WeightError(ArgumentError):
    """A weight is not a finite number, or the weights together would overflow."""


class DatumError(ArgumentError):
    """A datum is unknown, or one that cannot be converted exactly (Xian 1980, Beijing 1954)."""


class FileError(GeoMatchError, ValueError):
    """A file cannot be read or written as what it is said to be; nothing of it was used.

    Parameters
    ----------
    file
        Path of the file, as the caller wrote it.
    rule
        What must hold, as the end of the sentence "`file` must …".
    found
        What was there instead.
    remedy
        What the caller can do about it; empty where the rule says it all.
    """

    def __init__(self, file: object, rule: str, found: str, remedy: str = "") -> None:
        self.file = str(file)
        self.rule = rule
        self.found = found
        self.remedy = remedy
        super().__init__(self.file, rule, found, remedy)  # a copy is made from these: pickle

    def __str__(self) -> str:
        """Say it in one sentence, and the remedy in another."""
        return _sentence(self.file, self.rule, self.found, self.remedy)


class ColumnError(FileError):
    """A file's columns are missing, repeated or ambiguous."""


class SwappedAxesError(FileError):
    """A whole file has longitude and latitude exchanged."""
