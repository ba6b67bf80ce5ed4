"""A seat's own sheet: its results, its path through the levels, and one thing to take home.

It holds what the seat knew anyway, what the others on its side captured, and of the pair what it made of what it could.
The partner's outside option, worths and payoffs are not in it, nor anything from which they follow: a share of what the
pair created would give the partner's result away.
"""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass

from simulator.bargaining.deals import deal_space
from simulator.markup import Markup, tag
from simulator.workshop.debrief.account import Account, ClassAccount, account_of, rounds_of
from simulator.workshop.debrief.amounts import unit_of
from simulator.workshop.debrief.spoken import discounted, noun, percent, sentence, tidy
from simulator.workshop.record import Pair, Record, Turn
from simulator.workshop.words import Words, words

__all__ = ["Sheet", "SheetPeriod", "sheet_html", "sheet_of"]

LITTLE = 0.4  # of what was created: a share below this is little
COMPARED = 3  # others on the same side, at least, to compare with
NEARLY = 0.95  # of what was possible: this is nearly all


@dataclass(frozen=True)
class SheetPeriod:
    """A period as the seat saw it."""

    period: int
    level: str
    deal: str
    payoff: float
    above_outside: float


@dataclass(frozen=True)
class Sheet:
    """One relationship of a seat.

    Attributes
    ----------
    name, side, party : str
        Shown name of the seat, "vendor" or "client", and whom it played.
    pair, round : int
        Which relationship.
    periods : tuple of SheetPeriod
        Its periods.
    captured : float
        What the seat captured: above its outside option, discounted, switching cost taken off.
    others : float or None
        Median of what the others on its side captured in the round; None where there are too few to compare with.
    made, room : float or None
        What the pair and the whole room made of what was possible.
    take_home : str
        One sentence to take home, computed from the pair's largest loss.
    """

    name: str
    side: str
    party: str
    pair: int
    round: int
    periods: tuple[SheetPeriod, ...]
    captured: float
    others: float | None
    made: float | None
    room: float | None
    take_home: str


def sheet_of(record: Record, seat: str, *, say: Words | None = None) -> list[Sheet]:
    """The relationships of a seat in both rounds; empty where it had none."""
    say = words() if say is None else say
    found = []
    for round_ in rounds_of(record):
        account = account_of(record, round_)
        for one in account.accounts:
            for side in ("vendor", "client"):
                if getattr(one.pair, f"{side}_seat") == seat:
                    found.append(_sheet(account, one, side, record.seats.get(seat, ""), say))
    return found


def _sheet(account: ClassAccount, one: Account, side: str, name: str, say: Words) -> Sheet:
    own = one.vendor if side == "vendor" else one.client
    return Sheet(
        name=name,
        side=side,
        party=account.scenario.party(side).name,
        pair=one.pair.number,
        round=account.round,
        periods=tuple(_period(account, turn, side, say) for turn in one.pair.turns),
        captured=own,
        others=_others(account, one, side),
        made=one.created / one.possible if one.possible > 0 else None,
        room=account.created / account.possible if account.possible > 0 else None,
        take_home=_take_home(account, one, side, say),
    )


def _others(account: ClassAccount, one: Account, side: str) -> float | None:
    captured = [getattr(other, side) for other in account.accounts if other is not one]
    return statistics.median(captured) if len(captured) >= COMPARED else None


def _period(account: ClassAccount, turn: Turn, side: str, say: Words) -> SheetPeriod:
    scenario = account.scenario
    payoff = turn.vendor_payoff if side == "vendor" else turn.client_payoff
    posture = turn.vendor_posture if side == "vendor" else turn.client_posture
    if not turn.agreed:
        deal = say("debrief.sheet.no_deal")
    elif turn.deal is None:
        deal = scenario.postures(side)[posture]
    else:
        deal = ", ".join(_option(value) for value in turn.deal.values())
    return SheetPeriod(
        period=turn.period + 1,
        level=scenario.levels[turn.level],
        deal=deal,
        payoff=payoff,
        above_outside=payoff - scenario.party(side).outside_option,
    )


def _option(value: object) -> str:
    return tidy(float(value)) if isinstance(value, int | float) else str(value)


def losses_of(account: ClassAccount, pair: Pair) -> dict[str, float]:
    """Where the value of a pair went, money of its periods: no deal, a worse deal, efforts held back, and so on.

    Measured against the best deal and full delivery at the level of each period; periods that were not played count
    with the best that the last level played allows.
    """
    scenario = account.scenario
    lost = dict.fromkeys(("none", "deal", "effort", "early", "play", "invested"), 0.0)
    outside = scenario.vendor.outside_option + scenario.client.outside_option
    best = 0.0
    for turn in pair.turns:
        gain = turn.vendor_payoff + turn.client_payoff + turn.invested - outside
        if scenario.payoffs is not None:
            best = _best_of_game(account, turn.level)
            lost["play"] += best - gain
            continue
        space = deal_space(scenario, level=turn.level)
        worth = float((space.vendor + space.client).max()) - outside
        full = _delivered(account, 1.0, 1.0)
        best = worth + full - 2 * scenario.negotiation.round_cost
        if not turn.agreed or turn.deal is None:
            lost["none"] += best - gain
            continue
        index = space.index(turn.deal)
        lost["deal"] += worth - (float(space.vendor[index] + space.client[index]) - outside)
        lost["effort"] += full - _delivered(account, turn.vendor_effort, turn.client_effort)
        lost["invested"] += turn.invested - scenario.level_worth(turn.level)
    lost["invested"] = max(0.0, lost["invested"])
    last = pair.turns[-1].period
    if last + 1 < account.periods and account.record.plan.partners != "new":
        lost["early"] = max(0.0, best) * (account.periods - 1 - last)
    return lost


