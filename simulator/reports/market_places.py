"""What winning a client and a free place are worth to a vendor, and what serving one client costs against another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from rich.box import SIMPLE_HEAD
from rich.table import Table

from simulator.reports.text import digits_for, folded, number
from simulator.runner.amounts import Amounts

if TYPE_CHECKING:
    from simulator.markets.result import Town

__all__ = ["places_table", "places_words", "prize_of", "prize_table", "prize_words"]

Floats = NDArray[np.float64]

SMALL = 5e-3  # of what a place earns: not worth a word


def places_words(town: Town) -> str:
    """What the best use of a place is worth and what the others cost, for the most common vendors; empty if unknown."""
    places = town.places
    if places is None:
        return ""
    row = _most_common(town)
    worth = float(places.free_place[row])
    amounts = Amounts(town.scenario, 10 * max(abs(worth), abs(places.outside)))
    who = _vendor(town, row)
    beyond = worth - places.outside
    if not beyond > SMALL * max(abs(worth), abs(places.outside)):
        return f"No client is worth more to {who} than its outside option of {amounts.each(places.outside)}."
    said = (
        f"A free place is worth {amounts.each(worth)} to {who}, whose outside option is {amounts.money(places.outside)}"
    )
    best = int(np.argmax(places.earned[row]))
    costs = [
        f"serving {_whom(name)} costs it {amounts.each(float(lost))}"
        for k, (name, lost) in enumerate(zip(places.segments, places.forgone[row], strict=True))
        if k != best and lost > SMALL * max(abs(worth), abs(places.outside))
    ]
    if not costs:
        return f"{said}."
    return f"{said}; {' and '.join(costs)} against the client it could have ({_whom(places.segments[best])})."


def _most_common(town: Town) -> int:
    return int(np.argmax(town.vendor_mix[0].round(9)))


def _vendor(town: Town, row: int) -> str:
    """A vendor with its strategy, where there are several."""
    name = town.vendor_agents[row]
    if len(town.vendor_agents) == 1:
        return "a vendor"
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name} vendor"


def _whom(segment: str) -> str:
    return segment if segment.startswith("other ") else f"“{segment}”"


def places_table(town: Town, width: int) -> Table | None:
    """What a place earns with each kind of client, its worth, and what each kind costs; None where it is not known."""
    places = town.places
    if places is None:
        return None
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1), show_edge=False)
    table.add_column("vendor", vertical="bottom")
    several = len(places.segments) > 1
    headings = ["outside\noption"]
    headings += [f"with {folded(name, 14)}" for name in places.segments] if several else ["with a\nclient"]
    headings.append("a free\nplace")
    if several:
        headings += [f"cost of\n{folded(name, 14)}" for name in places.segments]
    for heading in headings:
        table.add_column(heading, justify="right", vertical="bottom")
    digits = digits_for(places.earned)
    for k, name in enumerate(places.vendors):
        amounts = [places.outside, *places.earned[k], places.free_place[k]]
        cells = [number(float(amount), digits) for amount in amounts]
        if several:
            cells += [number(float(lost), digits) if lost > 0 else "–" for lost in places.forgone[k]]
        table.add_row(folded(name, max(14, width // 4)), *cells)
    return table


def prize_of(town: Town, amounts: Floats) -> Floats:
    """Amounts by kind of vendor, record and segment for the average vendor of each strategy whose record is unknown.

    Parameters
    ----------
    town : Town
        The market.
    amounts : ndarray, shape (kinds of vendors, records, segments)
        Of `Town.prize`.

    Returns
    -------
    ndarray, shape (vendor agents, segments)
    """
    people = town.population
    unknown = amounts[:, amounts.shape[1] // 2]
    return np.einsum("iqs,q->is", unknown.reshape(-1, len(people.quality), amounts.shape[2]), people.quality_shares)


def prize_words(town: Town) -> str:
    """What winning a client is worth and what is spent on it, for the most common vendors; empty without a contest."""
    if town.prize is None:
        return ""
    row, shares = _most_common(town), town.population.segment_shares
    worth = float(prize_of(town, town.prize.prizes)[row] @ shares)
    spent = float(prize_of(town, town.prize.effort_rates)[row] @ shares)
    amounts = Amounts(town.scenario, 10 * max(abs(worth), spent))
    if not worth > 0:
        return f"Winning a client is worth nothing to {_vendor(town, row)}."
    said = f"Winning a client is worth {amounts.money(worth)} to {_vendor(town, row)} of whom nothing is known yet"
    if spent > 0:
        said += f"; it spends {amounts.money(spent)} on each bid"
    rate = float(town.win_rate[row])
    return said + (f" and wins {100 * rate:.0f}% of them." if np.isfinite(rate) else ".")


def prize_table(town: Town, width: int) -> Table | None:
    """What winning is worth and what a bid costs each strategy; None without a contest."""
    if town.prize is None:
        return None
    worth, spent = prize_of(town, town.prize.prizes), prize_of(town, town.prize.effort_rates)
    names = town.population.segments
    several = len(names) > 1
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1), show_edge=False)
    table.add_column("vendor", vertical="bottom")
    for what in ("winning", "effort") if spent.max() > 0 else ("winning",):
        for name in names:
            heading = f"{what}:\n{folded(name, 14)}" if several else {"winning": "winning", "effort": "a bid"}[what]
            table.add_column(heading, justify="right", vertical="bottom")
    digits, fine = digits_for(worth), digits_for(spent)
    for k, name in enumerate(town.vendor_agents):
        cells = [number(float(amount), digits) for amount in worth[k]]
        if spent.max() > 0:
            cells += [number(float(amount), fine) for amount in spent[k]]
        table.add_row(folded(name, max(14, width // 4)), *cells)
    return table
