"""Maps show what the frames say: how many areas, in which colours, with which words beside them."""

from __future__ import annotations

import importlib.util
import io
import subprocess
import sys
import warnings

import geopandas as gpd
import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from pyproj import Geod
from shapely import LineString, MultiPolygon, Point, Polygon, box

mpl.use("Agg")

import matplotlib.pyplot as plt
from matplotlib.colors import to_rgba
from matplotlib.font_manager import fontManager

import geo_match as gm
from geo_match.errors import ArgumentError, CoordinateError, DatumError, RadiusError
from geo_match.exchange.report_page.map_svg import SHADES
from geo_match.matching.given.faults import FrameError
from geo_match.plotting import NoMatplotlibError
from geo_match.plotting import _fonts as fonts

WGS84 = Geod(ellps="WGS84")
WEST, SOUTH, STEP = 117.3, 32.9, 0.01


@pytest.fixture(autouse=True)
def _figures_are_closed():
    yield
    plt.close("all")


def square(column, row=0):
    west, south = WEST + column * STEP, SOUTH + row * STEP
    return box(west, south, west + STEP, south + STEP)


def told(**columns):
    """Return a frame as a report has it, a square a row, from west to east."""
    n = len(next(iter(columns.values())))
    usual = {"kind": "community", "code": [f"c{at}" for at in range(n)], "name": "社区"}
    areas = columns.pop("geometry", [square(at) for at in range(n)])
    return gpd.GeoDataFrame(usual | columns, geometry=areas, crs=4326)


def drawn(axes, gid):
    """Return what was drawn under a name, once."""
    (found,) = axes.findobj(lambda one: one.get_gid() == gid)
    return found


def gids(axes):
    return [one.get_gid() for one in axes.collections]


def legend_of(axes):
    return [text.get_text() for text in axes.get_legend().get_texts()]


def notes_of(axes):
    return axes.get_legend().get_title().get_text()


def pixels(axes):
    """Return what is seen; whatever drawing warns of is an error."""
    written = io.BytesIO()
    axes.figure.savefig(written, format="png")
    assert written.getbuffer().nbytes > 0
    return np.asarray(axes.figure.canvas.buffer_rgba())


@pytest.fixture
def town():
    """Three below, four reached, two in no community, five nowhere; the third area is empty."""
    areas = [
        {"code": "340302001001", "name": "东风社区", "area": square(0).wkt},
        {"code": "340302001002", "name": "蓝湾社区", "area": square(20).wkt},
        {"code": "340302001003", "name": "无人社区", "area": square(40).wkt},
        {"code": "340302001004", "name": "无界社区"},
    ]
    homes = [
        {"id": "H1", "lon": WEST + STEP / 2, "lat": SOUTH + STEP / 2, "weight": 3},
        {"id": "H2", "lon": WEST + 20.5 * STEP, "lat": SOUTH + STEP / 2, "weight": 4},
        {"id": "H3", "lon": WEST + 60 * STEP, "lat": SOUTH + STEP / 2, "weight": 2},
        {"id": "H4", "community": "340302001004", "weight": 5},
    ]
    jobs = [{"id": "J1", "lon": WEST + 20.5 * STEP, "lat": SOUTH, "vacancies": 2}]
    return gm.Coverage(jobs, areas).of(homes)


def test_each_row_with_an_area_is_one_patch():
    axes = gm.plot_coverage(told(below=[1, 2, 3]))
    assert gids(axes) == ["values"]
    assert len(drawn(axes, "values").get_paths()) == 3


@pytest.mark.parametrize("turn", [1, -1])
def test_an_area_in_parts_with_a_hole_is_one_patch_and_its_hole_stays_free(turn):
    hole = [(1, 1), (3, 1), (3, 3), (1, 3)][::turn]
    area = MultiPolygon([Polygon(box(0, 0, 4, 4).exterior.coords, [hole]), box(6, 0, 7, 4)])
    axes = gm.plot_coverage(told(below=[1], geometry=[area]), names=0)
    assert len(drawn(axes, "values").get_paths()) == 1
    seen = pixels(axes)

    def colour(*place):
        x, y = axes.transData.transform(place).round().astype(int)
        return seen[seen.shape[0] - y, x].tolist()

    white, shaded = [255] * 4, [round(255 * part) for part in to_rgba(SHADES[-1])]
    places = [(0.5, 0.5), (2, 2), (5, 2), (6.5, 0.5)]
    assert [colour(*place) for place in places] == [shaded, white, white, shaded]


