"""What the heatmap of a measure shows, before it is drawn: values, unit, extremes, and its headline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simulator.errors import UnknownNameError
from simulator.reports.plots.pairs import Pair, pair_of
from simulator.reports.plots.words import LENGTHS, decimals, first_upper, money, pair_clause, pair_words, periods
from simulator.runner.compare import extreme

if TYPE_CHECKING:
    from simulator.runner.compare import Comparison

__all__ = ["MatrixData", "matrix_data", "matrix_headline"]

CHANCES = {
    "ended_by_vendor": "probability that the vendor ends it",
    "ended_by_client": "probability that the client ends it",
    "churned": "probability that outside events end it",
    "alive": "probability to be alive at the horizon",
}
TITLES = {
    "joint_value": "joint value",
    "vendor_value": "the vendor's value",
    "client_value": "the client's value",
    "created_value": "created value",
    "vendor_captured": "value captured by the vendor",
    "client_captured": "value captured by the client",
    "left_on_table": "value left on the table",
    "length": "expected length",
    "healthy_length": "expected healthy length",
    **CHANCES,
}
EXTREMES = {"length": ("longest", "shortest"), "healthy_length": ("longest", "shortest")}
NEUTRAL = ("highest", "lowest")


@dataclass(frozen=True)
class MatrixData:
    """What the heatmap shows: values (n_v, n_c), a name and unit, and the pairs to mark (None where all are equal)."""

    values: NDArray[np.float64]
    name: str
    unit: str
    highest: Pair | None
    lowest: Pair | None
    words: tuple[str, str]


def matrix_data(comparison: Comparison, measure: str = "joint_value") -> MatrixData:
    """The values of a measure, its unit, and its largest and smallest entry.

    Raises
    ------
    UnknownNameError
        For a measure that comparisons do not have.

    Examples
    --------
    >>> import simulator as ns
    >>> table = ns.compare(ns.load_scenario("saas-renewal"), vendors="grim, bully", clients="grim")
    >>> data = matrix_data(table, "length")
    >>> data.unit, data.highest, data.lowest
    ('years', (0, 0), (1, 0))
    """
    if measure not in TITLES:
        raise UnknownNameError("measure", measure, TITLES)
    scenario, values = comparison.scenario, comparison.cells[measure]
    unit = f"{scenario.period}s" if measure in LENGTHS else "" if measure in CHANCES else scenario.currency
    words = EXTREMES.get(measure, ("best", "worst") if measure.endswith("value") else NEUTRAL)
    known = values[~np.isnan(values)]
    scale = float(np.abs(known[np.isfinite(known)]).max(initial=0.0))
    alike = known.size == 0 or np.all(known == known[0]) or float(np.ptp(known)) <= 1e-9 * scale
    if alike:
        return MatrixData(values, TITLES[measure], unit, None, None, words)
    return MatrixData(
        values, TITLES[measure], unit, extreme(values, largest=True), extreme(values, largest=False), words
    )


def matrix_headline(comparison: Comparison, measure: str = "joint_value") -> str:
    """What the heatmap says, in a sentence.

    Examples
    --------
    >>> import simulator as ns
    >>> matrix_headline(ns.compare(ns.load_scenario("saas-renewal")))
    'Cooperating on both sides is worth 521.8 k$; competing on both sides costs 25% of it'
    """
    data = matrix_data(comparison, measure)
    if data.highest is None or data.lowest is None:
        value = float(data.values.flat[0])
        if np.isnan(data.values).all():
            return f"{first_upper(data.name)} is not known for any pair"
        said = money(value, data.unit) if measure not in LENGTHS else periods(value, comparison.scenario.period)
        if data.values.size == 1:
            words = pair_words(comparison.vendors[0], comparison.clients[0])
            return f"{first_upper(words)}: {data.name} {said}"
        return f"All {data.values.size} pairs are alike: {data.name} {said}"
    if measure == "joint_value":
        return _joint_headline(comparison, data.highest, data.lowest)
    if measure in LENGTHS:
        return _length_headline(comparison, data, data.highest, data.lowest)
    ends = [_amount(data, pair) for pair in (data.highest, data.lowest)]
    return f"{first_upper(data.name)} runs from {ends[1]} to {ends[0]} ({_words(comparison, data.highest)})"


def _joint_headline(comparison: Comparison, best: Pair, worst: Pair) -> str:
    cooperating = pair_of(comparison, "always-cooperate", "always-cooperate")
    competing = pair_of(comparison, "always-compete", "always-compete")
    values, unit = comparison.joint_value, comparison.scenario.currency
    top = float(values[best])
    subject = "Cooperating on both sides is worth"
    if best != cooperating:
        subject = f"{first_upper(_words(comparison, best))} is worth most,"
    # Mutual competition is the comparison that people ask for, unless it costs next to nothing.
    matters = competing is not None and top - float(values[competing]) > 0.01 * (top - float(values[worst]))
    other = competing if matters and competing is not None else worst
    what = "competing on both sides" if other == competing else _words(comparison, other)
    loss = top - float(values[other])
    cost = f"{100 * loss / top:.0f}% of it" if top > 0 and values[other] >= 0 else f"{money(loss, unit)} against it"
    return f"{subject} {money(top, unit)}; {what} costs {cost}"


def _length_headline(comparison: Comparison, data: MatrixData, longest: Pair, shortest: Pair) -> str:
    values, period = data.values, comparison.scenario.period
    stay = "stay healthy" if data.name == TITLES["healthy_length"] else "last"
    short = f"{periods(float(values[shortest]), period)} if {_clause(comparison, shortest)}"
    if np.isposinf(values[longest]):
        return f"{int(np.isposinf(values).sum())} of {values.size} pairs may {stay} for ever; only {short}"
    most = periods(float(values[longest]), period)
    as_long = int(np.count_nonzero(values >= values[longest] - 0.5 * 10.0 ** -decimals([float(values[longest])])))
    if as_long > 1:
        return f"{as_long} of {values.size} pairs {stay} {most} on average; only {short}"
    return f"Relationships {stay} {most} on average if {_clause(comparison, longest)}, {short}"


def _amount(data: MatrixData, pair: Pair) -> str:
    value = float(data.values[pair])
    return f"{100 * value:.0f}%" if data.name in CHANCES.values() else money(value, data.unit)


def _words(comparison: Comparison, pair: Pair) -> str:
    return pair_words(comparison.vendors[pair[0]], comparison.clients[pair[1]])


def _clause(comparison: Comparison, pair: Pair) -> str:
    return pair_clause(comparison.vendors[pair[0]], comparison.clients[pair[1]])
