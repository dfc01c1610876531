"""Help for zero-employment households: the jobs in reach of their members, and the last resort.

For each household the eligible jobs of all its members who are registered seekers are sought, in a
straight line and, with a network, on foot. Traineeships are left out: they clear no household. A
public-welfare post is looked for only where the market offers none (托底安置). Whom no job in reach
can help is named, with the reason and the nearest job that would fit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geo_match.errors import ArgumentError
from geo_match.matching import Matcher
from geo_match.matching.given.frames import jobs_table, seekers_table
from geo_match.policy.households.frames import take
from geo_match.policy.households.help_options import HelpOptions
from geo_match.policy.households.help_words import sentences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from geo_match.matching import MatchOptions
    from geo_match.policy.households.frames import Kind
    from geo_match.policy.households.help_options import Basis

MARKET, PUBLIC_WELFARE, TRAINEE = "market", "public_welfare", "traineeship"
HELPS: Final = (MARKET, PUBLIC_WELFARE, "none")
"""What can help a household: a job of the market, a public-welfare post as the last resort, or none
in reach."""
NO_SEEKER: Final = "no_seeker"
"""Why none can help a household of which no member is a registered seeker."""
REASONS: Final = (
    "none_eligible",
    "none_on_foot",
    "none_in_circle",
    "not_on_network",
    "no_location",
    "not_registered",
    NO_SEEKER,
)
"""Why no job can help, the one that is nearest to help first: it is the household's."""
_STAGES: Final = ("wrongly_cleared", "helped", "verified", "applied", "suspected")
_CASES: Final[Mapping[str, Kind]] = {
    "household": "text",
    "case": "text",
    "stage": "text",
    "due_on": "day",
    "days_left": "number",
    "days_open": "number",
    "recurrence": "number",
}
_JOBS: Final = (
    "household",
    "seeker_id",
    "job_id",
    "place",
    "kind",
    "basis",
    "distance_m",
    "certainty",
    "score",
    "unknown",
    "unmet",
)


@dataclass(frozen=True, slots=True, eq=False)
class Help:
    """What can help households.

    Parameters
    ----------
    options
        What was asked.
    households
        A row a household, the most urgent first: `rank` from 1, `household`, `case`, `stage`,
        `due_on`, `days_left`, `days_open`, `recurrence`, `cases` (how many of its cases were given,
        of which this is the most urgent); `seekers`, how many of its members are
        given; `jobs_geodesic`, and with a network `jobs_walking`: different jobs of the market that
        are eligible for one member or more; `posts_geodesic` and `posts_walking`, public-welfare
        posts, sought only where the deciding basis has no job, null elsewhere; `help`, of `HELPS`;
        and where it is none `reason` (of `REASONS`), `condition` (the one that alone keeps most
        jobs from the member who is nearest to help), `nearest_job_id` and `nearest_m`, the first
        job of the market that fits at any distance; `en` and `zh`, it in one sentence.
    jobs
        A row a job that is listed, by household, member, basis and place: `household`, `seeker_id`,
        `job_id`, `place` (from 1 for each member and basis), `kind` (`market` or
        `public_welfare`), `basis`, `distance_m`, `certainty`, `score`, `unknown` (conditions of
        which not enough is stated), `unmet` (of a post: waived wishes that it does not meet).
    seekers
        A row a member of whom no job in reach can help: `household`, `seeker_id`, `reason`,
        `condition`, `nearest_job_id`, `nearest_m`.
    """

    options: HelpOptions
    households: pd.DataFrame
    jobs: pd.DataFrame
    seekers: pd.DataFrame

    @property
    def summary(self) -> dict[str, int]:
        """How many `households` there are, how many each of `HELPS` can help, and why not."""
        of = self.households["help"].value_counts()
        counts = {"households": len(self.households)}
        counts |= {name: int(of.get(name, 0)) for name in HELPS}
        why = self.households["reason"].value_counts()
        return counts | {name: int(why.get(name, 0)) for name in REASONS}


