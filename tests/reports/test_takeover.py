"""What happens as competitive agents take over: the sentence, what it says of reviews, and the table."""

from dataclasses import replace

import numpy as np
import pytest
from rich.console import Console

import simulator as ns
from simulator.reports.market_files import takeover_document, takeover_rows
from simulator.reports.takeover import Line, Takeover, review_words, takeover_of, takeover_sentence, takeover_tables

SHARES = np.linspace(0, 1, 11)
NONE = np.zeros(11)
COSTS, SAVES = "costs more than it saves", "saves more than it costs"


@pytest.fixture(scope="module")
def saas():
    return ns.load_scenario("saas-renewal")


def line(name="", value=None, length=None):
    value = 80 - 20 * SHARES if value is None else value
    return Line(name, value, 8 - 5 * SHARES if length is None else length, NONE, NONE)


def takeover(scenario, *lines, saved=None, **more):
    error = None if saved is None else NONE
    return Takeover(
        scenario, "always-compete", "tit-for-tat", SHARES, lines, 400, saved=saved, saved_error=error, **more
    )


def reviewed(scenario, saved):
    without = line("without reviews")
    return takeover(scenario, line("reviews every 3 years", without.value + saved), without, saved=saved)


def test_one_sentence_to_say_aloud(saas):
    assert takeover_sentence(takeover(saas, line())) == (
        "If competitive agents take over, total value falls from 80 k$ to 60 k$ a year per client and a relationship "
        "lasts 3.0 years instead of 8.0."
    )


def test_a_sentence_for_value_that_rises_stays_or_dips(saas):
    rises = takeover(saas, line(value=60 + 20 * SHARES, length=8 + NONE))
    assert "total value rises from 60 k$ to 80 k$ a year per client" in takeover_sentence(rises)
    assert "a relationship lasts 8.0 years all the same" in takeover_sentence(rises)
    stays = takeover(saas, line(value=60 + NONE))
    assert "total value stays at about 60 k$ a year per client" in takeover_sentence(stays)
    dips = takeover(saas, line(value=80 - 20 * SHARES - 40 * SHARES * (1 - SHARES)))
    assert "(lowest at 70%, 57.6 k$)" in takeover_sentence(dips)


@pytest.mark.parametrize(
    ("saved", "words"),
    [
        (-3 + NONE, f"{COSTS}, whatever the mix"),
        (2 + NONE, f"{SAVES}, whatever the mix"),
        (0.01 + NONE, "costs about as much as it saves, whatever the mix"),
        (-4 + 10 * SHARES, f"{COSTS} until 40% compete, and {SAVES} from there on"),
        (np.where(SHARES < 0.35, -3, 0.0), f"{COSTS} where up to 30% compete, and hardly matters beyond"),
        (np.where(SHARES > 0.75, 3, 0.0), f"{SAVES} where at least 80% compete, and hardly matters before"),
        (np.where((SHARES < 0.15) | (SHARES > 0.65), -3, 0.0), f"{COSTS} except where 20 to 60% compete: there it "
         "hardly matters"),
        (np.where((SHARES < 0.45) | (SHARES > 0.55), 3, 0.0), f"{SAVES} except where 50% compete: there it hardly "
         "matters"),
        (np.where((SHARES > 0.25) & (SHARES < 0.65), 3, 0.0), f"{SAVES} where 30 to 60% compete, and hardly matters "
         "elsewhere"),
        (np.where((SHARES > 0.25) & (SHARES < 0.35), 3, 0.0), f"{SAVES} where 30% compete, and hardly matters "
         "elsewhere"),
        (np.where(np.arange(11) % 3 == 0, -3, 0.0), f"{COSTS} in 4 of the 11 mixes, and hardly matters in the others"),
        (np.append(-3 + np.zeros(10), 0.5), f"{COSTS} until 99% compete, and {SAVES} from there on"),
        (np.where(SHARES < 0.5, 1, -0.01) - (SHARES == 1), f"{SAVES} until 70% compete, and {COSTS} from there on"),
        (3 * np.cos(9 * SHARES), f"{COSTS} in 6 of the 11 mixes and saves more in 5"),
    ],
)  # fmt: skip
def test_what_is_said_of_reviews(saas, saved, words):
    found = reviewed(saas, saved)
    assert review_words(found) == f"reviewing every 3 years {words}"
    assert takeover_sentence(found).endswith(f"{words}.")


def test_nothing_is_said_of_reviews_that_there_are_not(saas):
    assert review_words(takeover(saas, line())) == ""
    yearly = reviewed(saas.replace({"market.review_every": 1}), -3 + NONE)
    assert review_words(yearly).startswith("reviewing every year costs")


def test_chance_alone_is_not_told_as_a_difference(saas):
    certain = reviewed(saas, -3 + NONE)
    unsure = replace(certain, saved_error=2 + NONE, method="simulate", replicates=4)
    assert "costs about as much as it saves" in review_words(unsure)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_table_fits_the_screen_and_shows_what_reviews_save(saas, width):
    console = Console(width=width, no_color=True)
    with console.capture() as said:
        for part in takeover_tables(reviewed(saas, -3 + NONE)):
            console.print(part)
    lines = said.get().split("\n")
    assert max(len(text.rstrip()) for text in lines) <= width
    first = next(text for text in lines if text.strip().startswith("0%"))
    assert first.split() == ["0%", "77.0", "80.0", "-3.0", "8.0", "8.0"]
    assert sum("%" in text for text in lines) == 11


def test_rows_and_document(saas):
    found = reviewed(saas, -3 + NONE)
    rows = takeover_rows(found)
    assert len(rows) == 22
    assert (rows[0]["review_every"], rows[-1]["review_every"]) == (3, 0)
    assert rows[0]["value"] == 77.0
    assert takeover_document(found)["replicates"] is None


def test_it_is_made_from_the_curves_that_were_run(saas):
    curves = ns.competition_curve(saas, steps=2, periods=40)
    found = takeover_of(curves, competitive="always-compete", others="tit-for-tat")
    assert [one.name for one in found.lines] == ["reviews every 3 years", "without reviews"]
    assert found.shares.tolist() == [0, 0.5, 1]
    np.testing.assert_allclose(found.saved, found.lines[0].value - found.lines[1].value)
    assert found.lines[0].length[0] < found.lines[1].length[0]
