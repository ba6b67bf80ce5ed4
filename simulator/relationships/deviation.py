"""Does a pair hold? Whether either side could gain by any other plan, with the partner's strategy as it is.

Each side's value in the pair is set against its best reply to the partner's automaton. A pair in which neither gains is
an equilibrium of the repeated game (Osborne & Rubinstein 1994, chapters 8 and 9), here with slips, leaving and growth.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from simulator.errors import HorizonError, SimulatorError
from simulator.relationships.best_reply import BestReply, best_reply, other_side
from simulator.relationships.chain import automaton_of, compile_chain
from simulator.relationships.course import Course, course_of, course_words
from simulator.relationships.exact import SHARES, Relationship, first_largest, outside_stream, relationship
from simulator.relationships.period import setting_of
from simulator.scenario.schema import Scenario
from simulator.strategies.catalogue import admitted, agent, agents
from simulator.strategies.contract import Agent

__all__ = ["Deviation", "Holding", "holding_of", "holds", "judged_scenario"]

ROUNDING = 1e-10  # of the largest amount involved; smaller differences are rounding


@dataclass(frozen=True, eq=False)
class Deviation:
    """What one side of a pair could gain by another plan; money, discounted, in the sense of a relationship's value.

    Attributes
    ----------
    side : str
        ``"vendor"`` or ``"client"``.
    value : float
        What it gets in the pair.
    best : float
        What its best plan gets against this partner.
    gain : float
        The difference; 0 where it is rounding.
    exact : bool
        False: postures are misread, so a real deviator knows less than `best` supposes; `best` is an upper bound that
        no agent of the catalogue reaches.
    known_gain : float
        What some plan gains for certain: `gain` where it is exact, else the gain of the best agent of the catalogue.
    """

    side: str
    value: float
    best: float
    gain: float
    exact: bool
    known_gain: float
    pair: Relationship
    reply: BestReply

    @cached_property
    def course(self) -> Course | None:
        """The best plan on the likeliest course; None where nothing is gained."""
        if not self.gain:
            return None
        own = automaton_of(self.pair.scenario, self.side, getattr(self.pair, self.side))
        if own is None:  # refused when the pair was compiled; this tells the type checker
            raise SimulatorError("an agent has no automaton")
        return course_of(self.reply, own, self.side)

    @property
    def words(self) -> str:
        """What the best plan does on the likeliest course, where nobody slips; empty where nothing is gained.

        Examples
        --------
        >>> import simulator as ns
        >>> pair = ns.holds(ns.load_scenario("saas-renewal"), vendor="opportunist", client="always-compete")
        >>> pair.of_vendor.words
        'squeezes from the first year on'
        """
        if self.course is None:
            return ""
        return course_words(self.course, self.pair.scenario.postures(self.side), self.pair.scenario.period)


@dataclass(frozen=True, eq=False)
class Holding:
    """Whether a pair holds, and if not who breaks it and how; made by `holds`.

    Attributes
    ----------
    scenario : Scenario
        As it was judged: without a last period unless the end was to be known.
    vendor, client : Agent
        The pair.
    known_end : bool
        Whether the deviators knew the last period.
    of_vendor, of_client : Deviation
        The test of each side.
    """

    scenario: Scenario
    vendor: Agent
    client: Agent
    known_end: bool
    of_vendor: Deviation
    of_client: Deviation

    @property
    def holds(self) -> bool:
        """Whether it is certain that neither side gains by another plan."""
        return not (self.of_vendor.gain or self.of_client.gain)

    @property
    def holds_until_accident(self) -> bool:
        """Whether both best plans do what the pair does on its likeliest course.

        Then any gain is made after an accident: a slip, a misreading, or a chance that took its less likely branch.
        """
        courses = (self.of_vendor.course, self.of_client.course)
        return all(course is None or course.departs is None for course in courses)

    @property
    def breaker(self) -> str:
        """Who certainly gains by another plan: ``"vendor"``, ``"client"``, ``"both"``, or ``""``."""
        sides = [test.side for test in (self.of_vendor, self.of_client) if test.known_gain]
        return "both" if len(sides) == 2 else "".join(sides)

    @property
    def verdict(self) -> str:
        """``"holds"``, ``"breaks"``, or ``"open"``: only an upper bound of the gain, under misreading, is above 0."""
        return "holds" if self.holds else "breaks" if self.breaker else "open"

    @property
    def vendor_value(self) -> float:
        """What the vendor gets in the pair."""
        return self.of_vendor.value

    @property
    def client_value(self) -> float:
        """What the client gets in the pair."""
        return self.of_client.value

    @property
    def vendor_gain(self) -> float:
        """What the vendor's best plan gains; an upper bound where `exact` is false."""
        return self.of_vendor.gain

    @property
    def client_gain(self) -> float:
        """What the client's best plan gains; an upper bound where `exact` is false."""
        return self.of_client.gain

    @property
    def exact(self) -> bool:
        """Whether both gains are exact, not upper bounds."""
        return self.of_vendor.exact and self.of_client.exact

    @property
    def sentence(self) -> str:
        """The same in words.

        Examples
        --------
        >>> import simulator as ns
        >>> s = ns.load_scenario("prisoners-dilemma").replace({"relationship.slip": 0})
        >>> print(ns.holds(s, vendor="grim", client="grim"))
        grim with grim holds: neither side gains by another plan, whatever it plays and whenever it leaves.
        """
        pair = f"{self.vendor} with {self.client}"
        if self.holds:
            free = "whatever it plays" + (
                " and whenever it leaves" if self.scenario.relationship.can_leave else ", as nobody may leave"
            )
            return f"{pair} holds: neither side gains by another plan, {free}."
        tests = (self.of_vendor, self.of_client)
        if self.breaker:
            return f"{pair} breaks: {'; '.join(self._told(test) for test in tests if test.known_gain)}."
        return f"{pair} may break: {'; '.join(self._told(test) for test in tests if test.gain)}."

    def _told(self, test: Deviation) -> str:
        unit = f" {self.scenario.currency}" if self.scenario.currency else ""
        most, least = f"{test.gain:,.4g}{unit}", f"{test.known_gain:,.4g}{unit}"
        if most == least:
            return f"the {test.side} gains {most} when it {test.words}"
        if not test.known_gain:
            return f"the {test.side} gains at most {most}, if it knew what was misread, when it {test.words}"
        return (
            f"the {test.side} gains {least} to {most}, by how much it knows of what was misread, when it {test.words}"
        )

    def __str__(self) -> str:
        return self.sentence

    def __repr__(self) -> str:
        return f"<Holding: {self.sentence}>"


