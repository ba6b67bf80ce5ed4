"""What observers noted, pair by pair, in words: for the trainer's debrief and for the report.

Each observer has a column of its own: two who watched the same pair heard the same things, so their counts do not add.
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator.workshop.record import Observation, Record
from simulator.workshop.room import CHECKLIST
from simulator.workshop.words import Words

__all__ = ["Noted", "noted"]


@dataclass(frozen=True)
class Noted:
    """What was noted of one pair in one round. Names and notes are as people typed them: escape them.

    Attributes
    ----------
    title : str
        Which pair.
    table : tuple
        Heads of the columns, and a row for each point of the checklist that was seen, with the count of each observer.
    notes : tuple of tuple
        Name of an observer, and what it found worth telling.
    """

    title: str
    table: tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]
    notes: tuple[tuple[str, str], ...]


def noted(record: Record, say: Words) -> list[Noted]:
    """What was noted, by round and pair; notes of a room as a whole come after those of its pairs.

    Examples
    --------
    >>> import simulator as ns
    >>> from simulator.workshop.plan import Plan
    >>> from simulator.workshop.words import words
    >>> seen = Observation("s9", 1, None, {"threat": 2}, "Nobody asked why.")
    >>> found = noted(Record(ns.load_scenario("saas-renewal"), Plan(), "", "", (), (), (), (), (seen,), {"s9": "Owl"}),
    ...               words())
    >>> found[0].title, found[0].table[1], found[0].notes
    ('The room as a whole', (('Threatened to leave', '2'),), (('Owl', 'Nobody asked why.'),))
    """
    grouped: dict[tuple[int, bool, int], list[Observation]] = {}
    for one in record.observations:
        grouped.setdefault((one.round, one.pair is None, one.pair or 0), []).append(one)
    rounds = {one.round for one in record.observations} | {pair.round for pair in record.pairs}
    return [_noted(record, grouped[key], len(rounds) > 1, say) for key in sorted(grouped)]


def _noted(record: Record, seen: list[Observation], names_round: bool, say: Words) -> Noted:
    number = seen[0].pair
    title = say("debrief.observed.room") if number is None else say("debrief.observed.pair", number=number)
    if names_round:
        title = say("debrief.observed.in-round", round=seen[0].round, which=title)
    counts = [one for one in seen if any(one.marks.values())]
    return Noted(
        title=title,
        table=(
            (say("debrief.observed.heard"), *(record.seats[one.seat] for one in counts)),
            tuple(
                (say(f"checklist.{item}"), *(str(one.marks.get(item, 0)) for one in counts))
                for item in CHECKLIST
                if any(one.marks.get(item) for one in counts)
            ),
        ),
        notes=tuple((record.seats[one.seat], one.note) for one in seen if one.note),
    )
