"""Comparing strategies: every vendor agent against every client agent in one scenario."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from simulator.errors import SimulatorError, nearest
from simulator.games.stage import StageGame
from simulator.relationships.chain import automaton_of
from simulator.relationships.exact import Relationship, check_period, outside_stream, relationship
from simulator.relationships.period import setting_of
from simulator.relationships.planner import first_best
from simulator.relationships.simulation import Runs, check_replicates, simulate
from simulator.runner.tidy import frame_of, run_id_of
from simulator.scenario.schema import Scenario
from simulator.strategies.catalogue import FIELD, admitted, agents, as_agents
from simulator.strategies.contract import Agent
from simulator.streams import check_seed

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "Comparison", "chosen_agents", "compare", "extreme"]

Floats = NDArray[np.float64]
Method = Literal["auto", "exact", "simulate"]
Named = str | Agent | Sequence[str | Agent] | None

REPLICATES = 20_000  # of each simulated cell

# What a cell of the comparison holds, in the order of the tidy columns.
MEASURES = (
    "joint_value",
    "vendor_value",
    "client_value",
    "created_value",
    "vendor_captured",
    "client_captured",
    "left_on_table",
    "length",
    "healthy_length",
    "ended_by_vendor",
    "ended_by_client",
    "churned",
    "alive",
)
ERRORS = ("se_joint_value", "se_vendor_value", "se_client_value", "se_length", "se_healthy_length")
COLUMNS = ("run_id", "scenario", "method", "vendor", "client", *MEASURES, *ERRORS, "seed")


@dataclass(frozen=True, eq=False)
class Comparison:
    """Results of every pair, as matrices: rows are vendor agents, columns client agents.

    Attributes
    ----------
    vendors, client : tuple of Agent
        The agents, in the order of the rows and columns.
    joint_value, vendor_value, client_value, created_value, vendor_captured, client_captured, left_on_table : ndarray
        Money, shape (n_v, n_c).
    length, healthy_length : ndarray
        Expected periods, shape (n_v, n_c).
    ended_by_vendor, ended_by_client, churned, alive : ndarray
        Probabilities of how it ended, shape (n_v, n_c).
    se_joint_value, ... : ndarray
        Monte-Carlo standard errors; 0 where the cell is exact.
    method : ndarray of str, shape (n_v, n_c)
        ``"exact"`` or ``"simulate"``.
    remarks : tuple of str
        What was left out or sampled, and why.
    """

    scenario: Scenario
    vendors: tuple[Agent, ...]
    clients: tuple[Agent, ...]
    cells: Mapping[str, Floats]
    method: NDArray[np.str_]
    first_best: float
    seed: int
    replicates: int
    remarks: tuple[str, ...] = ()
    survivals: Mapping[tuple[int, int], Floats] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Floats:
        if name in MEASURES or name in ERRORS:
            return self.cells[name]
        raise AttributeError(f"a comparison has no {name!r}")

    @property
    def shape(self) -> tuple[int, int]:
        """Number of vendor agents and of client agents."""
        return len(self.vendors), len(self.clients)

    def pair(self, vendor: int, client: int) -> Relationship:
        """The exact relationship in row `vendor` and column `client`."""
        return relationship(self.scenario, vendor=self.vendors[vendor], client=self.clients[client])

    def survival(self, vendor: int, client: int) -> Floats:
        """Probability to live longer than t periods; by Kaplan-Meier where the cell was simulated."""
        if self.method[vendor, client] == "simulate":
            return self.survivals[vendor, client]
        return self.pair(vendor, client).survival

    def best(self) -> tuple[int, int]:
        """Row and column of the largest joint value."""
        return extreme(self.joint_value, largest=True) or (0, 0)

    def worst(self) -> tuple[int, int]:
        """Row and column of the smallest joint value."""
        return extreme(self.joint_value, largest=False) or (0, 0)

    def meta_game(self) -> StageGame:
        """The game of choosing an agent: payoffs are the values of the whole relationship."""
        return StageGame(
            self.vendor_value,
            self.client_value,
            vendor_postures=tuple(str(agent) for agent in self.vendors),
            client_postures=tuple(str(agent) for agent in self.clients),
            title=f"Choice of strategy in {self.scenario.title}",
            disagreement=(outside_stream(self.scenario, "vendor"), outside_stream(self.scenario, "client")),
            ordered=False,
        )

    def rows(self, *, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """The tidy table: one row for each cell, vendors first, in a fixed order of columns.

        Parameters
        ----------
        parameters : mapping, optional
            Settings that were changed; each becomes a column ``param.<key>``.
        """
        changed = {f"param.{key}": value for key, value in (parameters or {}).items()}
        rows = []
        for i, vendor in enumerate(self.vendors):
            for j, client in enumerate(self.clients):
                row: dict[str, Any] = {
                    "run_id": self.run_id,
                    "scenario": self.scenario.id,
                    "method": str(self.method[i, j]),
                    "vendor": str(vendor),
                    "client": str(client),
                    **changed,
                }
                row.update({name: float(self.cells[name][i, j]) for name in (*MEASURES, *ERRORS)})
                rows.append({**row, "seed": self.seed})
        return rows

    @property
    def run_id(self) -> str:
        """A short name of this run: the same inputs give the same name."""
        said: list[Any] = [self.scenario.document(), [str(a) for a in self.vendors], [str(a) for a in self.clients]]
        said += [self.method.tolist(), self.seed, self.replicates]
        return run_id_of(said)

    def to_frame(self) -> pd.DataFrame:
        """The tidy table as a pandas data frame.

        Raises
        ------
        SimulatorError
            When pandas is not installed.
        """
        return frame_of(self.rows(), COLUMNS)

    def __repr__(self) -> str:
        return f"<Comparison of {self.shape[0]} x {self.shape[1]} agents in {self.scenario.id!r}>"

    def _repr_html_(self) -> str:
        from simulator.runner.html import comparison_html

        return comparison_html(self)


def extreme(values: NDArray[np.float64], *, largest: bool) -> tuple[int, int] | None:
    """Row and column of the largest or smallest entry; the first of equals, None where all are NaN."""
    if np.isnan(values).all():
        return None
    signed = np.where(np.isnan(values), -np.inf, values if largest else -values)
    top = float(signed.max())
    # Values that differ by rounding alone are equal, so that a tie is not broken by noise.
    near = signed >= top - 1e-9 * abs(top) if np.isfinite(top) else signed == top
    row, column = np.unravel_index(int(np.argmax(near)), values.shape)
    return int(row), int(column)


def compare(
    scenario: Scenario,
    *,
    vendors: Named = None,
    clients: Named = None,
    method: Method = "auto",
    replicates: int = REPLICATES,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Comparison:
    """Compare every vendor agent with every client agent.

    Parameters
    ----------
    scenario : Scenario
        The situation.
    vendors, clients : agents or names, optional
        A list, or text such as ``"tit-for-tat, walk-away(tolerance=1)"``; ``"all"`` is the catalogue, absent: a field
        of six. Of these two, agents that the scenario does not admit are left out and named in `remarks`.
    method : {"auto", "exact", "simulate"}
        "auto" takes the exact answer wherever both agents are automata.
    replicates : int
        Relationships for each simulated cell.
    seed : int
        For simulated cells; all cells meet the same random numbers.
    progress : callable, optional
        Called with the number of cells done and in all.

    Returns
    -------
    Comparison

    Raises
    ------
    SimulatorError
        For unknown names, agents that do not fit, or a method that is not possible.

    Examples
    --------
    >>> import simulator as ns
    >>> table = ns.compare(ns.load_scenario("saas-renewal"), vendors="tit-for-tat", clients="tit-for-tat, walk-away")
    >>> table.length.round(2)
    array([[6.88, 6.29]])
    """
    if method not in ("auto", "exact", "simulate"):
        hint = nearest(str(method), ("auto", "exact", "simulate"))
        raise SimulatorError(f"method is {method!r}; allowed: 'auto', 'exact' or 'simulate'" + (hint and f"; {hint}"))
    replicates, seed = check_replicates(replicates), check_seed(seed)
    check_period(scenario)
    remarks: list[str] = []
    rows = chosen_agents(scenario, "vendor", vendors, remarks)
    columns = chosen_agents(scenario, "client", clients, remarks)
    shape = (len(rows), len(columns))
    best = first_best(scenario)
    cells = {name: np.zeros(shape) for name in (*MEASURES, *ERRORS)}
    methods = np.full(shape, "exact", dtype="<U8")
    survivals: dict[tuple[int, int], Floats] = {}
    sampled: dict[str, None] = {}
    censored: list[int] = []  # periods after which a simulation of an unlimited horizon was stopped
    outside = (outside_stream(scenario, "vendor"), outside_stream(scenario, "client"))
    for i, vendor in enumerate(rows):
        for j, client in enumerate(columns):
            slow = [
                str(a)
                for a, side in ((vendor, "vendor"), (client, "client"))
                if automaton_of(scenario, side, a) is None
            ]
            if slow and method == "exact":
                raise SimulatorError(
                    f"agent {slow[0]!r} has no automaton, so there is no exact answer; use method auto"
                )
            if slow or method == "simulate":
                runs = simulate(scenario, vendor=vendor, client=client, replicates=replicates, seed=seed)
                cell = _sampled_cell(runs, outside)
                methods[i, j], survivals[i, j] = "simulate", runs.survival
                if scenario.unlimited and not runs.ended.all():
                    censored.append(runs.periods)
                sampled.update(dict.fromkeys(slow))
            else:
                cell = _exact_cell(relationship(scenario, vendor=vendor, client=client))
            cell["left_on_table"] = best - cell["joint_value"]
            for name, value in cell.items():
                cells[name][i, j] = value
            if progress is not None:
                progress(i * shape[1] + j + 1, shape[0] * shape[1])
    if sampled:
        names = " and ".join(sampled)
        remarks.append(f"{names}: simulated with {replicates:,} relationships a cell, as they cannot be automata")
    elif method == "simulate":
        remarks.append(f"all cells simulated with {replicates:,} relationships each, as asked")
    if censored:
        remarks.append(
            f"lengths of {len(censored)} simulated cells count only up to the {scenario.period} in which nothing of "
            f"value was left ({min(censored)} to {max(censored)}): some relationships were still alive"
        )
    for values in (*cells.values(), methods):
        values.flags.writeable = False
    return Comparison(scenario, rows, columns, cells, methods, best, seed, replicates, tuple(remarks), survivals)


def chosen_agents(scenario: Scenario, side: str, named: Named, remarks: list[str]) -> tuple[Agent, ...]:
    """The agents of a side; those of the field or the catalogue that do not fit are left out and remarked on."""
    if named is None or (isinstance(named, str) and named.strip() == "all"):
        candidates = as_agents(FIELD) if named is None else tuple(agents())
        fit, refused = admitted(candidates, setting_of(scenario, side))
        remarks += [f"left out on the {side} side: {why}" for why in refused.values()]
        return fit
    chosen = as_agents(named)
    for candidate in chosen:
        automaton_of(scenario, side, candidate)  # raises with the reason where it does not fit
    return chosen


def _exact_cell(pair: Relationship) -> dict[str, float]:
    ends = pair.end_reasons
    return {
        "joint_value": pair.joint_value,
        "vendor_value": pair.vendor_value,
        "client_value": pair.client_value,
        "created_value": pair.created_value,
        "vendor_captured": pair.vendor_captured,
        "client_captured": pair.client_captured,
        "length": pair.expected_length,
        "healthy_length": pair.healthy_length,
        "ended_by_vendor": sum(p for reason, p in ends.items() if reason.startswith("vendor")),
        "ended_by_client": sum(p for reason, p in ends.items() if reason.startswith("client")),
        "churned": ends["churn"],
        "alive": ends["horizon"],
    }


def _sampled_cell(runs: Runs, outside: tuple[float, float]) -> dict[str, float]:
    count = len(runs)

    def error(values: NDArray[Any]) -> float:
        return float(values.std(ddof=1) / np.sqrt(count)) if count > 1 else float("nan")

    reasons = runs.reason
    by_vendor, by_client = np.char.startswith(reasons, "vendor"), np.char.startswith(reasons, "client")
    vendor, client = float(runs.vendor_value.mean()), float(runs.client_value.mean())
    cell = {
        "joint_value": float(runs.joint_value.mean()),
        "vendor_value": vendor,
        "client_value": client,
        "created_value": vendor + client - sum(outside),
        "vendor_captured": vendor - outside[0],
        "client_captured": client - outside[1],
        "length": float(runs.length.mean()),
        "healthy_length": float(runs.healthy_length.mean()),
        "ended_by_vendor": float(by_vendor.mean()),
        "ended_by_client": float(by_client.mean()),
        "churned": float((reasons == "churn").mean()),
        "alive": float((reasons == "horizon").mean()),
    }
    for name in ERRORS:
        cell[name] = error(getattr(runs, name.removeprefix("se_")))
    return cell