def rank_help(
    households: object, seekers: object, jobs: object, options: HelpOptions | None = None
) -> Help:
    """Rank households by urgency, and find what can help each.

    Parameters
    ----------
    households
        `household`, and where known `case`, `stage`, `due_on`, `days_left`, `days_open`
        and `recurrence`, as `CaseReport.open` has them: suspected households of
        `Suspicion.with_outcome` will do.
    seekers
        As `Matcher.match` takes a pandas DataFrame, with `household`; of other households too.
    jobs
        As `Matcher` takes them, each with its employer's licence.
    options
        What is asked.

    Returns
    -------
    Help
        Every household has one row, by the most urgent of its cases. In their order the fewest days
        left come first, so the longest overdue; then those without a limit by stage, the furthest
        first; then those not helped yet before those that are, the longest open, and by id.

    Raises
    ------
    ArgumentError
        If an argument is none of these.
    FrameError, DatumError
        If seekers or jobs are not as they must be.
    """
    asked = HelpOptions() if options is None else options
    if not isinstance(asked, HelpOptions):
        raise ArgumentError("options", "be `HelpOptions` or None", type(options).__name__)
    ranked = _ranked(households)
    home, members = _members(ranked["household"], seekers)
    market, posts = _kinds(jobs_table(jobs))
    found = {basis: _pairs(members, market, asked.on(basis)) for basis in asked.bases}
    told = ranked.assign(seekers=_count(ranked, pd.Series(home.to_numpy())))
    for basis, pairs in found.items():
        told[f"jobs_{basis}"] = _different(ranked, home, pairs)
    is_without = told[f"jobs_{asked.decided_by}"] == 0
    left = members.filter(_of(members, home, set(ranked["household"][is_without])))
    resort = {basis: _pairs(left, posts, asked.for_posts(basis)) for basis in asked.bases}
    for basis, pairs in resort.items():
        n = _different(ranked, home, pairs)
        told[f"posts_{basis}"] = pd.arrays.IntegerArray(n, ~is_without.to_numpy())
    has_post = is_without & (told[f"posts_{asked.decided_by}"].fillna(0) > 0)
    told["help"] = np.select([~is_without, has_post], HELPS[:2], HELPS[2]).astype(object)
    lost = set(told["household"][told["help"] == HELPS[2]])
    nobody = members.filter(_of(members, home, lost))
    without = _without(nobody, home, market, asked.on(asked.decided_by))
    told = _with_reasons(told, without)
    of_posts = _listed(resort, home, PUBLIC_WELFARE, asked)
    of_posts["unmet"] = _unmet(of_posts, left, posts, asked)
    listed = [_listed(found, home, MARKET, asked), of_posts]
    names = ["household", "seeker_id", "basis", "place"]
    chosen = pd.concat(listed, ignore_index=True).sort_values(names, ignore_index=True)
    return Help(asked, told.assign(**sentences(told, asked)), chosen, without)


def _ranked(households: object) -> pd.DataFrame:
    """Return the households in order, with their rank."""
    given = take(households, "households", _CASES, required=("household",), filled=("household",))
    stage = given["stage"].map({name: at for at, name in enumerate(_STAGES)})
    keys = given.assign(
        _far=stage.fillna(len(_STAGES)).where(given["days_left"].isna(), 0),
        _helped=(given["stage"] == "helped").astype(np.int64),
        _open=-given["days_open"],
    )
    order = ["days_left", "_far", "_helped", "_open", "household"]
    ranked = keys.sort_values(order, kind="stable", na_position="last", ignore_index=True)
    n_cases = ranked.groupby("household")["household"].transform("size")
    ranked = ranked[list(_CASES)].assign(cases=n_cases)
    ranked = ranked.drop_duplicates("household", ignore_index=True)
    for name in ("days_left", "days_open", "recurrence"):
        ranked[name] = ranked[name].astype("Int64")
    ranked.insert(0, "rank", np.arange(1, len(ranked) + 1))
    return ranked


def _members(households: pd.Series, seekers: object) -> tuple[pd.Series, pa.Table]:
    """Return the household of each seeker of these, by id, and the seekers as they are matched."""
    if not isinstance(seekers, pd.DataFrame):
        raise ArgumentError("seekers", "be a DataFrame", type(seekers).__name__)
    names = take(seekers, "seekers", {"id": "text", "household": "text"}, required=("household",))
    theirs = names["household"].isin(households).to_numpy()
    table = seekers_table(seekers[theirs])
    return pd.Series(names["household"][theirs].to_numpy(), table.column("id").to_pylist()), table


