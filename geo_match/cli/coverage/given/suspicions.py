"""Lists that look wrong as a whole beside the communities: judged as an import judges them.

Whoever reads GCJ-02 for WGS-84 has each answer some hundred metres off, and no row shows it. Where
rows say in which community they are, the communities' areas show it. What makes an import refuse a
list makes these commands refuse it, in the same words, unless suspicions are accepted: then it is a
warning. The areas themselves may be the ones that are displaced, which no import can know: it is
looked at where the places are not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.cli.list_doubts import doubting
from geo_match.cli.lists import without_store
from geo_match.cli.telling import ToldError, language_for
from geo_match.cli.terminal import progress
from geo_match.errors import FileError
from geo_match.intake.area import MAX_LAT, MAX_LON, Area
from geo_match.intake.chinese import error_in_chinese
from geo_match.intake.doubts import Doubts
from geo_match.intake.locating import suspect
from geo_match.intake.locating.shift import estimate_shift
from geo_match.intake.surroundings import FAR_KM, Surroundings, zones_of
from geo_match.intake.values import Context
from geo_match.records import RECORDS, Placed

if TYPE_CHECKING:
    import pyarrow as pa

    from geo_match.errors import GeoMatchError
    from geo_match.index import ZoneIndex
    from geo_match.intake.lists.records_file import RecordsFile
    from geo_match.intake.locating import Shift, Suspicions

_RULE: Final = "look right as a whole"
_REMEDY: Final = (
    "Correct the datum, the columns or the file, or those of the communities. If it is right as it "
    "is, count with suspicions accepted (--accept-suspicions). Nothing was written."
)
_REMEDY_IN_CHINESE: Final = (
    "请更正坐标系、列或文件，或更正社区名单。确认无误的，请加 --accept-suspicions 统计。"
    "本次没有写入任何数据。"
)
_DEGREE_KM: Final = 110.5
"""Less than a degree of latitude anywhere, and than one of longitude on the equator."""
_ENOUGH: Final = 20_000
"""Rows, evenly spread, that tell how areas are displaced."""
_SHOWN_AS: Final = {"gcj02": "GCJ-02", "bd09": "BD-09"}
"""The datums that areas may be in unsaid, and how they are shown."""


@dataclass(frozen=True, slots=True)
class Ground:
    """The communities that lists are judged by.

    Parameters
    ----------
    source
        Where they come from, for messages.
    around
        Their codes and areas, and what is not far from them.
    """

    source: str
    around: Surroundings

    @classmethod
    def of(cls, communities: pa.Table, source: object) -> Ground:
        """Return the ground of some communities.

        Parameters
        ----------
        communities
            Records, with `id`, `district_name` and `area`.
        source
            The file or the store that they come from.
        """
        zones, _ = zones_of(communities)  # areas that are none are told of where they are read
        codes = frozenset(communities.column("id").to_pylist())
        around = Surroundings(
            Context(communities=codes), zones, gazetteer=None, vicinity=_vicinity(zones)
        )
        return cls(f"{source}", around)

    def judged(
        self, file: RecordsFile, *, datum: str | None, accept: bool, language: str | None
    ) -> RecordsFile:
        """Return a list with what is doubtful of its places among its warnings.

        Parameters
        ----------
        file
            As it was read.
        datum
            As given for it; None where it says its own.
        accept
            Whether it is taken though it looks wrong as a whole.
        language
            In which it is refused; that of its headers if None.

        Raises
        ------
        GeoMatchError
            If it looks wrong as a whole, or the communities do beside it.
        """
        if file.joined is not None or not issubclass(RECORDS[file.kind], Placed):
            return file  # none of these has a place
        if not self.around.context.communities:
            return file  # said once, where they are read
        told_in = language_for(file, language)
        with progress(f"judging {file.source.name}"):
            doubts, suspicions = self._doubts(file, datum)
            displaced = self._displaced(file, suspicions, told_in)
        if not accept:
            if displaced:
                raise _refusal(self.source, displaced, told_in)
            if doubts.grave:
                with doubting(file.source, file.kind, language):  # it may be another list
                    raise _refusal(file.source, doubts.grave, told_in)
        grave = (*displaced, *doubts.grave)
        return replace(file, warnings=(*file.warnings, *grave, *doubts.warnings))

    def _doubts(self, file: RecordsFile, datum: str | None) -> tuple[Doubts, Suspicions]:
        """Return what an import would doubt of the places of a list, and of which."""
        doubts, around = Doubts(), self.around
        suspicions = suspect(file.records, around.zones, vicinity=around.vicinity)
        doubts.add_places(suspicions, file.row)
        doubts.add_overruled(file, suspicions.shift, datum)
        doubts.add_axes(file, suspicions.service_area, file.row[suspicions.swapped])
        doubts.add_surroundings(file, around)
        return doubts, suspicions

    def _displaced(self, file: RecordsFile, suspicions: Suspicions, language: str) -> list[str]:
        """Return whether the areas look as if they were in another datum: one sentence, or none.

        Places in areas that are displaced lie where they would if they were displaced as the areas
        are, in the areas as these are given. Places that were published in a datum lie so once they
        are taken for WGS-84: that is what an estimate of their shift finds.
        """
        if self.around.zones is None or suspicions.shift.verdict == "shifted":
            return []
        at = np.flatnonzero(suspicions.judged & ~suspicions.swapped)
        at = at[:: max(1, len(at) // _ENOUGH)]
        records = file.records.select(["community", "lon", "lat"]).take(at)
        codes = np.array(records.column("community").to_pylist(), dtype=object)
        lon, lat = (records.column(name).to_numpy() for name in ("lon", "lat"))
        found: dict[str, Shift] = {}
        for datum in _SHOWN_AS:
            as_if = np.full(len(at), datum, dtype=object)
            shift = estimate_shift(codes, lon, lat, as_if, self.around.zones)
            if shift.datum == "wgs84":
                found[datum] = shift
        if not found:
            return []
        datum, shift = max(found.items(), key=lambda one: one[1].share_as_datum)
        given, moved, name = shift.share_as_given, shift.share_as_datum, _SHOWN_AS[datum]
        of = RECORDS[file.kind].chinese if language == "zh" else file.kind
        return [
            f"社区范围像是 {name} 坐标被当作其他坐标系：{file.source} 的{of}有{given:.0%}"
            f"在本社区范围内，社区范围按 {name} 则有{moved:.0%}"
            if language == "zh"
            else f"the communities' areas look like {name} that is declared as something else: "
            f"{given:.0%} of the {of} of {file.source} lie in their community's area as given, "
            f"{moved:.0%} if the areas are taken for {name}"
        ]


def _vicinity(zones: ZoneIndex | None) -> Area | None:
    """Return the box of the areas, grown by `FAR_KM` to each side; None without any.

    What lies outside is farther from all of them.
    """
    if zones is None or zones.bounds is None:
        return None
    west, south, east, north = zones.bounds
    step = FAR_KM / _DEGREE_KM
    south, north = max(-MAX_LAT, south - step), min(MAX_LAT, north + step)
    # A degree of longitude is shortest at the edge that is nearest to a pole.
    squeeze = np.cos(np.radians(max(abs(south), abs(north))))
    across = step / squeeze if squeeze * 2.0 * MAX_LON > step else 2.0 * MAX_LON
    if west - across < -MAX_LON or east + across > MAX_LON:
        return Area(-MAX_LON, south, MAX_LON, north)
    return Area(west - across, south, east + across, north)


def _refusal(source: object, grave: list[str], language: str) -> GeoMatchError:
    """Return the error that refuses a list for what makes it look wrong as a whole."""
    found = "; ".join(grave)
    if language != "zh":
        return FileError(source, _RULE, without_store(found), _REMEDY)
    refused = FileError(source, _RULE, found)
    return ToldError(without_store(error_in_chinese(refused)) + _REMEDY_IN_CHINESE)
