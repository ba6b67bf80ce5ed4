"""The stage game: the payoff matrices of one period at one maturity level, as an object to look at and to solve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulator.bargaining.deals import check_level
from simulator.errors import SimulatorError
from simulator.games.kinds import NONE, Incentives, game_name, incentives
from simulator.games.stages import compile_stages
from simulator.scenario.schema import Scenario

if TYPE_CHECKING:
    import nashpy

    from simulator.solvers.equilibria import Equilibria

__all__ = ["StageGame", "stage_game"]

Floats = NDArray[np.float64]


class StageGame:
    """One period as a game in payoff matrices.

    Parameters
    ----------
    vendor_payoffs, client_payoffs : array_like, shape (n_v, n_c)
        Rows are vendor postures, columns client postures, both from competitive to cooperative unless `ordered` says
        otherwise; before reinvestment.
    vendor_postures, client_postures : sequence of str, optional
        Names; numbers where absent.
    invested, rise : array_like, shape (n_v, n_c), optional
        What the vendor reinvests and the chance that the level rises; zero where absent.
    title : str
        What the game is called in tables.
    disagreement : tuple of float, optional
        What vendor and client have without each other; used to choose among equilibria.
    ordered : bool
        Whether the postures run from competitive to cooperative; without that order the game has no classic name.

    Raises
    ------
    SimulatorError
        For matrices that are empty, of different shapes, not two-dimensional or not finite.

    Examples
    --------
    >>> game = StageGame([[1, 5], [0, 3]], [[1, 0], [5, 3]])
    >>> game.name
    "prisoner's dilemma"
    """

    def __init__(
        self,
        vendor_payoffs: ArrayLike,
        client_payoffs: ArrayLike,
        *,
        vendor_postures: tuple[str, ...] | None = None,
        client_postures: tuple[str, ...] | None = None,
        invested: ArrayLike | None = None,
        rise: ArrayLike | None = None,
        title: str = "stage game",
        disagreement: tuple[float, float] | None = None,
        ordered: bool = True,
    ) -> None:
        self.vendor_payoffs = _matrix("vendor_payoffs", vendor_payoffs)
        self.client_payoffs = _matrix("client_payoffs", client_payoffs)
        shape = self.vendor_payoffs.shape
        if self.client_payoffs.shape != shape:
            raise SimulatorError(
                f"vendor_payoffs is {_shown(shape)} and client_payoffs {_shown(self.client_payoffs.shape)}; "
                "both need one row for each vendor posture and one column for each client posture"
            )
        self.invested = _matrix("invested", np.zeros(shape) if invested is None else invested)
        self.rise = _matrix("rise", np.zeros(shape) if rise is None else rise)
        self.vendor_postures = tuple(vendor_postures or (str(i + 1) for i in range(shape[0])))
        self.client_postures = tuple(client_postures or (str(i + 1) for i in range(shape[1])))
        if (len(self.vendor_postures), len(self.client_postures)) != shape:
            raise SimulatorError(
                f"{len(self.vendor_postures)} vendor and {len(self.client_postures)} client postures are named "
                f"for a game of {_shown(shape)}"
            )
        self.title = title
        self.disagreement = disagreement
        self.ordered = ordered
        self._made = True

    @property
    def vendor_incentives(self) -> Incentives:
        """T, R, P and S of the vendor."""
        return incentives(self.vendor_payoffs)

    @property
    def client_incentives(self) -> Incentives:
        """T, R, P and S of the client."""
        return incentives(self.client_payoffs.T)

    @property
    def name(self) -> str:
        """The classic game that the two sides face, for example ``"prisoner's dilemma"``."""
        return game_name(self.vendor_incentives, self.client_incentives) if self.ordered else NONE

    @property
    def vendor_best_replies(self) -> NDArray[np.bool_]:
        """Where the vendor's posture is a best reply to the column, shape (n_v, n_c)."""
        return _at_top(self.vendor_payoffs, axis=0)

    @property
    def client_best_replies(self) -> NDArray[np.bool_]:
        """Where the client's posture is a best reply to the row, shape (n_v, n_c)."""
        return _at_top(self.client_payoffs, axis=1)

    def equilibria(self) -> Equilibria:
        """The Nash equilibria among these postures, mixed ones included, each certified by its regret.

        One of several is selected by the gains of both sides over what they have without each other, where that is
        known. The row player is the vendor.

        Examples
        --------
        >>> [(e.row.tolist(), e.column.tolist()) for e in StageGame([[1, 5], [0, 3]], [[1, 0], [5, 3]]).equilibria()]
        [([1.0, 0.0], [1.0, 0.0])]
        """
        from simulator.solvers.equilibria import equilibria

        return equilibria(self.vendor_payoffs, self.client_payoffs, disagreement=self.disagreement)

    def to_nashpy(self) -> nashpy.Game:
        """The same game as a `nashpy.Game`."""
        import nashpy

        return nashpy.Game(self.vendor_payoffs, self.client_payoffs)

    def __setattr__(self, name: str, value: object) -> None:
        if getattr(self, "_made", False):
            raise AttributeError(f"a StageGame is immutable; make another one instead of changing {name}")
        object.__setattr__(self, name, value)

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a StageGame is immutable; {name} stays")

    def __setstate__(self, state: dict[str, Any]) -> None:
        for value in state.values():
            if isinstance(value, np.ndarray):
                value.flags.writeable = False
        self.__dict__.update(state)

    def _key(self) -> tuple[Any, ...]:
        arrays = (self.vendor_payoffs, self.client_payoffs, self.invested, self.rise)
        names = (self.vendor_postures, self.client_postures, self.ordered, self.disagreement)
        return (*names, *((a.shape, a.tobytes()) for a in arrays))

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if isinstance(other, StageGame) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        return f"<StageGame {self.title!r}: {_shown(self.vendor_payoffs.shape)}, {self.name}>"

    def _repr_html_(self) -> str:
        from simulator.games.html import stage_game_html

        return stage_game_html(self)


