"""What several test files share: the folder of reference data, absent on a user's machine."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference data beside the project."""
    if not SHARED.is_dir():
        pytest.skip(f"reference data not found: {SHARED} is absent")
    return SHARED
