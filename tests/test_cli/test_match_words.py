"""What a match tells of the store that it read is told in the language that was asked for."""

from __future__ import annotations

import pytest

from geo_match.cli.match_command import HELP
from geo_match.cli.match_words import doing_words, read_lines
from geo_match.matching.criteria.conditions import ALL


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            (
                "1,200 seekers and 1 job of s.db as of cursor 7@e",
                "  the read of the seekers is noted in s.db.audit",
            ),
        ),
        (
            "zh",
            (
                "s.db：求职者1,200名，招聘信息1条，截至变更位置 7@e",
                "  本次读取求职者已记入 s.db.audit",
            ),
        ),
    ],
)
def test_what_was_read_of_a_store_is_told_in_either_language(language, lines):
    assert read_lines(1_200, 1, "s.db", "7@e", "s.db.audit", language=language) == lines


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_help_names_each_condition_in_both_languages(one):
    assert f"{one.name} {one.chinese}" in HELP


def test_a_bar_says_in_either_language_what_is_done():
    assert [doing_words("matching", language) for language in ("en", "zh")] == [
        "matching",
        "正在匹配",
    ]