def _kinds(jobs: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Return the jobs of the market, those of no stated kind among them, and welfare posts."""
    kind = pc.fill_null(jobs.column("job_type"), "")
    posts = pc.equal(kind, PUBLIC_WELFARE)
    other = pc.or_(posts, pc.equal(kind, TRAINEE))
    return jobs.filter(pc.invert(other)), jobs.filter(posts)


def _pairs(seekers: pa.Table, jobs: pa.Table, options: MatchOptions) -> pd.DataFrame:
    """Return all matches, without the rows of those who have none."""
    if not len(seekers) or not len(jobs):
        return pd.DataFrame(
            {name: [] for name in ("seeker_id", "job_id", "rank", "basis", "distance_m", "unknown")}
        ).assign(certainty=[], score=[])
    found = Matcher(jobs, options).match(seekers)
    return found[found["job_id"].notna()]


def _of(members: pa.Table, home: pd.Series, households: set[str]) -> pa.Array:
    return pa.array(home.loc[members.column("id").to_pylist()].isin(list(households)).to_numpy())


def _count(ranked: pd.DataFrame, homes: pd.Series) -> NDArray[np.int64]:
    counts = homes.value_counts().reindex(ranked["household"], fill_value=0)
    return np.asarray(counts, dtype=np.int64)


def _different(ranked: pd.DataFrame, home: pd.Series, pairs: pd.DataFrame) -> NDArray[np.int64]:
    """Return how many different jobs the members of each household have, int64, (n,)."""
    theirs = pd.DataFrame(
        {
            "household": home.reindex(pairs["seeker_id"].astype(object)).to_numpy(),
            "job": pairs["job_id"].astype(object).to_numpy(),
        }
    )
    return _count(ranked, theirs.drop_duplicates()["household"])


def _listed(
    found: Mapping[Basis, pd.DataFrame], home: pd.Series, kind: str, options: HelpOptions
) -> pd.DataFrame:
    """Return the best jobs of each member on each basis, as they are listed."""
    parts = []
    for basis, pairs in found.items():
        best = pairs[pairs["rank"] <= options.jobs_each]
        texts = {name: best[name].astype(object).to_numpy() for name in ("seeker_id", "job_id")}
        parts.append(
            pd.DataFrame(
                texts
                | {
                    "household": home.reindex(texts["seeker_id"]).to_numpy(),
                    "place": best["rank"].to_numpy(dtype=np.int64),
                    "kind": np.full(len(best), kind, dtype=object),
                    "basis": np.full(len(best), basis, dtype=object),
                    "distance_m": best["distance_m"].to_numpy(dtype=np.float64),
                    "certainty": best["certainty"].astype(object).to_numpy(),
                    "score": best["score"].to_numpy(dtype=np.float64),
                    "unknown": best["unknown"].astype(object).to_numpy(),
                    "unmet": np.full(len(best), "", dtype=object),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)[list(_JOBS)]


def _unmet(
    listed: pd.DataFrame, seekers: pa.Table, posts: pa.Table, options: HelpOptions
) -> list[str]:
    """Return which waived wishes of its seeker each listed post does not meet, by name.

    Whatever a basis reaches lies in the straight circle, too: no walk is shorter than the line.
    """
    unmet: list[list[str]] = [[] for _ in range(len(listed))]
    if not unmet:
        return []
    both = pd.MultiIndex.from_frame(listed[["seeker_id", "job_id"]])
    for wish in options.resort_waives:
        if wish not in options.match.asked:
            continue
        pairs = _pairs(seekers, posts, options.for_posts("geodesic", but=wish))
        met = both.isin(pd.MultiIndex.from_frame(pairs[["seeker_id", "job_id"]].astype(object)))
        for row in np.flatnonzero(~met):
            unmet[row].append(wish)
    return [",".join(names) for names in unmet]


def _without(
    seekers: pa.Table, home: pd.Series, market: pa.Table, options: MatchOptions
) -> pd.DataFrame:
    """Return why each seeker has no job of the market, and the nearest one that would fit."""
    matcher = Matcher(market, options)
    told = matcher.count(seekers)
    far = matcher.shortfall(seekers).seekers
    ids = told["seeker_id"].astype(object).to_numpy()
    return pd.DataFrame(
        {
            "household": home.reindex(ids).to_numpy(),
            "seeker_id": ids,
            "reason": told["reason"].astype(object).to_numpy(),
            "condition": told["condition"].astype(object).to_numpy(),
            "nearest_job_id": far["first_eligible_job_id"].astype(object).to_numpy(),
            "nearest_m": far["first_eligible_distance_m"].to_numpy(dtype=np.float64),
        }
    )


def _with_reasons(told: pd.DataFrame, without: pd.DataFrame) -> pd.DataFrame:
    """Return the households, those without help with the reason of the member nearest to it."""
    place = {name: at for at, name in enumerate(REASONS)}
    best = without.assign(_place=without["reason"].map(place))
    best = best.sort_values(["household", "_place", "nearest_m", "seeker_id"])
    best = best.drop_duplicates("household").drop(columns=["_place", "seeker_id"])
    joined = told.merge(best, on="household", how="left")
    alone = (joined["help"] == HELPS[2]) & (joined["seekers"] == 0)
    joined["reason"] = joined["reason"].astype(object).mask(alone, NO_SEEKER)
    return joined
