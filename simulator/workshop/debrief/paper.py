"""Role plays held on paper as a record: a CSV of deals, one line per pair and period.

The values, the postures and what the vendor needs are the scenario's own, by the same functions as in a workshop. What
a table on paper cannot know is left out: levels stay as they began unless a column gives them, and nothing is
reinvested then.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from simulator.bargaining.deals import issue_options
from simulator.errors import Fault, ScenarioError, SimulatorError, nearest
from simulator.relationships.period import ENDS
from simulator.scenario.deal_text import option_of
from simulator.scenario.schema import Issue, Scenario
from simulator.workshop.debrief.anchors import price_issue
from simulator.workshop.plan import MOST_PERIODS, Plan
from simulator.workshop.record import Pair, Record, Turn
from simulator.workshop.values import Numbers

__all__ = ["PAPER_COLUMNS", "record_from_paper"]

PAPER_COLUMNS = {
    "pair": "number of the pair, from 1",
    "period": "period, from 1",
    "<issue>": "one column for each issue of the scenario: the option agreed; all empty: no deal",
    "vendor_effort": "full, minimum, or a number from 0 to 1 (default full)",
    "client_effort": "the same",
    "left": "empty while it goes on; else who left: vendor, client, or churn for an outside event",
    "level": "maturity level in this period, by name or number from 0 (default: the first)",
    "rounds": "rounds of the negotiation (default 1)",
    "first_offer": "first offer on the price issue",
    "first_offer_by": "vendor or client",
    "vendor_again": "would you deal with them again, 1 to 7",
    "client_again": "the same",
    "vendor": "name of the vendor",
    "client": "name of the client",
    "round": "1 (default), or 2 for a second round with sides swapped",
}
POSTURES = ("vendor_posture", "client_posture")  # instead of issues and efforts where the payoffs are given directly
LEAVERS = {"": "", "vendor": "vendor-left", "client": "client-left", "no": "", "-": "", "churn": "churn"}
MOST_FAULTS, MOST_LINES = 20, 20_000


def record_from_paper(text: str, scenario: Scenario, *, file: str = "", held: str = "", title: str = "") -> Record:
    """Read a CSV of role plays.

    Parameters
    ----------
    text : str
        The CSV, with commas, semicolons (decimal commas are then allowed) or tabs; columns as in `PAPER_COLUMNS`,
        ``vendor_posture`` and ``client_posture`` in place of issues where the scenario gives its payoffs directly.
    scenario : Scenario
        What they played.
    file, held, title : str
        Name of the file for messages, ISO date and title for the report.

    Raises
    ------
    ScenarioError
        With every bad line.

    Examples
    --------
    >>> import simulator as ns
    >>> s = ns.load_scenario("saas-renewal")
    >>> record = record_from_paper("pair,period,price,support,left\\n1,1,95,priority,\\n1,2,90,priority,client\\n", s)
    >>> record.pairs[0].reason, round(record.pairs[0].turns[0].vendor_payoff, 2)
    ('client-left', 43.85)
    """
    reader = _Reader(text, scenario, file)
    lines = reader.lines()
    pairs = reader.pairs(lines) if not reader.faults else ()
    if reader.faults:
        raise ScenarioError(reader.faults[:MOST_FAULTS])
    periods = max(turn.period + 1 for pair in pairs for turn in pair.turns)
    plan = Plan.of(scenario, periods=periods, partners="same", after_leaving="outside", contest="none")
    return Record(scenario, plan, title or scenario.title, held, pairs, (), (), (), (), {})


@dataclass(frozen=True)
class _Line:
    """A line that was understood."""

    number: int
    round: int
    pair: int
    turn: Turn
    left: str
    names: tuple[str, str]


class _Reader:
    """Reads lines and collects what is wrong with them."""

    def __init__(self, text: str, scenario: Scenario, file: str) -> None:
        self.scenario, self.file = scenario, file
        self.numbers = Numbers(scenario)
        self.faults: list[Fault] = []
        text = text.removeprefix("\ufeff")
        first = text.split("\n", 1)[0]
        self.delimiter = max(",;\t", key=first.count)
        try:
            self.rows = list(csv.reader(io.StringIO(text), delimiter=self.delimiter, strict=True))
        except csv.Error as error:
            raise SimulatorError(f"{file or 'the file'} is no CSV: {error}") from None
        if len(self.rows) > MOST_LINES:
            raise SimulatorError(f"{file or 'the file'} has more than {MOST_LINES:,} lines")

    def fault(self, line: int, what: str, allowed: str = "", hint: str = "") -> None:
        self.faults.append(Fault(what, allowed, hint, self.file, line))

    def lines(self) -> list[_Line]:
        """All lines below the head."""
        columns = self._columns()
        found = []
        if self.faults:
            return []
        for number, row in enumerate(self.rows[1:], start=2):
            if not any(cell.strip() for cell in row):
                continue
            if len(row) > len(columns):
                self.fault(number, f"{len(row)} cells for {len(columns)} columns")
                continue
            cells = {name: cell.strip() for name, cell in zip(columns, [*row, *[""] * len(columns)], strict=False)}
            try:
                found.append(self._line(number, cells))
            except SimulatorError as error:
                self.fault(number, str(error))
        if not found and not self.faults:
            self.fault(1, "there is no line below the head")
        return found

    def _columns(self) -> list[str]:
        """Names of the columns as this module writes them."""
        issues = [issue.name for issue in self.scenario.issue]
        given = self.scenario.payoffs is not None
        known = [name for name in PAPER_COLUMNS if name != "<issue>"] + ([*POSTURES] if given else issues)
        folded = {name.casefold().replace(" ", "_"): name for name in known}
        columns = []
        for cell in self.rows[0] if self.rows else []:
            name = folded.get(cell.strip().casefold().replace(" ", "_"))
            if name is None:
                self.fault(1, f"there is no column {cell.strip()[:60]!r}", "", nearest(cell.strip(), known))
            elif name in columns:
                self.fault(1, f"the column {name!r} stands there twice")
            columns.append(name or "")
        for name in ("pair", "period", *(POSTURES if given else issues)):
            if name not in columns and not self.faults:
                self.fault(
                    1,
                    f"the column {name!r} is missing",
                    f"needed: pair, period, {', '.join(POSTURES if given else issues)}",
                )
        return columns

    def _line(self, number: int, cells: Mapping[str, str]) -> _Line:
        round_ = _whole(cells.get("round") or "1", "round", 1, 2)
        period = _whole(cells["period"], "period", 1, MOST_PERIODS) - 1
        level = self._level(cells.get("level", ""))
        turn = (
            self._game(cells, period, level) if self.scenario.payoffs is not None else self._talk(cells, period, level)
        )
        return _Line(
            number,
            round_,
            _whole(cells["pair"], "pair", 1, 1_000_000),
            turn,
            self._left(cells.get("left", "")),
            (cells.get("vendor", "")[:100], cells.get("client", "")[:100]),
        )

    def _left(self, said: str) -> str:
        reason = LEAVERS.get(said.casefold(), said.casefold())
        if reason and reason not in ENDS:
            raise SimulatorError(f"left is {said[:60]!r}; allowed: empty, vendor, client, churn, or {', '.join(ENDS)}")
        return reason

    def _level(self, said: str) -> int:
        levels = self.scenario.levels
        folded = [name.casefold() for name in levels]
        if said.casefold() in folded:
            return folded.index(said.casefold())
        return _whole(said or "0", "level", 0, len(levels) - 1)

    def _again(self, cells: Mapping[str, str], side: str) -> int | None:
        said = cells.get(f"{side}_again", "")
        return _whole(said, f"{side}_again", 1, 7) if said else None

    def _number(self, said: str, name: str) -> float:
        text = said.replace(",", ".") if self.delimiter != "," else said
        try:
            value = float(text)
        except ValueError:
            raise SimulatorError(f"{name} is {said[:60]!r}; a number is needed") from None
        if not abs(value) < 1e15:
            raise SimulatorError(f"{name} is {said[:60]!r}; a finite number is needed")
        return value

    def _effort(self, said: str, side: str) -> float:
        efforts = self.numbers.efforts(side)
        word = said.casefold()
        if word in ("", "full"):
            return efforts[-1]
        if word in ("min", "minimum", "none"):
            return efforts[0]
        value = self._number(said, f"{side}_effort")
        if not 0 <= value <= 1:
            raise SimulatorError(f"{side}_effort is {said[:60]!r}; allowed: full, minimum, or 0 to 1")
        return value

    def _deal(self, cells: Mapping[str, str]) -> dict[str, Any] | None:
        given = {issue.name: cells.get(issue.name, "") for issue in self.scenario.issue}
        if not any(given.values()):
            return None
        deal: dict[str, Any] = {}
        for issue in self.scenario.issue:
            said = given[issue.name]
            if not said:
                raise SimulatorError(f"{issue.name!r} is empty, though other issues are settled; a deal settles all")
            if issue.range is not None:
                said = str(self._number(said, issue.name))
            deal[issue.name] = option_of(issue, said)
            self._on_the_list(issue, deal[issue.name])
        return deal

    def _on_the_list(self, issue: Issue, option: Any) -> None:
        """Refuse a number between the options of a range: its worth would be known, its deal would not."""
        options = issue_options(issue)
        if issue.range is None or option in options:
            return
        near = sorted(sorted(options, key=lambda one: abs(one - option))[:2])
        raise SimulatorError(
            f"{issue.name!r} is {option:g}; the options next to it are {near[0]:g} and {near[1]:g}; "
            f"--set issue.{issue.name}.range.step=... makes the steps smaller"
        )

    def _talk(self, cells: Mapping[str, str], period: int, level: int) -> Turn:
        deal = self._deal(cells)
        rounds = _whole(cells.get("rounds") or "1", "rounds", 1, self.scenario.negotiation.rounds)
        efforts = {"vendor": 0.0, "client": 0.0}
        index = None
        if deal is not None:
            efforts = {side: self._effort(cells.get(f"{side}_effort", ""), side) for side in efforts}
            index = self.numbers.space(level).index(deal)
        postures = {
            side: self.numbers.person_posture(side, effort, level=level, deal=index) for side, effort in efforts.items()
        }
        first, by = self._first(cells, deal)
        return self._turn(period, level, deal, index, rounds, postures, efforts, first, by, cells)

    def _first(
        self, cells: Mapping[str, str], deal: Mapping[str, Any] | None
    ) -> tuple[dict[str, Any] | None, str | None]:
        said, by = cells.get("first_offer", ""), cells.get("first_offer_by", "").casefold()
        issue = price_issue(self.scenario)
        if not said or deal is None or issue is None:
            return None, None
        if by not in ("", "vendor", "client"):
            raise SimulatorError(f"first_offer_by is {by[:60]!r}; allowed: vendor, client")
        option = option_of(issue, str(self._number(said, "first_offer")))
        self._on_the_list(issue, option)
        return {**deal, issue.name: option}, by or self.scenario.negotiation.first_offer

    def _game(self, cells: Mapping[str, str], period: int, level: int) -> Turn:
        postures = {}
        for side, column in zip(("vendor", "client"), POSTURES, strict=True):
            names = [name.casefold() for name in self.scenario.postures(side)]
            said = cells[column].casefold()
            if said not in names:
                allowed = ", ".join(self.scenario.postures(side))
                raise SimulatorError(f"{column} is {cells[column][:60]!r}; allowed: {allowed}")
            postures[side] = names.index(said)
        return self._turn(period, level, None, None, 0, postures, {"vendor": 0.0, "client": 0.0}, None, None, cells)

    def _turn(
        self,
        period: int,
        level: int,
        deal: dict[str, Any] | None,
        index: int | None,
        rounds: int,
        postures: Mapping[str, int],
        efforts: Mapping[str, float],
        first: dict[str, Any] | None,
        by: str | None,
        cells: Mapping[str, str],
    ) -> Turn:
        reinvest = self.scenario.maturity.reinvest
        share = float(reinvest) if cells.get("level") and not isinstance(reinvest, str) else 0.0
        out = self.numbers.outcome(
            level=level, starved=False, deal=index, rounds=rounds, postures=postures, efforts=efforts, share=share
        )
        return Turn(
            period=period,
            level=level,
            starved=False,
            deal=deal,
            agreed=deal is not None or self.scenario.payoffs is not None,
            first_offer=first,
            first_offer_by=by,
            rounds=rounds,
            vendor_posture=postures["vendor"],
            client_posture=postures["client"],
            vendor_effort=efforts["vendor"],
            client_effort=efforts["client"],
            vendor_payoff=out.vendor_payoff - out.invested,
            client_payoff=out.client_payoff,
            invested=out.invested,
            vendor_again=self._again(cells, "vendor"),
            client_again=self._again(cells, "client"),
        )

    # -- lines into pairs ----------------------------------------------------------------------------------------------

    def pairs(self, lines: Sequence[_Line]) -> tuple[Pair, ...]:
        """The relationships, their periods in order; starvation follows from the period before."""
        grouped: dict[tuple[int, int], list[_Line]] = {}
        for line in lines:
            grouped.setdefault((line.round, line.pair), []).append(line)
        return tuple(self._pair(k + 1, key, grouped[key]) for k, key in enumerate(sorted(grouped)))

    def _pair(self, number: int, key: tuple[int, int], lines: list[_Line]) -> Pair:
        lines = sorted(lines, key=lambda line: line.turn.period)
        begun = lines[0].turn.period
        for before, line in pairwise(lines):
            if line.turn.period == before.turn.period:
                self.fault(line.number, f"pair {key[1]} has period {line.turn.period + 1} twice (line {before.number})")
            elif line.turn.period != before.turn.period + 1:
                self.fault(line.number, f"pair {key[1]} has no line for period {before.turn.period + 2}")
            if before.left:
                self.fault(line.number, f"pair {key[1]} goes on although it parted in line {before.number}")
        names = next((line.names for line in lines if any(line.names)), ("", ""))
        seats = tuple(f"paper-{key[1]}-{side}" for side in (("a", "b") if key[0] == 1 else ("b", "a")))
        return Pair(
            number=number,
            round=key[0],
            begun=begun,
            vendor_seat=seats[0],
            client_seat=seats[1],
            vendor_name=names[0],
            client_name=names[1],
            vendor_agent=None,
            client_agent=None,
            turns=self._fed(lines),
            reason=lines[-1].left or "horizon",
        )

    def _fed(self, lines: Sequence[_Line]) -> tuple[Turn, ...]:
        """The periods with the vendor starved where the one before left it too little."""
        delivery, outside = self.scenario.delivery.vendor, self.scenario.vendor.outside_option
        turns: list[Turn] = []
        for line in lines:
            turn = line.turn
            if turns and self.scenario.payoffs is None:
                surplus = turns[-1].vendor_payoff + turns[-1].invested - outside
                if surplus < delivery.needs - 1e-9:
                    missing = (1 - delivery.starved) * delivery.benefit * turn.vendor_effort if turn.agreed else 0.0
                    turn = replace(turn, starved=True, client_payoff=turn.client_payoff - missing)
            turns.append(turn)
        return tuple(turns)


def _whole(said: str, name: str, low: int, high: int) -> int:
    try:
        value = int(said)
    except ValueError:
        value = low - 1
    if not low <= value <= high:
        raise SimulatorError(f"{name} is {said[:60]!r}; allowed: a whole number from {low} to {high}")
    return value
