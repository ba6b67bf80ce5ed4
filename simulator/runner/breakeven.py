"""Where a setting breaks even: a side is exactly indifferent, or two ways of playing are equally good."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from simulator.errors import SimulatorError, UnknownNameError
from simulator.games.numbers import Number, all_numbers
from simulator.games.stages import compile_stages
from simulator.relationships.exact import relationship, relationship_in
from simulator.relationships.pinned import pinned_period, transferable_issues
from simulator.runner.conditions import Condition, Meet, condition
from simulator.scenario.schema import Scenario
from simulator.solvers.roots import Crossing, crossings
from simulator.strategies.catalogue import agent
from simulator.strategies.contract import Agent

__all__ = ["BreakEven", "Dial", "Verdict", "breakeven", "dial_of"]

POINTS = 121  # places of the range that are looked at
MOST_WHOLE = 400  # whole numbers that are looked at
REACH = 2.0  # numbers without bounds are looked at so many times their size around their value
BOTH = ("vendor-captured", "client-captured")


@dataclass(frozen=True)
class Verdict:
    """Where one condition holds.

    Attributes
    ----------
    condition : Condition
        What is asked.
    roots : tuple of Crossing
        Every place in the range where it turns.
    now : float
        The difference at the present value, money; not a number where the key has none.
    low, high : float
        The differences at the ends of the range.
    sentence : str
        The answer in words.
    """

    condition: Condition
    roots: tuple[Crossing, ...]
    now: float
    low: float
    high: float
    sentence: str

    def __str__(self) -> str:
        return self.sentence


@dataclass(frozen=True)
class BreakEven:
    """Where a setting breaks even.

    Attributes
    ----------
    scenario, vendor, client
        The situation and the pair.
    key : str
        The setting.
    value : float or None
        What it is; None for the value of an issue, which is negotiated.
    low, high : float
        The range that was looked at.
    verdicts : tuple of Verdict
        One for each condition.
    """

    scenario: Scenario
    vendor: Agent
    client: Agent
    key: str
    value: float | None
    low: float
    high: float
    verdicts: tuple[Verdict, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """The answers in words."""
        return tuple(verdict.sentence for verdict in self.verdicts)

    def __getitem__(self, words: str) -> Verdict:
        wanted = condition(words).words
        for verdict in self.verdicts:
            if verdict.condition.words == wanted:
                return verdict
        raise UnknownNameError("condition", words, [verdict.condition.words for verdict in self.verdicts])

    def __str__(self) -> str:
        return "\n".join(self.sentences)


@dataclass(frozen=True)
class Dial:
    """A setting that can be moved: how, within what, and what a pair is there."""

    scenario: Scenario
    key: str
    value: float | None
    low: float
    high: float
    whole: bool
    unit: str

    def meet(self, value: float) -> Meet:
        """How two agents fare where the setting has this value."""
        if self.value is None:
            period = pinned_period(self.scenario, self.key.removeprefix("issue."), value)
            return lambda vendor, client: relationship_in(period, vendor, client)
        there = self.scenario.replace({self.key: int(value) if self.whole else value})
        return lambda vendor, client: relationship(there, vendor=vendor, client=client)


def breakeven(
    scenario: Scenario,
    key: str,
    *,
    vendor: str | Agent = "always-cooperate",
    client: str | Agent = "always-cooperate",
    where: str | Iterable[str] = BOTH,
    low: float | None = None,
    high: float | None = None,
) -> BreakEven:
    """Where a setting breaks even for a pair.

    Parameters
    ----------
    scenario : Scenario
        The situation.
    key : str
        Dotted key of a number, for example ``"client.outside_option"``; or ``"issue.price"``: building together agrees
        on that price, whatever it is (other deals stay as negotiated).
    vendor, client : str or Agent
        The pair; absent: both build.
    where : str or iterable of str
        What is to be equal, in words: ``"vendor-captured"``, ``"client-captured"`` (staying is worth as much as the
        outside option), ``"created"``, ``"vendor building = vendor squeezing"`` (to the vendor, against the same
        client), ``"joint tit-for-tat = joint grim"`` (both play the same). Absent: the first two.
    low, high : float, optional
        The range to look at; absent: where the number may lie, or twice its size around it.

    Returns
    -------
    BreakEven
        Every break-even in the range, exact to rounding; where a deal changes and the difference jumps past 0, the
        place with the difference on both sides.

    Raises
    ------
    UnknownNameError
        For a key, a condition or an agent that does not exist, with the nearest ones.
    SimulatorError
        For a range without width.

    Examples
    --------
    >>> import simulator as ns
    >>> found = ns.breakeven(ns.load_scenario("saas-renewal"), "issue.price")
    >>> [round(root.at, 2) for root in found["vendor-captured"].roots]
    [76.69]
    """
    one, two = agent(vendor), agent(client)
    setting = dial_of(scenario, key, low=low, high=high)
    asked = [condition(words) for words in ([where] if isinstance(where, str) else where)]
    verdicts = tuple(_verdict(setting, item, one, two) for item in asked)
    return BreakEven(scenario, one, two, key, setting.value, setting.low, setting.high, verdicts)


def dial_of(scenario: Scenario, key: str, *, low: float | None = None, high: float | None = None) -> Dial:
    """The setting with this key and the range in which it is looked at.

    Raises
    ------
    UnknownNameError
        When there is none; the message lists the nearest keys.
    """
    issues = {f"issue.{name}": issue for name, issue in transferable_issues(scenario).items()}
    if key in issues:
        span = issues[key].range
        ends = (span.start, span.stop) if span is not None else (0.0, 0.0)
        found = Dial(scenario, key, None, *_ends(key, ends, low, high), False, issues[key].unit)
        found.meet(found.low)  # says at once where nothing can be set
        return found
    known = {item.key: item for item in all_numbers(scenario)}
    if key not in known:
        raise UnknownNameError("setting", key, (*known, *issues))
    item = known[key]
    return Dial(scenario, key, item.value, *_ends(key, _reach(scenario, item), low, high), item.whole, "")


def _reach(scenario: Scenario, item: Number) -> tuple[float, float]:
    """Where a number may lie; without bounds, some way around its value."""
    if item.whole:
        return item.low, max(3 * item.value, item.low + 10)
    stages = compile_stages(scenario)
    spread = max(float(np.ptp(stages.vendor)), float(np.ptp(stages.client)), 1e-3)
    size = REACH * abs(item.value) if item.value else spread
    low = item.low if math.isfinite(item.low) else item.value - size
    high = item.high if math.isfinite(item.high) else item.value + size
    return (low if item.closed or low > item.low else low + 1e-3 * (high - low)), high


def _ends(key: str, ends: tuple[float, float], low: float | None, high: float | None) -> tuple[float, float]:
    first, last = ends[0] if low is None else float(low), ends[1] if high is None else float(high)
    if not (math.isfinite(first) and math.isfinite(last) and first < last):
        raise SimulatorError(f"{key} is looked at from {first:g} to {last:g}; allowed: a low end below the high end")
    return first, last


def _verdict(setting: Dial, asked: Condition, vendor: Agent, client: Agent) -> Verdict:
    sizes = [0.0]

    def gap(value: float) -> float:
        try:
            difference, size = asked.gap(setting.meet(value), vendor, client)
        except SimulatorError:  # the number is not allowed there together with the others
            return math.nan
        sizes.append(size if math.isfinite(size) else 0.0)
        return difference

    points = _points(setting)
    values = [gap(point) for point in points]
    usable = [k for k, value in enumerate(values) if math.isfinite(value)]
    if not usable:
        gap_there = asked.gap(setting.meet(points[0]), vendor, client)[0]  # raises with the reason
        raise SimulatorError(f"{asked.words} is {gap_there:g} wherever {setting.key} is looked at")
    scale = max(sizes)
    if setting.whole:
        roots = _between_whole(points, values)
    else:
        known = dict(zip(points, values, strict=True))
        roots = crossings(lambda x: known[x] if x in known else gap(x), points, scale=scale)
    now = math.nan if setting.value is None else gap(setting.value)
    first, last = usable[0], usable[-1]
    said = _said(setting, asked, roots, (points[first], points[last]), gap, values[first], values[last], 1e-8 * scale)
    return Verdict(asked, roots, now, values[first], values[last], said)


def _points(setting: Dial) -> list[float]:
    if setting.whole:
        count = min(MOST_WHOLE, int(setting.high) - int(setting.low) + 1)
        return [float(int(setting.low) + k) for k in range(count)]
    points = set(np.linspace(setting.low, setting.high, POINTS).tolist())
    if setting.value is not None and setting.low < setting.value < setting.high:
        points.add(setting.value)
    return sorted(points)


def _between_whole(points: list[float], values: list[float]) -> tuple[Crossing, ...]:
    """Sign changes between neighbouring whole numbers, each named by its upper one."""
    pairs = zip(points[1:], values, values[1:], strict=False)
    return tuple(Crossing(at, one, two, jump=True) for at, one, two in pairs if (one > 0) != (two > 0))


# -- words -----------------------------------------------------------------------------------------------------------


def _said(
    setting: Dial,
    asked: Condition,
    roots: tuple[Crossing, ...],
    ends: tuple[float, float],
    gap: Callable[[float], float],
    first: float,
    last: float,
    zero: float,
) -> str:
    unit = f" {setting.scenario.currency}" if setting.scenario.currency else ""
    name = setting.key
    if not roots:
        if abs(first) <= zero and abs(last) <= zero:
            return f"{name} from {ends[0]:g} to {ends[1]:g} makes no difference to {asked.words!r}: it is 0 throughout."
        way = "rises" if last > first else "falls" if last < first else "stays"
        truth = asked.above if first > 0 else asked.below
        return (
            f"{name} from {ends[0]:g} to {ends[1]:g} never breaks even: {truth} throughout; the difference "
            f"{way} from {first:,.1f} to {last:,.1f}{unit}."
        )
    edges = [ends[0], *(root.at for root in roots), ends[1]]
    parts: dict[str, list[str]] = {}
    for k in range(len(edges) - 1):
        low, high = edges[k], edges[k + 1]
        middle = _between(setting, low, high)
        value = gap(middle)
        truth = "it makes no difference" if abs(value) <= zero else asked.above if value > 0 else asked.below
        where = (
            f"below {_shown(setting, high)}"
            if k == 0
            else f"from {_shown(setting, low)} on"
            if setting.whole and k == len(edges) - 2
            else f"above {_shown(setting, low)}"
            if k == len(edges) - 2
            else f"between {_shown(setting, low)} and {_shown(setting, high)}"
        )
        parts.setdefault(truth, []).append(where)
    said = "; ".join(f"{truth} {' and '.join(places)}" for truth, places in parts.items())
    jumps = [root for root in roots if root.jump and not setting.whole]
    notes = "".join(
        f" At {_shown(setting, root.at)} it jumps from {root.below:,.1f} to {root.above:,.1f}{unit}." for root in jumps
    )
    return f"{name}: {said}.{notes}"


def _between(setting: Dial, low: float, high: float) -> float:
    return float(int(low)) if setting.whole and low == setting.low else low if setting.whole else (low + high) / 2


def _shown(setting: Dial, value: float) -> str:
    return f"{value:.5g}" + (f" {setting.unit}" if setting.unit else "")
