"""Records: good ones are kept, each field refuses what it must."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from test_codes.by_hand import cards
from test_records.examples import BAD, GOOD

from geo_match import taxonomy
from geo_match.records import RECORDS, Household, Job, Kind, Seeker
from geo_match.records.types import texts_in


@pytest.mark.parametrize("kind", RECORDS)
def test_a_good_record_is_kept_and_comes_back_the_same(kind):
    model = RECORDS[kind]
    record = model(**GOOD[kind])
    assert set(record.model_fields_set) == set(GOOD[kind])
    assert model(**record.model_dump()) == record
    assert model.model_validate_json(record.model_dump_json()) == record


@pytest.mark.parametrize("kind", RECORDS)
def test_what_is_required_and_nothing_else_is(kind):
    model = RECORDS[kind]
    required = {name for name, spec in model.specs().items() if spec.required}
    model(**{name: GOOD[kind][name] for name in required})
    for name in required:
        with pytest.raises(ValidationError, match=rf"{name}\n  Field required"):
            model(**{other: value for other, value in GOOD[kind].items() if other != name})


@pytest.mark.parametrize(("kind", "change", "said"), BAD)
def test_a_bad_value_is_refused(kind, change, said):
    with pytest.raises(ValidationError, match=re.escape(said)):
        RECORDS[kind](**(GOOD[kind] | change))


def test_bounds_are_inclusive():
    for kind, model in RECORDS.items():
        for name, spec in model.specs().items():
            for bound in (spec.least, spec.most):
                if bound is not None and name not in {"lon", "lat"}:
                    partial = {field: GOOD[kind][field] for field in _required(model)}
                    assert getattr(model(**partial, **{name: bound}), name) == bound
    corners = [(-180, -90), (180, 90), (-0.0, 0.0)]
    assert [Household(id="1", lon=lon, lat=lat).lat for lon, lat in corners] == [-90, 90, 0]


def _required(model):
    return [name for name, spec in model.specs().items() if spec.required]


def test_records_do_not_change():
    with pytest.raises(ValidationError, match="frozen"):
        Household(id="1").remark = "x"


def test_codes_are_kept_in_one_form():
    seeker = Seeker(
        id=" 1 ", occupation="6-10", phone="（0552）3012345", community="３４0302001001"
    )
    assert seeker.id == "1"
    assert seeker.occupation == "610"
    assert seeker.phone == "0552-3012345"
    assert seeker.community == "340302001001"


def test_unknown_is_null_and_zero_is_a_value():
    assert Job(id="1", title="x").vacancies is None
    assert Job(id="1", title="x", vacancies=0).vacancies == 0
    assert Seeker(id="1").groups is None
    assert Seeker(id="1", groups=[]).groups == ()
    assert Seeker(id="1").certificates is None
    assert Seeker(id="1", certificates=[]).certificates == ()


def test_certificates_are_kept_one_by_one_and_none_twice():
    written = [" 电工证、焊工证 ", "焊工证,叉车证；健康证/电工证", "健康证;驾驶证，叉车证"]
    kept = ("电工证", "焊工证", "叉车证", "健康证", "驾驶证")
    assert Seeker(id="1", certificates=written).certificates == kept
    assert Seeker(id="1", certificates=kept).certificates == kept


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("电工证\n焊工证\r\n叉车证", ["电工证", "焊工证", "叉车证"]),
        ("电工证|焊工证｜叉车证", ["电工证", "焊工证", "叉车证"]),
        ("电工证+焊工证 ＋ 叉车证", ["电工证", "焊工证", "叉车证"]),
        ("电工证／焊工证", ["电工证", "焊工证"]),
        ("电工证。焊工证。", ["电工证", "焊工证"]),
        ("电工证、焊工证. ", ["电工证", "焊工证"]),
        ("健康证 驾驶证\u3000会计证书", ["健康证", "驾驶证", "会计证书"]),
        ("健康证 驾驶证（C1）", ["健康证 驾驶证（C1）"]),
        ("职业资格证 书", ["职业资格证 书"]),
        ("电工 高级证", ["电工 高级证"]),
        ("C++、英语B+", ["C++", "英语B+"]),
        ("3.4E+17", ["3.4E+17"]),
        ("Word 2.0 A.B", ["Word 2.0 A.B"]),
        (" . 。\n|", []),
    ],
)
def test_a_text_is_parted_into_the_texts_that_it_names(written, names):
    assert texts_in(written) == names


@given(st.lists(st.text("证书工A1E+＋.．。、|／\n\r \u3000\x1f", max_size=12), max_size=4))
def test_what_was_parted_is_not_parted_again(written):
    names = texts_in("、".join(written))
    assert texts_in("、".join(names)) == names
    assert all(texts_in(name) == [name] for name in names)


@given(st.text("证工A1+＋.．。、|／\n\r \u3000", min_size=1, max_size=12))
def test_a_text_that_the_schema_takes_names_at_least_one(written):
    try:
        kept = Seeker(id="1", certificates=[written]).certificates
    except ValidationError:
        return
    assert kept


def test_each_record_says_which_edition_its_codes_belong_to():
    assert Seeker(id="1").occupation_version == taxonomy.OCCUPATIONS_VERSION
    assert Job(id="1", title="x", occupation_version="大典 2022").occupation_version == "大典 2022"
    assert RECORDS["employers"](id="1", name="x").industry_version == taxonomy.INDUSTRIES_VERSION


@given(cards)
def test_no_text_takes_an_id_card_number_and_no_message_shows_it(card):
    for kind, model in RECORDS.items():
        for name, spec in model.specs().items():
            if spec.about.kind in {Kind.ID, Kind.REFERENCE, Kind.TEXT, Kind.OCCUPATION}:
                with pytest.raises(ValidationError) as caught:
                    model(**(GOOD[kind] | {name: card}))
                assert name in str(caught.value)
                assert card not in str(caught.value)
                assert card[6:14] not in str(caught.value)
            if spec.about.kind is Kind.TEXTS:
                with pytest.raises(ValidationError, match="ID-card") as caught:
                    model(**(GOOD[kind] | {name: ["电工证", card]}))
                assert card not in str(caught.value)


@given(st.dates(), st.dates())
def test_ends_that_are_before_their_beginning_are_refused(start, end):
    make = RECORDS["spells"]
    if end >= start:
        assert make(id="1", person="2", status="retired", start=start, end=end).end == end
    else:
        with pytest.raises(ValidationError, match="end must not lie before start"):
            make(id="1", person="2", status="retired", start=start, end=end)


def test_days_are_days_and_moments_are_by_chinas_clock():
    record = RECORDS["employers"](id="1", name="x", entered_on="2024-02-29")
    assert record.entered_on == dt.date(2024, 2, 29)
    morning = dt.datetime(2025, 1, 1, 8)  # noqa: DTZ001 - kept without a zone
    for written in ("2025-01-01T08:00:00", "2025-01-01T08:00:00+08:00", "2025-01-01T00:00:00Z"):
        assert Household(id="1", updated_at=written).updated_at == morning


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("0001-01-01T00:00:00", "0001-01-01T00:00:00"),
        ("0001-01-01T00:00:00+08:00", "0001-01-01T00:00:00"),
        ("0001-01-01T00:00:00+23:00", None),
        ("0001-01-01T00:00:00+08:01", None),
        ("9999-12-31T23:59:59+08:00", "9999-12-31T23:59:59"),
        ("9999-12-31T15:59:59Z", "9999-12-31T23:59:59"),
        ("9999-12-31T16:00:00Z", None),
        ("9999-12-31T23:59:59-08:00", None),
    ],
)
def test_a_moment_that_chinas_clock_never_shows_is_refused(written, kept):
    if kept is not None:
        assert Household(id="1", updated_at=written).updated_at == dt.datetime.fromisoformat(kept)
        return
    with pytest.raises(ValidationError, match="must be a moment of the years 1 to 9999 by China's"):
        Household(id="1", updated_at=written)


@pytest.mark.parametrize(
    "text",
    ["示\0例", "3.40302199001011E+17", "6.22202E+15", "340302199001011000"],
)
def test_no_text_takes_what_a_program_left_of_another(text):
    for change in ({"id": text}, {"remark": text}, {"address": text}):
        with pytest.raises(ValidationError, match=r"NUL|shortened|ID-card"):
            Household(**({"id": "H1"} | change))
    with pytest.raises(ValidationError, match=r"NUL|shortened|ID-card"):
        Job(id="J1", title="甲", occupation=text)
    with pytest.raises(ValidationError, match="shortened"):
        Household(id="1.2E+05")
    assert Household(id="H1", remark="1.2E+05").remark == "1.2E+05"
