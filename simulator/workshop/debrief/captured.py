"""Who captured what, and what stayed on the table: per pair and for the class, against the first best."""

from __future__ import annotations

from simulator.workshop.debrief.account import Account, ClassAccount
from simulator.workshop.debrief.amounts import Unit, adding_up, percents, unit_of
from simulator.workshop.debrief.spoken import noun, percent, sentence
from simulator.workshop.words import Words

__all__ = ["captured_sentences", "class_percents", "ranked", "share_left"]


def ranked(account: ClassAccount) -> list[Account]:
    """The pairs, those first that created most of what they could.

    Pairs that began later had less time, so they are compared by the share and not by the amount.
    """

    def share(one: Account) -> float:
        return one.created / one.possible if one.possible > 0 else one.created

    return sorted(account.accounts, key=lambda one: (-share(one), one.pair.number))


def share_left(account: ClassAccount) -> float | None:
    """Share of the possible value that the class left on the table; None where nothing was possible."""
    return account.left / account.possible if account.possible > 0 else None


def class_percents(account: ClassAccount) -> tuple[int, int, int] | None:
    """Per cent of the possible value: captured by vendors, by clients, left on the table; they add up to 100."""
    if account.possible <= 0:
        return None
    vendor, client, left = percents(
        [part / account.possible for part in (account.vendor, account.client, account.left)]
    )
    return vendor, client, left


def money_of(account: ClassAccount) -> Unit:
    """The unit of the class's totals."""
    return unit_of([account.possible, account.created, account.vendor, account.client], account.scenario.currency)


def made(account: ClassAccount, say: Words) -> str:
    """How much was possible and how much was made, in one sentence; the difference is what is said to be missing."""
    unit, pairs = money_of(account), len(account.first)
    possible, (created, left) = adding_up(account.possible, [account.created, account.left], unit)
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
    order = [one for one in ranked(account) if one.possible > 0]
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


def loss_sentences(account: ClassAccount, parts: tuple[float, float, float], say: Words) -> list[str]:
    """How much is missing, and why, in numbers that add up as they are said."""
    unit = money_of(account)
    _, said = adding_up(account.possible, [account.created, *parts], unit)
    left = sum(said[1:])
    first = made(account, say)
    if abs(left) < unit.least:
        return [first]
    causes = sorted(zip(("shorter", "poorer", "switching"), said[1:], strict=True), key=lambda cause: -cause[1])
    count = account.broken
    pairs = noun(say, "pair", count)

    def cause(name: str, value: float) -> str:
        key = name if name != "shorter" or count else "later"
        return say(
            f"debrief.loss.{key}_{'lost' if value > 0 else 'gained'}",
            count=count,
            pairs=pairs,
            amount=unit.bare(abs(value)),
            period=account.scenario.period,
        )

    lost = [cause(name, value) for name, value in causes if value > unit.least and left > 0]
    gained = [cause(name, value) for name, value in causes if value < -unit.least and left > 0]
    if left < 0:
        return [first]
    sentences = [first]
    missing = unit.said(left)
    if len(lost) == 1 and not gained:
        key = next(name for name, value in causes if value > unit.least)
        key = key if key != "shorter" or count else "later"
        sentences.append(
            sentence(
                say,
                f"debrief.loss.all_{key}",
                count=count,
                pairs=pairs,
                missing=missing,
                period=account.scenario.period,
            )
        )
    elif lost:
        from simulator.workshop.debrief.spoken import listed

        sentences.append(sentence(say, "debrief.loss.of", missing=missing, causes=listed(say, lost)))
        if gained:
            sentences.append(sentence(say, "debrief.loss.but", gains=listed(say, gained)))
    return sentences
