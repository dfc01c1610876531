"""A picture of the ground, to be looked at: build/demo_ground.png."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

from geo_match.demo import facts

BUILD = Path(__file__).parents[3] / "build"


def test_the_ground_is_drawn_to_be_looked_at(land, areas, homes):
    mpl.use("Agg")
    figure = Figure(figsize=(22, 10), layout="constrained")
    whole, city = figure.subplots(1, 2)
    grid = land.grid
    east, north = grid.west + grid.columns * 0.001, grid.south + grid.rows * 0.001
    density = np.where(land.people > 0, land.people / (0.0935 * 0.1109), np.nan)
    image = whole.imshow(
        density,
        origin="lower",
        extent=(grid.west, east, grid.south, north),
        norm=LogNorm(100, 20_000),
        cmap="magma_r",
    )
    figure.colorbar(image, ax=whole, label="people expected a km² (drawn)", shrink=0.7)
    community = np.repeat(np.arange(len(areas)), areas["population"] // 10)
    lon, lat = homes.place(community, np.random.default_rng(0))
    city.scatter(lon, lat, s=0.4, color="black", linewidths=0)
    for axes in (whole, city):
        areas.boundary.plot(ax=axes, color="seagreen", linewidth=0.4)
        areas.dissolve("street_code").boundary.plot(ax=axes, color="seagreen", linewidth=1.0)
        facts.districts().boundary.plot(ax=axes, color="midnightblue", linewidth=1.4)
        axes.fill(*land.river.exterior.xy, color="steelblue")
        axes.set_aspect(1.19)
        axes.set_axis_off()
    whole.set_title(
        "Density, communities, streets, districts, the Huai: areas and people are drawn"
    )
    city.set_title("One dot for ten invented people")
    city.set_xlim(117.20, 117.56)
    city.set_ylim(32.82, 33.05)
    BUILD.mkdir(exist_ok=True)
    file = BUILD / "demo_ground.png"
    figure.savefig(file, dpi=80)
    assert file.stat().st_size > 100_000
