"""The plots of advice: their data, what they say, and that no text is cut off or covers another."""

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

import simulator as ns
from simulator.reports.plots import advice_figures, plot_answers, plot_zone, zone_curves
from simulator.reports.plots.zone import zone_headline

BUSINESS = ("saas-renewal", "component-supply", "freight", "agency-retainer")
SAAS = ns.load_scenario("saas-renewal")

DEALS = """
id = "choices"
title = "Choices"
discount = 0.9
[[issue]]
name = "term"
options = ["a", "b", "c"]
vendor = [1.0, 5.0, 0.2]
client = [5.0, 1.0, 0.1]
[[posture]]
name = "claim"
tactic = "hard-bargainer"
effort = 1.0
counts_as = "compete"
[[posture]]
name = "build"
tactic = "principled"
effort = 1.0
counts_as = "cooperate"
"""


def boxes(figure):
    """Every text that is drawn, with its box."""
    drawn = []
    with pytest.MonkeyPatch.context() as patch:
        draw = Text.draw
        patch.setattr(Text, "draw", lambda text, renderer: (drawn.append(text), draw(text, renderer)))
        figure.draw_without_rendering()
    seen = [text for text in drawn if text.get_visible() and text.get_text().strip()]
    return seen, np.array([Text.get_window_extent(text).extents for text in seen])


def said(figure):
    return " ".join(text.get_text() for text in boxes(figure)[0]).replace("\n", " ")


def check_readable(figure):
    """No text is cut off by the edge of the figure, and none covers another."""
    drawn, places = boxes(figure)
    outside = (places[:, :2].min(axis=1) < -1) | (places[:, 2:] > np.array(figure.bbox.size) + 1).any(axis=1)
    assert not [text.get_text() for text, cut in zip(drawn, outside, strict=True) if cut], "cut off"
    inner = places + np.array([2, 2, -2, -2])
    shared = np.minimum(inner[:, None, 2:], inner[:, 2:]) - np.maximum(inner[:, None, :2], inner[:, :2])
    covering = np.argwhere(np.triu((shared > 0).all(axis=2), 1))
    assert not [(drawn[i].get_text(), drawn[j].get_text()) for i, j in covering], "covering"


@pytest.fixture(scope="module", params=BUSINESS)
def advice(request):
    return ns.advise(ns.load_scenario(request.param))


@pytest.fixture(scope="module")
def bad():
    return ns.advise(SAAS, deal={"price": 105, "support": "standard"})


def test_curves_cross_zero_at_the_ends(advice):
    zone, curves = advice.zone, zone_curves(advice.zone)
    low, high = zone.interval
    inside = (curves.value >= low) & (curves.value <= high)
    least = np.minimum(curves.vendor, curves.client)
    assert (least[inside] >= -1e-6).all()
    for end, side in zip((low, high), zone.breakers, strict=True):
        assert getattr(curves, side)[curves.value == end] == pytest.approx(0, abs=1e-6)
    now = curves.value == zone.current.deal[zone.issue]
    assert curves.vendor[now] == zone.current.vendor.money
    assert np.all(np.diff(curves.value) > 0)


def test_no_axis_without_an_issue_that_moves_money(scenario_from):
    with pytest.raises(ns.SimulatorError, match="no issue moves money"):
        zone_curves(ns.partnership_zone(scenario_from(DEALS)))


def test_figures_of_every_scenario_can_be_read(advice):
    figures = advice_figures(advice)
    assert list(figures) == ["zone.png", "answers.png"]
    for figure in figures.values():
        check_readable(figure)


def test_figures_of_a_bad_deal_can_be_read(bad):
    for figure in advice_figures(bad).values():
        check_readable(figure)


def test_the_zone_is_shaded_between_its_ends_and_the_deal_marked(advice):
    ax = plot_zone(advice.zone)
    low, high = advice.zone.interval
    (band,) = ax.patches
    assert (band.get_x(), band.get_x() + band.get_width()) == (pytest.approx(low), pytest.approx(high))
    text = said(ax.figure)
    assert "now " in text
    assert "below, the vendor leaves" in text
    assert "above, the client leaves" in text
    assert ax.get_xlabel().startswith(advice.zone.issue)


def test_headlines(bad, scenario_from):
    assert (
        zone_headline(bad.zone)
        == "At 105 the client would leave; both sides stay with the price between 77.2 and 86.1 k$/year"
    )
    nowhere = ns.partnership_zone(SAAS.replace({"relationship.can_leave": False}))
    assert zone_headline(nowhere).startswith("No price keeps both sides at the table")
    check_readable(plot_zone(nowhere).figure)
    listed = ns.partnership_zone(scenario_from(DEALS), deal={"term": "c"})
    assert zone_headline(listed) == "2 of the 3 tested deals that suit both sides last; the current one does not last"


def test_listed_deals_are_filled_where_they_last(scenario_from):
    zone = ns.partnership_zone(scenario_from(DEALS))
    ax = plot_zone(zone)
    broken, lasting = ax.lines[:2]
    assert broken.get_markerfacecolor() == "white" != lasting.get_markerfacecolor()
    assert len(lasting.get_xdata()) == len(zone.deals)
    assert len(broken.get_xdata()) == len(zone.listed) - len(zone.deals)
    check_readable(ax.figure)
    check_readable(plot_answers(ns.advise(scenario_from(DEALS))))


def test_a_panel_for_each_answer(advice):
    figure = plot_answers(advice)
    text = said(figure)
    for panel, answer in zip(figure.axes, advice.answers, strict=True):
        assert answer.question in text
        if answer.name != "least":
            marks = [line.get_xdata()[0] for line in panel.lines if line.get_marker() == "D"]
            assert marks == [answer.number]
            assert panel.get_xlim() == (answer.low, answer.high)
    assert "build ✓" in text


def test_it_draws_where_it_is_told():
    figure = Figure(figsize=(10, 6))
    ax = figure.add_subplot()
    assert plot_zone(ns.partnership_zone(SAAS), ax) is ax


def test_given_payoffs_have_no_pictures(dilemma):
    advice = ns.advise(dilemma.replace({"discount": 0.9}))
    assert advice_figures(advice) == {}
    with pytest.raises(ns.SimulatorError, match="no deal to ask about"):
        plot_answers(advice)


def test_nobody_who_could_leave():
    document = SAAS.document()
    only = SAAS.replace({"posture": [document["posture"][2]], "relationship.can_leave": False, "relationship.slip": 0})
    for figure in advice_figures(ns.advise(only)).values():
        check_readable(figure)
