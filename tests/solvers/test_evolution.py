"""Replicator dynamics, basins and stability, against what the literature and the algebra say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.errors import SimulatorError
from simulator.solvers.equilibria import equilibria
from simulator.solvers.evolution import (
    basins,
    eigenvalues,
    populations_of,
    random_starts,
    replicator,
    residents,
    stability_at,
    wilson,
)

DILEMMA = np.array([[1.0, 5.0], [0.0, 3.0]])
HAWK_DOVE = np.array([[-1.0, 2.0], [0.0, 1.0]])  # V = 2, C = 4: half hawks


def demand_game(demands: range | list[int], pie: int) -> np.ndarray:
    claims = np.array(demands, dtype=float)
    return np.where(claims[:, None] + claims <= pie, claims[:, None], 0.0)


def share_of_half(demands: range | list[int], pie: int, starts: int, dynamics: str = "generations") -> float:
    """Share of uniform random starts from which the demand of half the pie takes over, in one population."""
    pay = demand_game(demands, pie)
    game = populations_of(pay, pay.T, populations=1, dynamics=dynamics)
    half = list(demands).index(pie // 2)
    found = basins(game, random_starts(game, starts, np.random.default_rng(1996)))
    return sum(point.share for point in found if point.row[half] == 1)


@pytest.mark.parametrize("demands", [range(1, 10), range(1, 11)])
def test_fair_division_of_ten_slices_wins_62_percent_of_starts(demands) -> None:
    """Skyrms 1996, "Evolution of the Social Contract", ch. 1: replicator in generations; nobody demands nothing."""
    assert share_of_half(demands, 10, 4_000) == pytest.approx(0.62, abs=0.02)


def test_with_demands_of_a_third_half_and_two_thirds_fair_division_wins_73_percent() -> None:
    """The same for demands of 1/3, 1/2 and 2/3."""
    assert share_of_half([2, 3, 4], 6, 20_000) == pytest.approx(0.733, abs=0.01)


def test_in_continuous_time_the_same_game_has_other_basins() -> None:
    assert share_of_half([2, 3, 4], 6, 2_000, "continuous") == pytest.approx(0.72, abs=0.03)


def test_one_population_of_hawks_and_doves_rests_at_half_and_two_populations_do_not() -> None:
    alone = replicator(HAWK_DOVE, HAWK_DOVE.T, start=[0.9, 0.1], populations=1)
    assert alone.rest_point[0] == pytest.approx([0.5, 0.5], abs=1e-6)
    game = populations_of(HAWK_DOVE, HAWK_DOVE.T)
    found = basins(game, random_starts(game, 100, np.random.default_rng(0)))
    assert {(tuple(point.row), tuple(point.column)) for point in found} == {((1, 0), (0, 1)), ((0, 1), (1, 0))}


def test_matching_pennies_circles_and_keeps_its_distance() -> None:
    pennies = np.array([[1.0, -1.0], [-1.0, 1.0]])
    path = replicator(pennies, -pennies, start=([0.8, 0.2], [0.5, 0.5]))
    assert not path.converged
    assert path.rest_point is None
    # The product of all shares is constant along every orbit (Hofbauer and Sigmund 1998, section 10.3).
    kept = (path.row * (1 - path.row)).prod(axis=1) ** 0.5 * (path.column * (1 - path.column)).prod(axis=1) ** 0.5
    assert kept == pytest.approx(np.full(len(kept), kept[0]), rel=1e-3)
    game = populations_of(pennies, -pennies)
    (point,) = basins(game, random_starts(game, 20, np.random.default_rng(0)))
    assert (point.converged, point.stability) == (False, "moving")
    assert point.row == pytest.approx([0.5, 0.5], abs=0.05)


def test_a_continuum_of_rest_points_is_said_to_be_one() -> None:
    game = populations_of([[1.0, 1.0], [1.0, 1.0]], [[1.0, 0.0], [1.0, 0.0]])
    (point,) = basins(game, random_starts(game, 50, np.random.default_rng(0)))
    assert point.continuum
    assert point.stability == "neutral"
    assert point.column.tolist() == [1, 0]


def test_absent_strategies_stay_absent() -> None:
    path = replicator(DILEMMA, DILEMMA.T, start=([0, 1], [0.5, 0.5]))
    assert path.row[-1].tolist() == [0, 1]
    assert path.column[-1] == pytest.approx([1, 0], abs=1e-6)


def test_a_start_at_a_vertex_rests_at_once() -> None:
    path = replicator(DILEMMA, DILEMMA.T, start=([1, 0], [0, 1]))
    assert (path.converged, len(path.times)) == (True, 1)


matrices = st.integers(0, 2**32 - 1).map(lambda seed: np.random.default_rng(seed).normal(size=(2, 3, 3)))


@settings(max_examples=12, deadline=None)
@given(matrices, st.floats(1e-6, 1e6), st.floats(-1e6, 1e6))
def test_unit_and_zero_of_payoffs_do_not_matter(payoffs, unit, zero) -> None:
    """Each side's payoffs may be scaled and shifted, and shifted once more for each strategy of the partner."""
    row, column = payoffs
    start = ([0.5, 0.3, 0.2], [0.2, 0.3, 0.5])
    one = replicator(row, column, start=start)
    other = replicator(unit * row + unit * zero / 1e6, 3 * column - 7, start=start)
    assert one.converged == other.converged
    if one.converged:
        assert other.row[-1] == pytest.approx(one.row[-1], abs=1e-4)
        assert other.column[-1] == pytest.approx(one.column[-1], abs=1e-4)


