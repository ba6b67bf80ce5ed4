"""The tornado: which bars, in which order, and what it says."""

import pytest

import simulator as ns
from simulator.reports.plots import plot_tornado, tornado_bars
from simulator.reports.plots.tornado import tornado_headline

KEYS = ["relationship.churn", "relationship.slip", "horizon", "vendor.outside_option", "posture.build.tactic.floor"]


@pytest.fixture(scope="module")
def found():
    s = ns.load_scenario("saas-renewal")
    return ns.sensitivity(s, vendor="tit-for-tat", client="tit-for-tat", keys=KEYS)


def test_bars_are_the_numbers_that_matter_with_the_largest_first(found):
    bars = tornado_bars(found)
    assert [bar.key for bar in bars] == ["horizon", "vendor.outside_option", "relationship.churn", "relationship.slip"]
    assert [bar.note for bar in bars] == ["whole number", "jumps on the way", "", ""]
    assert bars[0].rise == found["horizon"].at_high - found.value
    assert len(tornado_bars(found, 2)) == 2


def test_the_plot_labels_every_end_of_a_step(found):
    ax = plot_tornado(found)
    said = {text.get_text() for text in ax.texts}
    assert {"9", "11", "0.045", "0.055", "21.6", "26.4", "jumps on the way"} <= said
    assert ax.get_yticklabels()[0].get_text() == "horizon = 10"


def test_the_headline_names_the_largest(found):
    assert tornado_headline(found, tornado_bars(found)).startswith(
        "Joint value moves most with horizon: −30.6 to +27.7 k$"
    )
    assert "does not move" in tornado_headline(found, [])


def test_text_stays_inside_the_figure(found):
    figure = plot_tornado(found).figure
    figure.draw_without_rendering()
    box = figure.bbox
    for text in figure.axes[0].texts:
        extent = text.get_window_extent()
        assert extent.x0 >= box.x0 - 1
        assert extent.x1 <= box.x1 + 1
