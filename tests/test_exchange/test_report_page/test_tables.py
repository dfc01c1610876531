"""Tables: worst first, each community once, and what is kept back is never shown as 0."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_exchange.test_report_page.pages import Read, community_frame, nullable

from geo_match.exchange.report_page.figures import Figures
from geo_match.exchange.report_page.tables import (
    community_table,
    level_table,
    ranked,
)
from geo_match.exchange.report_page.words import Words

_IN = Figures(Words("en"), published=False)
_OUT = Figures(Words("en"), published=True)


def _rows(markup):
    return Read(markup).rows()


_COUNTS = st.lists(
    st.tuples(st.none() | st.integers(0, 4), st.none() | st.integers(0, 4)), max_size=8
)


@given(_COUNTS)
def test_the_worst_come_first_and_what_is_not_known_last(counts):
    frame = pd.DataFrame(
        {
            "kind": "community",
            "code": [f"{7 * at % 10}-{at}" for at in range(len(counts))],
            "below": pd.array([below for below, _ in counts], dtype="Int64"),
            "people": pd.array([people for _, people in counts], dtype="Int64"),
        }
    )

    def key(row):
        below, people = row["below"], row["people"]
        if pd.isna(below):
            return (1, 0, 0, row["code"])
        share = below / people if not pd.isna(people) and people > 0 else 0
        return (0, -below, -share, row["code"])

    expected = [row["code"] for row in sorted(frame.to_dict("records"), key=key)]
    assert ranked(frame)["code"].tolist() == expected


def test_who_is_outside_is_not_among_the_communities():
    frame = community_frame(4)
    assert len(frame) == 5
    assert sorted(ranked(frame)["code"]) == sorted(frame["code"].iloc[:4])


def test_a_table_has_the_frames_figures_as_text():
    frame = community_frame(5, with_outside=False)
    frame.loc[0, "reason_no_location"] = 1
    table = _rows(community_table(_IN, frame, range(1, 6), caption="x"))
    assert [row["Rank"] for row in table] == ["1", "2", "3", "4", "5"]
    for row, expected in zip(table, frame.to_dict("records"), strict=True):
        assert row["Code"] == expected["code"]
        assert row["Name"] == expected["name"]
        assert int(row["People"]) == expected["people"]
        assert int(row["Reached"]) == expected["reached"]
        assert int(row["Below the standard"]) == expected["below"]
        share = float(row["Reached share"].rstrip("%")) / 100
        assert share == pytest.approx(expected["reached_share"], abs=0.0005)
        below = expected["below"]
        reason = f"Nothing within the radius ({below})" if below else "—"
        reason = "No location (1)" if expected["reason_no_location"] else reason
        assert row["Main reason (people)"] == reason


def test_what_is_kept_back_is_dots_and_never_nought():
    frame = nullable(community_frame(5, with_outside=False))
    table = _rows(community_table(_OUT, frame, range(1, 6), caption="x"))
    for row, expected in zip(table, frame.to_dict("records"), strict=True):
        for head, name in (("People", "people"), ("Below the standard", "below")):
            if pd.isna(expected[name]):
                assert row[head] == "…"
            else:
                assert int(row[head]) == expected[name]
        assert row["Main reason (people)"] == "…"
    assert frame["below"].isna().all()


def test_no_reason_is_the_main_one_where_one_is_kept_back():
    row = {"reason_a": 20, "reason_b": pd.NA}
    assert _OUT.main_reason(row, ["reason_a", "reason_b"]) == "…"
    assert _OUT.main_reason({"reason_too_few": 20}, ["reason_too_few"]) == "Some, but too few (20)"


def test_the_only_reason_of_a_table_is_told_above_it_once():
    frame = community_frame(5, with_outside=False)
    written = community_table(_IN, frame, range(1, 6), caption="x")
    assert "in all rows of this table: Nothing within the radius." in Read(written).text()
    assert "Main reason (people)" not in _rows(written)[0]
    # One that may be there is not left out.
    frame["reason_no_location"] = pd.array([0, 0, None, 0, 0], dtype="Int64")
    written = community_table(_OUT, frame, range(1, 6), caption="x")
    assert [row["Main reason (people)"] for row in _rows(written)][2] == "…"
    # Of nobody there is no reason to tell.
    assert "Main reason" in community_table(
        _IN,
        frame.assign(below=0, reason_no_location=0, reason_none_in_circle=0),
        range(1, 6),
        caption="x",
    )


def test_that_everybody_has_a_place_is_told_above_a_table_once():
    frame = community_frame(3, with_outside=False)
    read = Read(community_table(_IN, frame, range(1, 4), caption="x"))
    assert read.text().count("Everybody has a place.") == 1
    assert "Located share" not in read.rows()[0]
    for located, shown in (([1.0, 0.5, 1.0], "50.0%"), ([1.0, float("nan"), 1.0], "—")):
        parted = frame.assign(located_share=located)
        read = Read(community_table(_IN, parted, range(1, 4), caption="x"))
        assert read.rows()[1]["Located share"] == shown
        assert "Everybody has a place." not in read.text()
    # A share that is published is rounded: 100 % need not be everybody.
    assert "Located share" in community_table(_OUT, frame, range(1, 4), caption="x")


def test_of_nobody_no_share_is_kept_back():
    frame = community_frame(2, with_outside=False)
    frame[["people", "located", "reached", "below"]] = 0
    frame[["located_share", "reached_share", "in_reach_median", "distance_median_m"]] = pd.NA
    frame.loc[1, "below"] = None
    rows = _rows(level_table(_OUT, frame, level="hukou", names={}, caption="x"))
    missing = ("Located share", "Reached share", "Median in reach", "Median metres to enough")
    assert {row[name] for row in rows for name in missing} == {"—"}
    assert [row["Below the standard"] for row in rows] == ["0", "…"]
    frame["located"] = pd.array([None, None], dtype="Int64")
    rows = _rows(level_table(_OUT, frame, level="hukou", names={}, caption="x"))
    assert {row["Located share"] for row in rows} == {"—"}
    assert {row["Reached share"] for row in rows} == {"…"}


def test_the_first_of_two_reasons_as_frequent_is_named():
    row = {"reason_too_few": 3, "reason_no_location": 3}
    assert _IN.main_reason(row, list(row)) == "Some, but too few (3)"


def test_a_row_outside_and_a_group_without_a_value_are_told_in_words():
    frame = community_frame(2)
    table = _rows(level_table(_IN, frame, level="street", names={}, caption="x"))
    assert table[-1]["Code"] == "Outside all communities"
    group = frame.assign(kind="group", code=["town", None, "country"], name=None)
    table = _rows(level_table(_IN, group, level="hukou", names={}, caption="x"))
    assert [row["Code"] for row in table] == ["town", "Not stated", "country"]
    assert "Name" not in table[0]


def test_names_come_from_the_frame_else_from_what_is_given():
    frame = community_frame(2, with_outside=False).assign(name=["own", None])
    names = {frame["code"][0]: "other", frame["code"][1]: "given"}
    table = _rows(level_table(_IN, frame, level="street", names=names, caption="x"))
    assert [row["Name"] for row in table] == ["own", "given"]


def test_columns_of_the_people_tell_the_rows_apart_whatever_they_are_called():
    frame = community_frame(2, with_outside=False)
    frame.insert(3, "hukou", ["town", "country"])
    frame.insert(4, "amount", ["much", "little"])
    table = _rows(level_table(_IN, frame, level="street by amount", names={}, caption="x"))
    assert [row["hukou"] for row in table] == ["town", "country"]
    assert [row["Amount"] for row in table] == ["much", "little"]
    published = pd.DataFrame(frame.drop(columns=["kind", "code", "name", "geometry"]))
    table = _rows(level_table(_OUT, published, level="hukou", names={}, caption="x"))
    assert [row["hukou"] for row in table] == ["town", "country"]
