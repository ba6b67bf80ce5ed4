"""Every pair of kinds that can meet in a market, compiled once: its chain, and its course by age.

What happens inside a relationship does not depend on the market around it, and how it is distributed over its chain's
states depends only on its age. So the fluid market moves each pair's mass over the chain once, age by age, and then
holds one number for all relationships of a pair that began together; the simulation draws from the same chains.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from simulator.errors import SimulatorError
from simulator.games.stages import begrudge_chances, compile_stages
from simulator.markets.population import Population
from simulator.relationships.chain import Chain, automaton_of, compile_chain
from simulator.relationships.exact import relationship
from simulator.relationships.period import ENDS, period_of
from simulator.scenario.schema import Scenario
from simulator.strategies.contract import Agent

__all__ = ["CLASSES", "Courses", "Pairs", "compile_pairs", "first_claim_exit"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

CLASSES = 4  # of the postures of a period: 2 x (vendor cooperates) + (client cooperates)
LEAST_SURVIVAL = 1e-15  # of all pairs; later ages count as never reached


@dataclass(frozen=True, eq=False)
class Pairs:
    """The chains of all pairs of kinds.

    Attributes
    ----------
    population : Population
        The kinds.
    scenarios : tuple of tuple of Scenario, [segment][quality]
        The scenario in which a kind of pair plays.
    chains : tuple of tuple of Chain or None, [vendor kind][client kind]
        None where an agent has no automaton and plays step by step.
    """

    population: Population
    scenarios: tuple[tuple[Scenario, ...], ...]
    chains: tuple[tuple[Chain | None, ...], ...]

    @property
    def stepwise(self) -> tuple[str, ...]:
        """Names of the agents without an automaton."""
        people = self.population
        found = [str(a) for a in people.vendor_agents if automaton_of(people.scenario, "vendor", a) is None]
        found += [str(a) for a in people.client_agents if automaton_of(people.scenario, "client", a) is None]
        return tuple(dict.fromkeys(found))

    def scenario_of(self, vendor_kind: int, client_kind: int) -> Scenario:
        """The scenario in which these two kinds play."""
        segment, _ = self.population.client_kind(client_kind)
        _, quality = self.population.vendor_kind(vendor_kind)
        return self.scenarios[segment][quality]

    @cached_property
    def courses(self) -> Courses:
        """What happens to each pair at each age.

        Raises
        ------
        SimulatorError
            When an agent has no automaton.
        """
        return _courses(self)


@dataclass(frozen=True, eq=False)
class Courses:
    """What each pair of kinds does by its own doing at each age, with neither turnover nor reviews.

    Axes: vendor kind, client kind, age. Ages end where nobody of any pair is left, at the latest after the market's
    periods. All are probabilities or expectations seen from the beginning of a relationship.

    Attributes
    ----------
    survival : ndarray, shape (v, c, ages)
        That the period of this age is played.
    vendor_gain, client_gain : ndarray, shape (v, c, ages)
        Payoff above the outside option, after reinvestment; 0 once ended.
    ends, stays : ndarray, shape (v, c, ages, 4)
        That the period is played with postures of this class and the relationship then ends, or goes on; classes are
        2 x (vendor cooperates) + (client cooperates).
    reasons : ndarray, shape (v, c, ages, n_reasons)
        That it ends after this age for each reason in `ENDS`.
    healthy, starved : ndarray, shape (v, c, ages)
        That both are at or above their outside options, and that the vendor is starved.
    level : ndarray, shape (v, c, ages, levels)
        That it is alive at each maturity level.
    """

    survival: Floats
    vendor_gain: Floats
    client_gain: Floats
    ends: Floats
    stays: Floats
    reasons: Floats
    healthy: Floats
    starved: Floats
    level: Floats

    @property
    def ages(self) -> int:
        """Number of ages that can be reached."""
        return int(self.survival.shape[2])


def compile_pairs(population: Population) -> Pairs:
    """Compile every pair of kinds of a population."""
    people = population
    scenarios = tuple(
        tuple(with_quality(scenario, float(factor)) for factor in people.quality)
        for scenario in people.segment_scenarios
    )
    chains = []
    for v in range(people.n_vendor_kinds):
        agent, quality = people.vendor_kind(v)
        row = []
        for c in range(people.n_client_kinds):
            segment, other = people.client_kind(c)
            row.append(_chain(scenarios[segment][quality], people.vendor_agents[agent], people.client_agents[other]))
        chains.append(tuple(row))
    return Pairs(people, scenarios, tuple(chains))


def with_quality(scenario: Scenario, factor: float) -> Scenario:
    """A scenario whose vendor creates `factor` times the value for its client.

    What full effort is worth to the client is multiplied; where the payoffs are given directly, what the client gets
    above its outside option.
    """
    if factor == 1.0:
        return scenario
    if scenario.payoffs is None:
        delivery = scenario.delivery
        vendor = delivery.vendor.model_copy(update={"benefit": delivery.vendor.benefit * factor})
        return scenario.model_copy(update={"delivery": delivery.model_copy(update={"vendor": vendor})})
    outside = scenario.client.outside_option
    client = tuple(
        tuple(pay + (factor - 1.0) * max(0.0, pay - outside) for pay in row) for row in scenario.payoffs.client
    )
    return scenario.model_copy(update={"payoffs": scenario.payoffs.model_copy(update={"client": client})})


def _chain(scenario: Scenario, vendor: Agent, client: Agent) -> Chain | None:
    if automaton_of(scenario, "vendor", vendor) is None or automaton_of(scenario, "client", client) is None:
        return None
    if scenario.maturity.reinvest == "best-reply":
        return relationship(scenario, vendor=vendor, client=client).chain
    return compile_chain(scenario, vendor, client)


def _courses(pairs: Pairs) -> Courses:
    """Move each pair's mass over its chain, all pairs at once."""
    if pairs.stepwise:
        raise SimulatorError(
            f"agent {pairs.stepwise[0]!r} has no automaton, so there is no fluid market of it; use method 'simulate'"
        )
    from scipy.sparse import block_diag, csr_array

    listed = [chain for row in pairs.chains for chain in row if chain is not None]
    periods = int(pairs.population.scenario.horizon)
    sizes = np.array([chain.n_states for chain in listed])
    begin = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    step = csr_array(block_diag([csr_array(chain.step) for chain in listed], format="csr")).T.tocsr()
    weights = np.concatenate([_weights(chain, len(pairs.population.scenario.levels)) for chain in listed])
    mass = np.zeros(sizes.sum())
    mass[begin + np.array([chain.start for chain in listed])] = 1.0
    found = []
    for _ in range(periods):
        found.append(np.add.reduceat(mass[:, None] * weights, begin, axis=0))
        mass = step @ mass
        if np.add.reduceat(mass, begin).max() < LEAST_SURVIVAL:
            break
    shape = (pairs.population.n_vendor_kinds, pairs.population.n_client_kinds, len(found), weights.shape[1])
    table = np.stack(found, axis=1).reshape(shape)
    parts = np.split(table, np.cumsum([1, 1, 1, CLASSES, CLASSES, len(ENDS), 1, 1]), axis=3)
    survival, vendor, client, ends, stays, reasons, healthy, starved, level = parts
    return Courses(
        survival=survival[..., 0],
        vendor_gain=vendor[..., 0],
        client_gain=client[..., 0],
        ends=ends,
        stays=stays,
        reasons=reasons,
        healthy=healthy[..., 0],
        starved=starved[..., 0],
        level=level,
    )


