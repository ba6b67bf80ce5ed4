"""Four answers to "which deal would be fair or efficient?", each one of finitely many deals.

Nash (1950), Kalai & Smorodinsky (1975), the egalitarian solution (Kalai 1977) and the largest sum, with the parties'
outside options as the disagreement point. Their definitions suppose that deals can be mixed; here a deal must be picked
as it stands, so each solution picks the deal that maximises its measure. `simulator.solvers.lotteries` mixes deals.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulator.solvers.arguments import number
from simulator.solvers.frontier import deal_values, pareto

__all__ = ["SOLUTIONS", "points"]

SOLUTIONS = ("nash", "kalai_smorodinsky", "egalitarian", "utilitarian")

# Deals that are equal on paper differ by rounding: relative to the measure, and in last places of the values.
_TIE = 1e-12
_ROUNDING = 8 * float(np.finfo(np.float64).eps)


def points(
    first: ArrayLike,
    second: ArrayLike,
    first_outside: float,
    second_outside: float,
    *,
    weight: float = 0.5,
) -> dict[str, int | None]:
    """Pick the deal of each bargaining solution.

    Parameters
    ----------
    first, second : array_like, shape (n_deals,)
        Worth of each deal to each side, money per period.
    first_outside, second_outside : float
        Outside options, in the same money. A side's gain is its worth minus its outside option; only deals without a
        loss to either side (individually rational deals) count.
    weight : float
        Bargaining weight of the first side in the Nash solution, from 0 to 1.

    Returns
    -------
    dict
        Index of a deal for each of ``"nash"`` (largest gain1^weight gain2^(1-weight)), ``"kalai_smorodinsky"`` (largest
        smaller relative gain; relative to the side's best gain in an individually rational deal), ``"egalitarian"``
        (largest smaller gain) and ``"utilitarian"`` (largest sum). All are None when no deal is individually rational.
        Each is Pareto optimal; ties go to the larger other gain, then to the lowest index.

    Raises
    ------
    SimulatorError
        If values or outside options are not finite, the lengths differ, or the weight is outside [0, 1].

    Notes
    -----
    Sources: Nash 1950; Kalai & Smorodinsky 1975; Kalai 1977. Measures closer than 1e-12 of the best one tie. Nash and
    Kalai-Smorodinsky use relative gains only, so a side's unit of money does not matter to them.

    Examples
    --------
    >>> points([70, 60, 50], [20, 45, 50], 20, 10)
    {'nash': 1, 'kalai_smorodinsky': 1, 'egalitarian': 1, 'utilitarian': 1}
    >>> points([5], [5], 6, 0)["nash"] is None
    True
    """
    u, v = deal_values(first, second)
    number("outside option of the first side", first_outside)
    number("outside option of the second side", second_outside)
    number("weight of the first side", weight, at_least=0, at_most=1)
    rational = np.flatnonzero((u >= first_outside) & (v >= second_outside))
    if not len(rational):
        return dict.fromkeys(SOLUTIONS)
    # Whatever dominates an individually rational deal is individually rational, so their frontier is enough.
    deal = rational[pareto(u[rational], v[rational])]
    gain1, rounding1 = u[deal] - first_outside, _ROUNDING * max(float(np.abs(u[deal]).max()), abs(first_outside))
    gain2, rounding2 = v[deal] - second_outside, _ROUNDING * max(float(np.abs(v[deal]).max()), abs(second_outside))
    best1, best2 = float(gain1.max()), float(gain2.max())
    # A side without any gain has nothing to be relative to; the frontier is then one point, and any measure picks it.
    relative1, relative2 = gain1 / (best1 or 1.0), gain2 / (best2 or 1.0)
    money = rounding1 + rounding2
    relative = rounding1 / (best1 or 1.0) + rounding2 / (best2 or 1.0)

    product = relative1**weight * relative2 ** (1.0 - weight)
    smaller, larger = np.minimum(relative1, relative2), np.maximum(relative1, relative2)
    poorer, richer = np.minimum(gain1, gain2), np.maximum(gain1, gain2)
    return {
        "nash": _pick(deal, [product], relative),
        "kalai_smorodinsky": _pick(deal, [smaller, larger], relative),
        "egalitarian": _pick(deal, [poorer, richer], money),
        "utilitarian": _pick(deal, [gain1 + gain2], money),
    }


def _pick(deal: NDArray[np.intp], measures: list[NDArray[np.float64]], rounding: float) -> int:
    """Narrow to the best by each measure in turn, up to rounding; then the lowest index."""
    left = np.arange(len(deal))
    for measure in measures:
        best = float(measure[left].max())
        left = left[measure[left] >= best - _TIE * abs(best) - rounding]
    return int(deal[left].min())
