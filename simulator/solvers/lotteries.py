"""The bargaining solutions when the parties may mix deals: over lotteries of finitely many deals.

Mixing makes the feasible set the convex hull of the deals, which is what Nash (1950), Kalai & Smorodinsky (1975) and
Kalai (1977) suppose. Its frontier is a chain of edges, each between two deals. Along the chain the first side gains and
the second loses, and each solution is the place where a quantity that is linear on every edge and never rises passes
zero, so it is found on its edge in closed form, without an optimiser.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulator.solvers.arguments import number
from simulator.solvers.deals import SOLUTIONS
from simulator.solvers.frontier import deal_values, pareto

__all__ = ["Lottery", "points"]

_EPS = float(np.finfo(np.float64).eps)

# A place on the chain: the number of the edge and the part of it that lies behind. Pairs compare in order of the chain.
Place = tuple[int, float]


@dataclass(frozen=True)
class Lottery:
    """One deal, or two that are drawn by lot.

    Attributes
    ----------
    first, second : float
        Expected worth to each side, in the money of the deals.
    deals : tuple of int
        Indices of the deals that are mixed, ascending.
    probabilities : tuple of float
        Their probabilities, summing to 1.
    """

    first: float
    second: float
    deals: tuple[int, ...]
    probabilities: tuple[float, ...]


def points(
    first: ArrayLike,
    second: ArrayLike,
    first_outside: float,
    second_outside: float,
    *,
    weight: float = 0.5,
) -> dict[str, Lottery | None]:
    """Find the lottery of each bargaining solution.

    Parameters
    ----------
    first, second : array_like, shape (n_deals,)
        Worth of each deal to each side, money per period.
    first_outside, second_outside : float
        Outside options, in the same money: the disagreement point. A side's gain is its expected worth minus its
        outside option; only lotteries without a loss to either side (individually rational lotteries) count, but a deal
        that is worse than an outside option may be part of one.
    weight : float
        Bargaining weight of the first side in the Nash solution, from 0 to 1.

    Returns
    -------
    dict
        A `Lottery` for each of ``"nash"`` (largest gain1^weight gain2^(1-weight)), ``"kalai_smorodinsky"`` (gains in
        proportion to the largest individually rational gains), ``"egalitarian"`` (largest smaller gain: equal gains
        wherever the frontier has such a point) and ``"utilitarian"`` (largest sum; of several, a single deal before a
        mix, then the lowest index). All are None when no lottery is individually rational.

    Raises
    ------
    SimulatorError
        If values or outside options are not finite, the lengths differ, or the weight is outside [0, 1].

    Notes
    -----
    Sources: Nash 1950; Kalai & Smorodinsky 1975; Kalai 1977. Worth can be thrown away (free disposal), so a solution is
    always Pareto optimal.

    Examples
    --------
    >>> found = points([4, 1, 3, 0], [1, 3, 2.4, 0], 0.5, 0.5)
    >>> found["nash"]
    Lottery(first=3.0, second=2.4, deals=(2,), probabilities=(1.0,))
    >>> equal = found["egalitarian"]
    >>> equal.deals, round(equal.first, 6), round(equal.second, 6)
    ((1, 2), 2.538462, 2.538462)
    """
    u, v = deal_values(first, second)
    d1 = number("outside option of the first side", first_outside)
    d2 = number("outside option of the second side", second_outside)
    number("weight of the first side", weight, at_least=0, at_most=1)
    if not len(u):
        return dict.fromkeys(SOLUTIONS)
    chain = _frontier_chain(u, v)
    gain1, gain2 = u[chain] - d1, v[chain] - d2
    span = _rational_part(
        gain1, gain2, max(abs(d1), float(np.abs(u[chain]).max())), max(abs(d2), float(np.abs(v[chain]).max()))
    )
    if span is None:
        return dict.fromkeys(SOLUTIONS)
    start, end = span

    # Relative gains. A side that cannot gain has the whole span in one place, whatever the scale.
    x = gain1 / (_at(gain1, end) or 1.0)
    y = gain2 / (_at(gain2, start) or 1.0)
    # The slope of weight log x + (1 - weight) log y along an edge has the sign of this, which is linear on the edge.
    dx, dy = np.diff(x), np.diff(y)
    slope_from = weight * dx * y[:-1] + (1.0 - weight) * dy * x[:-1]
    slope_to = weight * dx * y[1:] + (1.0 - weight) * dy * x[1:]
    places = {
        "nash": _passes_zero(slope_from, slope_to),
        "kalai_smorodinsky": _passes_zero((y - x)[:-1], (y - x)[1:]),
        "egalitarian": _passes_zero((gain2 - gain1)[:-1], (gain2 - gain1)[1:]),
    }
    answer: dict[str, Lottery | None] = {
        name: _lottery(u, v, chain, min(max(place, start), end)) for name, place in places.items()
    }
    answer["utilitarian"] = _largest_sum(u, v, chain, start, end)
    return answer


def _frontier_chain(u: NDArray[np.float64], v: NDArray[np.float64]) -> NDArray[np.intp]:
    """Deals at the corners of the frontier, by ascending worth to the first side; deals on an edge stay in."""
    order = pareto(u, v)
    # Of equal deals the first one; they are neighbours, in ascending order.
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = np.diff(u[order]) != 0
    order = order[fresh][::-1]
    # Powers of two keep every sum exact and every product in range.
    x = np.ldexp(u[order], -_exponent(u[order])).tolist()
    y = np.ldexp(v[order], -_exponent(v[order])).tolist()
    corners: list[int] = []
    for k in range(len(order)):
        while len(corners) > 1:
            i, j = corners[-2], corners[-1]
            if (x[j] - x[i]) * (y[k] - y[j]) <= (x[k] - x[j]) * (y[j] - y[i]):
                break
            corners.pop()
        corners.append(k)
    return order[corners]


def _exponent(values: NDArray[np.float64]) -> int:
    return math.frexp(float(np.abs(values).max()))[1]


def _rational_part(
    gain1: NDArray[np.float64], gain2: NDArray[np.float64], scale1: float, scale2: float
) -> tuple[Place, Place] | None:
    """Where on the chain neither side loses: first and last place, or None."""
    if gain1[-1] < 0 or gain2[0] < 0:
        return None
    start = _passes_zero(-gain1[:-1], -gain1[1:])
    end = _passes_zero(gain2[:-1], gain2[1:])
    if start <= end:
        return start, end
    # The disagreement point lies on the edge itself, or beyond the frontier by more than rounding explains.
    edge = start[0]
    if edge == end[0]:
        rounding = 8 * _EPS * (scale1 / (gain1[edge + 1] - gain1[edge]) + scale2 / (gain2[edge] - gain2[edge + 1]))
        if start[1] - end[1] <= rounding:
            return start, start
    return None


def _passes_zero(edge_from: NDArray[np.float64], edge_to: NDArray[np.float64]) -> Place:
    """Find where a quantity, linear on every edge and never rising along the chain, stops being positive.

    It is given at both ends of every edge. Without a stop the place is the end of the chain.
    """
    stops = np.flatnonzero(edge_to <= 0)
    if not len(stops):
        return max(len(edge_to) - 1, 0), 1.0
    edge = int(stops[0])
    above, below = float(edge_from[edge]), float(edge_to[edge])
    if above <= 0:
        return edge, 0.0
    part = above / (above - below)
    # A deal is not to be mixed with another one because of rounding.
    return edge, 1.0 if part > 1 - 4 * _EPS else 0.0 if part < 4 * _EPS else part


def _at(values: NDArray[np.float64], place: Place) -> float:
    """Value at a place, given the values at the corners."""
    edge, part = place
    if len(values) == 1 or part == 0:
        return float(values[edge])
    return float((1 - part) * values[edge] + part * values[edge + 1])


def _lottery(u: NDArray[np.float64], v: NDArray[np.float64], chain: NDArray[np.intp], place: Place) -> Lottery:
    edge, part = place
    if len(chain) == 1 or part == 0:
        mix = {int(chain[edge]): 1.0}
    elif part == 1:
        mix = {int(chain[edge + 1]): 1.0}
    else:
        mix = {int(chain[edge]): 1 - part, int(chain[edge + 1]): part}
    deals = tuple(sorted(mix))
    return Lottery(_at(u[chain], place), _at(v[chain], place), deals, tuple(mix[deal] for deal in deals))


def _largest_sum(
    u: NDArray[np.float64], v: NDArray[np.float64], chain: NDArray[np.intp], start: Place, end: Place
) -> Lottery:
    """Best corner between two places, or one of the places."""
    sums = u[chain] + v[chain]
    rounding = 8 * _EPS * float(np.abs(u[chain]).max() + np.abs(v[chain]).max())
    ends = [_lottery(u, v, chain, place) for place in (start, end)]
    corners = np.arange(
        min(start[0] + math.ceil(start[1]), len(chain) - 1), min(end[0] + math.floor(end[1]), len(chain) - 1) + 1
    )
    largest = max([_at(sums, start), _at(sums, end), *sums[corners].tolist()])
    tied = corners[sums[corners] >= largest - rounding]
    if len(tied):
        deal = int(chain[tied].min())
        return Lottery(float(u[deal]), float(v[deal]), (deal,), (1.0,))
    # Both ends tie only on one and the same edge: then the one that makes the lower index likelier.
    best = [lottery for lottery in ends if lottery.first + lottery.second >= largest - rounding]
    return min(best, key=lambda lottery: (lottery.deals, -lottery.probabilities[0]))
