"""How a workshop is played: the `[workshop]` keys of a scenario, and the plan said in words.

contest = "effort": every bidder spends what it bids, and wins with the chance bid / sum of bids. contest = "price":
bidders offer the client a price cut, paid once; the largest wins, and only the winner pays.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulator.errors import SimulatorError

if TYPE_CHECKING:
    from simulator.scenario.schema import Scenario

__all__ = ["CHOICES", "MOST_PERIODS", "Plan"]

# Minutes beside the periods themselves; the debrief takes as long as the play.
JOINING, PREPARING, PREDICTING, COMPETING = 5.0, 10.0, 3.0, 7.0
BEYOND_PLAY = 5.0  # of the debrief: headlines first, own sheets last

MOST_PERIODS = 50
MOST_MINUTES = 240.0

CHOICES: dict[str, tuple[str, ...]] = {
    "ends": ("hidden", "known"),
    "partners": ("same", "new"),
    "after_leaving": ("pool", "outside"),
    "mode": ("talk", "type"),
    "contest": ("none", "effort", "price"),
}


@dataclass(frozen=True)
class Plan:
    """How a workshop is played.

    Attributes
    ----------
    periods : int
        Periods of a round.
    minutes : float
        Time for one period.
    ends : {"hidden", "known"}
        Whether people are told which period is the last.
    partners : {"same", "new"}
        Whether pairs stay together or everybody is matched anew each period.
    after_leaving : {"pool", "outside"}
        Who parted is matched anew, or earns the outside option and observes.
    mode : {"talk", "type"}
        Two people agree aloud and enter the package, or negotiate in writing.
    contest : {"none", "effort", "price"}
        Whether vendors first compete for their client, and with what.

    Examples
    --------
    >>> print(Plan().said(30))
    30 people, 15 pairs, 5 periods: 48 minutes and 35 for the debrief
    """

    periods: int = 5
    minutes: float = 6.0
    ends: str = "hidden"
    partners: str = "same"
    after_leaving: str = "pool"
    mode: str = "talk"
    contest: str = "none"

    def __post_init__(self) -> None:
        if isinstance(self.periods, bool) or not isinstance(self.periods, int) or not 1 <= self.periods <= MOST_PERIODS:
            raise SimulatorError(f"periods is {self.periods!r}; allowed: a whole number from 1 to {MOST_PERIODS}")
        number = isinstance(self.minutes, int | float) and not isinstance(self.minutes, bool)
        if not (number and 0 < self.minutes <= MOST_MINUTES):
            raise SimulatorError(f"minutes is {self.minutes!r}; allowed: more than 0, at most {MOST_MINUTES:g}")
        for key, allowed in CHOICES.items():
            if getattr(self, key) not in allowed:
                raise SimulatorError(f"{key} is {getattr(self, key)!r}; allowed: {' or '.join(map(repr, allowed))}")

    @classmethod
    def of(cls, scenario: Scenario, **changes: Any) -> Plan:
        """The plan of a scenario's `[workshop]` table, with changes.

        Raises
        ------
        SimulatorError
            For a key that does not exist or a value that is not allowed.

        Examples
        --------
        >>> import simulator as ns
        >>> Plan.of(ns.load_scenario("prisoners-dilemma"), periods=7).periods
        7
        """
        keys = {field.name for field in dataclasses.fields(cls)}
        unknown = sorted(set(changes) - keys)
        if unknown:
            raise SimulatorError(f"a plan has no {unknown[0]!r}; allowed: {', '.join(sorted(keys))}")
        said = {key: getattr(scenario.workshop, key) for key in keys}
        return cls(**{**said, **changes})

    @property
    def compete(self) -> bool:
        """Whether vendors compete for their client first."""
        return self.contest != "none"

    def figures(self, people: int) -> dict[str, int]:
        """What the plan comes to for so many people: people, pairs, periods, minutes, debrief.

        Examples
        --------
        >>> Plan(contest="effort").figures(12)
        {'people': 12, 'pairs': 6, 'periods': 5, 'minutes': 55, 'debrief': 35}
        """
        play = self.periods * self.minutes
        beside = JOINING + PREPARING + PREDICTING + (COMPETING if self.compete else 0.0)
        return {
            "people": people,
            "pairs": (people + 1) // 2,
            "periods": self.periods,
            "minutes": round(play + beside),
            "debrief": max(15, 5 * round((play + BEYOND_PLAY) / 5)),
        }

    def said(self, people: int) -> str:
        """The plan in an English sentence, for a terminal; screens take their words from the catalogue."""
        n = self.figures(people)
        counted = ", ".join(
            f"{n[key]} {one if n[key] == 1 else many}"
            for key, one, many in (
                ("people", "person", "people"),
                ("pairs", "pair", "pairs"),
                ("periods", "period", "periods"),
            )
        )
        return f"{counted}: {n['minutes']} minutes and {n['debrief']} for the debrief"
