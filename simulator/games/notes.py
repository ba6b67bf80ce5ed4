"""Notes on a scenario: not errors, but things a trainer should know before showing it to a room.

Each note has a short stable name, so that a scenario file can list those it means to have (``intended = [...]``), and
one text in plain words with the scenario's own numbers. T, R, P and S are as in `simulator.games.kinds`; what is said
about payoffs holds before reinvestment and for a vendor that was not starved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.bargaining.deals import deal_space
from simulator.games.kinds import CHICKEN, DEADLOCK, DILEMMA, HARMONY, NONE, Incentives, incentives, kind
from simulator.games.stages import TOLERANCE, Stages, begrudge_chances, compile_stages
from simulator.scenario.schema import Scenario

__all__ = ["NOTES", "Note", "notes"]

NOTES: dict[str, str] = {
    "no-deal": "at some maturity level no deal suits both sides",
    "nothing-to-create": "no pair of postures gives both together more than their outside options",
    "building-below-outside": "a side that builds with a building partner has less than its outside option",
    "building-not-best": "building together is not what gives both together the most",
    "building-begrudged": "even when both build, a side begrudges its share of what they create",
    "no-temptation": "competing never pays a side more than building, whatever the partner does",
    "other-game": "a side faces another game than the prisoner's dilemma",
    "exploited-above-outside": "a side that is exploited still has more than its outside option",
    "future-too-short": "the future counts too little for the threat of retaliation to keep a side building",
    "dilemma-vanishes": "a side's dilemma is gone at a higher maturity level",
    "dilemma-appears": "a side's dilemma begins only at a higher maturity level",
    "impasse": "deals suit both sides, yet the tactics of some postures end without one",
    "hangs-on-a-round": "one round more or less changes the game of a side, or turns a deal into an impasse",
    "starvation-never-bites": "no pair of postures starves the vendor",
    "starvation-always-bites": "every pair of postures starves the vendor",
    "unreachable-levels": "some maturity levels can never be reached",
}

# Chance per period from which leaving over a share is worth a note: some side is always a little below a half.
BEGRUDGED = 0.05

SIDES = ("vendor", "client")
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Note:
    """One thing worth knowing about a scenario: a name from `NOTES`, and what it means here."""

    name: str
    text: str

    def __str__(self) -> str:
        return f"{self.name}: {self.text}"


def notes(scenario: Scenario) -> tuple[Note, ...]:
    """What a trainer should know about a scenario, in the order of `NOTES`.

    Parameters
    ----------
    scenario : Scenario
        Any scenario, with issues or with payoffs given directly.

    Returns
    -------
    tuple of Note
        At most one of each name. The notes that the file lists as `intended` are among them.

    Raises
    ------
    SimulatorError
        For an unknown or a random tactic in a posture.

    Examples
    --------
    >>> import simulator as ns
    >>> generous = ns.load_scenario("saas-renewal").replace({"vendor.outside_option": 19.0})
    >>> "exploited-above-outside" in [note.name for note in notes(generous)]
    True
    """
    case = _Case(scenario)
    found = []
    for name in NOTES:
        said = " ".join(_RULES[name](case))
        if said:
            found.append(Note(name, said))
    return tuple(found)


class _Case:
    """A scenario with its compiled stage games and the words in which its numbers are said."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.stages = compile_stages(scenario)
        self.levels = range(len(scenario.levels))
        self.negotiated = scenario.payoffs is None
        self.outside = {side: scenario.party(side).outside_option for side in SIDES}

    def payoffs(self, side: str) -> Floats:
        """Payoffs of a fed vendor's periods to one side, (levels, n_v, n_c)."""
        values: Floats = getattr(self.stages, side)[:, 0]
        return values

    def incentives(self, side: str, level: int = 0) -> Incentives:
        return incentives_of(self.stages, side, level)

    def who(self, side: str) -> str:
        name = self.scenario.party(side).name
        # A party that the file does not name has a stand-in for a name, which would say nothing.
        return f"the {side}" if name.lower() in (side, "the other side") else f"the {side} ({name})"

    def money(self, amount: float) -> str:
        """An amount per period, with the unit that the scenario states."""
        return f"{self.number(amount)} {self.unit}"

    @staticmethod
    def number(amount: float) -> str:
        """An amount with at most two decimals."""
        return f"{round(amount, 2) + 0.0:,.2f}".rstrip("0").rstrip(".")

    @property
    def unit(self) -> str:
        """The currency, where the scenario states one, and the period."""
        return f"{self.scenario.currency} per {self.scenario.period}".strip()

    def level(self, level: int) -> str:
        return f"level {level} ({self.scenario.levels[level]})"

    def at(self, levels: list[int]) -> str:
        """In which levels something is so; nothing where there is only one level."""
        if len(self.levels) == 1:
            return ""
        if len(levels) == len(self.levels):
            return " at every maturity level"
        return " at " + ", ".join(self.level(level) for level in levels)

    def pair(self, row: int, column: int) -> str:
        vendor, client = self.scenario.postures("vendor")[row], self.scenario.postures("client")[column]
        return f"{vendor} x {client}"


