"""Stability: which mutants can invade which residents, and how a rest point answers to small pushes.

Sources: Maynard Smith and Price 1973, "The logic of animal conflict", Nature 246, for one population. For two: Selten
1980, "A note on evolutionarily stable strategies in asymmetric animal conflicts", Journal of Theoretical Biology 84:
only a strict equilibrium is evolutionarily stable. Openings are the indirect invasions of van Veelen 2012, "Robustness
against indirect invasions", Games and Economic Behavior 74: a neutral mutant drifts in, and another invades it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from simulator.solvers.evolution.populations import EQUAL, Populations

__all__ = ["Resident", "Stability", "Verdict", "eigenvalues", "residents", "stability_at"]

Floats = npt.NDArray[np.float64]
Verdict = Literal["stable", "neutral", "unstable"]
Stability = Literal["attracting", "neutral", "repelling", "moving"]

#: Real parts nearer to 0 count as 0.
STILL = 1e-6


@dataclass(frozen=True)
class Resident:
    """Populations in which everybody of a side plays the same, and what happens to a few mutants of one kind.

    Attributes
    ----------
    strategies : tuple of int
        What each population plays: (row, column), or one number for one population.
    invaders : tuple of tuple of int
        For each population the strategies that earn more than the residents when rare.
    neutral : tuple of tuple of int
        For each population the strategies that earn as much: they come and go by chance.
    openings : tuple of (population, drifting, population, invading)
        Strategies that invade once a neutral one has drifted in: number of the population and of the strategy of both.
    verdict : {"stable", "neutral", "unstable"}
        "stable" (evolutionarily stable) if every mutant is driven out, "neutral" if none invades but some can drift in,
        "unstable" if some invade.
    """

    strategies: tuple[int, ...]
    invaders: tuple[tuple[int, ...], ...]
    neutral: tuple[tuple[int, ...], ...]
    openings: tuple[tuple[int, int, int, int], ...]
    verdict: Verdict


def residents(game: Populations) -> tuple[Resident, ...]:
    """The stability of every profile of pure strategies against each kind of mutant, one kind at a time.

    Examples
    --------
    Always compete, always cooperate and tit for tat over many rounds: unconditional cooperation drifts into tit for tat
    and competing follows it.

    >>> from simulator.solvers.evolution.populations import populations_of
    >>> payoffs = np.array([[1, 5, 1.4], [0, 3, 3], [0.9, 3, 3]])
    >>> for r in residents(populations_of(payoffs, payoffs.T, populations=1)):
    ...     print(r.strategies, r.verdict, r.invaders, r.neutral, r.openings)
    (0,) stable ((),) ((),) ()
    (1,) unstable ((0,),) ((2,),) ()
    (2,) neutral ((),) ((1,),) ((0, 1, 0, 0),)
    """
    if len(game.groups) == 1:
        return tuple(_of_one(game.matrix, i) for i in range(game.sizes[0]))
    rows, columns = game.groups
    first, second = game.matrix[rows, columns], game.matrix[columns, rows]
    return tuple(_of_two(first, second, i, j) for i in range(len(first)) for j in range(len(second)))


def _of_one(payoffs: Floats, i: int) -> Resident:
    """One population: against residents first, and on a tie against its own kind."""
    rare = payoffs[:, i] - payoffs[i, i]
    common = np.diag(payoffs) - payoffs[i]
    tied = np.abs(rare) <= EQUAL
    tied[i] = False
    invades = (rare > EQUAL) | (tied & (common > EQUAL))
    drifts = tied & (np.abs(common) <= EQUAL)
    openings = [
        (0, int(k), 0, int(other))
        for k in np.flatnonzero(drifts)
        for other in np.flatnonzero((payoffs[:, k] - payoffs[k, k] > EQUAL) & ~invades)
    ]
    return _resident((i,), (invades,), (drifts,), openings)


def _of_two(first: Floats, second: Floats, i: int, j: int) -> Resident:
    """Two populations: a mutant never meets its own kind, so only ties with the residents matter."""
    gains = (first[:, j] - first[i, j], second[:, i] - second[j, i])
    invades = tuple(gain > EQUAL for gain in gains)
    drifts = tuple(np.abs(gain) <= EQUAL for gain in gains)
    drifts[0][i] = drifts[1][j] = False
    openings = [
        (0, int(k), 1, int(other))
        for k in np.flatnonzero(drifts[0])
        for other in np.flatnonzero((second[:, k] - second[j, k] > EQUAL) & ~invades[1])
    ]
    openings += [
        (1, int(k), 0, int(other))
        for k in np.flatnonzero(drifts[1])
        for other in np.flatnonzero((first[:, k] - first[i, k] > EQUAL) & ~invades[0])
    ]
    return _resident((i, j), invades, drifts, openings)


def _resident(
    strategies: tuple[int, ...],
    invades: tuple[npt.NDArray[np.bool_], ...],
    drifts: tuple[npt.NDArray[np.bool_], ...],
    openings: list[tuple[int, int, int, int]],
) -> Resident:
    invaders = tuple(tuple(np.flatnonzero(flags).tolist()) for flags in invades)
    neutral = tuple(tuple(np.flatnonzero(flags).tolist()) for flags in drifts)
    verdict: Verdict = "unstable" if any(invaders) else "neutral" if any(neutral) else "stable"
    return Resident(strategies, invaders, neutral, () if any(invaders) else tuple(openings), verdict)


def eigenvalues(game: Populations, shares: Floats) -> npt.NDArray[np.complex128]:
    """Eigenvalues of the continuous replicator dynamics at shares (N,), within the simplices; largest real part first.

    Examples
    --------
    Matching pennies: the mixed equilibrium is a centre, and shares circle around it.

    >>> from simulator.solvers.evolution.populations import populations_of
    >>> game = populations_of([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    >>> eigenvalues(game, np.full(4, 0.5)).imag.round(6).tolist()
    [0.5, -0.5]
    """
    payoffs, mean = game.earned(shares)
    slope = game.matrix.copy()
    for group in game.groups:
        slope[group] -= shares[group] @ game.matrix[group]
        slope[group, group] -= payoffs[group]
    jacobian = np.diag(payoffs - mean) + shares[:, None] * slope
    basis = np.zeros((len(shares), len(shares) - len(game.groups)))
    for number, group in enumerate(game.groups):
        size = group.stop - group.start
        inside = np.linalg.qr(np.eye(size) - 1.0 / size)[0][:, : size - 1]
        basis[group, group.start - number : group.stop - number - 1] = inside
    values = np.linalg.eigvals(basis.T @ jacobian @ basis).astype(complex)
    # Rounded for the order only: a pair of complex conjugates has the same real part.
    order = np.lexsort((-values.imag, -values.real.round(9)))
    return np.asarray(values[order])


def stability_at(values: npt.NDArray[np.complex128]) -> Stability:
    """What the largest real part says: "attracting" below 0, "neutral" at 0, "repelling" above it."""
    largest = float(values.real.max(initial=-np.inf))
    return "repelling" if largest > STILL else "neutral" if largest >= -STILL else "attracting"
