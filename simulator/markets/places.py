"""The worth of one free place of a vendor: what it earns with each kind of client, and with the best of them.

A vendor that serves a client gives up the best other use of the place. That use, not its outside option, is what a
relationship has to beat (renewal reward: what a relationship brings, divided by the time until the next can begin).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.markets.pairs import Pairs

__all__ = ["PlaceWorth", "place_worth"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PlaceWorth:
    """What a place of a vendor earns per period if it only ever serves clients of one segment.

    Money per place and period in the long run, undiscounted: stage payoffs, search and switching costs, and the
    outside option while the place is empty; before what winning the client costs. Clients of a segment play its mix at
    the start.

    Attributes
    ----------
    vendors, segments : tuple of str
        Names of the rows and columns.
    earned : ndarray, shape (vendor agents, segments)
        Mean over the vendor's quality classes.
    outside : float
        What an empty place earns.
    """

    vendors: tuple[str, ...]
    segments: tuple[str, ...]
    earned: Floats
    outside: float

    @property
    def free_place(self) -> Floats:
        """Worth of a free place to each strategy: its best use, (vendor agents,); the vendor's true outside option."""
        return np.asarray(np.maximum(self.earned.max(axis=1), self.outside))

    @property
    def forgone(self) -> Floats:
        """What serving each segment costs against the best use, per place and period, (vendor agents, segments)."""
        return np.asarray(self.free_place[:, None] - self.earned)


def place_worth(pairs: Pairs) -> PlaceWorth:
    """What a place of each vendor strategy is worth with each segment.

    Raises
    ------
    SimulatorError
        When an agent has no automaton.
    """
    people, courses = pairs.population, pairs.courses
    market = people.market
    kept = (1.0 - market.turnover) ** 2
    ages = kept ** np.arange(courses.ages)
    gain, lived = courses.vendor_gain @ ages, courses.survival @ ages
    ended = (courses.ends.sum(axis=3) + (1.0 - kept) * courses.stays.sum(axis=3)) @ ages
    agents = len(people.client_agents)
    switching = np.repeat([s.relationship.switching_cost.vendor for s in people.segment_scenarios], agents)
    brought = gain - market.search_cost - switching * ended
    # A place waits after its client, unless its vendor was replaced: newcomers need not search.
    taken = lived + market.search_time * np.maximum(ended - market.turnover * lived, 0.0)
    shape = (len(people.vendor_agents), len(people.quality), len(people.segments), agents)
    weights = people.client_mix[None, None]
    rate = (brought.reshape(shape) * weights).sum(axis=3) / (taken.reshape(shape) * weights).sum(axis=3)
    outside = people.scenario.vendor.outside_option
    earned = outside + np.einsum("iqg,q->ig", rate, people.quality_shares)
    names = tuple(str(agent) for agent in people.vendor_agents)
    return PlaceWorth(names, people.segments, earned, outside)