def _best_of_game(account: ClassAccount, level: int) -> float:
    from simulator.games.stages import compile_stages

    stages = compile_stages(account.scenario)
    outside = account.scenario.vendor.outside_option + account.scenario.client.outside_option
    return float((stages.vendor[level, 0] + stages.client[level, 0]).max()) - outside


def _delivered(account: ClassAccount, given: float, taken: float) -> float:
    delivery = account.scenario.delivery
    return (delivery.vendor.benefit - delivery.vendor.cost) * given + (
        delivery.client.benefit - delivery.client.cost
    ) * taken


def _take_home(account: ClassAccount, one: Account, side: str, say: Words) -> str:
    scenario, pair = account.scenario, one.pair
    own = one.vendor if side == "vendor" else one.client
    share = own / one.created if one.created > 1e-9 else None
    lost = losses_of(account, pair)
    if pair.reason == "churn":  # nothing to learn from what nobody chose, unless nothing else went wrong
        lost["churn"] = lost.pop("early")
        if any(value > 0.03 * one.possible for name, value in lost.items() if name != "churn"):
            lost["churn"] = 0.0
    cause, amount = max(lost.items(), key=lambda item: item[1])
    values: dict[str, object] = {
        "period": scenario.period,
        "played": noun(say, "period", one.length, period=scenario.period),
    }
    if own < 0 and cause not in ("none", "invested"):
        key = "below"
    elif one.possible > 0 and (one.created >= NEARLY * one.possible or amount < 0.03 * one.possible):
        key = "nearly" if share is None or share >= LITTLE else "nearly_little"
    elif share is not None and share < LITTLE and own > 0 and amount < 0.25 * math.fsum(lost.values()):
        key = "little"
    else:
        key = cause
    # No amounts: with what the pair made of the possible, they would give the partner's result away.
    return sentence(say, f"debrief.sheet.take.{key}", **values)


# -- as a page ---------------------------------------------------------------------------------------------------------


def sheet_html(sheets: list[Sheet], record: Record, *, say: Words | None = None) -> Markup:
    """The sheets as a piece of HTML: headings from level 2 on, a list of figures and a table each."""
    say = words() if say is None else say
    return Markup("".join(_html(sheet, record, say) for sheet in sheets))


def _html(sheet: Sheet, record: Record, say: Words) -> Markup:
    scenario = record.scenario
    unit = unit_of([sheet.captured, sheet.others or 0.0, *(one.payoff for one in sheet.periods)], scenario.currency)
    title = say("debrief.sheet.title", round=sheet.round, pair=sheet.pair, side=say(f"debrief.sheet.{sheet.side}"))
    figures = [("captured", unit.said(sheet.captured))]
    if sheet.others is not None:
        figures.append(("others", unit.said(sheet.others)))
    if sheet.made is not None and sheet.room is not None:
        figures += [("made", percent(sheet.made)), ("room", percent(sheet.room))]
    facts = Markup(
        "".join(
            tag("div", tag("dt", say(f"debrief.sheet.{name}", period=scenario.period)), tag("dd", value))
            for name, value in figures
        )
    )
    columns = ("period", "payoff", "above")
    said = {"period": scenario.period, "unit": unit.name or say("debrief.unit")}
    head = tag("tr", *(tag("th", say(f"debrief.sheet.column.{name}", **said), scope="col") for name in columns))
    later = scenario.discount < 1 and len(sheet.periods) > 1
    rows = []
    for one in sheet.periods:
        cells = {
            "period": str(one.period),
            "payoff": unit.bare(one.payoff),
            "above": unit.bare(one.above_outside),
        }
        # Level and deal stand in a row of their own: packages of five issues are wider than a phone.
        deal = f"{one.level}: {one.deal}" if len(scenario.levels) > 1 else one.deal
        rows.append(tag("tr", *(tag("td", cells[name]) for name in columns)))
        rows.append(tag("tr", tag("td", deal, colspan=len(columns)), **{"class": "deal"}))
    return tag(
        "section",
        tag("h2", title),
        tag("p", sheet.take_home, **{"class": "take-home"}),
        tag("dl", facts, **{"class": "facts"}),
        *([tag("p", discounted(say, scenario), **{"class": "soft"})] if later else []),
        tag("div", tag("table", tag("thead", head), tag("tbody", *rows)), **{"class": "scroll"}),
        **{"class": "own-sheet"},
    )
