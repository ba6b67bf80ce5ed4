"""Two questions that a market answers at a glance, each as a comparison of mixes.

What happens as competitive agents take over, with and without mandatory reviews? And is it winning hard, or agreeing
hard, that costs?
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator.errors import SimulatorError
from simulator.markets.market import PERIODS
from simulator.markets.mix import Mix
from simulator.markets.mixes import mix_grid
from simulator.runner.mix_comparison import MixComparison
from simulator.runner.mixes import REPLICATES, Method, compare_mixes
from simulator.scenario.schema import Scenario
from simulator.strategies.catalogue import agent
from simulator.strategies.contract import Agent
from simulator.streams import whole

__all__ = ["CORNERS", "competition_curve", "win_and_agree"]

COOPERATIVE, COMPETITIVE = "tit-for-tat", "always-compete"
CORNERS = ("win fair, agree together", "win hard, agree together", "win fair, agree hard", "win hard, agree hard")

Progress = Callable[[int, int], None]


def win_and_agree(
    scenario: Scenario,
    *,
    cooperative: str | Agent = COOPERATIVE,
    competitive: str | Agent = COMPETITIVE,
    method: Method = "fluid",
    periods: int = PERIODS,
    replicates: int = REPLICATES,
    seed: int = 0,
    progress: Progress | None = None,
) -> MixComparison:
    """Compare winning hard or fair with agreeing hard or together: four markets in which all do the same.

    Parameters
    ----------
    scenario : Scenario
        With a contest or a tender, as otherwise nobody bids.
    cooperative, competitive : agent or name
        What both sides play when they agree together, and when they agree hard.
    method, periods, replicates, seed, progress
        As for `compare_mixes`.

    Returns
    -------
    MixComparison
        Of four mixes, named by `CORNERS`: "win fair, agree together" is the base, the last one is hard in both.

    Raises
    ------
    SimulatorError
        When the scenario's matching is random or it has one role.

    Examples
    --------
    >>> import simulator as ns
    >>> s = ns.load_scenario("saas-renewal").replace({"market.matching": "contest"})
    >>> found = ns.win_and_agree(s, periods=30)
    >>> found.names[found.best()]
    'win fair, agree together'
    """
    market = scenario.market
    if market.matching == "random":
        what = f"the matching of {scenario.id!r} is random, so nobody bids to win a client"
        raise SimulatorError(f'{what}; set market.matching to "contest" or "tender"')
    mixes = {
        f"win {win}, agree {agree}": Mix(vendors=agent(playing, bid=win), clients=agent(playing, bid="fair"))
        for agree, playing in (("together", cooperative), ("hard", competitive))
        for win in ("fair", "hard")
    }
    return compare_mixes(
        scenario, mixes, method=method, periods=periods, replicates=replicates, seed=seed, progress=progress
    )


def competition_curve(
    scenario: Scenario,
    *,
    steps: int = 10,
    reviews: int | None = None,
    cooperative: str | Agent = COOPERATIVE,
    competitive: str | Agent = COMPETITIVE,
    method: Method = "fluid",
    periods: int = PERIODS,
    replicates: int = REPLICATES,
    seed: int = 0,
    progress: Progress | None = None,
) -> dict[str, MixComparison]:
    """Follow a market as competitive agents take over on both sides, without and with mandatory reviews.

    Parameters
    ----------
    scenario : Scenario
        The situation and its market.
    steps : int
        The share of competitive agents goes from 0 to 1 in so many steps.
    reviews : int, optional
        Periods between reviews; absent: the scenario's own ``market.review_every``. 0: no curve with reviews.
    cooperative, competitive : agent or name
        The two strategies; with one role they make up the population.
    method, periods, replicates, seed, progress
        As for `compare_mixes`.

    Returns
    -------
    dict of str to MixComparison
        ``"without reviews"``, then ``"reviews every N periods"`` where there are any; the same mixes in both, on the
        same random numbers, so that ``with_reviews.differences("joint_value", other=without)`` is what reviews bring.

    Raises
    ------
    SimulatorError
        For reviews where the matching is random, and as for `compare_mixes`.

    Examples
    --------
    >>> import simulator as ns
    >>> s = ns.load_scenario("saas-renewal")
    >>> curve = ns.competition_curve(s, steps=2)["without reviews"]
    >>> [round(float(share), 1) for share in curve.share("always-compete")]
    [0.0, 0.5, 1.0]
    """
    every = scenario.market.review_every if reviews is None else whole("reviews", reviews, least=0)
    side = "population" if scenario.market.roles == "one" else "both"
    mixes = mix_grid([agent(cooperative), agent(competitive)], steps=steps, side=side)
    curves = {"without reviews": scenario.replace({"market.review_every": 0})}
    if every:
        rhythm = scenario.period if every == 1 else f"{every} {scenario.period}s"
        curves[f"reviews every {rhythm}"] = scenario.replace({"market.review_every": every})
    found: dict[str, MixComparison] = {}
    options: dict[str, Any] = {"method": method, "periods": periods, "replicates": replicates, "seed": seed}
    for place, (name, changed) in enumerate(curves.items()):
        report = _part(progress, place, len(curves))
        found[name] = compare_mixes(changed, mixes, progress=report, **options)
    return found


def _part(progress: Progress | None, place: int, parts: int) -> Progress | None:
    """Report one of several equal parts of the work as a part of the whole."""
    if progress is None:
        return None
    return lambda done, total: progress(place * total + done, parts * total)
