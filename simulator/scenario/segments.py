"""Kinds of clients: the scenario as it is for a client of one segment, and what a segment may change.

A segment may change what a relationship with such a client is worth and how it goes; it may not change what all
clients share: the vendor, the postures, the maturity levels, time and money, the market.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from simulator.errors import ScenarioError, UnknownNameError, nearest
from simulator.scenario.changes import changed_document
from simulator.scenario.loading import build
from simulator.scenario.structure import Problem

if TYPE_CHECKING:
    from simulator.scenario.schema import Scenario

__all__ = ["CHANGEABLE", "relationship_of", "segment_problems"]

CHANGEABLE = ("client", "base", "issue", "deal", "negotiation", "delivery", "payoffs", "maturity", "relationship")
FIXED = {
    "maturity.levels": "the names of the maturity levels",
    "payoffs.postures": "the postures",
    "payoffs.vendor_postures": "the postures",
    "payoffs.client_postures": "the postures",
    "payoffs.counts_as": "what counts as cooperation",
    "payoffs.vendor_counts_as": "what counts as cooperation",
    "payoffs.client_counts_as": "what counts as cooperation",
}
SAID = "a segment may change " + ", ".join(CHANGEABLE) + "; not the postures and the maturity levels"


def relationship_of(scenario: Scenario, segment: str | None, horizon: int | None) -> Scenario:
    """The scenario without market and segments, with a segment's values and another horizon; see `Scenario.alone`."""
    settings: dict[str, Any] = {}
    if segment is not None:
        named = {kind.name: kind for kind in scenario.segment}
        if segment not in named:
            raise UnknownNameError("segment", segment, named)
        settings = dict(named[segment].set)
    if horizon is not None:
        settings["horizon"] = horizon
    document = scenario.document()
    for key in ("market", "segment"):
        document.pop(key, None)
    return build(changed_document(document, settings), place=f"change of {scenario.id}")


def segment_problems(scenario: Scenario) -> Iterator[Problem]:
    """What the segments of a scenario set and cannot set, or set to values that are not allowed."""
    for i, kind in enumerate(scenario.segment):
        label, faulty = f"segment {kind.name!r}", False
        for key, _ in kind.set:
            table = key.partition(".")[0]
            fixed = next((said for name, said in FIXED.items() if f"{key}.".startswith(f"{name}.")), "")
            if fixed or table not in CHANGEABLE:
                what = f"{label} cannot set {key!r}" + (f": {fixed} are the same for all clients" if fixed else "")
                yield Problem(("segment", i, "set", key), what, SAID, nearest(table, CHANGEABLE))
                faulty = True
        if faulty or not kind.set:
            continue
        for key, value in kind.set:
            yield from _unknown(scenario, i, label, key, value)
        try:
            relationship_of(scenario, kind.name, None)
        except ScenarioError as refused:
            for fault in refused.faults:
                if not fault.what.startswith("unknown key"):
                    yield Problem(("segment", i, "set"), f"in {label} {fault.what}", fault.allowed, fault.hint)


def _unknown(scenario: Scenario, place: int, label: str, key: str, value: Any) -> Iterator[Problem]:
    try:
        changed_document(scenario.document(), {key: value})
    except ScenarioError as refused:
        for fault in refused.faults:
            what = f"{label} sets an {fault.what}"
            yield Problem(("segment", place, "set", key), what, fault.allowed, fault.hint)
