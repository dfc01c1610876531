"""No persons are read without an entry that outlives whatever happens next."""

from __future__ import annotations

import datetime as dt
import itertools
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_store.audits import ID_CARD, READ, ROW, TWO, InSqlite, rows, sqlite3

from geo_match.errors import ArgumentError
from geo_match.store.audit import AuditError, AuditLog, PersonRead, audited
from geo_match.store.audit import log as audit_module


def test_an_entry_has_who_purpose_scope_count_and_its_moment_in_utc(kept):
    before = dt.datetime.now(dt.UTC)
    with AuditLog.open(kept.store) as log:
        assert log.note(READ) == 1
        assert log.note(PersonRead(who="b", purpose="c", scope="d", count=0)) == 2
        found = log.read()
    assert found.drop_columns("noted_at").to_pylist() == [
        {
            "number": 1,
            "who": "社区-07",
            "purpose": "岗位推荐",
            "scope": "persons:read",
            "count": 3,
        },
        {"number": 2, "who": "b", "purpose": "c", "scope": "d", "count": 0},
    ]
    moments = found.column("noted_at").to_pylist()
    assert before <= moments[0] <= moments[1] <= dt.datetime.now(dt.UTC)
    assert str(found.schema.field("noted_at").type) == "timestamp[us, tz=UTC]"
    assert rows(kept) == [(1, *ROW), (2, "b", "c", "d", 0)]


@pytest.mark.parametrize("name", ["who", "purpose", "scope"])
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "not blank, got ''"),
        (" \u3000", "not blank"),
        (None, "not blank, got None"),
        ("a\nb", r"no control characters, got U\+000A"),
        ("a\0", r"no control characters, got U\+0000"),
        ("\ud800", r"no control characters, got U\+D800"),
        ("a" * 2_001, "at most 2000 characters, got 2001"),
        (f"查 {ID_CARD} 的情况", r"hold no ID-card number, got '查 \*{14}002X"),
    ],
)
def test_a_text_that_no_log_should_hold_is_refused(name, text, told):
    values = {"who": "a", "purpose": "b", "scope": "c", "count": 1, name: text}
    with pytest.raises(ArgumentError, match=rf"`{name}` must .*{told}") as caught:
        PersonRead(**values)
    assert ID_CARD not in str(caught.value)


@pytest.mark.parametrize("count", [-1, 2**63, True, 1.0, "1", None])
def test_a_count_is_a_whole_number_from_0(count):
    with pytest.raises(ArgumentError, match=r"`count` must be a whole number from 0 to"):
        PersonRead(who="a", purpose="b", scope="c", count=count)


def test_the_longest_texts_and_the_largest_count_are_kept_as_they_are(kept):
    read = PersonRead(who="𠮷" * 2_000, purpose="'; --%s", scope="a　b", count=2**63 - 1)
    with AuditLog.open(kept.store) as log:
        log.note(read)
    assert rows(kept) == [(1, read.who, read.purpose, read.scope, read.count)]


def test_moments_never_decrease_where_the_clock_was_set_back(kept, monkeypatch):
    start = dt.datetime(2026, 7, 1, 12, 0, 0, 500_000, tzinfo=dt.UTC)
    clock = [start + dt.timedelta(seconds=s) for s in (0, -3600, 0.000001, -1, 5)]
    monkeypatch.setattr(audit_module, "_now", iter(clock).__next__)
    for _ in clock:  # opened anew: the order is the database's, not the process's
        with AuditLog.open(kept.store) as log:
            log.note(READ)
    with AuditLog.open(kept.store) as log:
        found = log.read().column("noted_at").to_pylist()
    assert found == list(itertools.accumulate(clock, max))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET count = 0",
        "UPDATE audit SET number = 7 WHERE number = 2",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE number = 1",
        "INSERT INTO audit SELECT 9, noted_at, who, purpose, scope, count FROM audit LIMIT 1",
        "INSERT INTO audit SELECT 3, '2001-01-01', who, purpose, scope, count FROM audit LIMIT 1",
        "INSERT INTO audit SELECT 3, noted_at, '', purpose, scope, 1 FROM audit WHERE number = 2",
        "INSERT INTO audit SELECT 3, noted_at, who, purpose, scope, -1 FROM audit WHERE number = 2",
    ],
)
def test_the_database_refuses_whatever_does_not_add_an_entry_at_the_end(kept, statement):
    if not isinstance(kept, InSqlite):
        statement = statement.replace("'2001-01-01'", "timestamptz '2001-01-01'")
    with AuditLog.open(kept.store) as log:
        log.note(READ)
        log.note(READ)
        refused = r"(only added to|next number and no earlier moment|(?i:check) constraint)"
        with pytest.raises(kept.busy, match=refused):
            kept.execute(statement)
        assert rows(kept) == [(1, *ROW), (2, *ROW)]
        assert log.note(READ) == 3


def test_sqlite_refuses_to_replace_an_entry(tmp_path):
    kept = InSqlite(tmp_path)
    with AuditLog.open(kept.store) as log:
        log.note(READ)
    again = "SELECT 1, noted_at, 'x', purpose, scope, 0 FROM audit"
    with pytest.raises(sqlite3.IntegrityError, match="next number"):
        kept.execute(f"INSERT OR REPLACE INTO audit {again}")
    with pytest.raises(sqlite3.IntegrityError, match="next number"):
        kept.execute(
            f"INSERT INTO audit {again} WHERE true ON CONFLICT (number) DO UPDATE SET who = 'x'"
        )
    assert rows(kept) == [(1, *ROW)]


