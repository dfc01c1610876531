"""The difference between two dates: two reports or two plans, row by row and figure by figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Protocol

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo_match.coverage.answers.alike import check_alike
from geo_match.coverage.release import INTERNAL, RELEASE
from geo_match.errors import ArgumentError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Key = tuple[object, ...]
    """The kind of a row, its code, and the values by which it is parted."""

_KEYS: Final = ("kind", "code")
_OWN: Final = frozenset({"kind", "code", "name", "has_area", "radius_m", RELEASE, "geometry"})
_RANKED: Final = "short_"
"""Columns of a rank begin so: another occupation may stand there, so that nothing is subtracted."""
_MADE: Final = ("code_before", "change", "area_changed", "before", "after")
"""Columns that no row of either has."""
_ENDS: Final = ("before", "after", "change")
_PAIR: Final = 2
_SHOWN: Final = 5


class Told(Protocol):
    """What can be compared: a `CoverageReport` or a `ServicePlan`."""

    @property
    def options(self) -> Any:  # noqa: ANN401 - a dataclass of options, each kind its own
        """What was asked."""

    def by(self, first: str, *more: str) -> gpd.GeoDataFrame:
        """Return its rows."""


def difference(
    before: Told,
    after: Told,
    *by: str,
    labels: Sequence[object] = ("before", "after"),
    renumbered: Mapping[str, str] | None = None,
    may_differ: Collection[str] = (),
) -> gpd.GeoDataFrame:
    """Return what changed between two reports, or two plans, that were asked the same.

    Parameters
    ----------
    before, after
        Two `CoverageReport`s or two `ServicePlan`s.
    by
        What both are told by, as `by` of either takes it; "community" if nothing is named.
    labels
        Two names of the two, such as their dates, which stand in the columns `before` and `after`.
    renumbered
        For communities whose code changed the code before to the code after. Without it they are
        shown as gone and new.
    may_differ
        What may have been asked otherwise, since that is the change that is looked at: "radius_m",
        "network" or both, as of `Change.report` and the report that it came from. A bound of
        `coarse_m` that is half the radius follows it.

    Returns
    -------
    geopandas.GeoDataFrame
        A row for each row of either: those of `after` in their order, and behind them those that
        are gone, in that of `before`; EPSG:4326.

        - `kind`, `code`, `name` and the columns of `by[1:]`, as `after` has them, and for what is
          gone as `before` does; `code_before` of what was renumbered, else null;
        - `change`: "both", "renumbered", "new" (in `after` only) or "gone" (in `before` only);
        - `area_changed`: whether the areas differ or only one has one, in which case some of what
          changed may have changed hands only; null where the row is in one of the two only;
        - for each figure `f` that is a number `f_before`, `f_after` and `f_change`, after less
          before: of counts people or things, of shares parts of 1, of distances metres. Null
          wherever one of the two is null or has no such row or figure: what was not counted is not
          0. So changes add up to that of a level above only where no row is new or gone;
        - of other columns, and of those of a rank (`short_1_shortfall`, …), where another
          occupation may stand, `f_before` and `f_after`;
        - `before`, `after`: the labels; `release`, "internal"; `geometry`, as `name`.

    Raises
    ------
    ArgumentError
        If they are not of one kind or not told by the same, an option but the day differs, which
        is named and is not in `may_differ` (of a network what it was made of, its bound and its
        opened streets), a column of `by` has the name of one made here, the labels are not two
        different texts or days, or `renumbered` is not one to one, names no level of communities,
        or contradicts the codes.

    Examples
    --------
    >>> import geo_match as gm
    >>> area = "POLYGON ((117.35 32.9, 117.4 32.9, 117.4 32.95, 117.35 32.95, 117.35 32.9))"
    >>> homes = [{"id": "H1", "lon": 117.37, "lat": 32.93, "weight": 3}]
    >>> jobs = {"id": "J1", "lon": 117.38, "lat": 32.92, "vacancies": 2}
    >>> town = [{"code": "340302001001", "area": area}]
    >>> before, after = gm.Coverage([], town).of(homes), gm.Coverage(jobs, town).of(homes)
    >>> told = difference(before, after, labels=("2024-12-31", "2025-12-31"))
    >>> told[["code", "change", "reached_before", "reached_after", "reached_change"]].values[0]
    array(['340302001001', 'both', 0, 3, 3], dtype=object)
    """
    check_alike(before, after, may_differ)
    named = _labels(labels)
    asked = by or ("community",)
    first, last = (one.by(*asked) for one in (before, after))
    keys = (*_KEYS, *asked[1:])
    figures = _figures(first, last, keys)
    _check_names(asked[1:], figures)
    old, new = _rows_of(first, keys), _rows_of(last, keys)
    moved = _moved(renumbered, asked, old, new)
    was = {moved.get(key, key): at for key, at in old.items()}
    gone = [key for key in was if key not in new]
    rows = [*new, *gone]
    at_old = np.array([was.get(key, -1) for key in rows], dtype=np.int64)
    at_new = np.array([new.get(key, -1) for key in rows], dtype=np.int64)
    columns = _heads(first, last, at_old, at_new, keys)
    code_before = _taken(first["code"], at_old)
    same = np.array([a == b for a, b in zip(code_before, columns["code"], strict=True)], np.bool_)
    is_moved = (at_old >= 0) & (at_new >= 0) & ~same & ~_is_null(code_before)
    code_before[~is_moved] = None
    columns["code_before"] = code_before
    columns["change"] = np.select(
        [at_old < 0, at_new < 0, is_moved], ["new", "gone", "renumbered"], "both"
    ).astype(object)
    columns["area_changed"] = _area_changed(first, last, at_old, at_new)
    for name in figures:
        columns |= _compared(name, first, last, at_old, at_new)
    columns |= {"before": named[0], "after": named[1], RELEASE: INTERNAL}
    area = _either(first.geometry, last.geometry, at_old, at_new)
    return gpd.GeoDataFrame(columns, geometry=area, crs=4326)


def _check_names(columns: Sequence[str], figures: Sequence[str]) -> None:
    """Refuse columns in whose place something else would stand."""
    made = {*_MADE, *(f"{name}_{end}" for name in figures for end in _ENDS)}
    clash = [name for name in columns if name in made]
    if clash:
        rule = "name columns whose names are not those of the difference"
        raise ArgumentError("by", rule, repr(clash[0]), "Rename the people's column.")


def _labels(labels: object) -> tuple[str, str]:
    rule = "be two different texts or days"
    # A set of two would name them in any order.
    if isinstance(labels, str) or not isinstance(labels, Sequence):
        raise ArgumentError("labels", rule, repr(labels))
    texts = [str(one) if isinstance(one, str | dt.date) else "" for one in labels]
    if len(texts) != _PAIR or texts[0] == texts[1] or not all(one.strip() for one in texts):
        raise ArgumentError("labels", rule, repr(labels), "Name the two dates.")
    return texts[0], texts[1]


def _rows_of(frame: gpd.GeoDataFrame, keys: Sequence[str]) -> dict[Key, int]:
    """Return the position of each row by its keys, null as None."""
    columns = [_objects(frame[name]).tolist() for name in keys]
    return {tuple(key): at for at, key in enumerate(zip(*columns, strict=True))}


def _moved(
    renumbered: Mapping[str, str] | None,
    asked: Sequence[str],
    old: Mapping[Key, int],
    new: Mapping[Key, int],
) -> dict[Key, Key]:
    """Return the key after of each row that was renumbered, by its key before."""
    if renumbered is None:
        return {}
    if not isinstance(renumbered, Mapping):
        raise ArgumentError("renumbered", "be a mapping", type(renumbered).__name__)
    if asked[0] != "community":
        rule = "be given by community alone"
        remedy = "The codes of the levels above have other digits: leave it out."
        raise ArgumentError("renumbered", rule, f"`by` {asked[0]!r}", remedy)
    changed = {one: other for one, other in renumbered.items() if one != other}
    _refuse(
        [one for one, other in changed.items() if list(changed.values()).count(other) > 1],
        "give each code to one community",
        "Where communities were joined leave them out: they are shown as gone.",
    )
    before, after = ({key[1] for key in rows} for rows in (old, new))
    _refuse(
        [one for one, other in changed.items() if one in after - set(changed.values())],
        "name codes before that are not in use after",
        "Leave it out: the community kept its code.",
    )
    _refuse(
        [other for other in changed.values() if other in before - set(changed)],
        "name codes after that were not in use before",
        "Leave it out: the code was another community's, or its own.",
    )
    found: dict[Key, Key] = {}
    for key in old:
        code = key[1]
        if isinstance(code, str) and code in changed:
            found[key] = (key[0], changed[code], *key[2:])
    return found


def _refuse(codes: Sequence[str], rule: str, remedy: str) -> None:
    if codes:
        shown = ", ".join(repr(one) for one in codes[:_SHOWN])
        more = ", …" if len(codes) > _SHOWN else ""
        raise ArgumentError("renumbered", rule, f"{shown}{more}", remedy)


def _heads(
    first: gpd.GeoDataFrame,
    last: gpd.GeoDataFrame,
    at_old: NDArray[np.int64],
    at_new: NDArray[np.int64],
    keys: Sequence[str],
) -> dict[str, Any]:
    """Return what a row is called: as it is after, and else as it was before."""
    return {
        name: _either(first[name], last[name], at_old, at_new)
        for name in ("kind", "code", "name", *keys[len(_KEYS) :])
    }


def _figures(first: gpd.GeoDataFrame, last: gpd.GeoDataFrame, keys: Sequence[str]) -> list[str]:
    """Return the columns that are compared, in the order of the later frame."""
    left_out = _OWN | set(keys)
    names = [*last.columns, *(name for name in first.columns if name not in last.columns)]
    return [name for name in names if name not in left_out]


def _compared(
    name: str,
    first: gpd.GeoDataFrame,
    last: gpd.GeoDataFrame,
    at_old: NDArray[np.int64],
    at_new: NDArray[np.int64],
) -> dict[str, Any]:
    """Return a figure before, after, and its change where it is a number."""
    like = (last if name in last.columns else first)[name].dtype
    pair = []
    for frame, at in ((first, at_old), (last, at_new)):
        series = frame[name] if name in frame.columns else _nothing(like, len(frame))
        pair.append(_reordered(series, at))
    old, new = pair
    found = {f"{name}_before": old, f"{name}_after": new}
    is_number = all(pd.api.types.is_numeric_dtype(one.dtype) for one in pair)
    if is_number and not name.startswith(_RANKED):
        found[f"{name}_change"] = new - old
    return found


def _nothing(like: Any, n: int) -> pd.Series[Any]:  # noqa: ANN401 - a type of pandas or numpy
    """Return nulls, (n,), of the type of a figure if it is a number."""
    if pd.api.types.is_integer_dtype(like):
        return pd.Series([pd.NA] * n, dtype="Int64")
    return pd.Series([None] * n, dtype=like if pd.api.types.is_float_dtype(like) else object)


def _reordered(series: pd.Series[Any], at: NDArray[np.int64]) -> pd.Series[Any]:
    """Return values by position, null for −1; whole numbers may be null, and stay whole."""
    if pd.api.types.is_integer_dtype(series.dtype):
        series = series.astype("Int64")
    values = series.array.take(at, allow_fill=True)
    return pd.Series(values)


def _taken(series: pd.Series[Any], at: NDArray[np.int64]) -> NDArray[np.object_]:
    """Return values by position as objects; None for −1 and for null."""
    return np.asarray(np.append(_objects(series), np.array([None]))[at], dtype=object)


def _objects(series: pd.Series[Any]) -> NDArray[np.object_]:
    """Return values as objects, (n,); None for null."""
    values = np.array(series, dtype=object)
    values[series.isna().to_numpy()] = None
    return values


def _either(
    first: pd.Series[Any],
    last: pd.Series[Any],
    at_old: NDArray[np.int64],
    at_new: NDArray[np.int64],
) -> NDArray[np.object_]:
    return np.where(at_new >= 0, _taken(last, at_new), _taken(first, at_old))


def _is_null(values: NDArray[np.object_]) -> NDArray[np.bool_]:
    return np.array([one is None for one in values], dtype=np.bool_)


def _area_changed(
    first: gpd.GeoDataFrame,
    last: gpd.GeoDataFrame,
    at_old: NDArray[np.int64],
    at_new: NDArray[np.int64],
) -> Any:  # noqa: ANN401 - an array of pandas
    """Return whether areas differ as sets of points; null where a row is in one frame only."""
    old, new = (_taken(frame.geometry, at) for frame, at in ((first, at_old), (last, at_new)))
    none_at_all = shapely.is_missing(old) & shapely.is_missing(new)
    # Identical corners are the usual case, and much faster to tell than equal sets.
    same = shapely.equals_exact(old, new, 0.0)
    left = ~same & ~shapely.is_missing(old) & ~shapely.is_missing(new)
    same[left] = shapely.equals(old[left], new[left])
    changed = pd.array(~(same | none_at_all), dtype="boolean")
    changed[(at_old < 0) | (at_new < 0)] = pd.NA
    return changed
