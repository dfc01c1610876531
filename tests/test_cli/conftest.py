"""For all commands: the tests' own process keeps its priority, which it could not raise again."""

from __future__ import annotations

from contextlib import nullcontext
from importlib import import_module

import pytest

COMMANDS = import_module("geo_match.cli.app")  # whose name in the package is the application's


@pytest.fixture(autouse=True)
def _keeps_its_priority(monkeypatch):
    """Let an import in the tests' process give way to nobody."""
    monkeypatch.setattr(COMMANDS, "giving_way", nullcontext)
