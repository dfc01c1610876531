"""A few records taken in, in one transaction: as `Applying.take_at_once`, but row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo_match.store.schema import statements as _statements
from geo_match.store.schema.columns import record_schema
from geo_match.store.writing import erased_ids
from geo_match.store.writing.applying import EPOCH
from geo_match.store.writing.expecting import check_expected, check_keys
from geo_match.store.writing.few import plan_few
from geo_match.store.writing.ready import Ready

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo_match.store.database.driven import Driven
    from geo_match.store.writing.applying import Applying
    from geo_match.store.writing.compare import Applied
    from geo_match.store.writing.few import FewPlan, Row


def take_few(
    applying: Applying,
    kind: str,
    rows: Sequence[Row],
    *,
    erased_too: bool,
    expected: Mapping[str, int | None] | None = None,
) -> tuple[Applied, str, int] | None:
    """Take a few whole records in, in one transaction.

    Parameters
    ----------
    applying
        How they are written.
    kind, rows
        The records, as `few.rows_of` gives them.
    erased_too
        Whether records of persons are taken who were erased.
    expected
        As `check_expected` takes it; None where the records may be whatever they are.

    Returns
    -------
    tuple or None
        As of `Applying.take_at_once`; None, and nothing is written, if a kept record is not as the
        store writes it.
    """

    def act(connection: Driven) -> tuple[Applied, str, int] | None:
        known = plan_few(connection, kind, rows)
        if known is None:
            return None
        if expected is not None:
            _check(connection, applying, kind, known, expected)
        last = _write(connection, applying, kind, known)
        if not erased_too:
            _check_written(connection, applying, kind, known)
        epoch = str(_statements.ask(connection, EPOCH)[0][0])
        return known.applied, epoch, known.seq if last is None else last

    return applying.database.write_barely(act)


def _check(
    connection: Driven,
    applying: Applying,
    kind: str,
    known: FewPlan,
    expected: Mapping[str, int | None],
) -> None:
    """Check that the records are as expected.

    Those of the plan are locked and need not be read again. One that somebody else makes after the
    plan collides with the writer's own, who then starts anew.
    """
    store = applying.database.name
    if expected.keys() <= known.asked:
        keys = {id_: known.known[id_] for id_ in expected if id_ in known.known}
        check_keys(connection, store, expected, keys)
    else:
        check_expected(connection, store, kind, expected)


def _write(connection: Driven, applying: Applying, kind: str, known: FewPlan) -> int | None:
    """Write the accepted records; return the number of the last change."""
    writer = applying.writer(connection)
    is_file = applying.database.is_file
    writer.put(Ready.of(kind, known.taken, known.keys, applying.import_id, is_file=is_file))
    return writer.finish()


def _check_written(connection: Driven, applying: Applying, kind: str, known: FewPlan) -> None:
    """Check that nobody came back who was erased.

    Raises
    ------
    ErasedIdError
        If someone did.
    """
    if kind not in erased_ids.WHOSE:
        return
    field, _ = erased_ids.WHOSE[kind]
    at = record_schema(kind).get_field_index(field)
    erased_ids.check_whose(
        connection,
        applying.database.name,
        kind,
        [row[at] for row in known.taken],
        np.array([key is None for key in known.keys], dtype=np.bool_),
        place=np.flatnonzero(known.applied.accepted),
    )
