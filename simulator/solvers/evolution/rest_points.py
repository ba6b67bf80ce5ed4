"""Basins: which rest points evolution reaches from random starts, and from how many of them.

Starts are uniform on the simplex of each population. The share of starts that lead to a rest point estimates the volume
of its basin; its interval is Wilson's (1927, "Probable inference, the law of succession, and statistical inference",
Journal of the American Statistical Association 22).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator.solvers.evolution.dynamics import settle
from simulator.solvers.evolution.populations import Populations
from simulator.solvers.evolution.stability import Stability, eigenvalues, stability_at

__all__ = ["RestPoint", "basins", "random_starts", "wilson"]

Floats = npt.NDArray[np.float64]

#: A strategy with a smaller share at the end has died out.
PRESENT = 1e-4
#: Ends with the same strategies whose shares differ by more are points of a continuum.
SAME = 1e-3
#: Starts that are followed side by side: at most so many, and so few that a matrix product is not spread over cores,
#: which costs more than it saves.
BLOCK, PRODUCT = 500, 100_000
NORMAL_95 = 1.959963984540054


@dataclass(frozen=True, eq=False)
class RestPoint:
    """Where some of the starts ended.

    Attributes
    ----------
    row, column : ndarray (m,), (n,)
        Shares; those of a continuum are of the point reached that is nearest to the mean, those of paths that never
        rested are means over the later half of their way.
    start : ndarray (N,)
        Of the starts that ended here the one that is nearest to equal shares, all populations stacked.
    starts : int
        How many starts ended here.
    share, low, high : float
        Their share of all starts, with the ends of its 95% interval.
    continuum : bool
        Whether the starts ended at different shares of the same strategies, every one of them at rest.
    converged : bool
        Whether it is a rest point at all; else the paths were given up, still moving.
    eigenvalues : ndarray of complex
        Of the Jacobian at the point, the largest real part first; empty where it is no rest point.
    stability : {"attracting", "neutral", "repelling", "moving"}
        By the largest real part; "moving" where it is no rest point.
    """

    row: Floats
    column: Floats
    start: Floats
    starts: int
    share: float
    low: float
    high: float
    continuum: bool
    converged: bool
    eigenvalues: npt.NDArray[np.complex128]
    stability: Stability


def random_starts(game: Populations, count: int, rng: np.random.Generator) -> Floats:
    """Starts (count, N), uniform on the simplex of each population."""
    return np.hstack([rng.dirichlet(np.ones(size), count) for size in game.sizes])


def basins(
    game: Populations, starts: Floats, *, progress: Callable[[int, int], None] | None = None
) -> tuple[RestPoint, ...]:
    """Follow starts (K, N) to where they rest.

    Parameters
    ----------
    game : Populations
        From `populations_of`.
    starts : ndarray (K, N)
        Shares, every strategy present, for example from `random_starts`.
    progress : callable, optional
        Called with the number of starts done and in all.

    Returns
    -------
    tuple of RestPoint
        The largest basin first. Ends with the same strategies count as one point or one continuum; paths that never
        rested come last.

    Examples
    --------
    A stag hunt in one population: hunting is reached from the starts above its threshold of one half.

    >>> from simulator.solvers.evolution.populations import populations_of
    >>> game = populations_of([[1, 1], [0, 2]], [[1, 0], [1, 2]], populations=1)
    >>> found = basins(game, random_starts(game, 400, np.random.default_rng(0)))
    >>> [(point.row.tolist(), point.low < 0.5 < point.high, point.stability) for point in found]
    [([0.0, 1.0], True, 'attracting'), ([1.0, 0.0], True, 'attracting')]
    """
    ends, rested = np.empty_like(starts), np.empty(len(starts), bool)
    size = max(1, min(BLOCK, PRODUCT // math.prod(game.matrix[game.groups[0], game.groups[-1]].shape)))
    for first in range(0, len(starts), size):
        block = slice(first, first + size)
        settled = settle(game, starts[block])
        ends[block], rested[block] = settled.shares, settled.converged
        if progress is not None:
            progress(min(first + size, len(starts)), len(starts))
    groups: dict[tuple[int, ...], list[int]] = {}
    for k, (end, converged) in enumerate(zip(ends, rested, strict=True)):
        groups.setdefault(tuple(np.flatnonzero(end > PRESENT).tolist()) if converged else (), []).append(k)
    points = [_point(game, starts[members], ends[members], bool(key), len(starts)) for key, members in groups.items()]
    return tuple(sorted(points, key=lambda point: (not point.converged, -point.starts)))


def _point(game: Populations, began: Floats, ends: Floats, converged: bool, starts: int) -> RestPoint:
    shares = ends.mean(axis=0)
    continuum = converged and bool(np.abs(ends - shares).max() > SAME)
    if continuum:
        shares = ends[np.abs(ends - shares).max(axis=1).argmin()]
    if converged:
        shares = _cleared(game, shares)
    values = eigenvalues(game, shares) if converged else np.empty(0, complex)
    low, high = wilson(len(ends), starts)
    return RestPoint(
        row=shares[game.groups[0]],
        column=shares[game.groups[-1]],
        start=began[_distance_to_equal(game, began).argmin()],
        starts=len(ends),
        share=len(ends) / starts,
        low=low,
        high=high,
        continuum=continuum,
        converged=converged,
        eigenvalues=values,
        stability=stability_at(values) if converged else "moving",
    )


def _distance_to_equal(game: Populations, shares: Floats) -> Floats:
    equal = np.concatenate([np.full(size, 1.0 / size) for size in game.sizes])
    return np.asarray(np.abs(shares - equal).max(axis=1))


def _cleared(game: Populations, shares: Floats) -> Floats:
    """The shares without what is left of strategies that have died out."""
    left = np.where(shares > PRESENT, shares, 0.0)
    for group in game.groups:
        left[group] /= left[group].sum()
    return left


def wilson(count: int, of: int) -> tuple[float, float]:
    """Wilson's 95% interval of a probability that came true `count` times out of `of`.

    Examples
    --------
    >>> [round(end, 4) for end in wilson(710, 1000)]
    [0.6811, 0.7373]
    """
    share, z2 = count / of, NORMAL_95**2
    middle = share + z2 / (2 * of)
    reach = NORMAL_95 * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    low, high = (middle - reach) / (1 + z2 / of), (middle + reach) / (1 + z2 / of)
    return (low if count else 0.0), (high if count < of else 1.0)
