"""The places of a list's records: found where they are not given, and doubted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from geo_match.intake.known import known
from geo_match.intake.locating import Sites, locate_with_notes, suspect
from geo_match.intake.unsaid import keep_places

if TYPE_CHECKING:
    from geo_match.intake.doubts import Doubts
    from geo_match.intake.lists.records_file import RecordsFile
    from geo_match.intake.surroundings import Surroundings
    from geo_match.store import Store


def placed(
    file: RecordsFile, around: Surroundings, store: Store, doubts: Doubts, datum: str | None
) -> RecordsFile:
    """Return the list with its records located, and tell what is doubtful of their places."""
    sites = None
    if "site_id" in file.columns:
        fields = ("id", "lon", "lat", "location_accuracy_m", "located_by")
        sites = Sites(known("sites", file.records.column("site_id"), store, fields=fields))
    records, notes = locate_with_notes(
        file.records, zones=around.zones, geocoder=around.gazetteer, sites=sites
    )
    suspicions = suspect(
        records,
        around.zones,
        service_area=around.context.service_area,
        vicinity=around.vicinity,
    )
    doubts.add_places(suspicions, file.row)
    doubts.add_overruled(file, suspicions.shift, datum)
    doubts.add_axes(file, suspicions.service_area, file.row[suspicions.swapped])
    file, kept = keep_places(replace(file, records=records), store)
    unused = (notes != "") & ~kept
    doubts.add_unused_names(notes[unused], file.row[unused])
    return file
