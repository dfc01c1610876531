"""Places for records that have none: by site or address, else coarsely by a community's area."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from geo_match.intake.locating._columns import floats, replaced, texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.index.zone_index import ZoneIndex
    from geo_match.intake.locating.geocoder import Geocoder
    from geo_match.intake.locating.sites import Sites


def locate(
    records: pa.Table,
    *,
    zones: ZoneIndex | None = None,
    geocoder: Geocoder | None = None,
    sites: Sites | None = None,
) -> pa.Table:
    """Return the records with a place wherever one can be found; none is left out.

    Parameters
    ----------
    records
        Columns `lon` and `lat` (degrees, WGS-84, null where unknown), and where there are such
        `site_id`, `address`, `community` (code), `located_by` and `location_accuracy_m` (metres).
    zones
        The communities' areas, by which a geocoder's places are doubted too; None to do without
        coarse places and doubts.
    geocoder
        Finds places by address; asked only for rows without one. None to do without.
    sites
        Those that `site_id` names, with their places; None to do without.

    Returns
    -------
    pyarrow.Table
        The same rows and columns, with `lon`, `lat`, `location_accuracy_m` (float64) and
        `located_by` (string) filled in, added at the end where missing. `located_by` is

        - `given`: the row had coordinates; they and their accuracy stay as they are, and so does
          a method that an earlier pass wrote;
        - `site`: where the site is that the row names, with its accuracy. A site that is known by
          its community's area alone locates only what nothing else does;
        - `gazetteer`, or what else the geocoder says;
        - `community_area`: at `zones.point_of`, with `zones.reach_m` as accuracy: the radius of
          the smallest circle around the area, or, where that circle's centre lies outside it,
          the distance from the point to the farthest place of the area. So the true place is
          never farther away than that;
        - `none`: neither site nor address nor community says where it is.
    """
    return locate_with_notes(records, zones=zones, geocoder=geocoder, sites=sites)[0]


def locate_with_notes(
    records: pa.Table,
    *,
    zones: ZoneIndex | None = None,
    geocoder: Geocoder | None = None,
    sites: Sites | None = None,
) -> tuple[pa.Table, NDArray[np.object_]]:
    """Return what `locate` does, and what a person should know of each row.

    Returns
    -------
    records
        As in `locate`.
    notes
        Objects of str, one a row, mostly empty: why a name in the address was not used, such as
        that it means places in several communities, or one far from the row's.
    """
    n = records.num_rows
    lon, lat = floats(records, "lon"), floats(records, "lat")
    accuracy_m = floats(records, "location_accuracy_m")
    before = texts(records, "located_by")
    community = texts(records, "community")
    notes = np.full(n, "", dtype=object)

    has_place = np.isfinite(lon) & np.isfinite(lat)
    kept = has_place & (before != "") & (before != "none")
    method = np.where(kept, before, np.where(has_place, "given", "none")).astype(object)
    lacking = np.flatnonzero(~has_place)
    lon[lacking] = lat[lacking] = accuracy_m[lacking] = np.nan
    site_id = texts(records, "site_id")

    def at_sites(lacking: NDArray[np.int64], *, coarse: bool) -> NDArray[np.int64]:
        """Take the places of sites; return which rows still have none."""
        if sites is None or not len(lacking):
            return lacking
        found, places = sites.locate(site_id[lacking], coarse=coarse)
        here = lacking[found]
        lon[here], lat[here], accuracy_m[here] = places.T
        method[here] = "site"
        return lacking[~found]

    lacking = at_sites(lacking, coarse=False)
    if geocoder is not None and len(lacking):
        address = texts(records, "address")[lacking]
        located = geocoder.locate(address, community[lacking], zones)
        here = lacking[located.found]
        lon[here], lat[here] = located.lon[located.found], located.lat[located.found]
        accuracy_m[here] = located.accuracy_m[located.found]
        method[here] = located.method[located.found]
        notes[lacking] = located.note
        lacking = lacking[~located.found]
    if zones is not None and len(lacking):
        known = {
            code: (*zones.point_of(code), zones.reach_m(code))
            for code in set(community[lacking].tolist())
            if code in zones and zones.area(code) is not None
        }
        found = np.array([code in known for code in community[lacking].tolist()], dtype=np.bool_)
        here = lacking[found]
        places = np.array([known[code] for code in community[here].tolist()]).reshape(-1, 3)
        lon[here], lat[here], accuracy_m[here] = places.T
        method[here] = "community_area"
        lacking = lacking[~found]
    at_sites(lacking, coarse=True)

    for name, values in (("lon", lon), ("lat", lat), ("location_accuracy_m", accuracy_m)):
        records = replaced(records, name, pa.array(values, mask=np.isnan(values)))
    return replaced(records, "located_by", pa.array(method, pa.string())), notes
