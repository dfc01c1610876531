"""What is wrong in a ledger is told, each fault once, with the records and a remedy."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_match.policy.ledger import FAULTS, Timeline, ledger_faults
from geo_match.policy.ledger.faults import COLUMNS

ON = dt.date(2025, 12, 31)
SEEKER = {"id": "S1", "birth_year": 1990, "sex": "male", "status": "employed"}


def spells(*rows):
    columns = ["id", "person", "status", "start", "end", "verified_by", "verified_on"]
    filled = [{**dict.fromkeys(columns), **one} for one in rows]
    return pd.DataFrame(filled, columns=columns)


def row(id_, status, start, end=None, **more):
    return {"id": id_, "person": "S1", "status": status, "start": start, "end": end, **more}


def faults(*rows, **more):
    return ledger_faults(spells(*rows), ON, **more)


def only(found, kind):
    """Return the one fault there is, which is of a kind."""
    assert list(found["fault"]) == [kind]
    return found.iloc[0]


GOOD = (row("A", "unemployed", "2024-01-01", "2024-06-30"), row("B", "employed", "2024-07-01"))


def test_a_sound_ledger_has_no_faults_and_all_the_columns():
    found = faults(*GOOD, seekers=pd.DataFrame([SEEKER]))
    assert found.empty
    assert list(found.columns) == list(COLUMNS)


def test_overlapping_spells_are_told_with_both_and_their_common_days():
    found = only(faults(row("A", "unemployed", "2024-01-01", "2024-07-05"), GOOD[1]), "overlap")
    assert (found["record"], found["other"]) == ("B", "A")
    assert (str(found["first"].date()), str(found["last"].date())) == ("2024-07-01", "2024-07-05")
    assert found["found"] == "unemployed → employed"
    assert "结束在后一条开始的前一天" in found["zh_remedy"]


def test_a_spell_within_an_older_longer_one_is_told_of_that_one():
    found = faults(
        row("A", "employed", "2024-01-01"),
        row("B", "studying", "2024-02-01", "2024-02-10"),
        row("C", "studying", "2024-03-01", "2024-03-10"),
    )
    pairs = found.loc[found["fault"] == "overlap", ["record", "other"]].to_numpy().tolist()
    assert pairs == [["B", "A"], ["C", "A"]]


def test_days_of_which_nothing_is_said_are_a_gap():
    found = only(faults(row("A", "unemployed", "2024-01-01", "2024-06-28"), GOOD[1]), "gap")
    assert (str(found["first"].date()), str(found["last"].date())) == ("2024-06-29", "2024-06-30")


def test_an_end_before_the_start_is_told():
    found = only(faults(row("A", "employed", "2024-01-02", "2024-01-01")), "end_before_start")
    assert found["record"] == "A"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"person": None}, "no person"),
        ({"status": None}, "no status"),
        ({"start": None}, "no start"),
    ],
)
def test_what_a_spell_lacks_is_named(more, said):
    assert only(faults(row("A", "employed", "2024-01-01") | more), "incomplete")["found"] == said


@pytest.mark.parametrize(
    "late",
    [
        row("A", "employed", "2026-01-01"),
        row("A", "employed", "2025-01-01", "2026-01-01"),
        row("A", "employed", "2025-01-01", verified_by="visit", verified_on="2026-01-01"),
    ],
)
def test_a_day_after_the_ledgers_is_told_and_its_own_day_is_not(late):
    only(faults(late), "future")
    last = {key: "2025-12-31" if one == "2026-01-01" else one for key, one in late.items()}
    assert faults(last).empty


def test_a_service_after_the_ledgers_day_is_told():
    services = pd.DataFrame(
        {"id": ["V1", "V2"], "person": "S1", "on": ["2025-12-31", "2026-01-01"]}
    )
    assert only(faults(*GOOD, services=services), "future")["record"] == "V2"


def test_a_verification_before_the_spell_or_half_a_one_is_told():
    early = row("A", "employed", "2024-02-01", verified_by="visit", verified_on="2024-01-31")
    only(faults(early), "verified_before_start")
    only(faults(row("A", "employed", "2024-02-01", verified_by="visit")), "verification_incomplete")


def test_two_spells_of_one_id_are_both_told():
    found = faults(GOOD[0], GOOD[1] | {"id": "A"})
    assert list(found["fault"]) == ["repeated_id", "repeated_id"]


@pytest.mark.parametrize(
    ("before", "after", "is_fault"),
    [
        ("retired", "registered_unemployed", True),
        ("employed", "under_age", True),
        ("under_age", "retired", True),
        ("incapable", "registered_unemployed", False),
        ("registered_unemployed", "employed", False),
        ("employed", "employed", False),
    ],
)
def test_changes_that_no_rule_allows_are_told(before, after, is_fault):
    found = faults(row("A", before, "2024-01-01", "2024-06-30"), row("B", after, "2024-07-01"))
    assert list(found["fault"]) == (["transition"] if is_fault else [])


def test_a_change_over_a_gap_is_no_change_from_one_day_to_the_next():
    found = faults(
        row("A", "retired", "2024-01-01", "2024-06-29"),
        row("B", "registered_unemployed", "2024-07-01"),
    )
    assert list(found["fault"]) == ["gap"]


@pytest.mark.parametrize(
    ("born", "start", "kind"),
    [
        (2009, "2008-12-31", "before_birth"),
        (2009, "2009-01-01", "below_working_age"),
        (2009, "2024-12-31", "below_working_age"),  # at most 15, whenever the birthday is
        (2009, "2025-01-01", None),  # 16 on this day if born on it
        (2009, "2025-12-31", None),
    ],
)
def test_work_before_birth_or_working_age_is_told_where_it_is_sure(born, start, kind):
    people = pd.DataFrame([SEEKER | {"birth_year": born}])
    found = faults(row("A", "employed", start), seekers=people)
    assert list(found["fault"]) == ([kind] if kind else [])


@pytest.mark.parametrize(
    ("sex", "born", "start", "is_fault"),
    [
        ("male", 1963, "2024-12-31", True),  # 60 on 31 December 2023 at the latest
        ("male", 1964, "2024-06-01", False),  # may be 59
        ("female", 1968, "2024-12-31", True),  # 55 as a cadre in 2023
        ("female", 1970, "2024-12-31", False),
        ("male", 1965, "2025-12-31", False),  # the age rises from 2025 on: 60 and some months
        (None, 1963, "2024-12-31", True),
    ],
)
def test_who_has_retired_for_sure_cannot_be_registered_as_unemployed(sex, born, start, is_fault):
    people = pd.DataFrame([SEEKER | {"birth_year": born, "sex": sex, "status": None}])
    found = faults(row("A", "registered_unemployed", start), seekers=people)
    assert list(found["fault"]) == (["beyond_working_age"] if is_fault else [])


def test_a_spell_of_nobody_known_and_somebody_without_a_spell_are_told():
    people = pd.DataFrame([SEEKER, SEEKER | {"id": "S2"}])
    found = faults(*GOOD, row("C", "employed", "2024-01-01") | {"person": "S9"}, seekers=people)
    told = found[["fault", "person"]].to_numpy().tolist()
    assert told == [["unknown_person", "S9"], ["no_spell", "S2"]]


def test_a_record_that_says_another_status_than_the_ledger_is_told_unless_it_is_closed():
    differing = SEEKER | {"status": "unemployed"}
    found = only(faults(*GOOD, seekers=pd.DataFrame([differing])), "status_differs")
    assert found["found"] == "unemployed / employed"
    closed = differing | {"closed_on": "2025-12-31", "close_reason": "hired"}
    assert faults(*GOOD, seekers=pd.DataFrame([closed])).empty


def test_a_reason_of_closing_that_the_status_after_it_contradicts_is_told():
    closed = SEEKER | {"closed_on": "2024-07-01", "close_reason": "retired"}
    found = only(faults(*GOOD, seekers=pd.DataFrame([closed])), "closing_differs")
    assert found["found"] == "retired / employed"
    for reason in ("hired", "moved_away"):
        people = pd.DataFrame([closed | {"close_reason": reason}])
        assert faults(*GOOD, seekers=people).empty


@pytest.mark.parametrize("result", ["employed", "willing", "refused", "moved_away"])
def test_who_is_said_to_be_at_work_and_recorded_otherwise_is_told(result):
    spell = row("A", "unemployed", "2024-01-01")
    services = pd.DataFrame(
        {"id": ["V1"], "person": ["S1"], "on": ["2025-12-01"], "result": [result]}
    )
    found = faults(spell, services=services)
    if result != "employed":
        assert found.empty  # what these ask for is an act of the office, not another status
        return
    one = only(found, "result_differs")
    assert (one["record"], one["found"]) == ("V1", "employed / unemployed")
    assert (str(one["first"].date()), str(one["last"].date())) == ("2025-12-01", "2025-12-31")
    assert "补记就业状态记录" in one["zh_remedy"]
    closed = SEEKER | {"status": None, "closed_on": "2025-12-05"}
    assert faults(spell, services=services, seekers=pd.DataFrame([closed])).empty


def test_every_kind_has_words_in_both_languages():
    for words in FAULTS.values():
        assert all(text.strip() for text in words)
        assert words.zh != words.en


DAY = st.integers(0, 30)


@settings(max_examples=20)
@given(st.lists(st.tuples(DAY, st.integers(-3, 12) | st.none()), max_size=7))
def test_overlaps_are_told_exactly_where_two_spells_share_a_day(spans):
    begin = dt.date(2024, 2, 15)
    rows = [
        row(
            f"SP{at}",
            "employed",
            begin + dt.timedelta(days=start),
            None if lasts is None else begin + dt.timedelta(days=start + lasts),
        )
        for at, (start, lasts) in enumerate(spans)
    ]
    sound = [one for one in rows if one["end"] is None or one["end"] >= one["start"]]
    expected = any(
        max(one["start"], other["start"]) <= min(one["end"] or ON, other["end"] or ON)
        for at, one in enumerate(sound)
        for other in sound[:at]
    )
    found = faults(*rows)
    assert (found["fault"] == "overlap").any() == expected
    assert (found["fault"] == "end_before_start").sum() == len(rows) - len(sound)


def test_nothing_is_lost_each_spell_has_days_or_a_fault():
    table = spells(
        *GOOD,
        row("C", "employed", "2024-01-02", "2024-01-01"),
        row("D", None, "2024-01-01"),
        row("E", "employed", None),
    )
    told = Timeline.of(table)
    found = ledger_faults(told, ON)
    assert {*told.stretches()["spell"]} | {*found["record"]} == set("ABCDE")


def test_the_shipped_citys_ledger_is_sound(shipped_city):
    read = pd.read_parquet
    people = [
        read(shipped_city / f"{one}.parquet").drop(columns="geometry")
        for one in ("seekers", "history/former_seekers")
    ]
    found = ledger_faults(
        read(shipped_city / "history" / "spells.parquet"),
        ON,
        seekers=pd.concat(people),
        services=read(shipped_city / "history" / "services.parquet"),
    )
    assert found.empty
