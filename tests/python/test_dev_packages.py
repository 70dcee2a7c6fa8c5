"""The venv of the tests and checks contains the packages in requirements-dev.txt, which lists the whole dependency tree."""

from __future__ import annotations

import re
import sysconfig
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
# Packages that `python -m venv` installs, in a version that depends on the Python.
OF_THE_VENV = {"pip", "setuptools"}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _applies(requirement: Requirement, environment: dict[str, str]) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({"extra": "", **environment})


LISTED = [
    Requirement(line)
    for line in (ROOT / "requirements-dev.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
INSTALLED = [
    one
    for one in distributions(path=[sysconfig.get_path("purelib")])
    if one.metadata["Name"] not in OF_THE_VENV
]


def test_every_package_is_listed_with_its_version() -> None:
    listed = {f"{_normal(one.name)}{one.specifier}" for one in LISTED if _applies(one, {})}
    assert {f"{_normal(one.metadata['Name'])}=={one.version}" for one in INSTALLED} == listed


@pytest.mark.parametrize("version", ["3.9", "3.10", "3.11", "3.12", "3.13"])
def test_their_dependencies_are_listed_for_every_python(version: str) -> None:
    python = {"python_version": version, "python_full_version": f"{version}.0"}
    listed = {_normal(one.name): one.specifier for one in LISTED if _applies(one, python)}
    required = [Requirement(line) for one in INSTALLED for line in one.requires or []]
    wanted = [one for one in required if _applies(one, python)]
    assert [str(one) for one in wanted if _normal(one.name) not in listed] == []
    for one in wanted:
        (pin,) = listed[_normal(one.name)]
        assert one.specifier.contains(pin.version), (str(one), pin.version)
