"""Whether two reports or plans were asked the same, so that what differs is a change."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from geo_match.coverage.options import CoverageOptions
from geo_match.errors import ArgumentError
from geo_match.taxonomy import Occupations

if TYPE_CHECKING:
    from geo_match.walking.graph.info import NetworkInfo
    from geo_match.walking.graph.opening import Opening
    from geo_match.walking.network import Network

MAY_DIFFER: Final = ("radius_m", "network")
"""What may be asked otherwise, where a caller says so: a change of it is what is looked at."""
_PARTS: Final = ("by", "options", "communities")
"""What a report and a plan have; a `Change` has no communities, and is a difference itself."""


class _Streets(NamedTuple):
    """By what two networks are alike: one that is read again is, though it is another object."""

    info: NetworkInfo
    max_snap_m: float
    openings: tuple[Opening, ...]

    @classmethod
    def of(cls, network: Network) -> _Streets:
        """Return it of a network."""
        return cls(network.info, network.max_snap_m, network.openings)

    @property
    def told(self) -> dict[str, object]:
        """What tells them apart, by name."""
        info = {one.name: getattr(self.info, one.name) for one in fields(self.info)}
        ends = [f"edge {one.edge} after {one.to_start_mm:,} mm" for one in self.openings]
        return {**info, "max_snap_m": self.max_snap_m, "opened": "; ".join(ends) or "nowhere"}


def check_alike(before: Any, after: Any, may_differ: object = ()) -> None:  # noqa: ANN401 - anything may be given
    """Refuse what is not of one kind, or was asked otherwise.

    Parameters
    ----------
    before, after
        Two `CoverageReport`s or two `ServicePlan`s.
    may_differ
        Names of `MAY_DIFFER`.

    Raises
    ------
    ArgumentError
        If they are not, an option but the day differs, which is named, or `may_differ` is none.
    """
    for name, one in (("before", before), ("after", after)):
        if not all(hasattr(one, part) for part in _PARTS):
            rule = "be a CoverageReport or a ServicePlan"
            raise ArgumentError(name, rule, type(one).__name__)
    if type(before) is not type(after):
        rule = f"be a {type(before).__name__}, as `before` is"
        raise ArgumentError("after", rule, type(after).__name__, "Compare what is alike.")
    allowed = _allowed(may_differ)
    if "radius_m" in allowed and _is_half(before.options) and _is_half(after.options):
        allowed.add("coarse_m")  # half of a radius that may differ is asked alike, whatever it is
    old, new = (_asked(one.options, allowed) for one in (before, after))
    for name, value in old.items():
        if new[name] != value:
            was, now = _shown(value, new[name])
            rule = f"be asked with the same `{name}` as `before` ({was})"
            raise ArgumentError("after", rule, now, _remedy(name))


def _allowed(may_differ: object) -> set[str]:
    rule = f"be a collection of {' and '.join(MAY_DIFFER)}, or of one of them"
    if isinstance(may_differ, str) or not isinstance(may_differ, Collection):
        raise ArgumentError("may_differ", rule, repr(may_differ))
    for one in may_differ:
        if one not in MAY_DIFFER:
            raise ArgumentError("may_differ", rule, repr(one))
    return set(may_differ)


def _remedy(name: str) -> str:
    if name == "basis":
        return "A report on foot tells what there is straight beside: look at its own columns."
    if name in MAY_DIFFER:
        return f"If that is the change that is looked at, say so: `may_differ=[{name!r}]`."
    return "What was asked otherwise would differ without any change: ask both alike."


def _asked(options: Any, allowed: set[str]) -> dict[str, object]:  # noqa: ANN401 - a dataclass of options
    """Return what must be alike: all options but the day, defaults told as what they stand for."""
    found = {one.name: getattr(options, one.name) for one in fields(options)}
    found.pop("on", None)
    if isinstance(options, CoverageOptions):
        found["standard"] = options.standard_or_default
        found["coarse_m"] = options.coarse_or_default_m
        if options.network is not None:
            found["network"] = _Streets.of(options.network)
        if options.eligible is not None:
            # Its day is its own, its circle that of the options, and the rest is not asked.
            found["eligible"] = replace(
                options.eligible,
                on=None,
                radius_m=0.0,
                basis="geodesic",
                network=None,
                limit=None,
                former_too=True,
            )
    return {name: value for name, value in found.items() if name not in allowed}


def _is_half(options: object) -> bool:
    """Return whether a place is too coarse, by options, from half the radius on."""
    return isinstance(options, CoverageOptions) and options.coarse_m is None


def _shown(old: object, new: object) -> tuple[str, str]:
    """Return two values that are not alike, each by what differs."""
    if isinstance(old, _Streets) and isinstance(new, _Streets):
        return _apart(old.told, new.told)
    if isinstance(old, Occupations) and isinstance(new, Occupations):
        was, now = (f"{one.version} with {len(one):,} groups" for one in (old, new))
        return was, now if was != now else f"another {now}"
    if is_dataclass(old) and is_dataclass(new) and type(old) is type(new):
        return _apart(
            *({part.name: getattr(one, part.name) for part in fields(one)} for one in (old, new))
        )
    return repr(old), repr(new)


def _apart(old: Mapping[str, object], new: Mapping[str, object]) -> tuple[str, str]:
    """Return the named values of two that differ."""
    unlike = {name: _shown(old[name], new[name]) for name in old if old[name] != new[name]}
    was, now = (
        ", ".join(f"{name} {pair[side]}" for name, pair in unlike.items()) for side in range(2)
    )
    return was, now
