"""People whose coverage is asked: a frame as arrays, checked as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types as kinds

from geo_match import codes
from geo_match.errors import ArgumentError
from geo_match.matching.given import values
from geo_match.matching.given.faults import Faults, raise_any
from geo_match.matching.given.frame import Given
from geo_match.matching.given.places import places

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOST_WEIGHT: Final = 2**53
"""Whole numbers whose sum is below it are exact as floats, too."""


@dataclass(frozen=True, eq=False)
class People:
    """Checked people, in the order of their frame.

    Parameters
    ----------
    ids
        Text in Arrow, (n,), all different.
    lon, lat
        Degrees WGS-84, (n,); NaN where a person is not located.
    weight
        How many each row stands for, (n,): int64 where the frame has whole numbers, whose sums are
        exact; else float64, of which a sum of n is off by at most n·2⁻⁵³ of itself.
    accuracy_m
        Metres by which the place is known, (n,); NaN where not stated.
    community
        The recorded code, text in Arrow, (n,); null where not stated.
    given
        The frame, for columns that are asked for as groups.
    """

    ids: pa.StringArray
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    weight: NDArray[np.int64] | NDArray[np.float64]
    accuracy_m: NDArray[np.float64]
    community: pa.StringArray
    given: Given

    @property
    def located(self) -> NDArray[np.bool_]:
        """Which people have a place, (n,)."""
        return ~np.isnan(self.lon)

    def groups(self, name: str, argument: str = "by") -> tuple[NDArray[np.int64], list[str | None]]:
        """Return the group of each person by a column of the frame.

        Parameters
        ----------
        name
            Of a column of texts, true and false, whole numbers or days.
        argument
            Who named it, for messages: "by" may name a level as well, "more" may not.

        Returns
        -------
        group
            int64, (n,): the place in `labels`.
        labels
            The different values as text, in their order; None last, if a value is missing.

        Raises
        ------
        ArgumentError
            If there is no such column, it holds something else, or ID-card numbers.
        """
        if not self.given.has(name):
            levels = ", or community, street, district, city or h3" if argument == "by" else ""
            raise ArgumentError(argument, f"name a column of the people{levels}", repr(name))
        faults = Faults("people")
        column = self.given.column(name)
        if column is not None and kinds.is_dictionary(column.type):
            column = column.dictionary_decode()
        if column is None or not _can_group(column.type):
            rule = "name a column of texts, true and false, whole numbers or days"
            found = f"{name!r}, a mixture" if column is None else f"{name!r}, of {column.type}"
            raise ArgumentError(argument, rule, found, "Make classes of it, as text.")
        raise_any(faults)
        encoded = column.dictionary_encode()
        distinct = encoded.dictionary.to_pylist()
        order = sorted(range(len(distinct)), key=distinct.__getitem__)
        place = np.empty(len(distinct) + 1, dtype=np.int64)
        place[order] = np.arange(len(distinct))
        place[-1] = len(distinct)  # of null, which is at -1
        group = place[np.asarray(pc.fill_null(encoded.indices.cast(pa.int64()), -1))]
        labels: list[str | None] = [_label(distinct[at]) for at in order]
        if codes.has_id_card(pa.array(labels, pa.string())).any():
            rule = "name a column without ID-card numbers"
            remedy = "Take them out of the frame: each value would head a row."
            raise ArgumentError(argument, rule, repr(name), remedy)
        if column.null_count:
            labels.append(None)
        return group, labels


def read_people(frame: object) -> People:
    """Return people as coverage is asked for them.

    Parameters
    ----------
    frame
        What `geo_match.matching` takes as seekers: `id` and a place, which may be null; optional
        `community` (a code), `weight` (at least 0; 1 for all if there is no such column) and
        `location_accuracy_m`. Any other column may be named as a group.

    Raises
    ------
    FrameError
        If ids are missing, repeated or ID-card numbers, a place is half there or not on earth, a
        weight is missing, negative or not finite, or the weights add up to 2⁵³ or more.
    DatumError
        If the geometry's CRS is not known, or not on WGS 84 or CGCS2000.
    ArgumentError
        If the frame is nothing of the kind.
    """
    faults = Faults("people")
    given = Given(frame, faults)
    ids = read_ids(given, "id", faults)
    lon, lat = places(given, faults)
    weight = _weights(given, faults)
    accuracy_m = np.full(len(given), np.nan)
    column = given.column("location_accuracy_m") if given.has("location_accuracy_m") else None
    if column is not None:
        accuracy_m = values.numbers(column, "location_accuracy_m", faults)
        rule = "be at least 0, or null where not stated"
        faults.rows("location_accuracy_m", rule, accuracy_m < 0.0, lambda at: column[at].as_py())
    community = read_texts(given, "community", faults)
    raise_any(faults)
    return People(ids, lon, lat, weight, accuracy_m, community, given)


def read_ids(given: Given, name: str, faults: Faults) -> pa.StringArray:
    """Return ids, (n,), and take their faults, a missing column's too."""
    if given.has(name):
        found = values.ids(given.column(name), name, faults)
    else:
        found = None
        if given.needs_columns:
            remedy = "Rename the column that has them; an index becomes one by `.reset_index()`."
            faults.column(name, "be there", "no such column", remedy)
    return pa.nulls(len(given), pa.string()) if found is None else found


def read_texts(given: Given, name: str, faults: Faults) -> pa.StringArray:
    """Return texts, (n,); null where not stated, and throughout without a column."""
    column = given.column(name) if given.has(name) else None
    if column is None:
        return pa.nulls(len(given), pa.string())
    return values.texts(column, name, faults)


def as_objects(texts: pa.StringArray) -> NDArray[np.object_]:
    """Return texts as objects of str, (n,); None for null."""
    return np.asarray(texts.to_numpy(zero_copy_only=False), dtype=object)


def _weights(given: Given, faults: Faults) -> NDArray[np.int64] | NDArray[np.float64]:
    column = given.column("weight") if given.has("weight") else None
    if column is None:
        return np.ones(len(given), dtype=np.int64)
    if kinds.is_dictionary(column.type):
        column = column.dictionary_decode()
    n_faults = len(faults.found)
    weights = values.numbers(column, "weight", faults)
    if len(faults.found) > n_faults:  # no numbers: nothing more is to be said of them
        return np.ones(len(given), dtype=np.int64)
    bad = ~(np.isfinite(weights) & (weights >= 0.0))
    remedy = "Leave the row out, or give it the weight that it has."
    rule = "be a number of at least 0"
    faults.rows("weight", rule, bad, lambda at: column[at].as_py(), remedy)
    if bad.any():
        return np.ones(len(given), dtype=np.int64)
    with np.errstate(over="ignore"):  # refused below
        total = float(weights.sum())
    if total >= _MOST_WEIGHT:
        faults.column("weight", "add up to less than 2**53", f"{total:.3g}", "Use a larger unit.")
    if kinds.is_integer(column.type):
        return weights.astype(np.int64)  # exact, as their sum is below 2⁵³
    return weights


def _can_group(kind: pa.DataType) -> bool:
    return bool(
        kinds.is_string(kind)
        or kinds.is_large_string(kind)
        or kinds.is_string_view(kind)
        or kinds.is_boolean(kind)
        or kinds.is_integer(kind)
        or kinds.is_date(kind)
        or kinds.is_null(kind)
    )


def _label(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
