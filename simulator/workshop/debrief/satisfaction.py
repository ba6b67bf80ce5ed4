"""Satisfaction against the own share: the answer after each period, by what the person had of the value created.

The share is that of a period before reinvestment, as in begrudging: own payoff over the own outside option, of both
payoffs over both; periods that created nothing have no share. Their answers count in the mean of all.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simulator.games.stages import TOLERANCE
from simulator.workshop.debrief.account import ClassAccount
from simulator.workshop.words import Words

__all__ = ["Answers", "answers_of", "satisfaction_sentences"]

EDGES = (0.2, 0.4, 0.6, 0.8)  # of the bands of shares
ENOUGH = 8


@dataclass(frozen=True)
class Answers:
    """Answers by band of the own share.

    Attributes
    ----------
    points : tuple of (share, answer)
        Answers after a period that created something.
    counts : tuple of tuple of int
        Answers 1 to 7 in each of the five bands.
    given : tuple of int
        All answers.
    """

    points: tuple[tuple[float, int], ...]
    counts: tuple[tuple[int, ...], ...]
    given: tuple[int, ...]

    def mean(self, *bands: int) -> float | None:
        """Mean answer in some bands; None where nobody answered."""
        total = sum(sum(self.counts[band]) for band in bands)
        if not total:
            return None
        return sum((k + 1) * n for band in bands for k, n in enumerate(self.counts[band])) / total

    @property
    def correlation(self) -> float | None:
        """Between share and answer; None where there are too few, or all the same."""
        if len(self.points) < ENOUGH:
            return None
        x, y = np.array(self.points).T
        if x.std() < 1e-9 or y.std() < 1e-9:
            return None
        return float(np.corrcoef(x, y)[0, 1])


def answers_of(account: ClassAccount) -> Answers | None:
    """The answers of a round; None where nobody answered."""
    outside = account.scenario.vendor.outside_option, account.scenario.client.outside_option
    points, given = [], []
    for one in account.accounts:
        for turn in one.pair.turns:
            given += [answer for answer in (turn.vendor_again, turn.client_again) if answer is not None]
            vendor = turn.vendor_payoff + turn.invested - outside[0]
            created = vendor + turn.client_payoff - outside[1]
            if not created > TOLERANCE:
                continue
            for share, answer in ((vendor / created, turn.vendor_again), (1 - vendor / created, turn.client_again)):
                if answer is not None:
                    points.append((share, answer))
    if not points:
        return None
    counts = [[0] * 7 for _ in range(len(EDGES) + 1)]
    for share, answer in points:
        counts[int(np.searchsorted(EDGES, share, side="right"))][min(max(answer, 1), 7) - 1] += 1
    return Answers(tuple(points), tuple(map(tuple, counts)), tuple(given))


def satisfaction_sentences(answers: Answers, say: Words) -> list[str]:
    """What the answers say: little, a fair share, and more than that."""
    low, fair, high = answers.mean(0, 1), answers.mean(2), answers.mean(3, 4)
    said = []
    if low is not None and fair is not None:
        said.append(say("debrief.satisfaction.low_high", low=40, from_=40, to=60, few=f"{low:.1f}", mid=f"{fair:.1f}"))
        if high is not None:
            effect = say("debrief.satisfaction.happier" if high > fair + 0.25 else "debrief.satisfaction.not_happier")
            said.append(say("debrief.satisfaction.greedy", high=60, more=f"{high:.1f}", effect=effect))
    else:
        n = len(answers.given)
        mean = math.fsum(answers.given) / n
        said.append(say("debrief.satisfaction.one", count=n, mean=f"{mean:.1f}" if n > 1 else f"{mean:.0f}", n=n))
    if answers.correlation is not None:
        r = f"{answers.correlation:.1f}".replace("-", "−")
        said.append(say("debrief.satisfaction.correlation", r=r, n=len(answers.points)))
    return said
