"""How the words of a command line are read: what a command takes, or why it does not.

Each raises `typer.BadParameter` for a word that breaks its rule. They import what they need when a
word is there: help must not wait for numpy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

GAZETTEER = "gazetteer"
OCCUPATIONS = "occupations"
CITY = "city"
_LONGEST_ACTOR = 200


def parse_radius(text: object) -> float:
    """Return a radius in metres."""
    from geo_match._validate import MAX_RADIUS_M  # noqa: PLC0415 - as above

    try:
        radius = float(str(text))
    except ValueError:
        radius = -1.0
    if not 0.0 <= radius <= MAX_RADIUS_M:
        message = f"must be a number of metres from 0 to {MAX_RADIUS_M:.0f}, got {str(text)!r}."
        raise typer.BadParameter(message)
    return radius


def parse_limit(text: str) -> int:
    """Return how many sites are asked for."""
    if not (text.isascii() and text.isdigit() and int(text)):
        message = f"must be a whole number of sites, 1 or more, got {text!r}."
        raise typer.BadParameter(message)
    return int(text)


def parse_most(text: object) -> int:
    """Return how many are asked for; 0 for all."""
    word = str(text)
    if word == "all":
        return 0
    if not (word.isascii() and word.isdigit() and int(word)):
        message = f"must be a whole number, 1 or more, or all, got {word!r}."
        raise typer.BadParameter(message)
    return int(word)


def parse_threads(text: object) -> int:
    """Return how many threads share the work."""
    from geo_match.matching.options import MOST_THREADS  # noqa: PLC0415 - as above

    word = str(text)
    # A longer text is no number of threads, and may be too long to be read as one.
    is_number = word.isascii() and word.isdigit() and len(word) <= len(str(MOST_THREADS))
    if not is_number or not 1 <= int(word) <= MOST_THREADS:
        message = f"must be a whole number from 1 to {MOST_THREADS}, got {word!r}."
        raise typer.BadParameter(message)
    return int(word)


def parse_day(text: str) -> str:
    """Return a day, as it is written."""
    import datetime as dt  # noqa: PLC0415 - as above

    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        message = f"must be a day such as 2025-03-01, got {text!r}."
        raise typer.BadParameter(message) from None


def one_of(text: str, words: Iterable[str]) -> str:
    """Return a word that is one of those that are known."""
    known = tuple(words)
    if text not in known:
        message = f"must be one of {', '.join(known)}, got {text!r}."
        raise typer.BadParameter(message)
    return text


def parse_moment(text: str) -> str:
    """Return a moment with its zone, as it is written."""
    import datetime as dt  # noqa: PLC0415 - as above

    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        message = f"must be a moment with a zone such as 2025-12-31T18:00+08:00, got {text!r}."
        raise typer.BadParameter(message)
    return text


def day_of(text: str | None) -> dt.date:
    """Return a day that the command line has checked; today in China if None."""
    import datetime as dt  # noqa: PLC0415 - as above

    from geo_match.records.clock import day_in_china  # noqa: PLC0415 - as above

    return dt.date.fromisoformat(text) if text else day_in_china(dt.datetime.now(dt.UTC))


def parse_condition(text: str) -> str:
    """Return the name of a condition."""
    from geo_match.matching.options import CONDITIONS  # noqa: PLC0415 - as above

    return one_of(text, CONDITIONS)


def parse_level(text: str) -> str:
    """Return a level of occupations."""
    from geo_match.matching.options import LEVELS  # noqa: PLC0415 - as above

    return one_of(text, LEVELS)


def parse_accuracy(text: object) -> float:
    """Return an accuracy in metres."""
    try:
        metres = float(str(text))
    except ValueError:
        metres = -1.0
    if not 0.0 <= metres < float("inf"):
        message = f"must be a number of metres of at least 0, got {str(text)!r}."
        raise typer.BadParameter(message)
    return metres


def parse_datum(text: str) -> str:
    """Return a datum as the library names it."""
    from geo_match.datums import as_datum  # noqa: PLC0415 - as above
    from geo_match.errors import DatumError  # noqa: PLC0415 - as above

    try:
        return as_datum(text)
    except DatumError as error:
        message = f"must {error.rule}, got {error.found}. {error.remedy}"
        raise typer.BadParameter(message) from None


def parse_area(text: str | None) -> tuple[float, float, float, float] | None:
    """Return the four edges that a text such as `117.0,32.7,117.8,33.2` holds.

    Raises
    ------
    typer.BadParameter
        If it holds no box of degrees.
    """
    from geo_match.errors import ArgumentError  # noqa: PLC0415 - as above
    from geo_match.intake.area import Area  # noqa: PLC0415 - as above

    if text is None:
        return None
    try:
        area = Area.checked(float(edge) for edge in text.split(","))
    except (ArgumentError, ValueError):
        message = (
            "must be west,south,east,north in degrees, such as 117.0,32.7,117.8,33.2, "
            f"got {text!r}."
        )
        raise typer.BadParameter(message, param_hint="--service-area") from None
    return area.west, area.south, area.east, area.north


def parse_scale(text: str) -> str:
    """Return the name of a city's scale."""
    from geo_match.demo.scale import parse_scale  # noqa: PLC0415 - as above
    from geo_match.errors import ArgumentError  # noqa: PLC0415 - as above

    try:
        return parse_scale(text).name
    except ArgumentError as error:
        message = f"must {error.rule}, got {error.found}. {error.remedy}"
        raise typer.BadParameter(message) from None


