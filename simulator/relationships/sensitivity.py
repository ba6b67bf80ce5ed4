"""How much each number of a scenario matters to a pair: exact derivatives, steps both ways, where they do not hold."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import chain
from typing import Literal

import numpy as np

from simulator.errors import SimulatorError, UnknownNameError
from simulator.games.numbers import Number, number, numbers
from simulator.games.stages import compile_stages
from simulator.relationships.breaks import Walk
from simulator.relationships.derivatives import RESULTS, derivatives
from simulator.relationships.exact import Relationship, relationship
from simulator.scenario.schema import Scenario
from simulator.strategies.contract import Agent

__all__ = ["Effect", "Sensitivity", "natural_step", "sensitivity"]

Kind = Literal["smooth", "kink", "jump", "whole"]
SAME = 1e-7  # two results, or two slopes, that differ by less (relative) are one
LOOKS = 3  # places on each side of a value at which the deals are looked at
BESIDE = 1e-6  # of a step: right beside a value
UNLIKE = 1e-4  # relative difference of two slopes that is no curvature over such a distance
AT_ZERO = 0.01  # step of a probability that is 0, and of money that is 0 as a part of the range of payoffs


@dataclass(frozen=True)
class Effect:
    """What one number does to one result.

    Attributes
    ----------
    key : str
        Dotted key.
    value : float
        What the number is.
    derivative : float
        Change of the result per unit of the number while every deal stays as it is; of a whole number, what one more
        changes; on a kink, as the number rises.
    elasticity : float
        Per cent by which the result changes when the number rises by one per cent; not a number where either is 0.
    kind : {"smooth", "kink", "jump", "whole"}
        Whether the derivative holds over the whole step: smooth; the slope changes within it (kink); the result itself
        jumps within it (jump); or the number is whole.
    low, high : float
        The number a step lower and higher; the value itself where it may not move.
    at_low, at_high : float
        The result there, computed anew.
    at : float or None
        Of a kink or jump: the value of the number there; of several jumps within the step, the largest that was found.
    below, above : float or None
        Of a jump the result, of a kink the slope, just below and just above `at`.
    what : str
        What happens there, in words.
    """

    key: str
    value: float
    derivative: float
    elasticity: float
    kind: Kind
    low: float
    high: float
    at_low: float
    at_high: float
    at: float | None = None
    below: float | None = None
    above: float | None = None
    what: str = ""


@dataclass(frozen=True)
class Sensitivity:
    """Effects of the numbers of a scenario on one result of a pair, the largest first.

    Attributes
    ----------
    scenario, vendor, client
        The situation and the pair.
    result : str
        Name of the result, one of those of a relationship.
    value : float
        The result as it is.
    rows : tuple of Effect
        Sorted by the larger of the two changes over a step.
    """

    scenario: Scenario
    vendor: Agent
    client: Agent
    result: str
    value: float
    rows: tuple[Effect, ...]

    def __getitem__(self, key: str) -> Effect:
        for row in self.rows:
            if row.key == key:
                return row
        raise UnknownNameError("number", key, [row.key for row in self.rows])

    def __len__(self) -> int:
        return len(self.rows)

    def swing(self, row: Effect) -> float:
        """The larger of the two changes of the result over a step of a number."""
        return max(_size(row.at_low - self.value), _size(row.at_high - self.value))


def sensitivity(
    scenario: Scenario,
    *,
    vendor: str | Agent,
    client: str | Agent,
    result: str = "joint_value",
    keys: Iterable[str] | None = None,
    step: float = 0.1,
    progress: Callable[[int, int], None] | None = None,
) -> Sensitivity:
    """How much each number of a scenario matters to one result of a pair.

    Parameters
    ----------
    scenario : Scenario
        The situation.
    vendor, client : str or Agent
        Agents with finite memory.
    result : str
        One of ``joint_value, vendor_value, client_value, created_value, vendor_captured, client_captured,
        expected_length, healthy_length, first_best, left_on_table``.
    keys : iterable of str, optional
        Dotted keys, for example ``"relationship.slip.vendor"``; absent: every number of the scenario.
    step : float
        How far each number is moved both ways, as a part of its value; a discount by a part of its distance to 1 (and
        never up to 1), a whole number by one, a number that is 0 by a hundredth (of 1, or of the range of payoffs).
    progress : callable, optional
        Called with the number of settings done and in all; looking for changes of a deal takes long where there are
        thousands of deals.

    Returns
    -------
    Sensitivity
        Derivatives are exact, and what a step changes is computed anew at both ends. A step on whose way a deal or a
        slope changes says so, with both one-sided values.

    Raises
    ------
    UnknownNameError
        For a result or a number that does not exist.
    SimulatorError
        For a step that is not between 0 and 1, or agents that do not fit.

    Examples
    --------
    >>> import simulator as ns
    >>> s = ns.load_scenario("saas-renewal")
    >>> found = ns.sensitivity(s, vendor="tit-for-tat", client="tit-for-tat", keys=["relationship.churn", "discount"])
    >>> [(row.key, row.kind, round(row.derivative, 1)) for row in found.rows]
    [('discount', 'smooth', 2038.6), ('relationship.churn', 'smooth', -543.7)]
    """
    if result not in RESULTS:
        raise UnknownNameError("result", result, RESULTS)
    if not 0 < step < 1:
        raise SimulatorError(f"step is {step!r}; allowed: a number between 0 and 1")
    now = relationship(scenario, vendor=vendor, client=client)
    chosen = numbers(scenario) if keys is None else [number(scenario, key) for key in keys]
    effects = []
    for item in chosen:
        effects.append(_effect(now, item, result, step))
        if progress is not None:
            progress(len(effects), len(chosen))
    value = float(getattr(now, result))
    found = Sensitivity(scenario, now.vendor, now.client, result, value, ())
    rows = sorted(effects, key=lambda row: (-found.swing(row), -_size(row.derivative), row.key))
    return Sensitivity(scenario, now.vendor, now.client, result, value, tuple(rows))


def natural_step(scenario: Scenario, item: Number, share: float) -> float:
    """How far a number is moved to show its effect; see `sensitivity`."""
    if item.whole:
        return 1.0
    if item.key == "discount":
        return share * (1 - item.value) if item.value < 1 else AT_ZERO
    if item.value != 0:
        return share * abs(item.value)
    if item.high == 1:
        return AT_ZERO
    stages = compile_stages(scenario)
    return AT_ZERO * max(float(np.ptp(stages.vendor)), float(np.ptp(stages.client)), 1.0)


def _size(value: float) -> float:
    """Absolute value, that of an undefined difference being 0."""
    return 0.0 if math.isnan(value) else abs(value)


def _differ(one: float, two: float) -> bool:
    return _size(one - two) > SAME * max(_size(one), _size(two), SAME)


class _Moves(Walk):
    """A pair with one number moved."""

    def __init__(self, now: Relationship, item: Number, result: str) -> None:
        super().__init__(now, result, self.moved)
        self.item = item

    def moved(self, value: float) -> Scenario:
        """The scenario with the number at this value."""
        if value == self.item.value:
            return self.now.scenario
        return self.now.scenario.replace({self.item.key: int(value) if self.item.whole else value})

    def slope(self, value: float, direction: int) -> float:
        """The derivative of the result where the number has this value."""
        found = derivatives(
            self.moved(value), vendor=self.now.vendor, client=self.now.client, keys=[self.item.key], direction=direction
        )
        return found[self.item.key][self.result]

    def end(self, value: float) -> float:
        """The value itself where it is allowed, else the nearest one that the number may have."""
        if not self.item.allows(value):
            value = min(max(value, self.item.low), self.item.high)
        try:
            self.at(value)
        except SimulatorError:  # not allowed together with the other numbers: the number stays where it is
            return self.item.value
        return value


def _at_the_value(moves: _Moves, value: float, beside: float, row: Effect) -> Effect | None:
    """A break exactly at the present value, which shows only right beside it: a tie between two deals, say."""
    below, above = value - beside, value + beside
    what = moves.changed(below, value) or moves.changed(value, above)
    if not what:
        return None
    sides = moves.at(below), moves.at(above)
    if _size(sides[1] - sides[0]) > 10 * _size(row.derivative) * (above - below) and _differ(*sides):
        return replace(row, kind="jump", at=value, below=sides[0], above=sides[1], what=what)
    slopes = moves.slope(below, -1), moves.slope(above, 1)
    if abs(slopes[1] - slopes[0]) <= UNLIKE * max(_size(slopes[0]), _size(slopes[1])):
        return None
    return replace(row, kind="kink", at=value, below=slopes[0], above=slopes[1], what=what)


def _effect(now: Relationship, item: Number, result: str, step: float) -> Effect:
    moves = _Moves(now, item, result)
    size = natural_step(now.scenario, item, step)
    low, high = (moves.end(item.value + sign * size) for sign in (-1, 1))
    here, at_low, at_high = moves.at(item.value), moves.at(low), moves.at(high)
    if item.whole:
        slope = at_high - here if high > item.value else here - at_low
        return Effect(item.key, item.value, slope, math.nan, "whole", low, high, at_low, at_high)
    slopes = [moves.slope(item.value, direction) for direction in (-1, 1)]
    slope = slopes[1]
    elasticity = slope * item.value / here if here and item.value else math.nan
    row = Effect(item.key, item.value, slope, elasticity, "smooth", low, high, at_low, at_high)
    kink: Effect | None = None
    if low < item.value < high and _differ(*slopes):
        kink = replace(
            row, kind="kink", at=item.value, below=slopes[0], above=slopes[1], what="a bound is reached exactly here"
        )
    tie = _at_the_value(moves, item.value, BESIDE * size, row) if low < item.value < high else None
    if tie is not None and tie.kind == "jump":
        return tie
    kink = kink or tie
    places = sorted({*np.linspace(low, item.value, LOOKS + 1), *np.linspace(item.value, high, LOOKS + 1)})
    for span in moves.spans([float(place) for place in places], slope):
        met = moves.largest(span, slope)
        sides = moves.at(met.below), moves.at(met.above)
        if _differ(*sides) and _size(sides[1] - sides[0]) > 10 * _size(slope) * (met.above - met.below):
            what = met.what
            if kink is not None and kink.at == item.value:  # the slope of this row holds on one side only
                what += f"; at the value itself the slope is {kink.below:.6g} below and {kink.above:.6g} above"
            return replace(row, kind="jump", at=met.middle, below=sides[0], above=sides[1], what=what)
        for bend in chain(moves.near(span, item.value), [met]):
            bends = moves.slope(bend.below, -1), moves.slope(bend.above, 1)
            if _differ(*bends):
                if kink is None or abs(bend.middle - item.value) < abs((kink.at or 0.0) - item.value):
                    kink = replace(row, kind="kink", at=bend.middle, below=bends[0], above=bends[1], what=bend.what)
                break
    return kink or row
