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
from simulator.errors import SimulatorError, UnknownNameError
from simulator.games.stages import posture_tactics
from simulator.relationships.deviation import judged_scenario
from simulator.relationships.enforcement import Slack, slack
from simulator.scenario.schema import Issue, Scenario, Worth

__all__ = ["PartnershipZone", "Tested", "partnership_zone", "settled_deal", "tested", "transferable_issue"]

Deal = dict[str, Any]

GRID = 41  # values of the transferable issue tried before the ends of the zone are bisected
MOST_DEALS = 400  # deals tested one by one; of more, those on the frontier


@dataclass(frozen=True)
class Tested:
    """A deal with the slack of both sides."""

    deal: Deal
    vendor: Slack
    client: Slack

    @property
    def holds(self) -> bool:
        """Whether neither side gains by any single deviation."""
        return self.vendor.holds and self.client.holds


@dataclass(frozen=True, eq=False)
class PartnershipZone:
    """The deals under which building together enforces itself; made by `partnership_zone`.

    Attributes
    ----------
    scenario : Scenario
        As it was judged: without a last period.
    current : Tested
        The deal that is in force, or that the two cooperating tactics agree on.
    issue : str or None
        The issue that moves money from side to side; None where there is none.
    interval : (float, float) or None
        Its values between which both sides stay, the other issues as in the current deal; None: there are none.
    listed : tuple of Tested
        The listed deals that suit both sides (on the frontier, where there are very many).
    """

    scenario: Scenario
    current: Tested
    issue: str | None
    interval: tuple[float, float] | None
    listed: tuple[Tested, ...]

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
        When payoffs are given directly, the sides have different numbers of postures, the deal is none of the
        scenario, or the issue moves no money from side to side.
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
    judged = judged_scenario(scenario, known_end=False)
    current = dict(deal) if deal is not None else settled_deal(scenario)
    moved = transferable_issue(judged, issue)
    found = tested(judged, current)
    interval = None
    if moved is not None and moved.range is not None:
        interval = _interval(judged, current, moved.name, (moved.range.start, moved.range.stop))
    return PartnershipZone(judged, found, None if moved is None else moved.name, interval, _listed(judged))


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
        raise SimulatorError(f"{scenario.id!r} has no deal that suits both sides, so none can be placed")
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


def tested(judged: Scenario, deal: Mapping[str, Any]) -> Tested:
    """The slack of both sides when two cooperating sides have agreed on `deal`."""
    settled = judged.replace({"deal": dict(deal)})
    top = {side: len(judged.postures(side)) - 1 for side in ("vendor", "client")}
    return Tested(
        dict(deal),
        slack(settled, "vendor", top["vendor"], top["client"]),
        slack(settled, "client", top["client"], top["vendor"]),
    )


def _interval(judged: Scenario, deal: Deal, name: str, ends: tuple[float, float]) -> tuple[float, float] | None:
    """The interval of an issue in which both sides hold; of several, the one of or nearest to the deal's own value."""
    from scipy.optimize import brentq

    def least(value: float) -> float:
        found = tested(judged, {**deal, name: float(value)})
        return min(found.vendor.money, found.client.money)

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
    low = grid[first] if first == 0 else brentq(least, grid[first - 1], grid[first], xtol=1e-12, rtol=1e-14)
    high = grid[last] if last == len(grid) - 1 else brentq(least, grid[last], grid[last + 1], xtol=1e-12, rtol=1e-14)
    return float(low), float(high)


def _listed(judged: Scenario) -> tuple[Tested, ...]:
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
