"""Bets before the reveal against what happened, and guesses of the other side's limit against the truth."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import median

from simulator.workshop.debrief.account import ClassAccount
from simulator.workshop.debrief.spoken import count_of, sentence, tidy
from simulator.workshop.words import Words

__all__ = ["Guesses", "Wager", "bet_sentences", "guess_sentences", "guesses_of", "wagers_of"]

NEAR = 0.1  # of the truth: a guess this close counts as near


@dataclass(frozen=True)
class Wager:
    """A question, what people answered and what happened, in per cent."""

    question: str
    answers: tuple[float, ...]
    truth: float

    @property
    def mean(self) -> float:
        """Mean answer."""
        return math.fsum(self.answers) / len(self.answers)


def truths(account: ClassAccount) -> dict[str, float]:
    """What happened, in per cent, for each question that has an answer.

    The questions are those of the room: what stays on the table of all that is possible, first pairs that break up,
    and the vendors' share of the value created.
    """
    found = {}
    if account.possible > 0:
        found["left-on-table"] = 100 * account.left / account.possible
    if account.first:
        found["ended"] = 100 * account.broken / len(account.first)
    if account.created > 0:
        found["vendor-share"] = 100 * account.vendor / account.created
    return found


def wagers_of(account: ClassAccount) -> list[Wager]:
    """The bets of a round on questions that this module can settle."""
    known = truths(account)
    found = []
    for question, truth in known.items():
        answers = [bet.answer for bet in account.record.bets if bet.round == account.round and bet.question == question]
        if answers:
            found.append(Wager(question, tuple(sorted(answers)), truth))
    return found


def bet_sentences(wagers: list[Wager], say: Words) -> list[str]:
    """What was expected and what happened."""
    said = []
    for wager in wagers:
        mean, truth = tidy(round(wager.mean)), tidy(round(wager.truth))
        key = "close" if abs(round(wager.mean) - round(wager.truth)) <= 3 else "missed_low"
        said.append(say(f"debrief.bets.{key}", mean=mean, truth=truth, what=say(f"debrief.bets.what.{wager.question}")))
    return said


@dataclass(frozen=True)
class Guesses:
    """What one side took the other side's outside option to be, and what it was; money per period."""

    about: str
    answers: tuple[float, ...]
    truth: float

    @property
    def middle(self) -> float:
        """The middle guess: one absurd number on a phone does not move it."""
        return median(self.answers)

    @property
    def near(self) -> int:
        """Guesses within a tenth of the truth."""
        return sum(abs(answer - self.truth) <= NEAR * abs(self.truth) + 1e-9 for answer in self.answers)


def guesses_of(account: ClassAccount) -> list[Guesses]:
    """The guesses of a round, about the vendor's and about the client's limit."""
    found = []
    for about, by in (("vendor", "client"), ("client", "vendor")):
        answers = [
            one.guess
            for one in account.record.preparations
            if one.round == account.round and one.side == by and one.guess is not None
        ]
        if answers:
            found.append(Guesses(about, tuple(sorted(answers)), account.scenario.party(about).outside_option))
    return found


def guess_sentences(account: ClassAccount, guesses: list[Guesses], say: Words) -> list[str]:
    """What each side thought of the other."""
    currency = account.scenario.currency
    said = []
    for one in guesses:
        mean = tidy(round(one.middle, 1))
        values = {"mean": mean, "truth": f"{tidy(one.truth)} {currency}".strip()}
        said.append(say(f"debrief.guesses.mean_{one.about}", **values))
    total, near = sum(len(one.answers) for one in guesses), sum(one.near for one in guesses)
    if total > 1:
        counts = {"n": count_of(say, total), "near": count_of(say, near, among=total)}
        said.append(sentence(say, f"debrief.guesses.{'near' if near else 'near_none'}", count=near, **counts))
    return said
