"""What a best reply does, in words: its postures on the likeliest course of a relationship.

On that course nobody slips or misreads and every chance takes its likelier branch; whatever leaves it is called an
accident. Among choices that are equally good the deviator keeps to what its own agent would do, so that the words name
real departures only.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from simulator.relationships.best_reply import BestReply
from simulator.strategies.contract import Automaton

__all__ = ["Course", "course_of", "course_words"]

VERBS = {
    "squeeze": "squeezes",
    "claim": "claims",
    "build": "builds",
    "compete": "competes",
    "cooperate": "cooperates",
}
MOST_PERIODS = 400  # followed before the words stop
MOST_RUNS = 4  # spells of one posture that a sentence lists


@dataclass(frozen=True)
class Course:
    """Intended postures of a deviator, period after period.

    Attributes
    ----------
    postures : tuple of int
        Up to the end, the horizon, or the end of the first repetition.
    repeats_from : int or None
        Period from which the postures repeat for ever.
    end : str
        How it ends: ``"leaves"``, ``"ended"`` (by the partner or a grudge), ``"horizon"``, or ``""``: it goes on.
    departs : int or None
        First period in which it does, or leaves after, what its own agent would mostly not; None: only after accidents.
    """

    postures: tuple[int, ...]
    repeats_from: int | None
    end: str
    departs: int | None


def course_of(reply: BestReply, own: Automaton, side: str) -> Course:
    """Follow a side's best reply on the likeliest course, beside what its own automaton would do there."""
    made = reply.decisions
    state, mind = made.start, own.start
    seen: dict[tuple[int, int], int] = {}
    postures: list[int] = []
    departs: int | None = None
    periods = MOST_PERIODS if reply.unlimited else len(reply.worth)
    while len(postures) < periods:
        period = len(postures)
        if reply.unlimited:
            if (state, mind) in seen:
                return _repeated(tuple(postures), seen[state, mind], departs)
            seen[state, mind] = period
        worth = reply.choices(period, state)
        usually = own.play[made.starved[state] if side == "client" else 0, mind]
        usual = int(usually.argmax())
        posture = usual if worth[usual] >= worth.max() - reply.tie else int(worth.argmax())
        if usually[posture] <= 0.5 and departs is None:
            departs = period
        postures.append(posture)
        onward = made.onward[[int(made.rows(posture, state))]].toarray()[0]
        partner = int(made.partner_play[state].argmax())
        wishes = reply.can_leave and bool(own.leave[mind, posture, partner] > 0.5)
        mind = int(own.move[mind, posture, partner])
        if made.ending[posture, state] > onward.max():
            return Course(tuple(postures), None, "ended", departs)
        state = int(onward.argmax())
        urge = reply.urge_to_leave(period, state)
        leaves = wishes if abs(urge) <= reply.tie else urge > 0
        if leaves != wishes and departs is None:
            departs = period
        if leaves:
            return Course(tuple(postures), None, "leaves", departs)
    return Course(tuple(postures), None, "" if reply.unlimited else "horizon", departs)


def _repeated(postures: tuple[int, ...], start: int, departs: int | None) -> Course:
    """The course whose postures repeat from a period on, with the earliest start and the shortest repetition."""
    before, cycle = postures[:start], postures[start:]
    shortest = next(n for n in range(1, len(cycle) + 1) if cycle == cycle[:n] * (len(cycle) // n))
    cycle = cycle[:shortest]
    while before and before[-1] == cycle[-1]:
        before, cycle = before[:-1], (cycle[-1], *cycle[:-1])
    return Course(before + cycle, len(before), "", departs)


def course_words(course: Course, names: tuple[str, ...], period: str) -> str:
    """A course as the predicate of a sentence.

    Parameters
    ----------
    course : Course
        From `course_of`.
    names : tuple of str
        The side's postures.
    period : str
        What a period is called.

    Examples
    --------
    >>> names = ("squeeze", "claim", "build")
    >>> course_words(Course((0,), 0, "", 0), names, "year")
    'squeezes from the first year on'
    >>> course_words(Course((2,) * 9 + (0,), None, "horizon", 9), names, "year")
    'builds for 9 years and squeezes in the last'
    >>> course_words(Course((0, 2), 0, "", 0), names, "year")
    'squeezes and builds in turn'
    """
    if course.departs is None:
        return "does the same until an accident, and answers that otherwise"
    if course.repeats_from is not None:
        return _repeating(course, course.repeats_from, names, period)
    if course.end == "horizon":
        return _to_the_horizon(course, names, period)
    listed = _listed(_spells(course.postures, names, period))
    if course.end == "leaves":
        return f"{listed} and leaves"
    return f"{listed}, which ends it" if course.end == "ended" else f"{listed}, and so on"


def _repeating(course: Course, start: int, names: tuple[str, ...], period: str) -> str:
    before, cycle = course.postures[:start], course.postures[start:]
    if len(cycle) == 1:
        turns = _verb(names[cycle[0]]) + (" for good" if before else f" from the first {period} on")
    elif len(cycle) == 2:
        turns = f"{_verb(names[cycle[0]])} and {_verb(names[cycle[1]])} in turn"
    else:
        turns = _listed(_spells(cycle, names, period), last=", ") + ", and so on in turn"
    return f"{_listed(_spells(before, names, period))}, then {turns}" if before else turns


def _to_the_horizon(course: Course, names: tuple[str, ...], period: str) -> str:
    runs = [len(list(group)) for _, group in groupby(course.postures)]
    last = _verb(names[course.postures[-1]])
    if len(runs) == 1:
        return f"{last} from the first {period} on"
    if len(runs) > MOST_RUNS:
        return f"{_listed(_spells(course.postures, names, period))}, and so on"
    before = _listed(_spells(course.postures[: -runs[-1]], names, period), last=", ")
    return f"{before} and {last} in the last" + (f" {runs[-1]} {period}s" if runs[-1] > 1 else "")


def _spells(postures: tuple[int, ...], names: tuple[str, ...], period: str) -> list[str]:
    spells = []
    for posture, group in groupby(postures):
        count = len(list(group))
        spells.append(f"{_verb(names[posture])} for {count} {period}{'s' if count > 1 else ''}")
    return spells


def _listed(spells: list[str], last: str = " and ") -> str:
    shown = spells[:MOST_RUNS]
    if len(spells) > MOST_RUNS or len(shown) == 1:
        return ", ".join(shown)
    return ", ".join(shown[:-1]) + last + shown[-1]


def _verb(name: str) -> str:
    return VERBS.get(name, f"plays {name}")