def incentives_of(stages: Stages, side: str, level: int = 0) -> Incentives:
    """T, R, P and S of a side at a level, with a fed vendor."""
    own = stages.vendor[level, 0] if side == "vendor" else stages.client[level, 0].T
    return incentives(own)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."


def _no_deal(case: _Case) -> Iterator[str]:
    if not case.negotiated:
        return
    empty = [m for m in case.levels if not deal_space(case.scenario, level=m).rational.any()]
    if empty:
        limits = " and ".join(f"{case.money(case.outside[side])} for the {side}" for side in SIDES)
        yield _sentence(f"no deal gives both sides their outside option ({limits}){case.at(empty)}")


def _nothing_to_create(case: _Case) -> Iterator[str]:
    both = case.outside["vendor"] + case.outside["client"]
    joint = float((case.stages.vendor + case.stages.client).max())
    if joint <= both + TOLERANCE:
        yield _sentence(
            f"together the sides make at most {case.money(joint)}, and apart they have {case.money(both)}: "
            "there is nothing to create, whatever postures they choose"
        )


def _building_below_outside(case: _Case) -> Iterator[str]:
    for side in SIDES:
        reward = case.incentives(side).reward
        if reward < case.outside[side] - TOLERANCE:
            yield _sentence(
                f"when both build, {case.who(side)} has {case.money(reward)} and would have "
                f"{case.money(case.outside[side])} without the other: it does better to leave"
            )


def _building_not_best(case: _Case) -> Iterator[str]:
    joint = case.payoffs("vendor") + case.payoffs("client")
    best = joint.max(axis=(1, 2))
    worse = [m for m in case.levels if best[m] > joint[m, -1, -1] + TOLERANCE]
    if worse:
        m = worse[0]
        row, column = (int(i) for i in np.unravel_index(int(joint[m].argmax()), joint[m].shape))
        yield _sentence(
            f"the most that both make together is {case.money(best[m])} with {case.pair(row, column)} "
            f"(vendor x client), more than the {case.money(joint[m, -1, -1])} of {case.pair(-1, -1)}{case.at(worse)}"
        )


def _building_begrudged(case: _Case) -> Iterator[str]:
    chances = begrudge_chances(case.stages)
    for side in SIDES:
        chance = chances[side][:, 0, -1, -1]
        levels = [m for m in case.levels if chance[m] >= BEGRUDGED]
        if levels:
            m = max(levels, key=lambda level: float(chance[level]))
            own = case.payoffs(side)[m, -1, -1] - case.outside[side]
            created = sum(case.payoffs(each)[m, -1, -1] - case.outside[each] for each in SIDES)
            fair = case.scenario.relationship.fair_share
            yield _sentence(
                f"even when both build, {case.who(side)} gets {own / created:.0%} of what they create and finds "
                f"{fair:.0%} fair: it leaves over that with a chance of up to {chance[m]:.0%} per "
                f"{case.scenario.period}{case.at(levels)}"
            )


