"""Which of many pairs hold: the deviation test for every vendor agent with every client agent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simulator.errors import SimulatorError
from simulator.relationships.chain import automaton_of
from simulator.relationships.deviation import Holding, holding_of, judged_scenario
from simulator.relationships.exact import relationship
from simulator.runner.compare import Comparison, chosen_agents
from simulator.runner.tidy import frame_of
from simulator.scenario.schema import Scenario
from simulator.strategies.contract import Agent

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["HoldingTable", "holding_table"]

Floats = NDArray[np.float64]
Named = str | Agent | Sequence[str | Agent] | None


@dataclass(frozen=True, eq=False)
class HoldingTable:
    """The deviation test of every pair; rows are vendor agents, columns client agents.

    Attributes
    ----------
    scenario : Scenario
        As the pairs were judged: without a last period unless the end was to be known.
    vendors, clients : tuple of Agent
        The agents, in the order of the rows and columns.
    cells : tuple of tuple of Holding
        The test of each pair.
    remarks : tuple of str
        What was left out, and why.
    """

    scenario: Scenario
    vendors: tuple[Agent, ...]
    clients: tuple[Agent, ...]
    cells: tuple[tuple[Holding, ...], ...]
    remarks: tuple[str, ...] = ()

    @property
    def shape(self) -> tuple[int, int]:
        """Number of vendor agents and of client agents."""
        return len(self.vendors), len(self.clients)

    @property
    def vendor_gain(self) -> Floats:
        """What the vendor's best plan gains, (n_v, n_c); an upper bound where postures are misread."""
        return np.array([[cell.vendor_gain for cell in row] for row in self.cells])

    @property
    def client_gain(self) -> Floats:
        """What the client's best plan gains, (n_v, n_c); an upper bound where postures are misread."""
        return np.array([[cell.client_gain for cell in row] for row in self.cells])

    @property
    def verdict(self) -> NDArray[np.str_]:
        """``"holds"``, ``"breaks"`` or ``"open"`` for each pair, (n_v, n_c)."""
        return np.array([[cell.verdict for cell in row] for row in self.cells])

    @property
    def breaker(self) -> NDArray[np.str_]:
        """Who certainly gains by another plan in each pair, (n_v, n_c)."""
        return np.array([[cell.breaker for cell in row] for row in self.cells])

    @property
    def exact(self) -> bool:
        """Whether all gains are exact, not upper bounds."""
        return all(cell.exact for row in self.cells for cell in row)

    def rows(self) -> list[dict[str, Any]]:
        """The tidy table: one row for each pair, vendors first."""
        return [
            {
                "scenario": self.scenario.id,
                "vendor": str(cell.vendor),
                "client": str(cell.client),
                "known_end": cell.known_end,
                "verdict": cell.verdict,
                "breaker": cell.breaker,
                "holds_until_accident": cell.holds_until_accident,
                "exact": cell.exact,
                **{
                    f"{test.side}_{name}": getattr(test, name)
                    for test in (cell.of_vendor, cell.of_client)
                    for name in ("value", "best", "gain", "known_gain", "words")
                },
            }
            for row in self.cells
            for cell in row
        ]

    def to_frame(self) -> pd.DataFrame:
        """The tidy table as a pandas data frame.

        Raises
        ------
        SimulatorError
            When pandas is not installed.
        """
        return frame_of(self.rows())

    def __repr__(self) -> str:
        count = int((self.verdict == "holds").sum())
        return f"<HoldingTable: {count} of {self.verdict.size} pairs hold in {self.scenario.id!r}>"


def holding_table(
    situation: Scenario | Comparison,
    *,
    vendors: Named = None,
    clients: Named = None,
    known_end: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> HoldingTable:
    """Test for every pair whether it holds: whether neither side gains by any other plan.

    Parameters
    ----------
    situation : Scenario or Comparison
        A scenario, or a comparison, whose scenario and agents are taken where none are named.
    vendors, clients : agents or names, optional
        As for `compare`: a list, text, or ``"all"``; absent: those of the comparison, or the field of six.
    known_end : bool
        As for `holds`: judge a finite horizon as one that the deviators know.
    progress : callable, optional
        Called with the number of pairs done and in all.

    Returns
    -------
    HoldingTable
        Agents without an automaton are left out and named in `remarks`.

    Raises
    ------
    HorizonError
        As for `holds`.
    SimulatorError
        For unknown names, agents that do not fit, or no agent with an automaton on a side.

    Examples
    --------
    >>> import simulator as ns
    >>> s = ns.load_scenario("prisoners-dilemma")
    >>> table = ns.holding_table(s, vendors="always-compete, tit-for-tat", clients="always-compete")
    >>> table.verdict.tolist(), table.breaker.tolist()
    ([['holds'], ['breaks']], [[''], ['both']])
    """
    scenario = situation if isinstance(situation, Scenario) else situation.scenario
    judged = judged_scenario(scenario, known_end=known_end)
    remarks: list[str] = []
    sides = {}
    for side, named in (("vendor", vendors), ("client", clients)):
        if named is None and isinstance(situation, Comparison):
            named = situation.vendors if side == "vendor" else situation.clients
        chosen = chosen_agents(scenario, side, named, remarks)
        sides[side] = tuple(one for one in chosen if automaton_of(judged, side, one) is not None)
        left = [str(one) for one in chosen if one not in sides[side]]
        if not sides[side]:
            raise SimulatorError(f"no {side} agent has an automaton, so there is no exact value to test")
        if left:
            remarks.append(f"left out on the {side} side, as they cannot be automata: {', '.join(left)}")
    rows: list[tuple[Holding, ...]] = []
    count = len(sides["vendor"]) * len(sides["client"])
    for vendor in sides["vendor"]:
        row = []
        for client in sides["client"]:
            row.append(holding_of(relationship(judged, vendor=vendor, client=client)))
            if progress is not None:
                progress(len(rows) * len(sides["client"]) + len(row), count)
        rows.append(tuple(row))
    return HoldingTable(judged, sides["vendor"], sides["client"], tuple(rows), tuple(remarks))
