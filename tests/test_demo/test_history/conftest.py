"""One city's history for all tests of it: a twentieth of the people, all of the work."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from geo_match.demo.facts import URBAN_DISTRICTS
from geo_match.demo.history.household_cases import draw_household_cases
from geo_match.demo.history.lives import draw_lives
from geo_match.demo.history.programme import draw_recognitions, draw_surveys
from geo_match.demo.history.services import draw_services
from geo_match.demo.history.visits import draw_employer_visits
from geo_match.demo.history.welfare_posts import draw_welfare_posts
from geo_match.demo.people import draw_people
from geo_match.demo.vocabulary import REFERENCE_DATE

HUNDREDTH = 0.01


@pytest.fixture(scope="session")
def people(twentieth):
    return twentieth


@pytest.fixture(scope="session")
def lives(people, work, homes, areas, land):
    return draw_lives(people, work, homes, areas, seed=land.seed)


@pytest.fixture(scope="session")
def ledger(people, lives):
    return _persons(people, lives)


def _persons(people, lives):
    """Everybody of the ledger by id, with what their member's columns say."""
    both = pd.concat(
        [
            pd.DataFrame(people.seekers).assign(looks=True),
            pd.DataFrame(lives.former_seekers).assign(looks=False),
        ]
    ).set_index("id")
    home = people.households["id"].str[1:].to_numpy()[people.members["household"]]
    id_ = "S" + pd.Series(home, dtype="str") + "-" + people.members["number"].astype(str)
    member = people.members.set_index(pd.Index(id_)).loc[both.index]
    both["member_status"] = member["status"].astype(str)
    both["member_education"] = member["education"].astype(str)
    both["sixteen"] = pd.to_datetime((member["birth_year"] + 16).astype(str) + "-07-01")
    return both


@pytest.fixture(scope="session")
def fewer(land, areas, homes):
    """The people of a smaller share: some of the households, all alike."""
    return draw_people(land, areas, homes, share=HUNDREDTH)


@pytest.fixture(scope="session")
def fewer_lives(fewer, work, homes, areas, land):
    return draw_lives(fewer, work, homes, areas, seed=land.seed)


@pytest.fixture(scope="session")
def urban(areas):
    """Codes of the communities of the four urban districts."""
    return set(areas.loc[areas["lies_in"].isin(URBAN_DISTRICTS), "code"])


@pytest.fixture(scope="session")
def services(people, lives, work, land):
    return draw_services(people, lives, work, seed=land.seed)


@pytest.fixture(scope="session")
def household_cases(people, lives, land):
    return draw_household_cases(people, lives, seed=land.seed)


@pytest.fixture(scope="session")
def employer_visits(work, land):
    return draw_employer_visits(work, seed=land.seed)


@pytest.fixture(scope="session")
def welfare_posts(people, lives, work, land):
    return draw_welfare_posts(people, lives, work, seed=land.seed)


@pytest.fixture(scope="session")
def surveys(areas, land):
    return draw_surveys(areas, seed=land.seed)


@pytest.fixture(scope="session")
def recognitions(areas, land):
    return draw_recognitions(areas, seed=land.seed)


class Judged(SimpleNamespace):
    """The tables of the small city, to judge the programme's rules by."""

    @staticmethod
    def answer(holds, known=True):  # noqa: FBT002 - beside the array it goes with
        """Return whether it holds where that is known, null elsewhere."""
        holds = np.asarray(holds, dtype=bool)
        return pd.array(np.where(np.broadcast_to(known, holds.shape), holds, None), dtype="boolean")

    @staticmethod
    def running(since, days):
        """Say where the last of so many days after a day is not over yet: nobody can be late."""
        return (since + pd.Timedelta(days=days) >= pd.Timestamp(REFERENCE_DATE)).to_numpy()

    @staticmethod
    def has_outcomes(counts, outcomes, least=5):
        """Say whether each outcome occurs so often, and no other ever."""
        return all(n >= least if name in outcomes else n == 0 for name, n in counts.items())

    @staticmethod
    def count(answers):
        """Return how many pass, fail and are unknown."""
        answers = pd.Series(answers, dtype="boolean")
        return {
            "pass": int(answers.fillna(value=False).sum()),
            "fail": int((~answers.fillna(value=True)).sum()),
            "unknown": int(answers.isna().sum()),
        }


@pytest.fixture(scope="session")
def city(small):
    """The small city as it is shipped: four districts, a twentieth of their people."""
    history = small.history
    persons = _persons(small.people, history.lives)
    groups = ["graduate", "migrant_worker", "veteran", "retired_fisherman"]
    hires = history.lives.employments.join(persons[[*groups, "difficulty"]], on="person")
    jobs = pd.concat([pd.DataFrame(small.work.jobs), pd.DataFrame(small.work.closed_jobs)])
    return Judged(
        persons=persons,
        hires=hires,
        claims=hires[hires["claimed_by"].notna()],
        jobs=jobs.set_index("id"),
        operators=small.work.operators,
        lives=history.lives,
        services=history.services,
        cases=history.household_cases,
        visits=history.employer_visits,
        posts=history.welfare_posts,
        surveys=history.surveys,
        recognitions=history.recognitions,
        areas=small.areas[small.areas["lies_in"].isin(URBAN_DISTRICTS)],
        households=small.people.households,
    )
