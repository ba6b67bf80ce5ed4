"""Replicator dynamics: the growth rate of a strategy is what it earns above the mean of its population.

Source: Taylor and Jonker 1978, "Evolutionarily stable strategies and game dynamics", Mathematical Biosciences 40; for
two populations Hofbauer and Sigmund 1998, "Evolutionary Games and Population Dynamics", ch. 10.

The continuous dynamics is integrated in the logarithms of the shares, by the Runge-Kutta method of order 8 of
`scipy.integrate.DOP853`. In logarithms the right-hand side is bounded by the payoff range and nothing is stiff: where
strategies die out it is nearly constant, so the steps grow with time and a slow decline over a million units costs
little more than a fast one; shares stay positive and sum to 1 without being forced to. (A discrete map would be simpler
still, but it is another dynamics: it needs payoffs above 0, depends on where their zero lies, and has other basins.)
That other dynamics, with generations, is there because it is the one of much of the literature (Maynard Smith 1982,
"Evolution and the Theory of Games", appendix D; Skyrms 1996): a strategy's share in the next generation is its present
share times what it earns over the mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from simulator.errors import SimulatorError
from simulator.solvers.evolution.populations import Dynamics, Populations, populations_of

__all__ = ["Settled", "Trajectory", "replicator", "settle"]

Floats = npt.NDArray[np.float64]

#: At rest: no strategy that is present earns more above the mean of its population, as a share of the payoff range.
AT_REST = 1e-9
#: Steps of the integration, and generations, after which a path that is not at rest is given up.
MOST_STEPS, MOST_GENERATIONS = 1_000, 100_000
#: Largest distance from its mean at which a path counts as trembling about it.
TREMBLE = 1e-4
#: Error of a step in the logarithm of a share.
ACCURACY = 1e-7
#: Points that are kept of each step of a path.
POINTS = 6
#: Steps between two looks at which starts have come to rest, and the share left at which the others are dropped.
CHECK_EVERY, WORTH_IT = 5, 0.8


@dataclass(frozen=True, eq=False)
class Trajectory:
    """The path of one start.

    Attributes
    ----------
    times : ndarray (T,)
        Generations; or units of time in which a strategy that earns the whole payoff range of its side above the mean
        grows by the factor e.
    row, column : ndarray (T, m), (T, n)
        Shares of the strategies; both the same in one population.
    converged : bool
        Whether it came to rest within the bound; if not, it cycles or is still on its way.
    """

    times: Floats
    row: Floats
    column: Floats
    converged: bool

    @property
    def rest_point(self) -> tuple[Floats, Floats] | None:
        """The last shares (row, column); None where the path did not come to rest."""
        return (self.row[-1], self.column[-1]) if self.converged else None


@dataclass(frozen=True, eq=False)
class Settled:
    """Where K starts ended: shares (K, N), and whether each is at rest (K,).

    The shares of those that are not at rest are means over the later half of the steps.
    """

    shares: Floats
    converged: npt.NDArray[np.bool_]


def replicator(
    row_payoffs: npt.ArrayLike,
    column_payoffs: npt.ArrayLike,
    *,
    start: tuple[npt.ArrayLike, npt.ArrayLike] | npt.ArrayLike | None = None,
    populations: int = 2,
    dynamics: Dynamics = "continuous",
) -> Trajectory:
    """Follow the shares of strategies from one start until they rest.

    Parameters
    ----------
    row_payoffs, column_payoffs : array_like (m, n)
        Payoffs of both sides, any finite numbers. Each side's are divided by their range, so that neither unit nor zero
        matter.
    start : pair of array_like (m,), (n,), optional
        Shares at the beginning, for one population a single vector; strategies that are absent stay absent. Default:
        all equal.
    populations : {2, 1}
        One population is for symmetric games, where everybody meets everybody.
    dynamics : {"continuous", "generations"}
        Generations need payoffs of at least 0, which are then numbers of offspring.

    Returns
    -------
    Trajectory
        At rest when no strategy that is present earns more than 1e-9 of the payoff range above the mean; given up after
        1,000 steps or 100,000 generations.

    Raises
    ------
    SimulatorError
        For what is no game, no start, or not symmetric where it has to be.

    Examples
    --------
    In the prisoner's dilemma competing takes over; the game may be shifted and scaled.

    >>> path = replicator([[1, 5], [0, 3]], [[1, 0], [5, 3]])
    >>> path.converged, path.row[-1].round(6)
    (True, array([1., 0.]))
    >>> path = replicator([[-90, 310], [-190, 110]], [[1, 0], [5, 3]])
    >>> path.converged, path.row[-1].round(6)
    (True, array([1., 0.]))
    """
    game = populations_of(row_payoffs, column_payoffs, populations=populations, dynamics=dynamics)
    first = _start(game, start)
    present = first > 0
    times, shares, converged = _path(game.restricted(present), first[present])
    full = np.zeros((len(times), len(first)))
    full[:, present] = shares
    return Trajectory(times, full[:, game.groups[0]], full[:, game.groups[-1]], converged)


def _start(game: Populations, start: tuple[npt.ArrayLike, npt.ArrayLike] | npt.ArrayLike | None) -> Floats:
    if start is None:
        return np.concatenate([np.full(size, 1.0 / size) for size in game.sizes])
    given = start if len(game.groups) == 2 else (start,)
    if not isinstance(given, tuple) or len(given) != len(game.groups):
        raise SimulatorError("start must be a pair of shares (row, column) for two populations, one vector for one")
    parts = []
    for part, size in zip(given, game.sizes, strict=True):
        shares = np.asarray(part, dtype=np.float64)
        if shares.shape != (size,) or not (shares >= 0).all() or not np.isclose(shares.sum(), 1.0, rtol=0, atol=1e-6):
            raise SimulatorError(f"start must be {size} shares of at least 0 that add up to 1; got {part!r}")
        parts.append(shares / shares.sum())
    return np.concatenate(parts)


def _path(game: Populations, start: Floats) -> tuple[Floats, Floats, bool]:
    """Times and shares on the way from one start, all of it present, and whether it came to rest."""
    if game.dynamics == "generations":
        shares = [start]
        while game.regret(shares[-1]) > AT_REST and len(shares) <= MOST_GENERATIONS:
            shares.append(_next_generation(game, shares[-1]))
        return np.arange(float(len(shares))), np.array(shares), bool(game.regret(shares[-1]) <= AT_REST)
    solver = _solver(game, np.log(start)[None], None)
    times, logs = [0.0], [np.log(start)]
    for _ in range(MOST_STEPS):
        if game.regret(_shares(game, logs[-1])) <= AT_REST:
            break
        solver.step()
        between = solver.dense_output()
        for time in np.linspace(solver.t_old, solver.t, POINTS + 1)[1:]:
            times.append(float(time))
            logs.append(between(time))
    shares_on_way = _shares(game, np.array(logs))
    return np.array(times), shares_on_way, bool(game.regret(shares_on_way[-1]) <= AT_REST)


def settle(game: Populations, starts: Floats) -> Settled:
    """Follow many starts (K, N), in each of which every strategy is present, until they rest."""
    return _settle_generations(game, starts) if game.dynamics == "generations" else _settle_flow(game, starts)


def _settle_generations(game: Populations, starts: Floats) -> Settled:
    shares, moving = starts.copy(), np.arange(len(starts))
    later = np.zeros_like(starts)
    for generation in range(MOST_GENERATIONS):
        if generation % CHECK_EVERY == 0:
            moving = moving[game.regret(shares[moving]) > AT_REST]
            if not len(moving):
                break
        shares[moving] = _next_generation(game, shares[moving])
        if generation >= MOST_GENERATIONS // 2:
            later[moving] += shares[moving]
    return _settled(game, shares, later)


def _settle_flow(game: Populations, starts: Floats) -> Settled:
    shares, moving = starts.copy(), np.arange(len(starts))
    later = np.zeros_like(starts)
    solver = _solver(game, np.log(starts), None)
    for step in range(MOST_STEPS):
        if step % CHECK_EVERY == 0:
            shares[moving] = _shares(game, solver.y.reshape(len(moving), -1))
            still = game.regret(shares[moving]) > AT_REST
            if not still.any():
                break
            if still.mean() < WORTH_IT:
                logs, moving = solver.y.reshape(len(moving), -1)[still], moving[still]
                solver = _solver(game, logs, solver.step_size)
        solver.step()
        if step >= MOST_STEPS // 2:
            later[moving] += solver.step_size * _shares(game, solver.y.reshape(len(moving), -1))
    shares[moving] = _shares(game, solver.y.reshape(len(moving), -1))
    return _settled(game, shares, later)


def _settled(game: Populations, shares: Floats, later: Floats) -> Settled:
    """The last shares of those at rest, and the means of the others from the sums over their later half.

    Close to an attracting point the integration trembles by its own error. A path that only trembles about its mean,
    and whose mean is at rest, has come to rest there; a cycle has such a mean too, but does not stay close to it.
    """
    converged = np.asarray(game.regret(shares) <= AT_REST)
    mean = np.empty_like(shares)
    for group in game.groups:
        sums = later[:, group]
        total = sums.sum(axis=1, keepdims=True)
        mean[:, group] = sums / np.where(total > 0, total, 1.0)
    trembles = ~converged & (np.abs(shares - mean).max(axis=1) < TREMBLE) & (game.regret(mean) <= AT_REST)
    return Settled(np.where(converged[:, None], shares, mean), converged | trembles)


def _solver(game: Populations, logs: Floats, first_step: float | None) -> Any:
    from scipy.integrate import DOP853

    rows = len(logs)

    def growth(_: float, state: Floats) -> Floats:
        payoffs, mean = game.earned(_shares(game, state.reshape(rows, -1)))
        return (payoffs - mean).ravel()

    return DOP853(growth, 0.0, logs.ravel(), np.inf, rtol=ACCURACY, atol=ACCURACY, first_step=first_step)


def _shares(game: Populations, logs: Floats) -> Floats:
    """Shares from their logarithms, each population scaled to 1 against the rounding of many steps."""
    shares = np.empty_like(logs)
    for group in game.groups:
        part = np.exp(logs[..., group] - logs[..., group].max(axis=-1, keepdims=True))
        shares[..., group] = part / part.sum(axis=-1, keepdims=True)
    return shares


def _next_generation(game: Populations, shares: Floats) -> Floats:
    payoffs, mean = game.earned(shares)
    # Where nobody earns anything there is nothing to select.
    grown = shares * np.divide(payoffs, mean, out=np.ones_like(payoffs), where=mean > 0)
    for group in game.groups:
        grown[..., group] /= grown[..., group].sum(axis=-1, keepdims=True)
    return grown
