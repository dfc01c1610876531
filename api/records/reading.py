"""Records read: one by its id or key, or page by page; whoever reads of persons is noted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.records.query import id_after, moment_or_cursor
from api.records.refusals import no_such_record, outside_area

if TYPE_CHECKING:
    from collections.abc import Callable, Sized
    from typing import TypeVar

    from api.access.caller import Caller
    from api.audit import Audit
    from api.records.kinds import Kind
    from api.records.query import PageQuery, ReadQuery
    from geo_match.store import One, Page, Store

    _Answer = TypeVar("_Answer", bound=Sized)

_BY_PERSON: Final = ("spells", "services")


def is_covered(caller: Caller, kind: Kind, one: One, store: Store) -> bool:
    """Return whether a record lies in the caller's area; what is public always does."""
    if caller.area is None or not kind.speaks_of_persons:
        return True
    if kind.name not in _BY_PERSON:
        return caller.covers(one.record["community"])
    found = store.find("seekers", [one.record["person"]], fields=("community",))
    homes = found.records.column("community").to_pylist()
    return bool(homes) and caller.covers(homes[0])


def read_one(
    kind: Kind, name: str, query: ReadQuery, *, caller: Caller, store: Store, audit: Audit
) -> One:
    """Return a record, once the read is noted if it speaks of a person.

    Raises
    ------
    ProblemError
        If there is none that the caller may know of.
    """

    def read() -> list[One]:
        id_: str | None = name
        if query.by == "key":
            ids = store.find_by_keys(kind.name, [name], fields=("id",)).records.column("id")
            id_ = ids[0].as_py() if len(ids) else None
        if id_ is None:
            return []
        as_of = None if query.as_of is None else moment_or_cursor(query.as_of)
        # Of who is gone the whole feed is read: by how long that takes an office would learn who is
        # registered elsewhere.
        one = store.one(kind.name, id_, as_of=as_of, on=query.on, gone_too=caller.area is None)
        if one is None or (query.by == "key" and one.key != name):
            return []
        # Who has moved away is another office's, with all their past.
        if as_of is not None and caller.area is not None and kind.speaks_of_persons:
            now = store.one(kind.name, id_)  # None: removed, and who knows by which office
            if now is None or not is_covered(caller, kind, now, store):
                return []
        return [one] if is_covered(caller, kind, one, store) else []

    found = _noted(kind, query.purpose, caller, audit)(read) if kind.speaks_of_persons else read()
    if not found:
        raise no_such_record(kind.name)
    return found[0]


def read_page(kind: Kind, query: PageQuery, *, caller: Caller, store: Store, audit: Audit) -> Page:
    """Return a page of records, once the read is noted if they speak of persons.

    Raises
    ------
    ProblemError
        If the community that is asked for lies outside the caller's area.
    """
    asked: str | None = getattr(query, "community", None)
    area = caller.area if kind.speaks_of_persons else None
    if area is not None and asked is not None:
        if not asked.startswith(area):
            raise outside_area(area)
        area = asked
    after = "" if query.after is None else id_after(query.after) or ""

    def read() -> Page:
        return store.page(kind.name, after=after, most=query.limit, area=area or asked)

    return _noted(kind, query.purpose, caller, audit)(read) if kind.speaks_of_persons else read()


def _noted(
    kind: Kind, purpose: str, caller: Caller, audit: Audit
) -> Callable[[Callable[[], _Answer]], _Answer]:
    return audit.noted(caller, purpose=purpose, scope=kind.read_scope)
