"""DuckDB's side of the benchmark of matching: its tables, and its two best queries.

DuckDB is asked in two ways, both given columns of numbers made ready beforehand, untimed, and only
the jobs that nothing of their own excludes. `ST_DWithin_Spheroid` has no spatial join: it visits
all pairs. So the first is its spatial join in metres of UTM, 3 m wider than the circle, as narrow
as can be (it copies each column to each pair), and the exact distance of what is left: half the
time of the same in one SELECT, and faster than by sites. The second is what somebody who knows the
data writes: a hash join on the occupation, the spatial join for the few seekers who name none.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import duckdb_extension_spatial
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo_match.matching.plain.ages import working_age

if TYPE_CHECKING:
    import pyarrow as pa

DAY = dt.date(2025, 12, 31)
"""That on which the demonstration city was counted."""
HALF_LIFE_DAYS = 30.0
LEVELS = {name: level for level, names in enumerate(
    [(), ("primary",), ("junior",), ("senior", "vocational"), ("college",), ("bachelor",),
     ("master",)]
) for name in names}  # fmt: skip
PER_MONTH = {"month": 1.0, "day": 21.75, "hour": 174.0}
FULL_WEEK = 40.0
IS_TRUE = {"pass": True, "fail": False, "unknown": None}

SEEKERS = """
CREATE TABLE seekers AS SELECT n, x, y, ST_Point(x, y) AS spot, ST_Point2D(lat, lon) AS place,
  working_age, occupation, level, wage_floor, shift, hours_max, held, age_least, age_most,
  accepts_ordinary AS may_ordinary, accepts_flexible AS may_flexible,
  accepts_public_welfare AND difficulty <> 'none' AS may_public_welfare,
  accepts_traineeship AND status IN ('registered_unemployed', 'unemployed') AND (
    (graduate AND CASE WHEN years < 2 THEN true WHEN years > 2 THEN false END)
    OR (age_least >= 16 AND age_most <= 24)) AS may_traineeship
FROM frame
"""
JOBS = """
CREATE TABLE jobs AS SELECT * EXCLUDE (lon, lat), ST_Point(x, y) AS spot,
  ST_Point2D(lat, lon) AS place
FROM frame WHERE licence = 'verified' AND (vacancies - coalesce(filled, 0) > 0) IS NOT FALSE
  AND (opened_on <= DATE '2025-12-31') IS NOT FALSE AND (closed_on > DATE '2025-12-31') IS NOT FALSE
"""
SPATIAL = """
  SELECT s.n, j.job FROM asked s JOIN jobs j ON ST_DWithin(s.spot, j.spot, 3003.0)
  WHERE (s.occupation = j.occupation) IS NOT FALSE
"""
HASHED = """
  SELECT s.n, j.job FROM asked s JOIN jobs j ON s.occupation = j.occupation
  WHERE (s.x - j.x) * (s.x - j.x) + (s.y - j.y) * (s.y - j.y) <= 3003.0 * 3003.0
  UNION ALL SELECT s.n, j.job FROM (SELECT * FROM asked WHERE occupation IS NULL) s
  JOIN jobs j ON ST_DWithin(s.spot, j.spot, 3003.0)
"""
BEST = """
WITH near AS MATERIALIZED ({near}),
pairs AS (
  SELECT n, j.id AS job_id, ST_Distance_Spheroid(s.place, j.place) AS metres,
    0.35 * pow(2, -metres / 1000) + CASE WHEN s.occupation = j.occupation THEN 0.1875 ELSE 0 END
    + CASE WHEN s.wage_floor > 0 AND j.pay > s.wage_floor
        THEN 0.2 * least(j.pay / s.wage_floor - 1, 1) ELSE 0 END
    + 0.05 * CASE WHEN j.level IS NULL THEN 0.5 WHEN s.level IS NULL THEN 0
        ELSE 1 - abs(s.level - j.level) / 5 END
    + 0.15 * j.freshness AS score
  FROM near JOIN asked s USING (n) JOIN jobs j USING (job)
  WHERE metres <= 3000.0 AND s.working_age IS NOT FALSE
    AND CASE j.job_type WHEN 'ordinary' THEN s.may_ordinary WHEN 'flexible' THEN s.may_flexible
        WHEN 'public_welfare' THEN s.may_public_welfare
        WHEN 'traineeship' THEN s.may_traineeship END IS NOT FALSE
    AND (j.level IS NULL OR s.level >= j.level) IS NOT FALSE
    AND (s.wage_floor IS NULL OR CASE WHEN j.low >= s.wage_floor THEN true
        WHEN j.high < s.wage_floor THEN false END) IS NOT FALSE
    AND (s.hours_max IS NULL OR j.hours <= s.hours_max) IS NOT FALSE
    AND (s.shift = j.shift OR s.shift = 'any' OR j.shift = 'any') IS NOT FALSE
    AND (s.age_most >= j.age_min) IS NOT FALSE AND (s.age_least <= j.age_max) IS NOT FALSE
    AND (j.demanded IS NULL OR (s.held & j.demanded) = j.demanded) IS NOT FALSE
)
SELECT n, job_id, metres, score FROM pairs
QUALIFY row_number() OVER (PARTITION BY n ORDER BY score DESC, job_id) <= 20
"""
PEERS = {
    "DuckDB, spatial join": BEST.format(near=SPATIAL),
    "DuckDB, hash join on the occupation": BEST.format(near=HASHED),
}


def certificates(jobs: pd.DataFrame) -> list[str]:
    """Return the certificates that jobs ask for; each asks for one at most."""
    return sorted(jobs["certificate"].dropna().unique())


def planar(frame: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return places in metres of UTM zone 50N, which are 0.4 in 1,000 too short at most here."""
    at = gpd.GeoSeries(shapely.points(frame["lon"], frame["lat"]), crs=4326).to_crs(32650)
    return {"x": at.x.to_numpy(), "y": at.y.to_numpy()}


