"""Which deals keep both sides at the table: the zone of partnership of a scenario.

A deal between two cooperating sides enforces itself when neither side's slack is negative: the worth of going on
outweighs the best single deviation, after which the partner leaves. Where an issue only moves money from one side to
the other (a price), the zone is an interval of it, its ends found by bisection; besides, the listed deals are tested
one by one. Agents do not know a finite horizon, so deviations are judged without a last period.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulator.bargaining.deals import DealSpace, deal_space
from simulator.bargaining.protocol import negotiate
from simulator.errors import HorizonError, SimulatorError, UnknownNameError
from simulator.games.stages import TOLERANCE, compile_stages, posture_tactics
from simulator.relationships.deviation import judged_scenario
from simulator.relationships.enforcement import Slack, slack
from simulator.scenario.schema import Issue, Scenario, Worth

__all__ = [
    "DealTest",
    "PartnershipZone",
    "issue_of",
    "lasting",
    "partnership_zone",
    "period_gains",
    "placed",
    "root_between",
    "settled_deal",
    "tested",
    "transferable_issue",
]

Deal = dict[str, Any]

GRID = 41  # values of the transferable issue tried before the ends of the zone are bisected
MOST_DEALS = 400  # deals tested one by one; of more, those on the frontier


@dataclass(frozen=True)
class DealTest:
    """A deal with the slack of both sides, and what they make of it.

    Attributes
    ----------
    deal : dict
        ``{issue: option}``.
    vendor, client : Slack
        How far each side is from breaking it.
    vendor_gain, client_gain : float
        What each has in a period above its outside option when both keep to it, at the lowest level of maturity.
    """

    deal: Deal
    vendor: Slack
    client: Slack
    vendor_gain: float
    client_gain: float

    @property
    def holds(self) -> bool:
        """Whether neither side gains by any single deviation."""
        return self.vendor.holds and self.client.holds

    @property
    def created(self) -> float:
        """What both together have in a period above their outside options."""
        return self.vendor_gain + self.client_gain

    @property
    def vendor_share(self) -> float:
        """The vendor's share of what is created in a period; NaN where nothing is."""
        return self.vendor_gain / self.created if self.created > TOLERANCE else float("nan")

    @property
    def weaker(self) -> Slack:
        """The side that is nearer to breaking it."""
        return min(self.vendor, self.client, key=lambda side: side.money)


@dataclass(frozen=True, eq=False)
class PartnershipZone:
    """The deals under which building together enforces itself; made by `partnership_zone`.

    Attributes
    ----------
    scenario : Scenario
        As it was judged: without a last period.
    current : DealTest
        The deal that is in force, or that the two cooperating tactics agree on.
    issue : str or None
        The issue that moves money from side to side; None where there is none.
    ends : (DealTest, DealTest) or None
        The deals with its lowest and highest value between which both sides stay, the other issues as in the current
        deal; None: there are none.
    listed : tuple of DealTest
        The listed deals that suit both sides (on the frontier, where there are very many).
    """

    scenario: Scenario
    current: DealTest
    issue: str | None
    ends: tuple[DealTest, DealTest] | None
    listed: tuple[DealTest, ...]

    @property
    def interval(self) -> tuple[float, float] | None:
        """The values of the issue at both ends."""
        if self.ends is None or self.issue is None:
            return None
        low, high = (float(end.deal[self.issue]) for end in self.ends)
        return low, high

    @property
    def breakers(self) -> tuple[str, str]:
        """Who would break the deal beyond the lower and the upper end; ``""`` where only the issue's range ends."""
        if self.ends is None or self.issue is None:
            return "", ""
        span = issue_of(self.scenario, self.issue).range
        bounds = (span.start, span.stop) if span is not None else (None, None)
        low, high = (
            "" if value == bound else end.weaker.side
            for end, value, bound in zip(self.ends, self.interval or (), bounds, strict=True)
        )
        return low, high

    @property
    def deals(self) -> tuple[Deal, ...]:
        """The listed deals that hold."""
        return tuple(one.deal for one in self.listed if one.holds)

    @property
    def exists(self) -> bool:
        """Whether there is a deal under which building together enforces itself."""
        return self.interval is not None or bool(self.deals)


