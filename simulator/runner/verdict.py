"""What advice says as a whole: whether building together pays and lasts, in which zone, and on what terms."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from simulator.bargaining.deals import deal_space
from simulator.games.stages import compile_stages
from simulator.relationships.enforcement import Slack, slack
from simulator.relationships.exact import Relationship, relationship
from simulator.relationships.partnership import PartnershipZone, issue_of
from simulator.relationships.terms import OverClaiming
from simulator.runner.amounts import Amounts, plain, said_value
from simulator.runner.questions import temptation_words, zone_range
from simulator.scenario.schema import Scenario

__all__ = ["Found", "term_sentences", "verdict", "zone_sentences"]


@dataclass(frozen=True, eq=False)
class Found:
    """What was found out about a scenario with a deal in force, before it is put into words."""

    settled: Scenario
    zone: PartnershipZone | None
    posture: int | None
    claiming: OverClaiming
    client_best: float | None
    trust: int | None
    amounts: Amounts


def verdict(found: Found) -> str:
    """Whether building together pays and lasts, and if not, why."""
    settled = found.settled
    together = relationship(settled, vendor="always-cooperate", client="always-cooperate")
    rivals = [relationship(settled, vendor=name, client=name) for name in ("always-compete", "always-claim")]
    best = max(rivals, key=lambda pair: pair.created_value)
    over_life = Amounts(settled, max(abs(together.created_value), abs(best.created_value)))
    where = "here" if found.zone is None else "at this deal"
    if together.created_value <= 0:
        return f"Cooperation does not pay {where}: {_why_nothing(found, together)}{_cure(found)}"
    if best.created_value > together.created_value * (1 + 1e-9):
        return f"Cooperation does not pay best {where}: {_why_less(found, together, best, over_life)}{_cure(found)}"
    tests = _tests(found)
    joint, against = over_life.money(together.created_value), over_life.against(rivals[0].created_value)
    if all(test.holds for test in tests):
        other = any(len(settled.postures(side)) > 1 for side in ("vendor", "client"))
        if other and best.created_value >= together.created_value * (1 - 1e-6):
            return (
                f"Cooperation lasts {where} but pays no more than competing: either way both create {joint} over the "
                "life of the relationship (in today's money)."
            )
        rival = f", against {against} if both compete" if other else ""
        return (
            f"Cooperation pays and lasts {where}: building together creates {joint} over the life of the relationship "
            f"(in today's money){rival}, and neither side gains by breaking it off."
        )
    weak = min(tests, key=lambda test: test.money)
    way = temptation_words(settled, weak.temptation)
    free = "" if settled.relationship.can_leave else " Nobody can leave here, so nothing answers that."
    return (
        f"Cooperation would pay, {joint} against {against} if both compete, but does not last {where}: {way} brings "
        f"the {weak.side} {found.amounts.money(-weak.money)} more than keeping to it.{free}{_cure(found)}"
    )


def _tests(found: Found) -> tuple[Slack, Slack]:
    if found.zone is not None:
        return found.zone.current.vendor, found.zone.current.client
    vendor, client = (len(found.settled.postures(side)) - 1 for side in ("vendor", "client"))
    return slack(found.settled, "vendor", vendor, client), slack(found.settled, "client", client, vendor)


def _cure(found: Found) -> str:
    zone = found.zone
    if zone is None:
        return ""
    words = zone_range(zone)
    if words is not None and not zone.current.holds:
        return f" With the {words} both sides would stay."
    if zone.deals and not zone.current.holds:
        return " Other deals would last; see the list."
    return "" if zone.exists else " No deal of this scenario keeps both sides at the table."


def _each_period(found: Found, name: str) -> float:
    """What both together have in a period above their outside options when both play as an agent always does."""
    stages, settled = compile_stages(found.settled), found.settled
    outside = settled.vendor.outside_option + settled.client.outside_option
    vendor, client = (_always(settled, side, name) for side in ("vendor", "client"))
    return float((stages.vendor + stages.client)[0, 0, vendor, client]) - outside


def _always(settled: Scenario, side: str, name: str) -> int:
    """The posture that always-cooperate, always-claim or always-compete plays."""
    count = len(settled.postures(side))
    if name == "always-cooperate":
        return count - 1
    return 1 if name == "always-claim" and count == 3 else 0


def _why_nothing(found: Found, together: Relationship) -> str:
    amounts, gain = found.amounts, _each_period(found, "always-cooperate")
    if gain <= 0:
        return (
            f"even when both build, the two together have {amounts.each(-gain)} less than they would have elsewhere."
            if gain < 0
            else "when both build, the two together have just what they would have elsewhere."
        )
    lost = Amounts(found.settled, abs(together.created_value)).money(-together.created_value)
    return (
        f"when both build they gain {amounts.each(gain)} at first, but slips and the costs of parting turn that into a "
        f"loss of {lost} over the life of the relationship."
    )


def _why_less(found: Found, together: Relationship, best: Relationship, over_life: Amounts) -> str:
    settled, amounts = found.settled, found.amounts
    name = settled.postures("vendor")[_always(settled, "vendor", best.vendor.name)]
    said = (
        f"both playing {name!r} creates {over_life.money(best.created_value)} over the life of the relationship, both "
        f"building {over_life.money(together.created_value)}"
    )
    parts = [
        f"{name} brings the two {amounts.each(gain)} and lasts {_lasts(pair, settled.period)}"
        for name, gain, pair in (
            (repr(name), _each_period(found, best.vendor.name), best),
            ("building", _each_period(found, "always-cooperate"), together),
        )
    ]
    return f"{said}, since {parts[0]}, and {parts[1]}."


def _lasts(pair: Relationship, period: str) -> str:
    if math.isinf(pair.expected_length):
        return "for ever"
    length = plain(pair.expected_length, 1)
    return f"{length} {period}" + ("" if length == "1" else "s")


def zone_sentences(zone: PartnershipZone) -> tuple[str, ...]:
    """The zone in words: the interval with the vendor's share at its ends, and how many of the listed deals hold."""
    said = []
    words = zone_range(zone)
    if zone.issue is not None:
        others = len(zone.current.deal) > 1
        if words is None or zone.ends is None:
            rest = " with the other terms as they are" if others else ""
            said.append(f"No {zone.issue} keeps both sides at the table{rest}.")
        else:
            rest = ", the other terms as they are" if others else ""
            said.append(f"Both sides stay with the {words}{rest}.{_shares(zone)}{_ends(zone)}")
    count, total = len(zone.deals), len(zone.listed)
    if total == 0:
        said.append("None of the listed deals suits both sides.")
    elif total == 1:
        said.append(f"The only listed deal that suits both sides {'lasts' if count else 'does not last'}.")
    else:
        lasting = {0: "none lasts", 1: "1 lasts", total: "all last"}.get(count, f"{count} last")
        suiting = int(np.count_nonzero(deal_space(zone.scenario).rational))
        tested = f", the {total} on the frontier were tested: " if suiting > total else ", "
        said.append(f"Of the {suiting:,} listed deals that suit both sides{tested}{lasting}.")
    return tuple(said)


