"""Reasons and jobs in words, as they are read aloud."""

from __future__ import annotations

import pytest

from geo_match.policy.due import REASON_NAMES, REASONS
from geo_match.policy.due.words import contradiction_words, due_words, job_words

JOB = {
    "title": "保洁员",
    "employer": "示例物业",
    "distance_m": 846.2,
    "basis": "geodesic",
    "wage_low_cny": 2200.0,
    "wage_high_cny": 2600.0,
    "wage_unit": "month",
}


@pytest.mark.parametrize(
    ("changed", "zh", "en"),
    [
        (
            {},
            "保洁员，示例物业，直线850米，2,200–2,600元/月",
            "保洁员, 示例物业, 850 m in a straight line, CNY 2,200–2,600 a month",
        ),
        (
            {"distance_m": 2960.0, "basis": "walking", "employer": None},
            "保洁员，步行3.0公里，2,200–2,600元/月",
            "保洁员, 3.0 km on foot, CNY 2,200–2,600 a month",
        ),
        (
            {"distance_m": 996.0, "wage_high_cny": 2200.0},
            "保洁员，示例物业，直线1.0公里，2,200元/月",
            "保洁员, 示例物业, 1.0 km in a straight line, CNY 2,200 a month",
        ),
        (
            {"wage_low_cny": None, "wage_high_cny": None},
            "保洁员，示例物业，直线850米，薪资面议",
            "保洁员, 示例物业, 850 m in a straight line, pay not stated",
        ),
        (
            {"wage_low_cny": None, "wage_high_cny": 21.0, "wage_unit": "hour"},
            "保洁员，示例物业，直线850米，21元/小时",
            "保洁员, 示例物业, 850 m in a straight line, CNY 21 a hour",
        ),
    ],
)
def test_a_job_is_read_with_its_employer_distance_and_pay(changed, zh, en):
    assert job_words(JOB | changed) == (zh, en)


def test_every_reason_has_a_name_and_a_sentence_in_both_languages():
    assert set(REASON_NAMES) == set(REASONS)
    said = {"day": "2025-01-01", "since": "2024-07-01", "group": "veteran", "group_zh": "退役军人"}
    for reason in set(REASONS) - {"result_contradicts"}:
        zh, en = due_words(reason, **said, days=30)
        assert zh
        assert en
        assert zh != en


@pytest.mark.parametrize("result", ["employed", "refused", "moved_away", "wrong_number"])
@pytest.mark.parametrize("status", ["registered_unemployed", None])
def test_a_contradicted_result_is_told_with_its_day_in_both_languages(result, status):
    zh, en = contradiction_words(result, "2025-12-01", status)
    assert zh != en
    assert "2025-12-01" in zh
    assert "2025-12-01" in en
    assert "None" not in zh + en


def test_a_household_without_a_day_is_told_so():
    assert due_words("household_clock", day=None)[0] == "零就业家庭，帮扶期限不详"
