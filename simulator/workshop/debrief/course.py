"""How a round went, period by period, and how its relationships ended."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.relationships.period import ENDS
from simulator.workshop.debrief.account import ClassAccount
from simulator.workshop.debrief.amounts import Unit, unit_of
from simulator.workshop.debrief.spoken import count_of, listed, noun, sentence
from simulator.workshop.words import Words

__all__ = ["Course", "course_of", "course_sentences", "ends_of", "ends_sentences"]

Floats = NDArray[np.float64]
TOGETHER = "together"
MOST_CAUSES = 3  # that one can say aloud


@dataclass(frozen=True, eq=False)
class Course:
    """The class period by period, arrays of shape (periods,).

    Attributes
    ----------
    gain, best : ndarray
        Joint value above the outside options in a period, not discounted: made by all pairs, and by the best play.
    first, later : ndarray of int
        First pairs that played in the period, and pairs that were matched anew after a break-up.
    places : int
        Number of first pairs.
    """

    gain: Floats
    best: Floats
    first: NDArray[np.int64]
    later: NDArray[np.int64]
    places: int


def course_of(account: ClassAccount) -> Course:
    """Count a round period by period."""
    first, later = np.zeros(account.periods, dtype=np.int64), np.zeros(account.periods, dtype=np.int64)
    for one in account.accounts:
        for turn in one.pair.turns:
            (first if one.first else later)[turn.period] += 1
    places = int(first.max(initial=0)) if account.record.plan.partners == "new" else len(account.first)
    return Course(account.gains, account.best_gains, first, later, places)


def money_per_period(account: ClassAccount) -> Unit:
    """The unit of what the class makes in a period."""
    return unit_of([*account.gains, *account.best_gains], account.scenario.currency)


def course_sentences(account: ClassAccount, course: Course, say: Words) -> list[str]:
    """What the course says: the first against the last period, and who is still together."""
    unit, period = money_per_period(account), account.scenario.period
    said = []
    if account.periods > 1:
        values = {
            "period": period,
            "first": unit.bare(course.gain[0]),
            "last": unit.said(course.gain[-1]),
            "best": unit.said(course.best[-1]),
        }
        said.append(say("debrief.course.gains", **values))
    else:
        said.append(say("debrief.course.one", period=period, first=unit.said(course.gain[0])))
    if account.record.plan.partners == "new" or account.periods < 2:
        return said
    alive, places = len(account.first) - account.broken, len(account.first)
    key = "none" if not alive else "all" if alive == places else "some"
    said.append(
        sentence(
            say,
            f"debrief.course.{key}",
            count=places,
            alive=count_of(say, alive, among=places),
            places=noun(say, "pair", places),
            are=say("debrief.course.are", count=alive),
        )
    )
    later = len(account.accounts) - places
    if later:
        said.append(sentence(say, "debrief.course.later", count=later, pairs=noun(say, "new_pair", later)))
    return said


def ends_of(account: ClassAccount) -> dict[str, int]:
    """How many pairs of a round ended for each reason, most frequent first; "together": none of them."""
    found = Counter(one.pair.reason if one.ended else TOGETHER for one in account.accounts)
    order = {name: k for k, name in enumerate((*ENDS, TOGETHER))}
    return dict(sorted(found.items(), key=lambda item: (item[0] == TOGETHER, -item[1], order[item[0]])))


def ends_sentences(ends: dict[str, int], say: Words) -> list[str]:
    """Why relationships ended, in words."""
    pairs, broken = sum(ends.values()), sum(count for name, count in ends.items() if name != TOGETHER)
    if not broken:
        return [sentence(say, "debrief.ends.nobody", count=pairs, pairs=noun(say, "pair", pairs))]
    reasons = [(name, count) for name, count in ends.items() if name != TOGETHER]
    causes = listed(
        say,
        [
            say(f"debrief.ends.because.{name}", n=count_of(say, count, among=pairs))
            for name, count in reasons[:MOST_CAUSES]
        ],
    )
    if len(reasons) > MOST_CAUSES:
        causes += say("debrief.ends.more")
    key = "all" if broken == pairs else "broken"
    values = {"broken": count_of(say, broken, among=pairs), "pairs": noun(say, "pair", pairs), "causes": causes}
    return [sentence(say, f"debrief.ends.{key}", count=pairs, **values)]
