"""The folder of what is published: nothing is made that could not be written down."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile

import pytest

from api.bands.releases import SeekerReleases
from api.coverage import folder
from api.coverage.folder import NotWritableError, ReleaseFolder
from api.coverage.release import Release
from geo_match.store import Store


class Text(str):
    """A release that is its text."""

    __slots__ = ()

    def text(self) -> str:
        return self


def full(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


def never(*_: object) -> Text:
    pytest.fail("it was made")


def test_a_release_is_not_made_where_a_file_stands_in_the_place_of_the_folder(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    for path in (tmp_path / "file", tmp_path / "file" / "published"):
        with pytest.raises(NotWritableError, match=r"can be written to.*_PUBLISHED"):
            ReleaseFolder(path).read_or_make("a.json", Text, never)


def test_a_release_is_not_made_where_the_disk_has_no_room_for_it(tmp_path, monkeypatch):
    place = ReleaseFolder(tmp_path / "published")
    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "TemporaryFile", full)
        with pytest.raises(NotWritableError, match="No space left on device"):
            place.read_or_make("a.json", Text, never)
    assert place.read_or_make("a.json", Text, lambda _: Text("made")) == "made"
    assert place.read_or_make("a.json", Text, never) == "made"


def test_a_release_that_the_disk_refuses_in_the_end_is_not_published(tmp_path, monkeypatch):
    place = ReleaseFolder(tmp_path / "published")
    place.read_or_make("a.json", Text, lambda _: Text("made"))
    with monkeypatch.context() as patch:
        patch.setattr(folder, "write_durably", full)
        with pytest.raises(NotWritableError, match="No space left on device"):
            place.read_or_make("b.json", Text, lambda _: Text("made"))
    assert not place.has("b.json")


def test_what_fails_while_a_release_is_made_is_no_fault_of_the_folder(tmp_path):
    with pytest.raises(OSError, match="No space left on device"):
        ReleaseFolder(tmp_path / "published").read_or_make("a.json", Text, full)


def test_who_asks_where_nothing_can_be_written_down_is_told_so_at_once(
    serve_town, tmp_path, caplog, monkeypatch
):
    town = serve_town(published=tmp_path / "published")
    shutil.rmtree(tmp_path / "published")
    (tmp_path / "published").write_text("", encoding="utf-8")
    monkeypatch.setattr(Release, "of", never)
    for target in ("/v1/coverage", "/v1/gaps"):
        problem = town.get(target).json()
        assert (problem["status"], problem["title"]) == (503, "Release not writable")
        assert str(tmp_path) not in str(problem)
    record = next(one for one in caplog.records if one.name == "api.coverage.served")
    assert "name another folder by GEO_MATCH_PUBLISHED" in record.getMessage()


def test_no_seeker_is_read_for_bands_that_cannot_be_written_down(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with Store.open(tmp_path / "a.db") as store:
        seekers = SeekerReleases(store, tmp_path / "file", today=lambda: dt.date(2026, 2, 14))
        with pytest.raises(NotWritableError, match="be a folder that can be written to"):
            seekers.last(never)
