"""Who captured what, and what stayed on the table: per pair and for the class, against the first best."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.workshop.debrief.account import Account, ClassAccount
from simulator.workshop.debrief.amounts import Unit, adding_up, unit_of
from simulator.workshop.debrief.loss import Loss, loss_of
from simulator.workshop.debrief.spoken import listed, noun, percent, sentence
from simulator.workshop.words import Words

__all__ = [
    "Said",
    "captured_sentences",
    "class_percents",
    "headline_sentences",
    "loss_sentences",
    "ranked",
    "said_totals",
]

NAMES = ("shorter", "poorer", "switching")  # causes of what is missing, in the order of `Loss.parts`


def ranked(account: ClassAccount) -> list[Account]:
    """The first pairs, then those that were matched anew; in each group those first that made most of the possible."""

    def share(one: Account) -> float:
        return one.created / one.possible if one.possible > 0 else one.created

    return sorted(account.accounts, key=lambda one: (not one.first, -share(one), one.pair.number))


def class_percents(account: ClassAccount) -> tuple[int, int, int] | None:
    """Per cent of the possible value: captured by vendors, by clients, left on the table; they add up to 100."""
    if account.possible <= 0:
        return None
    left = round(100 * account.left / account.possible)
    parts = [100 * part / account.possible for part in (account.vendor, account.client)]
    _, (vendor, client) = adding_up(100 - left, parts, Unit("%", 1.0, 0))
    return int(vendor), int(client), left


def money_of(account: ClassAccount) -> Unit:
    """The unit of the class's totals."""
    return unit_of([account.possible, account.created, account.vendor, account.client], account.scenario.currency)


@dataclass(frozen=True)
class Said:
    """The class's totals as they are said, rounded so that all of them add up in every sentence and chart."""

    unit: Unit
    possible: float
    created: float
    left: float
    vendor: float
    client: float
    causes: tuple[float, float, float]


def said_totals(account: ClassAccount, loss: Loss | None = None) -> Said:
    """Round possible = created + left, created = vendor + client, and left = shorter + poorer + switching."""
    unit = money_of(account)
    possible, (created, left) = adding_up(account.possible, [account.created, account.left], unit)
    _, (vendor, client) = adding_up(created, [account.vendor, account.client], unit)
    _, (shorter, poorer, switching) = adding_up(left, (loss or loss_of(account)).parts, unit)
    return Said(unit, possible, created, left, vendor, client, (shorter, poorer, switching))


def made(account: ClassAccount, say: Words) -> str:
    """How much was possible and how much was made, in one sentence; the difference is what is said to be missing."""
    totals, pairs = said_totals(account), len(account.first)
    unit, possible, created, left = totals.unit, totals.possible, totals.created, totals.left
    values = {
        "count": pairs,
        "pairs": noun(say, "pair", pairs),
        "possible": unit.said(possible),
        "made": unit.bare(created),
        "made_unit": unit.said(created),
        "lost": unit.said(-created),
        "left": unit.said(abs(left)),
    }
    if account.possible <= unit.least:
        key = "nothing_possible"
    elif created < 0:
        key = "negative"
    elif created == 0:
        key = "nothing"
    elif left == 0:
        key = "everything"
    else:
        key = "made" if left > 0 else "more"
    return sentence(say, f"debrief.captured.{key}", **values)


def captured_sentences(account: ClassAccount, say: Words) -> list[str]:
    """What the bars say."""
    said = [made(account, say)]
    parts = class_percents(account)
    if parts is not None:
        vendor, client, left = parts
        if min(parts) >= 0:
            said.append(say("debrief.captured.split", vendor=vendor, client=client, left=left))
        elif min(vendor, client) < 0 and account.created > 0:
            side = "vendor" if vendor < 0 else "client"
            lost = unit_of([account.vendor, account.client], account.scenario.currency)
            said.append(say(f"debrief.captured.{side}_lost", lost=lost.said(-min(account.vendor, account.client))))
    order = [one for one in ranked(account) if one.possible > 0 and one.first]
    if len(order) > 1:
        best, worst = order[0], order[-1]
        shares = best.created / best.possible, worst.created / worst.possible
        if percent(shares[0]) != percent(shares[1]):
            said.append(
                say(
                    "debrief.captured.range",
                    best=best.pair.number,
                    best_share=percent(shares[0]),
                    worst=worst.pair.number,
                    worst_share=percent(shares[1]),
                )
            )
    return said


def headline_sentences(account: ClassAccount, say: Words) -> list[str]:
    """How much was made of what was possible and the largest cause of what is missing, in one sentence."""
    first = made(account, say)
    totals = said_totals(account)
    lost = [cause for cause in _causes(account) if cause.value > 0]
    if totals.left < totals.unit.least or not lost:
        return [first]
    missing = totals.unit.bare(totals.left)
    if lost[0].value >= totals.left:
        amount = say("debrief.headline.all", missing=missing)
    else:
        amount = say("debrief.headline.of", amount=totals.unit.bare(lost[0].value), missing=missing)
    cause = _words(account, lost[0], amount, say)
    return [say("debrief.headline.whole", made=first.removesuffix("."), cause=cause)]


def loss_sentences(account: ClassAccount, say: Words) -> list[str]:
    """Why what is missing is missing, in numbers that add up as they are said; else how much was made."""
    totals, causes = said_totals(account), _causes(account)
    lost, gained = [one for one in causes if one.value > 0], [one for one in causes if one.value < 0]
    if totals.left < totals.unit.least or not lost:
        return [made(account, say)]
    missing, period = totals.unit.said(totals.left), account.scenario.period
    if len(lost) == 1 and not gained:
        values = {"count": account.broken, "pairs": noun(say, "pair", account.broken)}
        return [sentence(say, f"debrief.loss.all_{lost[0].name}", missing=missing, period=period, **values)]

    def told(some: list[Cause]) -> str:
        return listed(say, [_words(account, one, totals.unit.bare(abs(one.value)), say) for one in some])

    key, gains = ("of_but", told(gained)) if gained else ("of", "")
    return [sentence(say, f"debrief.loss.{key}", missing=missing, causes=told(lost), gains=gains)]


@dataclass(frozen=True)
class Cause:
    """A cause of what is missing: the name of its message, and its amount as it is said."""

    name: str
    value: float


def _causes(account: ClassAccount) -> list[Cause]:
    """The causes that are large enough to be said, the largest first."""
    totals = said_totals(account)
    found = []
    for name, value in sorted(zip(NAMES, totals.causes, strict=True), key=lambda cause: -abs(cause[1])):
        if abs(value) >= totals.unit.least:
            found.append(Cause("later" if name == "shorter" and not account.broken else name, value))
    return found


def _words(account: ClassAccount, cause: Cause, amount: str, say: Words) -> str:
    count = account.broken
    return say(
        f"debrief.loss.{cause.name}_{'lost' if cause.value > 0 else 'gained'}",
        count=count,
        pairs=noun(say, "pair", count),
        amount=amount,
        period=account.scenario.period,
    )
