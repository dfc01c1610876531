"""A picture of the small city, to be looked at: build/demo_city.png."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from geo_match import PointIndex
from geo_match.demo import facts

BUILD = Path(__file__).parents[2] / "build"


def test_the_city_is_drawn_to_be_looked_at(small):
    mpl.use("Agg")
    homes, jobs, stations = small.people.households, small.work.jobs, small.work.stations
    lon, lat = homes.geometry.x.to_numpy(), homes.geometry.y.to_numpy()
    index = PointIndex(lon=jobs.geometry.x, lat=jobs.geometry.y)
    reached = index.count_within(lon=lon, lat=lat, radius_m=3_000.0)
    share = (
        (np.asarray(reached) > 0).astype(float),
        homes["community"].astype(str).to_numpy(),
    )
    areas = small.areas[small.areas["lies_in"].isin(facts.URBAN_DISTRICTS)].copy()
    out = np.array([1.0 - share[0][share[1] == code].mean() for code in areas["code"]])
    figure = Figure(figsize=(24, 12), layout="constrained")
    people, work = figure.subplots(1, 2)
    areas.assign(out=out).plot(
        ax=people, column="out", cmap="Reds", edgecolor="grey", linewidth=0.3, legend=True
    )
    people.scatter(lon, lat, s=0.5, color="black", linewidths=0)
    areas.boundary.plot(ax=work, color="lightgrey", linewidth=0.4)
    roads = small.streets.lines
    roads[roads["kind"] == "main"].plot(ax=work, color="darkorange", linewidth=0.6)
    roads[roads["bridge"]].plot(ax=work, color="crimson", linewidth=3.0)
    work.scatter(jobs.geometry.x, jobs.geometry.y, s=4, color="navy", linewidths=0)
    work.scatter(stations.geometry.x, stations.geometry.y, s=40, color="green", marker="^")
    for axes in (people, work):
        facts.districts().boundary.plot(ax=axes, color="midnightblue", linewidth=1.0)
        axes.fill(*small.land.river.exterior.xy, color="steelblue")
        axes.set(xlim=(117.05, 117.68), ylim=(32.72, 33.13), aspect=1.19)
        axes.set_axis_off()
    people.set_title("Homes (dots) and the share without a job within 3 km: all invented")
    work.set_title(
        "Jobs (dots), stations, main roads, bridges, the Huai: all invented but its course"
    )
    BUILD.mkdir(exist_ok=True)
    file = BUILD / "demo_city.png"
    figure.savefig(file, dpi=70)
    assert file.stat().st_size > 100_000
    assert 0 < (out > 0.9).sum() < 0.1 * len(areas)
