"""The records of a folder that is laid out as the demonstration city's, as evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from geo_match.errors import ColumnError, FileError
from geo_match.policy.payments import Evidence

if TYPE_CHECKING:
    from pathlib import Path

_HOUR: Final = "hour"


def read_evidence(folder: Path) -> Evidence:
    """Return the evidence of a folder; what it does not have is left out.

    Households give persons their 户口; places of work and posts get the division on whose ground
    their community lies; hires that pay by the hour get what their posting says of it: as it was
    open on the day of the hire, else the earliest that is known of it. Who was registered as
    unemployed when follows from the spells, as in the ledger.

    Raises
    ------
    FileError
        If it is no folder, holds none of the files, one cannot be read, lacks a column, or has two
        rows of one household or community.
    """
    if not folder.is_dir():
        raise FileError(folder, "be a folder of records", "none there")
    division = _divisions(folder)
    today, closed = _table(folder, "jobs"), _table(folder, "history/closed_jobs")
    jobs = _joined(today, closed)
    employments = _with_hourly_pay(_table(folder, "history/employments"), _joined(closed, today))
    evidence = Evidence(
        employments=_with_division(employments, _table(folder, "sites"), "site_id", division),
        persons=_persons(folder),
        services=_table(folder, "history/services"),
        insurance=_table(folder, "history/insurance"),
        incomes=_table(folder, "history/incomes"),
        spells=_table(folder, "history/spells"),
        posts=_with_division(_table(folder, "history/welfare_posts"), jobs, "job_id", division),
        surveys=_table(folder, "history/surveys"),
        recognitions=_table(folder, "history/recognitions"),
        agencies=_table(folder, "operators"),
    )
    if all(getattr(evidence, name) is None for name in Evidence.__slots__):
        rule = "hold records, such as history/employments.parquet"
        raise FileError(folder, rule, "none", "geo-match demo writes such a folder.")
    return evidence


def _table(folder: Path, name: str) -> pd.DataFrame | None:
    """Return a table without its geometry; None where there is no file."""
    path = folder / f"{name}.parquet"
    if not path.is_file():
        return None
    try:
        schema = pq.read_schema(path)
        names = [one for one in schema.names if one != "geometry"]
        table: pd.DataFrame = pq.read_table(path, columns=names).to_pandas()
    except (pa.ArrowException, OSError) as error:
        raise FileError(path, "be a Parquet file that can be read", str(error)) from error
    return table


def _column(table: pd.DataFrame, name: str, of: str) -> pd.Series:
    if name not in table:
        names = ", ".join(map(str, table.columns))
        remedy = "It is laid out as geo-match demo writes it."
        raise ColumnError(of, f"have the column {name}", names, remedy)
    return table[name]


def _joined(*tables: pd.DataFrame | None) -> pd.DataFrame | None:
    given = [one for one in tables if one is not None]
    return pd.concat(given, ignore_index=True) if given else None


def _divisions(folder: Path) -> pd.Series | None:
    """Return the division on whose ground each community lies, by its code."""
    table = _table(folder, "communities")
    if table is None:
        return None
    return _by(table, "code", "lies_in", "communities")


def _by(table: pd.DataFrame, key: str, name: str, of: str) -> pd.Series:
    """Return a column of a table by its keys, each of which has one row; those without are left."""
    keyed = _column(table, name, of).astype(object).set_axis(_texts(_column(table, key, of)))
    keyed = keyed[keyed.index.notna()]
    doubled = keyed.index[keyed.index.duplicated()]
    if len(doubled):
        n = int((keyed.index == doubled[0]).sum())
        rule = f"have each {key} in one row"
        raise ColumnError(of, rule, f"{doubled[0]!r} in {n} rows", "Leave the row that is right.")
    return keyed


def _texts(column: pd.Series) -> list[object]:
    return list(column.astype(object))


def _with_division(
    table: pd.DataFrame | None,
    places: pd.DataFrame | None,
    key: str,
    division: pd.Series | None,
) -> pd.DataFrame | None:
    """Return records with the division of the place that each names, where both are known."""
    if table is None or places is None or division is None or key not in table:
        return table
    community = _column(places, "community", "places").astype(object)
    of_place = community.map(division).set_axis(_texts(_column(places, "id", "places")))
    of_place = of_place[~of_place.index.duplicated()]
    return table.assign(division=table[key].astype(object).map(of_place))


def _persons(folder: Path) -> pd.DataFrame | None:
    """Return those who look for work and who did."""
    persons = _joined(_table(folder, "seekers"), _table(folder, "history/former_seekers"))
    households = _table(folder, "households")
    if persons is None or households is None:
        return persons
    of_household = _by(households, "id", "hukou", "households")
    whose = _column(persons, "household", "seekers").astype(object)
    return persons.assign(hukou=whose.map(of_household))


def _with_hourly_pay(hires: pd.DataFrame | None, jobs: pd.DataFrame | None) -> pd.DataFrame | None:
    """Return hires with the pay an hour of the posting that each names, where it pays so.

    A folder whose hires say themselves what they pay is left as it is. Of several postings of one
    id that which was open on the day of the hire is taken, of these the one opened last; where none
    was, the earliest known.
    """
    stated = {"hourly_low_cny", "hourly_high_cny"}
    needed = {"id", "wage_unit", "wage_low_cny", "wage_high_cny"}
    if hires is None or jobs is None or "job_id" not in hires or stated & set(hires):
        return hires
    if not needed <= set(jobs):
        return hires
    postings = _postings_then(hires, jobs)
    by_hour = (postings["wage_unit"] == _HOUR).to_numpy()
    said = {
        f"hourly_{end}_cny": pd.Series(_texts(postings[f"wage_{end}_cny"]), hires.index, object)
        for end in ("low", "high")
    }
    return hires.assign(**{name: column.where(by_hour, None) for name, column in said.items()})


def _postings_then(hires: pd.DataFrame, jobs: pd.DataFrame) -> pd.DataFrame:
    """Return of each hire the posting that it names, as it was then: a row a hire, in their order.

    A hire without a posting has a row of nulls.
    """
    versions = jobs[["id", "wage_unit", "wage_low_cny", "wage_high_cny"]].astype(object)
    versions = versions.assign(opened=_days(jobs, "opened_on"), closed=_days(jobs, "closed_on"))
    # Oldest first; rows that do not say when they were opened or closed keep their order, closed
    # postings before those of today.
    versions = versions[versions["id"].notna()].sort_values(["opened", "closed"], kind="stable")
    named = pd.DataFrame({"hire": range(len(hires)), "id": _texts(hires["job_id"])})
    named["day"] = _days(hires, "hired_on").reset_index(drop=True)
    found = named.merge(versions, on="id", how="left")
    is_open = (found["opened"] <= found["day"]) & ~(found["closed"] < found["day"])
    # The last of those that were open, else the first of all: ties are left to the order above.
    found = found.assign(is_open=is_open, opened=found["opened"].where(is_open))
    found = found.sort_values(
        ["hire", "is_open", "opened"], ascending=[True, False, False], kind="stable"
    )
    return found.drop_duplicates("hire")


def _days(table: pd.DataFrame, name: str) -> pd.Series:
    """Return a column of days; what is none is not known: of hires it is refused when read."""
    if name not in table:
        return pd.Series(pd.NaT, table.index, "datetime64[us, UTC]")
    days = table[name].astype(object)
    return pd.to_datetime(days, errors="coerce", format="ISO8601", utc=True)
