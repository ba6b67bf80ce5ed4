"""The exact answer for a pair: expected values and their spread, length, survival and ends, by linear algebra.

A finite horizon is propagated period by period, an unlimited one solved. There is no sampling error. Definitions:
value = discounted sum of what a side earns, its outside option after the end, minus its switching cost in the period
of an early end; an end decided in the last period is not early.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.errors import HorizonError, SimulatorError
from simulator.relationships.chain import Chain, compile_chain
from simulator.relationships.period import ENDS, REASONS, Period, period_of
from simulator.relationships.planner import first_best
from simulator.relationships.systems import solve, total, transient, visits
from simulator.scenario.schema import Scenario
from simulator.strategies.catalogue import agent
from simulator.strategies.contract import Agent

__all__ = ["LongRun", "Relationship", "relationship", "shares"]

Floats = NDArray[np.float64]

LEAST_SURVIVAL, MOST_PERIODS = 1e-12, 100_000
SHARES = np.arange(11) / 10  # what a vendor with best-reply reinvestment can commit to


class LongRun(NamedTuple):
    """Average per period in the long run, were the relationship never to end."""

    vendor_value: float
    client_value: float


@dataclass(frozen=True, eq=False)
class Relationship:
    """A pair of agents in a scenario, with its exact results; made by `relationship`.

    Money is in the scenario's currency, valued linearly (risk-neutral); lengths are in periods.
    """

    scenario: Scenario
    vendor: Agent
    client: Agent
    chain: Chain
    reinvest: float

    # -- values ------------------------------------------------------------------------------------------------

    @cached_property
    def discounted_visits(self) -> Floats:
        """Discounted expected number of periods in each state."""
        chain, discount = self.chain, self.scenario.discount
        if self.scenario.unlimited:
            return visits(chain, discount)
        weights = discount ** np.arange(len(self._mass))
        return np.asarray(weights @ self._mass)

    @cached_property
    def _early_visits(self) -> Floats:
        """The same without the last period of a finite horizon, in which no end is early."""
        if self.scenario.unlimited:
            return self.discounted_visits
        last = float(self.scenario.discount ** (len(self._mass) - 1))
        return np.asarray(self.discounted_visits - last * self._mass[-1])

    @cached_property
    def _mass(self) -> Floats:
        """Probability of each state in each period, (periods, n_states); for a finite horizon."""
        mass = np.zeros((int(self.scenario.horizon), self.chain.n_states))
        mass[0, self.chain.start] = 1.0
        step = self.chain.step
        for t in range(1, len(mass)):
            mass[t] = mass[t - 1] @ step
        return mass

    def _captured(self, side: str) -> float:
        return float(self.discounted_visits @ self.chain.expected(getattr(self.chain, side))) - self.switching_paid(
            side
        )

    def switching_paid(self, side: str) -> float:
        """Discounted expected switching cost of a side."""
        cost: float = getattr(self.scenario.relationship.switching_cost, side)
        return cost * float(self._early_visits @ self.chain.ending.sum(axis=1))

    @cached_property
    def vendor_captured(self) -> float:
        """The vendor's value minus its outside stream."""
        return self._captured("vendor")

    @cached_property
    def client_captured(self) -> float:
        """The client's value minus its outside stream."""
        return self._captured("client")

    @property
    def created_value(self) -> float:
        """Joint value minus what both would have had from their outside options alone."""
        return self.vendor_captured + self.client_captured

    @property
    def vendor_value(self) -> float:
        """Discounted value of the vendor."""
        return self.vendor_captured + outside_stream(self.scenario, "vendor")

    @property
    def client_value(self) -> float:
        """Discounted value of the client."""
        return self.client_captured + outside_stream(self.scenario, "client")

    @property
    def joint_value(self) -> float:
        """Discounted value of both."""
        return self.vendor_value + self.client_value

    @property
    def first_best(self) -> float:
        """The largest joint value that one planner of both sides could reach."""
        return first_best(self.scenario)

    @property
    def left_on_table(self) -> float:
        """First best minus joint value."""
        return self.first_best - self.joint_value

    # -- spread ------------------------------------------------------------------------------------------------

    @cached_property
    def _deviations(self) -> tuple[float, float, float]:
        """Standard deviations of the vendor's, the client's and the joint value."""
        from simulator.relationships.spread import value_deviations

        return value_deviations(self.scenario, self.chain)

    @property
    def vendor_value_sd(self) -> float:
        """Standard deviation of the vendor's value over relationships."""
        return self._deviations[0]

    @property
    def client_value_sd(self) -> float:
        """Standard deviation of the client's value over relationships."""
        return self._deviations[1]

    @property
    def joint_value_sd(self) -> float:
        """Standard deviation of the joint value over relationships."""
        return self._deviations[2]

    # -- length ------------------------------------------------------------------------------------------------

    @cached_property
    def _path(self) -> tuple[Floats, Floats, Floats]:
        return self.path(MOST_PERIODS)

    def path(self, periods: int) -> tuple[Floats, Floats, Floats]:
        """Survival, level occupancy and expected joint gain of each period; `periods` bounds an unlimited horizon.

        The gain is the joint payoff minus both outside options; ended relationships count as 0.
        """
        chain, levels = self.chain, len(self.scenario.levels)
        by_level = np.zeros((chain.n_states, levels))
        by_level[np.arange(chain.n_states), chain.level] = 1.0
        gain = chain.expected(chain.vendor + chain.client)
        if not self.scenario.unlimited:
            return self._mass.sum(axis=1), self._mass @ by_level, self._mass @ gain
        survival, occupancy, gained = [], [], []
        mass = np.zeros(chain.n_states)
        mass[chain.start] = 1.0
        for _ in range(periods):
            survival.append(mass.sum())
            occupancy.append(mass @ by_level)
            gained.append(mass @ gain)
            mass = mass @ chain.step
            if mass.sum() < LEAST_SURVIVAL:
                break
        return np.array(survival), np.array(occupancy), np.array(gained)

    @property
    def survival(self) -> Floats:
        """Probability to live longer than t periods, (horizon,); the first entry is 1."""
        return self._path[0]

    @property
    def level_occupancy(self) -> Floats:
        """Probability to be alive in period t and at level m, (horizon, levels)."""
        return self._path[1]

    @cached_property
    def expected_length(self) -> float:
        """Expected number of periods played; infinite where the end is not certain."""
        if not self.scenario.unlimited:
            return float(self.survival.sum())
        return total(self.chain, np.ones(self.chain.n_states))

    @cached_property
    def healthy_length(self) -> float:
        """Expected number of periods in which both sides are at or above their outside options."""
        healthy = self.chain.expected(self.chain.healthy)
        if not self.scenario.unlimited:
            return float((self._mass @ healthy).sum())
        return total(self.chain, healthy)

    @cached_property
    def length_sd(self) -> float:
        """Standard deviation of the number of periods played."""
        if not self.scenario.unlimited:
            second = float(((2 * np.arange(len(self.survival)) + 1) * self.survival).sum())
        else:
            if not np.isfinite(self.expected_length):
                return float("inf")
            # E[L^2] = sum (2t + 1) S_t = 2 x0 Q (I - Q)^-2 1 + E[L]
            stays = visits(self.chain, 1.0)
            lengths = solve(self.chain.step, 1.0, np.ones(self.chain.n_states))
            second = 2 * float((stays @ self.chain.step) @ lengths) + self.expected_length
        variance = second - self.expected_length**2
        # Less than this is rounding of sums of chances, not a spread: a chance of 1e-13 to end at another time.
        return float(np.sqrt(variance)) if variance > 1e-13 * second else 0.0

    @cached_property
    def end_reasons(self) -> dict[str, float]:
        """Probability of each reason for ending; "horizon": alive in the last period, or never ending."""
        if self.scenario.unlimited:
            stays = visits(self.chain, 1.0, within=transient(self.chain))
            ends = stays @ self.chain.ending
        else:
            ends = self._mass[:-1].sum(axis=0) @ self.chain.ending
        reasons = dict(zip(ENDS, (min(1.0, float(p)) for p in ends), strict=True))
        reasons["horizon"] = max(0.0, 1.0 - float(sum(reasons.values())))
        return {reason: reasons[reason] for reason in REASONS}

    # -- long run ----------------------------------------------------------------------------------------------

    @cached_property
    def long_run(self) -> LongRun:
        """Average payoffs per period in the long run, without any exit, from the first state."""
        from simulator.relationships.longrun import long_run_distribution

        chain = compile_chain(self.scenario, self.vendor, self.client, reinvest=self.reinvest, exits=False)
        weights = long_run_distribution(chain)
        return LongRun(
            float(weights @ chain.expected(chain.vendor)) + self.scenario.vendor.outside_option,
            float(weights @ chain.expected(chain.client)) + self.scenario.client.outside_option,
        )

    def __repr__(self) -> str:
        return (
            f"<Relationship {self.vendor} x {self.client} in {self.scenario.id!r}: joint value {self.joint_value:.6g}, "
            f"expected length {self.expected_length:.4g}>"
        )

    def _repr_html_(self) -> str:
        from simulator.relationships.html import relationship_html

        return relationship_html(self)


