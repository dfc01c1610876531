"""Lists of the demonstration city as an office would send them, each defect labelled."""

from __future__ import annotations

from geo_match.demo.office.columns import COLUMNS
from geo_match.demo.office.defects import DEFECTS
from geo_match.demo.office.draw import Office, draw_office
from geo_match.demo.office.mend import mend
from geo_match.demo.office.write import write_office

__all__ = ["COLUMNS", "DEFECTS", "Office", "draw_office", "mend", "write_office"]
