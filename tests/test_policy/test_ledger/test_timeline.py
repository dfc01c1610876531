"""The status on a day is a function of the spells, whatever order they come in."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_match.errors import ArgumentError
from geo_match.policy.ledger import STATUSES, Timeline

DAY_0 = dt.date(2024, 2, 20)  # so that a leap day lies among them
DAYS = [DAY_0 + dt.timedelta(days=one) for one in range(16)]
PEOPLE = ("S1", "S2", "S3")
SOURCES = ("self", "survey", "employer", "platform_export")
COLUMNS = ["id", "person", "status", "start", "end", "source", "verified_by", "verified_on"]


def spell(id_, person, status, start, end=None, *, source=None, verified_by=None, verified_on=None):
    return dict(
        zip(
            COLUMNS,
            (id_, person, status, start, end, source, verified_by, verified_on),
            strict=True,
        )
    )


def timeline(*spells):
    return Timeline.of(pd.DataFrame(list(spells), columns=COLUMNS))


def day(number):
    return DAY_0 + dt.timedelta(days=number)


@st.composite
def ledgers(draw):
    rows = []
    for number in range(draw(st.integers(0, 9))):
        start = draw(st.integers(-2, 14))
        lasts = draw(st.integers(-2, 8) | st.none())
        checked = draw(st.booleans())
        rows.append(
            spell(
                f"SP{number}",
                draw(st.sampled_from(PEOPLE[:2])),
                draw(st.sampled_from(STATUSES[:4])),
                day(start),
                None if lasts is None else day(start + lasts),
                source=draw(st.sampled_from(SOURCES) | st.none()),
                verified_by="visit" if checked else None,
                verified_on=day(draw(st.integers(-2, 14))) if checked else None,
            )
        )
    return rows


def brute_force(rows, person, on):
    """Return the status by trying every spell, as the module's first lines put it into words."""
    best = None
    for row in rows:
        end = row["end"] or dt.date.max
        if row["person"] != person or not row["start"] <= on <= end:
            continue
        source = -1 if row["source"] is None else SOURCES.index(row["source"])
        rank = (
            row["start"],
            row["verified_by"] is not None,
            source,
            row["verified_on"] or dt.date.min,
            end,
            STATUSES.index(row["status"]),
            row["id"],
        )
        if best is None or rank > best[0]:
            best = rank, row["status"]
    return None if best is None else best[1]


@settings(max_examples=20)
@given(ledgers())
def test_the_status_on_each_day_is_that_of_trying_every_spell(rows):
    told = timeline(*rows)
    asked = [(person, on) for person in PEOPLE for on in DAYS]
    answer = told.at([person for person, _ in asked], [on for _, on in asked])
    assert list(answer) == [brute_force(rows, person, on) for person, on in asked]
    frame = told.on(DAYS[5], people=PEOPLE)
    said = [one if isinstance(one, str) else None for one in frame["status"]]
    assert said == [brute_force(rows, person, DAYS[5]) for person in PEOPLE]


@settings(max_examples=20)
@given(ledgers(), st.randoms(use_true_random=False))
def test_the_order_in_which_records_arrive_does_not_matter(rows, shuffler):
    shuffled = list(rows)
    shuffler.shuffle(shuffled)
    one, other = timeline(*rows).stretches(), timeline(*shuffled).stretches()
    pd.testing.assert_frame_equal(one, other)


@settings(max_examples=20)
@given(ledgers())
def test_a_period_worked_out_at_once_is_the_same_as_day_by_day(rows):
    at_once = timeline(*rows).daily(DAYS[0], DAYS[-1])
    for on in DAYS:
        known = {row["person"] for row in rows}
        told = [brute_force(rows, person, on) for person in known]
        counted = {status: told.count(status) for status in STATUSES}
        assert at_once.loc[pd.Timestamp(on)].to_dict() == counted


@settings(max_examples=20)
@given(ledgers())
def test_stretches_of_a_person_never_overlap_and_cover_what_the_spells_do(rows):
    told = timeline(*rows).stretches()
    covered = {person: [] for person in PEOPLE}
    for person, first, last in zip(told["person"], told["first"], told["last"], strict=True):
        end = DAYS[-1] if pd.isna(last) else last.date()
        n = (end - first.date()).days + 1
        covered[person] += [first.date() + dt.timedelta(days=one) for one in range(n)]
    for person, days in covered.items():
        assert len(days) == len(set(days))
        said = {on for on in DAYS if brute_force(rows, person, on) is not None}
        assert said == set(days) & set(DAYS)


def test_of_overlapping_spells_the_one_that_began_last_counts_and_then_the_earlier_again():
    told = timeline(
        spell("A", "S1", "employed", day(0), day(10)),
        spell("B", "S1", "studying", day(3), day(5)),
    )
    assert [told.at(["S1"], day(one))[0] for one in (2, 3, 5, 6, 10, 11)] == [
        "employed",
        "studying",
        "studying",
        "employed",
        "employed",
        None,
    ]


