"""Cells of a list become values of a field: one parser for each kind, a whole column at once."""

from geo_match.intake.values.cells import Fault, Parsed
from geo_match.intake.values.context import Context
from geo_match.intake.values.parse import parse, parse_composite

__all__ = ["Context", "Fault", "Parsed", "parse", "parse_composite"]
