"""What the plot of value against length shows, before it is drawn: its points, the first best, and its headline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simulator.relationships.exact import shares
from simulator.reports.plots.pairs import Pair
from simulator.reports.plots.words import money, pair_clause
from simulator.runner.compare import extreme

if TYPE_CHECKING:
    from simulator.runner.compare import Comparison

__all__ = ["ValueLength", "value_against_length", "value_headline"]


@dataclass(frozen=True)
class ValueLength:
    """Points of the plot, arrays of shape (n_v, n_c).

    Attributes
    ----------
    length, created : ndarray
        Expected periods and created value.
    vendor_share : ndarray
        The vendor's share of the created value, cut to [0, 1]; NaN where nothing was created.
    one_sided : ndarray of bool
        Where one side captured less than nothing, although value was created.
    first_best : float
        Created value of the first best; infinite where it has no bound.
    """

    length: NDArray[np.float64]
    created: NDArray[np.float64]
    vendor_share: NDArray[np.float64]
    one_sided: NDArray[np.bool_]
    first_best: float


def value_against_length(comparison: Comparison) -> ValueLength:
    """The points of every pair and the first best.

    Examples
    --------
    >>> import simulator as ns
    >>> data = value_against_length(ns.compare(ns.load_scenario("saas-renewal"), vendors="grim", clients="grim"))
    >>> data.created.round(1), data.vendor_share.round(2), round(data.first_best, 1)
    (array([[140.7]]), array([[0.39]]), 173.9)
    """
    captured = np.stack([comparison.vendor_captured, comparison.client_captured])
    share = np.full(comparison.shape, np.nan)
    for place in np.ndindex(*comparison.shape):
        found = shares(float(captured[0][place]), float(captured[1][place]))
        if found is not None:
            share[place] = found[0]
    known = np.isfinite(comparison.joint_value) & np.isfinite(comparison.created_value)
    outside = comparison.joint_value[known] - comparison.created_value[known]  # the same for every pair
    return ValueLength(
        length=comparison.length,
        created=comparison.created_value,
        vendor_share=np.clip(share, 0.0, 1.0),
        one_sided=(share < 0) | (share > 1),
        first_best=comparison.first_best - float(outside[0]) if outside.size else float("nan"),
    )


def value_headline(comparison: Comparison, data: ValueLength) -> str:
    """What the points say, in a sentence.

    Examples
    --------
    >>> import simulator as ns
    >>> table = ns.compare(ns.load_scenario("saas-renewal"))
    >>> value_headline(table, value_against_length(table))
    'At most 154.1 k$ are created, if both play always-cooperate: 89% of the first best, 38% of it for the vendor'
    """
    best = extreme(data.created, largest=True) or (0, 0)
    unit, value = comparison.scenario.currency, float(data.created[best])
    clause = pair_clause(comparison.vendors[best[0]], comparison.clients[best[1]])
    if not value > 0:
        return f"No pair creates value: the best is {money(-value, unit)} below the outside options, if {clause}"
    extra = []
    if np.isfinite(data.first_best) and data.first_best > 0:
        extra.append(f"{100 * value / data.first_best:.0f}% of the first best")
    extra.append(_taken(comparison, best, value))
    most = "At most " if comparison.created_value.size > 1 else ""
    return f"{most}{money(value, unit)} are created, if {clause}: {', '.join(extra)}"


def _taken(comparison: Comparison, pair: Pair, created: float) -> str:
    share = float(comparison.vendor_captured[pair]) / created
    if 0 <= share <= 1:
        return f"{100 * share:.0f}% of it for the vendor"
    loser = "vendor" if share < 0 else "client"
    return f"the {loser} has less than its outside option"
