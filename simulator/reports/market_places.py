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

__all__ = ["places_table", "places_words", "prize_of", "prize_words"]

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
    found: Floats = np.einsum(
        "iqs,q->is", unknown.reshape(-1, len(people.quality), amounts.shape[2]), people.quality_shares
    )
    return found


def prize_words(town: Town) -> str:
    """What winning a client is worth and what is spent on it, for the most common vendors; empty without a contest."""
    if town.prize is None:
        return ""
    row, shares = _most_common(town), town.population.segment_shares
    worth = float(prize_of(town, town.prize.prizes)[row] @ shares)
    spent = float(prize_of(town, town.prize.rates.efforts)[row] @ shares)
    amounts = Amounts(town.scenario, 10 * max(abs(worth), spent))
    if not worth > 0:
        return f"Winning a client is worth nothing to {_vendor(town, row)}."
    said = f"Winning a client is worth {amounts.money(worth)} to {_vendor(town, row)} that nothing is known of yet"
    parts = [f"it spends {amounts.money(spent)} on each bid"] if spent > 0 else []
    rate = float(town.win_rate[row])
    if np.isfinite(rate):
        parts.append(f"wins {100 * rate:.0f}% of them" if parts else f"it wins {100 * rate:.0f}% of its bids")
    return "; ".join([said, " and ".join(parts)] if parts else [said]) + "."


def places_table(town: Town, width: int) -> Table | None:
    """What winning each kind of client is worth, what a bid costs, what a place earns and gives up; None if unknown."""
    prize, places = town.prize, town.places
    if prize is None and places is None:
        return None
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1), show_edge=False)
    table.add_column("\nvendor", min_width=14)
    table.add_column("\nits client", min_width=12)
    columns: list[tuple[str, Floats]] = []
    if prize is not None:
        columns.append(("winning\nis worth", prize_of(town, prize.prizes)))
        if prize.rates.efforts.max() > 0:
            columns.append(("a bid\ncosts", prize_of(town, prize.rates.efforts)))
    if places is not None:
        columns += [("a place\nearns", places.earned), ("gives\nup", places.forgone)]
    for heading, _ in columns:
        table.add_column(heading, justify="right", no_wrap=True)
    segments, room = town.population.segments, max(12, (width - 12 * len(columns)) // 2)
    several = len(segments) > 1
    digits = {heading: digits_for(amounts) for heading, amounts in columns}
    for i, name in enumerate(town.vendor_agents):
        for k, segment in enumerate(segments):
            cells = [
                "–"
                if heading == "gives\nup" and abs(amounts[i, k]) < 1e-9
                else number(float(amounts[i, k]), digits[heading])
                for heading, amounts in columns
            ]
            table.add_row("" if k else folded(name, room), folded(segment if several else "any", room), *cells)
        if places is not None:
            bare = [""] * (len(columns) - 2)
            lost = float(places.free_place[i]) - places.outside
            outside, given_up = number(places.outside, digits["a place\nearns"]), number(lost, digits["gives\nup"])
            table.add_row("", "none", *bare, outside, given_up if lost > 0 else "–")
    return table
