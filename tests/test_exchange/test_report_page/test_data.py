"""What cannot go together on a page is refused, and named."""

from __future__ import annotations

import numpy as np
import pytest
from test_exchange.test_report_page.pages import community_frame, page, totals_of

from geo_match.errors import ArgumentError


@pytest.mark.parametrize("release", ["internal", "published"])
def test_a_frame_of_the_other_release_is_refused(release):
    other = {"internal": "published", "published": "internal"}[release]
    own, foreign = community_frame(release=release), community_frame(release=other)
    with pytest.raises(ArgumentError, match=r"levels.'street'"):
        page(frame=own, release=release, levels={"community": own, "street": foreign})
    with pytest.raises(ArgumentError, match="`gap_areas` must be of release"):
        page(frame=own, release=release, gap_areas=foreign)
    with pytest.raises(ArgumentError, match=r"`plans.'plan'.` must be of release"):
        page(frame=own, release=release, plans={"plan": foreign})


def test_a_frame_that_does_not_say_what_it_is_is_refused():
    frame = community_frame()
    with pytest.raises(ArgumentError, match="have a column `release`, got none"):
        page(levels={"community": frame.drop(columns="release")})
    frame.loc[2, "release"] = None
    with pytest.raises(ArgumentError, match="be of release"):
        page(levels={"community": frame})


def test_totals_of_the_other_release_are_refused():
    with pytest.raises(ArgumentError, match="`totals` must say release"):
        page(totals=totals_of(community_frame(), "published"))
    totals = totals_of(community_frame())
    del totals["release"]
    with pytest.raises(ArgumentError, match="`totals` must say release"):
        page(totals=totals)


def test_several_dates_are_refused_and_one_is_not():
    frame = community_frame()
    page(levels={"community": frame.assign(date="2025")})
    frame["date"] = ["2024", *["2025"] * (len(frame) - 1)]
    with pytest.raises(ArgumentError, match="tell of one date, got 2024, 2025"):
        page(levels={"community": frame})


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"language": "fr"}, "`language` must be one of zh, en, got 'fr'"),
        ({"release": "secret"}, "`release` must be one of internal, published"),
        ({"worst": -1}, "`worst` must be a whole number"),
        ({"low_located_share": 1.5}, "`low_located_share` must be a share"),
        ({"supply_lon": np.array([1.0])}, "`supply_lon` must be given with `supply_lat`"),
    ],
)
def test_an_option_that_breaks_its_rule_is_named(given, message):
    with pytest.raises(ArgumentError, match=message):
        page(**({"totals": {}, "levels": {}} | given))
