"""A seller's own questions about a deal, each answered by a number and a sentence.

Am I still competing here? Does my client have reason to begrudge my share? Do I create enough to justify it? What does
my profit do for the client? Which of us is closer to leaving? What must I do at least?
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from simulator.bargaining.deals import agreed_worth
from simulator.games.stages import TOLERANCE, begrudge_chances, compile_stages
from simulator.relationships.enforcement import Slack, slack
from simulator.relationships.partnership import PartnershipZone, issue_of
from simulator.relationships.terms import TransferEffect, transfer_effect
from simulator.runner.amounts import Amounts, listed, plain, said_value, value_digits
from simulator.scenario.schema import Scenario

__all__ = ["Answer", "Seller", "answers", "end_words", "temptation_words", "zone_range"]


@dataclass(frozen=True)
class Answer:
    """One question, its number with unit, and the answer in a sentence.

    `number` stands between `low` and `high`, the ends of its natural scale; `limit` is the value at which the answer
    changes, None where there is none. `shown` is the number as it is said, `short` the answer in a few words.
    """

    name: str
    question: str
    number: float
    unit: str
    shown: str
    short: str
    sentence: str
    low: float
    high: float
    limit: float | None = None


def answers(settled: Scenario, zone: PartnershipZone, amounts: Amounts) -> tuple[Answer, ...]:
    """The answers about the deal in force, in the order in which a seller asks."""
    seller = Seller(settled, zone, amounts)
    effect = seller.effect()
    return (
        seller.competing(),
        seller.begrudging(),
        seller.justified(),
        *(() if effect is None else (seller.profit(effect),)),
        seller.closer(),
        seller.least(),
    )


def temptation_words(settled: Scenario, temptation: str) -> str:
    """A deviation as a noun: leaving, or a posture played once."""
    if temptation == "leave":
        return "leaving"
    left = " and being left for it" if settled.relationship.can_leave else ""
    return f"playing {temptation!r} once{left}"


def answer_words(temptation: str) -> str:
    """The same as a reply to what the other side does."""
    return "leaving" if temptation == "leave" else f"answering with {temptation!r}"


class Seller:
    """The questions about one deal, answered from the stage game at the lowest level and from the chain."""

    def __init__(self, settled: Scenario, zone: PartnershipZone, amounts: Amounts) -> None:
        self.scenario, self.zone, self.amounts = settled, zone, amounts
        self.current = zone.current
        worth = agreed_worth(settled, 0) or (0.0, 0.0)
        self.deal_gains = (worth[0] - settled.vendor.outside_option, worth[1] - settled.client.outside_option)

    def competing(self) -> Answer:
        """Whether the vendor's share of the deal reads as claiming or as building."""
        (own, other), fair = self.deal_gains, self.scenario.relationship.fair_share
        question, unit, limit = "Am I still competing here?", "of the deal's gain", min(1.0, fair + 0.1)
        if own + other <= TOLERANCE:
            said = (
                "Before either of you delivers anything, this deal brings the two of you no more than you would have "
                "elsewhere, so there is no gain to share."
            )
            return Answer("competing", question, math.nan, unit, "no gain", "no gain to share", said, 0, 1, limit)
        share = own / (own + other)
        shown = f"{share:.0%} {unit}"
        if share > 1:
            shown = "all of the deal's gain, and more"
            said = "This deal gives you all of its gain and your client less than it would have elsewhere"
        elif share < 0:
            shown = "none of the deal's gain"
            said = "This deal gives you less than you would have elsewhere; all of its gain goes to your client"
        else:
            said = f"You take {share:.0%} of what the deal itself brings the two of you beyond what you have elsewhere"
        if share > limit + TOLERANCE:
            short = "yes"
            said = f"Yes. {said}. Above {limit:.0%} that reads as claiming, and clients answer in kind."
        else:
            short = "no"
            said = f"No. {said}. Up to {limit:.0%} that reads as building."
        return Answer("competing", question, share, unit, shown, short, said, *_scale(share), limit)

    def begrudging(self) -> Answer:
        """Whether the client's share of what both create falls short of what it thinks fair."""
        now, fair = self.current, self.scenario.relationship.fair_share
        question, unit = "Does my client have reason to begrudge my share?", "kept by the client"
        if now.created <= TOLERANCE:
            said = "Together you create nothing, so there is no share to begrudge; that is reason enough to leave."
            return Answer("begrudging", question, math.nan, unit, "nothing", "nothing to share", said, 0, 1, fair)
        share = now.client_gain / now.created
        stages = compile_stages(self.scenario)
        chance = float(begrudge_chances(stages)["client"][0, int(stages.starves[0, -1, -1]), -1, -1])
        created = self.amounts.each(now.created)
        kept = f"your client keeps {share:.0%} of the {created} that you create together once both deliver"
        shown = f"{share:.0%} {unit}"
        if share < 0:
            shown = "nothing kept by the client"
            kept = f"your client has less than elsewhere, although you create {created} together"
        a_period = self.amounts.a_period
        if share >= fair - TOLERANCE:
            short, said = "no", f"No: {kept}, and thinks {fair:.0%} fair."
        elif chance == 0:
            short = "yes, but stays"
            said = f"Yes: {kept}, and thinks {fair:.0%} fair. Here, though, nobody leaves over a share."
        else:
            short = "yes"
            said = f"Yes: {kept}, and thinks {fair:.0%} fair. The chance that it leaves is {chance:.0%} {a_period}."
        return Answer("begrudging", question, share, unit, shown, short, said, *_scale(share), fair)

    def justified(self) -> Answer:
        """Whether the client is better off for having chosen this vendor."""
        now, amounts = self.current, self.amounts
        own, other, created = now.vendor_gain, now.client_gain, now.created
        question, unit = "Do I create enough to justify it?", f"{amounts.unit}, kept by you"
        kept = f"you keep {amounts.money(own)}" if own >= 0 else f"you are {amounts.money(-own)} short of that"
        total = f"Once both deliver, you create {amounts.each(created)} beyond what both would have elsewhere; {kept}"
        if created <= TOLERANCE:
            short = "no"
            said = f"No. Together you have {amounts.each(-created)} less than both of you would have elsewhere."
            if created > -TOLERANCE:
                said = "No. Together you have exactly what both of you would have elsewhere."
        elif other < -TOLERANCE:
            short = "no"
            said = f"No. {total}, so your client is {amounts.money(-other)} worse off for having chosen you."
        else:
            short = "yes"
            said = f"Yes. {total}, and your client is {amounts.money(other)} better off for having chosen you."
        low, high = min(0.0, own, created), 1.15 * max(0.0, own, created)
        return Answer(
            "justified", question, own, unit, f"{amounts.each(own)} kept by you", short, said, low, high, created
        )

    def effect(self) -> TransferEffect | None:
        """What happens when a little money moves from the vendor to the client; None where no issue can move it."""
        if self.zone.issue is None:
            return None
        created = self.current.created
        unit = 1.0 if created >= 5 or created <= TOLERANCE else 10.0 ** math.floor(math.log10(created / 5))
        return transfer_effect(self.scenario, self.current.deal, self.zone.issue, unit)

    def profit(self, effect: TransferEffect) -> Answer:
        """What the vendor's profit does for the client."""
        small = Amounts(self.scenario, effect.unit)
        one, a_period = small.money(effect.unit), self.amounts.a_period
        question = f"What does my profit do for the client, and {one} less of it?"
        reasons = [
            words
            for applies, words in (
                (effect.starves, "you would have too little to serve it well"),
                (effect.invests_less, "you would invest less"),
                (effect.ends_sooner, "you would part sooner"),
            )
            if applies
        ]
        why = f", since {listed(reasons)}" if reasons else ""
        change, rounding = effect.client, 1e-6 * abs(effect.full)
        cut = f"Every {one} {a_period} that you give up"
        if change < -rounding:
            short = "it needs your profit"
            said = (
                f"{cut} costs your client {small.money(-change)} {a_period} in the end{why}. Your profit works for it."
            )
        elif change < effect.full - rounding:
            short = "it gets only a part"
            said = f"{cut} brings your client only {small.money(change)} {a_period} in the end{why}."
        elif change <= effect.full + rounding:
            short = "nothing"
            said = f"{cut} brings your client all of it. At this deal your profit does nothing for this client."
        else:
            short = "less of it serves both"
            said = f"{cut} brings your client even {small.money(change)} {a_period}, since you stay together longer."
        top = max(abs(effect.full), abs(change))
        unit = f"{self.amounts.unit} for the client"
        shown = ("+" if change > rounding else "") + f"{small.each(change)} for the client"
        return Answer("profit", question, change, unit, shown, short, said, -top, top, 0.0)

    def closer(self) -> Answer:
        """Which side is nearer to breaking the deal: along the transferable issue, else by the worth of going on."""
        issue, interval = self.zone.issue, self.zone.interval
        if issue is not None and interval is not None and self.current.holds and set(self.zone.breakers) != {""}:
            value = float(self.current.deal[issue])
            if interval[0] <= value <= interval[1]:
                return self._closer_on(issue, value, interval)
        return self._closer_by_worth()

    def _closer_on(self, name: str, value: float, interval: tuple[float, float]) -> Answer:
        issue = issue_of(self.scenario, name)
        low, high = interval
        lower, upper = self.zone.breakers
        width = min(value - low, high - value)
        ways = []
        for end, breaker, way in ((low, lower, "fall"), (high, upper, "rise")):
            who = "you" if breaker == "vendor" else "your client"
            if breaker:
                far = said_value(issue, abs(value - end), width)
                ways.append(f"{way} by {far} before {who} would do better to break it off")
            else:
                ways.append(
                    f"{way} to the end of its range, {said_value(issue, end)}, and neither of you would break it off"
                )
        nearer = lower if not upper or (lower and value - low < high - value) else upper
        who = "You" if nearer == "vendor" else "Your client"
        said = f"{who}. The {name} could {ways[0]}, and {ways[1]}."
        limit = (low + high) / 2 if lower and upper else None
        shown = f"{name} {plain(value, 6)}" + (f" {issue.unit}" if issue.unit else "")
        question = "Which of us is closer to leaving?"
        return Answer("closer", question, value, issue.unit or name, shown, who.lower(), said, low, high, limit)

    def _closer_by_worth(self) -> Answer:
        vendor, client = self.current.vendor, self.current.client
        nearer = self.current.weaker
        who, whom = ("You", "you") if nearer.side == "vendor" else ("Your client", "it")
        if nearer.holds and math.isinf(nearer.money):
            said = "Neither: here nobody may leave, and there is nothing else to do."
        elif nearer.holds:
            said = (
                f"{who}. Going on is worth {self.amounts.money(vendor.money)} more to you than the best way "
                f"of breaking it off, and {self.amounts.money(client.money)} more to your client, in today's money."
            )
        else:
            way = temptation_words(self.scenario, nearer.temptation)
            said = (
                f"{who}: {way} brings {whom} {self.amounts.money(-nearer.money)} more than going on, in today's money."
            )
            other = client if nearer.side == "vendor" else vendor
            if not other.holds:
                says = "you" if other.side == "vendor" else "your client"
                said += f" It would bring {says} {self.amounts.money(-other.money)} more, too."
        finite = [abs(side.money) for side in (vendor, client) if math.isfinite(side.money)]
        top = max([*finite, TOLERANCE])
        unit = f"{self.scenario.currency or 'money'}, worth of going on over breaking it off"
        short = who.lower()
        shown = f"{self.amounts.money(abs(nearer.money))} for {'going on' if nearer.holds else 'breaking it off'}"
        if math.isinf(nearer.money):
            short, shown = "neither", "nobody can"
        return Answer(
            "closer", "Which of us is closer to leaving?", nearer.money, unit, shown, short,
            said, min(0.0, nearer.money, -top / 4), top, 0.0,
        )  # fmt: skip

    def least(self) -> Answer:
        """The least cooperative posture of the vendor to which the client still answers by building."""
        names = self.scenario.postures("vendor")
        top = len(self.scenario.postures("client")) - 1
        question, unit = "What must I do at least?", "posture, from the most competitive"
        enough: int | None = None
        below: Slack | None = None
        for posture in range(len(names) - 1, -1, -1):
            found = slack(self.scenario, "client", top, posture)
            if not found.holds:
                below = found
                break
            enough = posture
        high = max(len(names) - 1, 1)
        if enough is None and below is not None:
            way = temptation_words(self.scenario, below.temptation)
            said = (
                f"First change the deal: as it is, even if you play {names[-1]!r}, {way} brings your client "
                f"{self.amounts.money(-below.money)} more than going on."
            )
            return Answer(
                "least", question, math.nan, unit, "change the deal", "nothing is enough", said + self._cure(), 0, high
            )
        least = enough or 0
        said = ""
        if below is not None:
            said += (
                f" If you only played {names[least - 1]!r}, {answer_words(below.temptation)} would bring your client "
                f"{self.amounts.money(-below.money)} more than building on."
            )
        else:
            said = f" Your client goes on building even if you only play {names[0]!r}."
        if not self.current.vendor.holds:
            said += " But at this deal building does not pay you, so change the deal first." + self._cure()
        else:
            said += self._cure()
        said = said.strip()
        return Answer("least", question, least, unit, f"play {names[least]!r}", repr(names[least]), said, 0, high)

    def _cure(self) -> str:
        """Where the transferable issue has to lie."""
        words = zone_range(self.zone)
        if words is None:
            return "" if self.zone.issue is None else f" No {self.zone.issue} makes the other terms last."
        return f" Keep the {words}." if self.current.holds else f" Bring the {words}."


def _scale(share: float) -> tuple[float, float]:
    """The scale of a share: from none to all, wider where one side loses."""
    return min(0.0, share), max(1.0, share)


def zone_range(zone: PartnershipZone) -> str | None:
    """The zone of the transferable issue in words, rounded inwards; None where there is none."""
    ends = end_words(zone)
    if not ends or zone.issue is None:
        return None
    unit = issue_of(zone.scenario, zone.issue).unit
    return f"{zone.issue} between {ends[0]} and {ends[1]}" + (f" {unit}" if unit else "")


def end_words(zone: PartnershipZone) -> tuple[str, ...]:
    """Both ends of the zone, rounded inwards so that what is said holds; empty where there is none."""
    if zone.interval is None or zone.issue is None:
        return ()
    low, high = zone.interval
    issue = issue_of(zone.scenario, zone.issue)
    step = 10.0 ** -value_digits(issue, high - low)
    inner = math.ceil(low / step - 1e-6) * step, math.floor(high / step + 1e-6) * step
    return tuple(said_value(issue, value, high - low, unit=False) for value in inner)
