"""Advice on a scenario and a real deal in it: where the deal lies, a seller's own questions, and on what terms building
together lasts at all. Where it does not pay, the advice says so and why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulator.relationships.partnership import PartnershipZone, lasting, partnership_zone, period_gains, placed
from simulator.relationships.terms import (
    OverClaiming,
    best_for_client,
    highest_posture,
    least_trust_periods,
    over_claiming,
)
from simulator.runner.amounts import Amounts
from simulator.runner.questions import Answer, answers
from simulator.runner.verdict import Found, term_sentences, verdict, zone_sentences
from simulator.scenario.schema import Scenario

__all__ = ["Advice", "Answer", "advise"]


@dataclass(frozen=True, eq=False)
class Advice:
    """What a scenario advises; made by `advise`.

    Attributes
    ----------
    scenario : Scenario
        The scenario asked about.
    verdict : str
        Whether building together pays and lasts here, and why or why not.
    answers : tuple of Answer
        The seller's questions about the deal; empty where payoffs are given directly.
    zone : PartnershipZone or None
        Where the deal lies; None where payoffs are given directly.
    zone_words : tuple of str
        The zone in sentences.
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
    zone_words: tuple[str, ...]
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
    HorizonError
        When nothing makes the future finite.
    SimulatorError
        When there is no such deal, or a side has no way to cooperate.

    Examples
    --------
    >>> import simulator as ns
    >>> advice = ns.advise(ns.load_scenario("saas-renewal"), deal={"price": 95, "support": "priority"})
    >>> [answer.name for answer in advice.answers][:2]
    ['competing', 'begrudging']
    """
    judged = lasting(scenario)
    if scenario.payoffs is not None:
        zone, settled = None, judged
    else:
        zone = partnership_zone(scenario, deal=deal)
        settled = placed(judged, zone.current.deal)
    best = None
    if zone is not None and zone.issue is not None and zone.interval is not None:
        best = best_for_client(settled, zone.current.deal, zone.issue, zone.interval)
    amounts = Amounts(settled, max(abs(gain) for gain in period_gains(settled)))
    found = Found(
        settled=settled,
        zone=zone,
        posture=highest_posture(settled),
        claiming=over_claiming(settled),
        client_best=best,
        trust=least_trust_periods(settled),
        amounts=amounts,
    )
    return Advice(
        scenario=scenario,
        verdict=verdict(found),
        answers=() if zone is None else answers(settled, zone, amounts),
        zone=zone,
        zone_words=() if zone is None else zone_sentences(zone),
        highest_posture=None if found.posture is None else scenario.postures("vendor")[found.posture],
        over_claiming=found.claiming,
        client_best=best,
        trust_periods=found.trust,
        terms=tuple(term_sentences(found)),
    )
