"""What others write while an import runs: by it the import knows which comparisons still hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, select

from geo_match.store.schema import statements as _statements
from geo_match.store.schema.tables import CHANGES, FEED

if TYPE_CHECKING:
    import pyarrow as pa
    from sqlalchemy import Connection

    from geo_match.store.database.driven import Driven
    from geo_match.store.schema.images import Forms

_LAST_SEQ: Final = select(FEED.c.seq)
_HEAD: Final = select(FEED.c.seq, FEED.c.horizon)
_SINCE: Final = (
    select(CHANGES.c.seq, CHANGES.c.form, CHANGES.c.after)
    .where(CHANGES.c.seq > bindparam("after", type_=CHANGES.c.seq.type))
    .where(CHANGES.c.seq <= bindparam("last", type_=CHANGES.c.seq.type))
    .where(CHANGES.c.kind == bindparam("of"))
    .order_by(CHANGES.c.seq)
)


class Others:
    """The records of one kind that others have written since an import began.

    Parameters
    ----------
    kind
        Of the records.
    seq
        Number of the last change when it began.
    """

    def __init__(self, kind: str, seq: int) -> None:
        self._kind = kind
        self._seen = seq
        self._own: list[tuple[int, int]] = []
        self._written: dict[str, int] = {}
        self._unknown = 0
        self._forgotten = seq

    def add_own(self, last: int, n: int) -> None:
        """Note a transaction of the import: the number of its last change, and how many it made."""
        if self._seen == last - n:
            self._seen = last
        else:
            self._own.append((last - n, last))

    def look(self, connection: Connection, forms: Forms) -> None:
        """Learn what others have written that this transaction sees.

        Raises
        ------
        StoreCorruptError
            If an image cannot be read.
        """
        now, horizon = _statements.ask(connection, _HEAD)[0]
        if horizon > self._seen:  # what was written may be told no more
            self._unknown = now
        if now == self._seen:
            return
        forms.renew(connection)
        found = _statements.ask(connection, _SINCE, after=self._seen, last=now, of=self._kind)
        for seq, form, after in found:
            if any(before < seq <= last for before, last in self._own):
                continue
            if after is None:  # a person's that was removed or erased
                self._unknown = seq
            else:
                (id_,) = forms.row(form, after, ("id",), change=(seq, self._kind))
                self._written[id_] = seq
        self._seen = now
        self._own.clear()

    def have_written(self, ids: pa.ChunkedArray, since: int) -> bool:
        """Return whether others may have written a record of some ids after a change's number.

        Parameters
        ----------
        since
            Not less than what was forgotten.
        """
        if self._unknown > since:
            return True
        if not self._written:
            return False
        return any(self._written.get(one, 0) > since for one in ids.to_pylist())

    def forget(self, seq: int) -> None:
        """Forget what was written up to a number: nothing is compared with older records now."""
        if seq > self._forgotten:
            self._forgotten = seq
            self._written = {id_: at for id_, at in self._written.items() if at > seq}


def last_seq(connection: Driven) -> int:
    """Return the number of the last change that this transaction sees."""
    return int(_statements.ask(connection, _LAST_SEQ)[0][0])