def _no_temptation(case: _Case) -> Iterator[str]:
    for side in SIDES:
        t, r, p, s = case.incentives(side)
        if _never_tempted(case.incentives(side)):
            yield _sentence(
                f"competing never pays {case.who(side)}: {case.money(t)} instead of {case.money(r)} against a partner "
                f"that builds, {case.money(p)} instead of {case.money(s)} against one that competes"
            )


def _never_tempted(side: Incentives) -> bool:
    return side.temptation <= side.reward + TOLERANCE and side.punishment <= side.sucker + TOLERANCE


def _other_game(case: _Case) -> Iterator[str]:
    for side in SIDES:
        four = case.incentives(side)
        if kind(four) != DILEMMA and not _never_tempted(four):
            t, r, p, s = (case.number(payoff) for payoff in four)
            yield _sentence(
                f"{case.who(side)} faces not a prisoner's dilemma but {_game(kind(four))}: "
                f"T = {t}, R = {r}, P = {p}, S = {s} ({case.unit})"
            )


def _game(name: str) -> str:
    """The name of a game as a noun in a sentence."""
    if name == NONE:
        return "no game with a name"
    return f"a game of {name}" if name in (CHICKEN, HARMONY, DEADLOCK) else f"a {name}"


def _exploited_above_outside(case: _Case) -> Iterator[str]:
    if not case.scenario.relationship.can_leave:
        return
    for side in SIDES:
        sucker = case.incentives(side).sucker
        if sucker > case.outside[side] + TOLERANCE:
            yield _sentence(
                f"exploited in every {case.scenario.period}, {case.who(side)} still has {case.money(sucker)}, "
                f"more than its outside option of {case.money(case.outside[side])}: leaving is no threat"
            )


def _future_too_short(case: _Case) -> Iterator[str]:
    # Grim trigger holds iff the weight of the next period is at least (T - R) / (T - P) (Friedman 1971).
    weight = case.scenario.discount * (1.0 - case.scenario.relationship.churn)
    for side in SIDES:
        four = case.incentives(side)
        if kind(four) != DILEMMA:
            continue
        t, r, p, _ = four
        needed = (t - r) / (t - p)
        if weight < needed:
            yield _sentence(
                f"for {case.who(side)} competing once brings {case.money(t - r)} and costs {case.money(r - p)} ever "
                f"after; the next {case.scenario.period} counts {weight:.2f} (discount x no outside event) and would "
                f"have to count {needed:.2f} for retaliation to deter it"
            )


def _dilemma_vanishes(case: _Case) -> Iterator[str]:
    for side in SIDES:
        gone = [m for m in case.levels if kind(case.incentives(side, m)) != DILEMMA]
        if gone and gone[0] > 0:
            yield _sentence(
                f"the dilemma of {case.who(side)} is gone{case.at(gone)}, where it faces "
                f"{_game(kind(case.incentives(side, gone[0])))}"
            )


def _dilemma_appears(case: _Case) -> Iterator[str]:
    for side in SIDES:
        there = [m for m in case.levels if kind(case.incentives(side, m)) == DILEMMA]
        if there and there[0] > 0:
            yield _sentence(f"{case.who(side)} faces a prisoner's dilemma only{case.at(there)}")


def _impasse(case: _Case) -> Iterator[str]:
    if not case.negotiated:
        return
    stuck = [
        m for m in case.levels
        if not case.stages.agreed[m].all() and deal_space(case.scenario, level=m).rational.any()
    ]  # fmt: skip
    if stuck:
        rows = np.argwhere(~case.stages.agreed[stuck[0]])
        pairs = ", ".join(case.pair(int(row), int(column)) for row, column in rows)
        yield _sentence(
            f"some deals suit both sides, yet {pairs} (vendor x client) find none within "
            f"{case.scenario.negotiation.rounds} rounds{case.at(stuck)}"
        )