def relationship(scenario: Scenario, *, vendor: str | Agent, client: str | Agent) -> Relationship:
    """The exact results of one pair of agents.

    Parameters
    ----------
    scenario : Scenario
        The situation.
    vendor, client : str or Agent
        Agents with finite memory, for example ``"generous-tit-for-tat(generosity=0.3)"``.

    Returns
    -------
    Relationship

    Raises
    ------
    HorizonError
        When the horizon is unlimited and a value would not be finite.
    SimulatorError
        When an agent has no automaton or does not fit the game.

    Examples
    --------
    >>> import simulator as ns
    >>> s = ns.load_scenario("saas-renewal")
    >>> round(ns.relationship(s, vendor="tit-for-tat", client="tit-for-tat").expected_length, 2)
    6.88
    """
    return relationship_in(period_of(scenario), agent(vendor), agent(client))


def relationship_in(period: Period, vendor: Agent, client: Agent) -> Relationship:
    """The exact results of a pair whose periods are these, whatever the scenario's own payoffs are."""
    scenario = period.stages.scenario
    check_period(scenario)
    reinvest = scenario.maturity.reinvest
    candidates = [
        _finite(
            Relationship(
                scenario, vendor, client, compile_chain(scenario, vendor, client, reinvest=share, period=period), share
            )
        )
        for share in ([float(share) for share in SHARES] if isinstance(reinvest, str) else [reinvest])
    ]
    return candidates[first_largest([candidate.vendor_captured for candidate in candidates])]


