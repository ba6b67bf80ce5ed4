"""Shortlists in a simulated market: free places of vendors are dealt out to clients who look for one.

A free place is on one shortlist at a time and a vendor at most once on each, so that every contest can be held and its
winner taken; whoever loses is dealt again in the next round.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.markets.simulated.draws import Draws
from simulator.markets.simulated.meeting import drawn_places

__all__ = ["deal"]

Ints = NDArray[np.intp]

EXCHANGES = 12  # attempts to rid shortlists of vendors that stand on them twice
SPARE = 10  # places drawn beyond those dealt and as many again, to exchange with


def deal(free: Ints | None, vendors: int, clients: int, bidders: int, draws: Draws) -> Ints:
    """Shortlists for as many of so many clients as there are places for.

    Parameters
    ----------
    free : ndarray of int, shape (vendors,), or None
        Places of each vendor that can be taken; None where there is no limit.
    vendors, clients, bidders : int
        Numbers of vendors, of clients, and of places on a shortlist.
    draws : Draws
        Random numbers of the market.

    Returns
    -------
    ndarray of int, shape (shortlists, places)
        Vendors; `vendors` itself where a place on a shortlist stays empty. Where there are not enough places for a
        single full shortlist, there is one shorter one.
    """
    if clients == 0 or bidders == 0:
        return np.empty((0, bidders), dtype=np.intp)
    if free is None:
        return _any(vendors, clients, bidders, draws.of("shortlists"))
    supply = int(free.sum())
    held = min(clients, supply // bidders) or min(supply, 1)
    length = min(bidders, supply)
    rng = draws.of("shortlists")
    dealt = held * length
    several = int(free.max(initial=0)) > 1
    drawn = drawn_places(free, rng.random(min(2 * dealt + SPARE, supply) if several else dealt), draws)
    lists = drawn[:dealt].reshape(held, length)  # a view: what is exchanged in one is exchanged in the other
    for _ in range(EXCHANGES if several else 0):
        double = np.flatnonzero(_again(lists))
        if len(double) == 0:
            break
        # Exchanged with any other place drawn; each takes part in one exchange at a time.
        partners, first = np.unique(rng.integers(0, len(drawn), len(double)), return_index=True)
        apart = ~np.isin(partners, double)
        partners, double = partners[apart], double[first[apart]]
        drawn[double], drawn[partners] = drawn[partners], drawn[double]
    if several:
        _regroup(lists, free, rng)
    return lists


def _regroup(lists: Ints, free: Ints, rng: np.random.Generator) -> None:
    """Rid shortlists of the vendors that still stand on them twice, which happens where there are few vendors.

    The places of some shortlists, at the last of all, are sorted by vendor and dealt to one shortlist after the other,
    so that nobody gets the same vendor twice who need not. Places of a vendor with more of them than there are
    shortlists go to others, as far as these have places; the rest stay empty.
    """
    vendors, held = len(free), len(lists)
    wrong = np.flatnonzero(_again(lists).any(axis=1))
    count = 2 * len(wrong)
    while len(wrong):
        others = rng.permutation(np.delete(np.arange(held), wrong))
        chosen = np.concatenate([wrong, others[: max(count, 2) - len(wrong)]])
        places = rng.permutation(lists[chosen].ravel())
        if len(chosen) == held:
            number = np.bincount(places, minlength=vendors)
            spare = rng.permutation(np.repeat(np.arange(vendors), np.minimum(free, held) - np.minimum(number, held)))
            ordered = np.argsort(places, kind="stable")
            rank = np.arange(len(places)) - np.repeat(np.cumsum(number) - number, number)
            excess = ordered[rank >= held]
            places[excess] = vendors
            places[excess[: len(spare)]] = spare[: len(excess)]
        order = rng.permutation(vendors + 1)
        dealt = places[np.argsort(order[places], kind="stable")]
        lists[chosen] = dealt.reshape(lists.shape[1], len(chosen)).T
        if len(chosen) == held:
            break
        wrong = chosen[_again(lists[chosen]).any(axis=1)]
        count *= 2


def _any(vendors: int, shortlists: int, length: int, rng: np.random.Generator) -> Ints:
    """Shortlists of different vendors, all equally likely."""
    if vendors <= 4 * length:
        return rng.random((shortlists, vendors)).argsort(axis=1)[:, :length]
    lists: Ints = rng.integers(0, vendors, (shortlists, length))
    while True:
        double = _again(lists)
        if not double.any():
            return lists
        lists[double] = rng.integers(0, vendors, int(double.sum()))


def _again(lists: Ints) -> NDArray[np.bool_]:
    """Where a vendor stands on a shortlist for the second time."""
    double = np.zeros(lists.shape, dtype=bool)
    for place in range(1, lists.shape[1]):
        double[:, place] = (lists[:, :place] == lists[:, place, None]).any(axis=1)
    return double
