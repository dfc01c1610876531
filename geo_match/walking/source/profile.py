"""Which ways of OpenStreetMap are walked, and which cannot be crossed: what their tags mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geo_match.walking.graph.graph import Kind, Obstacle

if TYPE_CHECKING:
    from collections.abc import Mapping

    Tags = Mapping[str, str]

KEYS: Final = (
    *("highway", "railway", "public_transport", "man_made", "route"),
    *("natural", "waterway", "landuse", "barrier"),
)
"""A way or node with none of these keys is neither walked nor in the way."""

_WALKED: Final = frozenset(
    {
        *("primary", "primary_link", "secondary", "secondary_link", "tertiary", "tertiary_link"),
        *("unclassified", "residential", "living_street", "service", "road", "track"),
        *("pedestrian", "footway", "path", "steps", "corridor", "elevator", "platform"),
        *("cycleway", "bridleway"),
    }
)
_IF_SAID: Final = frozenset({"motorway", "motorway_link", "trunk", "trunk_link", "busway"})
_YES: Final = frozenset({"yes", "designated", "permissive", "official", "destination"})
_NO: Final = frozenset(
    {
        *("no", "private", "customers", "delivery", "permit", "restricted", "emergency"),
        *("military", "agricultural", "forestry", "employees", "use_sidepath"),
    }
)
_SIDEWALK: Final = frozenset({"both", "left", "right", "yes"})
_SIDEWALK_KEYS: Final = ("sidewalk", "sidewalk:both", "sidewalk:left", "sidewalk:right")

_RAILS: Final = frozenset(
    {"rail", "light_rail", "subway", "narrow_gauge", "funicular", "preserved"}
)
_FAST: Final = frozenset({"motorway", "motorway_link"})
_FAST_IF_CLOSED: Final = frozenset({"trunk", "trunk_link"})
_RIVERS: Final = frozenset({"river", "canal"})
_NO_GROUND: Final = frozenset({"", "no", "building_passage", "avalanche_protector"})
"""Values of `tunnel` that are none: nothing is above but a house or a roof."""


@dataclass(frozen=True, slots=True)
class WalkingProfile:
    """Which ways are walked.

    As the tags are explained in OpenStreetMap's wiki:

    - `highway` of `highways` is walked, one of `if_said` only where `foot` allows it or it has a
      `sidewalk`. What is planned, being built or given up is not walked. Platforms
      (`railway=platform`, `public_transport=platform`) and piers (`man_made=pier`) are walked.
    - `foot` decides before `access`, and that before `highway`: a value of `allowed` lets walkers
      in, one of `refused` keeps them out, another says nothing. `motorroad=yes` keeps them out.
    - A square or a platform that is an area is walked along its outline, not across.
    - Who walks may go against `oneway`, and `oneway:foot` is not heeded: each way is walked both
      ways. `*:conditional`, opening hours, slope and surface are not heeded.
    - Steps are walked as flat ways are.
    - `route=ferry` is walked only with `ferries`.
    - A node with `barrier` that keeps walkers out, or is `locked=yes`, ends the streets there.
    - `bridge`, and `layer` above 0, make a bridge; `tunnel`, and `layer` below 0, a tunnel: no
      place is led to them. A passage through a house is a street.

    What is not crossed but on a way: outlines of water (`natural=water`, `natural=coastline`,
    `waterway=riverbank` or `dock`, `landuse=reservoir`), also of relations; `waterway=river` and
    `canal`, not streams and ditches; rails (not trams) and motorways, trunk roads where `foot` is
    refused; none of them on a bridge or in a tunnel, nor rails above or below the ground.

    Parameters
    ----------
    highways
        Values of `highway` that are walked.
    if_said
        Values of `highway` that are walked where it is said.
    allowed, refused
        Values of `foot` and `access`.
    ferries
        Whether ferries are walked.
    """

    highways: frozenset[str] = _WALKED
    if_said: frozenset[str] = _IF_SAID
    allowed: frozenset[str] = _YES
    refused: frozenset[str] = _NO
    ferries: bool = False

    def kind(self, tags: Tags) -> Kind | None:
        """Return what a way is to walkers; None if they do not walk it."""
        highway = tags.get("highway", "")
        is_ferry = not highway and tags.get("route") == "ferry"
        if is_ferry:
            is_walked = self.ferries
        elif highway in self.if_said:
            is_walked = any(tags.get(key) in _SIDEWALK for key in _SIDEWALK_KEYS)
        else:
            is_walked = highway in self.highways or (not highway and _is_platform(tags))
        if not is_walked and highway not in self.if_said:
            return None
        said = self._said(tags)
        if said is False or (said is None and not is_walked):
            return None
        return Kind.FERRY if is_ferry else _level(tags)

    def blocks(self, tags: Tags) -> bool:
        """Return whether nobody passes a node on foot."""
        if "barrier" not in tags:
            return False
        said = self._said(tags)
        return said is False or (said is None and tags.get("locked") == "yes")

    def obstacle(self, tags: Tags) -> Obstacle | None:
        """Return what of a way nobody crosses; None if it is not in the way."""
        if tags.get("bridge", "no") != "no" or tags.get("tunnel", "no") != "no":
            return None
        if is_water(tags) or tags.get("natural") == "coastline":
            return Obstacle.WATER
        if tags.get("waterway") in _RIVERS:
            return Obstacle.WATER
        if tags.get("railway") in _RAILS and tags.get("layer", "0") == "0":
            return Obstacle.WAY
        highway = tags.get("highway", "")
        closed = highway in _FAST_IF_CLOSED and self._said(tags) is False
        return Obstacle.WAY if highway in _FAST or closed else None

    def _said(self, tags: Tags) -> bool | None:
        """Return whether walkers may enter, as the tags say; None if they say nothing."""
        for key in ("foot", "access"):
            if (value := tags.get(key)) in self.allowed:
                return True
            if value in self.refused:
                return False
            if key == "foot" and tags.get("motorroad") == "yes":
                return False
        return None


def is_water(tags: Tags) -> bool:
    """Return whether a closed way, or a relation, is an area of water."""
    return (
        tags.get("natural") == "water"
        or tags.get("waterway") in {"riverbank", "dock"}
        or tags.get("landuse") == "reservoir"
    )


def _is_platform(tags: Tags) -> bool:
    return (
        tags.get("railway") == "platform"
        or tags.get("public_transport") == "platform"
        or tags.get("man_made") == "pier"
    )


def _level(tags: Tags) -> Kind:
    layer = _number(tags.get("layer", ""))
    if tags.get("tunnel", "") not in _NO_GROUND or layer < 0.0:
        return Kind.TUNNEL
    return Kind.BRIDGE if tags.get("bridge", "no") != "no" or layer > 0.0 else Kind(0)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


__all__ = ["WalkingProfile"]
