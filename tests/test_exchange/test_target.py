"""What stands in the way of writing is told before any work."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from geo_match.errors import FileError
from geo_match.exchange import check_target
from geo_match.exchange.target import _host, naming, remove_rests, replacing


def test_a_path_that_can_be_written_passes(tmp_path):
    check_target(tmp_path / "new.csv")
    (tmp_path / "old.csv").touch()
    check_target(tmp_path / "old.csv", inputs=[tmp_path / "other.csv"])


def test_a_missing_folder_is_refused(tmp_path):
    with pytest.raises(FileError, match="a folder that exists"):
        check_target(tmp_path / "nowhere" / "out.csv")


def test_what_is_no_plain_file_is_never_replaced(tmp_path):
    (tmp_path / "folder.csv").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    for name in ("folder.csv", "pipe.csv", "/dev/null"):
        with pytest.raises(FileError, match="plain file"):
            check_target(tmp_path / name)


def test_an_input_is_never_overwritten_under_any_of_its_names(tmp_path):
    path = tmp_path / "in.csv"
    path.touch()
    (tmp_path / "soft.csv").symlink_to(path)
    (tmp_path / "hard.csv").hardlink_to(path)
    for name in ("in.csv", "soft.csv", "hard.csv", "../" + tmp_path.name + "/in.csv"):
        with pytest.raises(FileError, match="not be an input"):
            check_target(tmp_path / name, inputs=[path])


def test_a_folder_without_the_right_to_write_is_refused(request):
    program = (
        "import os, sys\n"
        "from geo_match.errors import FileError\n"
        "from geo_match.exchange import check_target\n"
        "if os.geteuid() == 0:\n"
        "    os.setuid(65534)\n"
        "try:\n"
        "    check_target(sys.argv[1])\n"
        "except FileError as error:\n"
        "    print(error)\n"
    )
    # Not pytest's own folder: only its owner may enter that.
    folder = Path(tempfile.mkdtemp())
    request.addfinalizer(folder.rmdir)
    folder.chmod(0o555)
    done = subprocess.run(  # noqa: S603 - this interpreter, on our own program
        [sys.executable, "-c", program, folder / "out.csv"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "must lie in a writable folder" in done.stdout


def test_a_link_keeps_pointing_to_the_file_that_is_replaced(tmp_path):
    (tmp_path / "real.csv").write_text("old")
    link = tmp_path / "link.csv"
    link.symlink_to("real.csv")
    with replacing(link) as (temporary,):
        temporary.write_text("new")
    assert link.is_symlink()
    assert (tmp_path / "real.csv").read_text() == "new"


def test_several_files_appear_together_or_not_at_all(tmp_path):
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    second.write_text("old")
    with (
        pytest.raises(FileError, match=r"second\.csv` must be written, got No such file"),
        replacing(first, second) as (temporary, _),
    ):
        temporary.write_text("new")
    assert [path.name for path in tmp_path.iterdir()] == ["second.csv"]
    assert second.read_text() == "old"
    with replacing(first, second) as temporaries:
        for temporary in temporaries:
            temporary.write_text("new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["first.csv", "second.csv"]
    assert second.read_text() == "new"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.ENOSPC, "whatever a library says"), r"No space left on device\. Free space"),
        (PermissionError(errno.EACCES, "x", ".a.part.csv"), r"Permission denied\.$"),
        (OSError("a lost mount"), r"a lost mount\.$"),
    ],
)
def test_what_the_system_denies_names_the_target_the_cause_and_the_remedy(error, told):
    with pytest.raises(FileError, match=rf"`a\.csv` must be written, got {told}"), naming("a.csv"):
        raise error


def test_what_a_killed_program_left_is_removed_and_what_is_being_written_is_not(tmp_path):
    program = (
        "import os, sys\n"
        "from geo_match.exchange.target import replacing\n"
        "with replacing(*sys.argv[1:]) as parts:\n"
        "    for part in parts:\n"
        "        part.write_text('x')\n"
        "    os._exit(9)\n"
    )
    targets = [tmp_path / "名单.mend.csv", tmp_path / "b.gpkg"]
    subprocess.run([sys.executable, "-c", program, *targets], check=False)  # noqa: S603 - this interpreter, on our own program
    left = sorted(tmp_path.iterdir())
    assert len(left) == 2
    with replacing(tmp_path / "c.csv") as (mine,):
        mine.write_text("being written")
        assert sorted(remove_rests(tmp_path / "any.csv")) == left
        assert list(tmp_path.iterdir()) == [mine]
    assert [path.name for path in tmp_path.iterdir()] == ["c.csv"]


def test_a_rest_whose_writer_cannot_be_asked_for_goes_after_a_day(tmp_path):
    names = [
        ".a.00000000-1-0123abcd.part.csv",  # of another machine
        ".a.0123abcd.part.csv",  # of before names had the process
        f".a.{_host()}-{os.getpid()}-0123abcd.part.csv",  # of a number that another process has now
    ]
    others = [".notes.part.csv", ".a.0123abcd.partial.csv", "a.0123abcd.part.csv", ".a.part.csv"]
    for name in (*names, *others):
        (tmp_path / name).touch()
    assert remove_rests(tmp_path / "x.csv") == []
    long_ago = time.time() - 90_000
    for name in (*names, *others):
        os.utime(tmp_path / name, (long_ago, long_ago))
    assert {path.name for path in remove_rests(tmp_path / "x.csv")} == set(names)
    assert {path.name for path in tmp_path.iterdir()} == set(others)
