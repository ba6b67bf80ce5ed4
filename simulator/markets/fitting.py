"""What a market asks of a mix and of the game: that the agents can play it, and that one role means one role.

With one role any two parties meet, and each may sit in either place. That only makes sense where both places are the
same: equal payoffs seen from either side at every level, equal outside options, and equal rules for both.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from simulator.errors import Fault, ScenarioError, SimulatorError
from simulator.markets.mix import Mix, Shares, shares_of
from simulator.scenario.structure import Problem

if TYPE_CHECKING:
    from simulator.scenario.market_tables import Segment
    from simulator.scenario.schema import Scenario

__all__ = ["check_fit", "client_shares", "one_role_problems", "segment_mix_problems"]

TOLERANCE = 1e-9  # of payoffs, relative to the largest
TWO = 'roles = "two"'


def check_fit(mix: Mix, scenario: Scenario) -> None:
    """Refuse a mix that cannot be played in a scenario's market; see `Mix.fits`."""
    roles = scenario.market.roles
    if mix.roles != roles:
        allowed = "population" if roles == "one" else "vendors and clients"
        got = "population" if mix.roles == "one" else "vendors and clients"
        word = "role" if roles == "one" else "roles"
        raise SimulatorError(f"the mix names {got}, and {scenario.id!r} has {roles} {word}; allowed: {allowed}")
    if roles == "one":
        faults = [Fault(p.what, p.allowed, place_said(p)) for p in one_role_problems(scenario)]
        if faults:
            raise ScenarioError(faults)
    for agent, _ in mix.clients:
        if agent.bid != "fair":
            raise SimulatorError(f"agent {str(agent)!r} is a client; only vendors bid, so leave out its bid")
    for agent, _ in mix.vendors:
        if agent.bid == "low-ball" and scenario.market.matching == "contest":
            what = f"agent {str(agent)!r}: effort in a contest cannot be below cost"
            raise SimulatorError(f'{what}; allowed: bid=fair or bid=hard, or matching = "tender"')
    for relationship, clients in _relationships(scenario, mix):
        _check_agents(relationship, mix.population or mix.vendors, "vendor")
        _check_agents(relationship, clients, "client")


def place_said(problem: Problem) -> str:
    """Where a fault of a whole scenario stands, in words."""
    return "see " + ".".join(str(part) for part in problem.path) if problem.path else ""


def client_shares(mix: Mix, segment: Segment | None = None) -> Shares:
    """The agents of the clients of a segment with their shares: its own, or those of all clients."""
    if segment is None or segment.clients is None:
        return mix.population or mix.clients
    return shares_of(f"clients of segment {segment.name!r}", segment.clients)


def _relationships(scenario: Scenario, mix: Mix) -> Iterator[tuple[Scenario, Shares]]:
    yield scenario.alone(), client_shares(mix)
    for segment in scenario.segment:
        yield scenario.alone(segment=segment.name), client_shares(mix, segment)


def _check_agents(scenario: Scenario, shares: Shares, side: str) -> None:
    from simulator.relationships.chain import automaton_of

    for agent, _ in shares:
        automaton_of(scenario, side, agent)  # raises with the reason where it does not fit


def segment_mix_problems(scenario: Scenario) -> Iterator[Problem]:
    """Segments whose own mix names agents that do not exist, or agents that bid."""
    for i, segment in enumerate(scenario.segment):
        if segment.clients is None:
            continue
        try:
            shares = shares_of(f"clients of segment {segment.name!r}", segment.clients)
        except SimulatorError as error:
            yield Problem(("segment", i, "clients"), str(error))
            continue
        for agent, _ in shares:
            if agent.bid != "fair":
                what = f"agent {str(agent)!r} is a client of segment {segment.name!r}; only vendors bid"
                yield Problem(("segment", i, "clients"), what, "leave out its bid")


def one_role_problems(scenario: Scenario) -> Iterator[Problem]:
    """Where the two places of a scenario with one role are not the same."""
    if scenario.market.roles != "one":
        return
    yield from _unequal_rules(scenario)
    if scenario.postures("vendor") != scenario.postures("client") or (
        scenario.cooperates("vendor") != scenario.cooperates("client")
    ):
        yield _problem("vendor and client have different postures", "the same postures for both")
        return
    yield from _unequal_payoffs(scenario)


def _problem(what: str, allowed: str, *path: str) -> Problem:
    return Problem(path or ("market", "roles"), f"with one role {what}", f"{allowed}, or {TWO}")


def _unequal_rules(scenario: Scenario) -> Iterator[Problem]:
    outside = (scenario.vendor.outside_option, scenario.client.outside_option)
    if outside[0] != outside[1]:
        what = f"both places must be the same, and the outside options are {outside[0]:g} and {outside[1]:g}"
        yield _problem(what, "equal outside options")
    for key in ("patience", "switching_cost", "slip", "misread"):
        sides: Any = getattr(scenario.relationship, key)
        if sides.vendor != sides.client:
            what = f"both places must be the same, and relationship.{key} is {sides.vendor:g} and {sides.client:g}"
            yield _problem(what, "one number for both", "relationship", key)
    if scenario.maturity.reinvest != 0 and len(scenario.levels) > 1:
        yield _problem("nobody is the vendor that reinvests", "reinvest = 0", "maturity", "reinvest")
    vendor = scenario.delivery.vendor
    if vendor.starved < 1 and vendor.benefit > 0:
        yield _problem("nobody is the vendor that starves", "starved = 1", "delivery", "vendor", "starved")


def _unequal_payoffs(scenario: Scenario) -> Iterator[Problem]:
    import numpy as np

    from simulator.games.stages import compile_stages

    stages = compile_stages(scenario)
    vendor, client = stages.vendor[:, 0], np.swapaxes(stages.client[:, 0], 1, 2)
    off = np.abs(vendor - client) > TOLERANCE * max(1.0, float(np.abs(vendor).max()), float(np.abs(client).max()))
    if not off.any():
        return
    level, own, other = (int(i) for i in np.argwhere(off)[0])
    names = scenario.postures("vendor")
    at = f" at level {scenario.levels[level]!r}" if len(scenario.levels) > 1 else ""
    yield _problem(
        f"both places must be the same, and {names[own]!r} against {names[other]!r} earns the vendor "
        f"{vendor[level, own, other]:g} and the client {client[level, own, other]:g}{at}",
        "a symmetric game (the client's payoffs are the vendor's with rows and columns exchanged)",
    )
