"""The pinned requirements: complete, hashed, free of addresses, and in step with pyproject.toml."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CHECKOUT = Path(__file__).parents[2]
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
FILES = {name: CHECKOUT / "requirements" / f"{name}.txt" for name in ("serve", "dev", "node")}
WEB = CHECKOUT / "api" / "web"


def entries(name):
    """Each entry of a file: the requirement, and how many hashes it has."""
    text = FILES[name].read_text(encoding="utf-8").replace("\\\n", " ")
    for line in filter(None, map(str.strip, text.splitlines())):
        requirement, *hashes = line.split("--hash=")
        yield Requirement(requirement), hashes


def pins(name):
    """Every version that a file pins, by package."""
    found = {}
    for requirement, _ in entries(name):
        versions = found.setdefault(canonicalize_name(requirement.name), set())
        versions.add(str(requirement.specifier).removeprefix("=="))
    return found


def wanted(*extras):
    """The requirements of pyproject.toml, extras of extras followed."""
    listed = [Requirement(text) for text in PROJECT["dependencies"]]
    for extra in extras:
        for text in PROJECT["optional-dependencies"][extra]:
            requirement = Requirement(text)
            inner = requirement.name == PROJECT["name"]
            listed.extend(wanted(*requirement.extras) if inner else [requirement])
    return listed


@pytest.mark.parametrize("name", FILES)
def test_every_requirement_is_one_version_with_hashes(name):
    for requirement, hashes in entries(name):
        assert re.fullmatch(r"==[^,*]+", str(requirement.specifier))
        assert hashes
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}\s*", each) for each in hashes)


@pytest.mark.parametrize("name", FILES)
def test_no_requirement_names_a_registry(name):
    text = FILES[name].read_text(encoding="utf-8")
    assert "://" not in text
    assert "-url" not in text


@pytest.mark.parametrize(("name", "extras"), [("serve", ["api"]), ("dev", ["dev"])])
def test_pins_satisfy_pyproject(name, extras):
    pinned = pins(name)
    for requirement in wanted(*extras):
        versions = pinned.get(canonicalize_name(requirement.name))
        assert versions, f"{requirement} is not pinned in {name}.txt: run `make lock`"
        assert all(requirement.specifier.contains(version) for version in versions)


def test_what_is_tested_is_what_is_served():
    dev = pins("dev")
    assert {name: dev.get(name) for name in pins("serve")} == pins("serve")


def test_serving_needs_no_tool_of_development():
    assert not pins("serve").keys() & {"pytest", "mypy", "ruff", "jupyterlab", "matplotlib", "uv"}


def test_the_page_is_built_by_one_version_of_each_package_with_its_hash_and_no_registry():
    text = (WEB / "package-lock.json").read_text(encoding="utf-8")
    wanted = json.loads((WEB / "package.json").read_text(encoding="utf-8"))
    whole, *packages = json.loads(text)["packages"].values()
    assert len(packages) > 10
    assert all(re.fullmatch(r"sha512-[\w+/]{86}==", each["integrity"]) for each in packages)
    assert "resolved" not in text
    for kind in ("dependencies", "devDependencies"):
        assert whole[kind] == wanted[kind], "package.json changed: run `make lock`"
        assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted[kind].values())
