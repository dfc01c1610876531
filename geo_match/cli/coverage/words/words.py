"""What `coverage` tells while it works and of its answer, in the language that is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo_match.cli.coverage.words.chinese import Chinese
from geo_match.cli.coverage.words.english import English
from geo_match.cli.coverage.words.nouns import PEOPLE_WORDS, UNIT_WORDS
from geo_match.intake.faults import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from geo_match.cli.coverage.words.answer import Answer

_DOING: Final = {"reading": "正在读取", "computing": "正在统计"}


def doing_words(doing: str, language: str) -> str:
    """Return what a bar says of `reading` or `computing`.

    Parameters
    ----------
    language
        `zh` or `en`.
    """
    return _DOING[doing] if language == "zh" else doing


def read_lines(
    read: Mapping[str, int], store: str, cursor: str, audit: str, *, language: str
) -> tuple[str, str]:
    """Return what is told of a store that was read: how many people when, and where it is noted.

    Parameters
    ----------
    read
        How many there were of which kind.
    store, audit
        Their names.
    cursor
        The place in the feed as of which it was read.
    language
        `zh` or `en`.
    """
    if language == "zh":
        n = "、".join(f"{n:,}{PEOPLE_WORDS[kind][1]}" for kind, n in read.items())
        return f"{store}：{n}，截至变更位置 {cursor}", f"  本次读取已记入 {audit}"
    n = " and ".join(counted(n, PEOPLE_WORDS[kind][0]) for kind, n in read.items())
    what = " and ".join(read)
    return f"{n} of {store} as of cursor {cursor}", f"  the read of the {what} is noted in {audit}"


def no_rows_line(kind: str, file: str, language: str) -> str:
    """Return what is told of a supply that is a list without rows.

    Parameters
    ----------
    kind
        "jobs", "stations" or "sites".
    file
        Its name.
    language
        `zh` or `en`.
    """
    if language == "zh":
        return f"注意：{file}只有表头，没有{UNIT_WORDS[kind][2][1:]}，任何人都不可达"
    return f"warning: {file} has headers and no {kind}: nobody can reach any"


def summary_lines(answer: Answer, language: str) -> Iterator[str]:
    """Yield what is told of an answer, line by line.

    Parameters
    ----------
    answer
        What came out.
    language
        `zh` or `en`.
    """
    words = Chinese(answer) if language == "zh" else English(answer)
    yield from words.lines()
