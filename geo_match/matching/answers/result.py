"""Matches as rows: what `Matcher.match` answers with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pyarrow as pa

from geo_match.matching.engine.chosen import rank_of
from geo_match.matching.options import JUDGED, PARTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from geo_match.matching.engine.chosen import Chosen
    from geo_match.matching.engine.engine import Engine, Told
    from geo_match.matching.engine.side import Side

NO_LOCATION, NONE_IN_CIRCLE, NONE_ELIGIBLE = "no_location", "none_in_circle", "none_eligible"
"""Why somebody has no match: no place, nothing in the circle, or nothing there that fits."""
NO_ORIGIN: Final = "no_origin"
"""The same: no origin named, or none of those that are known."""
NOT_ON_NETWORK, NONE_ON_FOOT = "not_on_network", "none_on_foot"
"""The same of who walks, and has something in the straight circle: no street leads to the place,
or nothing of it is in reach on foot."""
NOT_REGISTERED: Final = "not_registered"
"""The same of a seeker whose registration is closed by the day, or begins later."""
EVERY_REASON: Final = (
    *(NOT_REGISTERED, NO_LOCATION, NONE_IN_CIRCLE, NOT_ON_NETWORK, NONE_ON_FOOT, NONE_ELIGIBLE),
    NO_ORIGIN,
)
"""All of them; the first that applies is told, but that who has no origin has nothing else, unless
they are not registered."""
FOOT_COLUMNS: Final = ("straight_m", "seeker_snap_m", "job_snap_m")
"""What an answer on foot says beside the distance."""
CERTAINTIES: Final = ("inside", "borderline", "outside")
_TEXT: Final = pa.dictionary(pa.int32(), pa.string())


class Form(NamedTuple):
    """What an answer says beside that which all say.

    Parameters
    ----------
    ids
        The columns of ids.
    parts
        The parts of the score.
    on_foot
        The columns of an answer on foot beside the distance; else none.
    """

    ids: tuple[str, ...]
    parts: tuple[str, ...]
    on_foot: tuple[str, ...] = ()

    @classmethod
    def of(cls, centres: Side) -> Form:
        """Return the form of an answer to some centres."""
        on_foot = () if centres.on_foot is None else FOOT_COLUMNS
        if centres.of == "job":
            return cls(("job_id", "seeker_id"), parts(ranks_seekers=True), on_foot)
        if centres.circles is None:
            return cls(("seeker_id", "job_id"), parts(ranks_seekers=False), on_foot)
        if centres.circles.are_alone:
            named = tuple(name.replace("seeker", "origin") for name in on_foot)
            return cls(("origin_id", "job_id"), ("closeness", "freshness"), named)
        return cls(("seeker_id", "origin_id", "job_id"), parts(ranks_seekers=False), on_foot)


def schema(form: Form) -> pa.Schema:
    """Return the columns of an answer, in their order."""
    return pa.schema(
        [
            *((name, pa.string()) for name in form.ids),
            ("rank", pa.int64()),
            ("distance_m", pa.float64()),
            *((name, pa.float64()) for name in form.on_foot),
            ("basis", _TEXT),
            ("certainty", _TEXT),
            ("score", pa.float64()),
            *((f"score_{part}", pa.float64()) for part in form.parts),
            ("failed", _TEXT),
            ("unknown", _TEXT),
            ("reason", _TEXT),
        ]
    )


def parts(*, ranks_seekers: bool) -> tuple[str, ...]:
    """Return the parts of a score that count in one direction."""
    return PARTS if ranks_seekers else PARTS[:-1]


def added(parts: Iterable[float]) -> float:
    """Return the sum of a score's parts, added one after another as the kernels do.

    `sum` adds otherwise from Python 3.12 on, and may give another last bit.
    """
    total = 0.0
    for part in parts:
        total += part
    return total


def answer(
    engine: Engine, centres: Side, which: NDArray[np.int64], chosen: Chosen, told: Told
) -> pa.Table:
    """Return a row a match, and one for each centre that has none.

    Parameters
    ----------
    which
        The rows of the centres asked for, ascending.
    """
    is_matched = np.zeros(len(centres), dtype=np.bool_)
    is_matched[chosen.centre] = True
    without = which[~is_matched[which]]
    order = np.argsort(np.concatenate([chosen.centre, without]), kind="stable")
    m = len(chosen.centre)
    is_match = order < m  # matches stay in their order: only gaps come between them

    def spread(values: NDArray[np.int64] | NDArray[np.int32] | NDArray[np.float64]) -> pa.Array:
        if is_match.all():
            return pa.array(values)
        there = np.zeros(len(is_match), dtype=values.dtype)
        there[is_match] = values
        return pa.array(there, mask=~is_match)

    def spread_words(place: NDArray[np.int32], named: Sequence[str]) -> pa.DictionaryArray:
        return pa.DictionaryArray.from_arrays(spread(place), pa.array(named, pa.string()))

    both = np.concatenate([chosen.centre, without])[order]
    reason = np.full(len(order), -1, dtype=np.int32)
    reason[~is_match] = reasons(engine, centres, without)
    form = Form.of(centres)
    asking = [centres.ids]
    if centres.circles is not None and not centres.circles.are_alone:
        asking.append(centres.circles.name)
    columns = [
        *(ids.take(pa.array(both)) for ids in asking),
        engine.side.ids.take(spread(chosen.row)),
        spread(rank_of(chosen.centre)),
        spread(chosen.distance_m),
        *(spread(metres) for metres in engine.sides_on_foot(centres, chosen) or ()),
        spread_words(np.zeros(m, np.int32), (centres.reach.basis,)),
        spread_words(certainty(engine, centres, chosen), CERTAINTIES),
        spread(chosen.score),
        *(spread(told.parts[PARTS.index(part)]) for part in form.parts),
        spread_words(*names(told.failed)),
        spread_words(*names(told.unknown)),
        words(reason, EVERY_REASON),
    ]
    return pa.table(columns, schema=schema(form))


def reasons(engine: Engine, centres: Side, without: NDArray[np.int64]) -> NDArray[np.int32]:
    """Return why each of some centres has no match, as the place among all reasons."""
    return reasons_of(engine, centres, engine.count_in_circle(centres, without), without)


def reasons_of(
    engine: Engine,
    centres: Side,
    in_circle: NDArray[np.int64],
    which: NDArray[np.int64] | None = None,
) -> NDArray[np.int32]:
    """Return why centres have no match, as `reasons` does.

    Parameters
    ----------
    in_circle
        int64, (m,): how many rows each one's circle holds; on foot those that are in reach so.
    which
        The rows of these centres; None for all.
    """
    every = np.arange(len(centres)) if which is None else which
    told = np.where(in_circle == 0, _place_of(NONE_IN_CIRCLE), _place_of(NONE_ELIGIBLE))
    if centres.on_foot is not None:
        none = np.flatnonzero((in_circle == 0) & centres.is_there[every])
        none = none[engine.count_straight(centres, every[none]) > 0]
        is_led = np.isfinite(centres.on_foot.snap_m(centres.origin[every[none]]))
        told[none] = np.where(is_led, _place_of(NONE_ON_FOOT), _place_of(NOT_ON_NETWORK))
    told = np.where(centres.is_located[every], told, _place_of(NO_LOCATION))
    is_lost = centres.origin[every] < 0
    told = np.where(is_lost, _place_of(NO_ORIGIN), told)
    told = np.where(centres.is_registered[every], told, _place_of(NOT_REGISTERED))
    return told.astype(np.int32)


def reasons_told(centres: Side) -> tuple[str, ...]:
    """Return the reasons that some centres may have, in their order."""
    left_out = () if centres.on_foot is not None else (NOT_ON_NETWORK, NONE_ON_FOOT)
    if centres.circles is None:
        left_out = (*left_out, NO_ORIGIN)
    if centres.of == "job" or centres.options.former_too:
        left_out = (*left_out, NOT_REGISTERED)
    return tuple(name for name in EVERY_REASON if name not in left_out)


def _place_of(reason: str) -> int:
    return EVERY_REASON.index(reason)


def reason_of(place: int) -> str:
    """Return a reason by its place, as `reasons` gives it."""
    return EVERY_REASON[place]


def certainty(engine: Engine, centres: Side, pairs: Chosen) -> NDArray[np.int32]:
    """Return how certain it is that pairs lie within the radius, as the place in `CERTAINTIES`."""
    either = centres.accuracy_m[pairs.centre] + engine.side.accuracy_m[pairs.row]
    of_seeker = (
        engine.side.radius_m[pairs.row] if engine.ranks_seekers else centres.radius_m[pairs.centre]
    )
    return certainty_of(pairs.distance_m, either, of_seeker)


def certainty_of(
    distance_m: NDArray[np.float64], either_m: NDArray[np.float64], radius_m: NDArray[np.float64]
) -> NDArray[np.int32]:
    """Return how certain distances are, as the place in `CERTAINTIES`.

    On foot it is as if whoever is elsewhere walked so much more or less: where a river or a fence
    lies between the two places that somebody may be at, the difference is greater, and not seen.

    Parameters
    ----------
    distance_m, radius_m
        Metres, (m,).
    either_m
        By how much both places together may be elsewhere, metres, (m,).
    """
    inside = distance_m + either_m <= radius_m
    outside = distance_m - either_m > radius_m
    return np.where(inside, 0, np.where(outside, 2, 1)).astype(np.int32)


def names(masks: NDArray[np.int64]) -> tuple[NDArray[np.int32], list[str]]:
    """Return for each mask a place among texts, and the texts: its conditions by commas."""
    # There are few thousand masks: to mark which occur is faster than to sort.
    different = np.flatnonzero(np.bincount(masks, minlength=1))
    place = np.empty(different[-1] + 1 if len(different) else 0, dtype=np.int32)
    place[different] = np.arange(len(different))
    joined_names = [
        ",".join(name for i, name in enumerate(JUDGED) if mask >> i & 1)
        for mask in different.tolist()
    ]
    return place[masks], joined_names


def to_pandas(table: pa.Table) -> pd.DataFrame:
    """Return an answer as a frame; whole numbers that may be missing stay whole."""
    import pandas as pd  # noqa: PLC0415 - importing it takes long, and not every answer needs it

    frame: pd.DataFrame = table.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)
    return frame


def words(place: NDArray[np.int32], words: tuple[str, ...] | list[str]) -> pa.DictionaryArray:
    """Return words by their places; null for -1."""
    codes = pa.array(place, mask=place < 0)
    return pa.DictionaryArray.from_arrays(codes, pa.array(words, pa.string()))


def joined(tables: list[pa.Table], form: Form) -> pa.Table:
    """Put answers together, with one dictionary of words for each column."""
    if not tables:
        return schema(form).empty_table()
    return pa.concat_tables(tables).unify_dictionaries()


__all__ = [
    "CERTAINTIES",
    "EVERY_REASON",
    "FOOT_COLUMNS",
    "NONE_ELIGIBLE",
    "NONE_IN_CIRCLE",
    "NONE_ON_FOOT",
    "NOT_ON_NETWORK",
    "NOT_REGISTERED",
    "NO_LOCATION",
    "NO_ORIGIN",
    "Form",
    "added",
    "answer",
    "certainty",
    "certainty_of",
    "joined",
    "names",
    "parts",
    "reason_of",
    "reasons",
    "reasons_of",
    "reasons_told",
    "schema",
    "to_pandas",
    "words",
]
