"""Occupations of a list: checked by the table that is loaded, and kept as they were written."""

from __future__ import annotations

import pytest

from geo_match.intake.lists.records_file import read_records
from geo_match.intake.values import Context
from geo_match.taxonomy import OCCUPATIONS_VERSION, Group, Occupations

MINOR = [Group("40101", 3, "营业人员", "401"), Group("40102", 3, "推销、展销人员", "401")]
FINER = Context(occupations=Occupations.finer(MINOR))
OTHER = Context(
    occupations=Occupations.finer(
        [Group("4", 1, "社会生产服务人员", ""), Group("401", 2, "批发零售人员", "4")],
        version="大典 2022",
    )
)
TEXTS = ["4-01-01", "40103", "4010277", "4-02-01", "普工", "301"]


@pytest.mark.parametrize(
    ("context", "noted", "version"),
    [
        (Context(), [4], OCCUPATIONS_VERSION),
        (FINER, [1, 3, 4], OCCUPATIONS_VERSION),
        (OTHER, [3, 4, 5], "大典 2022"),
    ],
    ids=["shipped", "finer", "other"],
)
def test_a_code_that_the_table_has_not_keeps_its_text_with_a_note(parsed, context, noted, version):
    values, faults, notes = parsed("jobs", "occupation", TEXTS, context)
    assert values == ["40101", "40103", "4010277", "40201", "普工", "301"]
    assert faults == {}
    rules = {
        at: f"is not in the table of {version}"
        if context.occupations.longest_known(TEXTS[at])
        else f"must be a code of {version}"
        for at in noted
    }
    assert notes == {at: [rule] for at, rule in rules.items()}
    assert context.occupations.longest_known("40103") == "401"


def test_the_note_says_what_a_code_counts_as_that_a_finer_table_has_not(tmp_path):
    deeper = [*MINOR, Group("4010201", 4, "推销员", "40102")]
    context = Context(occupations=Occupations.finer(deeper))
    path = tmp_path / "求职人员.csv"
    texts = ["4-01-02-01", "4-01-02-99", "4-01-01-99", "4-02-99", "4-01-99", "5-01-01", "普工"]
    rows = "".join(f"S{at},{text}\n" for at, text in enumerate(texts, 1))
    path.write_text(f"求职编号,职业\n{rows}", encoding="utf-8")
    found = read_records(path, "seekers", context=context)
    assert found.records["occupation"].to_pylist()[1] == "4010299"
    assert {one.row: one.remedy for one in found.notes} == {
        2: "It keeps its text and counts as 4-01-02.",
        3: "It keeps its text and counts as 4-01-01.",
        4: "It keeps its text and counts as 4-02.",
        5: "It keeps its text and counts as 4-01.",
        7: "Its text was kept; it is compared with no other.",
    }
    assert {one.rule for one in found.notes if one.row < 7} == {
        f"is not in the table of {OCCUPATIONS_VERSION}"
    }


@pytest.mark.parametrize("kind", ["seekers", "jobs"])
def test_a_list_that_names_no_edition_means_that_of_the_table(tmp_path, kind):
    path = tmp_path / "list.csv"
    headers = {"seekers": "求职编号,职业", "jobs": "招聘编号,经营主体编号,岗位名称,职业"}[kind]
    row = "A,4010101" if kind == "seekers" else "A,E1,营业员,4010101"
    path.write_text(f"{headers}\n{row}\n", encoding="utf-8")
    for context in (Context(), OTHER):
        records = read_records(path, kind, context=context).records
        assert records["occupation_version"].to_pylist() == [context.occupations.version]
    said = path.with_name("said.csv")
    said.write_text(f"{headers},occupation_version\n{row},大典 2015\n", encoding="utf-8")
    records = read_records(said, kind, context=OTHER).records
    assert records["occupation_version"].to_pylist() == ["大典 2015"]
