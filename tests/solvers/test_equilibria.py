"""Equilibria: all of them found, none invented, each certified; against exact fractions and by their symmetries."""

from __future__ import annotations

import json
import pickle
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simulator.errors import SimulatorError
from simulator.solvers.equilibria import Equilibria, equilibria
from simulator.solvers.equilibria.lemke_howson import lemke_howson
from simulator.solvers.equilibria.payoffs import game_from
from simulator.solvers.equilibria.vertices import vertices
from simulator.solvers.equilibria.zero_sum import is_zero_sum, minimax

Strategy = tuple[Fraction, ...]
Matrix = list[list[Fraction]]


def exact_equilibria(row_payoffs: npt.ArrayLike, column_payoffs: npt.ArrayLike) -> set[tuple[Strategy, Strategy]]:
    """Enumerate all extreme equilibria in fractions, by a route that shares nothing with the solver.

    Every vertex of a best-reply polytope ``{z >= 0, M z <= 1}`` solves ``M[R, S] z_S = 1`` for some equally many
    constraints R and coordinates S; so all square subsystems are solved, infeasible solutions thrown away, and all
    pairs of vertices tried (Avis, Rosenberg, Savani, von Stengel 2010). Payoffs count as the exact numbers that floats
    are.
    """
    row, column = _positive(row_payoffs), _positive(column_payoffs)
    m, n = len(row), len(row[0])
    everything = frozenset(range(m + n))
    mine = _vertices([list(entries) for entries in zip(*column, strict=True)], range(m), range(m, m + n))
    yours = _vertices(row, range(m, m + n), range(m))
    return {
        (_normalised(x), _normalised(y))
        for x, x_labels in mine.items()
        for y, y_labels in yours.items()
        if x_labels | y_labels == everything
    }


def _positive(payoffs: npt.ArrayLike) -> Matrix:
    exact = [[Fraction(float(entry)) for entry in line] for line in np.asarray(payoffs, dtype=float)]
    low = min(map(min, exact))
    width = max(map(max, exact)) - low or Fraction(1)
    return [[(entry - low) / width + 1 for entry in line] for line in exact]


def _vertices(matrix: Matrix, own: range, replies: range) -> dict[Strategy, frozenset[int]]:
    rows, dims = len(matrix), len(matrix[0])
    found: dict[Strategy, frozenset[int]] = {}
    for size in range(1, min(rows, dims) + 1):
        for tight in combinations(range(rows), size):
            for support in combinations(range(dims), size):
                solution = _solved([[matrix[i][j] for j in support] for i in tight])
                if solution is None or min(solution) < 0:
                    continue
                point = [Fraction(0)] * dims
                for j, weight in zip(support, solution, strict=True):
                    point[j] = weight
                if tuple(point) in found:
                    continue
                heights = [sum(matrix[i][j] * w for j, w in zip(support, solution, strict=True)) for i in range(rows)]
                if max(heights) <= 1:
                    unused = {own[j] for j in range(dims) if point[j] == 0}
                    found[tuple(point)] = frozenset(unused | {replies[i] for i in range(rows) if heights[i] == 1})
    return found


def _solved(square: Matrix) -> list[Fraction] | None:
    """Solve ``square z = 1`` by elimination; None when singular."""
    size = len(square)
    lines = [[*line, Fraction(1)] for line in square]
    for k in range(size):
        pivot = next((i for i in range(k, size) if lines[i][k] != 0), None)
        if pivot is None:
            return None
        lines[k], lines[pivot] = lines[pivot], lines[k]
        for i in range(size):
            if i != k and lines[i][k] != 0:
                factor = lines[i][k] / lines[k][k]
                lines[i] = [a - factor * b if b else a for a, b in zip(lines[i], lines[k], strict=True)]
    return [lines[k][size] / lines[k][k] for k in range(size)]


def _normalised(point: Strategy) -> Strategy:
    total = sum(point)
    return tuple(weight / total for weight in point)


def flat(found: Equilibria) -> npt.NDArray[np.float64]:
    return np.array([np.concatenate([e.row, e.column]) for e in found])


def same_set(ours: npt.ArrayLike, theirs: npt.ArrayLike, tolerance: float = 1e-9) -> bool:
    """Whether two lists of profiles are the same set: no profile missing, none invented, none twice."""
    a, b = np.asarray(ours), np.asarray(theirs)
    if a.shape != b.shape:
        return False
    near = np.abs(a[:, None, :] - b[None, :, :]).max(axis=2) <= tolerance
    return bool((near.sum(axis=0) == 1).all() and (near.sum(axis=1) == 1).all())


def as_floats(exact: set[tuple[Strategy, Strategy]]) -> list[list[float]]:
    return [[float(p) for strategy in pair for p in strategy] for pair in exact]


