"""What is compared across mixes: the measures of one market, by the names that all tables of this package use.

Money is per client and period (with one role per party and period), mean over the periods, unless its name says
otherwise. Captured is what a side gets above its outside option inside relationships, before what competing, searching
and switching cost; both sides' together are the created value.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from simulator.markets.ledger import MARKET_ENDS
from simulator.markets.result import Town, kaplan_meier
from simulator.strategies.contract import Agent

__all__ = ["ERRORS", "HOUSE", "MARKET", "MEASURES", "PATHS", "measures_of", "paths_of", "pooled_survival"]

Floats = NDArray[np.float64]

# The columns of every comparison that say something of a market, then those that only a market has.
HOUSE = (
    "joint_value",
    "vendor_value",
    "client_value",
    "created_value",
    "vendor_captured",
    "client_captured",
    "length",
    "healthy_length",
    "ended_by_vendor",
    "ended_by_client",
    "churned",
    "alive",
)
MARKET = (
    "reviewed",
    "replaced",
    "total_value",
    "outside",
    "burned",
    "tendering",
    "transferred",
    "selected",
    "search",
    "switching",
    "in_relationship",
    "both_cooperate",
    "starved",
    "level",
    "competitive",
    "competitive_at_end",
)
MEASURES = (*HOUSE, *MARKET)
ERRORS = tuple(f"se_{name}" for name in MEASURES)
PATHS = ("joint_value", "in_relationship", "both_cooperate", "starved", "length", "competitive")


def measures_of(town: Town) -> dict[str, float]:
    """Every measure of one market; NaN where nothing happened that it could be taken from."""
    flow, value, book = town.flow, town.value, town.ledger
    one = town.population.one_role
    client = _mean(book.client_earned.sum(axis=1)) / _mean(book.clients.sum(axis=1))
    competitive = _competitive(town)
    played = book.level.sum(axis=0)
    return {
        "joint_value": value,
        "vendor_value": float("nan") if one else value - client,
        "client_value": float("nan") if one else client,
        "created_value": flow.created,
        "vendor_captured": flow.vendor_captured,
        "client_captured": flow.client_captured,
        "length": town.length,
        "healthy_length": town.healthy_length,
        **_ends(town),
        "total_value": town.total_value,
        **{name: getattr(flow, name) for name in ("outside", "burned", "tendering", "transferred", "selected")},
        **{name: getattr(flow, name) for name in ("search", "switching")},
        "in_relationship": _mean(town.in_relationship),
        "both_cooperate": _over_played(town.both_cooperate, book.played),
        "starved": _over_played(town.starved, book.played),
        "level": float(played @ np.arange(len(played)) / played.sum()) if played.sum() > 0 else float("nan"),
        "competitive": float(competitive[0]),
        "competitive_at_end": float(competitive[-1]),
    }


def paths_of(town: Town) -> dict[str, Floats]:
    """The measures that are followed from period to period, each of shape (periods,)."""
    return {
        "joint_value": town.value_path,
        "in_relationship": town.in_relationship,
        "both_cooperate": town.both_cooperate,
        "starved": town.starved,
        "length": town.length_path,
        "competitive": _competitive(town),
    }


def pooled_survival(towns: Iterable[Town]) -> Floats:
    """Survival of the relationships of several markets together, (periods,), by Kaplan-Meier."""
    books = [town.ledger for town in towns]
    ended = np.sum([book.lifetimes_ended.sum(axis=(0, 1)) for book in books], axis=0)
    alive = np.sum([book.lifetimes_open.sum(axis=(0, 1)) for book in books], axis=0)
    return kaplan_meier(ended, alive)[:-1]


def _ends(town: Town) -> dict[str, float]:
    """How the relationships begun ended, as shares that sum to 1; `alive` at the end of the market."""
    ended = dict(zip(MARKET_ENDS, town.ledger.reasons, strict=True))
    alive = float(town.ledger.lifetimes_open.sum())
    begun = alive + float(sum(ended.values()))

    def share(count: float) -> float:
        return float(count) / begun if begun > 0 else float("nan")

    return {
        "ended_by_vendor": share(sum(n for reason, n in ended.items() if reason.startswith("vendor"))),
        "ended_by_client": share(sum(n for reason, n in ended.items() if reason.startswith("client"))),
        "churned": share(ended["churn"]),
        "alive": share(alive),
        "reviewed": share(ended["review"]),
        "replaced": share(ended["turnover"]),
    }


def _competitive(town: Town) -> Floats:
    """Share of the parties with a competitive strategy in each period; vendors and clients count alike."""
    people = town.population
    vendors = town.vendor_mix @ _flags(people.vendor_agents)
    if people.one_role:
        return np.asarray(vendors)
    return np.asarray((vendors + town.client_mix @ _flags(people.client_agents)) / 2)


def _flags(agents: tuple[Agent, ...]) -> Floats:
    return np.array([agent.family == "competitive" for agent in agents], dtype=np.float64)


def _mean(path: Floats) -> float:
    return float(path.mean())


def _over_played(path: Floats, played: Floats) -> float:
    """Mean of a share over all relationship-periods."""
    total = played.sum()
    return float(np.nansum(path * played) / total) if total > 0 else float("nan")
