"""What the equilibrium solver accepts as a game, and what it refuses, with the reason."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.errors import SimulatorError
from simulator.solvers.equilibria import equilibria


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ([[1, np.nan], [0, 1]], np.ones((2, 2)), "row_payoffs must be finite, got nan at row 0, column 1"),
        (np.ones((2, 2)), [[1, 1], [-np.inf, 1]], "column_payoffs must be finite, got -inf at row 1, column 0"),
        (np.empty((0, 2)), np.empty((0, 2)), "at least one action"),
        ([[]], [[]], "at least one action"),
        ([1, 2], [1, 2], "two dimensions"),
        (3, 4, "two dimensions"),
        (np.ones((2, 2, 2)), np.ones((2, 2, 2)), "two dimensions"),
        (np.ones((2, 3)), np.ones((3, 2)), r"got \(2, 3\) and \(3, 2\)"),
        ([[1, 2], [3]], [[1, 2], [3, 4]], "equal length"),
        ([["a", "b"]], [[1, 2]], "real numbers"),
        ([[1, "NaN"], [0, 1]], [[1, 0], [0, 1]], "real numbers"),
        ([[1j, 2]], [[1, 2]], "real numbers"),
        ([[10**400, 1]], [[1, 2]], "fit a float"),
        ([[None, 1]], [[1, 2]], "row_payoffs"),
    ],
)
def test_what_is_not_a_finite_table_of_numbers_is_refused_with_the_reason(row, column, words) -> None:
    with pytest.raises(SimulatorError, match=words):
        equilibria(row, column)


@pytest.mark.parametrize("disagreement", [(1.0,), (0.0, np.nan)])
def test_a_disagreement_point_that_is_not_two_finite_payoffs_is_refused(disagreement) -> None:
    with pytest.raises(SimulatorError, match="disagreement"):
        equilibria([[1, 0], [0, 1]], [[1, 0], [0, 1]], disagreement=disagreement)


@pytest.mark.parametrize("largest", [1e308, 5e-324])
def test_the_largest_and_the_smallest_floats_are_payoffs_like_any_other(largest: float) -> None:
    row = np.array([[largest, -largest], [-largest, largest]])
    (e,) = equilibria(row, -row)
    assert e.row == pytest.approx([0.5, 0.5])
    assert e.column == pytest.approx([0.5, 0.5])
