"""A key's file is there for good once it has its name, or it is not there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from geo_match.coverage.publication.durable import write_durably
from geo_match.coverage.publication.key_file import new_key, read_key, write_key
from geo_match.errors import FileError


def test_a_key_is_read_as_it_was_written_and_by_its_owner_alone(tmp_path):
    path, key = tmp_path / "key", new_key()
    assert read_key(path) is None
    write_key(path, key)
    assert read_key(path) == key
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["key"]


def test_no_key_is_written_over_another(tmp_path):
    path, key = tmp_path / "key", new_key()
    write_key(path, key)
    with pytest.raises(FileExistsError, match="key"):
        write_key(path, new_key())
    assert read_key(path) == key


def test_a_file_has_its_name_after_it_is_on_the_disk_and_then_its_name_is(tmp_path, monkeypatch):
    done, sync, replace = [], os.fsync, Path.replace

    def synced(handle):
        done.append(Path(f"/proc/self/fd/{handle}").resolve().is_dir())
        sync(handle)

    def named(self, target):
        done.append("named")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", named)
    write_durably(tmp_path / "a.json", "x")
    assert done == [False, "named", True]


def test_a_disk_that_refuses_a_key_has_nothing_of_it(tmp_path, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_key(tmp_path / "key", new_key())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must hold 16 to 64 bytes in hexadecimal, got 0. Give the key of the earlier"),
        ("none", "must hold a key in hexadecimal, got something else. Give the key of"),
    ],
)
def test_a_key_that_is_none_is_refused_with_its_file_and_what_to_do(tmp_path, text, message):
    path = tmp_path / "key"
    path.write_text(text, encoding="ascii")
    with pytest.raises(FileError, match=message) as refused:
        read_key(path)
    assert refused.value.file == str(path)


def test_a_key_that_cannot_be_read_is_refused_with_its_file(tmp_path):
    with pytest.raises(FileError, match="must be a file that can be read, got Is a directory"):
        read_key(tmp_path)
