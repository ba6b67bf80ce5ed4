"""Draws with replacement: every one of them once, with its chance."""

from collections import Counter
from itertools import product

import numpy as np
import pytest

from simulator.solvers.multisets import chances_of, how_many, multisets, one_and_others


@pytest.mark.parametrize(("kinds", "draws"), [(1, 1), (1, 4), (4, 1), (3, 2), (4, 3), (2, 6), (5, 4), (3, 0)])
def test_every_draw_once_with_its_chance(kinds, draws):
    rng = np.random.default_rng(kinds + 10 * draws)
    pool = rng.dirichlet(np.ones(kinds))
    expected = Counter()
    for drawn in product(range(kinds), repeat=draws):
        expected[tuple(sorted(drawn))] += float(np.prod(pool[list(drawn)]))
    rows = [tuple(row) for row in multisets(kinds, draws).tolist()]
    assert len(rows) == len(set(rows)) == how_many(kinds, draws)
    assert dict(zip(rows, chances_of(pool, draws), strict=True)) == pytest.approx(dict(expected))


@pytest.mark.parametrize(("kinds", "draws"), [(1, 1), (4, 1), (3, 2), (4, 3), (5, 4), (2, 70)])
def test_one_and_others(kinds, draws):
    rows, columns = one_and_others(kinds, draws)
    everything, others = multisets(kinds, draws), multisets(kinds, draws - 1)
    for kind in range(kinds):
        for place, rest in enumerate(others.tolist()):
            whole = everything[rows[kind, place]].tolist()
            assert whole == sorted([kind, *rest])
            assert columns[kind, place] == whole.index(kind)


def test_zeros_in_the_pool():
    assert chances_of(np.array([1.0, 0, 0]), 3).tolist() == [1] + [0] * 9
