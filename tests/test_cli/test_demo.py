"""`geo-match demo`: what it refuses before it draws, what it says, and what a stop leaves."""

from __future__ import annotations

import functools
import json
import os
import signal

import pytest

from geo_match.cli import main
from geo_match.demo import files
from geo_match.demo.city import NOTE, draw_city


@functools.cache
def drawn(scale, seed):
    """Draw a city once for all tests; give it with the steps that were told."""
    steps = []
    return draw_city(scale, seed=seed, watch=steps.append), steps


@pytest.fixture(autouse=True)
def _drawn_once(monkeypatch):
    """Let the command draw a city that it has drawn before in no time."""

    def draw(scale, *, seed, watch):
        city, steps = drawn(scale, seed)
        for step in steps:
            watch(step)
        return city

    monkeypatch.setattr("geo_match.cli.demo.draw_city", draw)


@pytest.fixture
def _pressed_less(monkeypatch):
    """Write files in a fraction of the time: whether they are there is looked at."""
    monkeypatch.setattr(files, "_COMPRESSION", ("zstd", 1))


@pytest.fixture
def run(capsys):
    """Run the command as a process would, signals put back as they were; give status and words."""

    def run(*arguments):
        try:
            main(["demo", *map(str, arguments)])
        except SystemExit as end:
            return end.code or 0, capsys.readouterr().err
        return 0, capsys.readouterr().err

    return run


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--scale", "big", "must be small, city, or a factor in whole hundredths"),
        ("--scale", "0.001", "must be small, city, or a factor in whole hundredths"),
        ("--seed", "-1", "must be a whole number of at least 0"),
        ("--seed", "x", "must be a whole number of at least 0"),
    ],
)
def test_a_wrong_option_is_named_with_its_rule(run, tmp_path, option, value, said):
    status, words = run("--out", tmp_path / "city", option, value)
    assert status == 2
    assert said in " ".join(words.replace("│", " ").split())
    assert not (tmp_path / "city").exists()


def test_a_folder_that_holds_something_else_is_refused_before_anything_is_drawn(run, tmp_path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    status, words = run("--out", tmp_path)
    assert status == 1
    assert "must be new or empty, or hold a city (city.json)" in words
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_tiny_city_is_written_and_told(run, tmp_path):
    status, words = run("--out", tmp_path / "city", "--scale", "0.01", "--seed", "7")
    assert status == 0
    assert NOTE in words
    about = json.loads((tmp_path / "city" / "city.json").read_text(encoding="utf-8"))
    assert (about["scale"], about["seed"]) == ("0.01", 7)
    assert about["rows"]["communities.parquet"] == 1_157
    assert about["rows"]["households.parquet"] == pytest.approx(12_400, rel=0.02)
    for name, rows in about["rows"].items():
        assert (tmp_path / "city" / name).is_file()
        assert f"{rows:,}  {name}" in words


@pytest.mark.usefixtures("_pressed_less")
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_while_files_are_written_leaves_nothing_behind(run, tmp_path, monkeypatch, stop):
    def stopped(_office, folder):
        assert list(folder.parent.glob("*.parquet"))
        os.kill(os.getpid(), stop)

    monkeypatch.setattr("geo_match.demo.files.write_office", stopped)
    status, words = run("--out", tmp_path / "city", "--scale", "0.01", "--seed", "7")
    assert status == 128 + stop
    assert words.endswith("geo-match: stopped; nothing was written\n")
    assert not (tmp_path / "city").exists()


@pytest.mark.usefixtures("_pressed_less")
def test_a_stop_comes_too_late_once_files_are_put_in_place(run, tmp_path, monkeypatch):
    def stopped(*arguments):
        os.kill(os.getpid(), signal.SIGTERM)
        return put_in_place(*arguments)

    put_in_place = files._put_in_place
    monkeypatch.setattr(files, "_put_in_place", stopped)
    status, words = run("--out", tmp_path / "city", "--scale", "0.01", "--seed", "7")
    assert status == 0
    assert "tables, README.md and city.json written to" in words
    assert json.loads((tmp_path / "city" / "city.json").read_text(encoding="utf-8"))["complete"]