@pytest.mark.parametrize(
    ("weaker", "stronger"),
    [
        ({}, {"verified_by": "phone_check"}),
        ({"source": "employer"}, {"source": "platform_export"}),
        (
            {"verified_by": "visit", "verified_on": day(1)},
            {"verified_by": "visit", "verified_on": day(2)},
        ),
    ],
)
def test_of_two_that_begin_on_one_day_the_better_known_one_counts(weaker, stronger):
    # By its id the weaker one would win.
    told = timeline(
        spell("Z", "S1", "employed", day(0), **weaker),
        spell("A", "S1", "flexible", day(0), **stronger),
    )
    assert told.on(day(4)).loc[0, "spell"] == "A"


def test_a_spell_lasts_through_its_last_day_and_an_open_one_goes_on():
    told = timeline(
        spell("A", "S1", "employed", dt.date(2024, 2, 1), dt.date(2024, 2, 29)),
        spell("B", "S1", "unemployed", dt.date(2024, 3, 1)),
    )
    days = [dt.date(2024, 1, 31), dt.date(2024, 2, 29), dt.date(2024, 3, 1), dt.date(2199, 1, 1)]
    assert list(told.at(["S1"] * 4, days)) == [None, "employed", "unemployed", "unemployed"]


def test_a_run_of_one_status_goes_over_several_spells_and_ends_at_a_gap():
    told = timeline(
        spell("A", "S1", "unemployed", day(0), day(3)),
        spell("B", "S1", "unemployed", day(4), day(6)),
        spell("C", "S1", "unemployed", day(8)),
    )
    runs = [told.on(day(one)).loc[0, "run_since"].date() for one in (3, 5, 9)]
    assert runs == [day(0), day(0), day(8)]


def test_what_says_no_days_counts_on_none():
    told = timeline(
        spell("A", "S1", "employed", day(5), day(4)),
        spell("B", "S1", "employed", None),
        spell("C", "S1", None, day(0)),
        spell("D", None, "employed", day(0)),
    )
    assert told.at(["S1"], day(5))[0] is None
    assert told.on(day(5))["status"].isna().all()


def test_without_spells_nobody_has_a_status():
    told = timeline()
    assert list(told.at(["S1"], day(0))) == [None]
    assert told.on(day(0)).empty
    assert told.daily(day(0), day(1)).to_numpy().sum() == 0


def test_a_status_that_is_none_is_refused():
    with pytest.raises(
        ArgumentError, match=r"`spells\.status` must be one of employed, .*'asleep'"
    ):
        timeline(spell("A", "S1", "asleep", day(0)))


def test_a_day_that_is_none_is_refused():
    with pytest.raises(ArgumentError, match=r"`spells\.start` must hold days without a zone"):
        timeline(spell("A", "S1", "employed", "soon"))


def test_days_must_be_as_many_as_persons():
    with pytest.raises(
        ArgumentError, match=r"`on` must be one day, or have as many .*\(1\), got 2"
    ):
        timeline(spell("A", "S1", "employed", day(0))).at(["S1"], [day(0), day(1)])


def test_a_moment_is_no_day():
    with pytest.raises(ArgumentError, match=r"`on` must be a day"):
        timeline().at(["S1"], dt.datetime(2024, 1, 1, tzinfo=dt.UTC))


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(ArgumentError, match="`last` must not lie before 2024-02-21"):
        timeline().daily(day(1), day(0))


def test_a_missing_column_is_named():
    with pytest.raises(ArgumentError, match="none called status, start"):
        Timeline.of(pd.DataFrame({"person": ["S1"]}))


def test_the_shipped_citys_spells_say_one_status_for_everybody_on_the_day_of_its_data(shipped_city):
    spells = pd.read_parquet(shipped_city / "history" / "spells.parquet")
    seekers = pd.read_parquet(shipped_city / "seekers.parquet", columns=["id", "status"])
    told = Timeline.of(spells).at(seekers["id"], dt.date(2025, 12, 31))
    assert list(told) == list(seekers["status"])


def test_a_year_of_the_city_at_once_is_the_same_year_counted_day_by_day(shipped_city):
    spells = pd.read_parquet(shipped_city / "history" / "spells.parquet")
    first, last = dt.date(2024, 1, 1), dt.date(2024, 12, 31)
    at_once = Timeline.of(spells).daily(first, last)
    assert len(at_once) == 366
    end = spells["end"].fillna(pd.Timestamp("2099-12-31").as_unit("ms"))
    for day in at_once.index[::5]:
        # No two spells of the city overlap: those of a day are counted as they stand.
        that_day = spells.loc[(spells["start"] <= day) & (end >= day), "status"]
        counted = that_day.value_counts().reindex(STATUSES, fill_value=0)
        assert at_once.loc[day].tolist() == counted.tolist()
