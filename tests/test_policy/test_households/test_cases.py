"""Cases as they are kept: each contradiction is told, nothing is dropped, later days are hidden."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from geo_match.errors import ArgumentError
from geo_match.policy.households.cases import FAULTS, STEPS, known_on, read_cases


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


def test_a_case_of_which_no_day_is_known_is_kept_on_every_day():
    assert len(known_on(read(case()), dt.date(2000, 1, 1))) == 1


def test_cases_without_a_household_are_refused():
    with pytest.raises(ArgumentError, match=r"`cases.household` must not be null, got rows 0"):
        read_cases(pd.DataFrame({"household": [None]}))
    with pytest.raises(ArgumentError, match="`cases` must have the columns household"):
        read_cases(pd.DataFrame({"id": ["1"]}))
