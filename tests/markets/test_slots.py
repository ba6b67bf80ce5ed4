"""Idle places of vendors with several of them: filling and emptying against binomial and Poisson numbers."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, poisson

from simulator.markets.fluid.slots import _arrivals, _departures


@pytest.mark.parametrize("chance", [0.0, 0.3, 1.0])
def test_places_fill_and_empty_independently(chance: float) -> None:
    size = 5
    fill, empty = _arrivals(size, chance, chance, True), _departures(size, chance)
    for busy in range(size):
        free = size - 1 - busy
        np.testing.assert_allclose(fill[busy, busy:], binom.pmf(range(free + 1), free, chance), atol=1e-14)
        np.testing.assert_allclose(empty[busy, : busy + 1], binom.pmf(range(busy + 1), busy, chance)[::-1], atol=1e-14)
        assert fill[busy].sum() == pytest.approx(1)
        assert empty[busy].sum() == pytest.approx(1)


def test_without_limit_clients_come_as_poisson_numbers() -> None:
    fill = _arrivals(12, 0.0, 0.7, False)
    np.testing.assert_allclose(fill[2, 2:10], poisson.pmf(range(8), 0.7), atol=1e-14)
    np.testing.assert_allclose(fill.sum(axis=1), 1.0)
