"""Ids, free text and codes."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_match import codes
from geo_match.intake.values import Context, parse
from geo_match.intake.values.cells import parse_unique
from geo_match.records import RECORDS
from geo_match.records.arrow import type_of

CARD = "11010519491231002X"
CELL = st.text(st.sampled_from("0123456789０１X=+-@'H家 \t\u3000年月日元天、是否"), max_size=10)


@pytest.mark.parametrize("kind", RECORDS)
@given(data=st.data())
def test_a_cell_is_judged_alike_alone_and_in_any_column(kind, data):
    spec = data.draw(st.sampled_from(list(RECORDS[kind].specs().values())))
    texts = data.draw(st.lists(CELL, min_size=1, max_size=8))
    context = Context(today=dt.date(2025, 12, 31))

    def judged(column):
        found = parse(spec, column, context)
        assert found.value.type == type_of(spec.about.kind)
        rules = [set() for _ in range(len(column))]
        for one in (*found.faults, *found.notes):
            for at in one.at.tolist():
                rules[at].add(one.rule)
        return list(zip(found.value.to_pylist(), rules, strict=True))

    whole = judged(pa.chunked_array([texts[:3], texts[3:]], type=pa.string()))
    assert whole == [judged(pa.chunked_array([[text]], type=pa.string()))[0] for text in texts]


def test_white_space_and_wide_characters_leave_ids_with_a_note(parsed):
    values, faults, notes = parsed("households", "id", [" H1", "Ｈ１", "H1\u3000", "家１", ""])
    assert values == ["H1", "H1", "H1", "家1", None]
    assert faults == {}
    assert sorted(notes) == [0, 1, 2, 3]


def test_texts_keep_their_wide_characters_and_lose_white_space(parsed):
    values, _, notes = parsed("sites", "address", ["３号楼（北）", " 东风路 ", None])
    assert values == ["３号楼（北）", "东风路", None]
    assert list(notes) == [1]


@pytest.mark.parametrize(
    ("kind", "field"), [("households", "id"), ("households", "remark"), ("jobs", "occupation")]
)
def test_a_nul_character_which_no_database_need_take_is_refused(parsed, kind, field):
    values, faults, _ = parsed(kind, field, ["1\0", "\0", "普工"])
    assert values == [None, None, "普工"]
    assert sorted(faults) == [0, 1]


def test_lengths_are_held_to_the_models_at_both_bounds(parsed):
    assert sorted(parsed("households", "id", ["x" * 64, "x" * 65])[1]) == [1]
    assert sorted(parsed("households", "remark", ["家" * 2_000, "家" * 2_001])[1]) == [1]


def test_an_id_card_number_in_an_id_or_a_text_is_a_fault(parsed):
    for field in ("id", "remark"):
        values, faults, _ = parsed("households", field, [CARD, f"号{CARD}。", "110105194912310020"])
        assert values[:2] == [None, None]
        assert sorted(faults) == [0, 1, 2]  # the last with a wrong check character
    assert parsed("seekers", "occupation", [CARD])[1] == {0: ["must not hold an ID-card number"]}


def test_text_like_a_formula_is_kept_with_a_note_and_a_number_without(parsed):
    texts = ["=1+1", "+已走访", "-电话未接通", "@甲", "-3", "+86", "a=b"]
    values, faults, notes = parsed("households", "remark", texts)
    assert (values, faults) == (texts, {})
    assert sorted(notes) == [0, 1, 2, 3]


def test_a_list_of_texts_is_read_at_each_of_its_separators(parsed):
    texts = [
        "电工证、焊工证",
        "电工证,焊工证",
        "电工证，焊工证;",
        " 电工证；焊工证/电工证",
        "C1（准驾）",
    ]
    values, faults, notes = parsed("seekers", "certificates", texts)
    assert values == [["电工证", "焊工证"]] * 4 + [["C1（准驾）"]]
    assert (faults, list(notes)) == ({}, [3])  # the white space
    whole = parsed("seekers", "certificates", ["", None, "无", "没有", "不详", "/", "、"])
    assert whole[0] == [None, None, [], [], None, None, None]
    assert (whole[1], sorted(whole[2])) == ({}, [4, 5, 6])


def test_a_list_of_texts_may_come_as_a_list(parsed):
    lists = pa.chunked_array([[["电工证", "焊工证、C1"], []], [None, ["电工证", None], [None]]])
    values, faults, _ = parsed("seekers", "certificates", lists)
    assert values == [["电工证", "焊工证", "C1"], [], None, ["电工证"], None]
    assert faults == {}


def test_each_text_of_a_list_is_held_to_the_rules_of_texts(parsed):
    texts = [
        f"电工证、{CARD}",
        "3.4E+17、电工证",
        f"{'证' * 2_000}、C1",
        f"C1、{'证' * 2_001}",
        "=A1、C1",
    ]
    values, faults, notes = parsed("seekers", "certificates", texts)
    assert values == [None, None, ["证" * 2_000, "C1"], None, ["=A1", "C1"]]
    assert [faults[at] for at in (0, 1, 3)] == [
        ["must not hold an ID-card number"],
        ["must not be a number that a spreadsheet has shortened"],
        ["must have at most 2,000 characters"],
    ]
    assert sorted(faults) == [0, 1, 3]
    assert list(notes) == [4]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("电工证\n焊工证", ["电工证", "焊工证"]),
        ("电工证。", ["电工证"]),
        ('["电工证", "焊工证"]', ["电工证", "焊工证"]),
        ("[]", []),
        ("无。", []),
        ("无、无", []),
        ("n/a", None),
    ],
)
def test_a_list_of_texts_is_read_as_people_write_it(parsed, text, names):
    values, faults, notes = parsed("seekers", "certificates", [text])
    assert (values, faults) == ([names], {})
    assert bool(notes) == (names is None)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("电工证、无", "must not say 无 or 不详 beside something else"),
        ("不详\n电工证", "must not say 无 or 不详 beside something else"),
        ("0", "must be names, not a number alone"),
        ("1、电工证", "must be names, not a number alone"),
        ("['电工证']", "must be names with 、 between them, or a JSON list of names"),
        ("[null]", "must be names with 、 between them, or a JSON list of names"),
        ("[1]", "must be names with 、 between them, or a JSON list of names"),
        ("[" * 20_000 + "]", "must be names with 、 between them, or a JSON list of names"),
    ],
)
def test_a_list_of_texts_that_names_none_is_a_fault(parsed, text, rule):
    assert parsed("seekers", "certificates", [text, "C1"]) == ([None, ["C1"]], {0: [rule]}, {})


def test_a_list_of_texts_that_may_be_meant_otherwise_has_a_note(parsed):
    texts = ["健康证 驾驶证", "电工 高级", "1.电工证", "叉车证 N1", "1.5吨叉车证"]
    values, faults, notes = parsed("seekers", "certificates", texts)
    assert values == [
        ["健康证", "驾驶证"],
        ["电工 高级"],
        ["1.电工证"],
        ["叉车证 N1"],
        ["1.5吨叉车证"],
    ]
    assert (faults, sorted(notes)) == ({}, [0, 1, 2])
    assert len({rule for (rule,) in notes.values()}) == 3


def test_a_renumbered_code_finds_its_community_and_an_unknown_one_is_a_fault(parsed):
    context = Context(
        renumbered={"340304100201": "340304101224"}, communities=frozenset({"340304101224"})
    )
    texts = ["340304100201", "340304101224", "340304101999", "3.40304E+11", "340304101224.0", "34"]
    values, faults, notes = parsed("households", "community", texts, context)
    now = "340304101224"
    assert values == [now, now, None, None, now, None]
    assert sorted(faults) == [2, 3, 5]
    assert list(notes) == [0]
    # Where it is not known which communities there are, every code of the right form passes.
    assert parsed("households", "community", texts[2:3])[1] == {}


def test_a_code_that_another_community_has_now_is_not_taken_for_an_old_one(parsed):
    context = Context(
        renumbered={"340304100201": "340304101224"},
        communities=frozenset({"340304100201", "340304101224"}),
    )
    assert parsed("households", "community", ["340304100201"], context)[0] == ["340304100201"]


def test_credit_codes_and_phones_are_kept_as_their_checks_keep_them(parsed):
    good, bad = "91110000600037341L", "91110000600037341K"
    texts = [good, good.lower(), bad, "", "不详", f" {good}"]
    values, faults, notes = parsed("employers", "credit_code", texts)
    assert values == [good, good, None, None, None, good]
    assert list(faults) == [2]
    assert sorted(notes) == [1, 4, 5]
    texts = ["13805521234", "+86 138 0552 1234", "（0552）3012345转801", "1380552"]
    values, faults, _ = parsed("seekers", "phone", texts)
    assert values == [codes.check_phone(text) for text in texts[:3]] + [None]
    assert list(faults) == [3]


def test_an_occupation_that_the_standard_has_not_keeps_its_text_with_a_note(parsed):
    texts = ["401", "4-01-01", "4", "119", "000", "普工", "x" * 65]
    values, faults, notes = parsed("seekers", "occupation", texts)
    assert values == ["401", "40101", "4", "119", "000", "普工", None]
    assert sorted(notes) == [3, 4, 5]
    assert list(faults) == [6]
    assert parsed("employers", "industry", ["F52", "零售业", "Z99"])[0] == ["F52", "F52", None]


def test_members_are_a_list_or_its_json(parsed):
    members = [{"birth_year": 1990, "status": "employed"}, {"birth_year": 2020, "status": None}]
    texts = [
        '[{"birth_year": 1990, "status": "employed"}, {"birth_year": 2020}]',
        '[{"birth_year": 1899}]',
        "三口人",
        "[" * 10_000,
    ]
    values, faults, _ = parsed("households", "members", texts)
    assert values == [members, None, None, None]
    assert sorted(faults) == [1, 2, 3]
    assert parsed("households", "members", pa.chunked_array([pa.array([members])]))[0] == [members]


def test_areas_are_plain_polygons_on_earth(parsed):
    square = "POLYGON ((117 32, 118 32, 118 33, 117 32))"
    texts = [
        square,
        "MULTIPOLYGON (((117 32, 118 32, 118 33, 117 32)))",
        "POLYGON ((117 32, 118 33, 118 32, 117 33, 117 32))",
        "POLYGON ((500000 32, 118 32, 118 33, 500000 32))",
        "POINT (117 32)",
        "GEOMETRYCOLLECTION (" * 100_000,
        "POLYGON ((117 32, 118 32))",
        "POLYGON EMPTY",
    ]
    values, faults, _ = parsed("communities", "area", texts)
    assert values == [*texts[:3], *[None] * 5]  # crossings are judged where an area is kept
    assert sorted(faults) == [3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("seekers", "id"),
        ("seekers", "household"),
        ("seekers", "phone"),
        ("employers", "credit_code"),
    ],
)
def test_a_number_that_a_spreadsheet_shortened_is_refused(parsed, kind, field):
    assert field in RECORDS[kind].specs()
    values, faults, _ = parsed(kind, field, ["3.40302E+17", "1E+12", "3.40302E+017"])
    assert values == [None, None, None]
    rule = "must not be a number that a spreadsheet has shortened"
    assert faults == {0: [rule], 1: [rule], 2: [rule]}


def test_each_different_text_is_read_once():
    seen = []

    def read(text, note):
        del note
        seen.append(text)
        return text

    column = pa.chunked_array([np.array(["a", "b"] * 1_000).tolist()])
    found = parse_unique(column, pa.string(), read)
    assert seen == ["a", "b"]
    assert found.value.to_pylist() == ["a", "b"] * 1_000
