"""Where the shipped scenarios are, after an installation and in a source checkout."""

from __future__ import annotations

from pathlib import Path

from simulator.errors import UnknownNameError

__all__ = ["find_scenario", "shipped_scenarios"]


def _folder() -> Path:
    package = Path(__file__).resolve().parent
    installed = package / "library"
    return installed if installed.is_dir() else package.parents[1] / "scenarios"


def shipped_scenarios() -> dict[str, Path]:
    """Name and file of every shipped scenario, in alphabetical order.

    Examples
    --------
    >>> "saas-renewal" in shipped_scenarios()
    True
    """
    return {path.stem: path for path in sorted(_folder().glob("*.toml"))}


def find_scenario(name_or_path: str | Path) -> Path:
    """The file of a scenario, by its name in the library or by its path.

    Raises
    ------
    UnknownNameError
        When it is neither; the message lists the nearest names.
    """
    shipped = shipped_scenarios()
    text = str(name_or_path)
    if text in shipped:
        return shipped[text]
    if not text:
        raise UnknownNameError("scenario", text, shipped)
    path = Path(name_or_path).expanduser()
    if path.exists() or path.suffix.lower() == ".toml" or len(path.parts) > 1:
        return path
    raise UnknownNameError("scenario", text, shipped)