def test_rows_are_shaded_by_their_figures_from_zero_to_the_greatest():
    axes = gm.plot_coverage(told(below=[0, 5, 10]))
    patches = drawn(axes, "values")
    assert patches.get_array().tolist() == [0, 5, 10]
    assert patches.get_clim() == (0, 10)
    pixels(axes)  # colours are settled when it is drawn
    colours = patches.get_facecolor()
    assert colours[0] == pytest.approx(to_rgba(SHADES[0]), abs=0.01)
    assert colours[2] == pytest.approx(to_rgba(SHADES[-1]), abs=0.01)
    lightness = colours[:, :3].sum(axis=1)
    assert (np.diff(lightness) < 0).all()


def test_shares_are_shaded_from_0_to_1_whatever_they_are_and_told_in_percent():
    axes = gm.plot_coverage(told(reached_share=[0.25, 0.5]), column="reached_share")
    assert drawn(axes, "values").get_clim() == (0, 1)
    pixels(axes)
    bar = axes.figure.axes[1]
    assert "40%" in [label.get_text() for label in bar.get_yticklabels()]
    assert legend_of(axes) == ["社区: 50.0%", "社区: 25.0%"]


def test_changes_are_shaded_around_zero_and_told_with_their_sign():
    axes = gm.plot_coverage(told(below_change=[-8, 0, 3]))
    patches = drawn(axes, "values")
    assert patches.get_clim() == (-8, 8)
    assert legend_of(axes) == ["社区: -8", "社区: +3"]


def test_the_scale_says_what_is_shaded():
    axes = gm.plot_coverage(told(below=[1]))
    assert axes.figure.axes[1].get_ylabel() == "Below the standard"


def test_a_missing_figure_is_hatched_and_an_empty_community_white_and_both_are_told():
    frame = told(people=[4, 4, 0], reached_share=[0.5, np.nan, np.nan])
    axes = gm.plot_coverage(frame, column="reached_share")
    assert gids(axes) == ["nobody", "missing", "values"]
    assert drawn(axes, "missing").get_hatch() == "////"
    assert drawn(axes, "nobody").get_hatch() is None
    assert drawn(axes, "nobody").get_facecolor()[0] == pytest.approx(to_rgba("white"))
    assert [len(one.get_paths()) for one in axes.collections] == [1, 1, 1]
    assert legend_of(axes) == ["nobody counted here", "not known", "社区: 50.0%"]


def test_without_any_known_figure_there_is_no_scale():
    axes = gm.plot_coverage(told(people=[4], reached_share=[np.nan]), column="reached_share")
    assert gids(axes) == ["missing"]
    assert axes.figure.axes == [axes]


def test_nullable_figures_are_missing_where_they_are_null():
    axes = gm.plot_coverage(told(seekers=pd.array([3, None], dtype="Int64")), column="seekers")
    assert drawn(axes, "values").get_array().tolist() == [3]
    assert len(drawn(axes, "missing").get_paths()) == 1


def test_the_map_ends_where_people_end():
    axes = gm.plot_coverage(told(people=[1, 1, 0], below=[1, 1, 0]))
    west, east = axes.get_xlim()
    assert west == pytest.approx(WEST - 0.03 * 2 * STEP)
    assert east == pytest.approx(WEST + 1.03 * 2 * STEP)


def test_where_nobody_lives_anywhere_all_is_seen():
    axes = gm.plot_coverage(told(people=[0, 0], below=[0, 0]))
    assert axes.get_xlim()[1] > WEST + 2 * STEP
    assert gids(axes) == ["nobody"]


def test_a_metre_is_as_long_to_the_north_as_to_the_east():
    axes = gm.plot_coverage(told(below=[1, 2]))
    lat = sum(axes.get_ylim()) / 2
    *_, east_m = WGS84.inv(WEST, lat, WEST + 0.01, lat)
    *_, north_m = WGS84.inv(WEST, lat - 0.005, WEST, lat + 0.005)
    assert axes.get_aspect() == pytest.approx(north_m / east_m, rel=1e-6)


