"""Comparing mixes: the same market with other shares of strategies, on common random numbers.

Every mix meets the same random numbers, so that mixes are compared pairwise, replicate by replicate; adding or
reordering mixes changes no other result. A fluid market has no sampling error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from simulator.errors import SimulatorError, nearest
from simulator.markets.market import METHODS, PERIODS, market
from simulator.markets.mix import Mix, as_mix
from simulator.markets.result import Town
from simulator.runner.mix_comparison import MixComparison
from simulator.runner.mix_measures import MEASURES, measures_of, paths_of, pooled_survival
from simulator.scenario.schema import Scenario
from simulator.streams import check_seed, whole

__all__ = ["REPLICATES", "Method", "compare_mixes"]

Floats = NDArray[np.float64]
Method = Literal["simulate", "fluid"]
Mixes = Mapping[str, Mix | str] | Iterable[Mix | str]

REPLICATES = 8  # simulated markets of each mix


def compare_mixes(
    scenario: Scenario,
    mixes: Mixes,
    *,
    method: Method = "fluid",
    periods: int = PERIODS,
    replicates: int = REPLICATES,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> MixComparison:
    """Compare mixes of strategies in the market of a scenario.

    Parameters
    ----------
    scenario : Scenario
        The situation and its market (table ``[market]``).
    mixes : mapping of name to mix, or list of mixes
        Each a `Mix` or its written form; see also `mix_grid` and `named_mixes`.
    method : {"fluid", "simulate"}
        "fluid": infinitely many parties, without sampling error. "simulate": the scenario's numbers of parties.
    periods : int
        Periods of each market.
    replicates : int
        Simulated markets of each mix; a fluid market is run once.
    seed : int
        For simulations; all mixes meet the same random numbers.
    progress : callable, optional
        Called with the number of markets done and in all.

    Returns
    -------
    MixComparison

    Raises
    ------
    SimulatorError
        For mixes that cannot be read or do not fit the scenario, or that are named twice.

    Examples
    --------
    >>> import simulator as ns
    >>> grid = ns.mix_grid("tit-for-tat, always-compete", steps=2)
    >>> found = ns.compare_mixes(ns.load_scenario("saas-renewal"), grid, periods=100)
    >>> [round(float(length), 1) for length in found.length]
    [6.0, 3.3, 3.4]
    """
    if method not in METHODS:
        hint = nearest(str(method), METHODS)
        raise SimulatorError(f"method is {method!r}; allowed: 'fluid' or 'simulate'" + (hint and f"; {hint}"))
    seed = check_seed(seed)
    runs = whole("replicates", replicates, least=1)
    runs = runs if method == "simulate" else 1
    named = _named(mixes)
    for mix in named.values():
        mix.fits(scenario)  # all of them before any long work
    samples: dict[str, list[list[float]]] = {name: [] for name in MEASURES}
    paths: dict[str, list[Floats]] = {}
    survival: list[Floats] = []
    remarks: dict[str, None] = {}
    for i, mix in enumerate(named.values()):
        towns = []
        for replicate in range(runs):
            towns.append(market(scenario, mix=mix, periods=periods, method=method, seed=seed, replicate=replicate))
            if progress is not None:
                progress(i * runs + replicate + 1, len(named) * runs)
        found = [measures_of(town) for town in towns]
        for name, values in samples.items():
            values.append([measures[name] for measures in found])
        for name, path in _mean_paths(towns).items():
            paths.setdefault(name, []).append(path)
        survival.append(pooled_survival(towns))
        remarks.update(dict.fromkeys(remark for town in towns for remark in town.remarks))
    return MixComparison(
        scenario=scenario,
        names=tuple(named),
        mixes=tuple(named.values()),
        method=method,
        periods=periods,
        replicates=runs,
        seed=seed,
        samples={name: _locked(values) for name, values in samples.items()},
        paths={name: _locked(values) for name, values in paths.items()},
        survival=_locked(survival),
        remarks=tuple(remarks),
    )


def _named(mixes: Mixes) -> dict[str, Mix]:
    if isinstance(mixes, Mapping):
        pairs = [(name, as_mix(mix)) for name, mix in mixes.items()]
    elif isinstance(mixes, Iterable | Mix):
        pairs = [(str(mix), mix) for mix in map(as_mix, [mixes] if isinstance(mixes, Mix | str) else mixes)]
    else:
        raise SimulatorError(f"the mixes are {mixes!r}; allowed: mixes or their texts, also with names")
    if not pairs:
        raise SimulatorError("there are no mixes to compare; name at least one")
    named: dict[str, Mix] = {}
    for name, mix in pairs:
        if not isinstance(name, str) or not name:
            raise SimulatorError(f"a mix is called {name!r}; allowed: text that is not empty")
        if name in named:
            raise SimulatorError(f"the mix {name!r} is there twice; name each once")
        named[name] = mix
    return named


def _mean_paths(towns: list[Town]) -> dict[str, Floats]:
    """Mean over the replicates of every path; NaN only where none of them has a value."""
    found = [paths_of(town) for town in towns]
    means = {}
    for name in found[0]:
        together = np.array([paths[name] for paths in found])
        count = np.isfinite(together).sum(axis=0)
        means[name] = np.divide(np.nansum(together, axis=0), count, out=np.full(count.shape, np.nan), where=count > 0)
    return means


def _locked(values: Any) -> Floats:
    array = np.array(values, dtype=np.float64)
    array.flags.writeable = False
    return array
