"""All histories of the demonstration city, 2022 to 2025: lives, and what was done about them."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from geo_match.demo.history.household_cases import draw_household_cases
from geo_match.demo.history.lives import Lives, draw_lives
from geo_match.demo.history.programme import draw_recognitions, draw_surveys
from geo_match.demo.history.services import draw_services
from geo_match.demo.history.visits import draw_employer_visits
from geo_match.demo.history.welfare_posts import draw_welfare_posts

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from geo_match.demo.ground import Homes
    from geo_match.demo.people import People
    from geo_match.demo.work import Work


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """What happened from 2022 to 2025 and was recorded; nothing of it is real.

    Parameters
    ----------
    lives
        Of the ledger's persons.
    services
        As `draw_services` gives them, and so on: each by the function of its name.
    """

    lives: Lives
    services: pd.DataFrame
    household_cases: pd.DataFrame
    employer_visits: pd.DataFrame
    welfare_posts: pd.DataFrame
    surveys: pd.DataFrame
    recognitions: pd.DataFrame

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return all tables by their names."""
        own = [field.name for field in fields(self) if field.name != "lives"]
        return {
            **{field.name: getattr(self.lives, field.name) for field in fields(self.lives)},
            **{name: getattr(self, name) for name in own},
        }

    def of_persons(self) -> list[pd.DataFrame]:
        """Return the records of persons, which name work wherever that is."""
        held = self.welfare_posts[self.welfare_posts["holder"].notna()]
        return [self.lives.employments, self.services, held]

    def within(self, work: Work, areas: gpd.GeoDataFrame) -> History:
        """Return the histories of the same people, but only of this work and these areas.

        Parameters
        ----------
        work
            What is kept of the city's.
        areas
            The communities that are kept.
        """
        posts, visits = self.welfare_posts, self.employer_visits
        kept_jobs = work.jobs["id"].tolist() + work.closed_jobs["id"].tolist()
        codes = [*areas["code"], *areas["street_code"]]
        return replace(
            self,
            employer_visits=_keep(visits, visits["employer_id"].isin(work.employers["id"])),
            welfare_posts=_keep(posts, posts["job_id"].isin(kept_jobs)),
            surveys=_keep(self.surveys, self.surveys["community"].isin(areas["code"])),
            recognitions=_keep(self.recognitions, self.recognitions["code"].isin(codes)),
        )


def _keep(frame: pd.DataFrame, kept: pd.Series[bool]) -> pd.DataFrame:
    return frame[kept.to_numpy()].reset_index(drop=True)


def draw_history(
    people: People, work: Work, areas: gpd.GeoDataFrame, homes: Homes, *, seed: int
) -> History:
    """Draw what happened to people, and what was recorded, from 2022 to 2025.

    Parameters
    ----------
    people
        Everybody, or a share of them: what happens to each is the same in every share.
    work
        The whole city's.
    areas, homes
        What was drawn before.
    seed
        At least 0.

    Raises
    ------
    ArgumentError
        If the seed is out of range.
    """
    lives = draw_lives(people, work, homes, areas, seed=seed)
    return History(
        lives=lives,
        services=draw_services(people, lives, work, seed=seed),
        household_cases=draw_household_cases(people, lives, seed=seed),
        employer_visits=draw_employer_visits(work, seed=seed),
        welfare_posts=draw_welfare_posts(people, lives, work, seed=seed),
        surveys=draw_surveys(areas, seed=seed),
        recognitions=draw_recognitions(areas, seed=seed),
    )
