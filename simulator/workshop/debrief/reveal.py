"""The debrief step by step: for each step a title, sentences to say aloud, a number, a chart and the table behind it.

`REVEALS` is the order in which a trainer reveals them; `shown` leaves out the steps that a class has no data for. All
of it is a pure function of the record; only the class against the agents needs a field worked out before (`field_of`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from simulator.markup import Markup
from simulator.workshop.debrief import people_steps, value_steps
from simulator.workshop.debrief.account import ClassAccount, account_of, rounds_of
from simulator.workshop.debrief.agents import Field
from simulator.workshop.debrief.charts.look import Size
from simulator.workshop.debrief.step import Step
from simulator.workshop.record import Record
from simulator.workshop.words import Words, words

__all__ = ["REVEALS", "Debrief", "Shown", "shown"]


@dataclass(frozen=True, eq=False)
class Debrief:
    """A round of a record with its accounts settled, and the words of a language.

    Attributes
    ----------
    record : Record
        What happened.
    round : int
        Which round; 0: the last one that was played.
    field : Field or None
        The catalogue's agents; without it the step "agents" is left out.
    say : Words
        The catalogue of messages.
    """

    record: Record
    round: int = 0
    field: Field | None = None
    say: Words = dataclasses.field(default_factory=words)

    @cached_property
    def rounds(self) -> tuple[int, ...]:
        """The rounds in which somebody played."""
        return rounds_of(self.record)

    @cached_property
    def account(self) -> ClassAccount:
        """The accounts of the round."""
        return account_of(self.record, self.round or (self.rounds[-1] if self.rounds else 1))

    @cached_property
    def earlier(self) -> ClassAccount | None:
        """The accounts of the first round, seen from the second."""
        number = self.account.round
        return account_of(self.record, number - 1) if number - 1 in self.rounds else None


@dataclass(frozen=True, eq=False)
class Shown:
    """A step of the debrief with data.

    Attributes
    ----------
    key : str
        Name of the step.
    title : str
        Heading.
    sentences : tuple of str
        To be said aloud; the first one is the headline.
    figure : tuple of str or None
        A number that is the message, and what it counts.
    chart : callable
        ``chart(size)`` draws it as an inline SVG.
    table : tuple
        Heads of the columns, and the rows of the table behind the chart, all texts.
    """

    key: str
    title: str
    sentences: tuple[str, ...]
    figure: tuple[str, str] | None
    chart: Callable[[Size], Markup]
    table: tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]


# In the order in which they are revealed.
REVEALS: dict[str, Callable[[Debrief], Step | None]] = {
    "headline": value_steps.headline,
    "contest": value_steps.contest,
    "deals": value_steps.deals,
    "anchors": value_steps.anchors,
    "guesses": people_steps.guesses,
    "captured": value_steps.captured,
    "bets": people_steps.bets,
    "loss": value_steps.loss,
    "periods": people_steps.periods,
    "reasons": people_steps.reasons,
    "satisfaction": people_steps.satisfaction,
    "agents": people_steps.agents,
    "rounds": people_steps.rounds,
}


def shown(debrief: Debrief) -> list[Shown]:
    """The steps that this class has data for, in the order of `REVEALS`.

    Examples
    --------
    >>> import simulator as ns
    >>> from simulator.workshop.plan import Plan
    >>> shown(Debrief(Record(ns.load_scenario("saas-renewal"), Plan(), "", "2026-01-01", (), (), (), (), (), {})))
    []
    """
    if not debrief.account.accounts:
        return []
    found = []
    for key, make in REVEALS.items():
        step = make(debrief)
        if step is not None:
            found.append(Shown(key, step.title, tuple(step.sentences), step.figure, step.chart, step.table))
    return found
