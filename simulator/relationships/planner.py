"""First best: the largest joint value of one planner who chooses both postures and when to part.

The planner plays at least period 0, faces the same slips, churn, maturity and starvation, pays both switching costs
when it parts, and is free of patience, begrudging and misreading. Where the vendor's reinvestment is a best reply, the
planner picks the share on the same grid. A Markov decision process over (level, fed or starved), solved backwards for
a finite horizon and by policy iteration for an unlimited one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from simulator.games.stages import Stages
from simulator.relationships.period import period_of
from simulator.scenario.schema import Scenario

__all__ = ["Plan", "actual", "arriving", "first_best", "intended", "plan_of", "shares_of"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
MOST_ITERATIONS = 1000
TIE = 1e-10  # relative to the values; decisions this close are equally good


def first_best(scenario: Scenario) -> float:
    """The largest joint value that one planner of both sides could reach.

    Returns
    -------
    float
        In the same money as a relationship's joint value; infinite for an unlimited undiscounted horizon without churn
        in which the planner never parts.
    """
    best = float(plan_of(scenario).values[0, 0])
    outside = scenario.vendor.outside_option + scenario.client.outside_option
    if outside == 0 or not np.isfinite(best):
        return best
    from simulator.relationships.exact import annuity

    return best + outside * annuity(scenario)


@dataclass(frozen=True, eq=False)
class Plan:
    """The decisions of the planner and what they are worth.

    A decision is a share to reinvest and two intended postures; a state is a level, fed or starved.

    Attributes
    ----------
    scenario : Scenario
        The situation.
    gain : ndarray, shape (decisions, states)
        Expected joint gain over the outside options.
    move : ndarray, shape (decisions, states, states)
        Probabilities of the next states.
    values : ndarray, shape (periods, states)
        Largest value at the start of each period; one row where the horizon is unlimited.
    """

    scenario: Scenario
    gain: Floats
    move: Floats
    values: Floats

    def following(self, period: int) -> Floats | None:
        """What each state is worth a period later; None in the last period."""
        if self.scenario.unlimited:
            period = -1
        return np.asarray(self.values[period + 1]) if period + 1 < len(self.values) else None

    def parting(self, following: Floats) -> tuple[Flags, Flags]:
        """States that it is best to part in rather than to go on, and those in which either is as good."""
        rules = self.scenario.relationship
        if not rules.can_leave:
            nowhere = np.zeros(len(following), dtype=bool)
            return nowhere, nowhere
        ahead = self.scenario.discount * following + _cost(self.scenario)
        edge = TIE * (1 + np.abs(following).max())
        return ahead < -edge, np.abs(ahead) <= edge

    def best(self, period: int) -> Flags:
        """The best decisions in each state, all of them where some are equally good, shape (decisions, states)."""
        following = self.following(period)
        found = self.gain if following is None else _worth(self.scenario, self.gain, self.move, following)
        return np.asarray(found >= found.max(axis=0) - TIE * (1 + np.abs(found).max()))

    @cached_property
    def met(self) -> Flags:
        """States in which the planner can be in each period, shape (periods, states)."""
        met = np.zeros(self.values.shape, dtype=bool)
        met[0, 0] = True
        leads = self.move > 0
        if self.scenario.unlimited:
            steps = self._steps(leads, 0)
            for _ in range(len(met[0])):
                met[0] |= steps[met[0]].any(axis=0)
        for period in range(len(met) - 1):
            met[period + 1] = self._steps(leads, period)[met[period]].any(axis=0)
        return met

    @cached_property
    def chosen(self) -> Flags:
        """The best decisions in the states that are met, shape (periods, decisions, states)."""
        return np.stack([self.best(period) & met for period, met in enumerate(self.met)])

    @cached_property
    def parted(self) -> Flags:
        """The states that are met and in which it is best to part after each period, shape (periods, states)."""
        found = np.zeros(self.met.shape, dtype=bool)
        for period in range(len(found)):
            following = self.following(period)
            if following is not None:
                reached = (self.move[self.chosen[period]] > 0).any(axis=0)
                found[period] = reached & self.parting(following)[0]
        return found

    @cached_property
    def used(self) -> Flags:
        """Which (level, fed or starved, actual postures) occur, shape (levels, 2, n_v, n_c)."""
        slip = period_of(self.scenario).slip
        n_v, n_c = len(slip["vendor"]), len(slip["client"])
        meant = self.chosen.any(axis=0).reshape(-1, n_v, n_c, self.gain.shape[1] // 2, 2).any(axis=0)
        return np.asarray(np.einsum("ijms,ik,jl->mskl", meant, slip["vendor"], slip["client"]) > 0)

    def _steps(self, leads: Flags, period: int) -> Flags:
        """Which state can follow which after the best decisions, if the planner does not part."""
        following = self.following(period)
        onward: Flags = np.asarray((leads & self.best(period)[..., None]).any(axis=0))
        return onward if following is None else np.asarray(onward & ~self.parting(following)[0])


@lru_cache(maxsize=256)
def plan_of(scenario: Scenario) -> Plan:
    """The decisions of one planner of both sides; its values are infinite where there is no bound to them."""
    gain, move = _decisions(scenario)
    rules, discount, cost = scenario.relationship, scenario.discount, _cost(scenario)
    if scenario.unlimited:
        values = _unlimited(gain, move, discount, rules.churn, cost, can_part=rules.can_leave)[None]
    else:
        values = np.empty((int(scenario.horizon), gain.shape[1]))
        values[-1] = gain.max(axis=0)  # in the last period no end is early
        for t in range(len(values) - 2, -1, -1):
            values[t] = _worth(scenario, gain, move, values[t + 1]).max(axis=0)
    return Plan(scenario, gain, move, values)


def _cost(scenario: Scenario) -> float:
    return scenario.relationship.switching_cost.vendor + scenario.relationship.switching_cost.client


def _worth(scenario: Scenario, gain: Floats, move: Floats, following: Floats) -> Floats:
    """Worth of each decision in each state, given what each next state is worth at the start of a period."""
    rules, cost = scenario.relationship, _cost(scenario)
    going_on = scenario.discount * following
    kept = np.maximum(going_on, -cost) if rules.can_leave else going_on
    return gain + move @ ((1 - rules.churn) * kept - rules.churn * cost)


def shares_of(scenario: Scenario) -> Floats:
    """Shares of the surplus that the planner may reinvest."""
    reinvest = scenario.maturity.reinvest
    return np.arange(11) / 10 if isinstance(reinvest, str) else np.array([reinvest])


def _decisions(scenario: Scenario) -> tuple[Floats, Floats]:
    """Expected joint gain (decisions, states) and next states (decisions, states, states) of every decision."""
    period = period_of(scenario)
    slip = period.slip["vendor"], period.slip["client"]
    tables = [intended(*slip, *actual(period.stages, float(share))) for share in shares_of(scenario)]
    return np.concatenate([gain for gain, _ in tables]), np.concatenate([move for _, move in tables])


def actual(stages: Stages, share: float) -> tuple[Floats, Floats]:
    """Joint gain and next states of every actual pair of postures, as `intended` takes them."""
    outside = stages.scenario.vendor.outside_option + stages.scenario.client.outside_option
    gain = stages.vendor + stages.client - outside - (share * stages.investable)[:, None]
    rise, fall = stages.rise(share), stages.falls
    return gain, arriving(stages, 1 - rise - fall, rise, fall)


def arriving(stages: Stages, stay: Floats, rise: Floats, fall: Floats) -> Floats:
    """Next (level, starved) of every actual pair of postures, shape (levels, n_v, n_c, levels, 2)."""
    levels = len(stages.vendor)
    following = np.zeros((*stages.starves.shape, levels, 2))
    hungry = stages.starves.astype(np.intp)
    at, i, j = np.indices(stages.starves.shape)
    for to, chance in ((at, stay), (np.minimum(at + 1, levels - 1), rise), (np.maximum(at - 1, 0), fall)):
        np.add.at(following, (at, i, j, to, hungry), chance)
    return following


def intended(slip_v: Floats, slip_c: Floats, gain: Floats, following: Floats) -> tuple[Floats, Floats]:
    """Gain and next states of every intended pair of postures, given those of the actual pairs."""
    levels, pairs = len(gain), len(slip_v) * len(slip_c)
    gained = np.einsum("ik,jl,mskl->ijms", slip_v, slip_c, gain).reshape(pairs, -1)
    moved = np.einsum("ik,jl,mklxy->ijmxy", slip_v, slip_c, following).reshape(pairs, levels, 1, -1)
    return gained, np.repeat(moved, 2, axis=2).reshape(pairs, 2 * levels, -1)


def _unlimited(gain: Floats, move: Floats, discount: float, churn: float, cost: float, *, can_part: bool) -> Floats:
    """Largest values of the states without a last period, by policy iteration; infinite where they have no bound."""
    keep = discount * (1 - churn)
    n = gain.shape[1]
    states = np.arange(n)
    if keep == 1:  # nothing ever forces an end and nothing discounts: any lasting gain is without bound
        return _undiscounted(gain, move, cost, can_part=can_part)
    value = np.zeros(n)
    parting = np.zeros(n, dtype=bool)
    for _ in range(MOST_ITERATIONS):
        parting = discount * value < -cost if can_part else parting
        kept = np.where(parting, -cost, discount * value)
        best = (gain + move @ ((1 - churn) * kept - churn * cost)).argmax(axis=0)
        chosen, went = gain[best, states], move[best, states]
        # value = chosen + went @ ((1-churn) * (discount value where kept, -cost where parted) - churn cost)
        system = np.eye(n) - keep * went * ~parting
        right = chosen + went @ (np.where(parting, -(1 - churn) * cost, 0.0) - churn * cost)
        improved = np.linalg.solve(system, right)
        if np.all(np.abs(improved - value) <= 1e-13 * (1 + np.abs(improved))):
            return np.asarray(improved)
        value = improved
    return value


def _undiscounted(gain: Floats, move: Floats, cost: float, *, can_part: bool) -> Floats:
    """The same without discount and churn: value iteration that stops when it settles, else there is no bound."""
    value = gain.max(axis=0)
    for _ in range(100 * MOST_ITERATIONS):
        kept = np.maximum(value, -cost) if can_part else value
        following = (gain + move @ kept).max(axis=0)
        if np.all(np.abs(following - value) <= 1e-13 * (1 + np.abs(following))):
            return np.asarray(following)
        value = following
    return np.full_like(value, np.inf if value[0] > 0 else -np.inf)
