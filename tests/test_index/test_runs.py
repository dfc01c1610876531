"""How a circle meets the bands: nothing inside is left out, nothing sure is outside."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_index.worlds import WORLDS, Question, questions

from geo_match.geodesy import chord_bounds, lonlat_to_ecef
from geo_match.index import _layout, _runs
from geo_match.index._layout import build

if TYPE_CHECKING:
    from test_index.worlds import World

    from geo_match.index._layout import Layout

MARGIN_M = 100e-9
"""Rounding in the places comes to some 10 nm; the bounds must leave well more than that."""
HEIGHTS_DEG = (None, 1e-12, 1e-9, 1e-6, 0.01, 1.0, 200.0)


def laid_out(
    monkeypatch: pytest.MonkeyPatch, height: float | None, lon: np.ndarray, lat: np.ndarray
) -> Layout:
    """Lay points out in bands of a chosen height, so thin that their bounds become sharp."""
    if height is not None:
        monkeypatch.setattr(
            _layout,
            "_band_of_each",
            lambda _, lat: (np.floor((lat + 90.0) / height).astype(np.int64), height),
        )
    return build(lon, lat)


def assert_runs_fit(layout: Layout, question: Question) -> None:
    """Compare the runs of each circle with the chords to all points."""
    n_bands = layout.band.shape[1]
    x, y, z = lonlat_to_ecef(question.lon, question.lat)
    inside, outside = chord_bounds(question.radius_m)
    m = len(layout.x)
    for i in range(len(x)):
        runs = np.empty((2 * n_bands, 4), dtype=np.int64)
        n_runs = _runs.find_runs(
            *(layout.lon, layout.bucket_slot, layout.band, layout.band_start),
            *(question.lon[i], question.lat[i], math.hypot(x[i], y[i]), z[i]),
            *(inside[i], outside[i], runs, np.empty((2, n_bands))),
        )
        runs = runs[:n_runs]
        assert np.all(np.diff(runs, axis=1) >= 0)
        times = np.zeros(m + 1, dtype=np.int64)  # how often each slot is met
        np.add.at(times, runs[:, 0], 1)
        np.add.at(times, runs[:, 3], -1)
        times = np.cumsum(times)[:m]
        assert times.max(initial=0) <= 1
        sure = np.zeros(m, dtype=np.bool_)
        for _, start, stop, _ in runs:
            sure[start:stop] = True
        chord = np.sqrt((layout.x - x[i]) ** 2 + (layout.y - y[i]) ** 2 + (layout.z - z[i]) ** 2)
        assert np.all(chord[sure] <= inside[i] - MARGIN_M)
        assert np.all(chord[times == 0] > outside[i] + MARGIN_M)


@pytest.mark.parametrize("height", HEIGHTS_DEG)
@pytest.mark.parametrize("world", WORLDS)
def test_runs_hold_what_may_be_inside_and_call_sure_only_what_is(
    world: World, height: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(3)
    scene = world(rng)
    layout = laid_out(monkeypatch, height, scene.lon, scene.lat)
    for question in questions(rng, scene)[:2]:
        assert_runs_fit(layout, question)


def _beside(lon: float, lat: float, off_m: np.ndarray, distance_m: float) -> tuple:
    """Return points on the origin's own parallel, so many metres of chord off a distance."""
    phi = math.radians(lat)
    prime = 6_378_137.0 / math.sqrt(1.0 - 0.0066943799901413165 * math.sin(phi) ** 2)
    turn = 2.0 * np.arcsin((distance_m + off_m) / (2.0 * prime * math.cos(phi)))
    return lon + np.degrees(turn), np.full(len(off_m), lat)


