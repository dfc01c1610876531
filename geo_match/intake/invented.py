"""Whether a list says that what it holds is invented, and how a store keeps that.

A list of a demonstration has a column `invented` (虚构). No field of a record holds it: it is said
of where the records come from, and so stands in the source of their import. Whether all rows say
so or some is told apart: one invented row makes a label, and opens nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo_match.intake.wording import normalised

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from numpy.typing import NDArray

    from geo_match.intake.lists.records_file import RecordsFile

_WHOLLY: Final = "invented: "
_PARTLY: Final = "partly invented: "
_HEADERS: Final = frozenset({"invented", "虚构"})
_YES: Final = frozenset({"true", "yes", "1", "是"})


def source_of(file: RecordsFile) -> str:
    """Return the source of a list's records: its path, marked if its rows are invented, or some."""
    says = _says_invented(file.table.columns)
    mark = "" if not says.any() else _WHOLLY if says.all() else _PARTLY
    return f"{mark}{file.source}"


def is_invented(sources: Iterable[str]) -> bool:
    """Return whether any of the sources is a list in which something is invented."""
    return any(source.startswith((_WHOLLY, _PARTLY)) for source in sources)


def are_wholly_invented(sources: Collection[str]) -> bool:
    """Return whether there is a source, and each is a list all of whose rows are invented."""
    return bool(sources) and all(source.startswith(_WHOLLY) for source in sources)


def _says_invented(columns: pa.Table) -> NDArray[np.bool_]:
    """Return of each row whether it says so, in whichever column."""
    says = np.zeros(len(columns), dtype=np.bool_)
    for name in columns.column_names:
        if normalised(name) in _HEADERS:
            column = columns.column(name)
            if pa.types.is_dictionary(column.type):
                column = column.cast(column.type.value_type)
            yes = [one for one in pc.unique(column).to_pylist() if normalised(str(one)) in _YES]
            if yes:  # only then is it of a type whose values can be looked for
                says |= pc.is_in(column, value_set=pa.array(yes, column.type)).to_numpy()
    return says
