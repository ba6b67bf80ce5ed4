"""Who is in a market: kinds of vendors and of clients, how many there are of each, and who follows whoever goes.

A kind of vendor is an agent of one quality class, a kind of client an agent in one segment. Quality is lognormal,
held as the nodes of a Gauss-Hermite rule, so that both methods see the same few classes with the right mean and spread.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simulator.markets.fitting import client_shares
from simulator.scenario.market_tables import Market
from simulator.scenario.schema import Scenario
from simulator.strategies.contract import Agent

if TYPE_CHECKING:
    from simulator.markets.mix import Mix

__all__ = ["REST", "Population", "counts_of", "population_of"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

QUALITIES = 3  # classes of quality where vendors differ
REST = "other clients"  # those of no segment


@dataclass(frozen=True, eq=False)
class Population:
    """The kinds of parties of a market, and how common each is at the start.

    Attributes
    ----------
    market : Market
        The rules of the market.
    scenario : Scenario
        What a relationship is, with the number of periods in place of its horizon.
    vendor_agents, client_agents : tuple of Agent
        The strategies of each role, without their way of bidding; the same tuple twice where there is one role.
    bids : tuple of str
        How each vendor agent bids.
    segments : tuple of str
        Names of the kinds of clients; those of no segment come last, where there are any.
    segment_scenarios : tuple of Scenario
        The scenario of each segment.
    segment_shares : ndarray, shape (segments,)
        Sums to 1.
    quality, quality_shares : ndarray, shape (qualities,)
        Factor of each quality class on the value that a vendor creates, and its share.
    vendor_mix : ndarray, shape (n_vendor_agents,)
        Shares of the agents at the start, also those of newcomers.
    client_mix : ndarray, shape (segments, n_client_agents)
        The same within each segment.
    """

    market: Market
    scenario: Scenario
    vendor_agents: tuple[Agent, ...]
    client_agents: tuple[Agent, ...]
    bids: tuple[str, ...]
    segments: tuple[str, ...]
    segment_scenarios: tuple[Scenario, ...]
    segment_shares: Floats
    quality: Floats
    quality_shares: Floats
    vendor_mix: Floats
    client_mix: Floats

    @property
    def one_role(self) -> bool:
        """Whether all parties are of one population."""
        return self.market.roles == "one"

    @property
    def n_vendor_kinds(self) -> int:
        """Number of kinds of vendors: agents x quality classes, agents first."""
        return len(self.vendor_agents) * len(self.quality)

    @property
    def n_client_kinds(self) -> int:
        """Number of kinds of clients: segments x agents, segments first."""
        return len(self.segments) * len(self.client_agents)

    def vendor_kind(self, kind: int) -> tuple[int, int]:
        """Agent and quality class of a kind of vendor."""
        return divmod(kind, len(self.quality))

    def client_kind(self, kind: int) -> tuple[int, int]:
        """Segment and agent of a kind of client."""
        return divmod(kind, len(self.client_agents))

    @property
    def client_segments(self) -> Ints:
        """Segment of each kind of client, (n_client_kinds,)."""
        return np.arange(self.n_client_kinds) // len(self.client_agents)

    @property
    def vendor_shares(self) -> Floats:
        """Share of each kind of vendor at the start, (n_vendor_kinds,)."""
        return np.outer(self.vendor_mix, self.quality_shares).ravel()

    @property
    def client_shares(self) -> Floats:
        """Share of each kind of client at the start, (n_client_kinds,)."""
        return np.asarray((self.segment_shares[:, None] * self.client_mix).ravel())

    def vendor_counts(self, total: int) -> Ints:
        """How many of so many vendors are of each quality class (row) and agent, (qualities, n_vendor_agents)."""
        return counts_within(self.quality_shares, np.tile(self.vendor_mix, (len(self.quality), 1)), total)

    def client_counts(self, total: int) -> Ints:
        """How many of so many clients are of each segment (row) and agent, (segments, n_client_agents)."""
        return counts_within(self.segment_shares, self.client_mix, total)


def population_of(scenario: Scenario, mix: Mix, periods: int) -> Population:
    """The kinds of parties that a mix makes of a scenario's market.

    Parameters
    ----------
    scenario : Scenario
        The situation; its horizon is replaced by `periods`.
    mix : Mix
        Shares of the agents; fits the scenario (`Mix.fits`).
    periods : int
        Periods of the market.
    """
    judged = scenario.alone(horizon=periods)
    market = scenario.market
    pairs = mix.population or mix.vendors
    vendors = tuple(agent.once_won for agent, _ in pairs)
    bids = tuple(agent.bid for agent, _ in pairs)
    vendor_mix = np.array([share for _, share in pairs], dtype=np.float64)
    names: list[str] = []
    scenarios: list[Scenario] = []
    shares: list[float] = []
    own: list[dict[Agent, float]] = []
    for segment in scenario.segment:
        names.append(segment.name)
        scenarios.append(scenario.alone(segment=segment.name, horizon=periods))
        shares.append(segment.share)
        own.append(dict(client_shares(mix, segment)))
    rest = 1.0 - sum(shares)
    if rest > 1e-12:
        names.append(REST)
        scenarios.append(judged)
        shares.append(rest)
        own.append(dict(client_shares(mix)))
    everybody = dict.fromkeys(agent for agent, _ in client_shares(mix))
    for shared in own:
        everybody.update(dict.fromkeys(shared))
    mixes = [[shared.get(agent, 0.0) for agent in everybody] for shared in own]
    spread = market.quality_spread
    quality, weights = _qualities(spread)
    return Population(
        market=market,
        scenario=judged,
        vendor_agents=vendors,
        client_agents=vendors if market.roles == "one" else tuple(everybody),
        bids=bids,
        segments=tuple(names),
        segment_scenarios=tuple(scenarios),
        segment_shares=np.array(shares) / sum(shares),
        quality=quality,
        quality_shares=weights,
        vendor_mix=vendor_mix / vendor_mix.sum(),
        client_mix=np.array(mixes) / np.sum(mixes, axis=1, keepdims=True),
    )


def _qualities(spread: float) -> tuple[Floats, Floats]:
    """Factors and shares of the quality classes of a log standard deviation."""
    if spread == 0:
        return np.ones(1), np.ones(1)
    nodes, weights = np.polynomial.hermite_e.hermegauss(QUALITIES)
    return np.exp(spread * nodes), weights / weights.sum()


def counts_of(shares: Floats, total: int) -> Ints:
    """Whole numbers that sum to `total`, as near to the shares as can be (largest remainders, first of equals).

    Examples
    --------
    >>> counts_of(np.array([0.5, 0.25, 0.25]), 5)
    array([3, 1, 1])
    """
    exact = shares * total
    whole = np.floor(exact + 1e-9).astype(np.intp)
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return whole


def counts_within(shares: Floats, mixes: Floats, total: int) -> Ints:
    """Whole numbers for groups and the kinds within them, so that both groups and kinds have their shares of the total.

    Parameters
    ----------
    shares : ndarray, shape (groups,)
        Of each group.
    mixes : ndarray, shape (groups, kinds)
        Shares of the kinds within each group.
    total : int
        What all numbers sum to.

    Examples
    --------
    >>> counts_within(np.array([1 / 6, 2 / 3, 1 / 6]), np.tile([0.5, 0.3, 0.2], (3, 1)), 20)
    array([[2, 1, 1],
           [6, 4, 3],
           [2, 1, 0]])
    """
    groups = counts_of(shares, total)
    exact = groups[:, None] * mixes
    found = np.floor(exact + 1e-9).astype(np.intp)
    short = groups - found.sum(axis=1)
    wanted = counts_of(exact.sum(axis=0) / total, total) - found.sum(axis=0)
    parts = exact - found
    order = [divmod(int(at), exact.shape[1]) for at in np.argsort(-parts.round(9), axis=None, kind="stable")]
    # Largest remainders first; where none are left that both a group and a kind lack, any such pair; then the group's.
    for fresh, lacking in ((True, True), (False, True), (False, False)):
        for group, kind in order:
            open_to = parts[group, kind] > 1e-9 if fresh else mixes[group, kind] > 0
            while short[group] > 0 and open_to and (wanted[kind] > 0 or not lacking):
                found[group, kind] += 1
                short[group] -= 1
                wanted[kind] -= 1
                open_to = not fresh
    return found
