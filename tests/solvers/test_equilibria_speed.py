"""How long equilibria take, beside nashpy's vertex enumeration; prints times and ratios, asserts none of them.

Run with ``pytest tests/solvers/test_equilibria_speed.py -m benchmark -s``.
"""

from __future__ import annotations

import time
import warnings

import numpy as np
import pytest

from simulator.solvers.equilibria import equilibria

pytestmark = pytest.mark.benchmark


@pytest.mark.parametrize("actions", [4, 6, 7])
def test_random_games_beside_nashpys_vertex_enumeration(actions: int) -> None:
    import nashpy

    games = [1 + np.random.default_rng(seed).random((2, actions, actions)) for seed in range(3)]
    equilibria(*games[0])
    began = time.perf_counter()
    ours = [len(equilibria(row, column)) for row, column in games]
    between = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = [len(list(nashpy.Game(row, column).vertex_enumeration())) for row, column in games]
    ended = time.perf_counter()
    ratio = (ended - between) / (between - began)
    print(
        f"\n{actions} x {actions}: {(between - began) / 3:.4f} s a game, nashpy {(ended - between) / 3:.3f} s, "
        f"{ratio:.0f} times faster; equilibria {ours} and {theirs}"
    )
    assert ours == theirs


@pytest.mark.parametrize("actions", [10, 12, 14, 16])
def test_random_games_up_to_the_largest_size_that_is_always_enumerated(actions: int) -> None:
    times = []
    for seed in range(5):
        row, column = np.random.default_rng(seed).random((2, actions, actions))
        began = time.perf_counter()
        found = equilibria(row, column)
        times.append(time.perf_counter() - began)
        assert found.complete
    print(f"\n{actions} x {actions}: median {np.median(times):.3f} s, slowest of 5 {max(times):.3f} s")


@pytest.mark.parametrize("actions", [20, 50, 200])
def test_random_games_that_are_too_large(actions: int) -> None:
    row, column = np.random.default_rng(0).random((2, actions, actions))
    began = time.perf_counter()
    found = equilibria(row, column)
    print(f"\n{actions} x {actions}: {time.perf_counter() - began:.2f} s, {len(found)} found: {found.method}")
    assert found.max_regret <= 1e-8
