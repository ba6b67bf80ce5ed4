"""The catalogue of agents, by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from simulator.errors import SimulatorError
from simulator.parameters import make, parse_call, parse_calls
from simulator.strategies import competitive, control, cooperative, reciprocal
from simulator.strategies.contract import Agent, Setting

__all__ = ["CATALOGUE", "FIELD", "admitted", "agent", "agents", "as_agents"]

CATALOGUE: dict[str, type[Agent]] = {
    cls.name: cls
    for cls in (
        cooperative.AlwaysCooperate,
        cooperative.GenerousTitForTat,
        cooperative.TitForTwoTats,
        cooperative.TrustBuilder,
        cooperative.WalkAway,
        cooperative.Steward,
        reciprocal.TitForTat,
        reciprocal.WinStayLoseShift,
        reciprocal.Grim,
        reciprocal.TwoTitsForTat,
        reciprocal.HardTitForTat,
        reciprocal.MemoryOne,
        reciprocal.ConditionalLeaver,
        competitive.AlwaysCompete,
        competitive.AlwaysClaim,
        competitive.SuspiciousTitForTat,
        competitive.HitAndRun,
        competitive.Opportunist,
        competitive.Extortioner,
        competitive.Bully,
        competitive.Nibbler,
        control.Random,
        control.Alternator,
        control.AntiTitForTat,
    )
}

FIELD = ("always-cooperate", "generous-tit-for-tat", "tit-for-tat", "walk-away", "opportunist", "always-compete")


def agents() -> list[Agent]:
    """The catalogue: one agent of each name, with its default parameters.

    Examples
    --------
    >>> import simulator as ns
    >>> [a.name for a in ns.agents() if a.family == "control"]
    ['random', 'alternator', 'anti-tit-for-tat']
    """
    return [cls() for cls in CATALOGUE.values()]


def agent(name: str | Agent, **parameters: Any) -> Agent:
    """Make an agent by name, with parameters.

    Parameters
    ----------
    name : str or Agent
        For example ``"tit-for-tat"`` or ``"generous-tit-for-tat(generosity=0.3)"``.
    **parameters
        The agent's own parameters, ``patience`` and ``bid``.

    Raises
    ------
    UnknownNameError, SimulatorError
        For an unknown name or parameter, or a value that is not allowed.

    Examples
    --------
    >>> import simulator as ns
    >>> ns.agent("generous-tit-for-tat", generosity=0.3) == ns.agent("generous-tit-for-tat(generosity=0.3)")
    True
    """
    if isinstance(name, Agent):
        return name.with_parameters(**parameters) if parameters else name
    if not isinstance(name, str):
        raise SimulatorError(f"an agent is {name!r}; allowed: a name such as 'tit-for-tat', or an Agent")
    word, given = parse_call(name)
    return make(CATALOGUE, "agent", word, {**given, **parameters})


def as_agents(named: str | Agent | Sequence[str | Agent]) -> tuple[Agent, ...]:
    """Agents from a list of agents or names, or from one comma-separated text."""
    if isinstance(named, str):
        found = [make(CATALOGUE, "agent", word, given) for word, given in parse_calls(named)]
    elif isinstance(named, Iterable | Agent):
        found = [agent(item) for item in ([named] if isinstance(named, Agent) else named)]
    else:
        raise SimulatorError(f"the agents are {named!r}; allowed: agents or their names")
    if not found:
        raise SimulatorError("no agent is named; name at least one for each side")
    for item in found:
        if found.count(item) > 1:
            raise SimulatorError(f"agent {str(item)!r} is named twice on one side; name each once")
    return tuple(found)


def admitted(candidates: tuple[Agent, ...], setting: Setting) -> tuple[tuple[Agent, ...], dict[str, str]]:
    """Those of `candidates` that can play in this setting, and why the others cannot."""
    fit, refused = [], {}
    for candidate in candidates:
        try:
            candidate.automaton(setting)
        except SimulatorError as error:
            refused[str(candidate)] = str(error)
        else:
            fit.append(candidate)
    return tuple(fit), refused
