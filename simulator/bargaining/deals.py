"""The deal space: every deal with its money value per period for both sides, as arrays.

Deals are enumerated in the issue order of the scenario, the last issue changing fastest; this order breaks all ties.
"""

from __future__ import annotations

import numbers
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simulator.errors import SimulatorError, UnknownNameError
from simulator.scenario.schema import Issue, Scenario, Worth
from simulator.solvers import deals as solvers_deals
from simulator.solvers import frontier

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["DealSpace", "Point", "deal_space"]

Deal = dict[str, Any]


@dataclass(frozen=True)
class Point:
    """A deal singled out in the deal space, with what it is worth to both sides per period."""

    vendor: float
    client: float
    deal: Deal
    index: int


@dataclass(frozen=True, eq=False)
class DealSpace:
    """All deals of a scenario at one maturity level.

    Attributes
    ----------
    vendor, client : ndarray of float, shape (n_deals,)
        Worth of each deal to the side, money per period, before effort and rounds' cost.
    vendor_outside, client_outside : float
        Money per period without an agreement.
    issues : tuple of str
        Names of the issues.
    options : tuple of tuple
        Options of each issue.
    tolerance : float or None
        Absolute tolerance of time-dependent tactics; None: 1e-4 of the side's range of values.
    """

    vendor: NDArray[np.float64]
    client: NDArray[np.float64]
    vendor_outside: float
    client_outside: float
    issues: tuple[str, ...]
    options: tuple[tuple[Any, ...], ...]
    tolerance: float | None = None

    def __len__(self) -> int:
        return len(self.vendor)

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of options of each issue."""
        return tuple(len(options) for options in self.options)

    @cached_property
    def choices(self) -> NDArray[np.intp]:
        """Option number of every deal in every issue, shape (n_deals, n_issues)."""
        return np.stack(np.unravel_index(np.arange(len(self)), self.shape), axis=1)

    @cached_property
    def rational(self) -> NDArray[np.bool_]:
        """Which deals both sides like at least as well as their outside options: the ZOPA."""
        return (self.vendor >= self.vendor_outside) & (self.client >= self.client_outside)

    def worth(self, side: str) -> NDArray[np.float64]:
        """Worth of every deal to one side."""
        return self.vendor if side == "vendor" else self.client

    def outside(self, side: str) -> float:
        """Outside option of one side."""
        return self.vendor_outside if side == "vendor" else self.client_outside

    def deal(self, index: int) -> Deal:
        """The deal with number `index`, as ``{issue: option}``."""
        if not 0 <= index < len(self):
            raise SimulatorError(f"there is no deal {index}; deals are numbered from 0 to {len(self) - 1}")
        picked = np.unravel_index(index, self.shape)
        return {name: options[int(i)] for name, options, i in zip(self.issues, self.options, picked, strict=True)}

    def index(self, deal: Mapping[str, Any]) -> int:
        """The number of a deal given as ``{issue: option}``.

        Raises
        ------
        SimulatorError
            When an issue is missing, unknown, or has no such option.
        """
        for name in deal:
            if name not in self.issues:
                raise UnknownNameError("issue", name, self.issues)
        picked = []
        for name, options in zip(self.issues, self.options, strict=True):
            if name not in deal:
                raise SimulatorError(f"the deal leaves {name!r} open; a deal picks one option for every issue")
            if deal[name] not in options:
                shown = ", ".join(str(option) for option in options[:12]) + (", ..." if len(options) > 12 else "")
                raise SimulatorError(f"{name!r} has no option {deal[name]!r}; allowed: {shown}")
            picked.append(options.index(deal[name]))
        return int(np.ravel_multi_index(picked, self.shape))

    def point(self, index: int) -> Point:
        """A deal with its worth to both sides."""
        return Point(float(self.vendor[index]), float(self.client[index]), self.deal(index), int(index))

    def pareto(self) -> NDArray[np.intp]:
        """Numbers of the deals that nobody can improve on without hurting the other side."""
        return frontier.pareto(self.vendor, self.client)

    def points(self, *, weight: float = 0.5) -> dict[str, Point | None]:
        """The four solution points over the deals that both sides accept.

        Parameters
        ----------
        weight : float
            Bargaining weight of the vendor in the Nash solution.

        Returns
        -------
        dict
            ``nash, kalai_smorodinsky, egalitarian, utilitarian``; None where no deal is acceptable to both.

        Examples
        --------
        >>> import simulator as ns
        >>> space = ns.deal_space(ns.load_scenario("saas-renewal"))
        >>> space.points()["nash"].deal
        {'price': 90.0, 'support': 'priority'}
        """
        found = solvers_deals.points(self.vendor, self.client, self.vendor_outside, self.client_outside, weight=weight)
        return {name: None if index is None else self.point(index) for name, index in found.items()}

    def __iter__(self) -> Iterator[Point]:
        return (self.point(i) for i in range(len(self)))

    def _repr_html_(self) -> str:
        from simulator.bargaining.html import deal_space_html

        return deal_space_html(self)


def deal_space(scenario: Scenario, *, level: int = 0) -> DealSpace:
    """Build the deal space of a scenario at a maturity level.

    Parameters
    ----------
    scenario : Scenario
        A scenario with issues.
    level : int
        Maturity level, counted from 0.

    Raises
    ------
    SimulatorError
        When the scenario gives its payoffs directly, or has no such level.

    Examples
    --------
    >>> import simulator as ns
    >>> len(ns.deal_space(ns.load_scenario("saas-renewal")))
    57
    """
    if scenario.payoffs is not None:
        raise SimulatorError(f"{scenario.id!r} gives its payoffs directly; only scenarios with issues have deals")
    check_level(scenario, level)
    options = tuple(issue_options(issue) for issue in scenario.issue)
    vendor = np.full((1,) * len(options), scenario.base.vendor)
    client = np.full((1,) * len(options), scenario.base.client + scenario.level_worth(level))
    for axis, (issue, choices) in enumerate(zip(scenario.issue, options, strict=True)):
        shape = [1] * len(options)
        shape[axis] = len(choices)
        vendor = vendor + issue_worths(issue.vendor, choices).reshape(shape)
        client = client + issue_worths(issue.client, choices).reshape(shape)
    return DealSpace(
        vendor=_settled(vendor.ravel(), scenario.vendor.outside_option),
        client=_settled(client.ravel(), scenario.client.outside_option),
        vendor_outside=scenario.vendor.outside_option,
        client_outside=scenario.client.outside_option,
        issues=tuple(issue.name for issue in scenario.issue),
        options=options,
        tolerance=scenario.negotiation.tolerance,
    )


def agreed_worth(scenario: Scenario, level: int) -> tuple[float, float] | None:
    """Worth to vendor and client of the deal in force at a level; None where the scenario settles none.

    A number between two options of a range counts with its worth per unit, or in between the worths of its neighbours.
    """
    deal = scenario.agreed_deal
    if deal is None:
        return None
    totals = [scenario.base.vendor, scenario.base.client + scenario.level_worth(level)]
    for issue in scenario.issue:
        options = issue_options(issue)
        for k, worth in enumerate((issue.vendor, issue.client)):
            if isinstance(worth, Worth):
                totals[k] += worth.per_unit * float(deal[issue.name])
            else:
                totals[k] += float(option_weights(issue, deal[issue.name]) @ issue_worths(worth, options))
    return totals[0], totals[1]


def option_weights(issue: Issue, option: Any) -> NDArray[np.float64]:
    """How much each listed option counts in an option: all of one, or parts of two neighbours in a range."""
    options = issue_options(issue)
    if issue.range is None:
        return np.asarray(np.arange(len(options)) == options.index(option), dtype=np.float64)
    return np.array([np.interp(option, options, column) for column in np.eye(len(options))])


def check_level(scenario: Scenario, level: int) -> None:
    """Refuse a maturity level that the scenario does not have."""
    if isinstance(level, bool) or not isinstance(level, numbers.Integral) or not 0 <= level < len(scenario.levels):
        raise SimulatorError(
            f"{scenario.id!r} has no maturity level {level!r}; levels are numbered from 0 to {len(scenario.levels) - 1}"
        )


def issue_options(issue: Issue) -> tuple[Any, ...]:
    """The options of an issue; those of a range are numbers."""
    if issue.range is None:
        return issue.options or ()
    # Rounding to 12 digits gives 0.3 for 0.1 * 3, so that a person can name the option.
    span = issue.range
    return tuple(float(f"{span.start + i * span.step:.12g}") for i in range(span.count()))


def _settled(worths: NDArray[np.float64], outside: float) -> NDArray[np.float64]:
    """Worths with those that are the outside option up to rounding made exactly so: sums are off in the last digits."""
    scale = max(float(np.abs(worths).max(initial=0.0)), abs(outside))
    return np.where(np.abs(worths - outside) <= 1e-13 * scale, outside, worths)


def issue_worths(worth: Worth | tuple[float, ...] | None, options: tuple[Any, ...]) -> NDArray[np.float64]:
    """Worth to one side of each option of an issue."""
    if worth is None:
        return np.zeros(len(options))
    if isinstance(worth, Worth):
        return worth.per_unit * np.asarray(options, dtype=np.float64)
    return np.asarray(worth, dtype=np.float64)
