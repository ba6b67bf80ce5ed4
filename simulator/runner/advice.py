"""A seller's own questions about a scenario and a real deal in it, each answered by a number and a sentence.

Am I still competing here? Does my client have reason to begrudge my share? Do we create enough to justify it? What does
my profit do for the client? Which of us is closer to leaving? What must I do at least? Besides: on what terms building
together lasts at all, and where it does not pay, that and why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulator.bargaining.deals import agreed_worth
from simulator.games.stages import Stages, begrudge_chances, compile_stages
from simulator.relationships.deviation import judged_scenario
from simulator.relationships.enforcement import Slack, slack
from simulator.relationships.exact import Relationship, relationship
from simulator.relationships.partnership import PartnershipZone, partnership_zone
from simulator.relationships.terms import (
    OverClaiming,
    TransferEffect,
    best_for_client,
    highest_posture,
    least_trust_periods,
    over_claiming,
    transfer_effect,
)
from simulator.scenario.schema import Scenario
from simulator.strategies.catalogue import FIELD

__all__ = ["Advice", "Answer", "advise"]

SMALL = 0.05  # money below which a difference is not worth a word


@dataclass(frozen=True)
class Answer:
    """One question, its number with unit, and the answer in a sentence.

    `number` stands between `low` and `high`, the ends of its natural scale; `limit` is the value at which the answer
    changes, None where there is none.
    """

    name: str
    question: str
    number: float
    unit: str
    sentence: str
    low: float
    high: float
    limit: float | None = None


@dataclass(frozen=True, eq=False)
class Advice:
    """What a scenario advises; made by `advise`.

    Attributes
    ----------
    verdict : str
        Whether building together pays and lasts here, and why or why not.
    answers : tuple of Answer
        The seller's questions about the deal; empty where payoffs are given directly.
    zone : PartnershipZone or None
        Where the deal lies; None where payoffs are given directly.
    highest_posture : str or None
        The most cooperative posture that enforces itself.
    over_claiming : OverClaiming
        What claiming hard is worth against building.
    client_best : float or None
        The value of the transferable issue, within the zone, that is best for the client itself.
    trust_periods : int or None
        The fewest careful periods among strangers.
    terms : tuple of str
        The last four in sentences.
    """

    scenario: Scenario
    verdict: str
    answers: tuple[Answer, ...]
    zone: PartnershipZone | None
    highest_posture: str | None
    over_claiming: OverClaiming
    client_best: float | None
    trust_periods: int | None
    terms: tuple[str, ...]


def advise(scenario: Scenario, *, deal: Mapping[str, Any] | None = None) -> Advice:
    """Place a real deal in the zone of partnership and answer a seller's questions about it.

    Parameters
    ----------
    scenario : Scenario
        Any scenario; the questions about a deal need one with issues.
    deal : mapping, optional
        ``{issue: option}``; absent: the deal in force, or what the cooperating tactics agree on.

    Returns
    -------
    Advice

    Raises
    ------
    SimulatorError
        When there is no such deal, or nothing makes the future finite.

    Examples
    --------
    >>> import simulator as ns
    >>> advice = ns.advise(ns.load_scenario("saas-renewal"), deal={"price": 95, "support": "priority"})
    >>> [answer.name for answer in advice.answers][:2]
    ['competing', 'begrudging']
    """
    judged = judged_scenario(scenario, known_end=False)
    if scenario.payoffs is not None:
        zone, settled, answers = None, judged, ()
    else:
        zone = partnership_zone(scenario, deal=deal)
        settled = judged.replace({"deal": zone.current.deal})
        answers = tuple(_Seller(settled, zone).answers())
    posture = highest_posture(settled)
    claiming = over_claiming(settled)
    best = None
    if zone is not None and zone.issue is not None and zone.interval is not None:
        best = best_for_client(settled, zone.current.deal, zone.issue, zone.interval)
    trust = least_trust_periods(settled)
    name = None if posture is None else scenario.postures("vendor")[posture]
    return Advice(
        scenario=scenario,
        verdict=_verdict(settled, zone),
        answers=answers,
        zone=zone,
        highest_posture=name,
        over_claiming=claiming,
        client_best=best,
        trust_periods=trust,
        terms=tuple(_terms(settled, zone, posture, claiming, best, trust)),
    )


class _Seller:
    """The questions about one deal, answered from the stage game at the lowest level and from the chain."""

    def __init__(self, settled: Scenario, zone: PartnershipZone) -> None:
        self.scenario, self.zone = settled, zone
        self.stages: Stages = compile_stages(settled)
        self.unit = f"{settled.currency} per {settled.period}".strip()
        outside = (settled.vendor.outside_option, settled.client.outside_option)
        self.gains = (
            float(self.stages.vendor[0, 0, -1, -1]) - outside[0],
            float(self.stages.client[0, 0, -1, -1]) - outside[1],
        )
        worth = agreed_worth(settled, 0) or (0.0, 0.0)
        self.deal_gains = (worth[0] - outside[0], worth[1] - outside[1])

    def answers(self) -> Iterator[Answer]:
        """The six answers, in the order in which a seller asks."""
        yield self._competing()
        yield self._begrudging()
        yield self._justified()
        effect = self._transfer()
        if effect is not None:
            yield self._profit(effect)
        yield self._closer()
        yield self._least()

    def _money(self, value: float, digits: int = 1) -> str:
        return f"{value:,.{digits}f} {self.scenario.currency}".strip()

    def _competing(self) -> Answer:
        own, other = self.deal_gains
        fair = self.scenario.relationship.fair_share
        limit = fair + 0.1
        if own + other <= 0:
            share, said = (
                float("nan"),
                "There is no gain to share in this deal: one of you would be better off without it.",
            )
        else:
            share = own / (own + other)
            said = f"You take {share:.0%} of what the deal itself brings the two of you above your outside options. "
            if share > limit:
                said += f"Yes: above {limit:.0%} that reads as still competing, and a client answers in kind."
            else:
                said += f"No: up to {limit:.0%} that reads as building."
        return Answer("competing", "Am I still competing here?", share, "share of the deal's gain", said, 0, 1, limit)

    def _begrudging(self) -> Answer:
        created, fair = sum(self.gains), self.scenario.relationship.fair_share
        chance = float(begrudge_chances(self.stages)["client"][0, 0, -1, -1])
        question = "Does my client have reason to begrudge my share?"
        if created <= 0:
            return Answer(
                "begrudging", question, float("nan"), "client's share", "There is no gain to begrudge.", 0, 1, fair
            )
        share = self.gains[1] / created
        period = self.scenario.period
        said = f"Once both deliver, your client keeps {share:.0%} of the {self._money(created)} you create a {period}. "
        if share >= fair:
            said += f"No: that is at least the {fair:.0%} it thinks fair."
        elif chance == 0:
            said += f"It thinks {fair:.0%} fair, but here nobody leaves for that."
        else:
            said += f"Yes: it thinks {fair:.0%} fair and leaves over it with {chance:.0%} a {period}."
        return Answer("begrudging", question, share, "client's share of what is created", said, 0, 1, fair)

    def _justified(self) -> Answer:
        own, other = self.gains
        created, period = own + other, self.scenario.period
        said = (
            f"You keep {self._money(own)} a {period} above your outside option, out of {self._money(created)} created; "
        )
        if other >= 0 and created > 0:
            said += f"your client is {self._money(other)} better off for having chosen you. Yes."
        elif created > 0:
            said += (
                f"your client is {self._money(-other)} worse off than elsewhere. No: you claim more than you create."
            )
        else:
            said += "together you are worse off than apart. No."
        top = max(abs(created), abs(own), 1e-9)
        return Answer("justified", "Do I create enough to justify it?", own, self.unit, said, -top, top, created)

    def _transfer(self) -> TransferEffect | None:
        if self.zone.issue is None:
            return None
        return transfer_effect(self.scenario, self.zone.current.deal, self.zone.issue, 1.0)

    def _profit(self, effect: TransferEffect) -> Answer:
        one, period = self._money(1, 0), self.scenario.period
        said = f"{one} less for you each {period} changes what your client has by {self._money(effect.client, 2)} a {period}"
        if effect.client < 0:
            said += ": it loses by taking it, since you could serve and invest less, or would leave sooner."
        elif effect.client < effect.unit * 0.95:
            said += f", not by the {one} itself: the rest is lost to poorer service, less growth or an earlier end."
        else:
            said += ": all of it. Your profit does nothing for this client."
        top = max(1.0, abs(effect.client))
        question = f"What does my profit do for the client, and {one} less of it?"
        return Answer("profit", question, effect.client, f"{self.unit}, for {one} moved", said, -top, top, 0.0)

    def _closer(self) -> Answer:
        question = "Which of us is closer to leaving?"
        current, issue, interval = self.zone.current, self.zone.issue, self.zone.interval
        if current.holds and issue is not None and interval is not None:
            value, (low, high) = float(current.deal[issue]), interval
            place = (value - low) / (high - low) if high > low else 0.5
            terms = next(one for one in self.scenario.issue if one.name == issue)
            # Which end is whose: the vendor leaves below the zone where it gains from a higher value.
            rising = getattr(terms.vendor, "per_unit", 1.0) > 0
            to_vendor, to_client = (value - low, high - value) if rising else (high - value, value - low)
            nearer = "you" if to_vendor < to_client else "your client"
            said = (
                f"{issue} {value:g} lies {to_vendor:,.1f} from the end where you would be better off breaking it, and "
                f"{to_client:,.1f} from your client's end ({low:,.1f} to {high:,.1f}): {nearer}."
            )
            return Answer(
                "closer", question, value, terms.unit or issue, said, low, high, value if place == 0.5 else None
            )
        slacks = (current.vendor.money, current.client.money)
        nearer = "you" if slacks[0] < slacks[1] else "your client"
        said = (
            f"Going on is worth {self._money(slacks[0])} more to you than the best way of breaking it, and "
            f"{self._money(slacks[1])} to your client: {nearer}."
        )
        if min(slacks) < 0:
            said += f" {'You' if slacks[0] < 0 else 'Your client'} would gain by breaking it now."
        top = max(abs(slacks[0]), abs(slacks[1]), 1e-9)
        return Answer("closer", question, min(slacks), self.scenario.currency or "money", said, -top, top, 0.0)

    def _least(self) -> Answer:
        question, scenario = "What must I do at least?", self.scenario
        posture = highest_posture(scenario)
        names = scenario.postures("vendor")
        if posture is None:
            said = "Nothing you can promise enforces itself at this deal; change the deal first."
            return Answer("least", question, 0, "posture", said, 0, max(len(names) - 1, 1))
        said = f"Keep to at least '{names[posture]}': it is the most that enforces itself at this deal"
        issue, interval = self.zone.issue, self.zone.interval
        if issue is not None and interval is not None:
            said += f", with {issue} between {interval[0]:,.1f} and {interval[1]:,.1f}"
        tempting: Slack = slack(scenario, "client", len(names) - 1, len(names) - 1)
        said += f". Your client's own best way out is to {_way(tempting.temptation)}."
        return Answer("least", question, posture, "posture, from the most competitive", said, 0, max(len(names) - 1, 1))


def _way(temptation: str) -> str:
    return "leave" if temptation == "leave" else f"play '{temptation}' once and be left"


def _terms(
    settled: Scenario,
    zone: PartnershipZone | None,
    posture: int | None,
    claiming: OverClaiming,
    best: float | None,
    trust: int | None,
) -> Iterator[str]:
    period, currency = settled.period, settled.currency
    if posture is None:
        yield "No posture enforces itself when both keep to it: each time one side gains by breaking away."
    else:
        yield f"The most cooperative posture that enforces itself is '{settled.postures('vendor')[posture]}'."
    amounts = f"{claiming.claiming:,.1f} against {claiming.building:,.1f} {currency} a {period}".replace("  ", " ")
    if claiming.breakeven is not None:
        yield (
            f"Claiming hard from a client that always builds captures {amounts} for building; the two are equal where "
            f"relationship.begrudge is {claiming.breakeven:.3g} (it is {settled.relationship.begrudge:g})."
        )
    elif claiming.pays:
        yield f"Claiming hard from a client that always builds pays however much it begrudges: {amounts} for building."
    else:
        yield f"Claiming hard from a client that always builds never pays here: {amounts} for building."
    if best is not None and zone is not None and zone.interval is not None:
        low, high = zone.interval
        terms = next(one for one in settled.issue if one.name == zone.issue)
        cheapest = low if getattr(terms.client, "per_unit", -1.0) < 0 else high
        if abs(best - cheapest) > 0.01 * (high - low):
            yield (
                f"Leaving the vendor more pays for the client itself: within the zone its best {zone.issue} is "
                f"{best:,.1f}, not {cheapest:,.1f}."
            )
        else:
            yield f"Leaving the vendor more does not pay for the client: its best {zone.issue} is the end of the zone."
    if trust is None:
        yield "Among strangers who can always start anew, no number of careful first periods makes cooperation last."
    elif trust == 0:
        yield "Even strangers who can always start anew can cooperate from the first period."
    else:
        plural = "s" if trust > 1 else ""
        yield f"Strangers who can always start anew need {trust} careful {period}{plural} first."


def _verdict(settled: Scenario, zone: PartnershipZone | None) -> str:
    """Whether cooperation pays and lasts here, and if not, why."""
    pairs = {name: relationship(settled, vendor=name, client=name) for name in FIELD}
    together = pairs["always-cooperate"]
    best = max(pairs.values(), key=lambda pair: pair.created_value)
    tests = [slack(settled, side, *_tops(settled, side)) for side in ("vendor", "client")]
    money = settled.currency
    if together.created_value <= 0:
        return "Cooperation does not pay here: building together creates nothing above the outside options."
    if best.created_value > together.created_value * (1 + 1e-9) + SMALL:
        return (
            f"Cooperation does not pay best here: both {best.vendor} creates {best.created_value:,.1f} {money}, both "
            f"building {together.created_value:,.1f}."
        )
    if all(test.holds for test in tests):
        against: Relationship = pairs["always-compete"]
        return (
            f"Cooperation pays and lasts here: building together creates {together.created_value:,.1f} {money} against "
            f"{against.created_value:,.1f} if both compete, and neither side gains by breaking it."
        )
    weak = min(tests, key=lambda test: test.money)
    who = "the vendor" if weak.side == "vendor" else "the client"
    cure = ""
    if zone is not None:
        cure = " Another deal would hold." if zone.exists else " No deal changes that."
    return (
        f"Cooperation pays together but does not hold at this deal: {who} gains {-weak.money:,.1f} {money} by choosing to "
        f"{_way(weak.temptation)}, more than the future is worth to it.{cure}"
    )


def _tops(settled: Scenario, side: str) -> tuple[int, int]:
    own, other = len(settled.postures("vendor")) - 1, len(settled.postures("client")) - 1
    return (own, other) if side == "vendor" else (other, own)


def zone_curves(zone: PartnershipZone, *, count: int = 41) -> dict[str, np.ndarray]:
    """Slack of both sides along the transferable issue, for a plot: values, vendor, client."""
    from simulator.relationships.partnership import tested

    terms = next(one for one in zone.scenario.issue if one.name == zone.issue)
    ends = (terms.range.start, terms.range.stop) if terms.range is not None else (0.0, 0.0)
    values = np.linspace(*ends, count)
    found = [tested(zone.scenario, {**zone.current.deal, terms.name: float(value)}) for value in values]
    return {
        "value": values,
        "vendor": np.array([one.vendor.money for one in found]),
        "client": np.array([one.client.money for one in found]),
    }
