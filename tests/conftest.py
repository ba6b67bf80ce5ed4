"""What several test files share: reference data, absent on a user's machine, and scenarios made on the spot."""

import tomllib
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from simulator.runner.loading import checked_document

# The same examples in every run, so that a red test is about what has changed; `--hypothesis-profile=search` looks for
# others. Time decides nothing.
unhurried = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("steady", derandomize=True, **unhurried)
settings.register_profile("search", derandomize=False, **unhurried)
settings.load_profile("steady")

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


class Page(HTMLParser):
    """A piece of HTML as it is read: its tags in order, its attributes, its text, and the cells of its tables."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.tables: list[list[list[str]]] = []
        self.styles: list[list[list[str]]] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.open.append(tag)
        self.attributes += [(key, value or "") for key, value in attrs]
        if tag == "table":
            self.tables.append([])
            self.styles.append([])
        elif tag == "tr":
            self.tables[-1].append([])
            self.styles[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
            self.styles[-1][-1].append(dict(attrs).get("style") or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes another tag"

    def handle_data(self, data: str) -> None:
        self.text += data
        if "td" in self.open or "th" in self.open:
            self.tables[-1][-1][-1] += data + (" " if "div" in self.open[self.open.index("table") :] else "")

    def check_harmless(self) -> None:
        """No tag or attribute that could run, load or leave the cell."""
        assert not self.open, f"{self.open} are never closed"
        assert set(self.tags) <= {"div", "table", "tbody", "tr", "td", "th", "p", "b", "span", "ul", "li"}
        assert {key for key, _ in self.attributes} <= {"style", "scope", "aria-hidden", "colspan"}
        assert not any("url(" in value or "expression" in value for _, value in self.attributes)


@pytest.fixture(scope="session")
def read_html() -> type[Page]:
    """Reads HTML; the result has `tags`, `text`, `tables` and `styles`."""
    return Page