@pytest.mark.postgis
@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE audit",
        (
            "INSERT INTO audit SELECT 1, noted_at, 'x', purpose, scope, 0 FROM audit "
            "ON CONFLICT (number) DO UPDATE SET who = 'x'"
        ),
        "MERGE INTO audit USING (SELECT 1) AS o ON true WHEN MATCHED THEN UPDATE SET who = 'x'",
    ],
)
def test_postgresql_refuses_to_replace_an_entry(postgres, statement):
    with AuditLog.open(postgres.store) as log:
        log.note(READ)
    with pytest.raises(postgres.busy, match="only added to"):
        postgres.execute(statement)
    assert rows(postgres) == [(1, *ROW)]


SECONDS = st.integers(-5, 5)


@settings(max_examples=20)
@given(
    entries=st.lists(st.tuples(SECONDS, st.sampled_from("ab")), max_size=8),
    since=st.none() | SECONDS,
    until=st.none() | SECONDS,
    who=st.none() | st.sampled_from("abc"),
    hours=st.integers(-12, 12),
)
def test_reading_keeps_to_its_bounds_as_a_plain_list_does(entries, since, until, who, hours):
    zone = dt.timezone(dt.timedelta(hours=hours))

    def moment(second):
        return dt.datetime(2026, 7, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=second)

    def asked(second):
        return None if second is None else moment(second).astimezone(zone)

    with (
        tempfile.TemporaryDirectory(dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")) as folder,
        AuditLog.open(Path(folder) / "a.db") as log,
        pytest.MonkeyPatch.context() as patch,
    ):
        for second, name in entries:
            patch.setattr(audit_module, "_now", lambda second=second: moment(second))
            log.note(PersonRead(who=name, purpose="p", scope="s", count=1))
        found = log.read(since=asked(since), until=asked(until), who=who)
    kept_at = list(itertools.accumulate((second for second, _ in entries), max))
    expected = [
        (at + 1, moment(second))
        for at, (second, (_, name)) in enumerate(zip(kept_at, entries, strict=True))
        if (since is None or second >= since)
        and (until is None or second < until)
        and who in {None, name}
    ]
    assert found.schema.names == ["number", "noted_at", "who", "purpose", "scope", "count"]
    read = found.select(["number", "noted_at"]).to_pydict()
    assert list(zip(read["number"], read["noted_at"], strict=True)) == expected


def test_postgresql_and_sqlite_read_between_the_same_moments(kept, monkeypatch):
    start = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
    clock = [start + dt.timedelta(seconds=s) for s in range(4)]
    monkeypatch.setattr(audit_module, "_now", iter(clock).__next__)
    shanghai = dt.timezone(dt.timedelta(hours=8))
    with AuditLog.open(kept.store) as log:
        for _ in clock:
            log.note(READ)
        found = log.read(since=clock[1].astimezone(shanghai), until=clock[3])
    assert found.column("noted_at").to_pylist() == clock[1:3]


@pytest.mark.parametrize("name", ["since", "until"])
def test_a_moment_without_a_zone_is_refused(tmp_path, name):
    with (
        AuditLog.open(tmp_path / "a.db") as log,
        pytest.raises(ArgumentError, match=rf"`{name}` must have a time zone, got"),
    ):
        log.read(**{name: dt.datetime(2026, 7, 1)})  # noqa: DTZ001 - what is refused


def test_an_answer_leaves_when_it_is_noted(kept):
    with AuditLog.open(kept.store) as log:
        answer = audited(log, who="社区-07", purpose="岗位推荐", scope="persons:read")
        assert rows(kept) == []
        assert answer(lambda: TWO) is TWO
        assert answer(lambda: TWO.slice(0, 0)).num_rows == 0
    assert rows(kept) == [(1, *ROW[:3], 2), (2, *ROW[:3], 0)]


def test_an_answer_that_cannot_be_noted_does_not_leave(kept):
    answers = []
    with AuditLog.open(kept.store, busy_timeout_s=0.05) as log:
        answer = audited(log, who="a", purpose="b", scope="c")
        with kept.held(), pytest.raises(AuditError, match="or no read of persons is answered"):
            answers.append(answer(lambda: TWO))
        assert answers == []
        assert rows(kept) == []
        assert answer(lambda: TWO) is TWO


def test_nothing_is_read_for_somebody_who_cannot_be_noted(tmp_path):
    with (
        AuditLog.open(tmp_path / "a.db") as log,
        pytest.raises(ArgumentError, match="`who` must be a text that is not blank"),
    ):
        audited(log, who="", purpose="b", scope="c")


def test_a_read_that_fails_has_no_entry(tmp_path):
    with AuditLog.open(tmp_path / "a.db") as log:
        answer = audited(log, who="a", purpose="b", scope="c")
        with pytest.raises(ZeroDivisionError, match="division"):
            answer(lambda: 1 // 0)
        assert log.read().num_rows == 0
