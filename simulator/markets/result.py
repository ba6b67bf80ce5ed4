"""What a market tells: who earned what, how value flowed, and how long relationships lasted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.markets.ledger import MARKET_ENDS, Ledger
from simulator.markets.population import Population
from simulator.scenario.schema import Scenario

if TYPE_CHECKING:
    from simulator.markets.contests.prize import Prize
    from simulator.markets.mix import Mix
    from simulator.markets.places import PlaceWorth

__all__ = ["Flow", "Town"]

Floats = NDArray[np.float64]

STILL = 20  # periods over which a fluid market has to stand still


class Flow(NamedTuple):
    """Where the value of a market goes, per client and period; see `Town.flow`."""

    outside: float
    created: float
    vendor_captured: float
    client_captured: float
    burned: float
    tendering: float
    search: float
    switching: float
    transferred: float
    selected: float
    total: float


@dataclass(frozen=True, eq=False)
class Town:
    """A market after some periods; made by `simulator.market`.

    Money is in the scenario's currency. "Per client" divides by the number of clients, with one role by the number of
    parties. Paths have one entry for each period; matrices have a row for each vendor agent and a column for each
    client agent.

    Attributes
    ----------
    scenario : Scenario
        With its own horizon; the market ran for `periods`.
    mix : Mix
        Shares at the start.
    periods, seed, replicate : int
        Periods, and which random numbers a simulation met.
    method : str
        ``"simulate"`` or ``"fluid"``.
    vendor_agents, client_agents : tuple of str
        The strategies, those that differ only in how they bid told apart.
    prize : Prize or None
        What winning a client is worth, where vendors compete for it.
    places : PlaceWorth or None
        What a place of a vendor is worth with each kind of client; None where agents play step by step.
    remarks : tuple of str
        What was left out, did not settle, or plays no part here.
    """

    scenario: Scenario
    mix: Mix
    population: Population
    method: str
    periods: int
    seed: int
    replicate: int
    ledger: Ledger
    prize: Prize | None = None
    places: PlaceWorth | None = None
    remarks: tuple[str, ...] = ()

    # -- who ---------------------------------------------------------------------------------------------------

    @property
    def vendor_agents(self) -> tuple[str, ...]:
        """Names of the strategies of the vendors, with their way of bidding."""
        return tuple(str(agent) for agent, _ in (self.mix.population or self.mix.vendors))

    @property
    def client_agents(self) -> tuple[str, ...]:
        """Names of the strategies of the clients."""
        return tuple(str(agent) for agent in self.population.client_agents)

    @property
    def vendor_mix(self) -> Floats:
        """Share of each strategy among the vendors at the start of each period, (periods, vendor agents)."""
        return _shares(self.ledger.vendors)

    @property
    def client_mix(self) -> Floats:
        """Share of each strategy among the clients at the start of each period, (periods, client agents)."""
        return _shares(self.ledger.clients)

    @property
    def _heads(self) -> float:
        return float(self.ledger.clients[0].sum())

    # -- value -------------------------------------------------------------------------------------------------

    @cached_property
    def value_path(self) -> Floats:
        """What everybody earned in each period, per client; losing bidders and the free included."""
        earned = self.ledger.client_earned.sum(axis=1)
        if not self.population.one_role:
            earned = earned + self.ledger.vendor_earned.sum(axis=1)
        return np.asarray(earned / self._heads)

    @property
    def value(self) -> float:
        """Total value per client and period, mean over the periods."""
        return float(self.value_path.mean())

    @property
    def total_value(self) -> float:
        """What everybody earned, discounted to period 0."""
        return float(self._weights @ self.value_path) * self._heads

    @property
    def _weights(self) -> Floats:
        return np.asarray(self.scenario.discount ** np.arange(self.periods))

    @cached_property
    def flow(self) -> Flow:
        """Where value comes from and goes, per client and period, mean over the periods."""
        return self.flow_between(0, self.periods)

    def flow_between(self, first: int, last: int) -> Flow:
        """The same over the periods from `first` to before `last`."""

        def mean(path: Floats) -> float:
            return float(path[first:last].mean()) / self._heads

        book = self.ledger
        return Flow(
            outside=mean(book.outside),
            created=mean(book.vendor_gain + book.client_gain),
            vendor_captured=mean(book.vendor_gain),
            client_captured=mean(book.client_gain),
            burned=mean(book.burned),
            tendering=mean(book.tendering),
            search=mean(book.search),
            switching=mean(book.switching),
            transferred=mean(book.transferred),
            selected=mean(book.selected),
            total=float(self.value_path[first:last].mean()),
        )

    @property
    def steady(self) -> Flow | None:
        """Where value comes from and goes once the market stands still; None where it does not, or has chance in it.

        A fluid market stands still when what it earns changed by less than a millionth over its last periods; the very
        last, in which nothing ends any more, is left out.
        """
        last = self.value_path[-STILL - 1 : -1]
        if self.method != "fluid" or len(last) < STILL or np.ptp(last) > 1e-6 * max(1e-300, np.abs(last).max()):
            return None
        return self.flow_between(self.periods - 2, self.periods - 1)

    def _by_strategy(self, earned: Floats, heads: Floats, weights: Floats) -> Floats:
        """Earnings per party and weighted period; NaN for a strategy that nobody had."""
        alive = weights @ heads
        mean = np.divide(weights @ earned, alive, out=np.full(len(alive), np.nan), where=alive > 0)
        return np.asarray(mean * weights.sum())

    @property
    def vendor_earnings(self) -> Floats:
        """What a vendor of each strategy earned per period, (vendor agents,); NaN where there was none."""
        ones = np.full(self.periods, 1 / self.periods)
        return self._by_strategy(self.ledger.vendor_earned, self.ledger.vendors, ones)

    @property
    def client_earnings(self) -> Floats:
        """What a client of each strategy earned per period, (client agents,); NaN where there was none."""
        ones = np.full(self.periods, 1 / self.periods)
        return self._by_strategy(self.ledger.client_earned, self.ledger.clients, ones)

    @property
    def vendor_values(self) -> Floats:
        """The same for vendors, summed over the periods and discounted to period 0."""
        return self._by_strategy(self.ledger.vendor_earned, self.ledger.vendors, self._weights)

    @property
    def client_values(self) -> Floats:
        """The same for clients, summed over the periods and discounted to period 0."""
        return self._by_strategy(self.ledger.client_earned, self.ledger.clients, self._weights)

    @property
    def win_rate(self) -> Floats:
        """Share of its bids that each vendor strategy won, (vendor agents,); NaN without bids."""
        bids = self.ledger.bids
        return _part(self.ledger.wins, bids)

    # -- length ------------------------------------------------------------------------------------------------

    def survival(self, vendor: int | None = None, client: int | None = None) -> Floats:
        """Probability of a relationship to live longer than t periods, (periods,), by Kaplan-Meier.

        Parameters
        ----------
        vendor, client : int, optional
            Only relationships of this vendor agent, of this client agent; absent: of all.

        Returns
        -------
        ndarray, shape (periods,)
            NaN where no relationship was that old.
        """
        rows = slice(None) if vendor is None else slice(vendor, vendor + 1)
        columns = slice(None) if client is None else slice(client, client + 1)
        ended = self.ledger.lifetimes_ended[rows, columns].sum(axis=(0, 1))
        alive = self.ledger.lifetimes_open[rows, columns].sum(axis=(0, 1))
        return kaplan_meier(ended, alive)[: self.periods]

    @property
    def length(self) -> float:
        """Mean length of a relationship in periods, up to the oldest seen (restricted mean of the survival)."""
        return float(np.nansum(self.survival()))

    @cached_property
    def lengths(self) -> Floats:
        """The same for each pair of strategies, (vendor agents, client agents); NaN for pairs that never met."""
        rows, columns = self.ledger.pair_begun.shape
        found = np.full((rows, columns), np.nan)
        for i, j in zip(*np.nonzero(self.ledger.pair_begun > 0), strict=True):
            found[i, j] = np.nansum(self.survival(int(i), int(j)))
        return found

    @property
    def completed_length(self) -> float:
        """Mean length of those that ended; shorter than `length` where many are still alive. NaN if none ended."""
        ended = self.ledger.lifetimes_ended.sum(axis=(0, 1))
        count = ended.sum()
        return float(ended @ np.arange(len(ended)) / count) if count > 0 else float("nan")

    @property
    def censored_share(self) -> float:
        """Share of the relationships begun that were still alive at the end."""
        begun = self.ledger.pair_begun.sum()
        return float(self.ledger.lifetimes_open.sum() / begun) if begun > 0 else float("nan")

    @property
    def healthy_share(self) -> float:
        """Share of the periods played in which both sides were at or above their outside options."""
        played = self.ledger.pair_played.sum()
        return float(self.ledger.pair_healthy.sum() / played) if played > 0 else float("nan")

    @property
    def healthy_length(self) -> float:
        """Mean number of healthy periods of a relationship, in proportion to its mean length."""
        return self.healthy_share * self.length

    @property
    def length_path(self) -> Floats:
        """Mean length of the relationships that ended after each period, (periods,); NaN where none did."""
        return _part(self.ledger.ended_length, self.ledger.ended)

    @property
    def end_reasons(self) -> dict[str, float]:
        """Share of the ended relationships by reason."""
        total = self.ledger.reasons.sum()
        return {
            reason: float(count / total) if total > 0 else 0.0
            for reason, count in zip(MARKET_ENDS, self.ledger.reasons, strict=True)
        }

    # -- state -------------------------------------------------------------------------------------------------

    @property
    def in_relationship(self) -> Floats:
        """Share of the clients (with one role, of all parties) in a relationship in each period."""
        each = 2.0 if self.population.one_role else 1.0
        return np.asarray(each * self.ledger.played / self._heads)

    @property
    def both_cooperate(self) -> Floats:
        """Share of the relationships in which both postures counted as cooperation, in each period."""
        return _part(self.ledger.postures[:, 3], self.ledger.played)

    @property
    def starved(self) -> Floats:
        """Share of the relationships with a starved vendor in each period."""
        return _part(self.ledger.starved, self.ledger.played)

    @property
    def levels(self) -> Floats:
        """Share of the relationships at each maturity level in each period, (periods, levels)."""
        return _part(self.ledger.level, self.ledger.played[:, None])

    def __repr__(self) -> str:
        return (
            f"<Town {self.scenario.id!r}, {self.method}, {self.periods} periods: {self.value:.6g} per client and "
            f"period, mean length {self.length:.4g}>"
        )

    def _repr_html_(self) -> str:
        from simulator.markets.html import town_html

        return town_html(self)


def kaplan_meier(ended: Floats, alive: Floats) -> Floats:
    """Probability to live longer than t periods, from numbers of lifetimes that ended, or were cut, after t periods.

    Nothing ends in a market's last period, so a lifetime cut after t periods was at risk up to t - 1. Masses need not
    be whole, which rules out the estimators of statistics libraries.

    Examples
    --------
    >>> kaplan_meier(np.array([0.0, 1.0, 1.0, 0.0]), np.array([0.0, 0.0, 1.0, 1.0]))
    array([1.   , 0.75 , 0.375,   nan])
    """
    older = np.append(np.cumsum(alive[::-1])[::-1][1:], 0.0)
    at_risk = np.cumsum(ended[::-1])[::-1] + older
    hazard = np.divide(ended, at_risk, out=np.zeros(len(ended)), where=at_risk > 0)
    found = np.cumprod(1.0 - hazard)
    # Past the oldest there is nothing to tell, unless all had ended before.
    found[(at_risk <= 0) & (found > 0)] = np.nan
    return np.asarray(found)


def _part(part: Floats, whole: Floats) -> Floats:
    nothing = np.full(np.broadcast_shapes(part.shape, whole.shape), np.nan)
    return np.asarray(np.divide(part, whole, out=nothing, where=whole > 0))


def _shares(heads: Floats) -> Floats:
    return np.asarray(heads / heads.sum(axis=1, keepdims=True))