def partnership_zone(
    scenario: Scenario, *, deal: Mapping[str, Any] | None = None, issue: str | None = None
) -> PartnershipZone:
    """Find the splits of the created value that keep both sides at the table.

    Parameters
    ----------
    scenario : Scenario
        A scenario with issues.
    deal : mapping, optional
        A real deal to place, ``{issue: option}``; absent: the deal in force, or what the cooperating tactics agree on.
    issue : str, optional
        The issue along which the zone is an interval; absent: the first that the sides value in opposite directions.

    Returns
    -------
    PartnershipZone

    Raises
    ------
    SimulatorError
        When payoffs are given directly, a side has no way to cooperate, the deal is none of the scenario, or the issue
        moves no money from side to side.
    HorizonError
        Without discounting, when nothing makes the future finite.

    Examples
    --------
    >>> import simulator as ns
    >>> zone = ns.partnership_zone(ns.load_scenario("saas-renewal"))
    >>> zone.issue, zone.current.holds
    ('price', True)
    """
    if scenario.payoffs is not None:
        raise SimulatorError(
            f"{scenario.id!r} gives its payoffs directly; only scenarios with issues have deals to place"
        )
    judged = lasting(scenario)
    current = dict(deal) if deal is not None else settled_deal(scenario)
    moved = transferable_issue(judged, issue)
    found = tested(judged.replace({"deal": current}), current)
    if moved is None or moved.range is None:
        return PartnershipZone(judged, found, None, None, _listed(judged))
    ends = _ends(judged, current, moved.name, (moved.range.start, moved.range.stop))
    return PartnershipZone(judged, found, moved.name, ends, _listed(judged))


def lasting(scenario: Scenario) -> Scenario:
    """The scenario without a last period, if keeping to a deal can be weighed in it.

    Raises
    ------
    HorizonError
        When nothing makes the future finite.
    SimulatorError
        When a side has no way to cooperate.
    """
    for side in ("vendor", "client"):
        if not scenario.cooperates(side)[-1]:
            raise SimulatorError(
                f"{scenario.id!r}: the {side}'s last posture, {scenario.postures(side)[-1]!r}, counts as competition, "
                "so there is no building together to advise on; allowed: a last posture that counts as cooperation"
            )
    try:
        return judged_scenario(scenario, known_end=False)
    except HorizonError:
        raise HorizonError(
            f"{scenario.id!r} does not discount, so a future without an end outweighs everything and nothing can be "
            "advised; allowed: a discount below 1, e.g. discount=0.9, or churn with both outside options at 0"
        ) from None


def settled_deal(scenario: Scenario) -> Deal:
    """The deal in force; else what the most cooperative postures agree on; else the one with the largest joint worth.

    Raises
    ------
    SimulatorError
        When no deal suits both sides.
    """
    if scenario.agreed_deal is not None:
        return scenario.agreed_deal
    vendor, client = (posture_tactics(scenario, side)[-1] for side in ("vendor", "client"))
    talk = negotiate(scenario, vendor=vendor, client=client)
    if talk.deal is not None:
        return talk.deal
    best = deal_space(scenario).points()["utilitarian"]
    if best is None:
        raise SimulatorError(f"{scenario.id!r} has no deal that suits both sides; name a deal to be placed")
    return best.deal


def transferable_issue(scenario: Scenario, name: str | None = None) -> Issue | None:
    """The issue that moves money from one side to the other: the named one, or the first; None where there is none.

    Raises
    ------
    UnknownNameError, SimulatorError
        When there is no issue of that name, or it moves no money.
    """
    for issue in scenario.issue:
        if name in (None, issue.name):
            vendor, client = issue.vendor, issue.client
            if isinstance(vendor, Worth) and isinstance(client, Worth) and vendor.per_unit * client.per_unit < 0:
                return issue
            if name is not None:
                raise SimulatorError(
                    f"issue {name!r} moves no money from side to side; allowed: an issue with a range and a worth per "
                    "unit of opposite sign for the two sides"
                )
    if name is not None:
        raise UnknownNameError("issue", name, [issue.name for issue in scenario.issue])
    return None


