"""Does the first offer pull the final price? Openings against agreements on the issue that moves money one to one.

Only an issue with a range, on which what one side gains per unit the other loses, is a price. A correlation is taken
within the openers: that vendors open high and clients low is no pull of the number itself.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simulator.scenario.schema import Issue, Scenario, Worth
from simulator.workshop.debrief.account import ClassAccount
from simulator.workshop.debrief.spoken import count_of, sentence, tidy
from simulator.workshop.words import Words

__all__ = ["Anchors", "Opening", "anchor_sentences", "anchors_of", "price_issue"]

ENOUGH = 8  # deals below which no correlation is said
WEAK = 0.2  # correlations below this say nothing


@dataclass(frozen=True)
class Opening:
    """A deal with a known first offer on the price."""

    first: float
    final: float
    by: str
    pair: int


@dataclass(frozen=True)
class Anchors:
    """Openings of a round.

    Attributes
    ----------
    issue, unit : str
        The price's name and unit.
    step : float
        Between two options.
    openings : tuple of Opening
        In the order of the record.
    correlation, slope : float or None
        Within the openers; None where there are too few, or all the same.
    """

    issue: str
    unit: str
    openings: tuple[Opening, ...]
    step: float
    correlation: float | None
    slope: float | None

    def mean(self, by: str) -> float | None:
        """The mean agreement where that side opened."""
        finals = [opening.final for opening in self.openings if opening.by == by]
        return math.fsum(finals) / len(finals) if finals else None


def price_issue(scenario: Scenario) -> Issue | None:
    """The issue that transfers money between the sides; of several the one that transfers most.

    Examples
    --------
    >>> import simulator as ns
    >>> price_issue(ns.load_scenario("saas-renewal")).name, price_issue(ns.load_scenario("prisoners-dilemma"))
    ('price', None)
    """
    best, most = None, 0.0
    for issue in scenario.issue:
        if issue.range is None or not (isinstance(issue.vendor, Worth) and isinstance(issue.client, Worth)):
            continue
        moved = min(abs(issue.vendor.per_unit), abs(issue.client.per_unit)) * (issue.range.stop - issue.range.start)
        if issue.vendor.per_unit * issue.client.per_unit < 0 and moved > most:
            best, most = issue, moved
    return best


def anchors_of(account: ClassAccount) -> Anchors | None:
    """First offers and prices of a round; None where there is no price or no first offer is known."""
    issue = price_issue(account.scenario)
    if issue is None:
        return None
    openings = []
    for one in account.accounts:
        for turn in one.pair.turns:
            first = (turn.first_offer or {}).get(issue.name)
            final = (turn.deal or {}).get(issue.name)
            if turn.agreed and first is not None and final is not None and turn.first_offer_by is not None:
                openings.append(Opening(float(first), float(final), turn.first_offer_by, one.pair.number))
    if not openings:
        return None
    step = issue.range.step if issue.range is not None else 1.0
    return Anchors(issue.name, issue.unit, tuple(openings), step, *_pull(openings))


def _pull(openings: list[Opening]) -> tuple[float | None, float | None]:
    if len(openings) < ENOUGH:
        return None, None
    first = np.array([opening.first for opening in openings])
    final = np.array([opening.final for opening in openings])
    by = np.array([opening.by for opening in openings])
    for side in set(by):
        first[by == side] -= first[by == side].mean()
        final[by == side] -= final[by == side].mean()
    spread = float(first @ first), float(final @ final)
    if min(spread) <= 1e-12 * len(openings):
        return None, None
    together = float(first @ final)
    return together / math.sqrt(spread[0] * spread[1]), together / spread[0]


def anchor_sentences(anchors: Anchors, say: Words) -> list[str]:
    """What the openings say."""
    vendor, client = anchors.mean("vendor"), anchors.mean("client")
    n, said = len(anchors.openings), []

    step = anchors.step

    def amount(value: float) -> str:
        text = tidy(round(value, max(1, math.ceil(-math.log10(step))) if step < 50 else 0))
        return f"{text} {anchors.unit}" if anchors.unit else text

    if vendor is not None and client is not None:
        values = {"vendor": amount(vendor), "client": amount(client)}
        said.append(say("debrief.anchors.openers", issue=anchors.issue, **values))
    elif vendor is not None:
        said.append(say("debrief.anchors.one_vendor", issue=anchors.issue, mean=amount(vendor)))
    elif client is not None:
        said.append(say("debrief.anchors.one_client", issue=anchors.issue, mean=amount(client)))
    if anchors.correlation is None or anchors.slope is None:
        if n < ENOUGH:
            said.append(sentence(say, "debrief.anchors.few", count=n, n=count_of(say, n)))
        return said
    r = f"{anchors.correlation:.1f}".replace("-", "−")
    if abs(anchors.correlation) < WEAK:
        said.append(say("debrief.anchors.flat", issue=anchors.issue, r=r, n=n))
        return said
    much = 10.0 ** math.floor(math.log10(max(abs(opening.first) for opening in anchors.openings) or 1.0))
    much = much / 10 if much >= 10 and abs(anchors.slope) * much / 10 >= 0.2 * step else much
    key = "slope" if anchors.slope > 0 else "slope_down"
    values = {"step": amount(much), "change": amount(abs(anchors.slope) * much)}
    said.append(say(f"debrief.anchors.{key}", issue=anchors.issue, r=r, n=n, **values))
    return said