def plain(column: pd.Series) -> pd.Series:
    """Return a column without an encoding by categories."""
    return column.astype(object).where(column.notna(), None)


def codes(column: pd.Series) -> pd.Series:
    """Return occupations as numbers: the city's are middle groups, all of three digits."""
    return plain(column).astype("Int16")


def levels(column: pd.Series) -> pd.Series:
    """Return levels of education."""
    return plain(column).map(LEVELS).astype("Int8")


def seekers_of(frame: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Make seekers ready for `SEEKERS`; certificates become bits."""
    bits = {name: 1 << number for number, name in enumerate(names)}
    ages = {
        key: IS_TRUE[working_age(int(key[0]), key[1], DAY)]
        for key in set(zip(frame["birth_year"], frame["sex"], strict=True))
    }
    keys = zip(frame["birth_year"], frame["sex"], strict=True)
    age = DAY.year - frame["birth_year"].astype(int)  # on 31 December every birthday has been
    told = ["shift", "difficulty", "status"]
    kept = [one for one in frame if one.startswith("accepts_")]
    return frame[["lon", "lat", "graduate", *kept]].assign(
        n=np.arange(len(frame)),
        **planar(frame),
        **{one: plain(frame[one]) for one in told},
        working_age=pd.array([ages[key] for key in keys], "boolean"),
        occupation=codes(frame["occupation"]),
        level=levels(frame["education"]),
        wage_floor=frame["wage_floor_cny"].astype("Float64"),
        hours_max=frame["hours_max_per_week"],
        held=[sum(bits[name] for name in held) for held in frame["certificates"]],
        age_least=age,
        age_most=age,
        years=DAY.year - frame["graduation_year"],
    )


def wages_of(frame: pd.DataFrame) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Return the least and the most that jobs pay a month, and what counts for the score.

    An hour's wage is for the hours a week, up to 40. Flexible work that does not state them pays
    anything up to that of a full week, which does not count for the score.
    """
    unit, hours = plain(frame["wage_unit"]), frame["hours_per_week"].astype(float)
    share = (hours.clip(upper=FULL_WEEK) / FULL_WEEK).where(unit == "hour").fillna(1.0)
    factor = unit.map(PER_MONTH).astype(float) * share
    low, high = ((frame[f"wage_{end}_cny"] * factor).round(6) for end in ("low", "high"))
    is_open = (unit == "hour") & hours.isna() & (plain(frame["job_type"]) == "flexible")
    return low.mask(is_open, 0.0), high, ((low + high) / 2).mask(is_open).astype("Float64")


def jobs_of(frame: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Make jobs ready for `JOBS`."""
    bits = {name: 1 << number for number, name in enumerate(names)}
    low, high, pay = wages_of(frame)
    days = (pd.Timestamp(DAY) - frame["updated_on"]).dt.days.clip(lower=0)
    taken = ["id", "lon", "lat", "vacancies", "filled", "opened_on", "age_min", "age_max"]
    return frame[taken].assign(
        job=np.arange(len(frame)),
        **planar(frame),
        closed_on=frame["closed_on"].astype("datetime64[ms]"),
        licence=plain(frame["employer_licence"]),
        job_type=plain(frame["job_type"]),
        shift=plain(frame["shift"]),
        occupation=codes(frame["occupation"]),
        level=levels(frame["education_min"]),
        low=low,
        high=high,
        pay=pay,
        hours=frame["hours_per_week"],
        demanded=plain(frame["certificate"]).map(bits).astype("Int64"),
        freshness=2.0 ** (-days / HALF_LIFE_DAYS),
    )


class Duck:
    """DuckDB with both sides in tables in memory, one thread."""

    def __init__(self, seekers: pd.DataFrame, jobs: pd.DataFrame) -> None:
        folder = Path(duckdb_extension_spatial.__file__).parent / "extensions"
        self._connection = duckdb.connect(config={"threads": 1})
        self._connection.execute(f"LOAD '{next(folder.glob('*/spatial.duckdb_extension'))}'")
        names = certificates(jobs)
        for frame, made in ((seekers_of(seekers, names), SEEKERS), (jobs_of(jobs, names), JOBS)):
            self._connection.register("frame", frame)
            self._connection.execute(made)
            self._connection.unregister("frame")

    def take(self, rows: np.ndarray) -> None:
        """Set whom the next questions are about."""
        self._connection.register("frame", pd.DataFrame({"n": rows}))
        self._connection.execute(
            "CREATE OR REPLACE TABLE asked AS SELECT seekers.* FROM seekers JOIN frame USING (n)"
        )

    def ask(self, query: str) -> pa.Table:
        """Return the best jobs of those taken."""
        return self._connection.execute(query).to_arrow_table()
