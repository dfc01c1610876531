"""A command that is asked to stop leaves nothing behind, and says so."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from geo_match.cli import circles, main
from geo_match.cli.stopping import Stopped, finish_anyway, stoppable

FILES = ("--sites", "places.csv", "--origins", "places.csv", "--datum", "wgs84")
STOPS = [signal.SIGHUP, signal.SIGINT, signal.SIGTERM]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Work in a folder with `places.csv`, and see that the signals are handled as before."""
    monkeypatch.chdir(tmp_path)
    Path("places.csv").write_text("id,lon,lat\nA,117,32\nB,117,32.01\nC,,\n")
    before = [signal.getsignal(stop) for stop in STOPS]
    yield
    assert [signal.getsignal(stop) for stop in STOPS] == before


@pytest.mark.parametrize("stop", STOPS)
@pytest.mark.parametrize("suffix", ["csv", "ndjson", "geojson", "gpkg", "parquet"])
def test_a_signal_while_rows_are_written_removes_what_was_begun(monkeypatch, capsys, suffix, stop):
    watched = circles._watched

    def stopped(pairs, advance):
        yield next(watched(pairs, advance))
        assert list(Path().glob(".*.part*"))
        os.kill(os.getpid(), stop)
        yield from watched(pairs, advance)

    monkeypatch.setattr(circles, "_watched", stopped)
    with pytest.raises(SystemExit, match=str(128 + stop)):
        main(["within", *FILES, "--out", f"out.{suffix}"])
    assert capsys.readouterr().err == "geo-match: stopped; nothing was written\n"
    assert [path.name for path in Path().iterdir()] == ["places.csv"]


def test_a_signal_before_anything_is_written_ends_it_too(monkeypatch, capsys):
    monkeypatch.setattr(circles, "_index", lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    with pytest.raises(SystemExit, match="143"):
        main(["count", *FILES, "--out", "out.csv"])
    assert "stopped; nothing was written" in capsys.readouterr().err


def test_a_signal_after_the_answer_is_in_place_does_not_keep_it_from_being_told(
    monkeypatch, capsys
):
    told = circles.tell_files

    def tell(files):
        os.kill(os.getpid(), signal.SIGTERM)
        told(files)

    monkeypatch.setattr(circles, "tell_files", tell)
    with pytest.raises(SystemExit, match="3"):
        main(["count", *FILES, "--out", "out.csv"])
    assert "2 faults listed in out.csv.rejected.csv" in capsys.readouterr().err


def test_a_stop_that_a_finalizer_swallowed_is_raised_once_more():
    class Dying:
        def __del__(self):
            os.kill(os.getpid(), signal.SIGTERM)
            sum(range(100))  # where Python looks for signals

    def work():
        Dying()
        for _ in range(500):
            time.sleep(0.01)

    with pytest.raises(Stopped, match="15"), stoppable():
        work()
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_a_signal_that_is_ignored_stays_ignored():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stoppable():
            os.kill(os.getpid(), signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_stop_has_the_status_that_a_shell_expects():
    with pytest.raises(Stopped, match="15") as caught, stoppable():
        os.kill(os.getpid(), signal.SIGTERM)
    assert caught.value.status == 143
    with stoppable():
        finish_anyway()
        os.kill(os.getpid(), signal.SIGTERM)
