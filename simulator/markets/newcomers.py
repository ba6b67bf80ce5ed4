"""Which strategies newcomers have: those of the mix, or copies of what earned most; and mutants.

A newcomer takes the place of somebody who went: a vendor its quality class, a client its segment.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.markets.population import Population

__all__ = ["Newcomers"]

Floats = NDArray[np.float64]


class Newcomers:
    """The strategies of newcomers, and when a whole generation goes at once."""

    def __init__(self, people: Population) -> None:
        self.people, self.market = people, people.market
        self.earned = [np.zeros(len(people.vendor_agents)), np.zeros(len(people.client_agents))]

    def turnover(self, t: int) -> float:
        """Probability of a party to be replaced after period t."""
        ends = self.market.reproduction == "generation" and (t + 1) % self.market.generation == 0
        return 1.0 if ends else self.market.turnover

    def note(self, t: int, vendors: Floats, clients: Floats) -> None:
        """Take in what the players of each strategy earned in period t, (vendor agents,) and (client agents,)."""
        generations = self.market.reproduction == "generation"
        fresh = not generations or t % self.market.generation == 0
        for place, now in enumerate((vendors, clients)):
            self.earned[place] = now.copy() if fresh else self.earned[place] + now

    def vendor_shares(self) -> Floats:
        """Distribution of a new vendor's strategy, (vendor agents,)."""
        return self._shares(self.people.vendor_mix, self.earned[0])

    def client_shares(self) -> Floats:
        """Distribution of a new client's strategy in each segment, (segments, client agents)."""
        return np.array([self._shares(mix, self.earned[1]) for mix in self.people.client_mix])

    def _shares(self, mix: Floats, earned: Floats) -> Floats:
        shares = mix
        if self.market.reproduction != "none":
            # Copied in proportion to what each strategy's players earned; losses are not copied.
            gains = np.maximum(earned, 0.0)
            shares = gains / gains.sum() if gains.sum() > 0 else mix
        mutation = self.market.mutation
        return np.asarray((1.0 - mutation) * shares + mutation / len(mix))

    def vendors_for(self, gone: Floats) -> Floats:
        """New vendors by kind for a mass of each kind that went, (vendor kinds,)."""
        places = gone.reshape(-1, len(self.people.quality)).sum(axis=0)
        return np.outer(self.vendor_shares(), places).ravel()

    def clients_for(self, gone: Floats) -> Floats:
        """New clients by kind for a mass of each kind that went, (client kinds,)."""
        places = gone.reshape(len(self.people.segments), -1).sum(axis=1)
        return np.asarray((places[:, None] * self.client_shares()).ravel())
