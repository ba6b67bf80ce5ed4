"""What the contest for the clients cost: what winners spent, and what those who lost burned.

In a contest of effort everybody spends what it bids, so the losers' bids are burned. In a contest of price only the
winner pays, once, to the client: nothing is burned, money changes hands.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from simulator.workshop.debrief.account import ClassAccount
from simulator.workshop.debrief.amounts import unit_of
from simulator.workshop.debrief.spoken import noun, sentence
from simulator.workshop.words import Words

__all__ = ["Contest", "Group", "contest_of", "contest_sentences"]


@dataclass(frozen=True)
class Group:
    """The bids for one client."""

    number: int
    won: float
    lost: float
    bidders: int
    highest_won: bool


@dataclass(frozen=True)
class Contest:
    """The bids of a round, `kind` "effort" or "price"."""

    kind: str
    groups: tuple[Group, ...]

    @property
    def burned(self) -> float:
        """What those who lost spent; nothing where only the winner pays."""
        return math.fsum(group.lost for group in self.groups) if self.kind == "effort" else 0.0

    @property
    def won(self) -> float:
        """What the winners spent or gave away."""
        return math.fsum(group.won for group in self.groups)


def contest_of(account: ClassAccount) -> Contest | None:
    """The contest of a round; None where there was none."""
    bids = [bid for bid in account.record.bids if bid.round == account.round]
    kind = account.record.plan.contest
    if not bids or kind == "none":
        return None
    groups = []
    for number in sorted({bid.group for bid in bids}):
        own = [bid for bid in bids if bid.group == number]
        won = [bid.bid for bid in own if bid.won]
        highest = max(bid.bid for bid in own)
        groups.append(
            Group(
                number,
                math.fsum(won),
                math.fsum(bid.bid for bid in own if not bid.won),
                len(own),
                bool(won) and max(won) >= highest,
            )
        )
    return Contest(kind, tuple(groups))


def contest_sentences(account: ClassAccount, contest: Contest, say: Words) -> list[str]:
    """What the contest says."""
    groups, bidders = len(contest.groups), sum(group.bidders for group in contest.groups)
    spent = contest.won + contest.burned
    unit = unit_of([spent], account.scenario.currency)
    said = [
        sentence(
            say,
            f"debrief.contest.{contest.kind}",
            count=groups,
            bidders=noun(say, "bidder", bidders),
            clients=noun(say, "client", groups),
            all=unit.said(spent),
            burned=unit.said(contest.burned),
            won=unit.said(contest.won),
            period=account.scenario.period,
        )
    ]
    if contest.kind == "effort":
        wins = sum(group.highest_won for group in contest.groups)
        if groups > 1 or wins:
            said.append(say("debrief.contest.favourite", count=groups, wins=wins))
    return said
