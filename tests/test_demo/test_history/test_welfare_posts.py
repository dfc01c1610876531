"""Public-welfare posts: every posting, most developed with an operator, a few held wrongly."""

from __future__ import annotations

import pandas as pd

from geo_match.demo.history.welfare_posts import draw_welfare_posts

TODAY = pd.Timestamp("2025-12-31")


def test_each_public_welfare_posting_is_there(welfare_posts, work):
    jobs = pd.concat([work.jobs, work.closed_jobs])
    posts = jobs[jobs["job_type"] == "public_welfare"].set_index("id")
    assert set(welfare_posts["job_id"]) == set(posts.index)
    of = posts.loc[welfare_posts["job_id"]]
    assert (of["employer_id"].to_numpy() == welfare_posts["employer_id"]).all()
    developed = welfare_posts["developed_on"].notna().to_numpy()
    before = of["opened_on"].to_numpy() > welfare_posts["developed_on"].to_numpy()
    assert before[developed].all()
    assert welfare_posts.loc[welfare_posts["holder"].isna(), "job_id"].is_unique


def test_posts_are_mostly_developed_and_led(welfare_posts, work, areas):
    assert 0.75 < welfare_posts["developed_on"].notna().mean() < 0.92
    jobs = pd.concat([work.jobs, work.closed_jobs]).set_index("id")
    community = jobs.loc[welfare_posts["job_id"], "community"].astype("str")
    district = community.map(areas.set_index("code")["lies_in"]).to_numpy()
    led = welfare_posts["led_by"].notna().groupby(district).mean()
    assert led[["340322", "340323"]].max() == 0
    assert led[["340302", "340303", "340304", "340311"]].between(0.5, 0.85).all()


def test_holders_are_people_hired_for_public_welfare(welfare_posts, lives):
    held = welfare_posts[welfare_posts["holder"].notna()]
    hires = lives.employments[lives.employments["form"] == "public_welfare_post"]
    assert len(held) > 50
    found = held.merge(hires, left_on="holder", right_on="person")
    assert set(found["holder"]) == set(held["holder"])
    assert not held.duplicated(["job_id", "holder", "held_to"]).any()
    assert 0.05 < held["held_from"].isna().mean() < 0.2
    until = held["held_to"].fillna(TODAY)
    assert (held["held_from"].dropna() <= until[held["held_from"].notna()]).all()
    over = until > held["held_from"] + pd.DateOffset(years=3)
    assert 0 < over.mean() < 0.25
    assert welfare_posts.loc[welfare_posts["holder"].isna(), "held_from"].isna().all()


def test_most_holders_have_difficulty(welfare_posts, people, lives):
    columns = ["id", "difficulty"]
    ledger = pd.concat([people.seekers[columns], lives.former_seekers[columns]]).set_index("id")
    held = welfare_posts["holder"].dropna()
    difficulty = ledger.loc[held, "difficulty"]
    assert 0 < (difficulty == "none").mean() < 0.2
    assert 0 < difficulty.isna().mean() < 0.15


def test_a_share_has_the_holders_of_the_whole(welfare_posts, fewer, fewer_lives, work, land):
    drawn = draw_welfare_posts(fewer, fewer_lives, work, seed=land.seed)
    columns = ["job_id", "employer_id", "developed_on", "led_by"]
    posts = [frame[columns].drop_duplicates(ignore_index=True) for frame in (welfare_posts, drawn)]
    pd.testing.assert_frame_equal(*posts)
    # The more people, the more come too late for a posting, and hold no post that is known.
    held = [frame.dropna(subset="holder") for frame in (welfare_posts, drawn)]
    # A few hold two posts, one after the other: the last day tells these apart.
    both = held[0].merge(held[1], on=["holder", "held_to"], suffixes=("", "_few"))
    assert len(both) > 0.6 * len(held[1])
    assert both["held_from"].equals(both["held_from_few"].rename("held_from"))
    assert (both["job_id"] == both["job_id_few"]).mean() > 0.9


def test_posts_come_from_the_seed_alone(fewer, fewer_lives, work, land):
    first, again = (draw_welfare_posts(fewer, fewer_lives, work, seed=land.seed) for _ in range(2))
    other = draw_welfare_posts(fewer, fewer_lives, work, seed=land.seed + 1)
    pd.testing.assert_frame_equal(first, again)
    assert not first["developed_on"].equals(other["developed_on"])
