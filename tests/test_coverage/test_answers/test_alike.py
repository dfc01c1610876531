"""What was asked otherwise is named by what differs, and may be the change that is looked at."""

from __future__ import annotations

import pytest
from test_coverage.plain_on_foot import person
from test_coverage.river import town
from test_walking.river_town import between, obstacles, streets

import geo_match as gm
from geo_match.coverage import CoverageOptions, Exponential
from geo_match.coverage.answers.difference import difference
from geo_match.errors import ArgumentError
from geo_match.walking import Network

HOMES = [person("south", (-200, -150), weight=4), person("north", (-200, 230), weight=1)]
JOBS = [person("mill", (-200, 280), vacancies=2)]
BRIDGE, OTHER = (between((x, -90), (x, 190)) for x in (-300, -350))


def report(network=None, **options):
    basis = {} if network is None else {"basis": "walking", "network": network}
    return gm.Coverage(JOBS, [], CoverageOptions(**basis, **options)).of(HOMES)


def test_networks_are_told_apart_by_what_differs():
    one = report(town("Old Bridge"))
    for other, told in (
        (town("Old Bridge").opened(**BRIDGE), r"\(opened nowhere\), got opened 'edge \d+ after"),
        (town(), r"`before` \(ways \d+, vertices \d+, edges .*\), got ways \d+, vertices"),
        (
            Network.from_lines(streets("Old Bridge"), obstacles(), ferries=True, max_snap_m=200.0),
            r"`before` \(max_snap_m 300.0\), got max_snap_m 200.0. If that is the change",
        ),
    ):
        with pytest.raises(ArgumentError, match=told.replace("nowhere", "'nowhere'")):
            difference(one, report(other))
    # A network that is read again is the same.
    again = Network.from_lines(streets("Old Bridge"), obstacles(), ferries=True)
    assert (difference(one, report(again))["reached_change"] == 0).all()
    opened = town("Old Bridge").opened(**BRIDGE)
    with pytest.raises(ArgumentError, match=r"opened 'edge .*, got opened 'edge"):
        difference(report(opened), report(town("Old Bridge").opened(**OTHER)))


def test_options_within_options_are_told_apart_by_what_differs():
    one, other = (report(competition=Exponential(rate)) for rate in (1.0, 2.0))
    told = r"the same `competition` as `before` \(per_km 1.0\), got per_km 2.0"
    with pytest.raises(ArgumentError, match=told):
        difference(one, other)


def test_another_radius_and_other_streets_may_be_the_change_that_is_looked_at():
    near, far = report(radius_m=400.0), report(radius_m=500.0)
    with pytest.raises(
        ArgumentError, match=r"got 500.0. If that is .* `may_differ=\['radius_m'\]`"
    ):
        difference(near, far)
    rows = difference(near, far, may_differ=["radius_m"])
    assert rows["reached_change"].tolist() == [4]
    change = gm.WhatIf(near).change(radius_m=500.0)
    told = difference(near, change.report(), may_differ={"radius_m"})
    assert told["reached_change"].tolist() == [4]
    before = report(town("Old Bridge"), radius_m=1000.0)
    bridge = gm.WhatIf(before).open_street(**BRIDGE).report()
    assert difference(before, bridge, may_differ=["network"])["reached_change"].tolist() == [4]
    both = gm.WhatIf(before).open_street(**BRIDGE).what_if().change(radius_m=900.0).report()
    rows = difference(before, both, may_differ=("network", "radius_m"))
    assert rows["reached_change"].tolist() == [4]


def test_all_else_is_asked_alike_all_the_same():
    near = report(radius_m=400.0)
    for options, told in (
        ({"at_least": 2}, "the same `at_least`"),
        ({"coarse_m": 300.0}, r"the same `coarse_m` as `before` \(200.0\), got 300.0"),
    ):
        with pytest.raises(ArgumentError, match=told):
            difference(near, report(radius_m=500.0, **options), may_differ=["radius_m"])
    for wrong in ("radius_m", ["at_least"], 7):
        with pytest.raises(ArgumentError, match="`may_differ` must be a collection of radius_m an"):
            difference(near, near, may_differ=wrong)
    with pytest.raises(ArgumentError, match=r"the same `basis` .* tells what there is straight be"):
        difference(near, report(town(), radius_m=400.0), may_differ=["network"])


def test_the_circle_of_eligibility_is_that_of_the_options():
    asked = gm.MatchOptions(conditions=["vacancies"])
    near, far = (report(radius_m=metres, eligible=asked) for metres in (400.0, 500.0))
    assert difference(near, far, may_differ=["radius_m"])["reached_change"].tolist() == [4]


def test_what_eligibility_in_circles_does_not_ask_may_differ():
    asked = {"conditions": ["vacancies"]}
    one = report(radius_m=500.0, eligible=gm.MatchOptions(**asked, limit=3, former_too=False))
    other = report(radius_m=500.0, eligible=gm.MatchOptions(**asked, limit=None, former_too=True))
    assert (difference(one, other)["reached_change"] == 0).all()


def test_half_of_the_radius_is_asked_alike_in_words_or_not():
    half, said = report(radius_m=500.0), report(radius_m=500.0, coarse_m=250.0)
    for one, other in ((half, said), (said, half)):
        for may_differ in ((), ["radius_m"]):
            assert (difference(one, other, may_differ=may_differ)["reached_change"] == 0).all()