def stage_game(scenario: Scenario, *, level: int = 0, starved: bool = False) -> StageGame:
    """The stage game of a scenario at a maturity level.

    Parameters
    ----------
    scenario : Scenario
        Any scenario.
    level : int
        Maturity level, counted from 0.
    starved : bool
        Whether the vendor had too little in the previous period.

    Returns
    -------
    StageGame
        With the amount reinvested and the chance to rise; under ``reinvest = "best-reply"`` the largest possible ones.

    Examples
    --------
    >>> import simulator as ns
    >>> ns.stage_game(ns.load_scenario("saas-renewal")).vendor_payoffs.round(2)
    array([[30.3 , 39.3 , 44.45],
           [24.3 , 33.3 , 38.45],
           [19.6 , 28.6 , 38.85]])
    """
    check_level(scenario, level)
    stages = compile_stages(scenario)
    reinvest = scenario.maturity.reinvest
    share = 1.0 if isinstance(reinvest, str) else reinvest
    at_level = f", {scenario.levels[level]}" if len(scenario.levels) > 1 else ""
    return StageGame(
        stages.vendor[level, int(starved)],
        stages.client[level, int(starved)],
        vendor_postures=scenario.postures("vendor"),
        client_postures=scenario.postures("client"),
        invested=share * stages.investable[level],
        rise=stages.rise(share)[level],
        disagreement=(scenario.vendor.outside_option, scenario.client.outside_option),
        title=scenario.title + at_level + (", starved vendor" if starved else ""),
    )


def _matrix(label: str, values: ArrayLike) -> Floats:
    try:
        matrix = np.array(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise SimulatorError(f"{label} is not a matrix of numbers; allowed: rows of equal length") from None
    if matrix.ndim != 2 or matrix.size == 0:
        raise SimulatorError(f"{label} has the shape {matrix.shape}; allowed: rows and columns, at least one of each")
    if not np.isfinite(matrix).all():
        row, column = (int(i) for i in np.argwhere(~np.isfinite(matrix))[0])
        got = matrix[row, column]
        raise SimulatorError(f"{label} is {got} in row {row + 1}, column {column + 1}; allowed: finite numbers")
    matrix.flags.writeable = False
    return matrix


def _shown(shape: tuple[int, ...]) -> str:
    return " x ".join(str(n) for n in shape)


def _at_top(payoffs: Floats, axis: int) -> NDArray[np.bool_]:
    top = payoffs.max(axis=axis, keepdims=True)
    return np.asarray(payoffs >= top - 1e-9 * float(np.abs(payoffs).max()))
