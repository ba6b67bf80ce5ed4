"""Evolution over a choice of strategies: what spreads when those who earn more are copied more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.errors import SimulatorError
from simulator.games.stage import StageGame
from simulator.runner.compare import Comparison, Named, compare
from simulator.scenario.schema import Scenario
from simulator.solvers.evolution import (
    Dynamics,
    Resident,
    RestPoint,
    Trajectory,
    basins,
    populations_of,
    random_starts,
    replicator,
    residents,
)
from simulator.solvers.nash_averaging import Ranking, ranking
from simulator.streams import check_seed, stream

__all__ = ["Evolution", "evolve"]

STARTS = 1_000


@dataclass(frozen=True, eq=False)
class Evolution:
    """What evolution does with the strategies of a game.

    Attributes
    ----------
    game : StageGame
        The strategies (or postures) and their payoffs.
    scenario : Scenario or None
        Where the game comes from; None for a bare game.
    populations : int
        2, vendors and clients; or 1, in which both sides are the same.
    dynamics : {"continuous", "generations"}
        How shares follow from payoffs.
    starts, seed : int
        Random starts, and what they were drawn with.
    rest_points : tuple of RestPoint
        Where they ended, the largest basin first; `.row` are the vendors' shares, `.column` the clients'.
    residents : tuple of Resident
        For each pure profile which mutants can invade.
    path : Trajectory
        The way from the start, of those that lead into the largest basin, that is nearest to equal shares.
    vendor_ranking, client_ranking : Ranking
        What each strategy forgoes against the hardest mix of partners; copies of a strategy change no rank.
    remarks : tuple of str
        What was left out or sampled on the way to the payoffs.
    """

    game: StageGame
    scenario: Scenario | None
    populations: int
    dynamics: Dynamics
    starts: int
    seed: int
    rest_points: tuple[RestPoint, ...]
    residents: tuple[Resident, ...]
    path: Trajectory
    vendor_ranking: Ranking
    client_ranking: Ranking
    remarks: tuple[str, ...]

    @property
    def vendors(self) -> tuple[str, ...]:
        """Names of the vendors' strategies."""
        return self.game.vendor_postures

    @property
    def clients(self) -> tuple[str, ...]:
        """Names of the clients' strategies."""
        return self.game.client_postures

    def rows(self) -> list[dict[str, Any]]:
        """The tidy table: for each rest point one row for each strategy and side.

        Examples
        --------
        >>> found = evolve(StageGame([[1, 5], [0, 3]], [[1, 0], [5, 3]]), starts=20)
        >>> found.rows()[0]["strategy"], found.rows()[0]["share"], found.rows()[0]["basin"]
        ('1', 1.0, 1.0)
        """
        return [
            {
                "rest_point": number,
                "basin": point.share,
                "basin_low": point.low,
                "basin_high": point.high,
                "starts": point.starts,
                "stability": point.stability,
                "continuum": point.continuum,
                "side": side,
                "strategy": name,
                "share": float(share),
                "seed": self.seed,
            }
            for number, point in enumerate(self.rest_points, 1)
            for side, names, shares in (("vendor", self.vendors, point.row), ("client", self.clients, point.column))
            for name, share in zip(names, shares, strict=True)
        ]

    def __repr__(self) -> str:
        return f"<Evolution of {self.game.title!r}: {len(self.rest_points)} ends of {self.starts} starts>"


def evolve(
    source: Scenario | Comparison | StageGame,
    *,
    vendors: Named = None,
    clients: Named = None,
    populations: int = 2,
    dynamics: Dynamics = "continuous",
    starts: int = STARTS,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Evolution:
    """Let strategies spread that earn more than the average of their side.

    Parameters
    ----------
    source : Scenario, Comparison or StageGame
        A scenario is compared first; of a comparison the values of the whole relationship are the payoffs; of a stage
        game those of one period, and its postures are what spreads.
    vendors, clients : agents or names, optional
        As in `compare`; for a scenario only.
    populations : {2, 1}
        One population is for symmetric games with the same strategies on both sides; everybody then meets everybody.
    dynamics : {"continuous", "generations"}
        The replicator dynamics in continuous time, for any payoffs; or in generations, for payoffs of at least 0.
    starts : int
        Random starts, uniform over the shares of each population.
    seed : int
        For the starts, and for simulated cells of the comparison.
    progress : callable, optional
        Called with the number of starts done and in all.

    Returns
    -------
    Evolution

    Raises
    ------
    SimulatorError
        For one population of a game that is not symmetric, generations with negative payoffs, and what `compare`
        refuses.

    Examples
    --------
    Skyrms 1996, "Evolution of the Social Contract": demanding half wins most of the starts.

    >>> demands = np.array([2, 3, 4])
    >>> pay = np.where(demands[:, None] + demands <= 6, demands[:, None], 0)
    >>> found = evolve(StageGame(pay, pay.T), populations=1, dynamics="generations")
    >>> [(point.row.round(2).tolist(), round(point.share, 2)) for point in found.rest_points]
    [([0.0, 1.0, 0.0], 0.73), ([0.5, 0.0, 0.5], 0.27)]
    """
    if isinstance(starts, bool) or not isinstance(starts, int) or starts < 1:
        raise SimulatorError(f"starts is {starts!r}; allowed: a whole number of at least 1")
    check_seed(seed)
    remarks: tuple[str, ...] = ()
    scenario: Scenario | None = None
    if isinstance(source, Scenario):
        source = compare(source, vendors=vendors, clients=clients, seed=seed)
    elif vendors is not None or clients is not None:
        raise SimulatorError("vendors and clients can be named for a scenario only; this game has its strategies")
    if isinstance(source, Comparison):
        scenario, remarks = source.scenario, source.remarks
        game = source.meta_game()
    else:
        game = source
    if populations == 1 and game.vendor_postures != game.client_postures:
        raise SimulatorError("one population needs the same strategies on both sides, in the same order")
    both = (game.vendor_payoffs, game.client_payoffs)
    kind = populations_of(*both, populations=populations, dynamics=dynamics)
    rng = stream(seed, "evolve", game.title if scenario is None else scenario.id)
    points = basins(kind, random_starts(kind, starts, rng), progress=progress)
    return Evolution(
        game=game,
        scenario=scenario,
        populations=populations,
        dynamics=dynamics,
        starts=starts,
        seed=seed,
        rest_points=points,
        residents=residents(kind),
        path=replicator(
            *both,
            start=_start(max(points, key=lambda point: point.starts).start, kind.groups),
            populations=populations,
            dynamics=dynamics,
        ),
        vendor_ranking=ranking(game.vendor_payoffs),
        client_ranking=ranking(game.client_payoffs.T),
        remarks=remarks,
    )


def _start(
    shares: NDArray[np.float64], groups: tuple[slice, ...]
) -> tuple[NDArray[np.float64], NDArray[np.float64]] | NDArray[np.float64]:
    return shares if len(groups) == 1 else (shares[groups[0]], shares[groups[1]])
