"""What is said and drawn of an evolution."""

import numpy as np
import pytest

import simulator as ns
from simulator.reports.evolution import evolution_sentences
from simulator.reports.plots import evolution_figures, plot_arrows, plot_shares, plot_triangle, share_bands

THREE = ("third", "half", "more")


@pytest.fixture(scope="module")
def demands():
    claims = np.array([2, 3, 4])
    pay = np.where(claims[:, None] + claims <= 6, claims[:, None], 0)
    return ns.StageGame(pay, pay.T, vendor_postures=THREE, client_postures=THREE, title="demands")


@pytest.fixture(scope="module")
def mixed(demands):
    return ns.evolve(demands, populations=1, dynamics="generations", starts=200)


@pytest.fixture(scope="module")
def circling():
    names = ("heads", "tails")
    pennies = ns.StageGame([[1, -1], [-1, 1]], [[-1, 1], [1, -1]], vendor_postures=names, client_postures=names)
    return ns.evolve(pennies, starts=20)


def test_the_headline_says_who_takes_over_and_how_sure_that_is(mixed):
    said = evolution_sentences(mixed)[0]
    assert said.startswith("From a random mix, half takes over in 7")
    assert "of starts (" in said
    assert "everybody settles on 50% third, 50% more" in said


def test_circles_are_not_called_rest(circling):
    said = evolution_sentences(circling)
    assert said[0].startswith("From a random mix, no mix lasts in 100% of starts")
    assert "keep circling" in said[0]
    assert said[1] == "None of 4 pure profiles is stable: each can be invaded by some strategy."


def test_different_takeovers_name_both_sides():
    game = ns.stage_game(ns.load_scenario("chicken"))
    said = evolution_sentences(ns.evolve(game, starts=60))[0]
    assert "hold takes over the vendors and give way the clients" in said
    assert "give way takes over the vendors and hold the clients" in said


def test_bands_sum_to_one_and_end_where_nothing_moves(mixed):
    bands = share_bands(mixed, "vendor")
    assert bands.names == THREE
    assert bands.shares.sum(axis=1) == pytest.approx(np.ones(len(bands.times)))
    assert bands.shares[-1] == pytest.approx([0, 1, 0], abs=0.02)


def test_strategies_beyond_the_fifth_share_a_band():
    found = ns.evolve(ns.load_scenario("freight"), starts=50)
    bands = share_bands(found, "client")
    assert bands.names[-1] == "others"
    assert len(bands.names) <= 6


def test_of_circles_the_first_turns_are_shown(circling):
    bands = share_bands(circling, "vendor")
    assert bands.times[-1] < circling.path.times[-1]


def test_figures_fit_the_number_of_strategies(mixed, circling, demands):
    assert list(evolution_figures(mixed)) == ["shares.png", "triangle_vendors.png"]
    assert list(evolution_figures(circling)) == ["shares.png", "arrows.png"]
    both = ns.evolve(demands, starts=30)
    assert list(evolution_figures(both)) == ["shares.png", "triangle_vendors.png", "triangle_clients.png"]


def test_no_text_of_a_figure_is_cut_off(mixed, circling):
    drawn = [plot_shares(mixed), plot_triangle(mixed), plot_arrows(circling), plot_shares(circling, "client")]
    for ax in drawn:
        figure = ax.figure
        figure.canvas.draw()
        whole = figure.bbox
        for text in [*figure.texts, *ax.texts, ax.xaxis.label, ax.yaxis.label]:
            if text.get_text() and text.get_visible():
                box = text.get_window_extent()
                assert whole.x0 <= box.x0, text
                assert box.x1 <= whole.x1, text
                assert whole.y0 <= box.y0, text
                assert box.y1 <= whole.y1, text


def test_a_plot_goes_onto_axes_that_are_given(mixed):
    from matplotlib.figure import Figure

    axes = Figure().subplots(1, 2)
    assert plot_shares(mixed, ax=axes[0]) is axes[0]
    assert plot_triangle(mixed, ax=axes[1]) is axes[1]
