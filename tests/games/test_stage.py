"""Stage games: the numbers of the example, delivery and starvation by hand, levels, and what the object refuses.

Source: sections 2, 8 and 10 of the design.
"""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import simulator as ns
from simulator.games.kinds import Incentives, game_name, kind


@pytest.fixture(scope="module")
def saas():
    return ns.load_scenario("saas-renewal")


@pytest.mark.parametrize("rounds", [40, 30, 50])
def test_the_example_of_the_design(saas, rounds):
    # Section 8: at level 0 and fed; "a dilemma for both, also with 30 and 50 rounds".
    game = ns.stage_game(saas.replace({"negotiation.rounds": rounds}))
    assert game.name == "prisoner's dilemma"
    if rounds == 40:
        vendor = [[30.3, 39.3, 44.45], [24.3, 33.3, 38.45], [19.6, 28.6, 38.85]]
        client = [[30.3, 25.3, 20.45], [44.3, 39.3, 34.45], [49.6, 44.6, 44.85]]
        assert game.vendor_payoffs == pytest.approx(np.array(vendor), abs=1e-9)
        assert game.client_payoffs == pytest.approx(np.array(client), abs=1e-9)
    assert game.vendor_postures == game.client_postures == ("squeeze", "claim", "build")


def test_efforts_by_hand(saas):
    # Row claim delivers (cost 6 to the vendor, 14 to the client), row squeeze does not; column claim helps (5, 9).
    game = ns.stage_game(saas)
    assert game.vendor_payoffs[1] - game.vendor_payoffs[0] == pytest.approx([-6] * 3)
    assert game.client_payoffs[1] - game.client_payoffs[0] == pytest.approx([14] * 3)
    assert game.vendor_payoffs[:, 1] - game.vendor_payoffs[:, 0] == pytest.approx([9] * 3)
    assert game.client_payoffs[:, 1] - game.client_payoffs[:, 0] == pytest.approx([-5] * 3)
    # Starved: effort is worth half of its 14 to the client and nothing else changes.
    starved = ns.stage_game(saas, starved=True)
    assert np.array_equal(starved.vendor_payoffs, game.vendor_payoffs)
    loss = game.client_payoffs - starved.client_payoffs
    assert loss == pytest.approx(np.array([[0.0] * 3, [7.0] * 3, [7.0] * 3]))


def test_reinvestment_stands_beside_the_payoffs(saas):
    # Only build x build: 25% of 38.85 - 24 = 14.85, and 3.7125 / 25 as the chance to rise; nothing at the top.
    game = ns.stage_game(saas)
    assert game.invested[2, 2] == pytest.approx(0.25 * 14.85)
    assert game.rise[2, 2] == pytest.approx(0.25 * 14.85 / 25)
    assert np.count_nonzero(game.invested) == np.count_nonzero(game.rise) == 1
    top = ns.stage_game(saas, level=3)
    assert not top.invested.any()
    assert not top.rise.any()
    cheap = ns.stage_game(saas.replace({"maturity.level_cost": 1.0}))
    assert cheap.rise[2, 2] == 1.0  # min(1, invested / level_cost)


def test_no_agreement_gives_outside_options_minus_rounds(saas):
    # One deal only, and it is worse than staying apart for the client: nobody delivers.
    s = saas.replace({"base.client": -500.0})
    game = ns.stage_game(s)
    assert game.vendor_payoffs == pytest.approx(np.full((3, 3), 24 - 0.15))
    assert game.client_payoffs == pytest.approx(np.full((3, 3), 28 - 0.15))
    found = ns.relationship(s, vendor="always-cooperate", client="always-cooperate")
    assert found.healthy_length == 0


def test_payoffs_grow_above_the_outside_option(dilemma):
    # Section 10: u + growth m max(0, u - outside).
    s = dilemma.replace({"maturity.levels": ["a", "b", "c"], "maturity.growth": 0.5, "vendor.outside_option": 2.0})
    game = ns.stage_game(s, level=2)
    assert game.vendor_payoffs.tolist() == [[1, 5 + 3], [0, 3 + 1]]
    assert game.client_payoffs.tolist() == [[2, 0], [10, 6]]
    with pytest.raises(ns.SimulatorError, match="no maturity level 3; levels are numbered from 0 to 2"):
        ns.stage_game(s, level=3)


