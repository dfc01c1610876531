"""Stores that change: the pair that matches as records, and random edits of a small city."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import strategies as st
from test_matching import strategies
from test_matching.pairs import JOB, SEEKER

from geo_match.matching.given.from_store import read_jobs, read_seekers
from geo_match.store import record_schema

EMPLOYERS = ("E1", "E2", "E3")
SEEKER_IDS, JOB_IDS = ("甲", "乙", "丙", "丁"), ("招1", "招2", "招3", "招4", "招5")
LICENCES = st.sampled_from(["verified", "verified", "verified", "unverified"])


def plain(read):
    """Answer without an audit, for tests of what is read."""
    return read()


def job(**fields):
    """Return the job that matches, as a record of the store."""
    kept = {name: value for name, value in JOB.items() if name != "employer_licence"}
    # Without a moment the later arrival is the newer, whatever it says.
    return kept | {"title": "营业员", "employer_id": "E1", "updated_at": None} | fields


def seeker(**fields):
    """Return the seeker who matches, as a record of the store."""
    return SEEKER | fields


def employer(licence="verified", name="E1"):
    """Return an employer."""
    return {"id": name, "name": "示例", "licence": licence}


def put(store, kind, *rows):
    """Put records into a store; return the place in the feed."""
    schema = record_schema(kind)
    names = sorted({name for row in rows for name in row})
    some = pa.schema([schema.field(name).with_nullable(nullable=True) for name in names])
    return store.put(kind, pa.Table.from_pylist(list(rows), some))[1]


def both_as_of(store, cursor):
    """Return seekers and jobs as they were, as the plain twin takes them."""
    jobs = read_jobs(store, as_of=cursor).to_pylist()
    seekers = read_seekers(store, audited=plain, as_of=cursor).to_pylist()
    return seekers, [one | {"updated_at": None} for one in jobs]


def _records(drawn, ids):
    named = st.lists(st.sampled_from(ids), unique=True, min_size=1, max_size=3)
    return st.tuples(drawn, named).map(
        lambda both: [one | {"id": id_} for one, id_ in zip(*both, strict=False)]
    )


def _as_job(record, owner):
    fields = {name: value for name, value in record.items() if name != "employer_licence"}
    return job(**fields | {"employer_id": owner, "updated_at": None})


_JOBS = st.lists(st.sampled_from([*EMPLOYERS, None]), min_size=7, max_size=7).flatmap(
    lambda owners: strategies.jobs().map(
        lambda rows: [_as_job(row, owner) for row, owner in zip(rows, owners, strict=False)]
    )
)
EDITS = st.one_of(
    st.tuples(st.just("seekers"), _records(strategies.seekers(), SEEKER_IDS)),
    st.tuples(st.just("jobs"), _records(_JOBS, JOB_IDS)),
    st.tuples(
        st.just("employers"),
        st.tuples(LICENCES, st.sampled_from(EMPLOYERS)).map(lambda one: [employer(*one)]),
    ),
    st.tuples(st.just("seekers"), st.sampled_from(SEEKER_IDS)),
    st.tuples(st.just("jobs"), st.sampled_from(JOB_IDS)),
    st.tuples(st.just("employers"), st.sampled_from(EMPLOYERS)),
)
"""A kind, and records that are put or the id of one that is removed."""
CITY = st.tuples(
    _records(strategies.seekers(), SEEKER_IDS), _records(_JOBS, JOB_IDS), LICENCES, LICENCES
)


def fill(store, city):
    """Put a city into an empty store."""
    seekers, jobs, *licences = city
    owners = [employer(one, name) for one, name in zip(licences, EMPLOYERS, strict=False)]
    for edit in (("employers", owners), ("seekers", seekers), ("jobs", jobs)):
        apply(store, edit)


def apply(store, edit):
    """Make an edit of a store."""
    kind, what = edit
    if isinstance(what, str):
        store.remove(kind, [what])
    elif what:
        put(store, kind, *what)