def demand_game(
    row_demands: npt.ArrayLike, column_demands: npt.ArrayLike, pie: float, outside: tuple[float, float] = (0.0, 0.0)
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Nash's demand game: compatible demands are met, otherwise both get their outside option."""
    row, column = np.asarray(row_demands, float)[:, None], np.asarray(column_demands, float)[None, :]
    compatible = row + column <= pie
    return np.where(compatible, row, outside[0]), np.where(compatible, column, outside[1])


def random_game(seed: int, most: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Games of six kinds in turn, from generic to heavily tied, with 1 to `most` actions on each side."""
    rng = np.random.default_rng(seed)
    m, n = rng.integers(1, most + 1, 2)
    kind = seed % 6
    if kind == 0:
        return tuple(rng.random((2, m, n)))
    if kind in (1, 2, 3):
        high = (10, 3, 1000)[kind - 1]
        return tuple(rng.integers(0, high, (2, m, n)).astype(float))
    if kind == 4:
        pie = int(rng.integers(4, 13))
        outside = rng.integers(0, 3, 2)
        return demand_game(rng.integers(1, pie, m), rng.integers(1, pie, n), pie, (outside[0], outside[1]))
    row, column = rng.integers(0, 2, (2, m, n)).astype(float)
    return row, -row if seed % 12 == 5 else column


# --- against exact answers


def test_every_reference_game_has_exactly_its_extreme_equilibria_and_what_must_be_refused_is(shared: Path) -> None:
    cases = json.loads((shared / "oracles" / "solver_cases.json").read_text())["cases"]
    assert len(cases) >= 20
    for case in cases:
        dtype = float if case["dtype"] == "default" else case["dtype"]
        row, column = np.array(case["A"], dtype=dtype), np.array(case["B"], dtype=dtype)
        if case["extreme_equilibria"] is None:
            with pytest.raises(SimulatorError):
                equilibria(row, column)
            continue
        found = equilibria(row, column)
        listed = [[float(Fraction(p)) for side in pair for p in side] for pair in case["extreme_equilibria"]]
        assert same_set(flat(found), listed), case["name"]
        assert found.complete, case["name"]
        assert found.count == len(found) == case["n_extreme_equilibria"], case["name"]
        assert found.max_regret <= 1e-12, case["name"]


@pytest.mark.parametrize("seed", range(48))
def test_random_games_have_exactly_the_equilibria_of_exact_enumeration_at_every_scale(seed: int) -> None:
    row, column = random_game(seed, 5)
    exact = as_floats(exact_equilibria(row, column))
    for scale in (1.0, 1e-9, 1e9):
        found = equilibria(row * scale, column * scale)
        assert same_set(flat(found), exact)
        assert found.complete
        assert found.max_regret <= 1e-12


@pytest.mark.slow
def test_two_thousand_games_up_to_six_by_six_have_exactly_the_equilibria_of_exact_enumeration() -> None:
    wrong = []
    for seed in range(1000, 3000):
        row, column = random_game(seed, 6)
        exact = as_floats(exact_equilibria(row, column))
        for scale in (1.0, 1e-9, 1e9):
            found = equilibria(row * scale, column)
            if not (same_set(flat(found), exact) and found.complete and found.max_regret <= 1e-12):
                wrong.append((seed, scale))
    assert wrong == []


def test_a_demand_game_of_three_demands_has_its_seven_known_equilibria() -> None:
    # Demands 30, 50, 70 for a pie of 100.
    found = equilibria(*demand_game([30, 50, 70], [30, 50, 70], 100))
    known = {
        ((0, 0, 1), (1, 0, 0)): (70, 30),
        ((0, 1, 0), (0, 1, 0)): (50, 50),
        ((1, 0, 0), (0, 0, 1)): (30, 70),
        ((3 / 7, 0, 4 / 7), (3 / 7, 0, 4 / 7)): (30, 30),
        ((3 / 7, 6 / 35, 2 / 5), (3 / 7, 6 / 35, 2 / 5)): (30, 30),
        ((5 / 7, 2 / 7, 0), (0, 3 / 5, 2 / 5)): (30, 50),
        ((0, 3 / 5, 2 / 5), (5 / 7, 2 / 7, 0)): (50, 30),
    }
    assert same_set(flat(found), [[*x, *y] for x, y in known])
    for (x, y), payoffs in known.items():
        match = next(e for e in found if np.allclose(e.row, x) and np.allclose(e.column, y))
        assert (match.row_payoff, match.column_payoff) == pytest.approx(payoffs)
    assert not found.degenerate
    assert found.continua == ()


@pytest.mark.parametrize("seed", range(5))
def test_a_generic_game_has_an_odd_number_of_equilibria(seed: int) -> None:
    # Wilson 1971; an equilibrium lost or invented would make it even.
    found = equilibria(*np.random.default_rng(seed).random((2, 12, 12)))
    assert found.complete
    assert not found.degenerate
    assert len(found) % 2 == 1


def test_vertices_are_found_where_there_are_more_labels_than_bits_in_a_word() -> None:
    row, column = np.random.default_rng(3).integers(0, 3, (2, 70, 2)).astype(float)
    assert same_set(flat(equilibria(row, column)), as_floats(exact_equilibria(row, column)))


# --- symmetries

GAMES = st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(
    lambda shape: st.tuples(*(arrays(np.float64, shape, elements=st.integers(-3, 3).map(float)),) * 2)
)


@settings(max_examples=60, deadline=None)
@given(GAMES, st.floats(1e-6, 1e6), st.integers(-1000, 1000))
def test_equilibria_do_not_change_with_the_unit_and_origin_of_a_players_payoffs(game, unit, origin) -> None:
    row, column = game
    assert same_set(flat(equilibria(unit * (row + origin), column)), flat(equilibria(row, column)))
    assert same_set(flat(equilibria(row, unit * (column + origin))), flat(equilibria(row, column)))


@settings(max_examples=60, deadline=None)
@given(GAMES, st.randoms(use_true_random=False))
def test_equilibria_follow_their_actions_when_these_are_renumbered(game, random) -> None:
    row, column = game
    m, n = row.shape
    p, q = random.sample(range(m), m), random.sample(range(n), n)
    renumbered = equilibria(row[np.ix_(p, q)], column[np.ix_(p, q)])
    assert same_set(flat(renumbered), flat(equilibria(row, column))[:, [*p, *(m + j for j in q)]])


@settings(max_examples=60, deadline=None)
@given(GAMES)
def test_equilibria_and_their_description_are_mirrored_when_the_players_swap_seats(game) -> None:
    row, column = game
    straight, swapped = equilibria(row, column), equilibria(column.T, row.T)
    mirrored = [np.concatenate([e.column, e.row]) for e in swapped]
    assert same_set(mirrored, flat(straight))
    assert (straight.degenerate, len(straight.continua)) == (swapped.degenerate, len(swapped.continua))


@settings(max_examples=60, deadline=None)
@given(GAMES)
def test_every_game_has_an_equilibrium_and_no_pure_deviation_from_it_pays(game) -> None:
    row, column = game
    found = equilibria(row, column)
    assert len(found) >= 1
    for e in found:
        assert e.row.sum() == pytest.approx(1)
        assert e.column.sum() == pytest.approx(1)
        assert min(e.row.min(), e.column.min()) >= 0
        assert e.row_payoff == pytest.approx(e.row @ row @ e.column)
        assert e.column_payoff == pytest.approx(e.row @ column @ e.column)
        assert (row @ e.column).max() <= e.row_payoff + 1e-12 * 6
        assert (e.row @ column).max() <= e.column_payoff + 1e-12 * 6


# --- what the result says


def test_a_mixture_of_two_equilibria_of_a_continuum_that_share_a_strategy_is_an_equilibrium() -> None:
    # The segment of nashpy's issue 222: column plays its first action, row anything with at most 2/7 on its first.
    row, column = np.array([[-3.0, 3], [-3, 5]]), np.array([[2.0, 7], [4, 2]])
    found = equilibria(row, column)
    assert found.continua == ((0, 1),)
    assert found.degenerate
    x = 0.4 * found.equilibria[0].row + 0.6 * found.equilibria[1].row
    y = found.equilibria[0].column
    assert np.array_equal(y, found.equilibria[1].column)
    assert x @ row @ y == pytest.approx((row @ y).max())
    assert x @ column @ y == pytest.approx((x @ column).max())


def test_constant_payoffs_make_every_cell_an_extreme_equilibrium_of_one_continuum() -> None:
    found = equilibria(np.full((3, 4), 7.0), np.full((3, 4), -2.0))
    assert len(found) == 12
    assert found.continua == (tuple(range(12)),)
    assert {(e.row_payoff, e.column_payoff) for e in found} == {(7.0, -2.0)}


def test_differences_that_are_only_rounding_are_ties() -> None:
    found = equilibria([[0.3, 0.1 + 0.2]], [[0.1 + 0.2, 0.3]])
    assert len(found) == 2


@pytest.mark.parametrize(
    ("row", "column", "profiles"),
    [
        ([[3]], [[4]], [[1, 1]]),
        ([[1, 2, 3]], [[2, 2, 1]], [[1, 1, 0, 0], [1, 0, 1, 0]]),
        ([[1], [5], [2]], [[0], [0], [0]], [[0, 1, 0, 1]]),
    ],
)
def test_with_one_action_on_a_side_the_best_replies_are_the_equilibria(row, column, profiles) -> None:
    found = equilibria(row, column)
    assert same_set(flat(found), profiles)
    assert found.complete


def test_an_equilibrium_that_is_best_for_both_is_selected() -> None:
    found = equilibria([[4, 1], [3, 2]], [[4, 3], [1, 2]])
    assert found.selection_reason == "payoff-dominant"
    assert (found.selected.row_payoff, found.selected.column_payoff) == (4, 4)


def test_without_one_the_largest_nash_product_over_the_disagreement_point_is_selected() -> None:
    game = demand_game([30, 50, 70], [30, 50, 70], 100)
    even = equilibria(*game)
    assert even.selection_reason.startswith("risk-dominant")
    assert (even.selected.row_payoff, even.selected.column_payoff) == (50, 50)
    # Gains over (40, 0): 10 x 50 against 30 x 30.
    strong = equilibria(*game, disagreement=(40, 0))
    assert (strong.selected.row_payoff, strong.selected.column_payoff) == (70, 30)


def test_without_either_the_first_equilibrium_is_selected_and_the_reason_says_so() -> None:
    found = equilibria([[2, 0], [0, 1]], [[1, 0], [0, 2]])
    assert found.selected is found.equilibria[0]
    assert found.selection_reason.startswith("first")


def test_a_result_is_a_value_that_can_be_compared_hashed_pickled_and_not_changed() -> None:
    found = equilibria([[2, 0], [0, 1]], [[1, 0], [0, 2]])
    again = pickle.loads(pickle.dumps(found))
    assert again == found
    assert hash(again) == hash(found)
    assert found != equilibria([[2, 0], [0, 1]], [[1, 0], [0, 3]])
    with pytest.raises(ValueError, match="read-only"):
        found.selected.row[0] = 0.5


def test_the_matrices_that_were_given_are_not_changed() -> None:
    row, column = np.array([[2.0, 0], [0, 1]]), np.array([[1.0, 0], [0, 2]])
    equilibria(row, column)
    assert row.tolist() == [[2, 0], [0, 1]]
    assert column.tolist() == [[1, 0], [0, 2]]


# --- bounds


def test_more_than_ten_thousand_equilibria_are_counted_and_the_list_says_that_it_is_not_complete() -> None:
    found = equilibria(np.eye(14), np.eye(14))
    assert (len(found), found.count, found.complete) == (10_000, 2**14 - 1, False)
    assert sum(e.row.max() == 1 for e in found) == 14


def test_dominated_actions_of_a_large_game_are_removed_without_losing_an_equilibrium() -> None:
    rng = np.random.default_rng(5)
    row, column = rng.random((2, 30, 30))
    row[4:] -= 2
    column[:, 5:] -= 2
    found = equilibria(row, column)
    assert found.complete
    inner = equilibria(row[:4, :5], column[:4, :5])
    assert same_set(flat(found)[:, [*range(4), *range(30, 35)]], flat(inner))


def test_a_game_too_large_to_enumerate_gets_certified_equilibria_and_is_marked_incomplete() -> None:
    row, column = np.random.default_rng(0).random((2, 40, 40))
    found = equilibria(row, column)
    assert not found.complete
    assert found.count is None
    assert len(found) >= 1
    assert found.max_regret <= 1e-12
    for e in found:
        assert max((row @ e.column).max() - e.row_payoff, (e.row @ column).max() - e.column_payoff) <= 1e-12


def test_a_large_zero_sum_game_gets_its_value() -> None:
    payoffs = np.random.default_rng(0).random((40, 50))
    found = equilibria(payoffs, 3 - 2 * payoffs)
    assert "zero-sum" in found.method
    assert not found.complete
    (e,) = found
    assert (payoffs @ e.column).max() == pytest.approx((e.row @ payoffs).min(), abs=1e-9)


@pytest.mark.parametrize("seed", range(20))
def test_ends_of_lemke_howson_paths_and_minimax_strategies_are_equilibria_of_small_games_too(seed: int) -> None:
    row, column, game = game_from(*random_game(6 * seed, 6))
    every = flat(equilibria(row, column))
    for x, y in zip(*(lambda ends: (ends.row, ends.column))(lemke_howson(game)), strict=True):
        assert np.abs(every - np.concatenate([x, y])).max(axis=1).min() <= 1e-9
    _, _, zero_sum = game_from(row, -row)
    if row.size > 1:
        assert is_zero_sum(zero_sum)
        assert zero_sum.regrets(minimax(zero_sum)).max() <= 1e-9


def test_enumeration_stops_at_its_bound() -> None:
    cube = 1 + np.eye(8)
    assert vertices(cube, 200) is None
    assert len(vertices(cube, 300).point) == 2**8 - 1