@pytest.mark.parametrize("width", [0.002, 0.05, 3.0])
def test_the_scale_bar_is_as_long_as_it_says(width):
    area = box(WEST, SOUTH, WEST + width, SOUTH + width)
    axes = gm.plot_coverage(told(below=[1], geometry=[area]))
    (start, end), _ = drawn(axes, "scale").get_data()
    lat = sum(axes.get_ylim()) / 2
    *_, metres = WGS84.inv(start, lat, end, lat)
    (said,) = [text.get_text() for text in axes.texts if text.get_text().endswith("m")]
    number, unit = said.split()
    assert metres == pytest.approx(float(number) * {"m": 1, "km": 1000}[unit], rel=1e-3)
    assert 0.05 * width < end - start <= 0.25 * 1.06 * width


def test_the_greatest_are_numbered_and_named_in_their_order():
    frame = told(below=[2, 9, 0, 5], name=["甲", "乙", "丙", "丁"])
    axes = gm.plot_coverage(frame, names=2)
    assert legend_of(axes) == ["乙: 9", "丁: 5"]
    placed = {text.get_text(): text.get_position() for text in axes.texts}
    assert square(1).contains(Point(placed["1"]))
    assert square(3).contains(Point(placed["2"]))
    assert "3" not in placed


def test_a_figure_of_zero_gets_no_name_and_none_may_be_asked_for():
    assert legend_of(gm.plot_coverage(told(below=[0, 1]), names=5)) == ["社区: 1"]
    assert gm.plot_coverage(told(below=[0, 1]), names=0).get_legend() is None


@pytest.mark.parametrize("name", ["_hidden", "cost $5$ or $x^2$", "<b>&amp;</b>", "{0} \\alpha"])
def test_a_name_is_drawn_as_it_is_whatever_is_in_it(name):
    axes = gm.plot_coverage(told(below=[1], name=[name]))
    assert legend_of(axes) == [f"{name}: 1"]
    assert not any(text.get_parse_math() for text in axes.get_legend().get_texts())
    pixels(axes)


def test_a_row_without_a_name_is_called_by_its_code():
    assert legend_of(gm.plot_coverage(told(below=[1], name=[None]))) == ["c0: 1"]


def test_chinese_names_are_drawn_in_a_font_that_has_them():
    if fonts.Fonts.here().families == tuple(mpl.rcParams["font.family"]):
        pytest.skip("no font with Chinese. Remedy: apt-get install fonts-noto-cjk")
    axes = gm.plot_coverage(told(below=[1], name=["东风社区居委会"]))
    assert legend_of(axes) == ["东风社区居委会: 1"]
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        pixels(axes)
    assert [str(one.message) for one in warned] == []


def test_without_a_chinese_font_codes_stand_for_names_and_nothing_warns(monkeypatch):
    monkeypatch.setattr(fonts, "CHINESE", ())
    frame = told(below=[2, 1], name=["东风社区居委会", "Riverside"], release=["internal"] * 2)
    axes = gm.plot_coverage(frame)
    assert legend_of(axes) == ["c0: 2", "Riverside: 1"]
    assert notes_of(axes) == "internal, not for publication"
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        pixels(axes)
    assert [str(one.message) for one in warned] == []


def test_a_font_with_chinese_is_found_behind_the_usual_ones_wherever_it_is_listed(monkeypatch):
    there = {font.name for font in fontManager.ttflist}
    monkeypatch.setattr(fonts, "CHINESE", ("No Such Font", "DejaVu Serif"))
    assert "DejaVu Serif" in there  # matplotlib brings it
    assert fonts.Fonts.here().families == (*mpl.rcParams["font.family"], "DejaVu Serif")


def test_a_report_is_drawn_by_community_and_says_what_was_asked(town):
    axes = gm.plot_coverage(town)
    assert axes.get_title() == "At least 1 vacancy within 3,000 m, straight"
    assert drawn(axes, "values").get_array().tolist() == [3, 0]
    assert len(drawn(axes, "nobody").get_paths()) == 1