def holds(scenario: Scenario, *, vendor: str | Agent, client: str | Agent, known_end: bool = False) -> Holding:
    """Test whether a pair of strategies holds: whether neither side gains by any other plan.

    A side may choose any posture in every period and leave after any, knowing its partner's strategy and state; slips,
    churn, begrudging and switching costs apply to it as to everyone. Its own agent's patience does not bind it, its
    partner's does. A vendor with best-reply reinvestment may choose another share; the client takes the vendor's as
    it is.

    Agents do not know a finite horizon, so a scenario with one is judged without a last period: every relationship
    goes on until somebody or something ends it. With `known_end` the deviator knows the last period, and exploits it.

    Parameters
    ----------
    scenario : Scenario
        The situation.
    vendor, client : str or Agent
        Agents with finite memory.
    known_end : bool
        Judge a finite horizon as one that the deviators know.

    Returns
    -------
    Holding
        Where postures are misread, a deviator's gain is an upper bound, and the verdict may stay open.

    Raises
    ------
    HorizonError
        Where no discount makes the unlimited horizon finite; and for a known end of an unlimited one.
    SimulatorError
        When an agent has no automaton or does not fit the game.

    Examples
    --------
    >>> import simulator as ns
    >>> s = ns.load_scenario("saas-renewal")
    >>> pair = ns.holds(s, vendor="always-compete", client="tit-for-tat")
    >>> pair.verdict, pair.breaker
    ('breaks', 'both')
    >>> pair.of_vendor.words
    'builds from the first year on'
    """
    judged = judged_scenario(scenario, known_end=known_end)
    return holding_of(relationship(judged, vendor=agent(vendor), client=agent(client)))


def judged_scenario(scenario: Scenario, *, known_end: bool) -> Scenario:
    """The scenario with the horizon that a deviator reckons with; see `holds`."""
    if known_end:
        if scenario.unlimited:
            raise HorizonError(f"{scenario.id!r} has an unlimited horizon, so there is no end to know")
        return scenario
    rules, parties = scenario.relationship, (scenario.vendor, scenario.client)
    lasting = rules.churn == 0 or any(party.outside_option for party in parties)
    if scenario.discount == 1 and lasting:
        raise HorizonError(
            f"{scenario.id!r}: agents do not know the last {scenario.period}, so deviations are judged without one, "
            "and without discounting they have no finite value; allowed: a discount below 1, churn with both outside "
            "options at 0, or known_end=True"
        )
    return scenario if scenario.unlimited else scenario.replace({"horizon": "unlimited"})


def holding_of(pair: Relationship) -> Holding:
    """The test of a relationship in a scenario from `judged_scenario`."""
    return Holding(
        scenario=pair.scenario,
        vendor=pair.vendor,
        client=pair.client,
        known_end=not pair.scenario.unlimited,
        of_vendor=_tested(pair, "vendor"),
        of_client=_tested(pair, "client"),
    )


def _tested(pair: Relationship, side: str) -> Deviation:
    scenario, partner = pair.scenario, getattr(pair, other_side(side))
    chooses = side == "vendor" and scenario.maturity.reinvest == "best-reply"
    replies = [best_reply(scenario, side, partner, float(share)) for share in (SHARES if chooses else [pair.reinvest])]
    reply = replies[first_largest([found.captured for found in replies])]
    captured: float = getattr(pair, f"{side}_captured")
    scale = max(abs(captured), abs(reply.captured), float(np.abs(reply.decisions.gain).max()))

    def gain_of(best: float) -> float:
        return best - captured if best - captured > ROUNDING * scale else 0.0

    gain = known_gain = gain_of(reply.captured)
    misread = scenario.relationship.misread
    if gain and reply.decisions.n_states > 1 and (misread.vendor or misread.client):
        known_gain = min(gain, gain_of(_best_of_catalogue(scenario, side, partner, reply.share)))
    exact = gain - known_gain <= ROUNDING * scale
    outside = outside_stream(scenario, side)
    return Deviation(side, captured + outside, reply.captured + outside, gain, exact, known_gain, pair, reply)


@lru_cache(maxsize=1024)
def _best_of_catalogue(scenario: Scenario, side: str, partner: Agent, share: float) -> float:
    """The most that an agent of the catalogue captures against a partner."""
    fit, _ = admitted(tuple(agents()), setting_of(scenario, side))
    captured = []
    for own in fit:
        vendor, client = (own, partner) if side == "vendor" else (partner, own)
        chain = compile_chain(scenario, vendor, client, reinvest=share)
        captured.append(float(getattr(Relationship(scenario, vendor, client, chain, share), f"{side}_captured")))
    return max(captured)
