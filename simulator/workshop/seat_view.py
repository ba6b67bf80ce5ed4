"""The one place where a seat's screen gets its facts: only its own side's numbers leave this file.

Of the partner a seat sees the offers it made, and posture and effort after slip and misreading; of an agent whose
tactic discloses its priorities, a ranking of the issues; never a worth, a limit or a payoff.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.workshop.pairs import DONE, ENDED, REVIEW, TALK, Pair, Played, other
from simulator.workshop.seats import Notes
from simulator.workshop.steps import identity, step_of
from simulator.workshop.views import (
    ChecklistView,
    ContestView,
    DealView,
    EnteredView,
    IssueView,
    OfferView,
    PairView,
    PreparationView,
    QuestionView,
    SeatView,
    SheetView,
    TurnView,
)

if TYPE_CHECKING:
    from simulator.workshop.room import Room
    from simulator.workshop.seats import Seat
    from simulator.workshop.values import Numbers

__all__ = ["INVEST", "bid_limit", "seat_view"]

INVEST = (0.0, 0.25, 0.5, 0.75, 1.0)  # shares of its surplus that a vendor may put back, where it decides that


def seat_view(room: Room, name: str, *, device: str | None = None) -> SeatView:
    """What a seat may see."""
    seat = room.seats[name]
    advised = room.seats.get(seat.advises or "")
    if room.phase == "play" and seat.role == "adviser" and advised is not None and advised.status == "here":
        shown = seat_view(room, advised.id)
        return replace(
            shown,
            seat=seat.id,
            name=seat.name,
            role="adviser",
            asked=False,
            acts=False,
            devices=len(seat.devices),
            checklist=None,  # notes are their writer's alone
        )
    step, asked = step_of(room, seat)
    pair = room.pair_of(seat)
    side = seat.side
    level = 0 if pair is None else pair.level
    return SeatView(
        seat=seat.id,
        name=seat.name,
        role=seat.role,
        step=step,
        step_key=identity(room, seat, step),
        asked=asked,
        acts=device is None or device == seat.driver,
        devices=len(seat.devices),
        title=room.title,
        summary=room.scenario.summary,
        goal=room.scenario.workshop.goal,
        currency=room.scenario.currency,
        period_word=room.scenario.period,
        phase=room.phase,
        round=room.round,
        period=room.period,
        periods=None if room.plan.ends == "hidden" else room.periods,
        deadline=room.deadline,
        hard=room.hard,
        joined=len(room.players()),
        sheet=None if side is None or seat.role == "observer" else _sheet(room, side, level),
        preparation=_preparation(room, seat),
        contest=_contest(room, seat),
        pair=None if pair is None else _pair(room, pair, seat),
        history=_history(room, seat),
        questions=_questions(room, seat),
        checklist=_checklist(room, seat) if step == "observe" else None,
        reveals=tuple(room.revealed),
        pairs=tuple(pair.number for pair in room.of_round() if pair.alive) if step == "observe" else (),
    )


def option_label(option: Any) -> str:
    """An option as it is shown: numbers without a needless tail."""
    return f"{option:g}" if isinstance(option, float) else str(option)


def _issues(numbers: Numbers, side: str) -> tuple[IssueView, ...]:
    """The scoring table of a side; the same at every level."""
    if numbers.given:
        return ()
    if ("issues", side) not in numbers.memo:
        from simulator.bargaining.deals import issue_options, issue_worths

        views = []
        for issue in numbers.scenario.issue:
            options = issue_options(issue)
            worths = issue_worths(getattr(issue, side), options)
            labels = tuple(option_label(option) for option in options)
            views.append(
                IssueView(issue.name, issue.unit, labels, tuple(float(w) for w in worths), int(np.argmax(worths)))
            )
        numbers.memo["issues", side] = tuple(views)
    found: tuple[IssueView, ...] = numbers.memo["issues", side]
    return found


def _sheet(room: Room, side: str, level: int) -> SheetView:
    numbers, scenario = room.numbers, room.scenario
    key = ("sheet", side, level)
    if key in numbers.memo:
        known: SheetView = numbers.memo[key]
        return known
    own, partner = scenario.party(side), scenario.party(other(side))
    serve, helps = scenario.delivery.vendor, scenario.delivery.client
    mine, theirs = (serve, helps) if side == "vendor" else (helps, serve)
    given: tuple[tuple[float, ...], ...] = ()
    if numbers.given:
        stages = numbers.period.stages
        table = stages.vendor[level, 0] if side == "vendor" else stages.client[level, 0].T
        given = tuple(tuple(float(payoff) for payoff in row) for row in table)
    sheet = SheetView(
        side=side,
        name=own.name,
        partner=partner.name,
        brief=own.brief,
        outside=own.outside_option,
        switching_cost=getattr(scenario.relationship.switching_cost, side),
        base=getattr(scenario.base, side) + (scenario.level_worth(level) if side == "client" else 0.0),
        issues=_issues(numbers, side),
        effort_cost=mine.cost,
        effort_benefit=theirs.benefit,
        needs=serve.needs if side == "vendor" and serve.starved < 1 and not numbers.given else None,
        postures=numbers.postures[side] if numbers.given else (),
        partner_postures=numbers.postures[other(side)],
        payoffs=given,
        rounds=scenario.negotiation.rounds,
        round_cost=scenario.negotiation.round_cost,
        first_offer=scenario.negotiation.first_offer,
    )
    numbers.memo[key] = sheet
    return sheet


def deal_view(numbers: Numbers, side: str, level: int, deal: int | None) -> DealView | None:
    """A package with its worth to one side."""
    if deal is None:
        return None
    key = ("deal", side, level, deal)
    if key in numbers.memo:
        known: DealView = numbers.memo[key]
        return known
    space, picked = numbers.space(level), numbers.options(level, deal)
    labels = tuple(option_label(options[i]) for options, i in zip(space.options, picked, strict=True))
    view = DealView(picked, labels, float(space.worth(side)[deal]))
    numbers.memo[key] = view
    return view


def _turn(room: Room, turn: Played, side: str) -> TurnView:
    numbers, partner = room.numbers, other(side)
    seen = turn.saw[side]
    delivered = turn.agreed and not numbers.given
    effort = numbers.seen_effort(side, turn.posture[partner], seen, turn.effort[partner]) if delivered else None
    return TurnView(
        period=turn.period,
        level=room.scenario.levels[turn.level],
        starved=turn.starved,
        deal=deal_view(numbers, side, turn.level, turn.deal),
        agreed=turn.agreed,
        rounds=turn.rounds,
        effort=turn.effort[side] if delivered else None,
        posture=numbers.postures[side][turn.posture[side]],
        partner_effort=effort,
        partner_posture=numbers.postures[partner][seen],
        payoff=turn.payoff[side],
        outside=numbers.outside[side],
        invested=turn.invested if side == "vendor" else None,
        again=turn.again[side],
    )


def _history(room: Room, seat: Seat) -> tuple[TurnView, ...]:
    if room.phase == "closed":
        return ()
    found: list[TurnView] = []
    for number in seat.pairs:
        pair = room.pairs[number]
        if pair.round == room.round:
            side = pair.side_of(seat.id)
            found += [_turn(room, turn, side) for turn in pair.turns]
    return tuple(found)


def _pair(room: Room, pair: Pair, seat: Seat) -> PairView:
    numbers, scenario = room.numbers, room.scenario
    side = pair.side_of(seat.id)
    partner = other(side)
    own, across = pair.chairs[side], pair.chairs[partner]
    offers = _offers(numbers, pair, side)
    talking = pair.step == TALK and pair.talks is not None
    my_turn = side in pair.turn_of()
    settled = pair.step in (REVIEW, DONE, ENDED) and pair.turns and pair.turns[-1].period == room.period
    across_seat = None if across.seat is None else room.seats[across.seat]
    return PairView(
        number=pair.number,
        partner_name="" if across_seat is None or across.agent is not None else across_seat.name,
        partner_is_agent=across.agent is not None,
        level=pair.level,
        level_name=scenario.levels[pair.level],
        starved=pair.starved,
        mode=pair.mode if room.phase == "play" else room.mode_of(pair),
        round=1 if pair.talks is None else pair.talks.round + 1,
        rounds=scenario.negotiation.rounds,
        my_turn=my_turn,
        offers=offers,
        standing=offers[-1] if talking and my_turn and offers and not offers[-1].mine else None,
        entered=_entered(numbers, pair, side),
        disputed=pair.disputed,
        deal=deal_view(numbers, side, pair.talks_level, pair.deal),
        agreed=pair.agreed,
        efforts=numbers.efforts(side),
        invest=INVEST if pair.asks_invest(side, numbers) else (),
        partner_priorities=_priorities(numbers, pair, partner),
        result=_turn(room, pair.turns[-1], side) if settled else None,
        again=own.again,
        again_answered=own.again_answered,
        asks_stay=pair.asks_stay,
        stays=own.stays,
        ended=_ended(pair.reason, side),
    )


def _offers(numbers: Numbers, pair: Pair, side: str) -> tuple[OfferView, ...]:
    if pair.talks is None:
        return ()
    found = []
    for number, (k, who, deal) in enumerate(pair.talks.made, start=1):
        view = deal_view(numbers, side, pair.talks_level, deal)
        if view is not None:
            found.append(OfferView(number, k + 1, who == side, view))
    return tuple(found)


def _entered(numbers: Numbers, pair: Pair, side: str) -> EnteredView | None:
    entry = pair.entry
    if entry is None:
        return None
    return EnteredView(
        mine=entry.side == side,
        deal=deal_view(numbers, side, pair.talks_level, entry.deal),
        first_offer=deal_view(numbers, side, pair.talks_level, entry.first_offer),
        first_offer_mine=None if entry.first_offer_by is None else entry.first_offer_by == side,
    )


def _priorities(numbers: Numbers, pair: Pair, partner: str) -> tuple[str, ...]:
    """The partner's issues from the dearest down: only its ranking, and only where an agent's tactic discloses it."""
    chair = pair.chairs[partner]
    if pair.step != TALK or pair.mode != "type" or chair.agent is None or chair.posture is None:
        return ()
    if not numbers.tactics[partner][chair.posture].discloses:
        return ()
    spans = [(max(issue.worths) - min(issue.worths), issue.name) for issue in _issues(numbers, partner)]
    return tuple(name for _, name in sorted(spans, key=lambda item: -item[0]))


def _ended(reason: str, side: str) -> str:
    """Why it ended, as the side says it."""
    who, _, what = reason.partition("-")
    if who not in ("vendor", "client"):
        return reason
    return f"{'you' if who == side else 'they'}-{what}"


def _preparation(room: Room, seat: Seat) -> PreparationView | None:
    form = seat.forms.get(room.round)
    if form is None:
        return None
    return PreparationView(form["outside"], form["target"], form["first_offer"], form["guess"])


def _contest(room: Room, seat: Seat) -> ContestView | None:
    group = room.group_of(seat)
    if group is None:
        return None
    kind, bidder = room.plan.contest, group.bidder(seat.id)
    own = None if bidder is None else group.bidders.index(bidder)
    decided = group.winner is not None and own is not None
    won = group.winner == own if decided else None
    bid = None if bidder is None else bidder.bid
    spent = decided and bid is not None and (kind == "effort" or bool(won))
    return ContestView(
        kind=kind,
        group=group.number,
        bidders=len(group.bidders),
        limit=0.0 if own is None else bid_limit(room),
        bid=bid,
        chance=group.chances[own] if decided and own is not None else None,
        won=won,
        burned=float(bid) if spent and bid is not None else 0.0,
        choice=seat.choice,
        advisable=group.winner is not None and group.bidders[group.winner].seat is not None,
    )


def bid_limit(room: Room) -> float:
    """The largest bid: more than the best relationship can bring."""
    return room.numbers.bid_limit * room.plan.periods


def _questions(room: Room, seat: Seat) -> tuple[QuestionView, ...]:
    if room.phase not in ("predict", "debrief"):
        return ()
    answers = room.bets.get((room.round, seat.id), {})
    return tuple(QuestionView(key, low, high, answers.get(key)) for key, (low, high) in room.questions.items())


def _checklist(room: Room, seat: Seat) -> ChecklistView:
    notes = Notes() if seat.watched is None else seat.notes.get(seat.watched, Notes())
    return ChecklistView(
        items=room.checklist,
        noted=tuple(pair for round_, pair in seat.notes if round_ == room.round),
        open=seat.watched is not None,
        pair=None if seat.watched is None else seat.watched[1],
        marks=dict(notes.marks),
        note=notes.note,
    )
