"""What the loops promise to threads and to the cache, and that they are compiled ahead."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

NAMES = ("crossing", "lanes", "lists", "pairs", "path", "reach", "search", "snap", "totals")
MODULES = [import_module(f"geo_match.walking.kernels.{name}") for name in NAMES]
DISPATCHERS = {
    f"{module.__name__}.{name}": value
    for module in MODULES
    for name, value in vars(module).items()
    if hasattr(value, "py_func")
}


@pytest.mark.parametrize("name", DISPATCHERS)
def test_every_kernel_releases_the_lock_and_keeps_floating_point_as_written(name: str) -> None:
    options = DISPATCHERS[name].targetoptions
    assert options["nogil"] is True
    assert not options.get("fastmath", False)
    assert not options.get("parallel", False)
    assert options.get("error_model") == "numpy"


def test_the_kernels_are_where_they_are_looked_for() -> None:
    assert len(DISPATCHERS) >= 25


def test_compiling_ahead_leaves_nothing_to_compile_whatever_arrays_are_given() -> None:
    script = """
import tempfile
from importlib import import_module
from pathlib import Path
import geopandas as gpd, numpy as np, pandas as pd, shapely
from geo_match.walking import Network
from geo_match.walking.__main__ import compile_kernels

modules = [import_module(f"geo_match.walking.kernels.{name}") for name in
           ("crossing", "lanes", "lists", "pairs", "path", "reach", "search", "snap", "totals")]

def compiled():
    return {
        (module.__name__, name): len(value.signatures)
        for module in modules
        for name, value in vars(module).items()
        if hasattr(value, "signatures")
    }

compile_kernels()
before = compiled()
rows = [shapely.LineString([(117.3, y), (117.31, y), (117.32, y)]) for y in (32.9, 32.905)]
rows += [shapely.LineString([(x, 32.9), (x, 32.905)]) for x in (117.3, 117.31)]
made = Network.from_lines(gpd.GeoDataFrame(geometry=rows, crs="EPSG:4326"))
with tempfile.TemporaryDirectory() as folder:
    made.save(Path(folder, "town.net"))
    opened = Network.open(Path(folder, "town.net"))
    more = made.opened(lon1=117.315, lat1=32.9, lon2=117.318, lat2=32.905)
    rng = np.random.default_rng(0)
    lon, lat = rng.uniform(117.3, 117.32, 1999), rng.uniform(32.9, 32.905, 1999)
    frame = pd.DataFrame({"lon": lon, "lat": lat})
    for net in (made, opened, more):
        index = net.index(lon=frame.lon, lat=frame.lat)
        few = net.index(lon=frame.lon[:3], lat=frame.lat[:3])
        for n in (1, 7, 1999):
            lon, lat = frame.lon[:n], frame.lat.to_numpy()[::-1][:n]
            for radius in (500, [0.0] * n, pd.Series(rng.uniform(0, 900, n))):
                walks = {"lon": lon, "lat": lat, "radius_m": radius}
                for one in (index, few):
                    one.count_within(**walks)
                    one.within(**walks)
                    one.count_reaching(**walks)
                    for weights in (np.ones(len(one)), np.ones((len(one), 2), int)):
                        one.sum_within(**walks, weights=weights)
            index.nearest(lon=lon, lat=lat, k=3)
            net.distance(lon1=lon, lat1=lat, lon2=frame.lon[:n], lat2=frame.lat[:n])
        net.path(lon1=117.301, lat1=32.9, lon2=117.318, lat2=32.905)
        net.isochrone(lon=117.301, lat=32.9, radius_m=500)
new = {name: n - before[name] for name, n in compiled().items() if n != before[name]}
assert not new, new
"""
    done = subprocess.run(  # noqa: S603 - our own interpreter and script
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
