"""Importing the package is instant, and every public name is there when asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

import geo_match

SLOW = ("numpy", "numba", "pandas", "geopandas", "pyproj", "shapely", "pyarrow", "scipy", "rich")


def run_in_fresh_interpreter(code: str) -> str:
    done = subprocess.run(  # noqa: S603 - this interpreter, and code written here
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_importing_the_package_imports_nothing_slow() -> None:
    loaded = run_in_fresh_interpreter(
        f"import sys, geo_match; print([name for name in {SLOW!r} if name in sys.modules])"
    )
    assert loaded == "[]"


def test_listing_the_names_imports_nothing_slow() -> None:
    loaded = run_in_fresh_interpreter(
        "import sys, geo_match; assert set(geo_match.__all__) <= set(dir(geo_match));"
        f"print([name for name in {SLOW!r} if name in sys.modules])"
    )
    assert loaded == "[]"


@pytest.mark.parametrize("name", geo_match.__all__)
def test_every_public_name_resolves_in_a_fresh_interpreter(name: str) -> None:
    assert run_in_fresh_interpreter(f"from geo_match import {name}; print('{name}')") == name


def test_a_name_is_resolved_once() -> None:
    assert geo_match.to_wgs84 is geo_match.to_wgs84
    assert "to_wgs84" in vars(geo_match)


def test_every_public_name_has_its_home_and_no_other_has() -> None:
    assert sorted(geo_match._HOME) == sorted(geo_match.__all__)  # the table behind `__getattr__`


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'geo_match' has no attribute 'nearby'"):
        geo_match.nearby  # noqa: B018 - asking for it is the test
