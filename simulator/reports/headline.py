"""The headline of a comparison in words: best and worst pair, what competing costs and why, what drives it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from simulator.relationships.exact import shares
from simulator.relationships.explain import Explanation, loss_between
from simulator.runner.compare import Comparison
from simulator.runner.drivers import Driver, drivers

__all__ = ["Headline", "competing_pair", "headline", "money"]


def money(value: float, currency: str, *, digits: int | None = None) -> str:
    """An amount with its unit; without `digits` one decimal from 10 on and up to three below.

    Examples
    --------
    >>> money(521.75, "k$"), money(0.7215, "points"), money(float("inf"), "k$")
    ('521.8 k$', '0.722 points', 'without bound')
    """
    if digits is None:
        digits = 1 if abs(value) >= 10 or abs(value) < 5e-4 else 2 if abs(value) >= 2 else 3
    if not math.isfinite(value):
        return "without bound" if value > 0 else "undefined"
    # Adding 0.0 turns a negative zero, left over from rounding, into a plain one.
    return f"{round(value, digits) + 0.0:,.{digits}f}" + (f" {currency}" if currency else "")


def periods(value: float, period: str) -> str:
    """A number of periods with its unit."""
    if math.isinf(value):
        return f"{period}s without end"
    return f"{value:.1f} {period}" + ("" if f"{value:.1f}" == "1.0" else "s")


@dataclass(frozen=True)
class Headline:
    """What a comparison says, in sentences.

    Attributes
    ----------
    best, worst, cost, drivers : str
        One sentence each; empty where there is nothing to say.
    explanation : Explanation or None
        The numbers behind `cost`; None where a cell was simulated.
    settings : tuple of Driver
        The numbers behind `drivers`.
    """

    best: str
    worst: str
    cost: str
    drivers: str
    explanation: Explanation | None
    settings: tuple[Driver, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """All sentences that say something."""
        return tuple(sentence for sentence in (self.best, self.worst, self.cost, self.drivers) if sentence)


def competing_pair(comparison: Comparison) -> tuple[int, int]:
    """Row and column of the pair that stands for competing: always-compete twice, else the worst pair."""
    rows = [i for i, vendor in enumerate(comparison.vendors) if vendor.name == "always-compete"]
    columns = [j for j, client in enumerate(comparison.clients) if client.name == "always-compete"]
    return (rows[0], columns[0]) if rows and columns else comparison.worst()


def headline(comparison: Comparison) -> Headline:
    """Put a comparison into words.

    Examples
    --------
    >>> import simulator as ns
    >>> print(headline(ns.compare(ns.load_scenario("saas-renewal"))).best)
    Best: always-cooperate with always-cooperate, 521.8 k$ over 7.1 years; the vendor captures 38% and the client 62% \
of the 154.1 k$ created, 19.8 k$ is left on the table.
    """
    best, worst, competing = comparison.best(), comparison.worst(), competing_pair(comparison)
    cost, driven = "", ""
    why: Explanation | None = None
    found: tuple[Driver, ...] = ()
    exact = all(comparison.method[pair] == "exact" for pair in (best, competing))
    if best != competing and exact:
        why = loss_between(comparison.pair(*best), comparison.pair(*competing))
        cost = "Competing: " + why.sentence
        top = (comparison.vendors[best[0]], comparison.clients[best[1]])
        low = (comparison.vendors[competing[0]], comparison.clients[competing[1]])
        if abs(why.loss) > 1e-9 * abs(comparison.joint_value[best]):
            found = drivers(comparison.scenario, top, low)
        driven = _drivers_sentence(found, comparison.scenario.currency)
    elif best != competing:
        lost = comparison.joint_value[best] - comparison.joint_value[competing]
        pair = _pair(comparison, competing)
        cost = f"Competing: {pair} has {money(lost, comparison.scenario.currency)} less than the best pair (simulated)."
    return Headline(
        best=_pair_sentence("Best", comparison, best),
        worst=_pair_sentence("Worst", comparison, worst) if worst != best else "",
        cost=cost,
        drivers=driven,
        explanation=why,
        settings=found,
    )


def _pair(comparison: Comparison, at: tuple[int, int]) -> str:
    return f"{comparison.vendors[at[0]]} with {comparison.clients[at[1]]}"


def _pair_sentence(word: str, comparison: Comparison, at: tuple[int, int]) -> str:
    scenario = comparison.scenario
    said = (
        f"{word}: {_pair(comparison, at)}, {money(comparison.joint_value[at], scenario.currency)} over "
        f"{periods(comparison.length[at], scenario.period)}; "
    )
    split = shares(comparison.vendor_captured[at], comparison.client_captured[at])
    created = money(comparison.created_value[at], scenario.currency)
    if split is None:
        said += "nothing was created"
    elif min(split) < 0:
        names = ("vendor", "client") if split[1] < 0 else ("client", "vendor")
        gained, lost = sorted((comparison.vendor_captured[at], comparison.client_captured[at]), reverse=True)
        said += (
            f"{created} created: the {names[0]} gains {money(gained, scenario.currency)} and the {names[1]} loses "
            f"{money(-lost, scenario.currency)} against its outside option"
        )
    else:
        said += f"the vendor captures {split[0]:.0%} and the client {split[1]:.0%} of the {created} created"
    return f"{said}, {money(comparison.left_on_table[at], scenario.currency)} is left on the table."


def _drivers_sentence(found: tuple[Driver, ...], currency: str) -> str:
    if not found:
        return ""
    parts = [
        f"{driver.key} ({'+' if driver.change > 0 else '-'}{money(abs(driver.change), currency)})" for driver in found
    ]
    listed = parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
    distance = " (of a discount: a tenth of its distance to 1)" if any(d.key == "discount" for d in found) else ""
    return f"What drives that cost most, for a tenth more of each{distance}: {listed}."
