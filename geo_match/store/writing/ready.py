"""Records as a transaction writes them, made ready before it begins."""

from __future__ import annotations

import marshal
import secrets
from dataclasses import dataclass
from operator import itemgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from geo_match.store.schema.images import images_of
from geo_match.store.schema.statements import Lines
from geo_match.store.schema.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Shared by the keys that are drawn at once, so that they are neighbours in an index.
_KEY_START_BYTES = 6
_KEY_END_BYTES = 10
_NONE_ALIKE: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Ready:
    """Records of one kind that are to be written.

    Parameters
    ----------
    kind
        Of the records.
    keys
        Theirs, in their order; new records have new ones.
    images
        Theirs.
    new
        Those that replace none.
    changed
        Those that replace another: all columns, then the id, which says which row is meant.
    """

    kind: str
    keys: list[str]
    images: list[str]
    new: Lines
    changed: list[tuple[Any, ...]]

    @classmethod
    def of(
        cls,
        kind: str,
        rows: Sequence[tuple[Any, ...]],
        keys: Sequence[str | None],
        import_id: int,
        *,
        is_file: bool,
        images: list[str] | None = None,
        alike: Mapping[str, Any] = _NONE_ALIKE,
    ) -> Ready:
        """Make records ready.

        Parameters
        ----------
        rows
            The fields of each in kept form, the id first; NaN may stand for null in a SQLite file.
        keys
            The key of the record that each replaces; None for a new one.
        import_id
            Which import brings them, 0 for none.
        is_file
            Whether they go into a SQLite file.
        images
            Theirs, if they are made already.
        alike
            Fields that have the same value in each of them, and that value; None for null. New rows
            need not name it again and again, which takes less time. It should be the same fields
            for many records: each choice of them is a statement that the database has to parse.
        """
        named = _named(keys)
        columns = list(map(str, TABLES[kind].columns.keys()))  # plain texts
        # Two at least: of one `itemgetter` gives the value, and no tuple.
        others = [at for at, name in enumerate(columns[:-2]) if at < 2 or name not in alike]  # noqa: PLR2004 - said above
        pick = itemgetter(*others)
        names = [columns[at] for at in others]
        same = {
            name: value
            for name, value in {**alike, "import_id": import_id}.items()
            if name not in names and value is not None
        }
        whole = list(zip(rows, named, keys, strict=True))
        new = [(*pick(row), name) for row, name, key in whole if key is None]
        return cls(
            kind,
            named,
            images_of(rows) if images is None else images,
            Lines.of([*names, "key"], new, is_file=is_file, alike=same),
            [(*row, import_id, key, row[0]) for row, _, key in whole if key is not None],
        )

    def to_bytes(self) -> bytes:
        """Return this as another process of the same Python takes it.

        It holds plain texts and numbers only, which `marshal` takes.
        """
        new = self.new
        told = (self.kind, self.keys, self.images, new.alike, new.names, new.many, new.few)
        return marshal.dumps((*told, self.changed))

    @classmethod
    def of_bytes(cls, told: bytes) -> Ready:
        """Return what `to_bytes` has told."""
        kind, keys, images, *new, changed = marshal.loads(told)  # noqa: S302 - by our own process
        return cls(kind, keys, images, Lines(*new), changed)


def _named(keys: Sequence[str | None]) -> list[str]:
    """Return keys with a new one in the stead of each None."""
    size = 2 * _KEY_END_BYTES
    start = secrets.token_hex(_KEY_START_BYTES)
    drawn = secrets.token_hex(list(keys).count(None) * _KEY_END_BYTES)
    new = (start + drawn[at : at + size] for at in range(0, len(drawn), size))
    return [next(new) if key is None else key for key in keys]
