"""The second round against the first: how much less was left on the table, and whether it may be chance.

The interval is a percentile bootstrap over pairs: pairs are drawn anew with what they made and what they could have
made; where the same seats met in both rounds, the pair is drawn with both. The drawing is seeded, so that a debrief
says the same each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.workshop.debrief.account import Account, ClassAccount
from simulator.workshop.debrief.spoken import tidy
from simulator.workshop.words import Words

__all__ = ["Overlay", "RoundShare", "overlay_of", "round_sentences"]

Floats = NDArray[np.float64]
DRAWS, SEED, LEVEL = 4000, 20260, 95
FEWEST = 6  # pairs below which no interval is said


@dataclass(frozen=True)
class RoundShare:
    """One round: per cent left on the table by the class and by each first pair, and the interval of the former."""

    round: int
    left: float
    pairs: tuple[float, ...]
    interval: tuple[float, float] | None


@dataclass(frozen=True)
class Overlay:
    """Both rounds, and the interval of how many points less the second left on the table."""

    rounds: tuple[RoundShare, RoundShare]
    less: float
    interval: tuple[float, float] | None


def overlay_of(first: ClassAccount, second: ClassAccount) -> Overlay | None:
    """Set two rounds against each other; None where nothing was possible in one of them."""
    if first.possible <= 0 or second.possible <= 0:
        return None
    units = _units(first, second)
    rng = np.random.default_rng(SEED)
    drawn = rng.integers(0, len(units), size=(DRAWS, len(units)))
    totals = units[drawn].sum(axis=1)  # (draws, 4)
    shares = [_left(totals[:, k], totals[:, k + 1]) for k in (0, 2)]
    enough = min(len(first.first), len(second.first)) >= FEWEST
    rounds = tuple(
        RoundShare(
            account.round,
            100 * account.left / account.possible,
            tuple(100 * one.left / one.possible for one in account.first if one.possible > 0),
            _interval(share) if enough else None,
        )
        for account, share in zip((first, second), shares, strict=True)
    )
    return Overlay(
        (rounds[0], rounds[1]), rounds[0].left - rounds[1].left, _interval(shares[0] - shares[1]) if enough else None
    )


def _left(created: Floats, possible: Floats) -> Floats:
    return 100 * (1 - np.divide(created, possible, out=np.full_like(created, np.nan), where=possible > 0))


def _interval(values: Floats) -> tuple[float, float]:
    tail = (100 - LEVEL) / 2
    low, high = np.nanpercentile(values, [tail, 100 - tail])
    return float(low), float(high)


def _units(first: ClassAccount, second: ClassAccount) -> Floats:
    """Created and possible of both rounds for each unit that is drawn, shape (units, 4)."""
    rows: dict[frozenset[str], list[float]] = {}
    for k, account in ((0, first), (2, second)):
        for one in account.accounts:
            row = rows.setdefault(_seats(one), [0.0] * 4)
            row[k] += one.created
            row[k + 1] += one.possible if one.first else 0.0
    return np.array(list(rows.values()), dtype=np.float64)


def _seats(one: Account) -> frozenset[str]:
    seats = [seat for seat in (one.pair.vendor_seat, one.pair.client_seat) if seat is not None]
    return frozenset(seats or [f"pair {one.pair.number}"])


def round_sentences(overlay: Overlay, say: Words) -> list[str]:
    """What changed, in whole points that are the difference of the two numbers as they are said."""
    one, two = (round(share.left) for share in overlay.rounds)
    key = "same" if one == two else "left"
    said = [say(f"debrief.rounds.{key}", one=_points(one), two=_points(two))]
    if overlay.interval is None or one == two:
        return said
    low, high = (round(end) for end in overlay.interval)
    if low > 0 or high < 0:
        ends: Sequence[int] = (low, high) if low > 0 else (-high, -low)
        less = say("debrief.rounds.less" if low > 0 else "debrief.rounds.more")
        values = {"change": _points(abs(one - two)), "low": _points(ends[0]), "high": _points(ends[1])}
        said.append(say("debrief.rounds.sure", less=less, level=LEVEL, **values))
    else:
        said.append(say("debrief.rounds.unsure", level=LEVEL, low=_points(low), high=_points(high)))
    return said


def _points(value: float) -> str:
    return tidy(value)
