"""The best that a pair could have made: the first best of the game that people in a room really play.

It is the planner of `simulator.relationships.planner`, with the differences that follow from people playing and from a
number that is said aloud as a bound. People can agree on any deal, not only on what the postures' tactics reach; their
acts are taken as they are, without slips; and nothing from outside ends a relationship, because a pair that outside
events spare would else beat "the best possible" by luck. So it is that planner's value without slips and churn where a
scenario gives its payoffs directly, and never below that where there are deals. Maturity, starvation, reinvestment and
switching costs stay as they are; only the chance with which a level rises counts as expected.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from simulator.bargaining.deals import deal_space
from simulator.games.stages import TOLERANCE, compile_stages
from simulator.relationships.planner import shares_of
from simulator.scenario.schema import Scenario

__all__ = ["Best", "best_play"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
ROOM = 0.1  # above the fair share, up to which a person still counts as cooperating


@dataclass(frozen=True, eq=False)
class Best:
    """What one planner of both sides would make of some periods, in expectation; money above both outside options.

    Attributes
    ----------
    created : float
        Discounted to its first period: ``sum(d**t * alive[t] * gain[t]) - switching``.
    alive : ndarray, shape (periods,)
        Chance that the relationship is played in each period.
    gain : ndarray, shape (periods,)
        Expected joint gain of a period, given that it is played; 0 where it never is.
    switching : float
        Discounted expected cost of parting, both sides together.
    """

    created: float
    alive: Floats
    gain: Floats
    switching: float


@dataclass(frozen=True, eq=False)
class _Choices:
    """What can be done in a period; arrays of shape (levels, choices), `gain` (levels, 2, choices): fed, starved."""

    gain: Floats
    invested: Floats
    falls: Floats
    starves: Flags


@lru_cache(maxsize=256)
def best_play(scenario: Scenario, periods: int) -> Best:
    """The best that a pair can expect of that many periods.

    Examples
    --------
    >>> import simulator as ns
    >>> s = ns.load_scenario("saas-renewal")
    >>> best = best_play(s, 5)
    >>> pair = ns.relationship(s.replace({"horizon": 5}), vendor="tit-for-tat", client="tit-for-tat")
    >>> best.created > pair.created_value
    True
    """
    choices = _choices(scenario)
    levels = len(choices.invested)
    rules, discount = scenario.relationship, scenario.discount
    cost = rules.switching_cost.vendor + rules.switching_cost.client
    rise = np.minimum(1.0, choices.invested / scenario.maturity.level_cost)
    at = np.arange(levels)[:, None]
    up, down = np.minimum(at + 1, levels - 1), np.maximum(at - 1, 0)
    hungry = choices.starves.astype(np.intp)

    def following(kept: Floats) -> Floats:
        """Expected worth of what comes after each choice, (levels, choices)."""
        stay = 1 - rise - choices.falls
        worth = rise * kept[up, hungry] + choices.falls * kept[down, hungry] + stay * kept[at, hungry]
        return np.asarray(worth)

    values = np.zeros((periods, levels, 2))
    picked = np.zeros((periods, levels, 2), dtype=np.intp)
    parts = np.zeros((periods, levels, 2), dtype=bool)
    for t in range(periods - 1, -1, -1):
        worth = choices.gain
        if t < periods - 1:
            ahead = discount * values[t + 1]
            parts[t] = (ahead < -cost) & rules.can_leave
            kept = np.where(parts[t], -cost, ahead)
            worth = choices.gain + following(kept)[:, None, :]
        picked[t] = worth.argmax(axis=2)
        values[t] = worth.max(axis=2)
    return _course(scenario, choices, rise, picked, parts, values)


def _course(
    scenario: Scenario, choices: _Choices, rise: Floats, picked: NDArray[np.intp], parts: Flags, values: Floats
) -> Best:
    """Follow the best choices forward: how likely the relationship is played, and what it then gains."""
    periods, levels = picked.shape[:2]
    rules, discount = scenario.relationship, scenario.discount
    cost = rules.switching_cost.vendor + rules.switching_cost.client
    mass = np.zeros((levels, 2))
    mass[0, 0] = 1.0
    alive, gain, switching = np.zeros(periods), np.zeros(periods), 0.0
    for t in range(periods):
        alive[t] = mass.sum()
        ahead = np.zeros((levels, 2))
        for level, mood in np.argwhere(mass > 0):
            weight, choice = mass[level, mood], picked[t, level, mood]
            gain[t] += weight * choices.gain[level, mood, choice]
            hungry = int(choices.starves[level, choice])
            up, fall = rise[level, choice], choices.falls[level, choice]
            ahead[min(level + 1, levels - 1), hungry] += weight * up
            ahead[max(level - 1, 0), hungry] += weight * fall
            ahead[level, hungry] += weight * (1 - up - fall)
        if t < periods - 1:
            mass = ahead * ~parts[t]
            switching += discount**t * cost * float(ahead.sum() - mass.sum())
    gain = np.divide(gain, alive, out=np.zeros(periods), where=alive > 0)
    return Best(float(values[0, 0, 0]), alive, gain, switching)


def _choices(scenario: Scenario) -> _Choices:
    """Every pair of postures and, where there are issues, every deal with every pair of efforts."""
    parts = [_by_posture(scenario)]
    if scenario.payoffs is None:
        parts += _by_deal(scenario)
    joint = [np.concatenate(arrays, axis=-1) for arrays in zip(*parts, strict=True)]
    gain, investable, falls, starves = joint
    shares = shares_of(scenario)
    invested = np.concatenate([share * investable for share in shares], axis=-1)
    many = len(shares)
    return _Choices(
        gain=np.tile(gain, many) - invested[:, None, :],
        invested=invested,
        falls=np.tile(falls, many),
        starves=np.tile(starves, many).astype(bool),
    )


def _by_posture(scenario: Scenario) -> tuple[Floats, ...]:
    stages = compile_stages(scenario)
    levels = len(stages.vendor)
    outside = scenario.vendor.outside_option + scenario.client.outside_option
    gain = (stages.vendor + stages.client - outside).reshape(levels, 2, -1)
    flat = [array.reshape(levels, -1) for array in (stages.investable, stages.falls, stages.starves.astype(float))]
    return (gain, *flat)


def _by_deal(scenario: Scenario) -> list[tuple[Floats, ...]]:
    """One part for every pair of efforts; the negotiation takes one round."""
    serve, help_ = scenario.delivery.vendor, scenario.delivery.client
    cost = scenario.negotiation.round_cost
    levels = len(scenario.levels)
    spaces = [deal_space(scenario, level=level) for level in range(levels)]
    vendor = np.array([space.vendor for space in spaces]) - scenario.vendor.outside_option
    client = np.array([space.client for space in spaces]) - scenario.client.outside_option
    joint = vendor + client
    share = np.divide(vendor, joint, out=np.full(joint.shape, np.inf), where=joint > TOLERANCE)
    most = scenario.relationship.fair_share + ROOM
    below_top = np.arange(levels)[:, None] < levels - 1
    found: list[tuple[Floats, ...]] = []
    for given in {posture.effort for posture in scenario.posture_choices("vendor")}:
        for taken in {posture.effort for posture in scenario.posture_choices("client")}:
            modest = (
                (share <= most) & _can(scenario, "vendor", given),
                (1 - share <= most) & _can(scenario, "client", taken),
            )
            both = modest[0] & modest[1] & np.isfinite(share)
            surplus = vendor - cost + help_.benefit * taken - serve.cost * given
            served = np.array([serve.benefit * given, serve.starved * serve.benefit * given])
            other = (client - cost - help_.cost * taken)[:, None, :] + served[None, :, None]
            investable = np.where(both & below_top, np.maximum(surplus, 0.0), 0.0)
            falls = np.where(~both & (np.arange(levels)[:, None] > 0), scenario.maturity.decay, 0.0)
            starves = (surplus < serve.needs - TOLERANCE).astype(float)
            found.append((surplus[:, None, :] + other, investable, falls, starves))
    return found


def _can(scenario: Scenario, side: str, effort: float) -> bool:
    """Whether a posture with that effort counts as cooperation."""
    choices = zip(scenario.posture_choices(side), scenario.cooperates(side), strict=True)
    return any(posture.effort == effort and cooperates for posture, cooperates in choices)
