"""Steps of the debrief, and which of them a room has something to show for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.scenario.schema import Worth

if TYPE_CHECKING:
    from simulator.workshop.room import Room

__all__ = ["REVEALS", "revealable"]

# In the order in which they are offered; the trainer may take any.
REVEALS = (
    "headline",
    "contest",
    "deals",
    "anchors",
    "guesses",
    "captured",
    "bets",
    "loss",
    "periods",
    "reasons",
    "satisfaction",
    "agents",
    "rounds",
    "sandbox",
)


def revealable(room: Room) -> tuple[str, ...]:
    """The steps that have something to show for this round.

    Examples
    --------
    >>> import simulator as ns
    >>> from simulator.workshop.room import Room
    >>> revealable(Room.new(ns.load_scenario("saas-renewal")))
    ('sandbox',)
    """
    turns = [turn for pair in room.of_round() for turn in pair.turns]
    if not turns:
        return ("sandbox",)
    lasting = room.plan.partners == "same"
    shown = {
        "contest": room.round == 1 and any(group.winner is not None for group in room.groups),
        "deals": room.numbers.given or any(turn.deal is not None for turn in turns),
        "anchors": _priced(room) and any(turn.agreed and turn.first_offer_by is not None for turn in turns),
        "guesses": any(seat.forms.get(room.round, {}).get("guess") is not None for seat in room.seats.values()),
        "bets": any(answers for (round_, _), answers in room.bets.items() if round_ == room.round),
        "reasons": lasting and room.played.get(room.round, 0) > 1,
        "satisfaction": any(answer is not None for turn in turns for answer in turn.again.values()),
        "agents": lasting,
        "rounds": room.round == 2,
    }
    return tuple(step for step in REVEALS if shown.get(step, True))


def _priced(room: Room) -> bool:
    """Whether there is a price: an issue by which money changes hands, unit by unit."""
    return any(
        issue.range is not None and isinstance(issue.vendor, Worth) and isinstance(issue.client, Worth)
        for issue in room.scenario.issue
    )
