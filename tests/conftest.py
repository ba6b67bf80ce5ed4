"""What several test files share: reference data, absent on a user's machine, and scenarios made on the spot."""

import tomllib
from pathlib import Path

import pytest

from simulator.runner.loading import checked_document

SHARED = Path(__file__).resolve().parents[2] / "shared"

DILEMMA = """
id = "dilemma"
title = "Prisoner's dilemma"
[payoffs]
postures = ["compete", "cooperate"]
vendor = [[1, 5], [0, 3]]
client = [[1, 0], [5, 3]]
"""


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference data beside the project."""
    if not SHARED.is_dir():
        pytest.skip(f"reference data not found: {SHARED} is absent")
    return SHARED


@pytest.fixture(scope="session")
def scenario_from():
    """Make a scenario from TOML text."""
    return lambda text: checked_document(tomllib.loads(text))


@pytest.fixture(scope="session")
def dilemma(scenario_from):
    """The prisoner's dilemma 5, 3, 1, 0 without noise, exit or discount, 20 periods."""
    return scenario_from(DILEMMA)