def test_who_cannot_be_drawn_is_counted_beside_the_map(town):
    notes = notes_of(gm.plot_coverage(town)).splitlines()
    assert notes[0].startswith("internal, not for publication")
    assert notes[1] == "not on the map: 2 without an area, with 7 people"


def test_a_report_is_drawn_by_the_level_that_is_asked(town):
    axes = gm.plot_coverage(town, by="district", column="people")
    assert len(drawn(axes, "values").get_paths()) == 1
    assert drawn(axes, "values").get_array().tolist() == [12]


def test_a_change_is_drawn_by_what_changes(town):
    station = {"id": "J2", "lon": WEST, "lat": SOUTH}
    axes = gm.plot_coverage(gm.WhatIf(town).change(add=[station]))
    assert drawn(axes, "values").get_array().tolist() == [-3]


def test_gap_areas_are_drawn_by_their_people(town):
    axes = gm.plot_coverage(gm.gap_areas(town))
    assert sorted(drawn(axes, "values").get_array().tolist()) == [2, 3]


def test_a_frame_in_metres_is_drawn_where_one_in_degrees_is():
    frame = told(below=[1, 2])
    one, other = (
        drawn(gm.plot_coverage(each), "values").get_paths() for each in (frame, frame.to_crs(4548))
    )
    for degrees, turned in zip(one, other, strict=True):
        assert turned.vertices == pytest.approx(degrees.vertices, abs=1e-9)


def test_the_axes_given_are_drawn_on_and_returned():
    _, (left, right) = plt.subplots(1, 2)
    assert gm.plot_coverage(told(below=[1]), axes=right) is right
    assert gids(left) == []
    assert gids(right) == ["values"]


def test_a_title_that_is_there_stays(town):
    _, axes = plt.subplots()
    axes.set_title("mine")
    assert gm.plot_coverage(town, axes=axes).get_title() == "mine"


@pytest.mark.parametrize(
    ("given", "options", "message"),
    [
        (told(below=[1]), {"column": "name"}, r"`column` must name a column of numbers: below"),
        (told(below=[1]), {"column": "nothing"}, r"`column` must .* got 'nothing'"),
        (told(has_area=[True]), {}, r"numbers: there is none, got None"),
        (told(below=[1]), {"by": "street"}, r"`by` must be given with a report.* got 'street'"),
        (told(below=[1]), {"names": -1}, r"`names` must be .* at least 0, got -1"),
        (told(below=[1]), {"axes": "mine"}, r"`axes` must be matplotlib's Axes, or None, got str"),
        (told(below=[1], geometry=[None]), {}, r"`told` must have areas to draw, got 1 rows"),
        (told(below=[1], geometry=[Point(1, 2)]), {}, r"`told` must have polygons"),
        (told(below=[1], geometry=[LineString([(1, 2), (3, 4)])]), {}, r"must have polygons"),
        (gpd.GeoDataFrame({"below": [1]}), {}, r"areas to draw, got a frame without geometry"),
        (pd.DataFrame({"below": [1]}), {}, r"`told` must be a CoverageReport.* got DataFrame"),
        (pd.DataFrame({"by": [1]}), {}, r"`told` must be a CoverageReport.* got DataFrame"),
        (None, {}, r"`told` must be a CoverageReport.* got NoneType"),
    ],
)
def test_what_cannot_be_drawn_is_refused_by_name(given, options, message):
    with pytest.raises(ArgumentError, match=message):
        gm.plot_coverage(given, **options)


@pytest.mark.parametrize("crs", [None, 4610])
def test_a_frame_whose_datum_is_not_known_is_refused(crs):
    with pytest.raises(DatumError, match="CRS of told"):
        gm.plot_coverage(told(below=[1]).set_crs(crs, allow_override=True))


