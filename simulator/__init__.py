"""A negotiation simulator: repeated bargaining between vendors and clients.

``import simulator as ns``. Every name below is loaded when it is first used, so that importing the package is quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulator.bargaining.deals import DealSpace, deal_space
    from simulator.bargaining.protocol import NegotiationResult, Talks, negotiate
    from simulator.bargaining.tactics import Tactic, tactic
    from simulator.errors import HorizonError, ScenarioError, SimulatorError, UnknownNameError
    from simulator.games.stage import StageGame, stage_game
    from simulator.markets.market import market
    from simulator.markets.mix import Mix
    from simulator.markets.mixes import mix_grid, named_mixes
    from simulator.markets.result import Town
    from simulator.relationships.deviation import Deviation, Holding, holds
    from simulator.relationships.exact import Relationship, relationship
    from simulator.relationships.explain import Explanation, explain
    from simulator.relationships.partnership import PartnershipZone, partnership_zone
    from simulator.relationships.sensitivity import Effect, Sensitivity, sensitivity
    from simulator.relationships.simulation import Runs, simulate
    from simulator.relationships.stepwise import Story, play
    from simulator.runner.advice import Advice, advise
    from simulator.runner.bands import Bands, bands
    from simulator.runner.breakeven import BreakEven, breakeven
    from simulator.runner.compare import Comparison, compare
    from simulator.runner.evolve import Evolution, evolve
    from simulator.runner.holding import HoldingTable, holding_table
    from simulator.runner.loading import import_genius, load_scenario, scenarios
    from simulator.runner.maps import CooperationMap, cooperation_map
    from simulator.runner.market_curves import competition_curve, win_and_agree
    from simulator.runner.mix_comparison import MixComparison
    from simulator.runner.mixes import compare_mixes
    from simulator.scenario.schema import Scenario
    from simulator.strategies.catalogue import agent, agents
    from simulator.strategies.contract import Agent, Automaton, Player, Setting

__version__ = "0.1.0"

_HOMES = {
    "bargaining.deals": ("DealSpace", "deal_space"),
    "bargaining.protocol": ("NegotiationResult", "Talks", "negotiate"),
    "bargaining.tactics": ("Tactic", "tactic"),
    "errors": ("HorizonError", "ScenarioError", "SimulatorError", "UnknownNameError"),
    "games.stage": ("StageGame", "stage_game"),
    "markets.market": ("market",),
    "markets.mix": ("Mix",),
    "markets.mixes": ("mix_grid", "named_mixes"),
    "markets.result": ("Town",),
    "relationships.deviation": ("Deviation", "Holding", "holds"),
    "relationships.exact": ("Relationship", "relationship"),
    "relationships.explain": ("Explanation", "explain"),
    "relationships.partnership": ("PartnershipZone", "partnership_zone"),
    "relationships.simulation": ("Runs", "simulate"),
    "relationships.stepwise": ("Story", "play"),
    "runner.advice": ("Advice", "advise"),
    "relationships.sensitivity": ("Effect", "Sensitivity", "sensitivity"),
    "runner.bands": ("Bands", "bands"),
    "runner.breakeven": ("BreakEven", "breakeven"),
    "runner.compare": ("Comparison", "compare"),
    "runner.holding": ("HoldingTable", "holding_table"),
    "runner.evolve": ("Evolution", "evolve"),
    "runner.loading": ("import_genius", "load_scenario", "scenarios"),
    "runner.maps": ("CooperationMap", "cooperation_map"),
    "runner.market_curves": ("competition_curve", "win_and_agree"),
    "runner.mix_comparison": ("MixComparison",),
    "runner.mixes": ("compare_mixes",),
    "scenario.schema": ("Scenario",),
    "strategies.catalogue": ("agent", "agents"),
    "strategies.contract": ("Agent", "Automaton", "Player", "Setting"),
}
_HOME_OF = {name: "simulator." + module for module, names in _HOMES.items() for name in names}

__all__ = [
    "Advice",
    "Agent",
    "Automaton",
    "Bands",
    "BreakEven",
    "Comparison",
    "CooperationMap",
    "DealSpace",
    "Deviation",
    "Effect",
    "Evolution",
    "Explanation",
    "Holding",
    "HoldingTable",
    "HorizonError",
    "Mix",
    "MixComparison",
    "NegotiationResult",
    "PartnershipZone",
    "Player",
    "Relationship",
    "Runs",
    "Scenario",
    "ScenarioError",
    "Sensitivity",
    "Setting",
    "SimulatorError",
    "StageGame",
    "Story",
    "Tactic",
    "Talks",
    "Town",
    "UnknownNameError",
    "advise",
    "agent",
    "agents",
    "bands",
    "breakeven",
    "compare",
    "compare_mixes",
    "competition_curve",
    "cooperation_map",
    "deal_space",
    "evolve",
    "explain",
    "holding_table",
    "holds",
    "import_genius",
    "load_scenario",
    "market",
    "mix_grid",
    "named_mixes",
    "negotiate",
    "partnership_zone",
    "play",
    "relationship",
    "scenarios",
    "sensitivity",
    "simulate",
    "stage_game",
    "tactic",
    "win_and_agree",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'simulator' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