def parse_seed(text: str) -> int:
    """Return the number that a city is drawn from."""
    if not (text.isascii() and text.isdigit()):
        message = f"must be a whole number of at least 0, got {text!r}."
        raise typer.BadParameter(message)
    return int(text)


def parse_kind(text: str) -> str:
    """Return a kind of records."""
    from geo_match.records import RECORDS  # noqa: PLC0415 - as above

    if text not in RECORDS:
        message = f"must be one of {', '.join(RECORDS)}, got {text!r}."
        raise typer.BadParameter(message)
    return text


def parse_erased_kind(text: str) -> str:
    """Return a kind of which somebody can be erased."""
    from geo_match.store.forgetting.erasure import KINDS  # noqa: PLC0415 - as above

    if text not in KINDS:
        message = f"must be one of {', '.join(KINDS)}, got {text!r}."
        raise typer.BadParameter(message)
    return text


def parse_record_format(text: str) -> str:
    """Return a format of what records hold."""
    from geo_match.cli.records import FORMATS  # noqa: PLC0415 - as above

    if text not in FORMATS:
        message = f"must be one of {', '.join(FORMATS)}, got {text!r}."
        raise typer.BadParameter(message)
    return text


def parse_kind_or_table(text: str) -> str:
    """Return a kind of records, a table that lists are judged by, or the whole city."""
    from geo_match.records import RECORDS  # noqa: PLC0415 - as above

    if text in {GAZETTEER, OCCUPATIONS, CITY}:
        return text
    if text not in RECORDS:
        kinds = ", ".join([*RECORDS, GAZETTEER, OCCUPATIONS, CITY])
        message = f"must be one of {kinds}, got {text!r}."
        raise typer.BadParameter(message)
    return text


def parse_language(text: str) -> str:
    """Return a language."""
    from geo_match.intake.chinese import LANGUAGES  # noqa: PLC0415 - as above

    if text not in LANGUAGES:
        message = f"must be one of {', '.join(LANGUAGES)}, got {text!r}."
        raise typer.BadParameter(message)
    return text


def parse_actor(text: str) -> str:
    """Return who imports, as it is kept for good.

    Raises
    ------
    typer.BadParameter
        If it is no line of at most 200 characters, or holds an ID-card number.
    """
    from geo_match.codes import check_no_id_card  # noqa: PLC0415 - help must not wait for arrow

    if len(text) > _LONGEST_ACTOR or not text.isprintable():
        message = f"must be one line of at most {_LONGEST_ACTOR} characters."
        raise typer.BadParameter(message)
    try:
        return check_no_id_card(text)
    except ValueError as error:
        message = f"{error}."
        raise typer.BadParameter(message) from None


def check_unused(others: Mapping[str, bool], why: str) -> None:
    """Check that no option was given that means nothing for what is imported.

    Parameters
    ----------
    others
        The options, and whether each was given.
    why
        With what they must not be given, and why.

    Raises
    ------
    typer.BadParameter
        If one was given.
    """
    for option, is_given in others.items():
        if is_given:
            message = f"must not be given {why}"
            raise typer.BadParameter(message, param_hint=option)


def check_report(report: Path | None, files: Sequence[Path]) -> Path | None:
    """Return where rejected rows are written, if it suits the files.

    Raises
    ------
    typer.BadParameter
        If there are several files, or it has another suffix than the file.
    """
    if report is None:
        return None
    hint = "--report"
    if len(files) > 1:
        message = f"must not be given with several files, got {len(files)}."
        raise typer.BadParameter(message, param_hint=hint)
    if report.suffix.lower() != files[0].suffix.lower():
        message = f"must end in {files[0].suffix} as the file does, got {str(report)!r}."
        raise typer.BadParameter(message, param_hint=hint)
    return report


def check_different(names: list[str] | None) -> list[str] | None:
    """Return the names if all differ."""
    for name in names or ():
        if names and names.count(name) > 1:
            message = f"must name a column once, got {name!r} {names.count(name)} times."
            raise typer.BadParameter(message)
    return names


def check_outputs(out: Path, rejects: Path | None) -> Path:
    """Return where rejected rows are listed: as asked, or beside the answer.

    Raises
    ------
    typer.BadParameter
        If a suffix is none that can be written, or both are the same file.
    """
    from geo_match.exchange import SUFFIXES  # noqa: PLC0415 - as above

    if out.suffix.lower() not in SUFFIXES:
        message = f"must end in one of {', '.join(SUFFIXES)}, got {str(out)!r}."
        raise typer.BadParameter(message, param_hint="--out")
    if rejects is None:
        return out.with_name(f"{out.name}.rejected.csv")
    if rejects.suffix.lower() != ".csv":
        message = f"must end in .csv, got {str(rejects)!r}."
        raise typer.BadParameter(message, param_hint="--rejects")
    if rejects.resolve() == out.resolve():
        message = f"must be another file than --out, got {str(rejects)!r} for both."
        raise typer.BadParameter(message, param_hint="--rejects")
    return rejects