@pytest.mark.parametrize("radius_m", [1.0, 3_000.0, 200_000.0])
@pytest.mark.parametrize(("lon", "lat"), [(117.37, 32.93), (0.0, 0.0), (-70.0, -60.0)])
def test_the_circle_is_as_far_away_as_it_says_in_every_direction(lon, lat, radius_m):
    axes = gm.plot_circle(lon=lon, lat=lat, radius_m=radius_m)
    rim = drawn(axes, "circle").get_xy()
    assert len(rim) == 361
    assert rim[0].tolist() == rim[-1].tolist()
    n = len(rim)
    *_, away_m = WGS84.inv(np.full(n, lon), np.full(n, lat), rim[:, 0], rim[:, 1])
    assert np.abs(away_m - radius_m).max() < 1e-6 * max(radius_m, 1)
    bearing, *_ = WGS84.inv(np.full(n, lon), np.full(n, lat), rim[:, 0], rim[:, 1])
    assert np.diff(np.unwrap(bearing, period=360)) == pytest.approx(np.ones(n - 1), abs=1e-3)


def test_the_whole_circle_is_seen():
    axes = gm.plot_circle(lon=117.37, lat=32.93)
    rim = drawn(axes, "circle").get_xy()
    for (low, high), values in zip((axes.get_xlim(), axes.get_ylim()), rim.T, strict=True):
        assert low < values.min()
        assert values.max() < high


def test_places_are_told_apart_by_their_geodesic_distance():
    random = np.random.default_rng(7)
    lon, lat = random.uniform(117.3, 117.5, 500), random.uniform(32.85, 33.0, 500)
    places = gpd.GeoDataFrame({"id": range(500)}, geometry=gpd.points_from_xy(lon, lat), crs=4326)
    axes = gm.plot_circle(places, lon=117.4, lat=32.92)
    *_, away_m = WGS84.inv(np.full(500, 117.4), np.full(500, 32.92), lon, lat)
    inside = away_m <= 3_000
    assert 0 < inside.sum() < 500
    for gid, which in (("inside", inside), ("beyond", ~inside)):
        x, y = drawn(axes, gid).get_data()
        assert x.tolist() == lon[which].tolist()
        assert y.tolist() == lat[which].tolist()
    assert axes.get_title() == f"{inside.sum()} of 500 places within 3,000 m"
    assert legend_of(axes) == [
        *("3,000 m around the star", f"{inside.sum()} inside", f"{500 - inside.sum()} beyond"),
    ]


def test_a_place_on_the_rim_is_inside_as_the_index_says():
    lon, lat = 117.3898, 32.9167
    place = {"id": "J", "lon": 117.42, "lat": 32.92}
    *_, away_m = WGS84.inv(lon, lat, place["lon"], place["lat"])
    for radius_m, inside in ((away_m, 1), (np.nextafter(away_m, 0), 0)):
        axes = gm.plot_circle([place], lon=lon, lat=lat, radius_m=radius_m)
        assert len(drawn(axes, "inside").get_xdata()) == inside
        index = gm.PointIndex(lon=[place["lon"]], lat=[place["lat"]])
        assert index.count_within(lon=lon, lat=lat, radius_m=radius_m).tolist() == [inside]


def test_a_place_that_is_nowhere_is_counted():
    places = [{"id": "J1", "lon": 117.37, "lat": 32.93}, {"id": "J2", "lon": None, "lat": None}]
    axes = gm.plot_circle(places, lon=117.37, lat=32.93)
    assert axes.get_title() == "1 of 1 places within 3,000 m"
    assert legend_of(axes)[-1] == "1 without a place"


def test_no_places_are_an_answer():
    assert gm.plot_circle([], lon=1, lat=2).get_title() == "0 of 0 places within 3,000 m"
    assert legend_of(gm.plot_circle(lon=1, lat=2)) == ["3,000 m around the star"]


def test_a_circle_of_radius_zero_holds_what_is_there():
    axes = gm.plot_circle([{"id": "J", "lon": 1, "lat": 2}], lon=1, lat=2, radius_m=0)
    assert axes.get_title() == "1 of 1 places within 0 m"
    pixels(axes)


def test_a_circle_across_180_degrees_is_one_and_so_are_its_places():
    places = [{"id": "J1", "lon": 179.99, "lat": 10}, {"id": "J2", "lon": -179.99, "lat": 10}]
    axes = gm.plot_circle(places, lon=-180, lat=10)
    assert np.ptp(drawn(axes, "circle").get_xy()[:, 0]) < 0.1
    assert drawn(axes, "inside").get_xdata().tolist() == pytest.approx([-180.01, -179.99])