def test_sides_with_postures_of_their_own(scenario_from):
    s = scenario_from(
        """
        id = "x"
        title = "X"
        [payoffs]
        vendor_postures = ["a", "b", "c"]
        client_postures = ["d", "e"]
        vendor = [[1, 2], [3, 4], [5, 6]]
        client = [[6, 5], [4, 3], [2, 1]]
        """
    )
    assert (s.cooperates("vendor"), s.cooperates("client")) == ((False, False, True), (False, True))  # i >= k/2
    game = ns.stage_game(s)
    assert game.vendor_payoffs.shape == (3, 2)
    assert (game.vendor_postures, game.client_postures) == (("a", "b", "c"), ("d", "e"))


def test_game_of_plain_arrays():
    game = ns.StageGame([[1, 5], [0, 3]], [[1, 0], [5, 3]])
    assert game.vendor_postures == ("1", "2")
    assert game.vendor_incentives == game.client_incentives == Incentives(5, 3, 1, 0)
    assert game.vendor_best_replies.tolist() == [[True, True], [False, False]]
    assert game.client_best_replies.tolist() == [[True, False], [True, False]]
    twin = pickle.loads(pickle.dumps(game))
    assert (twin, hash(twin)) == (game, hash(game))
    assert game != ns.StageGame([[1, 5], [0, 3]], [[1, 0], [5, 2]])
    with pytest.raises(ValueError, match="read-only"):
        game.vendor_payoffs[0, 0] = 2
    original = np.array([[1.0, 2.0]])
    copied = ns.StageGame(original, original)
    original[0, 0] = 9
    assert copied.vendor_payoffs[0, 0] == 1
    assert game.to_nashpy().payoff_matrices[0].tolist() == [[1, 5], [0, 3]]


@pytest.mark.parametrize(
    ("vendor", "client", "words"),
    [
        ([[1, 2]], [[1], [2]], "vendor_payoffs is 1 x 2 and client_payoffs 2 x 1"),
        ([1, 2], [1, 2], "rows and columns"),
        ([[]], [[]], "at least one of each"),
        ([[1, 2], [3]], [[1]], "rows of equal length"),
        ([["a"]], [[1]], "not a matrix of numbers"),
        ([[1, float("nan")]], [[1, 2]], "nan in row 1, column 2"),
    ],
)
def test_game_that_is_none(vendor, client, words):
    with pytest.raises(ns.SimulatorError, match=words):
        ns.StageGame(vendor, client)


@pytest.mark.parametrize(
    ("payoffs", "name"),
    [  # T, R, P, S; Rapoport & Chammah 1965 and the usual names of the 2 x 2 games
        ((5, 3, 1, 0), "prisoner's dilemma"),
        ((5, 3, 0, 1), "chicken"),
        ((3, 4, 2, 1), "stag hunt"),
        ((2, 4, 1, 3), "harmony"),
        ((4, 2, 3, 1), "deadlock"),
        ((1, 1, 1, 1), "no classic game"),
        ((3, 3, 1, 0), "no classic game"),
    ],
)
def test_names_of_games(payoffs, name):
    assert kind(Incentives(*payoffs)) == name
    assert game_name(Incentives(*payoffs), Incentives(*payoffs)) == name


def test_sides_in_different_games():
    said = game_name(Incentives(5, 3, 1, 0), Incentives(3, 4, 2, 1))
    assert said == "prisoner's dilemma for the vendor, stag hunt for the client"


@given(st.permutations([0, 1, 3, 5]), st.integers(-50, 50), st.sampled_from([0.001, 1.0, 1e6]))
def test_names_depend_on_neither_unit_nor_zero_of_money(payoffs, shift, unit):
    moved = Incentives(*((x + shift) * unit for x in payoffs))
    assert kind(moved) == kind(Incentives(*payoffs))


def test_a_stage_game_cannot_be_changed_not_even_after_pickling():
    import pickle

    game = ns.StageGame([[1, 5], [0, 3]], [[1, 0], [5, 3]])
    for copy in (game, pickle.loads(pickle.dumps(game))):
        assert copy == game
        with pytest.raises(AttributeError, match="immutable"):
            copy.vendor_payoffs = np.zeros((2, 2))
        with pytest.raises(AttributeError, match="immutable"):
            del copy.title
        with pytest.raises(ValueError, match="read-only"):
            copy.vendor_payoffs[0, 0] = 7