def _hangs_on_a_round(case: _Case) -> Iterator[str]:
    if not case.negotiated:
        return
    rounds = case.scenario.negotiation.rounds
    for other in (rounds - 1, rounds + 1):
        if other < 1:
            continue
        changed = compile_stages(case.scenario.replace({"negotiation.rounds": other}))
        for m in case.levels:
            said = ", and ".join(_flips(case, changed, m))
            if said:
                yield _sentence(f"with {other} rounds instead of {rounds}{case.at([m])}, {said}")


def _flips(case: _Case, changed: Stages, level: int) -> Iterator[str]:
    """What another number of rounds changes at a level, apart from the payoffs themselves."""
    for side in SIDES:
        now, then = kind(case.incentives(side, level)), kind(incentives_of(changed, side, level))
        if now != then:
            yield f"the game of {case.who(side)} becomes {_game(then)} (now {_game(now)})"
    before, after = case.stages.agreed[level], changed.agreed[level]
    for flipped, what in ((before & ~after, "would end in impasse"), (after & ~before, "would agree")):
        if flipped.any():
            yield ", ".join(case.pair(int(row), int(column)) for row, column in np.argwhere(flipped)) + " " + what


def _starvation_matters(case: _Case) -> bool:
    serve = case.scenario.delivery.vendor
    return case.negotiated and serve.starved < 1 and serve.benefit > 0


def _starvation_never_bites(case: _Case) -> Iterator[str]:
    if _starvation_matters(case) and not case.stages.starves.any():
        least = float(case.payoffs("vendor").min()) - case.outside["vendor"]
        yield _sentence(
            f"the vendor never starves: it needs {case.money(case.scenario.delivery.vendor.needs)} above its outside "
            f"option, and the worst pair of postures leaves it {case.money(least)}"
        )


def _starvation_always_bites(case: _Case) -> Iterator[str]:
    always = [m for m in case.levels if case.stages.starves[m].all()]
    if _starvation_matters(case) and always:
        most = float(case.payoffs("vendor")[always[0]].max()) - case.outside["vendor"]
        yield _sentence(
            f"the vendor always starves{case.at(always)}: it needs {case.money(case.scenario.delivery.vendor.needs)} "
            f"above its outside option, and the best pair of postures leaves it {case.money(most)}"
        )


def _unreachable_levels(case: _Case) -> Iterator[str]:
    top = len(case.levels) - 1
    share = case.scenario.maturity.reinvest
    rises = case.stages.rise(1.0 if isinstance(share, str) else share).max(axis=(1, 2)) > 0
    reached = int(np.argmin(rises[:top])) if not rises[:top].all() else top
    why = "nothing is reinvested" if share == 0 else "the vendor has nothing to invest"
    reason = f"{why} at {case.level(reached)}"
    if not case.scenario.unlimited and int(case.scenario.horizon) - 1 < reached:
        # A level takes at least one period, and the one reached in the last period is never played.
        reached, reason = int(case.scenario.horizon) - 1, f"the horizon ends after {case.scenario.horizon} periods"
    if reached < top:
        lost = ", ".join(case.level(m) for m in case.levels[reached + 1 :])
        yield _sentence(f"{lost} can never be reached: {reason}")


_RULES: dict[str, Callable[[_Case], Iterator[str]]] = {
    "no-deal": _no_deal,
    "nothing-to-create": _nothing_to_create,
    "building-below-outside": _building_below_outside,
    "building-not-best": _building_not_best,
    "building-begrudged": _building_begrudged,
    "no-temptation": _no_temptation,
    "other-game": _other_game,
    "exploited-above-outside": _exploited_above_outside,
    "future-too-short": _future_too_short,
    "dilemma-vanishes": _dilemma_vanishes,
    "dilemma-appears": _dilemma_appears,
    "impasse": _impasse,
    "hangs-on-a-round": _hangs_on_a_round,
    "starvation-never-bites": _starvation_never_bites,
    "starvation-always-bites": _starvation_always_bites,
    "unreachable-levels": _unreachable_levels,
}
