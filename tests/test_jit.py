"""Kernels: their machine code is kept, but not beyond a change of what they call."""

from __future__ import annotations

import subprocess
import sys

CALLED = """
from geo_match._jit import kernel


@kernel
def called(x):
    return x + {}
"""
CALLER = """
from geo_match._jit import kernel
from kept.called import called


@kernel
def caller(x):
    return 2 * called(x)
"""
ASK = """
from kept.caller import caller

print(caller(1), sum(caller.stats.cache_hits.values()))
"""


def asked(folder):
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", ASK], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def test_machine_code_is_kept_until_a_kernel_that_is_called_changes(tmp_path):
    package = tmp_path / "kept"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "called.py").write_text(CALLED.format(1))
    (package / "caller.py").write_text(CALLER)
    assert asked(tmp_path)[0] == "4"
    assert asked(tmp_path) == ["4", "1"]  # taken from the cache
    (package / "__init__.py").write_text("ANOTHER = 1\n")
    assert asked(tmp_path) == ["4", "1"]  # no kernel
    (package / "called.py").write_text(CALLED.format(10))
    assert asked(tmp_path)[0] == "22"
