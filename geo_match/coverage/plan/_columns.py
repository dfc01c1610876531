"""Columns of a plan's frames, each read as a whole: its faults are taken, never raised."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types as kinds

from geo_match.coverage.given.people import People, read_ids, read_people, read_texts
from geo_match.errors import ArgumentError
from geo_match.matching.given import values
from geo_match.matching.given.faults import Faults, FrameError
from geo_match.matching.given.frame import Given
from geo_match.matching.given.places import places
from geo_match.taxonomy import check_occupation

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from geo_match.coverage.plan.options import PlanOptions

    Mask = NDArray[np.bool_]

_MOST_VACANCIES: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Whole:
    """Whole numbers, and which were not stated; (n,) each."""

    value: NDArray[np.int64]
    missing: Mask


@contextmanager
def named(name: str) -> Iterator[None]:
    """Let what is said of "people" be said of a frame by the name that it has."""
    try:
        yield
    except FrameError:
        raise
    except ArgumentError as error:
        told = error.argument.replace("people", name)
        raise type(error)(told, error.rule, error.found, error.remedy) from None


def weighted(frame: object, faults: Faults) -> People:
    """Return what `read_people` does, its faults taken under the frame's own name; nobody then."""
    try:
        return read_people(frame)
    except FrameError as error:
        faults.found.extend(replace(one, frame=faults.frame) for one in error.faults)
        return placed(Given([], faults), faults)


def placed(given: Given, faults: Faults) -> People:
    """Return things with a place, which count once each, whatever else their columns say."""
    ids = read_ids(given, "id", faults)
    lon, lat = places(given, faults)
    n = len(given)
    community = read_texts(given, "community", faults)
    return People(ids, lon, lat, np.ones(n, np.int64), np.full(n, np.nan), community, given)


def open_on(given: Given, day: dt.date, faults: Faults) -> Mask:
    """Return what has opened by a day and closes on a later one, or on none."""
    found = np.ones(len(given), dtype=np.bool_)
    for name, holds in (("opened_on", pc.less_equal), ("closed_on", pc.greater)):
        column = given.column(name) if given.has(name) else None
        if column is not None:
            days = values.days(column, name, faults)
            found &= mask_of(holds(days, pa.scalar(day, pa.date32())), null=True)
    return found


def whole(given: Given, name: str, faults: Faults, *, or_else: int) -> Whole:
    """Return whole numbers from 0 to 1,000,000, and what stands for null."""
    column = given.column(name) if given.has(name) else None
    found = np.full(len(given), np.nan)
    if column is not None:
        limits = {"least": 0, "most": _MOST_VACANCIES}
        found = values.numbers(column, name, faults, whole=True, **limits)
    missing = np.isnan(found)
    return Whole(np.where(missing, or_else, found).astype(np.int64), missing)


def occupations(given: Given, options: PlanOptions, faults: Faults) -> NDArray[np.object_]:
    """Return the group of each row's occupation, (n,); None where it is not known."""
    found = np.full(len(given), None, dtype=object)
    column = given.column("occupation") if given.has("occupation") else None
    if column is None:
        return found
    code = values.texts(column, "occupation", faults, read=check_occupation)
    version = read_texts(given, "occupation_version", faults)
    # Few occupations occur: each is looked up once.
    known: dict[tuple[str | None, str | None], str | None] = {}
    for row, both in enumerate(zip(code.to_pylist(), version.to_pylist(), strict=True)):
        if both not in known:
            known[both] = options.group(*both)
        found[row] = known[both]
    return found


def choices(given: Given, name: str, among: tuple[str, ...], faults: Faults) -> pa.Array:
    """Return texts, each one of some; null throughout without a column."""
    column = given.column(name) if given.has(name) else None
    if column is None:
        return pa.nulls(len(given), pa.string())
    return values.choices(column, name, faults, among=among)


def flag(given: Given, name: str, faults: Faults) -> tuple[Mask, Mask]:
    """Return where a column is true, and where it does not say."""
    column = given.column(name)
    if column is None or kinds.is_null(column.type):
        return np.zeros(len(given), np.bool_), np.ones(len(given), np.bool_)
    if not kinds.is_boolean(column.type):
        rule, remedy = "be true or false, or null where not stated", "Convert it to truth values."
        faults.column(name, rule, f"a column of {column.type}", remedy)
        return np.zeros(len(given), np.bool_), np.ones(len(given), np.bool_)
    return mask_of(column), mask_of(pc.is_null(column))


def has_member(lists: pa.Array, member: str) -> tuple[Mask, Mask]:
    """Return which lists of texts have a member, and which are there at all."""
    has = np.zeros(len(lists), dtype=np.bool_)
    whose = np.asarray(pc.list_parent_indices(lists), dtype=np.int64)
    has[whose[mask_of(pc.equal(pc.list_flatten(lists), member))]] = True
    return has, mask_of(pc.is_valid(lists))


def mask_of(flags: pa.Array, *, null: bool = False) -> Mask:
    """Return flags as numpy has them, and what stands for null."""
    filled = pc.fill_null(flags, null)
    return np.array(filled.to_numpy(zero_copy_only=False), dtype=np.bool_)
