"""Pictures of a market: data, headlines, and that no text is cut off or covers another."""

from itertools import pairwise

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

import simulator as ns
from simulator.reports.plots import (
    Simplex,
    flow_steps,
    mix_survival,
    path_figure,
    plot_flow,
    plot_mix_survival,
    plot_path,
    plot_simplex,
    plot_takeover,
    plot_win_and_agree,
    simplex_of,
    takeover_figure,
    town_figures,
    triangle_figures,
    two_by_two,
)
from simulator.reports.plots.market_path import path_words, smoothed
from simulator.reports.plots.market_simplex import simplex_words
from simulator.reports.plots.market_survival import survival_words
from simulator.reports.plots.market_two_by_two import win_and_agree_words
from simulator.reports.takeover import takeover_of, takeover_sentence

MIX = "vendors: tit-for-tat=.5, always-compete=.5; clients: grim=1"
MIXES = {
    "builders": "vendors: tit-for-tat=1; clients: tit-for-tat=1",
    "half of them": "vendors: tit-for-tat=.5, always-compete=.5; clients: tit-for-tat=.5, always-compete=.5",
    "competitors": "vendors: always-compete=1; clients: always-compete=1",
}
PERIODS = 40


def beyond_the_axes(figure):
    """Labels of ticks that lie outside their axis and are not drawn."""
    found = set()
    for ax in figure.axes:
        for axis in (ax.xaxis, ax.yaxis):
            low, high = sorted(axis.get_view_interval())
            for tick in axis.get_major_ticks():
                if not low - 1e-9 <= tick.get_loc() <= high + 1e-9:
                    found |= {tick.label1, tick.label2}
    return found


def check_readable(figure):
    """No text is cut off by the edge of the figure, and no two upright texts cover each other."""
    figure.canvas.draw()
    unseen = beyond_the_axes(figure)
    drawn = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    drawn = [text for text in drawn if text not in unseen]
    boxes = np.array([Text.get_window_extent(text).extents for text in drawn])
    outside = (boxes[:, :2] < -1).any(axis=1) | (boxes[:, 2:] > np.array(figure.bbox.size) + 1).any(axis=1)
    assert not [text.get_text() for text, cut in zip(drawn, outside, strict=True) if cut], "cut off"
    upright = np.array([text.get_rotation() in (0.0, 90.0) for text in drawn])
    names = [text.get_text() for text, kept in zip(drawn, upright, strict=True) if kept]
    boxes = boxes[upright] + (2, 2, -2, -2)
    shared = np.minimum(boxes[:, None, 2:], boxes[:, 2:]) - np.maximum(boxes[:, None, :2], boxes[:, :2])
    pairs = np.argwhere(np.triu((shared > 0).all(axis=2), 1))
    assert not [(names[i], names[j]) for i, j in pairs], "covering"


def words(figure):
    return " ".join(" ".join(text.get_text() for text in figure.findobj(Text)).split())


@pytest.fixture(scope="module")
def saas():
    return ns.load_scenario("saas-renewal")


@pytest.fixture(scope="module")
def town(saas):
    return ns.market(saas, mix=MIX, periods=PERIODS, method="fluid")


@pytest.fixture(scope="module")
def compared(saas):
    return ns.compare_mixes(saas, MIXES, periods=PERIODS)


@pytest.fixture(scope="module")
def curves(saas):
    found = ns.competition_curve(saas, steps=4, periods=PERIODS)
    return takeover_of(found, competitive="always-compete", others="tit-for-tat")


def test_the_waterfall_ends_where_the_account_does(town):
    steps, flow = flow_steps(town), town.flow
    assert [step.name.replace("\n", " ") for step in steps] == [
        "vendors capture",
        "clients capture",
        "burned in competing",
        "lost in switching",
        "left above the outside options",
    ]
    for before, after in pairwise(steps[:-1]):
        assert after.start == pytest.approx(before.end)
    assert steps[-2].end == pytest.approx(steps[-1].end) == pytest.approx(flow.total - flow.outside)
    check_readable(plot_flow(town).figure)


def test_the_waterfall_of_a_tender_tells_what_low_bids_move():
    freight = ns.load_scenario("freight")
    town = ns.market(freight, mix="vendors: tit-for-tat=1; clients: tit-for-tat=1", periods=PERIODS, method="fluid")
    figure = plot_flow(town).figure
    assert "low bids move" in words(figure)
    assert "costs of the winners" in words(figure)
    check_readable(figure)


def test_value_and_length_side_by_side_under_the_sentence(curves):
    figure = takeover_figure(curves)
    assert takeover_sentence(curves).rstrip(".") in words(figure)
    assert len(figure.axes) == 2
    assert words(figure).count("without reviews") == 2
    check_readable(figure)


@pytest.mark.parametrize("measure", ["value", "length"])
def test_one_measure_alone(curves, measure):
    ax = plot_takeover(curves, measure)
    check_readable(ax.figure)
    drawn = [line.get_ydata() for line in ax.lines[:2]]
    np.testing.assert_allclose(drawn, [getattr(line, measure) for line in curves.lines])


def test_a_simulated_curve_has_a_band_and_names_its_replicates():
    scenario = ns.load_scenario("prisoners-dilemma").replace({"market.clients": 20, "market.vendors": 20})
    found = ns.competition_curve(scenario, steps=2, periods=20, method="simulate", replicates=3)
    ax = plot_takeover(takeover_of(found, competitive="always-compete", others="tit-for-tat"))
    assert "3 simulated markets" in words(ax.figure)
    assert "bands: 95% confidence" in words(ax.figure)
    assert len(ax.collections) == 1


