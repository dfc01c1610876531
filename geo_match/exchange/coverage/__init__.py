"""Coverage into files: the data dictionary, and a writer for each format.

No person is in any of them; `write_people` writes these, and nothing else does.
"""

from geo_match.exchange.coverage.content import Content, content_of
from geo_match.exchange.coverage.write import (
    ONE_TABLE,
    SUFFIXES,
    check_suffix,
    write_coverage,
    write_files,
    write_people,
)
from geo_match.exchange.coverage_columns.column import Column
from geo_match.exchange.coverage_columns.columns import COLUMNS, find_column

__all__ = [
    "COLUMNS",
    "ONE_TABLE",
    "SUFFIXES",
    "Column",
    "Content",
    "check_suffix",
    "content_of",
    "find_column",
    "write_coverage",
    "write_files",
    "write_people",
]
