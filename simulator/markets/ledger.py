"""The ledger of a market: what both methods note while it runs, in money and numbers of parties of the whole market."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.markets.population import Population
from simulator.relationships.period import ENDS

__all__ = ["MARKET_ENDS", "Ledger"]

Floats = NDArray[np.float64]

# Reasons for ending in a market: those of a relationship, then what the market adds.
MARKET_ENDS = (*ENDS, "review", "turnover")


@dataclass(eq=False)
class Ledger:
    """Sums over a whole market, by period t, vendor agent i, client agent j; filled while it runs.

    Money is of the period, undiscounted. Counts are of parties or relationships; in a fluid market they are masses,
    scaled to the scenario's numbers of parties.

    Attributes
    ----------
    vendors, clients : ndarray, shapes (t, i) and (t, j)
        Parties of each strategy at the start of the period.
    vendor_earned, client_earned : ndarray, shapes (t, i) and (t, j)
        All that they earned: payoffs, outside options, minus efforts, bids' costs, search and switching costs.
    vendor_gain, client_gain : ndarray, shape (t,)
        Payoffs above the outside options inside relationships.
    outside : ndarray, shape (t,)
        Outside options of all places that earn one or that a relationship took: what everybody would have earned
        there; so everything earned = outside + gains - burned - tendering - search - switching.
    burned, tendering, transferred, selected, search, switching : ndarray, shape (t,)
        Efforts of all bidders; winners' own costs in tenders; what tenders made clients pay less than the highest
        cost; value that winners are expected to create above their shortlists' average; search costs; switching costs.
    played, starved : ndarray, shape (t,)
        Relationships played, and those with a starved vendor.
    level : ndarray, shape (t, levels)
        Relationships played at each maturity level.
    postures : ndarray, shape (t, 4)
        Relationships played by 2 x (vendor cooperates) + (client cooperates).
    begun : ndarray, shape (t,)
        Relationships begun at the start of the period.
    ended, ended_length : ndarray, shape (t,)
        Relationships that ended after the period, and the sum of their lengths; none in the last period.
    pair_begun, pair_played, pair_healthy : ndarray, shape (i, j)
        Relationships begun, periods played, and those with both at or above their outside options.
    lifetimes_ended, lifetimes_open : ndarray, shape (i, j, t + 1)
        Number of relationships that ended after, or were alive at the end after, so many periods.
    reasons : ndarray, shape (len(MARKET_ENDS),)
        Relationships ended for each reason.
    bids, wins : ndarray, shape (i,)
        Bids made and won.
    """

    vendors: Floats
    clients: Floats
    vendor_earned: Floats
    client_earned: Floats
    vendor_gain: Floats
    client_gain: Floats
    outside: Floats
    burned: Floats
    tendering: Floats
    transferred: Floats
    selected: Floats
    search: Floats
    switching: Floats
    played: Floats
    starved: Floats
    level: Floats
    postures: Floats
    begun: Floats
    ended: Floats
    ended_length: Floats
    pair_begun: Floats
    pair_played: Floats
    pair_healthy: Floats
    lifetimes_ended: Floats
    lifetimes_open: Floats
    reasons: Floats
    bids: Floats
    wins: Floats

    @classmethod
    def empty(cls, population: Population) -> Ledger:
        """A ledger with nothing in it."""
        t, levels = int(population.scenario.horizon), len(population.scenario.levels)
        i, j = len(population.vendor_agents), len(population.client_agents)
        by_period = ["vendor_gain", "client_gain", "outside", "burned", "tendering", "transferred", "selected"]
        by_period += ["search", "switching", "played", "starved", "begun", "ended", "ended_length"]
        shapes: dict[str, tuple[int, ...]] = dict.fromkeys(by_period, (t,))
        shapes |= {"vendors": (t, i), "clients": (t, j), "vendor_earned": (t, i), "client_earned": (t, j)}
        shapes |= {"level": (t, levels), "postures": (t, 4), "bids": (i,), "wins": (i,)}
        shapes |= dict.fromkeys(("pair_begun", "pair_played", "pair_healthy"), (i, j))
        shapes |= dict.fromkeys(("lifetimes_ended", "lifetimes_open"), (i, j, t + 1))
        shapes["reasons"] = (len(MARKET_ENDS),)
        return cls(**{name: np.zeros(shape) for name, shape in shapes.items()})
