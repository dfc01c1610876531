"""The table of system parts: found, brought, or left out with the command that would bring them."""

from __future__ import annotations

import pytest
import system_parts
from system_parts import PARTS, Part


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """A folder that is the whole PATH; a program in it writes its arguments to `log`."""
    monkeypatch.setenv("PATH", str(tmp_path))

    def add(name, script=""):
        path = tmp_path / name
        path.write_text(
            f'#!/bin/sh\necho {name} "$@" >>{tmp_path}/log\n{script}\n', encoding="utf-8"
        )
        path.chmod(0o755)

    add.log = tmp_path / "log"
    return add


def missing():
    return Part(name="Part", serves="nothing", packages=("one", "two"), found=lambda: False)


def test_every_part_says_what_brings_it():
    for part in PARTS:
        assert part.serves
        assert part.remedy.endswith(" ".join(part.packages))


def test_root_installs_a_missing_part_with_apt(programs, monkeypatch, capsys):
    programs("apt-get")
    monkeypatch.setattr(system_parts.os, "geteuid", lambda: 0)
    system_parts.bring(missing())
    assert programs.log.read_text(encoding="utf-8").splitlines() == [
        "apt-get update -qq",
        "apt-get install -y -qq --no-install-recommends one two",
    ]
    assert "Part is missing: installing one two" in capsys.readouterr().out


def test_a_user_with_sudo_without_password_installs_too(programs, monkeypatch):
    programs("apt-get")
    programs("sudo")
    monkeypatch.setattr(system_parts.os, "geteuid", lambda: 1000)
    system_parts.bring(missing())
    asked, update, install = programs.log.read_text(encoding="utf-8").splitlines()
    assert asked == "sudo -n true"
    assert update.startswith("sudo -n env DEBIAN_FRONTEND=noninteractive apt-get update")
    assert install.endswith("apt-get install -y -qq --no-install-recommends one two")


@pytest.mark.parametrize("present", [[], ["apt-get"], ["sudo"]])
def test_a_user_who_cannot_install_is_told_that_tests_are_left_out(
    programs, monkeypatch, capsys, present
):
    for name in present:
        programs(name, "exit 1")
    monkeypatch.setattr(system_parts.os, "geteuid", lambda: 1000)
    system_parts.bring(missing())
    assert "Part is missing; its tests are left out" in capsys.readouterr().out


def test_an_apt_that_fails_ends_the_attempt_not_the_run(programs, monkeypatch, capsys):
    programs("apt-get", "exit 100")
    monkeypatch.setattr(system_parts.os, "geteuid", lambda: 0)
    system_parts.bring(missing())
    assert len(programs.log.read_text(encoding="utf-8").splitlines()) == 1
    assert "failed; the tests that need Part are left out" in capsys.readouterr().out


def test_a_part_that_is_there_is_left_alone(programs, monkeypatch, capsys):
    programs("apt-get")
    there = Part(name="Part", serves="nothing", packages=("one",), found=lambda: True)
    monkeypatch.setattr(system_parts, "PARTS", (there,))
    system_parts.main()
    assert capsys.readouterr().out == "Part: found.\n"
    assert not programs.log.exists()


@pytest.mark.parametrize("present", [(), ("initdb",), ("initdb", "pg_config")])
def test_a_postgresql_without_postgis_is_none(programs, tmp_path, monkeypatch, present):
    monkeypatch.setattr(system_parts, "DEBIAN_POSTGRESQL", tmp_path / "none")
    for name in present:
        programs(name, f"echo {tmp_path}")
    assert system_parts.postgresql_programs() is None


def test_the_newest_postgresql_with_postgis_is_found(programs, tmp_path, monkeypatch):
    share = tmp_path / "share" / "extension"
    share.mkdir(parents=True)
    (share / "postgis.control").touch()
    monkeypatch.setattr(system_parts, "DEBIAN_POSTGRESQL", tmp_path)
    for version in ("9.6", "15", "17"):
        (tmp_path / version / "bin").mkdir(parents=True)
        for name in ("initdb", "pg_config"):
            answer = tmp_path / ("nowhere" if version == "17" else "share")
            programs(f"{version}/bin/{name}", f"echo {answer}")
    assert system_parts.postgresql_programs() == tmp_path / "15" / "bin"


def test_a_libreoffice_counts_only_with_its_spreadsheet(programs, tmp_path):
    assert system_parts.libreoffice_program() is None
    programs("soffice")
    assert system_parts.libreoffice_program() is None
    (tmp_path / "libsclo.so").touch()
    assert system_parts.libreoffice_program() == tmp_path / "soffice"


def test_a_chromium_counts_only_where_it_is_no_snap(programs, tmp_path):
    assert system_parts.chromium_program() is None
    programs("snap")
    (tmp_path / "chromium").symlink_to(tmp_path / "snap")
    assert system_parts.chromium_program() is None
    programs("google-chrome-stable")
    assert system_parts.chromium_program() == tmp_path / "google-chrome-stable"
    (tmp_path / "chromium").unlink()
    programs("chromium")
    assert system_parts.chromium_program() == tmp_path / "chromium"


def test_a_chinese_font_is_asked_for_or_looked_for(programs, tmp_path, monkeypatch):
    monkeypatch.setattr(system_parts, "DEBIAN_FONTS", tmp_path / "fonts")
    assert not system_parts.has_chinese_font()
    (tmp_path / "fonts" / "noto").mkdir(parents=True)
    (tmp_path / "fonts" / "noto" / "NotoSansCJK-Regular.ttc").touch()
    assert system_parts.has_chinese_font()
    programs("fc-list")
    assert not system_parts.has_chinese_font()
    assert programs.log.read_text(encoding="utf-8") == "fc-list :lang=zh-cn\n"
    programs("fc-list", "echo Noto Sans CJK SC")
    assert system_parts.has_chinese_font()


@pytest.mark.parametrize("present", [(), ("chromium",), ("fc-list",), ("chromium", "fc-list")])
def test_a_browser_is_found_only_with_its_font(programs, tmp_path, monkeypatch, present):
    monkeypatch.setattr(system_parts, "DEBIAN_FONTS", tmp_path / "none")
    for name in present:
        programs(name, "echo Noto Sans CJK SC")
    assert system_parts.CHROMIUM.found() is (len(present) == 2)
