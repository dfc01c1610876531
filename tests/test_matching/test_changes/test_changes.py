"""Pairs that entered or left, held to the twin at both times; what is read, and what it costs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_matching import stores, strategies
from test_matching.answers import DISTANCE_M, asked, twin
from test_matching.pairs import ON
from test_matching.stores import employer, job, put, seeker
from test_matching.told_changes import OPTIONS, changes, row, rows_of

import geo_match as gm
from geo_match.errors import ArgumentError
from geo_match.matching import plain as twins
from geo_match.matching.changes import changes as changes_module
from geo_match.matching.changes.changes import CAUSES, match_changes
from geo_match.store import (
    AuditError,
    AuditLog,
    Cursor,
    CursorError,
    EpochError,
    HorizonError,
    audited,
)


def judged(store, cursor, options):
    """Judge each pair as of a place in the feed, with the plain twin."""
    seekers, jobs = stores.both_as_of(store, cursor)
    return {
        (one["id"], other["id"]): twins.judge(one, other, twin(options))
        for one in seekers
        for other in jobs
    }


CHANGES = (stores.CITY, st.lists(stores.EDITS, max_size=4), strategies.options())

OTHERS = (st.none() | strategies.options(), st.lists(stores.EDITS, max_size=2))


@settings(max_examples=25)
@given(st.tuples(*CHANGES), st.tuples(*OTHERS))
def test_what_entered_and_left_is_the_difference_of_two_plain_answers(new_store, world, others):
    (city, edits, options), (other, rest) = world, others
    before_options = options if other is None else other
    with new_store() as store:
        stores.fill(store, city)
        since = store.cursor()
        for edit in edits:
            stores.apply(store, edit)
        until = store.cursor()
        for edit in rest:
            stores.apply(store, edit)
        found = changes(
            store,
            since,
            asked(options),
            options_before=None if other is None else asked(other),
            until=until,
        )
        before, after = judged(store, since, before_options), judged(store, until, options)
        differing = [
            {record["id"] for record in of_one if record not in of_other}
            | {record["id"] for record in of_other if record not in of_one}
            for of_one, of_other in zip(
                stores.both_as_of(store, since), stores.both_as_of(store, until), strict=True
            )
        ]
    expected = {}
    for pair in before.keys() | after.keys():
        was, now = before.get(pair), after.get(pair)
        matched, matches = bool(was and was["matches"]), bool(now and now["matches"])
        if matched != matches:
            match, rest_of = (now, was) if matches else (was, now)
            turned = ",".join(rest_of["stands_in_way"]) if rest_of else ""
            expected[pair] = ("entered" if matches else "left", turned, match["distance_m"])
    rows = found.pairs.to_dict("records")
    assert [(one["seeker_id"], one["job_id"]) for one in rows] == sorted(expected)
    for one in rows:
        change, turned, distance_m = expected[one["seeker_id"], one["job_id"]]
        assert (one["change"], one["conditions"]) == (change, turned)
        assert one["distance_m"] == pytest.approx(distance_m, abs=DISTANCE_M)
        causes = one["causes"].split(",")
        assert causes == [cause for cause in CAUSES if cause in causes]
        assert one["cause"] == causes[0]
        # Nothing is a cause that is the same at both times.
        if one["seeker_id"] not in differing[0]:
            assert not any(cause.startswith("seeker") for cause in causes)
        if one["job_id"] not in differing[1]:
            assert not any(cause.startswith(("job", "employer")) for cause in causes)
        if other is None:
            assert not {"rule_changed", "day_changed"} & set(causes)
        elif options["on"] == other["on"]:
            assert "day_changed" not in causes
    assert found.cursor == until
    assert found.missing == 0


@settings(max_examples=10)
@given(*CHANGES)
def test_answers_one_after_the_other_add_up_to_one(new_store, city, edits, options):
    with new_store() as store:
        stores.fill(store, city)
        since = place = store.cursor()
        pairs = {}
        for edit in edits:
            stores.apply(store, edit)
            found = changes(store, place, asked(options))
            place = found.cursor
            for one in found.pairs.to_dict("records"):
                pair = one["seeker_id"], one["job_id"]
                # What entered and left again was never there, and the other way round.
                if pairs.pop(pair, one["change"]) == one["change"]:
                    pairs[pair] = one["change"]
        whole = changes(store, since, asked(options)).pairs
    told = zip(whole["seeker_id"], whole["job_id"], whole["change"], strict=True)
    assert {(one, other): change for one, other, change in told} == pairs


def test_many_seekers_are_judged_anew_some_after_the_other(store, monkeypatch):
    monkeypatch.setattr(changes_module, "_AT_ONCE", 2)
    put(store, "seekers", *(seeker(id=f"S{i}") for i in range(1, 6)))
    since = store.cursor()
    put(store, "seekers", seeker(id="S0"), seeker(id="S3", shift="night"))
    narrow = gm.MatchOptions(on=ON, radius_m=500.0)
    found = changes(store, since, options_before=narrow)
    assert rows_of(found) == [
        row("entered", "seeker_came", ids=("S0", "J1")),
        *(row("entered", "rule_changed", "distance", (f"S{i}", "J1")) for i in (1, 2, 4, 5)),
    ]


def test_a_change_that_no_condition_reads_judges_nothing(store):
    since = store.cursor()
    put(store, "jobs", job(id="J1", title="收银员", location_accuracy_m=99.0))
    put(store, "employers", employer() | {"name": "另一个"})
    found = changes(store, since)
    assert (len(found), found.n_judged, found.n_reached) == (0, 0, 0)
    assert found.cursor == store.cursor() != since


def test_a_jobs_change_judges_only_the_seekers_whom_it_reaches_before_or_after(new_store):
    rng = np.random.default_rng(5)
    lon, lat = rng.uniform(117.2, 117.6, 400), rng.uniform(32.8, 33.0, 400)
    places = dict(zip((f"S{i:03}" for i in range(400)), zip(lon, lat, strict=True), strict=True))
    old, new = (117.3, 32.9), (117.5, 32.92)
    with new_store() as store:
        put(store, "employers", employer())
        put(store, "seekers", *(seeker(id=k, lon=x, lat=y) for k, (x, y) in places.items()))
        put(store, "jobs", *(job(id=f"J{k}", lon=x, lat=y) for k, (x, y) in places.items()))
        put(store, "jobs", job(id="J", lon=old[0], lat=old[1]))
        since = store.cursor()
        put(store, "jobs", job(id="J", lon=new[0], lat=new[1]))
        noted = []

        def counting(read):
            answer = read()
            noted.append(len(answer))
            return answer

        found = match_changes(store, since, OPTIONS, audited=counting)
    reached = [
        {
            name
            for name, (x, y) in places.items()
            if gm.geodesic_distance(lon1=x, lat1=y, lon2=place[0], lat2=place[1]) <= 3000.0
        }
        for place in (old, new)
    ]
    n = sum(map(len, reached))
    assert found.n_reached == found.n_judged == n
    left, entered = reached
    expected = [row("left", "job_moved", "distance", (one, "J")) for one in left]
    expected += [row("entered", "job_moved", "distance", (one, "J")) for one in entered]
    assert rows_of(found) == sorted(expected, key=lambda one: one["seeker_id"])
    # Nor are others read, but for those in the corners of the boxes around the circles.
    assert len(noted) == 1
    assert n <= noted[0] <= n * 2


def test_a_seekers_change_judges_only_the_jobs_whom_it_reaches(new_store):
    with new_store() as store:
        put(store, "employers", employer())
        put(store, "jobs", *(job(id=f"J{i:02}", lon=117.3 + i * 0.02) for i in range(20)))
        put(store, "seekers", seeker(id="S1", lon=117.3), seeker(id="S2", lon=117.5))
        since = store.cursor()
        put(store, "seekers", seeker(id="S1", lon=117.3, wage_floor_cny=9000))
        found = changes(store, since)
    assert rows_of(found) == [
        row("left", "seeker_changed", "wage", ("S1", name)) for name in ("J00", "J01")
    ]
    assert found.n_reached == 4
    assert found.n_judged == 4


@pytest.mark.parametrize("n", [64, 65])
def test_many_changes_read_all_the_others_and_have_the_same_answer(new_store, n):
    with new_store() as store:
        put(store, "employers", employer())
        put(store, "seekers", *(seeker(id=f"S{i:02}", lon=117.0 + i * 0.1) for i in range(n)))
        since = store.cursor()
        put(store, "jobs", *(job(id=f"J{i:02}", lon=117.0 + i * 0.1) for i in range(n)))
        found = changes(store, since)
    assert rows_of(found) == [
        row("entered", "job_opened", ids=(f"S{i:02}", f"J{i:02}")) for i in range(n)
    ]


def test_where_too_many_are_reached_it_goes_through_fewer_changes(store):
    put(store, "seekers", seeker(id="S2"))
    since = start = store.cursor()
    for number in range(5):
        put(store, "jobs", job(id=f"J{number + 2}"))
    pages = []
    while since != store.cursor():
        page = changes(store, since, most_reached=5)
        assert page.n_reached <= 5
        pages.append(page)
        since = page.cursor
    assert [len(page) for page in pages] == [4, 2, 4]
    told = [one for page in pages for one in rows_of(page)]
    whole = rows_of(changes(store, start, most_reached=10))
    assert sorted(told, key=lambda one: (one["seeker_id"], one["job_id"])) == whole
    rule = r"`most_reached` must be no less than what one change reaches, got 1\. Ask by a smaller"
    with pytest.raises(ArgumentError, match=rule):
        changes(store, start, most_reached=1)
    with pytest.raises(ArgumentError, match="what all that is judged anew reaches"):
        changes(store, start, most_reached=1, options_before=gm.MatchOptions(on=ON, radius_m=10))
    with pytest.raises(ArgumentError, match="`most_reached` must be"):
        changes(store, start, most_reached=0)


def test_whoever_is_erased_is_counted_and_not_named(store):
    put(store, "seekers", seeker(id="S2"))
    since = store.cursor()
    store.erase("seekers", "S1", reason="R-7")
    found = changes(store, since)
    assert rows_of(found) == []
    assert found.missing == 1
    assert changes(store, found.cursor).missing == 0


def test_a_seeker_who_is_removed_is_named(store):
    since = store.cursor()
    store.remove("seekers", ["S1"])
    assert rows_of(changes(store, since)) == [row("left", "seeker_left")]


def test_since_the_beginning_all_matches_entered(store):
    found = changes(store, 0)
    assert rows_of(found) == [row("entered", "job_opened,seeker_came")]
    assert found.since == Cursor(store.cursor().epoch, 0)


def test_a_read_is_noted_with_the_number_of_persons(store, tmp_path):
    since = store.cursor()
    put(store, "jobs", job(id="J2"))
    with AuditLog.open(tmp_path / "store.db") as audit:
        noted = audited(audit, who="社区-07", purpose="推荐", scope="persons:read")
        assert len(match_changes(store, since, OPTIONS, audited=noted)) == 1
        assert audit.read().column("count").to_pylist() == [1]


def test_a_read_that_nothing_notes_is_refused(store):
    rule = r"`audited` must be what notes a read of persons, got NoneType\. Write `audited\(Audit"
    with pytest.raises(ArgumentError, match=rule):
        match_changes(store, 0, OPTIONS, audited=None)


def test_what_was_asked_before_is_options_too(store):
    with pytest.raises(ArgumentError, match="`options_before` must be `MatchOptions` or None"):
        match_changes(store, 0, OPTIONS, audited=lambda read: read(), options_before={"limit": 3})


def test_changes_are_named_by_their_size(store):
    found = changes(store, 0)
    assert repr(found) == f"MatchChanges(1 entered, 0 left, from {found.since} to {found.cursor})"


def test_a_read_that_cannot_be_noted_has_no_answer(store, tmp_path):
    audit = AuditLog.open(tmp_path / "store.db")
    noted = audited(audit, who="社区-07", purpose="推荐", scope="persons:read")
    audit.close()
    with pytest.raises(AuditError, match="audit"):
        match_changes(store, 0, OPTIONS, audited=noted)


def test_a_cursor_before_the_horizon_is_refused(store):
    since = store.cursor()
    put(store, "jobs", job(id="J1", filled=3))
    store.forget_before(store.cursor())
    with pytest.raises(HorizonError, match="earlier ones are gone"):
        changes(store, since)


def test_a_cursor_of_another_epoch_or_beyond_the_end_is_refused(store):
    with pytest.raises(EpochError, match="epoch"):
        changes(store, Cursor("e" * 32, 1))
    with pytest.raises(CursorError, match="from 0 to"):
        changes(store, 99)
    with pytest.raises(ArgumentError, match="`until` must not lie before `since`"):
        changes(store, store.cursor(), until=0)
