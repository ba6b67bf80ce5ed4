"""What follows from numbers known only as ranges: bands of the results, and how often a condition holds.

Every range of the scenario (``{ low = , likely = , high = }``) is drawn from its triangular distribution, independently
of the others, and the pair is worked out exactly at each draw.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.errors import SimulatorError, UnknownNameError
from simulator.games.numbers import all_numbers
from simulator.relationships.derivatives import RESULTS
from simulator.relationships.exact import Relationship, relationship
from simulator.runner.conditions import Condition, condition
from simulator.scenario.schema import Scenario
from simulator.strategies.catalogue import agent
from simulator.strategies.contract import Agent
from simulator.streams import stream

__all__ = ["Bands", "Chance", "bands"]

Floats = NDArray[np.float64]
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
WHERE = ("vendor-captured", "client-captured", "joint building = joint squeezing")
DRAWS = 400


@dataclass(frozen=True)
class Chance:
    """How often a condition holds over the draws.

    Attributes
    ----------
    condition : Condition
        It holds where its difference is positive.
    share : float
        Part of the draws in which it holds.
    error : float
        Standard error of `share`.
    sentence : str
        The same in words.
    """

    condition: Condition
    share: float
    error: float
    sentence: str

    def __str__(self) -> str:
        return self.sentence


@dataclass(frozen=True, eq=False)
class Bands:
    """Results of a pair over the draws.

    Attributes
    ----------
    scenario, vendor, client
        The situation and the pair.
    settings : dict of ndarray, shape (draws,)
        The numbers drawn, by key.
    results : dict of ndarray, shape (draws,)
        Each result at each draw.
    bands : dict of dict
        ``{result: {quantile: value}}``.
    chances : tuple of Chance
        One for each condition.
    seed : int
        Of the draws.
    """

    scenario: Scenario
    vendor: Agent
    client: Agent
    settings: Mapping[str, NDArray[Any]]
    results: Mapping[str, Floats]
    bands: Mapping[str, Mapping[float, float]]
    chances: tuple[Chance, ...]
    seed: int

    @property
    def sentences(self) -> tuple[str, ...]:
        """The conditions in words."""
        return tuple(chance.sentence for chance in self.chances)


def bands(
    scenario: Scenario,
    *,
    vendor: str | Agent = "always-cooperate",
    client: str | Agent = "always-cooperate",
    results: Iterable[str] = ("joint_value", "vendor_captured", "client_captured", "expected_length"),
    where: str | Iterable[str] = WHERE,
    quantiles: Iterable[float] = QUANTILES,
    draws: int = DRAWS,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Bands:
    """Bands of results and chances of conditions over the ranges of a scenario.

    Parameters
    ----------
    scenario : Scenario
        With at least one number given as ``{ low = , likely = , high = }``.
    vendor, client : str or Agent
        The pair; absent: both build.
    results : iterable of str
        Results of a relationship.
    where : str or iterable of str
        Conditions as for `simulator.breakeven`; each holds where its left side is larger.
    quantiles : iterable of float
        Between 0 and 1.
    draws : int
        How many draws; more of them keep the first ones.
    seed : int
        Each number has a stream of its own, so that one range more leaves the draws of the others as they were.
    progress : callable, optional
        Called with the number of draws done and in all.

    Returns
    -------
    Bands

    Raises
    ------
    SimulatorError
        For a scenario without ranges, or a number of draws or a quantile that is not allowed.

    Examples
    --------
    >>> import simulator as ns
    >>> unsure = {"low": 0.0, "likely": 0.3, "high": 0.8}
    >>> s = ns.load_scenario("prisoners-dilemma").replace({"relationship.churn": unsure})
    >>> print(ns.bands(s, client="grim", where="vendor building = vendor squeezing", draws=50).sentences[0])
    The vendor does better by building in 74% of what you consider possible.
    """
    one, two = agent(vendor), agent(client)
    names, parts = tuple(results), tuple(float(quantile) for quantile in quantiles)
    asked = [condition(words) for words in ([where] if isinstance(where, str) else where)]
    for name in names:
        if name not in RESULTS:
            raise UnknownNameError("result", name, RESULTS)
    if isinstance(draws, bool) or not isinstance(draws, int) or draws < 1:
        raise SimulatorError(f"draws is {draws!r}; allowed: a whole number of at least 1")
    for part in parts:
        if not 0 <= part <= 1:
            raise SimulatorError(f"a quantile is {part!r}; allowed: a number from 0 to 1")
    drawn = _drawn(scenario, draws, seed)
    found = np.zeros((len(names), draws))
    gaps = np.zeros((len(asked), draws))
    for k in range(draws):
        meet = _met(scenario.replace({key: values[k].item() for key, values in drawn.items()}))
        pair = meet(one, two)
        found[:, k] = [getattr(pair, name) for name in names]
        gaps[:, k] = [item.gap(meet, one, two)[0] for item in asked]
        if progress is not None:
            progress(k + 1, draws)
    by_name = dict(zip(names, found, strict=True))
    return Bands(
        scenario=scenario,
        vendor=one,
        client=two,
        settings=drawn,
        results=by_name,
        bands={name: {part: float(np.quantile(values, part)) for part in parts} for name, values in by_name.items()},
        chances=tuple(_chance(item, gap) for item, gap in zip(asked, gaps, strict=True)),
        seed=seed,
    )


def _drawn(scenario: Scenario, draws: int, seed: int) -> dict[str, NDArray[Any]]:
    """Draws of every number known only as a range, by key."""
    if not scenario.estimates:
        raise SimulatorError(
            f"{scenario.id!r} has no number known only as a range; write one as {{ low = , likely = , high = }}"
        )
    whole = {item.key for item in all_numbers(scenario) if item.whole}
    drawn: dict[str, NDArray[Any]] = {}
    for estimate in scenario.estimates:
        chances = stream(seed, f"bands {estimate.key}", scenario.id).random(draws)
        values = np.array([estimate.quantile(float(chance)) for chance in chances])
        drawn[estimate.key] = np.rint(values).astype(np.int64) if estimate.key in whole else values
    return drawn


def _met(there: Scenario) -> Callable[[Agent, Agent], Relationship]:
    return lambda vendor, client: relationship(there, vendor=vendor, client=client)


def _chance(asked: Condition, gaps: Floats) -> Chance:
    share = float((gaps > 0).mean())
    error = math.sqrt(share * (1 - share) / len(gaps))
    said = asked.above[:1].upper() + asked.above[1:]
    return Chance(asked, share, error, f"{said} in {share:.0%} of what you consider possible.")
