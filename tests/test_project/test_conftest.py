"""The tests' own promises: nothing is skipped in silence, and nothing at all in CI."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
SKIPS = """
import pytest

def test_that_runs():
    pass

def test_that_skips():
    pytest.skip("no such part. Remedy: get one")

@pytest.fixture
def part():
    pytest.skip("no such part. Remedy: get one")

def test_whose_fixture_skips(part):
    pass

@pytest.mark.xfail(reason="known", strict=True)
def test_that_fails_as_expected():
    assert False
"""
MODULE_SKIP = 'import pytest\npytest.skip("no such module", allow_module_level=True)\n'


def outcome(tmp_path, source, **environment):
    """Run one file of tests under this project's conftest; give status and report."""
    for name in ("conftest.py", "new_stores.py", "system_parts.py"):
        shutil.copy(TESTS / name, tmp_path)
    (tmp_path / "test_it.py").write_text(source, encoding="utf-8")
    inherited = {name: value for name, value in os.environ.items() if name != "CI"}
    done = subprocess.run(  # noqa: S603 - the test's own interpreter and words
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"--rootdir={tmp_path}", "."],
        cwd=tmp_path,
        env={**inherited, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_by_hand_a_skip_is_listed_once_a_reason_with_its_remedy(tmp_path):
    status, report = outcome(tmp_path, SKIPS)
    assert status == 0
    assert report.count(" not run ") == 1
    assert "2 tests: no such part. Remedy: get one" in report
    assert "1 xfailed" in report


@pytest.mark.parametrize("spelling", ["true", "1"])
def test_in_ci_every_skip_is_a_failure_but_an_expected_failure_is_none(tmp_path, spelling):
    status, report = outcome(tmp_path, SKIPS, CI=spelling)
    assert status == 1
    assert "Skipped in CI, where everything must run: no such part" in report
    assert "1 passed" in report
    assert "1 xfailed" in report
    assert "1 failed" in report
    assert "1 error" in report


def test_a_module_that_skips_itself_is_listed_by_hand_and_fails_in_ci(tmp_path):
    status, report = outcome(tmp_path, MODULE_SKIP)
    assert "1 test: no such module" in report
    status, report = outcome(tmp_path, MODULE_SKIP, CI="true")
    assert status != 0
    assert "Skipped in CI, where everything must run: no such module" in report


def test_without_skips_nothing_is_listed(tmp_path):
    status, report = outcome(tmp_path, "def test_it(): pass\n", CI="true")
    assert status == 0
    assert "not run" not in report
