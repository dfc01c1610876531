"""Which ways of OpenStreetMap are walked, and which cannot be crossed."""

from __future__ import annotations

import pytest

from geo_match.walking import Kind, Obstacle, WalkingProfile

PROFILE = WalkingProfile()


def tags(text):
    return dict(pair.split("=") for pair in text.split())


@pytest.mark.parametrize(
    "text",
    [
        "highway=residential",
        "highway=footway",
        "highway=steps",
        "highway=cycleway",
        "highway=pedestrian area=yes",
        "highway=primary oneway=yes oneway:foot=yes",
        "railway=platform",
        "public_transport=platform",
        "man_made=pier",
        "highway=trunk foot=yes",
        "highway=trunk sidewalk=left",
        "highway=trunk sidewalk:both=yes",
        "highway=motorway foot=designated",
        "highway=service access=private foot=yes",
        "highway=service access=no foot=permissive",
        "highway=service access=destination",
        "highway=service access=unknown",
        "highway=path foot=unknown",
        "highway=primary motorroad=yes foot=yes",
        "highway=residential sidewalk=separate",
        "highway=residential tunnel=building_passage",
        "highway=residential tunnel=no bridge=no layer=0",
        "highway=residential layer=ground",
    ],
)
def test_a_way_on_foot_is_a_street(text):
    assert PROFILE.kind(tags(text)) == Kind(0)


@pytest.mark.parametrize(
    "text",
    [
        "highway=motorway",
        "highway=motorway_link",
        "highway=trunk",
        "highway=trunk sidewalk=no",
        "highway=trunk sidewalk=both foot=no",
        "highway=construction",
        "highway=proposed",
        "highway=raceway",
        "highway=residential foot=no",
        "highway=residential foot=use_sidepath",
        "highway=footway access=no",
        "highway=service access=private",
        "highway=service access=customers",
        "highway=primary motorroad=yes",
        "highway=primary motorroad=yes access=yes",
        "railway=rail",
        "building=yes",
        "route=ferry",
        "highway=proposed foot=yes",
        "highway=trunk foot=unknown",
        "public_transport=platform foot=no",
        "public_transport=platform highway=proposed",
    ],
)
def test_a_way_that_is_not_walked_is_none(text):
    assert PROFILE.kind(tags(text)) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("highway=footway bridge=yes layer=1", Kind.BRIDGE),
        ("highway=footway bridge=viaduct", Kind.BRIDGE),
        ("highway=footway layer=2", Kind.BRIDGE),
        ("highway=footway tunnel=yes", Kind.TUNNEL),
        ("highway=footway layer=-1", Kind.TUNNEL),
        ("highway=footway tunnel=yes bridge=yes", Kind.TUNNEL),
        ("highway=footway bridge=yes layer=-1", Kind.TUNNEL),
    ],
)
def test_a_level_makes_a_bridge_or_a_tunnel(text, kind):
    assert PROFILE.kind(tags(text)) == kind


def test_ferries_are_walked_only_if_asked():
    asked = WalkingProfile(ferries=True)
    assert asked.kind(tags("route=ferry")) == Kind.FERRY
    assert asked.kind(tags("route=ferry foot=no")) is None
    assert asked.kind(tags("route=ferry access=private")) is None
    assert asked.kind(tags("route=bus")) is None


def test_a_profile_of_ones_own_is_heeded():
    mine = WalkingProfile(highways=frozenset({"path"}), refused=frozenset({"no"}))
    assert mine.kind(tags("highway=residential")) is None
    assert mine.kind(tags("highway=path access=private")) == Kind(0)


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("barrier=gate access=no", True),
        ("barrier=gate foot=no access=yes", True),
        ("barrier=gate access=private", True),
        ("barrier=gate locked=yes", True),
        ("barrier=gate locked=yes foot=yes", False),
        ("barrier=gate access=no foot=yes", False),
        ("barrier=gate", False),
        ("barrier=bollard", False),
        ("access=no", False),
    ],
)
def test_a_gate_blocks_if_walkers_are_kept_out(text, blocks):
    assert PROFILE.blocks(tags(text)) is blocks


@pytest.mark.parametrize(
    ("text", "obstacle"),
    [
        ("natural=water", Obstacle.WATER),
        ("natural=coastline", Obstacle.WATER),
        ("waterway=riverbank", Obstacle.WATER),
        ("waterway=river", Obstacle.WATER),
        ("waterway=canal tunnel=no", Obstacle.WATER),
        ("landuse=reservoir", Obstacle.WATER),
        ("waterway=river layer=-1", Obstacle.WATER),
        ("railway=rail", Obstacle.WAY),
        ("railway=light_rail layer=0", Obstacle.WAY),
        ("railway=subway", Obstacle.WAY),
        ("highway=motorway", Obstacle.WAY),
        ("highway=motorway_link foot=no", Obstacle.WAY),
        ("highway=trunk foot=no", Obstacle.WAY),
        ("waterway=stream", None),
        ("waterway=ditch", None),
        ("waterway=river tunnel=culvert", None),
        ("waterway=canal bridge=aqueduct", None),
        ("railway=tram", None),
        ("railway=abandoned", None),
        ("railway=rail bridge=yes", None),
        ("railway=subway tunnel=yes", None),
        ("railway=subway layer=-2", None),
        ("highway=motorway bridge=yes", None),
        ("highway=trunk", None),
        ("highway=residential foot=no", None),
    ],
)
def test_water_rails_and_motorways_at_grade_are_not_crossed(text, obstacle):
    assert PROFILE.obstacle(tags(text)) == obstacle
