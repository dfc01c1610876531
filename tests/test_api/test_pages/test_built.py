"""A build of the page is read whole: its files as they are, and packed."""

from __future__ import annotations

import gzip

import pytest

from api.pages.built import BuiltPage

PARTS = {
    "index.html": b"<!DOCTYPE html>",
    "licenses.txt": b"# Licenses",
    "assets/main-a1.js": b"start()",
    "assets/main-b2.css": b"body {}",
    "assets/icon-c3.svg": b"<svg/>",
    "assets/strange-d4.xyz": b"?",
}


@pytest.fixture
def folder(tmp_path):
    """A small build, all of it packed."""
    (tmp_path / "assets").mkdir()
    for name, text in PARTS.items():
        (tmp_path / name).write_bytes(text)
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress(text))
    return tmp_path


def test_a_page_that_was_not_built_is_none(tmp_path):
    assert BuiltPage.read(tmp_path) is None
    assert BuiltPage.read(tmp_path / "nowhere") is None


def test_each_file_is_there_by_its_name_with_its_type_whole_and_packed(folder):
    page = BuiltPage.read(folder)
    assert {name: file.media_type for name, file in page.assets.items()} == {
        "main-a1.js": "text/javascript",
        "main-b2.css": "text/css",
        "icon-c3.svg": "image/svg+xml",
        "strange-d4.xyz": "application/octet-stream",
    }
    assert page.index.media_type == "text/html"
    assert page.licences.media_type == "text/plain"
    files = {"index.html": page.index, "licenses.txt": page.licences}
    files |= {f"assets/{name}": file for name, file in page.assets.items()}
    assert {name: file.whole for name, file in files.items()} == PARTS
    assert {name: gzip.decompress(file.packed) for name, file in files.items()} == PARTS


def test_what_is_not_packed_is_there_whole(folder):
    (folder / "assets" / "main-a1.js.gz").unlink()
    file = BuiltPage.read(folder).assets["main-a1.js"]
    assert (file.whole, file.packed) == (b"start()", None)


def test_a_later_build_does_not_mix_with_what_was_read(folder):
    page = BuiltPage.read(folder)
    (folder / "assets" / "main-a1.js").unlink()
    (folder / "index.html").write_bytes(b"later")
    assert page.index.whole == PARTS["index.html"]
    assert page.assets["main-a1.js"].whole == b"start()"


def test_a_build_of_which_a_part_is_missing_is_not_served_as_if_it_were_whole(folder):
    (folder / "licenses.txt").unlink()
    with pytest.raises(FileNotFoundError, match=r"licenses\.txt"):
        BuiltPage.read(folder)
