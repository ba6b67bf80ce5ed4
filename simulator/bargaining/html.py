"""How a deal space and one negotiation look in a notebook: the deals singled out, and the offers that were made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from simulator.markup import Markup, cell, corner, decimals, label, note, number, table, view

if TYPE_CHECKING:
    from simulator.bargaining.deals import DealSpace
    from simulator.bargaining.protocol import NegotiationResult

__all__ = ["deal_space_html", "negotiation_html"]

WORDS = "text-align:left;white-space:normal"
SHOWN = 4  # offers from the beginning and from the end of a long negotiation


def deal_space_html(space: DealSpace) -> str:
    """The size of a deal space and the deals that solutions single out, self-contained.

    Parameters
    ----------
    space : DealSpace
        Any deal space; issues and options are escaped.

    Returns
    -------
    str
        HTML.

    Examples
    --------
    >>> import simulator as ns
    >>> "57 deals" in deal_space_html(ns.deal_space(ns.load_scenario("saas-renewal")))
    True
    """
    outside = (space.vendor_outside, space.client_outside)
    points = [(name.replace("_", "-"), point) for name, point in space.points().items() if point is not None]
    digits = decimals([*outside, *(worth for _, point in points for worth in (point.vendor, point.client))])
    rows = [[corner("worth per period"), *(label(head, scope="col") for head in ("vendor", "client")), _left("deal")]]
    rows.append([label("no deal"), *(cell(number(worth, digits)) for worth in outside), cell("", style=WORDS)])
    for name, point in points:
        worths = (cell(number(worth, digits)) for worth in (point.vendor, point.client))
        rows.append([label(name), *worths, cell(_deal(point.deal), style=WORDS)])
    size = f"{len(space):,} deals over {', '.join(space.issues)}; {int(space.rational.sum()):,} are at least as good "
    size += f"as no deal for both sides, {len(space.pareto()):,} are efficient"
    return view("Deal space", size, table(rows), *([] if points else [note("No deal is acceptable to both sides.")]))


def negotiation_html(talk: NegotiationResult) -> str:
    """How one negotiation went, self-contained; of many offers the first and the last.

    Parameters
    ----------
    talk : NegotiationResult
        Any negotiation; issues and options are escaped.

    Returns
    -------
    str
        HTML.

    Examples
    --------
    >>> import simulator as ns
    >>> s = ns.load_scenario("saas-renewal")
    >>> "the client accepted" in negotiation_html(ns.negotiate(s, vendor="principled", client="principled"))
    True
    """
    values = (talk.vendor_value, talk.client_value)
    digits = decimals(values)
    agreed = f"Deal: {_deal(talk.deal)}" if talk.deal is not None else "No deal"
    shown = f"vendor {number(values[0], digits)}, client {number(values[1], digits)} per period, after the rounds' cost"
    plural = "s" if talk.rounds > 1 else ""
    subtitle = f"{talk.ending}, {len(talk.offers)} offers in {talk.rounds} round{plural}; {shown}"
    worths = decimals([worth for offer in talk.offers for worth in (offer.vendor_value, offer.client_value)])
    heads = (
        _left("from"),
        *(label(f"worth to the {side}", scope="col") for side in ("vendor", "client")),
        _left("offer"),
    )
    rows = [[label("round", scope="col", style="text-align:left"), *heads]]
    hidden = len(talk.offers) - 2 * SHOWN
    for i, offer in enumerate(talk.offers):
        if hidden > 1 and SHOWN <= i < SHOWN + hidden:
            if i == SHOWN:
                rows.append([label("...", style="font-weight:normal"), cell(f"{hidden} more", style=WORDS, colspan=4)])
            continue
        figures = (cell(number(worth, worths)) for worth in (offer.vendor_value, offer.client_value))
        who, what = cell(offer.side, style=WORDS), cell(_deal(offer.deal), style=WORDS)
        rows.append([label(offer.round + 1, style="font-weight:normal"), who, *figures, what])
    return view(agreed, subtitle, *([table(rows)] if talk.offers else []))


def _left(text: str) -> Markup:
    return label(text, scope="col", style="text-align:left")


def _deal(deal: Mapping[str, Any]) -> str:
    return ", ".join(f"{issue} {f'{o:g}' if isinstance(o, float) else o}" for issue, o in deal.items())
