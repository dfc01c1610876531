"""Services: dated in time, at the nearest open station, a chain a person, proof for most claims."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geo_match import geodesic_distance
from geo_match.demo.history.contacts import KINDS, RESULTS
from geo_match.demo.history.services import draw_services
from geo_match.demo.vocabulary import START

TODAY = pd.Timestamp("2025-12-31")
REACHED = ["employed", "willing", "not_now", "moved_away", "refused"]


@pytest.fixture(scope="module")
def claims(services, lives):
    """Each claimed hire since the programme began, and what its records say."""
    hires = lives.employments[lives.employments["claimed_by"].notna()]
    hires = hires[hires["hired_on"] > pd.Timestamp(START) + pd.Timedelta(days=60)]
    found = hires[["id", "person", "hired_on", "claimed_by"]].merge(
        services[["person", "on", "kind", "operator_id"]], on="person", how="left"
    )
    before = found["on"] < found["hired_on"]
    own = (found["operator_id"].astype("str") == found["claimed_by"]).fillna(value=False)
    other = found["operator_id"].notna() & ~own
    say = {
        "own": before & own,
        "other": before & other,
        "unnamed": before & found["operator_id"].isna(),
        "later": ~before & own,
    }
    return found.assign(**say).groupby("id")[list(say)].any()


def test_services_resolve_and_lie_in_the_programme(services, people, lives, work):
    ledger = set(people.seekers["id"]) | set(lives.former_seekers["id"])
    assert set(services["person"]) <= ledger
    assert services["id"].is_unique
    assert services["on"].between(pd.Timestamp(START), TODAY).all()
    assert set(services["station_id"].dropna()) <= set(work.stations["id"])
    assert set(services["operator_id"].dropna()) <= {"OP1", "OP2", "OP3", "OP4"}
    assert set(services["kind"]) == set(KINDS)
    assert set(services["result"].dropna()) == set(RESULTS)
    assert services[["person", "on", "kind"]].notna().all(axis=None)


def test_services_of_a_person_stand_in_the_order_of_their_days(services):
    same = services["person"].eq(services["person"].shift())
    assert (services["on"] >= services["on"].shift())[same].all()
    number = services["id"].str.rpartition("-")[2].astype(int)
    assert (number[~same] == 1).all()
    assert (number.diff()[same] == 1).all()
    later = services["next_contact_on"] > services["on"]
    assert later[services["next_contact_on"].notna()].all()


def test_a_registration_has_some_services_and_few_none(services, lives):
    current = lives.registrations[lives.registrations["registered_on"] >= pd.Timestamp(START)]
    assert 2.0 < len(services) / len(lives.registrations) < 4.5
    served = current["person"].isin(services["person"]).mean()
    assert 0.85 < served < 0.99


def test_contacts_follow_each_other_within_months_but_for_the_neglected(services):
    gap = services.groupby("person")["on"].diff().dt.days.dropna()
    assert 25 < gap.median() < 90
    assert 0.02 < (gap > 183).mean() < 0.25


def test_nobody_struck_off_for_silence_was_reached_in_the_last_six_months(services, lives):
    gone = lives.registrations.query("close_reason == 'no_contact'")
    found = gone.merge(services, on="person")
    late = found["on"].between(
        found["closed_on"] - pd.DateOffset(months=6), found["closed_on"], inclusive="left"
    )
    assert len(gone) > 50
    # A hire's own service may fall there only if somebody found work while struck off.
    assert found.loc[late, "result"].isin(REACHED).mean() < 0.02
    assert (found.loc[late, "result"] == "no_answer").any()


def test_postings_are_named_only_by_introductions_and_were_open(services, work):
    jobs = pd.concat([work.jobs, work.closed_jobs]).set_index("id")
    named = services[services["job_id"].notna()]
    assert named["kind"].isin(["introduction", "recommendation"]).all()
    of = jobs.loc[named["job_id"]]
    on = named["on"].to_numpy()
    assert (of["opened_on"].to_numpy() <= on).all()
    assert (of["closed_on"].fillna(TODAY + pd.Timedelta(days=1)).to_numpy() > on).all()
    assert (of["employer_licence"] == "verified").all()
    asked = services["kind"].isin(["introduction", "recommendation"])
    assert 0.4 < services.loc[asked, "job_id"].notna().mean() < 0.95


def test_stations_are_the_nearest_open_ones(services, people, lives, work):
    some = services[services["station_id"].notna()].iloc[::97]
    household = "H" + some["person"].str.slice(1, -2)
    still = ~household.isin(lives.moves["household"])
    some, household = some[still.to_numpy()], household[still]
    homes = people.households.set_index("id").geometry.loc[household]
    stations = work.stations
    n, m = len(some), len(stations)
    away = geodesic_distance(
        lon1=np.repeat(homes.x.to_numpy(), m),
        lat1=np.repeat(homes.y.to_numpy(), m),
        lon2=np.tile(stations.geometry.x.to_numpy(), n),
        lat2=np.tile(stations.geometry.y.to_numpy(), n),
    ).reshape(n, m)
    on = some["on"].to_numpy()[:, None]
    closed = stations["closed_on"].fillna(TODAY + pd.Timedelta(days=1)).to_numpy()
    away[(stations["opened_on"].to_numpy() > on) | (on >= closed)] = np.inf
    nearest = stations["id"].to_numpy()[away.argmin(axis=1)]
    assert n > 300
    assert np.array_equal(nearest, some["station_id"].to_numpy())
    assert 0.03 < services["station_id"].isna().mean() < 0.08


def test_before_a_move_services_are_near_the_old_home(services, lives, work):
    moves = lives.moves.assign(
        home=gpd.points_from_xy(lives.moves["from_lon"], lives.moves["from_lat"])
    )
    found = services.assign(household="H" + services["person"].str.slice(1, -2)).merge(moves)
    found = found[(found["on"] < found["moved_on"]) & found["station_id"].notna()]
    station = work.stations.set_index("id").geometry.loc[found["station_id"]]
    away = geodesic_distance(
        lon1=found["from_lon"].to_numpy(),
        lat1=found["from_lat"].to_numpy(),
        lon2=station.x.to_numpy(),
        lat2=station.y.to_numpy(),
    )
    assert len(found) > 100
    assert np.median(away) < 8_000


def test_operators_serve_their_districts_and_some_counties_have_none(services, areas):
    community = services["person"].str.slice(1, 13)
    district = community.map(areas.set_index("code")["lies_in"])
    known = services["operator_id"].notna().groupby(district).mean()
    assert known[["340322", "340323"]].max() < 0.1
    assert known[["340302", "340303", "340304", "340311", "340321"]].between(0.9, 0.99).all()
    usual = {"340302": "OP1", "340303": "OP2", "340304": "OP3", "340311": "OP4"}
    urban = services[district.isin(usual) & services["operator_id"].notna()]
    assert (urban["operator_id"].astype("str") == district[urban.index].map(usual)).mean() > 0.9


def test_most_claims_are_proved_and_others_are_not(claims):
    only_later = claims["later"] & ~claims[["own", "other", "unnamed"]].any(axis=1)
    assert 0.55 < claims["own"].mean() < 0.8
    assert 0.03 < only_later.mean() < 0.12
    assert 0.03 < (claims["other"] & ~claims["own"]).mean() < 0.15
    assert 0.03 < (claims["unnamed"] & ~claims[["own", "other"]].any(axis=1)).mean() < 0.12
    assert 0.02 < (~claims.any(axis=1)).mean() < 0.12


def test_a_service_that_led_to_work_says_so(services, lives):
    led = services[services["result"] == "employed"]
    hires = lives.employments[["person", "hired_on"]].sort_values("hired_on")
    found = pd.merge_asof(
        led.sort_values("on"),
        hires,
        left_on="on",
        right_on="hired_on",
        by="person",
        direction="nearest",
        tolerance=pd.Timedelta(days=45),
    )
    assert found["hired_on"].notna().all()
    assert 0.05 < len(led) / len(services) < 0.25


def test_results_have_plausible_rates(services):
    rate = services["result"].value_counts(normalize=True, dropna=False)
    assert 0.3 < rate["willing"] < 0.6
    assert 0.05 < rate["no_answer"] < 0.2
    assert 0.02 < services["result"].isna().mean() < 0.15
    assert 0.0 < rate["wrong_number"] < 0.03
    assert services.loc[services["result"] == "refused", "next_contact_on"].isna().all()


def test_a_share_has_the_services_of_the_whole(services, fewer, fewer_lives, work, land):
    drawn = draw_services(fewer, fewer_lives, work, seed=land.seed)
    same = services[services["person"].isin(drawn["person"])].reset_index(drop=True)
    # Which posting hired whom depends on how many came before, and so do these names.
    columns = [name for name in drawn if name != "job_id"]
    pd.testing.assert_frame_equal(same[columns], drawn[columns])
    both = same["job_id"].notna() & drawn["job_id"].notna()
    assert (same["job_id"] == drawn["job_id"])[both].mean() > 0.97


def test_services_come_from_the_seed_alone(fewer, fewer_lives, work, land):
    first, again = (draw_services(fewer, fewer_lives, work, seed=land.seed) for _ in range(2))
    other = draw_services(fewer, fewer_lives, work, seed=land.seed + 1)
    pd.testing.assert_frame_equal(first, again)
    assert len(other) != len(first)
