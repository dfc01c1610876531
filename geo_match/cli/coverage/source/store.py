"""A store that coverage is made of: each read of persons is noted before it has an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo_match.cli.audited_store import check_holds, opened
from geo_match.cli.coverage.asking.parsers import PEOPLE
from geo_match.cli.coverage.given.frames import people_fields, plan_fields
from geo_match.cli.coverage.given.given import Given
from geo_match.cli.coverage.given.plan import KINDS
from geo_match.cli.coverage.source.source import Source
from geo_match.cli.coverage.words.words import doing_words, read_lines
from geo_match.cli.telling import as_language
from geo_match.cli.terminal import progress
from geo_match.coverage.given.from_store import (
    OF_COMMUNITIES,
    OF_JOBS,
    jobs_of_store,
    people_on,
)
from geo_match.matching.given.from_store import cursor_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

    from geo_match.cli.audited_store import Opened, Records
    from geo_match.cli.coverage.asking.asked import Asked
    from geo_match.store import Cursor


def read_store(
    records: Records,
    asked: Asked,
    *,
    language: str | None,
    as_of: Cursor | None = None,
    also: tuple[str, ...] = (),
) -> tuple[Source, Cursor]:
    """Read a store; each read of persons is noted in its audit before it has an answer.

    All is as it was when the first of it was read, whoever writes in between.

    Parameters
    ----------
    language
        As in `read_lists`; English if None.
    as_of
        The state that is read; that of now if None.
    also
        Kinds of records that are no persons, of which it must hold some, too.

    Returns
    -------
    source
        What was read.
    cursor
        As of when.

    Raises
    ------
    GeoMatchError
        If there is no such store, it holds nothing of a kind, or a read cannot be noted.
    """
    told_in = as_language(language) or "en"
    with opened(records) as there:
        store = there.store
        check_holds(store, (asked.of, asked.supply_kind, "communities", *also))
        asked = asked.with_occupations(store.occupations())
        with progress(f"{doing_words('reading', told_in)} {store.name}"):
            given, read, cursor = _read(there, asked, as_of, also)
        said = read_lines(read, store.name, f"{cursor}", there.audit, language=told_in)
        name = store.name
    return Source(
        asked=asked, given=given, language=told_in, communities_of=name, said=said
    ), cursor


def _read(
    there: Opened, asked: Asked, as_of: Cursor | None, also: tuple[str, ...]
) -> tuple[Given, dict[str, int], Cursor]:
    """Return what coverage is made of, how many persons of which kind were read, and as of when."""
    store = there.store
    communities = store.read("communities", fields=OF_COMMUNITIES, as_of=as_of)
    cursor = cursor_of(communities)
    wanted = list(dict.fromkeys((asked.of, asked.supply_kind, *also)))
    if asked.plan is not None:
        wanted += [one for one in KINDS if one not in wanted and store.count(one)]
    found: dict[str, pa.Table] = {}
    not_verified, left_out = None, 0
    read: dict[str, int] = {}
    for kind in wanted:
        fields = plan_fields(kind)
        if kind in PEOPLE:
            if kind == asked.of:
                fields = people_fields(kind, eligible=asked.eligible, plan=asked.plan is not None)
            found[kind] = there.noted(_reader(there, kind, fields, cursor))
            read[kind] = len(found[kind])
            if kind == asked.of and not asked.former_too:
                found[kind], left_out = people_on(found[kind], asked.of, asked.on)
        elif kind == "jobs":
            jobs = store.read("jobs", fields=OF_JOBS, as_of=cursor, on=asked.on)
            employers = store.read("employers", fields=("id", "licence"), as_of=cursor)
            counted = jobs_of_store(jobs, employers, verified=asked.verified)
            found[kind] = counted.table
            if asked.supply_kind == kind:
                not_verified = counted.not_verified
        else:
            fields = (*fields, "name")  # of a place to which somebody is invited
            found[kind] = store.read(kind, fields=fields, as_of=cursor, on=asked.on)
    return Given(found, communities, not_verified, left_out), read, cursor


def _reader(
    there: Opened, kind: str, fields: tuple[str, ...], cursor: Cursor
) -> Callable[[], pa.Table]:
    return lambda: there.store.read(kind, fields=fields, as_of=cursor)
