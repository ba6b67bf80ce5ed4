"""A market as plain data: the document behind ``--json``, and tidy tables of strategies and of periods."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.reports.market_places import prize_of
from simulator.runner.mix_measures import ERRORS, MEASURES

if TYPE_CHECKING:
    from simulator.markets.result import Town
    from simulator.reports.takeover import Takeover
    from simulator.runner.mix_comparison import MixComparison

__all__ = [
    "errors_of",
    "mixes_document",
    "path_rows",
    "strategy_rows",
    "takeover_document",
    "takeover_rows",
    "town_document",
]


def town_document(town: Town) -> dict[str, Any]:
    """Everything that one market tells, as nested plain values; the keys are the names of `Town`."""
    found: dict[str, Any] = {
        "method": town.method,
        "periods": town.periods,
        "mix": town.mix.document(),
        "value": town.value,
        "total_value": town.total_value,
        "flow": town.flow._asdict(),
        "steady_flow": None if town.steady is None else town.steady._asdict(),
        "length": town.length,
        "completed_length": town.completed_length,
        "censored_share": town.censored_share,
        "healthy_length": town.healthy_length,
        "end_reasons": town.end_reasons,
        "in_relationship": _mean(town.in_relationship),
        "both_cooperate": _mean(town.both_cooperate),
        "starved": _mean(town.starved),
        "levels": {name: _mean(share) for name, share in zip(town.scenario.levels, town.levels.T, strict=True)},
        "strategies": strategy_rows(town),
        "lengths": town.lengths,
        "survival": town.survival(),
    }
    if town.prize is not None:
        found["prize"] = {
            "segments": town.population.segments,
            "worth": prize_of(town, town.prize.prizes),
            "effort": prize_of(town, town.prize.rates.efforts),
            "method": town.prize.method,
            "iterations": town.prize.iterations,
            "converged": town.prize.converged,
            "several": town.prize.several,
        }
    if town.places is not None:
        places = town.places
        found["free_place"] = {
            "vendors": places.vendors,
            "segments": places.segments,
            "outside": places.outside,
            "earned": places.earned,
            "worth": places.free_place,
            "forgone": places.forgone,
        }
    return found


def _mean(path: np.ndarray) -> float:
    known = path[np.isfinite(path)]
    return float(known.mean()) if len(known) else float("nan")


def strategy_rows(town: Town) -> list[dict[str, Any]]:
    """One row for each strategy of each side."""
    one = town.population.one_role
    sides: list[tuple[str, tuple[str, ...], Any, Any, Any, Any]] = []
    if not one:
        sides.append(
            ("vendor", town.vendor_agents, town.vendor_mix, town.vendor_earnings, town.vendor_values, town.win_rate)
        )
    own = "population" if one else "client"
    nothing = np.full(len(town.client_agents), np.nan)
    names = town.vendor_agents if one else town.client_agents
    sides.append((own, names, town.client_mix, town.client_earnings, town.client_values, nothing))
    rows = []
    for side, agents, mix, earned, values, won in sides:
        for k, name in enumerate(agents):
            lived = town.survival(vendor=k) if side == "vendor" else town.survival(client=k)
            begun = town.ledger.pair_begun.sum(axis=1 if side == "vendor" else 0)[k]
            rows.append(
                {
                    "side": side,
                    "strategy": name,
                    "share_first": float(mix[0, k]),
                    "share_last": float(mix[-1, k]),
                    "earned_per_period": float(earned[k]),
                    "earned_discounted": float(values[k]),
                    "win_rate": float(won[k]),
                    "length": float(np.nansum(lived)) if begun > 0 else float("nan"),
                }
            )
    return rows


def errors_of(towns: Sequence[Town]) -> dict[str, float]:
    """Standard errors of value and length over the replicates of one market; 0 in a fluid one, NaN of one alone."""
    count = len(towns)
    if towns[0].method == "fluid":
        return {"se_value": 0.0, "se_length": 0.0}
    if count == 1:
        return {"se_value": float("nan"), "se_length": float("nan")}
    return {
        f"se_{name}": float(np.std([getattr(town, name) for town in towns], ddof=1) / np.sqrt(count))
        for name in ("value", "length")
    }


def path_rows(town: Town) -> list[dict[str, Any]]:
    """One row for each period: value, length, state of the market, and the mix."""
    columns: dict[str, Any] = {
        "value": town.value_path,
        "length_of_ended": town.length_path,
        "in_relationship": town.in_relationship,
        "both_cooperate": town.both_cooperate,
        "starved": town.starved,
    }
    if not town.population.one_role:
        columns |= {f"vendors.{name}": town.vendor_mix[:, k] for k, name in enumerate(town.vendor_agents)}
    who = "population" if town.population.one_role else "clients"
    names = town.vendor_agents if town.population.one_role else town.client_agents
    columns |= {f"{who}.{name}": town.client_mix[:, k] for k, name in enumerate(names)}
    return [{"period": t, **{name: float(path[t]) for name, path in columns.items()}} for t in range(town.periods)]


def takeover_rows(takeover: Takeover) -> list[dict[str, Any]]:
    """One row for each share of competitive agents and rule about reviews."""
    every = [takeover.scenario.market.review_every, 0]
    return [
        {
            "competitive_share": float(share),
            "review_every": every[k],
            "value": float(line.value[at]),
            "value_se": float(line.value_error[at]),
            "length": float(line.length[at]),
            "length_se": float(line.length_error[at]),
        }
        for k, line in enumerate(takeover.lines)
        for at, share in enumerate(takeover.shares)
    ]


def takeover_document(takeover: Takeover) -> dict[str, Any]:
    """The lines over the share of competitive agents as plain values."""
    return {
        "method": takeover.method,
        "periods": takeover.periods,
        "replicates": takeover.replicates if takeover.method == "simulate" else None,
        "competitive": takeover.competitive,
        "others": takeover.others,
        "markets": takeover_rows(takeover),
    }


def mixes_document(comparison: MixComparison) -> dict[str, Any]:
    """Every measure of every mix, and the paired differences of total value from the best."""
    paired = comparison.differences("joint_value", base=comparison.best())
    return {
        "method": comparison.method,
        "run_id": comparison.run_id,
        "periods": comparison.periods,
        "replicates": comparison.replicates if comparison.method == "simulate" else None,
        "mixes": {name: mix.document() for name, mix in zip(comparison.names, comparison.mixes, strict=True)},
        **{name: getattr(comparison, name) for name in (*MEASURES, *ERRORS)},
        "against_best": paired._asdict(),
        "survival": comparison.survival,
    }
