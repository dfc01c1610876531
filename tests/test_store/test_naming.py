"""Why a person's record was removed is kept, and so names nobody; an erasure takes the words."""

from __future__ import annotations

import pytest
from test_store.family import HOME, LI, WANG, erase, filled, left_of, put

from geo_match.errors import ArgumentError
from geo_match.store.forgetting._public_text import check_names_nobody

WORDS = "迁往外地"


@pytest.fixture
def full(store):
    """A family in a store, one of whom had another name before."""
    put(store, "seekers", {**WANG, "name": "王旧名"})
    return filled(store)


@pytest.mark.parametrize(
    ("kind", "id_", "text"),
    [
        *(("seekers", WANG["id"], text) for text in (WANG["id"], WANG["name"], WANG["address"])),
        ("seekers", WANG["id"], "王旧名"),  # as it was
        ("seekers", WANG["id"], "qz-70001"),  # in small letters
        ("seekers", WANG["id"], "ＱＺ－７０００１"),  # in wide ones
        ("seekers", WANG["id"], HOME["address"]),  # of the household
        ("seekers", LI["id"], "王小明"),  # the head of her household
        ("spells", "S-1", WANG["name"]),  # the person whom it names
        ("spells", "S-1", WANG["id"]),
        ("services", "F-2", LI["name"]),
        ("households", HOME["id"], HOME["head_name"]),
        ("households", HOME["id"], LI["name"]),  # one of its seekers
        ("households", HOME["id"], LI["id"]),
    ],
)
def test_a_reason_that_repeats_what_the_records_say_of_a_person_is_refused(full, kind, id_, text):
    reason = f"{text}迁出"
    with pytest.raises(ArgumentError, match="`reason` must say nothing personal") as caught:
        full.check_removal(kind, id_, reason=reason)
    assert text not in str(caught.value)
    full.check_removal(kind, id_, reason=WORDS)


def test_what_others_are_called_and_what_one_letter_says_tells_nobody(full):
    put(full, "seekers", {"id": "迁", "name": "往"})
    full.check_removal("seekers", "迁", reason=WORDS)
    full.check_removal("spells", "S-2", reason="王小明")  # of LI's, who only lives with him
    full.check_removal("seekers", "nobody", reason=WANG["name"])  # nothing is known of nobody


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ("王 小明", "王小明迁出"),
        ("王小明", "王 小\u3000明 迁出"),
        ("Li  Ming", "li ming moved"),
        ("Li Ming", "迁出LIMING"),
        ("25", "25年前迁出"),
        ("25", "迁出２５"),
        ("up", "duplicate of up."),
        ("K-7", "与K-7重复"),
    ],
)
def test_spaces_hide_nobody_and_neither_does_what_is_no_letter_beside(known, reason):
    with pytest.raises(ArgumentError, match="what the records say of the person"):
        check_names_nobody("reason", reason, {"another", known})


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ("25", "2025年迁出"),
        ("25", "迁出251人之一"),
        ("up", "duplicate"),
        ("ID", "ＩＤＥＮＴＩＣＡＬ"),
        ("K-7", "与K-70001重复"),
        ("i n", "inside"),
        (" 迁 ", "迁出"),
        ("  ", "a  b"),
    ],
)
def test_what_is_only_part_of_a_word_or_a_number_tells_nobody(known, reason):
    check_names_nobody("reason", reason, {"another", known})


@pytest.mark.parametrize("kind", ["seekers", "jobs"])
def test_no_reason_has_a_number_of_a_person_whatever_it_is_of(full, kind):
    for reason, told in (("call 138 1234 5678", "a phone number"), (" ", "not blank")):
        with pytest.raises(ArgumentError, match=told):
            full.check_removal(kind, "x", reason=reason)


def test_an_erasure_takes_the_words_with_which_a_record_was_removed_before(full):
    full.remove("spells", ["S-1"], cause="看错的话")
    full.remove("services", ["F-2"], cause="别人的话")
    full.remove("seekers", [WANG["id"]], cause="王小明的妻子说他走了")
    before = list(full.changes())
    assert [one.cause for one in before if one.op == "remove"] == [
        *("看错的话", "别人的话"),
        "王小明的妻子说他走了",
    ]
    erase(full)
    after = list(full.changes())
    assert [one.cause for one in after if one.op == "remove"] == ["remove", "别人的话", "remove"]
    assert left_of(full, "看错的话", "妻子") == []
    # Nothing else of a change is another than before, but for what it said of the person.
    for was, now in zip(before, after, strict=False):
        assert (now.seq, now.committed_at, now.key, now.op) == (
            *(was.seq, was.committed_at, was.key),
            was.op,
        )
        if was.op != "remove":
            assert now.cause == was.cause