def test_survival_by_mix(compared):
    curves = mix_survival(compared)
    assert [curve.name for curve in curves] == list(MIXES)
    assert all(curve.alive[0] == 1 for curve in curves)
    for i, curve in enumerate(curves):
        np.testing.assert_array_equal(curve.alive, compared.survival[i, : len(curve.alive)])
    ax = plot_mix_survival(compared)
    assert survival_words(curves, "year") in words(ax.figure)
    check_readable(ax.figure)


def test_equal_curves_share_a_line_and_many_are_thinned(saas):
    scenario = saas.replace({"market": {}})
    same = {"one": MIXES["builders"], "again": MIXES["builders"], "other": MIXES["competitors"]}
    ax = plot_mix_survival(ns.compare_mixes(scenario, same, periods=PERIODS))
    assert len(ax.lines) == 2
    assert "one again" in words(ax.figure)
    grid = ns.mix_grid("tit-for-tat, always-compete", steps=8)
    ax = plot_mix_survival(ns.compare_mixes(scenario, grid, periods=PERIODS))
    assert len(ax.lines) == 5
    assert "4 more mixes not drawn" in words(ax.figure)


@pytest.fixture(scope="module")
def triangle(saas):
    grid = ns.mix_grid("tit-for-tat, walk-away, always-compete", steps=3)
    return ns.compare_mixes(saas.replace({"market": {}}), grid, periods=PERIODS)


def test_the_triangle_of_three_strategies(triangle):
    found = simplex_of(triangle)
    assert found.shares.shape == (10, 3)
    np.testing.assert_allclose(found.shares.sum(axis=1), 1)
    np.testing.assert_array_equal(found.values, triangle.joint_value)
    for figure in triangle_figures(triangle).values():
        check_readable(figure)


def test_the_triangle_says_best_and_worst():
    shares = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]])
    drawn = Simplex(("left", "right", "top"), shares, np.array([3.0, 1, 2, 4, 2, 2]), "total value per client", "k$")
    assert simplex_words(drawn) == (
        "Total value per client is highest with 50% left, 50% right (4.00 k$), lowest with all right (1.00)"
    )
    figure = plot_simplex(drawn).figure
    assert "all right worst: 1.00" in words(figure)
    assert "best: 4.00" in words(figure)
    check_readable(figure)
    flat = Simplex(("left", "right", "top"), shares, np.full(6, 2.0), "total value per client", "")
    check_readable(plot_simplex(flat).figure)


def test_other_mixes_are_no_triangle(compared, saas):
    with pytest.raises(ns.SimulatorError, match="these mixes have 2"):
        simplex_of(compared)
    with pytest.raises(ns.SimulatorError, match="the same shares of vendors and of clients"):
        simplex_of(ns.compare_mixes(saas.replace({"market": {}}), [MIX], periods=5))


def test_win_hard_or_fair_agree_hard_or_together(saas):
    found = ns.win_and_agree(saas, periods=PERIODS)
    four = two_by_two(found)
    names = [["win fair, agree together", "win fair, agree hard"], ["win hard, agree together", "win hard, agree hard"]]
    for i, j in np.ndindex(2, 2):
        assert four.value[i, j] == found.joint_value[found.index(names[i][j])]
    figure = plot_win_and_agree(four).figure
    assert win_and_agree_words(four) in words(figure)
    check_readable(figure)


def test_another_comparison_is_no_two_by_two(compared):
    with pytest.raises(ns.SimulatorError, match=r"give the result of simulator\.win_and_agree"):
        two_by_two(compared)


def test_the_path_of_a_market_in_which_nothing_is_copied(town):
    figure = path_figure(town)
    assert path_words(town).startswith("Total value settles at ")
    assert len(figure.axes) == 2
    check_readable(figure)


@pytest.mark.parametrize("method", ["fluid", "simulate"])
def test_the_path_of_a_market_that_evolves(saas, method):
    changes = {"turnover": 0.1, "reproduction": "death", "mutation": 0.02, "clients": 40, "vendors": 20}
    scenario = saas.replace({"market": changes})
    town = ns.market(scenario, mix=MIXES["half of them"], periods=80, method=method)
    figure = path_figure(town)
    assert len(figure.axes) == 4
    assert "goes from 50% to" in words(figure)
    check_readable(figure)
    if method == "simulate":
        assert "thick: mean over" in words(figure)


def test_smoothing_keeps_a_constant_and_skips_what_is_missing():
    assert smoothed(np.full(9, 3.0), 2).tolist() == [3.0] * 9
    assert np.isnan(smoothed(np.full(3, np.nan), 1)).all()


def test_plots_go_onto_axes_that_are_given(town, compared, curves, triangle):
    axes = Figure((20, 10), layout="constrained").subplots(2, 3).ravel()
    assert plot_flow(town, ax=axes[0]) is axes[0]
    assert plot_mix_survival(compared, ax=axes[1]) is axes[1]
    assert plot_takeover(curves, ax=axes[2]) is axes[2]
    assert plot_simplex(simplex_of(triangle), ax=axes[3]) is axes[3]
    assert plot_path(town, "value", ax=axes[4]) is axes[4]
    assert plot_path(town, "vendors", ax=axes[5]) is axes[5]


def test_file_names(town):
    assert list(town_figures(town)) == ["flow.png", "path.png"]