def issue_of(scenario: Scenario, name: str) -> Issue:
    """The issue of that name, which exists."""
    return next(issue for issue in scenario.issue if issue.name == name)


def placed(judged: Scenario, deal: Mapping[str, Any]) -> Scenario:
    """The scenario with a deal in force that is known to be one of its own; quicker than `replace`."""
    return judged.model_copy(update={"deal": tuple(deal.items())})


def tested(judged: Scenario, deal: Mapping[str, Any]) -> DealTest:
    """The slack and the gain of both sides when two cooperating sides have agreed on `deal`."""
    settled = placed(judged, deal)
    vendor, client = (len(judged.postures(side)) - 1 for side in ("vendor", "client"))
    return DealTest(
        dict(deal),
        slack(settled, "vendor", vendor, client),
        slack(settled, "client", client, vendor),
        *period_gains(settled),
    )


def period_gains(settled: Scenario) -> tuple[float, float]:
    """What each side has in a period above its outside option when both build at the lowest level.

    Where the deal leaves the vendor less than it needs, with the poorer service that follows.
    """
    stages = compile_stages(settled)
    starved = int(stages.starves[0, -1, -1])
    return (
        float(stages.vendor[0, starved, -1, -1]) - settled.vendor.outside_option,
        float(stages.client[0, starved, -1, -1]) - settled.client.outside_option,
    )


def _ends(judged: Scenario, deal: Deal, name: str, ends: tuple[float, float]) -> tuple[DealTest, DealTest] | None:
    """The ends of the values of an issue at which both sides hold; of several such intervals, the nearest one."""
    from scipy.optimize import brentq

    def at(value: float) -> DealTest:
        return tested(judged, {**deal, name: float(value)})

    def least(value: float) -> float:
        return at(value).weaker.money

    own = float(deal[name])
    grid = np.unique(np.append(np.linspace(*ends, GRID), own))
    slacks = np.array([least(value) for value in grid])
    inside = slacks >= 0
    if not inside.any():
        return None
    near = int(np.flatnonzero(inside)[np.abs(grid[inside] - own).argmin()])
    first, last = near, near
    while first > 0 and inside[first - 1]:
        first -= 1
    while last < len(grid) - 1 and inside[last + 1]:
        last += 1

    def end(inside: float, outside: float) -> DealTest:
        found = at(float(brentq(least, inside, outside, xtol=1e-12, rtol=1e-14)))
        # Where the slack jumps, as where the vendor comes to starve, the root may lie on the wrong side of the jump.
        while not found.holds and abs(outside - inside) > 1e-12 * (1 + abs(inside)):
            middle = (inside + outside) / 2
            inside, outside = (middle, outside) if least(middle) >= 0 else (inside, middle)
            found = at(inside)
        return found

    low = at(grid[first]) if first == 0 else end(grid[first], grid[first - 1])
    high = at(grid[last]) if last == len(grid) - 1 else end(grid[last], grid[last + 1])
    return low, high


def _listed(judged: Scenario) -> tuple[DealTest, ...]:
    """The deals of the deal space that suit both sides, tested one by one."""
    space: DealSpace = deal_space(judged)
    numbers = np.flatnonzero(space.rational)
    if len(numbers) > MOST_DEALS:
        numbers = np.intersect1d(numbers, space.pareto())[:MOST_DEALS]
    return tuple(tested(judged, space.deal(int(i))) for i in numbers)


def root_between(function: Callable[[float], float], low: float, high: float) -> float | None:
    """A root of a function between two ends with different signs; None where the signs agree."""
    from scipy.optimize import brentq

    at_low, at_high = function(low), function(high)
    if at_low == 0 or at_high == 0:
        return low if at_low == 0 else high
    return float(brentq(function, low, high, xtol=1e-13, rtol=1e-13)) if at_low * at_high < 0 else None
