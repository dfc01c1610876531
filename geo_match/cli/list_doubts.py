"""What looks wrong with the columns of a list as a whole: a misspelt one, or another kind's."""

from __future__ import annotations

from contextlib import contextmanager
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from geo_match.cli.lists import MATCHING, read_list, tell_list
from geo_match.cli.telling import ToldError, language_at, language_for
from geo_match.cli.terminal import say
from geo_match.errors import GeoMatchError
from geo_match.intake.readers.files import read_table
from geo_match.intake.wording import normalised
from geo_match.records import RECORDS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from geo_match.intake.lists.records_file import RecordsFile

_ALIKE: Final = 0.85
"""How alike two headers must be, of 1: `longitud` and `longitude` are, `street` and `state` not."""


def doubts(
    headers: Sequence[str], kind: str, *, used: Collection[str] = (), language: str
) -> Iterator[str]:
    """Yield what looks wrong with the columns of a list, a sentence without a full stop each.

    Parameters
    ----------
    headers
        Of its columns.
    kind
        What its rows were taken for, a key of `RECORDS`.
    used
        Columns that are no fields, and are used all the same.
    language
        `zh` or `en`.
    """
    yield from _misspelt(headers, kind, used, language)
    here, there = _n_known(headers, kind), {one: _n_known(headers, one) for one in RECORDS}
    other = max(there, key=lambda one: (there[one], one == kind))
    if there[other] > here:
        own, its = RECORDS[kind].chinese, RECORDS[other].chinese
        yield (
            f"有{there[other]:,}列属于{its}，属于{own}的只有{here:,}列：请核对是否用错了名单"
            if language == "zh"
            else f"it has {there[other]:,} columns of {other} and {here:,} of {kind}: is it the "
            "right list?"
        )


def read_doubted(path: Path, kind: str, *, datum: str | None, language: str | None) -> RecordsFile:
    """Read a list as `geo_match.cli.lists.read_list`; a refusal tells of its columns as well.

    Raises
    ------
    GeoMatchError
        As there.
    """
    with doubting(path, kind, language):
        return read_list(path, kind, datum=datum, language=language)


def tell_doubted(
    file: RecordsFile,
    *,
    used: Collection[str] = (),
    language: str | None,
    doing: str = MATCHING,
) -> None:
    """Print what became of a list's rows, as `geo_match.cli.lists.tell_list`, and the doubts."""
    tell_list(file, used=used, language=language, doing=doing)
    if file.joined is not None:
        return  # a row a member has other columns than a household
    told_in = language_for(file, language)
    for one in doubts(file.table.columns.column_names, file.kind, used=used, language=told_in):
        say(f"  注意：{one}" if told_in == "zh" else f"  warning: {one}")


@contextmanager
def doubting(path: Path, kind: str, language: str | None) -> Iterator[None]:
    """Have an error that refuses a list tell as well what looks wrong with its columns.

    Parameters
    ----------
    path, kind
        The list, and what its rows are taken for.
    language
        In which to tell it; that of its headers if None.
    """
    try:
        yield
    except GeoMatchError as error:
        try:
            headers = read_table(path).columns.column_names
        except (GeoMatchError, OSError):
            raise error from error.__cause__
        told_in = language_at(path, language)
        stop = "。" if told_in == "zh" else "."
        found = [f"{one}{stop}" for one in doubts(headers, kind, language=told_in)]
        if not found:
            raise
        text = " ".join([str(error), *(one[0].upper() + one[1:] for one in found)])
        raise ToldError(text) from error


def _misspelt(
    headers: Sequence[str], kind: str, used: Collection[str], language: str
) -> Iterator[str]:
    """Yield which columns that say nothing look like fields that have none."""
    there = {normalised(one) for one in headers}
    known = _known(kind)
    meant: dict[str, str] = {}
    for name, spec in RECORDS[kind].specs().items():
        names = {normalised(one) for one in spec.headers}
        if there.isdisjoint(names):
            meant |= dict.fromkeys(names, name)
    for header in headers:
        one = normalised(header)
        close = get_close_matches(one, meant, n=1, cutoff=_ALIKE)
        if one in known or header in used or not close:
            continue
        spec = RECORDS[kind].specs()[meant[close[0]]]
        yield (
            f"列“{header}”未采用，很像{spec.about.chinese}（{spec.name}）：如果就是它，请改列名"
            if language == "zh"
            else f"the column {header!r} is not used, but looks like {spec.name} "
            f"({spec.about.chinese}): rename it if it is that"
        )


def _n_known(headers: Sequence[str], kind: str) -> int:
    """Return how many columns are those of a kind of records."""
    known = _known(kind)
    return sum(normalised(one) in known for one in headers)


def _known(kind: str) -> frozenset[str]:
    """Return the headers that give a record of a kind something."""
    model = RECORDS[kind]
    headers = [header for spec in model.specs().values() for header in spec.headers]
    headers += [column for choices in model.flags.values() for column in choices.values()]
    headers += [header for several in model.composites for header in several.split()]
    return frozenset(map(normalised, headers))