@settings(max_examples=10, deadline=None)
@given(matrices, st.permutations(range(3)), st.permutations(range(3)))
def test_names_do_not_matter(payoffs, rows, columns) -> None:
    row, column = payoffs
    start = (np.array([0.5, 0.3, 0.2]), np.array([0.2, 0.3, 0.5]))
    one = replicator(row, column, start=start)
    other = replicator(
        row[np.ix_(rows, columns)], column[np.ix_(rows, columns)], start=(start[0][rows], start[1][columns])
    )
    assert one.converged == other.converged
    if one.converged:
        assert other.row[-1] == pytest.approx(one.row[-1][rows], abs=1e-4)
        assert other.column[-1] == pytest.approx(one.column[-1][columns], abs=1e-4)


@settings(max_examples=25, deadline=None)
@given(matrices)
def test_what_is_reached_from_inside_is_an_equilibrium(payoffs) -> None:
    """The folk theorem of evolutionary game theory (Hofbauer and Sigmund 1998, theorem 7.2.1)."""
    path = replicator(*payoffs)
    if path.converged:
        gaps = [
            np.abs(e.row - path.row[-1]).max() + np.abs(e.column - path.column[-1]).max() for e in equilibria(*payoffs)
        ]
        assert min(gaps) < 1e-4


@settings(max_examples=25, deadline=None)
@given(matrices)
def test_stable_profiles_are_the_strict_equilibria_and_pull_back(payoffs) -> None:
    game = populations_of(*payoffs)
    pure = {
        (int(e.row.argmax()), int(e.column.argmax()))
        for e in equilibria(*payoffs)
        if e.row.max() == e.column.max() == 1
    }
    stable = {r.strategies for r in residents(game) if r.verdict == "stable"}
    assert stable == pure
    for i, j in stable:
        shares = np.concatenate([np.eye(3)[i], np.eye(3)[j]])
        assert stability_at(eigenvalues(game, shares)) == "attracting"


def test_eigenvalues_at_a_vertex_are_the_gains_of_the_mutants() -> None:
    game = populations_of(DILEMMA, DILEMMA.T)
    at_cooperation = eigenvalues(game, np.array([0.0, 1.0, 0.0, 1.0]))
    assert at_cooperation.real == pytest.approx([0.4, 0.4])
    assert stability_at(at_cooperation) == "repelling"


def test_in_one_population_a_tie_is_decided_among_mutants() -> None:
    """Maynard Smith and Price 1973: against residents both earn 1; among themselves mutants earn 2 or 0."""
    invading = np.array([[1.0, 1.0], [1.0, 2.0]])
    (first, _) = residents(populations_of(invading, invading.T, populations=1))
    assert (first.verdict, first.invaders) == ("unstable", ((1,),))
    losing = np.array([[1.0, 1.0], [1.0, 0.0]])
    (first, _) = residents(populations_of(losing, losing.T, populations=1))
    assert (first.verdict, first.neutral) == ("stable", ((),))


