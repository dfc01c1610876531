"""The articles: nbmake executes them with the other tests; here is what else they promise."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

ARTICLES = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.name)
def test_an_article_is_kept_without_outputs_and_starts_with_its_title(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert "".join(cells[0]["source"]).startswith("# ")
    for cell in cells:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            assert cell["execution_count"] is None


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.name)
def test_an_article_ends_with_what_to_try_next(path):
    last = json.loads(path.read_text(encoding="utf-8"))["cells"][-1]
    assert last["cell_type"] == "markdown"
    assert "## What to try next\n" in last["source"]


def test_readme_lists_every_article():
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    assert len(ARTICLES) == 5
    for path in ARTICLES:
        assert f"[`{path.stem}`](notebooks/{path.name})" in readme


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.name)
def test_an_article_needs_no_internet(path):
    assert "://" not in path.read_text(encoding="utf-8")
