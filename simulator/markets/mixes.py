"""Many mixes: named in a file, or on a grid over all shares of some agents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import comb
from pathlib import Path
from typing import Any

from simulator.errors import Fault, ScenarioError, SimulatorError, nearest
from simulator.markets.mix import ROLES, Given, Mix, Shares, shares_of
from simulator.scenario.loading import read_toml
from simulator.scenario.positions import find_line
from simulator.strategies.catalogue import as_agents
from simulator.strategies.contract import Agent
from simulator.streams import whole

__all__ = ["mix_grid", "named_mixes"]

MOST_POINTS = 5_000  # of a grid
SIDES = ("both", *ROLES)


def named_mixes(path: str | Path) -> dict[str, Mix]:
    """Read the mixes of a TOML file, one table ``[mix.NAME]`` for each.

    Parameters
    ----------
    path : str or Path
        For example with ``[mix.half]``, ``vendors = { tit-for-tat = 0.5, always-compete = 0.5 }`` and
        ``clients = { tit-for-tat = 1 }``; agents with parameters in quotes.

    Returns
    -------
    dict of str to Mix
        In the order of the file.

    Raises
    ------
    ScenarioError
        Every fault of the file with its line.
    """
    file = Path(path).expanduser()
    document, lines = read_toml(file)
    faults: list[Fault] = []

    def fault(what: str, allowed: str, hint: str, *where: str) -> None:
        faults.append(Fault(what, allowed, hint, file=str(file), line=find_line(lines, where)))

    for key in document:
        if key != "mix":
            fault(f"unknown key {key}", "allowed: mix", nearest(key, ["mix"]), key)
    tables = document.get("mix")
    if not isinstance(tables, Mapping) or not tables:
        fault("the file names no mix", "one table [mix.NAME] for each mix", "", "mix")
        tables = {}
    found: dict[str, Mix] = {}
    for name, table in tables.items():
        if not isinstance(table, Mapping):
            fault(f"mix {name!r} is {table!r}", "a table with vendors and clients, or population", "", "mix", name)
            continue
        unknown = [key for key in table if key not in ROLES]
        for key in unknown:
            fault(
                f"unknown key mix.{name}.{key}", f"allowed: {', '.join(ROLES)}", nearest(key, ROLES), "mix", name, key
            )
        if unknown:
            continue
        shares: dict[str, Shares] = {}
        for role, given in table.items():
            try:
                shares[role] = shares_of(role, given)
            except SimulatorError as error:
                fault(f"mix {name!r}: {error}", "", "", "mix", name, role)
        if len(shares) == len(table):
            try:
                found[name] = Mix(**shares)
            except SimulatorError as error:
                fault(f"mix {name!r}: {error}", "", "", "mix", name)
    if faults:
        faults.sort(key=lambda fault: fault.line or 0)
        raise ScenarioError(dict.fromkeys(faults))
    return found


def mix_grid(
    agents: str | Sequence[str | Agent],
    *,
    steps: int = 10,
    side: str = "both",
    rest: Given = None,
) -> tuple[Mix, ...]:
    """Mixes on a grid over all shares of some agents.

    Parameters
    ----------
    agents : agents or names
        Two or more; also one text with commas.
    steps : int
        Into how many steps a share of 1 is cut.
    side : {"both", "vendors", "clients", "population"}
        Who has these shares: vendors and clients alike, one of them, or the population where there is one role.
    rest : agents with shares, optional
        The other role, where `side` is "vendors" or "clients"; as in `Mix`.

    Returns
    -------
    tuple of Mix
        From all of the first agent to all of the last; the first agent's share falls slowest.

    Raises
    ------
    SimulatorError
        For fewer than two agents, or more than 5,000 points.

    Examples
    --------
    >>> import simulator as ns
    >>> [str(mix) for mix in ns.mix_grid("grim, bully", steps=2, side="population")]
    ['population: grim=1, bully=0', 'population: grim=0.5, bully=0.5', 'population: grim=0, bully=1']
    """
    chosen = as_agents(agents)
    steps = whole("steps", steps, least=1)
    if side not in SIDES:
        hint = nearest(str(side), SIDES)
        raise SimulatorError(f"side is {side!r}; allowed: {', '.join(SIDES)}" + (hint and f"; {hint}"))
    if len(chosen) < 2:
        raise SimulatorError(f"a grid of mixes has only the agent {str(chosen[0])!r}; name at least two")
    points = comb(steps + len(chosen) - 1, len(chosen) - 1)
    if points > MOST_POINTS:
        what = f"a grid of {len(chosen)} agents in {steps} steps has {points:,} mixes"
        raise SimulatorError(f"{what}; allowed: at most {MOST_POINTS:,}, so take fewer agents or steps")
    alone = side in ("vendors", "clients")
    if alone != (rest is not None):
        other = "clients" if side == "vendors" else "vendors"
        said = f"give the {other} by rest=" if alone else "leave out rest="
        raise SimulatorError(f"side is {side!r}; {said}")
    return tuple(_mix(tuple(zip(chosen, shares, strict=True)), side, rest) for shares in _points(len(chosen), steps))


def _mix(shares: Any, side: str, rest: Given) -> Mix:
    if side == "population":
        return Mix(population=shares)
    if side == "both":
        return Mix(vendors=shares, clients=shares)
    return Mix(vendors=shares, clients=rest) if side == "vendors" else Mix(vendors=rest, clients=shares)


def _points(count: int, steps: int) -> Iterator[tuple[float, ...]]:
    """All ways to cut `steps` equal parts among `count` agents, as shares."""

    def cuts(left: int, agents: int) -> Iterator[tuple[int, ...]]:
        if agents == 1:
            yield (left,)
            return
        for own in range(left, -1, -1):
            for others in cuts(left - own, agents - 1):
                yield (own, *others)

    return (tuple(part / steps for part in cut) for cut in cuts(steps, count))
