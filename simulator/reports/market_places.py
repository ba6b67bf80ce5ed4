"""What a free place of a vendor is worth, and what serving a client costs against the client it could have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from rich.box import SIMPLE_HEAD
from rich.table import Table

from simulator.reports.text import digits_for, folded, number
from simulator.runner.amounts import Amounts

if TYPE_CHECKING:
    from simulator.markets.result import Town

__all__ = ["places_table", "places_words"]

SMALL = 5e-3  # of what a place earns: not worth a word


def places_words(town: Town) -> str:
    """What the best use of a place is worth and what the others cost, for the most common vendors; empty if unknown."""
    places = town.places
    if places is None:
        return ""
    row = int(np.argmax(town.vendor_mix[0]))
    worth = float(places.free_place[row])
    amounts = Amounts(town.scenario, 10 * max(abs(worth), abs(places.outside)))
    who = f"a {places.vendors[row]} vendor" if len(places.vendors) > 1 else "a vendor"
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
