"""Why the class made less than it could have: shorter relationships, poorer periods, or dearer parting.

The definition is that of `simulator.relationships.explain`, with the best play of the class's first pairs as A and the
class's record as B: with N_t relationships played in period t and g_t their mean joint gain,
shorter = sum d^t (N_t^A - N_t^B) (g_t^A + g_t^B) / 2, poorer = sum d^t (g_t^A - g_t^B) (N_t^A + N_t^B) / 2, and the
difference in switching costs. The three add up to what was left on the table.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.workshop.debrief.account import ClassAccount

__all__ = ["Loss", "loss_of"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Loss:
    """What was left on the table, split into its causes; money, negative where the class did better than the best.

    Attributes
    ----------
    loss : float
        What the class left on the table.
    shorter, poorer, switching : float
        Because relationships ended sooner, because their periods were worth less, because parting cost more.
    """

    loss: float
    shorter: float
    poorer: float
    switching: float

    @property
    def parts(self) -> tuple[float, float, float]:
        """The three causes."""
        return self.shorter, self.poorer, self.switching


def loss_of(account: ClassAccount) -> Loss:
    """Split what a round of the class left on the table."""
    n_a, n_b, weight = account.best_playing, account.playing, account.weights
    g_a, g_b = _mean(account.best_gains, n_a), _mean(account.gains, n_b)
    # Where nobody plays there is no gain to compare: those periods are missing, not poor.
    g_a, g_b = np.where(n_a > 0, g_a, g_b), np.where(n_b > 0, g_b, g_a)
    shorter = float(weight @ ((n_a - n_b) * (g_a + g_b))) / 2
    poorer = float(weight @ ((g_a - g_b) * (n_a + n_b))) / 2
    return Loss(account.left, shorter, poorer, account.switching - account.best_switching)


def _mean(total: Floats, count: Floats) -> Floats:
    return np.divide(total, count, out=np.zeros_like(total), where=count > 0)