def check_period(scenario: Scenario) -> None:
    """Refuse what is no scenario, and an unlimited horizon whose outside streams are not finite."""
    if not isinstance(scenario, Scenario):
        raise SimulatorError(f"scenario is {scenario!r}; allowed: what load_scenario returns")
    if scenario.unlimited and scenario.discount == 1:
        outside = (scenario.vendor.outside_option, scenario.client.outside_option)
        if any(outside):
            raise HorizonError(
                f"{scenario.id!r}: an unlimited horizon without discounting has no finite value while the outside "
                f"options are {outside[0]:g} and {outside[1]:g}; allowed: a discount below 1, a number of periods, or "
                "outside options of 0"
            )


def first_largest(values: list[float]) -> int:
    """Position of the largest value; the first of those that are equal up to rounding."""
    top = max(values)
    least = top - 1e-12 * max(1.0, max(abs(value) for value in values))
    return next(i for i, value in enumerate(values) if value >= least)


def _finite(found: Relationship) -> Relationship:
    if found.scenario.unlimited and found.scenario.discount == 1 and not transient(found.chain).all():
        raise HorizonError(
            f"{found.vendor} with {found.client} in {found.scenario.id!r}: the end is not certain, so an unlimited "
            "horizon without discounting has no finite value; allowed: a discount below 1, churn, or some periods"
        )
    return found


def outside_stream(scenario: Scenario, side: str) -> float:
    """Discounted value of a side's outside option over the horizon."""
    option = scenario.party(side).outside_option
    return option * annuity(scenario) if option else 0.0


def annuity(scenario: Scenario) -> float:
    """Discounted number of periods of the horizon."""
    discount = scenario.discount
    if scenario.unlimited:
        return 1 / (1 - discount) if discount < 1 else float("inf")
    return float((discount ** np.arange(int(scenario.horizon))).sum())


def shares(vendor_captured: float, client_captured: float) -> tuple[float, float] | None:
    """Each side's share of the created value; None where nothing was created."""
    created = vendor_captured + client_captured
    return (vendor_captured / created, client_captured / created) if created > 0 else None
