"""Equilibria of stage games and of the choice of strategy, and how they are said."""

import pytest

import simulator as ns
from simulator.reports.equilibria import equilibrium_sentences


def test_a_stage_game_knows_its_equilibria_and_what_both_have_without_agreement():
    scenario = ns.load_scenario("saas-renewal")
    game = ns.stage_game(scenario)
    assert game.disagreement == (scenario.vendor.outside_option, scenario.client.outside_option)
    (only,) = game.equilibria()
    assert (only.row.tolist(), only.column.tolist()) == ([1, 0, 0], [1, 0, 0])
    assert only.row_payoff == pytest.approx(30.3)


def test_outside_options_decide_which_equilibrium_to_expect():
    """Two conventions; what a side has without agreement is what its gain is counted from."""
    payoffs = [[4, 0], [0, 3]], [[2, 0], [0, 3]]
    unbound = ns.StageGame(*payoffs, disagreement=(0, 0)).equilibria()
    assert unbound.selected.row.tolist() == [0, 1]
    bound = ns.StageGame(*payoffs, disagreement=(2.9, 0)).equilibria()
    assert bound.selected.row.tolist() == [1, 0]


def test_the_choice_of_strategy_is_solved_over_the_outside_streams():
    table = ns.compare(ns.load_scenario("freight"))
    game = table.meta_game()
    found = game.equilibria()
    assert found.complete
    assert len(found) == 5
    outside = table.joint_value - table.created_value
    assert sum(game.disagreement) == pytest.approx(outside[0, 0])
    assert found.selection_reason == "payoff-dominant"


def test_games_differ_when_their_disagreement_does():
    one, other = (ns.StageGame([[1]], [[1]], disagreement=d) for d in (None, (0.0, 0.0)))
    assert one != other
    assert one == ns.StageGame([[1]], [[1]])


def test_mixed_equilibria_are_said_with_their_probabilities():
    said = equilibrium_sentences(ns.StageGame([[1, -1], [-1, 1]], [[-1, 1], [1, -1]]))
    assert said == ["One equilibrium among these postures: 50% 1, 50% 2 with 50% 1, 50% 2 (0.0, 0.0)."]


def test_a_continuum_is_called_one():
    said = equilibrium_sentences(
        ns.StageGame([[1], [1]], [[2], [3]], vendor_postures=("a", "b"), client_postures=("c",))
    )
    assert said[0] == "2 equilibria among these postures: 1) a with c (1.0, 2.0); 2) b with c (1.0, 3.0)."
    assert said[-1] == "1), 2) are ends of one continuum: mixtures of two that share a strategy are equilibria too."


def test_what_is_not_listed_is_said():
    size = 16
    game = ns.StageGame([[float(i == j) for j in range(size)] for i in range(size)], _identity(size))
    said = equilibrium_sentences(game)
    assert "9,995 more" in said[0]
    assert said[-1].startswith("The list is not complete: 10,000 of 65,535")


def _identity(size):
    return [[float(i == j) for j in range(size)] for i in range(size)]