def _weights(chain: Chain, levels: int) -> Floats:
    """Columns by which a mass over a chain's states is read, in the order of `Courses`; (n_states, columns)."""
    group = 2 * chain.vendor_cooperates + chain.client_cooperates
    columns: list[NDArray[np.float64]] = [np.ones(chain.n_states), chain.expected(chain.vendor)]
    columns.append(chain.expected(chain.client))
    columns += [chain.expected((group == k) & ~chain.alive) for k in range(CLASSES)]
    columns += [chain.expected((group == k) & chain.alive) for k in range(CLASSES)]
    columns += list(chain.ending.T)
    columns += [chain.expected(chain.healthy), chain.starved.astype(np.float64)]
    columns += [(chain.level == level).astype(np.float64) for level in range(levels)]
    return np.stack(columns, axis=1)


def first_claim_exit(pairs: Pairs, vendor_kind: int, client_kind: int, claim: float) -> float:
    """Extra probability that the client leaves after the first period because the vendor claims `claim` more in it.

    The client begrudges a share of the created value that is below the fair one; here the vendor's additional claim
    lowers its share. Expected over the postures of the first period, whoever of them would have stayed; that the vendor
    itself begrudges less is left out.
    """
    scenario = pairs.scenario_of(vendor_kind, client_kind)
    chain = pairs.chains[vendor_kind][client_kind]
    rules = scenario.relationship
    if chain is None or not rules.can_leave or rules.begrudge == 0 or claim == 0:
        return 0.0
    stages = compile_stages(scenario)
    claimed = replace(stages, vendor=stages.vendor + claim, client=stages.client - claim)
    before, chance = (begrudge_chances(found)["client"][0, 0] for found in (stages, claimed))
    # Of those who would otherwise have stayed for all that concerns begrudging.
    extra = np.divide(chance - before, 1 - before, out=np.zeros(before.shape), where=before < 1)
    agent, _ = pairs.population.vendor_kind(vendor_kind)
    _, other = pairs.population.client_kind(client_kind)
    first = []
    for side, player in (
        ("vendor", pairs.population.vendor_agents[agent]),
        ("client", pairs.population.client_agents[other]),
    ):
        automaton = automaton_of(scenario, side, player)
        if automaton is None:
            return 0.0
        first.append(automaton.play[0, automaton.start] @ period_of(scenario).slip[side])
    return float(first[0] @ extra @ first[1])
