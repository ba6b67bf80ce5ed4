"""Faults of a scenario document that concern several keys of the market together.

Works on the raw document, like the checks of its structure: also where single values are wrong, so that all faults
are listed at once.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from simulator.scenario.market_tables import REST, Market
from simulator.scenario.structure import Problem

__all__ = ["market_problems"]

TWO_ROLES = ("vendors", "capacity", "bidders", "contest_exponent", "tender_cost", "quality_spread")
ADDS_UP = 1e-9


def market_problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong between the keys of the market and its segments."""
    market = document.get("market")
    if isinstance(market, Mapping):
        one = market.get("roles") == "one"
        yield from _one_role(market) if one else _capacity(market)
        yield from _contest(market)
        yield from _tender(market)
        if "generation" in market and market.get("reproduction") != "generation":
            what = "market.generation has no meaning here: strategies do not reproduce by generation"
            yield _at("generation", what, 'leave it out, or reproduction = "generation"')
    segments = document.get("segment")
    if isinstance(segments, list | tuple) and segments:
        if isinstance(market, Mapping) and market.get("roles") == "one":
            yield Problem(("segment",), "segments are kinds of clients, and with one role there are no clients", BOTH)
        yield from _segments(segments)


BOTH = 'leave it out, or roles = "two"'


def _at(key: str, what: str, allowed: str) -> Problem:
    return Problem(("market", key), what, allowed)


def _said(market: Mapping[str, Any], key: str) -> Any:
    """A key's value, or its default; None where a number is expected and something else stands."""
    value = market.get(key, Market.model_fields[key].default)
    if key == "matching":
        return value
    return value if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15 else None


def _one_role(market: Mapping[str, Any]) -> Iterator[Problem]:
    for key in TWO_ROLES:
        if key in market and not (key == "quality_spread" and market[key] == 0):
            said = "clients is the population" if key == "vendors" else "everybody meets one other at a time"
            yield _at(key, f"market.{key} has no meaning with one role: {said}", BOTH)
    if market.get("matching") in ("contest", "tender"):
        what = f"market.matching is {market['matching']!r}, and with one role nobody competes for a client"
        yield _at("matching", what, 'matching = "random", or roles = "two"')
    elif _said(market, "clients") == 1:
        yield _at("clients", "market.clients is 1, and with one role two have to meet", "at least 2")


def _capacity(market: Mapping[str, Any]) -> Iterator[Problem]:
    bidders, vendors = _said(market, "bidders"), _said(market, "vendors")
    competing = market.get("matching") in ("contest", "tender") or "bidders" in market
    if competing and bidders is not None and vendors is not None and bidders > vendors >= 1:
        what = f"market.bidders is {bidders:g} and market.vendors is {vendors:g}"
        where = "bidders" if "bidders" in market or "vendors" not in market else "vendors"
        yield _at(where, what, "no more bidders than vendors")


def _contest(market: Mapping[str, Any]) -> Iterator[Problem]:
    bidders, exponent = _said(market, "bidders"), _said(market, "contest_exponent")
    if (
        market.get("matching") == "contest"
        and bidders is not None
        and exponent is not None
        and bidders > 1
        and exponent > bidders / (bidders - 1) + ADDS_UP
    ):
        what = f"market.contest_exponent is {exponent:g}: with {bidders:g} bidders effort would have no equilibrium"
        where = "contest_exponent" if "contest_exponent" in market else "matching"
        yield _at(where, what, f"at most {bidders / (bidders - 1):.6g}, bidders / (bidders - 1)")


def _tender(market: Mapping[str, Any]) -> Iterator[Problem]:
    cost = market.get("tender_cost")
    if market.get("matching") == "tender" and cost is None:
        what = "a tender needs market.tender_cost: between what bounds serving a client costs a vendor"
        yield _at("matching", what, "tender_cost = [lowest, highest]")
    if isinstance(cost, list | tuple):
        ends = [c for c in cost if isinstance(c, int | float) and not isinstance(c, bool) and math.isfinite(c)]
        if len(cost) != 2:
            yield _at("tender_cost", f"market.tender_cost lists {len(cost)} numbers", "two: [lowest, highest]")
        elif len(ends) == 2 and ends[0] > ends[1]:
            what = f"market.tender_cost is from {ends[0]:g} to {ends[1]:g}"
            yield _at("tender_cost", what, "[lowest, highest], the highest not below the lowest")
    reviews = _said(market, "review_every")
    if reviews and _said(market, "matching") == "random":
        what = "market.review_every has no meaning with random matching: there is nothing to bid in"
        yield _at("review_every", what, '0, or matching = "contest" or "tender"')


def _segments(segments: Sequence[Any]) -> Iterator[Problem]:
    tables = [segment if isinstance(segment, Mapping) else {} for segment in segments]
    names = [segment.get("name") for segment in tables]
    for i, name in enumerate(names):
        if name is not None and name in names[:i]:
            yield Problem(("segment", i, "name"), f"two segments are named {name!r}", "each segment its own name")
        elif name == REST:
            yield Problem(("segment", i, "name"), f"a segment is named {name!r}, as those of no segment are", "another")
    shares = [segment.get("share") for segment in tables]
    numbers = [s for s in shares if isinstance(s, int | float) and not isinstance(s, bool)]
    if len(numbers) == len(shares) and sum(numbers) > 1 + ADDS_UP:
        what = f"the shares of the segments sum to {sum(numbers):.6g}"
        yield Problem(("segment", len(segments) - 1, "share"), what, "at most 1; what is left are ordinary clients")
    for i, segment in enumerate(tables):
        mix = segment.get("clients")
        if not isinstance(mix, Mapping):
            continue
        parts = [s for s in mix.values() if isinstance(s, int | float) and not isinstance(s, bool)]
        if len(parts) == len(mix) and abs(sum(parts) - 1) > ADDS_UP:
            what = f"the shares of the clients of segment {segment.get('name', i + 1)!r} sum to {sum(parts):.6g}"
            yield Problem(("segment", i, "clients"), what, "shares that sum to 1")
