"""The tidy table of a workshop: one row per pair and period, for a spreadsheet or a data frame.

Texts that a spreadsheet would take for a formula get an apostrophe in front (names come from strangers' phones);
numbers stay numbers. `COLUMNS` says what each column holds; the issues of the scenario add ``deal.<issue>`` and
``first_offer.<issue>``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

from simulator.relationships.period import ENDS
from simulator.workshop.debrief.account import account_of, periods_of, rounds_of
from simulator.workshop.record import Pair, Record, Turn

__all__ = ["COLUMNS", "tidy_csv", "tidy_rows"]

COLUMNS = {
    "workshop": "title of the workshop",
    "held": "date, ISO",
    "scenario": "id of the scenario",
    "currency": "unit of all money",
    "round": "1, or 2 with sides swapped",
    "pair": "number of the pair, over both rounds",
    "period": "period of the workshop, from 1",
    "vendor": "shown name of the vendor",
    "client": "shown name of the client",
    "vendor_agent": "the agent that played the vendor at any time; empty: a person alone",
    "client_agent": "the agent that played the client at any time; empty: a person alone",
    "level": "maturity level, from 0",
    "starved": "1 where the vendor was starved",
    "agreed": "1 where they agreed",
    "first_offer_by": "vendor or client; empty: not known",
    "rounds": "rounds of the negotiation",
    "vendor_posture": "what the vendor did, as a posture of the scenario",
    "client_posture": "what the client did, as a posture of the scenario",
    "vendor_effort": "what the vendor delivered, 0 to 1",
    "client_effort": "what the client delivered, 0 to 1",
    "vendor_payoff": "money of the vendor in this period, after reinvestment",
    "client_payoff": "money of the client in this period",
    "joint_payoff": "sum of both",
    "vendor_outside": "outside option of the vendor per period",
    "client_outside": "outside option of the client per period",
    "invested": "what the vendor put back into the relationship",
    "vendor_again": "would you deal with them again, 1 to 7, asked of the vendor",
    "client_again": "the same, asked of the client",
    "last": "1 in the last period of the pair",
    "reason": "in the last period: why it ended; horizon: it did not",
    "first_best": "in the last period: what the best play of the pair's periods creates, discounted to period 1",
    "created": "in the last period: what the pair created, discounted likewise, switching costs taken off",
}


def tidy_rows(record: Record) -> list[dict[str, Any]]:
    """One row per pair and period, in the order of rounds, pairs and periods."""
    issues = [issue.name for issue in record.scenario.issue]
    rows = []
    for round_ in rounds_of(record):
        for one in account_of(record, round_).accounts:
            for turn in one.pair.turns:
                row = _row(record, one.pair, turn, issues)
                if turn is one.pair.turns[-1]:
                    early = one.pair.reason in ENDS and turn.period < periods_of(record, round_) - 1
                    row["reason"] = one.pair.reason if early else "horizon"
                    row["first_best"], row["created"] = one.possible, one.created
                rows.append(row)
    return rows


def _row(record: Record, pair: Pair, turn: Turn, issues: list[str]) -> dict[str, Any]:
    scenario = record.scenario
    told: dict[str, Any] = {
        "workshop": record.title,
        "held": record.held,
        "scenario": scenario.id,
        "currency": scenario.currency,
        "round": pair.round,
        "pair": pair.number,
        "period": turn.period + 1,
        "vendor": pair.vendor_name,
        "client": pair.client_name,
        "vendor_agent": pair.vendor_agent,
        "client_agent": pair.client_agent,
        "level": turn.level,
        "starved": int(turn.starved),
        "agreed": int(turn.agreed),
        "first_offer_by": turn.first_offer_by,
        "rounds": turn.rounds,
        "vendor_posture": scenario.postures("vendor")[turn.vendor_posture],
        "client_posture": scenario.postures("client")[turn.client_posture],
        "vendor_effort": turn.vendor_effort,
        "client_effort": turn.client_effort,
        "vendor_payoff": turn.vendor_payoff,
        "client_payoff": turn.client_payoff,
        "joint_payoff": turn.vendor_payoff + turn.client_payoff,
        "vendor_outside": scenario.vendor.outside_option,
        "client_outside": scenario.client.outside_option,
        "invested": turn.invested,
        "vendor_again": turn.vendor_again,
        "client_again": turn.client_again,
        "last": int(turn is pair.turns[-1]),
        "reason": None,
        "first_best": None,
        "created": None,
    }
    told |= {f"deal.{name}": (turn.deal or {}).get(name) for name in issues}
    told |= {f"first_offer.{name}": (turn.first_offer or {}).get(name) for name in issues}
    return told


def tidy_csv(record: Record) -> str:
    """The table as CSV text; encode it as ``utf-8-sig``, so that spreadsheets read it right.

    Examples
    --------
    >>> import simulator as ns
    >>> from simulator.workshop.plan import Plan
    >>> record = Record(ns.load_scenario("saas-renewal"), Plan(), "", "2026-01-01", (), (), (), (), (), {})
    >>> tidy_csv(record).splitlines()[0].startswith("workshop,held,scenario")
    True
    """
    issues = [issue.name for issue in record.scenario.issue]
    head = [*COLUMNS, *(f"{part}.{name}" for part in ("deal", "first_offer") for name in issues)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([harmless(name) for name in head])
    for row in tidy_rows(record):
        writer.writerow([harmless(cell) for cell in _ordered(row, head)])
    return text.getvalue()


def _ordered(row: Mapping[str, Any], head: list[str]) -> list[Any]:
    return [row[name] for name in head]


def harmless(cell: Any) -> Any:
    """A cell that no spreadsheet takes for a formula.

    Examples
    --------
    >>> harmless("=1+1"), harmless("Otter"), harmless(-3.5), harmless(None)
    ("'=1+1", 'Otter', -3.5, '')
    """
    if cell is None:
        return ""
    if not isinstance(cell, str):
        return cell
    # Spreadsheets skip white space in front, and some take the wide forms of these letters as well.
    start = cell.lstrip()[:1]
    if (start and start in "=+-@|%＝＋－＠") or cell[:1] in ("\t", "\r", "\n"):
        return "'" + cell
    return cell
