"""What each seat is asked now, and what the trainer may do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.workshop.pairs import CHOOSE, CONFIRM, DELIVER, DONE, ENDED, IDLE, REVIEW, Pair
from simulator.workshop.plan import MOST_PERIODS
from simulator.workshop.views import NextStep

if TYPE_CHECKING:
    from simulator.workshop.room import Room
    from simulator.workshop.seats import Seat

__all__ = ["agenda", "identity", "stage_key", "step_of"]


def step_of(room: Room, seat: Seat) -> tuple[str, bool]:
    """The step of a seat (see `SeatView`), and whether the seat is asked something in it."""
    phase = room.phase
    if phase == "closed" or seat.status == "gone":
        return "closed", False
    if phase == "debrief":
        return "debrief", False
    if phase == "lobby":
        return "lobby", False
    if phase == "predict":
        sent = (room.round, seat.id) in room.bets
        return ("predict-wait", False) if sent else ("predict", seat.status == "here")
    if seat.status == "agent":
        return "replaced", False
    if seat.role == "observer" or (seat.role == "adviser" and phase == "play"):
        return "observe", False
    if phase == "prepare":
        return ("prepare", room.round not in seat.forms) if seat.side is not None else ("free", False)
    if phase == "compete":
        return _contest_step(room, seat)
    pair = room.pair_of(seat)
    return ("free", False) if pair is None else _pair_step(room, pair, seat)


def _contest_step(room: Room, seat: Seat) -> tuple[str, bool]:
    group = room.group_of(seat)
    if group is None:
        return "free", False
    if group.client == seat.id:
        return "client-wait", False
    own = next(k for k, bidder in enumerate(group.bidders) if bidder.seat == seat.id)
    if group.winner is None:
        return ("bid", True) if group.bidders[own].bid is None else ("bid-wait", False)
    return ("won", False) if group.winner == own else ("lost", seat.choice is None)


def _pair_step(room: Room, pair: Pair, seat: Seat) -> tuple[str, bool]:
    side = pair.side_of(seat.id)
    asked = side in pair.turn_of()
    step = pair.step
    if step == IDLE:
        return "free", False
    if step == DONE:
        return "done", False
    if step == ENDED:
        return ("observe" if room.plan.after_leaving == "outside" else "ended"), False
    if step == CONFIRM:
        return ("confirm" if asked else "confirm-wait"), asked
    if step == CHOOSE:
        return ("choose" if asked else "choose-wait"), asked
    if step == DELIVER:
        return ("deliver" if asked else "deliver-wait"), asked
    if step == REVIEW:
        if not asked:
            return "review-wait", False
        return ("renew" if pair.chairs[side].again_answered else "result"), True
    if pair.mode == "talk":
        return "talk", True
    return ("offer" if asked else "offer-wait"), asked


def identity(room: Room, seat: Seat, step: str) -> str:
    """Identity of the decision that a seat is asked: it changes when, and only when, another one is asked."""
    if step == "observe":  # open through all periods: what an observer is writing is not lost when the room goes on
        return f"{seat.id}.{room.round}.{step}.{seat.sent}"
    pair = room.pair_of(seat)
    if room.phase != "play" or pair is None:
        return f"{seat.id}.{room.round}.{room.phase}.{room.period}.{step}.{seat.sent}"
    count = pair.offers if step.startswith("offer") else pair.entries
    return f"{seat.id}.{room.round}.{room.period}.{step}.{pair.number}.{pair.mode}.{count}"


def stage_key(room: Room) -> str:
    """Identity of the stage at which the trainer decides."""
    return f"trainer.{room.round}.{room.phase}.{room.period}.{len(room.revealed)}"


def _waited_for(room: Room) -> list[Seat]:
    """The seats of which something is still asked before the step is complete; everybody may bet."""
    asked = (seat for seat in room.seats.values() if step_of(room, seat)[1])
    return [seat for seat in asked if seat.role == "player" or room.phase == "predict"]


def agenda(room: Room) -> tuple[NextStep, ...]:
    """The ways on from here; the first is the trainer's one big button."""
    waiting = tuple(seat.name for seat in _waited_for(room))
    play_on = room.period < room.plan.periods - 1
    further = ("next-period",) if room.period < MOST_PERIODS - 1 else ()

    def step(key: str, *, cuts: bool = False) -> NextStep:
        ready = not waiting and (room.phase != "lobby" or bool(room.players()))
        return NextStep(key, {"kind": "advance", "to": key, "from": stage_key(room)}, ready, waiting, cuts)

    if room.phase == "lobby":
        return (step("start"),)
    if room.phase == "prepare":
        return (step("compete" if room.plan.compete and room.round == 1 else "play"),)
    if room.phase == "compete":
        return (step("play", cuts=bool(waiting)),)
    if room.phase == "play":
        still = any(pair.in_period for pair in room.of_round())
        onward = [step(key, cuts=still) for key in ("predict", "debrief")]
        more = tuple(step(key, cuts=still) for key in further)
        return (*more, *onward) if play_on else (*onward, *more)
    if room.phase == "predict":
        return (step("debrief"), *map(step, further))
    if room.phase == "debrief":
        again = (step("second-round"),) if room.round == 1 else ()
        left = any(name not in room.revealed for name in room.revealable())
        # One more period also from here: somebody pressed too early, or there is time left.
        return ((step("reveal"),) if left else ()) + again + (step("close", cuts=True), *map(step, further))
    return ()
