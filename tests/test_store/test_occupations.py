"""A store's finer occupations: what is written comes back, and replaces what was there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, func, select

from geo_match.store.occupations import OCCUPATIONS, read_occupations, write_occupations
from geo_match.store.schema.tables import METADATA
from geo_match.taxonomy import OCCUPATIONS_VERSION, Group, Occupations

FINER = Occupations.finer(
    [Group("40102", 3, "推销、展销人员", "401"), Group("40101", 3, "营业人员", "401")]
)
OTHER = Occupations.finer([Group("4", 1, "社会生产服务人员", "")], version="大典 2022")


@pytest.fixture(scope="module")
def engine():
    made = create_engine("sqlite://")
    METADATA.create_all(made, tables=[OCCUPATIONS])
    yield made
    made.dispose()


def kept_after(engine, *written):
    """Write tables one after the other; return what is kept, and in how many rows."""
    with engine.begin() as connection:
        for table in written:
            write_occupations(connection, table)
    with engine.connect() as connection:
        n = connection.execute(select(func.count()).select_from(OCCUPATIONS)).scalar_one()
        return read_occupations(connection), n


@pytest.mark.parametrize(
    ("table", "n_rows"), [(FINER, 2), (OTHER, 1), (Occupations(), 0)], ids=["finer", "other", "own"]
)
def test_a_table_comes_back_and_the_shipped_groups_are_not_kept(engine, table, n_rows):
    kept, n = kept_after(engine, OTHER, table)
    assert list(kept) == list(table)
    assert kept.version == table.version
    assert n == n_rows


def test_a_store_that_was_given_none_has_the_shipped_ones(engine):
    kept, _ = kept_after(engine, Occupations())
    assert (len(kept), kept.version) == (77, OCCUPATIONS_VERSION)


@given(st.lists(st.sampled_from([FINER, OTHER, Occupations()]), min_size=1, max_size=4))
def test_the_last_table_written_is_the_one_that_is_kept(engine, tables):
    kept, n = kept_after(engine, *tables)
    assert list(kept) == list(tables[-1])
    assert n == len(tables[-1].added)
