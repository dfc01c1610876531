"""招聘信息_*.csv: postings by source: gathered from AMap and Baidu, or taken in at the hall."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from geo_match.demo._random import marks
from geo_match.demo.office._text import TEXT, Text, as_text, as_words
from geo_match.demo.office.days import as_days, put_days, spoil_days
from geo_match.demo.office.defects import DEFECTS
from geo_match.demo.office.draft import Draft, keys_of
from geo_match.demo.office.occupations import put_occupations, spoil_occupations
from geo_match.demo.office.places import Change, put_points, spoil_rows, touch_cells
from geo_match.demo.office.register import CODE, put_communities
from geo_match.demo.office.rows import UPDATED, one_more
from geo_match.demo.office.wages import WAGE, put_wages, spoil_wages
from geo_match.demo.office.words import DEMANDED_EDUCATION, JOB_TYPE, SHIFT

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from geo_match.demo.office.register import Register


class Source(NamedTuple):
    """Where postings come from.

    Parameters
    ----------
    file
        The list of them.
    up_to
        Of all postings, this share comes from here or from a source before it.
    datums
        Shares of `geo_match.demo.office.points.DATUM_WORDS` among its coordinates.
    """

    file: str
    up_to: float
    datums: tuple[float, float, float, float]


SOURCES: Final = (
    Source("招聘信息_高德.csv", 0.45, (0.0, 0.0, 1.0, 0.0)),
    Source("招聘信息_百度.csv", 0.70, (0.0, 0.0, 0.0, 1.0)),
    Source("招聘信息_大厅.csv", 1.0, (0.7, 0.3, 0.0, 0.0)),
)
_HALL: Final = len(SOURCES) - 1
_MISSING: Final = 1 / 6
_TITLE, _VACANCIES, _OPENED = "岗位名称", "招聘人数", "发布日期"
_ANY: Final = "不限"
_SOME: Final = ("若干", "数名", "若干名")
_UNSTATED_AS_TEXT: Final = 0.5


def draft_postings(jobs: gpd.GeoDataFrame, register: Register, *, seed: int) -> list[Draft]:
    """Write the lists of open postings, one a source.

    Parameters
    ----------
    jobs
        Those of `geo_match.demo.work.Work`.
    register
        The communities, among them all of theirs.
    seed
        The city's.
    """
    key = keys_of(as_text(jobs["id"]))
    mark = marks(key, seed, "office", "source")
    source = np.searchsorted([source.up_to for source in SOURCES], mark, side="right")
    # Only the office itself offers public-welfare posts.
    source[(jobs["job_type"] == "public_welfare").to_numpy()] = _HALL
    missing = np.zeros(len(jobs), dtype=bool)
    by_chance = np.argsort(marks(key, seed, "office", "missing"), kind="stable")
    missing[by_chance[: round(len(jobs) * _MISSING)]] = True
    return [
        _draft(one, jobs[source == at], register, np.flatnonzero(missing[source == at]), seed=seed)
        for at, one in enumerate(SOURCES)
    ]


def _draft(
    source: Source,
    jobs: gpd.GeoDataFrame,
    register: Register,
    missing: NDArray[np.int64],
    *,
    seed: int,
) -> Draft:
    row = register.rows_of(jobs["community"])
    opened, day = as_days(jobs["opened_on"]), as_days(jobs["updated_on"])
    draft = Draft(source.file, "招聘编号", jobs["id"], seed=seed)
    draft.put(_TITLE, as_text(jobs["title"]))
    draft.put("单位编号", as_text(jobs["employer_id"]))
    draft.put("单位名称", as_text(jobs["employer"]))
    draft.put("地点编号", as_text(jobs["site_id"]))
    draft.put("工作地点", as_text(jobs["site_name"]))
    put_communities(draft, register, row)
    put_occupations(draft, jobs["occupation"])
    draft.put("岗位类型", as_words(jobs["job_type"], JOB_TYPE))
    draft.put("学历要求", as_words(jobs["education_min"], DEMANDED_EDUCATION, missing=_ANY))
    draft.put("年龄要求", _ages(jobs["age_min"], jobs["age_max"]))
    draft.put("证书要求", as_text(jobs["certificate"]))
    put_wages(draft, jobs)
    draft.put("每周工时", as_text(jobs["hours_per_week"]))
    draft.put("班次", as_words(jobs["shift"], SHIFT))
    draft.put(_VACANCIES, as_text(jobs["vacancies"]))
    draft.put("已招人数", as_text(jobs["filled"]))
    put_days(draft, _OPENED, opened)
    points = put_points(draft, jobs.geometry, row, source.datums)
    put_days(draft, UPDATED, day)

    change = Change(_VACANCIES, one_more, since=opened)
    spoil_rows(draft, points, register, day, change, missing=missing)
    spoil_occupations(draft)
    spoil_wages(draft, jobs)
    _write_some(draft)
    spoil_days(draft, _OPENED, opened)
    spoil_days(draft, UPDATED, day)
    touch_cells(
        draft,
        signs=_TITLE,
        wide=(_VACANCIES, WAGE, _OPENED),
        blanks=("招聘编号", _TITLE, CODE),
    )
    return draft


def _ages(least: pd.Series, most: pd.Series) -> Text:
    ends = zip(least.astype("object"), most.astype("object"), strict=True)
    return pa.array([_age(low, high) for low, high in ends], type=TEXT)


def _age(low: int | None, high: int | None) -> str:
    if pd.isna(low):
        return _ANY if pd.isna(high) else f"{high}岁以下"
    return f"{low}岁以上" if pd.isna(high) else f"{low}-{high}岁"


def _write_some(draft: Draft) -> None:
    """Write a word for the number of vacancies: mostly where nobody counted them."""
    stated = draft.filled(_VACANCIES)
    rate = np.where(stated, DEFECTS["vacancies_text"].rate, _UNSTATED_AS_TEXT)
    rows = draft.choose("vacancies_text", _VACANCIES, rate=rate)
    which = (draft.marks("some")[rows] * len(_SOME)).astype(np.int64)
    draft.spoil("vacancies_text", rows, {_VACANCIES: [_SOME[k] for k in which]})
