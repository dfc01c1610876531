"""How `geo-match match` works through its rows: in blocks, to the end or not at all."""

from __future__ import annotations

import gc
import os
import signal
import weakref
from contextlib import contextmanager
from pathlib import Path

import pytest
from office_desk import run
from test_cli.test_match.lists import FILES, ON, of_city

import geo_match as gm
from geo_match.cli import match as matching


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("suffix", ["csv", "ndjson", "parquet"])
def test_stopped_in_the_middle_it_leaves_no_file(folder, monkeypatch, capsys, suffix, stop):
    monkeypatch.setattr(matching, "_LEAST_AT_ONCE", 1)
    before = sorted(folder.iterdir())
    asked, iter_match = [], gm.Matcher.iter_match

    def stopping(matcher, *arguments, **options):
        asked.append(arguments)
        if len(asked) == 3:
            os.kill(os.getpid(), stop)
        return iter_match(matcher, *arguments, **options)

    monkeypatch.setattr(gm.Matcher, "iter_match", stopping)
    more = ("--out", f"o.{suffix}", "--shortfall", f"s.{suffix}")
    assert run("match", *FILES, *ON, *more) == 128 + stop
    assert "stopped; nothing was written" in capsys.readouterr().err
    assert sorted(folder.iterdir()) == before


def test_each_block_is_written_and_forgotten_before_the_next(city, monkeypatch):
    monkeypatch.setattr(matching, "_LEAST_AT_ONCE", 1)
    blocks, most = [], []
    iter_match = gm.Matcher.iter_match

    def watched(*arguments, **options):
        gc.collect()
        most.append(sum(block() is not None for block in blocks))
        for block in iter_match(*arguments, **options):
            blocks.append(weakref.ref(block))
            yield block

    monkeypatch.setattr(gm.Matcher, "iter_match", watched)
    run("match", *of_city(city), "--out", "o.csv")
    assert len(blocks) == 8
    assert max(most) == 1  # the one that the last turn of the loop still names


def test_a_full_disk_leaves_the_files_as_they_were(folder, monkeypatch, capsys):
    Path("o.csv").write_text("before")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("geo_match.exchange.tables._bytes", full)
    assert run("match", *FILES, *ON, "--out", "o.csv", "--shortfall", "s.parquet") == 1
    assert "`o.csv` must be written, got No space left on device" in capsys.readouterr().err
    assert Path("o.csv").read_text() == "before"
    assert len(list(folder.iterdir())) == 3


def test_the_bar_moves_in_steps(city, monkeypatch):
    monkeypatch.setattr(matching, "_LEAST_AT_ONCE", 1)
    steps = []

    @contextmanager
    def watched(doing, total=None, *, compiles):
        assert (total, compiles) == (122 if doing == "matching" else None, "en")
        yield steps.append

    monkeypatch.setattr(matching, "progress", watched)
    run("match", *of_city(city), "--out", "o.csv")
    assert sum(steps) == 122
    assert len(steps) == 8