def test_a_neutral_mutant_opens_the_door_in_two_populations() -> None:
    """Vendors do not care what they do against client 0; if they drift to strategy 1, client 1 invades."""
    vendor, client = np.array([[1.0, 0.0], [1.0, 0.0]]), np.array([[1.0, 0.0], [0.0, 1.0]])
    first = residents(populations_of(vendor, client))[0]
    assert (first.strategies, first.verdict, first.neutral) == ((0, 0), "neutral", ((1,), ()))
    assert first.openings == ((0, 1, 1, 1),)


def test_wilson_never_leaves_0_to_1_and_covers() -> None:
    assert wilson(0, 10)[0] == 0
    assert wilson(10, 10)[1] == 1
    rng = np.random.default_rng(0)
    covered = [low <= 0.9 <= high for low, high in (wilson(int(k), 50) for k in rng.binomial(50, 0.9, 2_000))]
    assert np.mean(covered) > 0.93


@pytest.mark.parametrize(
    ("row", "column", "options", "words"),
    [
        (DILEMMA, DILEMMA, {"populations": 1}, "one population needs a symmetric game: strategy 1 against strategy 2"),
        (np.ones((2, 3)), np.ones((2, 3)), {"populations": 1}, "one side has 2 strategies, the other 3"),
        (DILEMMA, DILEMMA.T, {"populations": 3}, "populations is 3"),
        (DILEMMA, DILEMMA.T, {"dynamics": "generation"}, "did you mean 'generations'"),
        (DILEMMA - 2, DILEMMA.T, {"dynamics": "generations"}, "a payoff is -2"),
        (DILEMMA * np.nan, DILEMMA.T, {}, "row_payoffs must be finite"),
        (DILEMMA, DILEMMA.T, {"start": [0.5, 0.5]}, "start must be a pair"),
        (DILEMMA, DILEMMA.T, {"start": ([0.5, 0.5], [0.5, 0.6])}, "add up to 1"),
        (DILEMMA, DILEMMA.T, {"start": ([1.5, -0.5], [0.5, 0.5])}, "at least 0"),
    ],
)
def test_what_is_refused_and_why(row, column, options, words) -> None:
    with pytest.raises(SimulatorError, match=words):
        replicator(row, column, **options)


@pytest.mark.parametrize("dynamics", ["continuous", "generations"])
def test_a_game_without_differences_rests_where_it_starts(dynamics) -> None:
    path = replicator(np.zeros((2, 2)), np.zeros((2, 2)), start=([0.3, 0.7], [0.5, 0.5]), dynamics=dynamics)
    assert path.converged
    assert path.row[-1].tolist() == [0.3, 0.7]


@pytest.mark.parametrize("scale", [1e300, 1e-300])
def test_the_largest_and_the_smallest_payoffs_are_payoffs_like_any_other(scale) -> None:
    assert replicator(DILEMMA * scale, DILEMMA.T * scale).row[-1] == pytest.approx([1, 0], abs=1e-6)


def test_starts_that_reach_a_mixed_attractor_are_one_basin():
    """Demands of 1/3, 1/2 and 2/3 (Skyrms 1996): every start ends with all at 1/2, or half at 1/3 and half at 2/3."""
    demands = np.array([1 / 3, 1 / 2, 2 / 3])
    payoffs = np.where(demands[:, None] + demands <= 1 + 1e-9, demands[:, None], 0.0)
    game = populations_of(payoffs, payoffs.T, populations=1)
    found = basins(game, random_starts(game, 600, np.random.default_rng(1)))
    assert [np.round(point.row, 6).tolist() for point in found] == [[0, 1, 0], [0.5, 0, 0.5]]
    assert all(point.converged for point in found)
    assert sum(point.share for point in found) == pytest.approx(1)


def test_a_cycle_is_not_taken_for_its_mean():
    """Rock, paper, scissors: closed orbits about the mixed equilibrium, which is also their time average."""
    payoffs = np.array([[0.0, -1, 1], [1, 0, -1], [-1, 1, 0]])
    game = populations_of(payoffs, payoffs.T, populations=1)
    found = basins(game, random_starts(game, 50, np.random.default_rng(1)))
    assert not any(point.converged for point in found)