@pytest.mark.parametrize("distance_m", [0.01, 5.0, 3000.0, 150_000.0])
@pytest.mark.parametrize("lat", [-70.0, 0.0, 32.9, 88.0])
def test_the_ends_of_runs_keep_a_margin_and_waste_little(
    lat: float, distance_m: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    off_m = np.linspace(-2e-5, 2e-5, 401)
    places = _beside(20.0, lat, off_m, distance_m)
    layout = laid_out(monkeypatch, 1e-13, *places)
    x, y, z = lonlat_to_ecef(np.array([20.0]), np.array([lat]))
    chord = np.sqrt((layout.x - x) ** 2 + (layout.y - y) ** 2 + (layout.z - z) ** 2)
    for bound in (distance_m, distance_m + 3e-6):
        runs = np.empty((2 * layout.band.shape[1], 4), dtype=np.int64)
        n_runs = _runs.find_runs(
            *(layout.lon, layout.bucket_slot, layout.band, layout.band_start, 20.0, lat),
            *(math.hypot(x[0], y[0]), z[0], bound, bound, runs, np.empty((2, len(layout.band[0])))),
        )
        assert n_runs == 1
        start, sure_start, sure_stop, stop = runs[0]
        met, sure = np.zeros((2, 401), dtype=np.bool_)
        met[start:stop], sure[sure_start:sure_stop] = True, True
        assert chord[~met].min(initial=np.inf) > bound + MARGIN_M
        assert chord[sure].max(initial=0.0) < bound - MARGIN_M
        if distance_m < 100.0:  # the bounds on sines and arcs are sharp there
            assert np.count_nonzero(met & (chord > bound + 3e-6)) <= 8
            assert np.count_nonzero(~sure & (chord < bound - 3e-6)) <= 8


@given(st.floats(0.0, 5e10), st.floats(1e-13, 1e18))
def test_the_widest_turn_bounds_the_exact_one_from_above_and_the_surest_from_below(
    chord_squared: float, product: float
) -> None:
    ratio = math.sqrt(chord_squared / product)
    exact = 180.0 if ratio >= 2.0 else math.degrees(2.0 * math.asin(ratio / 2.0))
    widest = _runs.widest_turn(chord_squared, 1.0 / product)
    assert exact * (1.0 - 1e-12) <= widest <= exact * (1.0 + 1.1e-4) + 1e-300
    surest = _runs._surest_turn(chord_squared, 1.0 / product)
    assert 0.0 <= surest <= exact * (1.0 + 1e-12)


@pytest.mark.parametrize(
    "ratio", [1e-9, 0.049, 0.04999999, 0.05, 0.05000001, 1.0, 1.99999, 2.0, 9.0]
)
def test_the_widest_turn_is_wide_enough_on_both_sides_of_its_cases(ratio: float) -> None:
    exact = 180.0 if ratio >= 2.0 else math.degrees(2.0 * math.asin(ratio / 2.0))
    assert exact <= _runs.widest_turn(ratio * ratio, 1.0) <= exact * (1.0 + 1e-5)


@given(st.lists(st.floats(-90.0, 90.0)), st.floats(-91.0, 91.0))
def test_the_first_from_a_value_is_where_numpy_would_insert_it(
    values: list[float], value: float
) -> None:
    ascending = np.sort(np.asarray(values, dtype=np.float64))
    for v in (value, *values[:3]):
        assert _runs.first_from(ascending, v) == np.searchsorted(ascending, v, side="left")


def test_without_compilation_the_kernels_find_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    for world in WORLDS:
        scene = world(rng)
        layout = build(scene.lon, scene.lat)
        question = questions(rng, scene)[1]
        some = Question(*(array[:6] for array in question))
        with monkeypatch.context() as plain:
            for name in (
                "widest_turn",
                "_surest_turn",
                "_measure_bands",
                "entry_of",
                "bracket",
                "first_from",
                "find_runs",
            ):
                plain.setattr(_runs, name, getattr(_runs, name).py_func)
            assert_runs_fit(layout, some)


def test_a_bound_beyond_the_argument_measures_every_point_of_every_band() -> None:
    lon, lat = np.array([0.0, 90.0, 180.0]), np.array([0.0, 50.0, -80.0])
    layout = build(lon, lat)
    n_bands = layout.band.shape[1]
    runs = np.empty((2 * n_bands, 4), dtype=np.int64)
    n_runs = _runs.find_runs(
        *(layout.lon, layout.bucket_slot, layout.band, layout.band_start),
        *(0.0, 0.0, 6_378_137.0, 0.0, -1.0, np.inf, runs, np.empty((2, n_bands))),
    )
    assert n_runs == n_bands
    assert (runs[:n_runs, 1] - runs[:n_runs, 0]).sum() == 3
    assert np.all(runs[:n_runs, 1:] == layout.band_start[1:, :1])
