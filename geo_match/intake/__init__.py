"""Files in: tables and maps from outside become checked places, with every bad row named."""

from geo_match.intake.faults import Rejection
from geo_match.intake.places import ColumnNames, Places, PlacesFile, read_places

__all__ = ["ColumnNames", "Places", "PlacesFile", "Rejection", "read_places"]
