"""All sign changes of a function in a range: simple, close together, touching, jumping, flat."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.solvers.roots import crossings

GRID = np.linspace(0, 10, 21).tolist()


def places(function, points=GRID):
    return [root.at for root in crossings(function, points, scale=1.0)]


@settings(deadline=None)
@given(st.lists(st.floats(0.01, 9.99), min_size=1, max_size=5))
def test_all_roots_of_a_polynomial_on_a_fine_grid_are_found(roots):
    roots = sorted({round(root, 1) + 0.013 for root in roots})
    fine = np.linspace(-0.5, 10.5, 221).tolist()
    # The sign of a product is that of a number of factors; its size is kept away from 0 by the tangent.
    found = places(lambda x: math.prod(math.atan(x - root) for root in roots), fine)
    assert found == pytest.approx(roots, abs=1e-6)


def test_two_roots_between_two_points_are_found_by_the_dip():
    assert places(lambda x: (x - 3.1) * (x - 3.2)) == pytest.approx([3.1, 3.2])


def test_a_continuous_root_is_0_on_both_sides():
    (root,) = crossings(lambda x: x**3 - 2, GRID, scale=1.0)
    assert not root.jump
    assert root.at == pytest.approx(2 ** (1 / 3), abs=1e-12)
    assert max(abs(root.below), abs(root.above)) < 1e-8


def test_a_jump_has_the_values_of_both_sides():
    (root,) = crossings(lambda x: 5.0 - x if x < math.pi else -5.0 + x / 10, [0, 1, 3.5, 9], scale=1.0)
    assert root.jump
    assert root.at == pytest.approx(math.pi, abs=1e-12)
    assert (root.below, root.above) == (pytest.approx(5 - math.pi), pytest.approx(-5 + math.pi / 10))


def test_the_ends_of_a_flat_stretch_are_found():
    found = crossings(lambda x: max(0.0, x - 7.0) - max(0.0, 3.0 - x), GRID, scale=1.0)
    assert [root.at for root in found] == pytest.approx([3, 7], abs=1e-6)
    assert not any(root.jump for root in found)


def test_a_root_on_a_point_is_one_root():
    assert places(lambda x: x - 5.0) == pytest.approx([5.0])


def test_nothing_to_find():
    assert places(lambda x: 1.0 + x) == []
    assert places(lambda x: 0.0) == []
    assert places(lambda x: math.nan) == []


def test_where_the_function_is_not_defined_it_is_not_asked():
    assert places(lambda x: math.nan if x < 4 else x - 6.0) == pytest.approx([6.0])