def _shares(zone: PartnershipZone) -> str:
    if zone.ends is None:
        return ""
    shares = [end.vendor_share for end in zone.ends]
    if any(math.isnan(share) for share in shares):
        return ""
    low, high = sorted(shares)
    said = f" The vendor then has {low:.0%} to {high:.0%} of what is created in {Amounts(zone.scenario, 1.0).a_period}"
    if low < 0 or high > 1:
        said += " at first; whoever has nothing of it stays for what comes later, or since leaving would cost it more"
    return f"{said}."


def _ends(zone: PartnershipZone) -> str:
    lower, upper = zone.breakers
    if lower and lower == upper:
        return f" Outside, the {lower} would do better to break it off."
    if lower and upper:
        return f" Below, the {lower} would do better to break it off; above, the {upper} would."
    if lower or upper:
        return f" {'Below' if lower else 'Above'}, the {lower or upper} would do better to break it off."
    return " Anywhere in its range, neither side would break it off."


def term_sentences(found: Found) -> Iterator[str]:
    """On what terms building together lasts."""
    yield _posture_words(found)
    yield _claiming_words(found)
    if found.client_best is not None and found.zone is not None:
        yield _best_words(found.zone, found.client_best)
    yield _trust_words(found)


def _posture_words(found: Found) -> str:
    settled = found.settled
    if found.posture is None:
        return "No posture enforces itself when both keep to it: each time one side gains by breaking away."
    return f"The most cooperative posture that enforces itself is {settled.postures('vendor')[found.posture]!r}."


def _claiming_words(found: Found) -> str:
    claiming, settled = found.claiming, found.settled
    names, answer = settled.postures("vendor"), settled.postures("client")[-1]
    hard = names[1] if len(names) == 3 else names[0]
    if hard == names[-1]:
        return "The vendor has only one posture, so it cannot claim too much."
    # From amounts per period of the discounted horizon back to what they are worth today.
    totals = [value / (1 - settled.discount) if settled.discount < 1 else value for value in claiming[:2]]
    amounts = Amounts(settled, max(abs(total) for total in totals))
    about = (
        f"facing a client that always plays {answer!r}, a vendor that always plays {hard!r} ends up with "
        f"{amounts.against(totals[0])} more than elsewhere (in today's money), one that always plays {names[-1]!r} "
        f"{amounts.against(totals[1])}"
    )
    reaction = (
        f"relationship.begrudge = {claiming.breakeven or 0:.3g} (how strongly a side reacts to an unfair share; here "
        f"{settled.relationship.begrudge:g})"
    )
    if claiming.pays:
        until = (
            f"It stops paying from {reaction} on" if claiming.breakeven is not None else "No grudge would change that"
        )
        if not settled.relationship.can_leave:
            until = "Nobody can leave over it"
        return f"Claiming too much pays: {about}. {until}."
    if claiming.breakeven is not None:
        return f"Claiming too much does not pay: {about}. It would pay up to {reaction}."
    return f"Claiming too much does not pay, even if nobody begrudged it: {about}."


def _best_words(zone: PartnershipZone, best: float) -> str:
    low, high = zone.interval or (best, best)
    issue = issue_of(zone.scenario, zone.issue or "")
    cheapest = low if getattr(issue.client, "per_unit", -1.0) < 0 else high
    if abs(best - cheapest) > 0.01 * (high - low):
        return (
            f"Leaving the vendor more pays for the client itself: of all values in the zone, {issue.name} "
            f"{said_value(issue, best, high - low)} is worth most to it in the end, not the cheapest."
        )
    return f"Leaving the vendor more does not pay for the client itself: the cheapest {issue.name} is its best."


def _trust_words(found: Found) -> str:
    trust, period, settled = found.trust, found.settled.period, found.settled
    if not settled.relationship.can_leave:
        return "Nobody can leave here, so there are no strangers to begin anew with."
    if settled.discount == 1:
        return "Without discounting it cannot be said how long strangers have to build trust."
    start = "Between strangers, who can always start anew with somebody else,"
    if trust is None:
        return f"{start} no number of careful first {period}s makes cooperation last."
    if trust == 0:
        return f"{start} cooperation lasts from the first {period} on."
    careful = f"{trust} careful {period}{'s' if trust > 1 else ''}"
    return (
        f"{start} cooperation lasts once the two have begun with {careful}, playing {settled.postures('vendor')[0]!r}."
    )
