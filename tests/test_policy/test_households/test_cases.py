"""Cases as they are kept: each contradiction is told, nothing is dropped, later days are hidden."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from geo_match.errors import ArgumentError
from geo_match.policy.households.cases import FAULTS, STEPS, known_on, read_cases, versions


def day(text):
    return None if text is None else dt.date.fromisoformat(f"2025-{text}")


def case(household="H", by=None, reason=None, **days):
    steps = {f"{name}_on": day(text) for name, text in days.items()}
    return {"household": household, "cleared_by": by, "closed_reason": reason} | steps


def read(*cases):
    return read_cases(
        pd.DataFrame(cases, columns=["household", *STEPS, "cleared_by", "closed_reason"])
    )


WHOLE = {
    "suspected": "01-01",
    "applied": "01-02",
    "verified": "01-03",
    "helped": "01-04",
    "cleared": "01-05",
    "closed": "01-05",
}


@pytest.mark.parametrize(
    ("cases", "faults"),
    [
        ([case(by="S", reason="cleared", **WHOLE)], ""),
        ([case(suspected="01-01")], ""),
        ([case()], "no_day"),
        ([case(suspected="01-02", applied="01-01")], "out_of_order"),
        ([case(applied="01-05", closed="01-04", reason="withdrew")], "out_of_order"),
        ([case(suspected="01-01", applied="01-01", verified="01-01")], ""),
        ([case(suspected="01-01", verified="01-02")], "not_applied"),
        ([case(reason="cleared", **WHOLE)], "nobody_named"),
        ([case(suspected="01-01", closed="01-02", reason="cleared")], "no_day_of_clearing"),
        ([case(by="S", reason="withdrew", **WHOLE)], "two_ends"),
        ([case(suspected="01-01", closed="01-03", reason="withdrew"), case(suspected="01-03")], ""),
        ([case(suspected="01-01", closed="01-03"), case(suspected="01-02")], "two_at_once"),
        ([case(suspected="01-01"), case(suspected="01-02")], "two_at_once"),
        ([case("G", by="S", **WHOLE), case("H", by="S", **WHOLE)], "clears_two"),
    ],
)
def test_what_is_wrong_with_a_case_is_told(cases, faults):
    assert set(read(*cases)["faults"]) == {faults}
    assert not faults or faults in FAULTS


def test_a_long_case_overlaps_each_of_several_short_ones():
    told = read(
        case(suspected="01-01", closed="02-01"),
        case(suspected="01-02", closed="01-03"),
        case(suspected="01-05", closed="01-06"),
        case(suspected="02-01"),
    )
    assert told["faults"].tolist() == ["two_at_once"] * 3 + [""]


def test_cases_are_named_by_household_and_number_unless_they_have_ids():
    told = read(case("H", suspected="02-01"), case("G"), case("H", suspected="01-01"))
    assert told["case"].tolist() == ["G#1", "H#1", "H#2"]
    assert told["begun_on"].iloc[1] == pd.Timestamp("2025-01-01")
    own = read_cases(pd.DataFrame({"household": ["H"], "id": ["LJ-7"]}))
    assert own["case"].tolist() == ["LJ-7"]


def test_of_a_day_what_came_later_is_not_known_yet():
    whole = read(case(by="S", reason="cleared", **WHOLE))
    for n in range(6):
        then = known_on(whole, dt.date(2025, 1, n)) if n else known_on(whole, dt.date(2024, 12, 31))
        if n == 0:
            assert then.empty
            continue
        known = then[list(STEPS)].notna().to_numpy()[0].tolist()
        assert known == [at < n or n == 5 for at in range(6)]
        assert (then["cleared_by"][0], then["closed_reason"][0]) == (
            ("S", "cleared") if n == 5 else (None, None)
        )


@pytest.mark.parametrize(
    ("cases", "fault", "from_day"),
    [
        # verified 2 March, cleared 1 November, helped a month later: none of it stands in May.
        (
            [case(applied="03-01", verified="03-02", cleared="11-01", helped="12-01", by="S")],
            "out_of_order",
            "12-01",
        ),
        ([case(suspected="01-02", applied="01-01")], "out_of_order", "01-02"),
        ([case(suspected="01-01", verified="01-02")], "not_applied", "01-02"),
        ([case(suspected="01-01", cleared="01-05")], "nobody_named", "01-05"),
        ([case(suspected="01-01"), case(suspected="02-01")], "two_at_once", "02-01"),
        (
            [
                case("G", by="S", suspected="01-01", cleared="01-05"),
                case("H", by="S", suspected="01-01", cleared="03-05"),
            ],
            "clears_two",
            "03-05",
        ),
    ],
)
def test_a_fault_is_told_from_the_day_on_which_it_can_be_known(cases, fault, from_day):
    whole = read(*cases)
    assert fault in whole["faults"].iloc[0]
    on = day(from_day)
    assert fault in known_on(whole, on)["faults"].iloc[0]
    eve = known_on(whole, on - dt.timedelta(1))
    assert fault not in ",".join(eve["faults"])


def test_between_its_versions_nothing_of_a_case_changes():
    whole = read(
        case("G", suspected="01-03", applied="01-01", helped="01-06", closed="01-06"),
        case("H", by="S", reason="cleared", **WHOLE),
        case("I", helped="01-04", closed="01-02", reason="moved_away"),
    )
    told = versions(whole)
    columns = [one for one in whole.columns if one != "faults"]
    since = told["known_from"].fillna(pd.Timestamp(1999, 1, 1))
    for n in range(1, 9):
        on = dt.date(2025, 1, n)
        of_day = told[since <= pd.Timestamp(on)].groupby("number").tail(1)
        pd.testing.assert_frame_equal(
            of_day[columns].reset_index(drop=True), known_on(whole, on)[columns]
        )


def test_a_case_of_which_no_day_is_known_is_kept_on_every_day():
    assert len(known_on(read(case()), dt.date(2000, 1, 1))) == 1


def test_cases_without_a_household_are_refused():
    with pytest.raises(ArgumentError, match=r"`cases.household` must not be null, got rows 0"):
        read_cases(pd.DataFrame({"household": [None]}))
    with pytest.raises(ArgumentError, match="`cases` must have the columns household"):
        read_cases(pd.DataFrame({"id": ["1"]}))
