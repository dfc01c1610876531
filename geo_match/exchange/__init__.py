"""Files out: rows stream into the format of a suffix, and appear whole or not at all."""

from geo_match.exchange.rejections import write_rejections
from geo_match.exchange.rows import Rows, count_rows, pair_rows
from geo_match.exchange.target import check_target
from geo_match.exchange.write import SUFFIXES, is_geographic, write_rows

__all__ = [
    "SUFFIXES",
    "Rows",
    "check_target",
    "count_rows",
    "is_geographic",
    "pair_rows",
    "write_rejections",
    "write_rows",
]
