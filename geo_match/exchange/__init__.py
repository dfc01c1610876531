"""Files out: rows stream into the format of a suffix, and appear whole or not at all."""

from geo_match.exchange.mending import write_mending
from geo_match.exchange.rejections import (
    check_is_rejection_list,
    is_rejection_list,
    replace_rejection_list,
)
from geo_match.exchange.rows import Rows, count_rows, pair_rows
from geo_match.exchange.tables import TABLE_SUFFIXES, TableFile, table_files, write_tables
from geo_match.exchange.target import check_target
from geo_match.exchange.write import SUFFIXES, Rejected, is_geographic, write_rows

__all__ = [
    "SUFFIXES",
    "TABLE_SUFFIXES",
    "Rejected",
    "Rows",
    "TableFile",
    "check_is_rejection_list",
    "check_target",
    "count_rows",
    "is_geographic",
    "is_rejection_list",
    "pair_rows",
    "replace_rejection_list",
    "table_files",
    "write_mending",
    "write_rows",
    "write_tables",
]
