"""The bar on a terminal: what it says while kernels are compiled."""

from __future__ import annotations

import io
import sys

import numba
import pytest

from geo_match.cli.terminal import progress


class Terminal(io.StringIO):
    """A stream that says that somebody looks at it."""

    def isatty(self):
        return True


@pytest.fixture
def new_terminal(monkeypatch):
    """Return what puts a terminal in the place of standard error."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm")

    def put():  # in the test itself: pytest has put its own there since the fixture was made
        stream = Terminal()
        monkeypatch.setattr(sys, "stderr", stream)
        return stream

    return put


def compile_one():
    @numba.njit  # kept in no cache, as a kernel would be
    def one(x):
        return x + 1

    return one(1)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "compiling (once after an installation or update) …"),
        ("zh", "正在编译（安装或更新后仅此一次）……"),
    ],
)
def test_a_bar_says_that_kernels_are_compiled_while_they_are(new_terminal, language, words):
    terminal = new_terminal()
    with progress("matching", 2, compiles=language) as advance:
        compile_one()
        assert words in terminal.getvalue()
        terminal.truncate(0)
        advance(2)
    assert "matching" in terminal.getvalue()
    assert words not in terminal.getvalue()


def test_a_bar_of_what_runs_no_kernels_says_nothing_of_them(new_terminal):
    terminal = new_terminal()
    with progress("reading"):
        compile_one()
    assert "reading" in terminal.getvalue()
    assert "compiling" not in terminal.getvalue()


def test_without_a_terminal_there_is_no_bar(capsys):
    with progress("matching", 2, compiles="en") as advance:
        compile_one()
        advance(2)
    assert capsys.readouterr() == ("", "")