def test_a_circle_is_drawn_on_a_map_which_goes_on_showing_the_same(town):
    axes = gm.plot_coverage(town)
    before = axes.get_xlim(), axes.get_ylim(), axes.get_aspect(), axes.get_title()
    earlier = axes.get_legend()
    far = [{"id": "J", "lon": 10, "lat": 10}]
    assert gm.plot_circle(far, lon=WEST, lat=SOUTH, axes=axes) is axes
    assert (axes.get_xlim(), axes.get_ylim(), axes.get_aspect(), axes.get_title()) == before
    assert earlier in axes.get_children()
    assert legend_of(axes)[0] == "3,000 m around the star"
    drawn(axes, "scale")
    pixels(axes)
    bounds = earlier.get_window_extent()
    assert bounds.y1 <= axes.get_window_extent().y0  # below the map, and seen
    assert axes.figure.bbox.y0 <= bounds.y0
    assert not earlier.get_clip_on()


def test_each_of_several_circles_has_a_legend_of_its_own_in_a_corner():
    axes = gm.plot_circle(lon=WEST, lat=SOUTH)
    first = axes.get_legend()
    gm.plot_circle(lon=WEST + STEP, lat=SOUTH, radius_m=1000, axes=axes)
    pixels(axes)
    second = axes.get_legend()
    assert [text.get_text() for text in first.get_texts()] == ["3,000 m around the star"]
    assert [text.get_text() for text in second.get_texts()] == ["1,000 m around the star"]
    assert not first.get_window_extent().overlaps(second.get_window_extent())


def test_what_is_refused_leaves_no_figure_behind():
    with pytest.raises(ArgumentError):
        gm.plot_circle(3, lon=WEST, lat=SOUTH)
    with pytest.raises(ArgumentError):
        gm.plot_coverage(told(below=[1]), names=-1)
    assert plt.get_fignums() == []


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"lon": 181.0}, CoordinateError, "`lon` must be finite and between"),
        ({"lat": np.nan}, CoordinateError, "`lat` must be finite and between"),
        ({"lon": [1.0, 2.0]}, ArgumentError, r"`lon` must be one number, got shape \(2,\)"),
        ({"radius_m": [1.0]}, ArgumentError, r"`radius_m` must be one number, got shape \(1,\)"),
        ({"radius_m": -1.0}, RadiusError, "`radius_m` must"),
        ({"radius_m": 200_001.0}, RadiusError, "`radius_m` must"),
        ({"lat": 89.99}, RadiusError, r"less than the way to the pole \(1,117 m\)"),
        ({"lat": -90.0}, RadiusError, "less than the way to the pole"),
        ({"axes": 3}, ArgumentError, "`axes` must be matplotlib's Axes"),
        ({"places": [{"id": "J"}]}, FrameError, "`places`, column `lon, lat` must be there"),
        ({"places": 3}, ArgumentError, "`places` must be a GeoDataFrame"),
        (
            {"places": gpd.GeoDataFrame({"id": ["J"]}, geometry=[Point(1, 2)])},
            DatumError,
            "CRS of places",
        ),
    ],
)
def test_a_circle_that_cannot_be_drawn_is_refused_by_name(options, error, message):
    with pytest.raises(error, match=message):
        gm.plot_circle(**{"lon": 117.37, "lat": 32.93, **options})


def test_drawing_without_matplotlib_says_how_to_get_it(monkeypatch):
    found = importlib.util.find_spec
    monkeypatch.setattr(
        "geo_match.plotting.needed.find_spec",
        lambda name: None if name == "matplotlib" else found(name),
    )
    remedy = r"pip install geo-match\[plot\]"
    with pytest.raises(NoMatplotlibError, match=remedy) as raised:
        gm.plot_circle(lon=117.37, lat=32.93)
    assert isinstance(raised.value, gm.GeoMatchError)
    with pytest.raises(ImportError, match=remedy):
        gm.plot_coverage(told(below=[1]))


def test_asking_for_the_functions_imports_no_matplotlib():
    code = (
        "import sys, geo_match; geo_match.plot_coverage, geo_match.plot_circle;"
        "print('matplotlib' in sys.modules)"
    )
    done = subprocess.run(  # noqa: S603 - this interpreter, and code written here
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
