"""Nash averaging: optimal, of maximum entropy, and blind to copies."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.errors import SimulatorError
from simulator.solvers.equilibria import equilibria
from simulator.solvers.nash_averaging import nash_average, ranking


def tables(largest: int = 5):
    """Tables of few whole numbers, so that many mixes are optimal, and tables without any tie."""
    sizes = st.tuples(st.integers(1, largest), st.integers(1, largest), st.integers(0, 2**32 - 1), st.booleans())

    def table(drawn):
        n, m, seed, whole = drawn
        rng = np.random.default_rng(seed)
        return rng.integers(0, 3, (n, m)).astype(float) if whole else rng.normal(size=(n, m))

    return sizes.map(table)


def entropy(mix: np.ndarray) -> float:
    positive = mix[mix > 0]
    return float(-(positive * np.log(positive)).sum())


@settings(max_examples=60, deadline=None)
@given(tables())
def test_both_mixes_are_optimal_and_certified(scores) -> None:
    found = nash_average(scores)
    slack = 1e-8 * max(1.0, float(np.ptp(scores)))
    assert (found.agent_weights @ scores).min() >= found.value - slack
    assert (scores @ found.task_weights).max() <= found.value + slack
    assert found.gap < 1e-9
    assert found.agent_weights.sum() == pytest.approx(1)
    assert found.task_weights.sum() == pytest.approx(1)


@settings(max_examples=40, deadline=None)
@given(tables(4))
def test_no_optimal_mix_has_more_entropy(scores) -> None:
    """Against random mixtures of all extreme equilibria, where no two rows or columns are copies."""
    if min(len(np.unique(scores, axis=0)) - len(scores), len(np.unique(scores.T, axis=0)) - scores.shape[1]) < 0:
        return
    found = nash_average(scores)
    every = equilibria(scores, -scores)
    rng = np.random.default_rng(0)
    for mix, of in ((found.agent_weights, [e.row for e in every]), (found.task_weights, [e.column for e in every])):
        others = rng.dirichlet(np.full(len(of), 0.5), 200) @ np.array(of)
        assert max(map(entropy, others)) <= entropy(mix) + 1e-7


@settings(max_examples=60, deadline=None)
@given(tables(), st.integers(0, 4), st.integers(0, 4))
def test_a_copy_changes_nothing_for_the_others(payoffs, agent, partner) -> None:
    n, m = payoffs.shape
    before = ranking(payoffs)
    again = np.append(np.arange(n), agent % n)
    after = ranking(payoffs[again])
    assert after.ranks[:n].tolist() == before.ranks.tolist()
    assert after.forgone[:n] == pytest.approx(before.forgone, abs=1e-7)
    assert after.ranks[n] == before.ranks[agent % n]
    others = np.arange(n) != agent % n
    same = np.abs(payoffs - payoffs[agent % n]).max(axis=1) == 0
    assert after.weights[:n][others & ~same] == pytest.approx(before.weights[others & ~same], abs=1e-6)
    tested = ranking(payoffs[:, np.append(np.arange(m), partner % m)])
    assert tested.ranks.tolist() == before.ranks.tolist()
    assert tested.forgone == pytest.approx(before.forgone, abs=1e-7)


def test_entropy_alone_would_let_a_copy_change_the_order() -> None:
    """Every mix of tasks is as hard (the first agent gets 1 in each), so a copied task would draw the mix to itself."""
    scores = np.array([[1.0, 1.0], [0.0, -1.0], [-0.7, -0.2]])
    before, after = nash_average(scores), nash_average(scores[:, [0, 0, 1]])
    assert before.averages == pytest.approx([1, -0.5, -0.45])
    assert after.averages == pytest.approx(before.averages)
    assert after.task_weights == pytest.approx([0.25, 0.25, 0.5])


def test_a_partner_who_is_poorer_for_everybody_is_no_harder() -> None:
    payoffs = np.array([[3.0, 1.0, 4.0], [1.0, 5.0, 9.0], [2.0, 6.0, 5.0]])
    poorer = payoffs - np.array([0.0, 100.0, 0.0])
    assert ranking(poorer).forgone == pytest.approx(ranking(payoffs).forgone)


@settings(max_examples=30, deadline=None)
@given(tables(), st.floats(0.01, 100), st.floats(-100, 100))
def test_money_can_be_counted_in_any_unit(payoffs, unit, zero) -> None:
    before, after = ranking(payoffs), ranking(unit * payoffs + zero)
    assert after.forgone == pytest.approx(unit * before.forgone, abs=1e-6 * unit)
    assert after.weights == pytest.approx(before.weights, abs=1e-5)


def test_rock_paper_scissors_with_the_maximum_of_entropy() -> None:
    play = np.array([[0.0, -1, 1], [1, 0, -1], [-1, 1, 0]])
    found = nash_average(play)
    assert found.agent_weights == pytest.approx(np.full(3, 1 / 3))
    assert found.averages == pytest.approx(np.zeros(3), abs=1e-9)
    assert nash_average(np.zeros((3, 2))).agent_weights == pytest.approx(np.full(3, 1 / 3))


def test_the_range_holds_the_value_and_every_value_with_one_left_out() -> None:
    payoffs = np.random.default_rng(5).normal(size=(4, 3))
    found = ranking(payoffs)
    assert (found.low <= found.forgone).all()
    assert (found.forgone <= found.high).all()
    for partner in range(3):
        left = ranking(np.delete(payoffs, partner, axis=1)).forgone
        assert (left >= found.low - 1e-9).all()
        assert (left <= found.high + 1e-9).all()


@pytest.mark.parametrize("scores", [[[np.nan]], [1, 2], np.empty((0, 2))])
def test_what_is_no_table_of_scores_is_refused(scores) -> None:
    with pytest.raises(SimulatorError, match="table of finite numbers"):
        nash_average(scores)
