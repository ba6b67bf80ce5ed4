"""Faults of a scenario document that concern several keys together: shapes, exclusions, sizes.

Works on the raw document, also on one whose single values are wrong, so that all faults are listed at once. What a
single value may be stands in the schema.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulator.errors import nearest
from simulator.scenario.positions import Path

__all__ = ["LARGEST_DEAL_SPACE", "Problem", "is_number", "shown", "structure_problems"]

LARGEST_NUMBER = 1e15  # of anything: beyond it, sums of money lose whole units
LARGEST_DEAL_SPACE = 5_000_000  # deals; 40 MB an array


@dataclass(frozen=True)
class Problem:
    """A fault with the path of the key it concerns; the loader turns the path into a line."""

    path: Path
    what: str
    allowed: str = ""
    hint: str = ""


def structure_problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong between the keys of a scenario document."""
    yield from _value_problems(document, ())
    if "payoffs" in document:
        yield from _beside_payoffs(document)
        if isinstance(document["payoffs"], Mapping):
            yield from _payoff_problems(document["payoffs"])
    elif not document.get("issue"):
        what = "there is nothing to play: neither an [[issue]] nor [payoffs]"
        yield Problem(("issue",), what, "give at least one [[issue]], or [payoffs]")
    issues = document.get("issue")
    if isinstance(issues, list | tuple):
        yield from _issue_problems(issues)
        yield from _deal_problems(document, issues)
    for table in ("posture", "vendor_posture", "client_posture"):
        yield from _posture_problems(document, table)
    yield from _maturity_problems(document)
    yield from _horizon_problems(document)


def _value_problems(value: Any, path: Path) -> Iterator[Problem]:
    """Numbers too large to add up, and text that would steer a terminal."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _value_problems(inner, (*path, key))
    elif isinstance(value, list | tuple):
        for i, inner in enumerate(value):
            yield from _value_problems(inner, (*path, i))
    elif isinstance(value, str) and any((ord(c) < 32 and c not in "\n\t") or 127 <= ord(c) < 160 for c in value):
        yield Problem(path, f"{path[-1]} holds control characters: {value[:40]!r}", "plain text")
    elif (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and LARGEST_NUMBER < abs(value) <= sys.float_info.max
    ):
        yield Problem(path, f"a number is too large: {value:.3g}", f"at most {LARGEST_NUMBER:.0e}")


def _table(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = document.get(name)
    return table if isinstance(table, Mapping) else {}


def shown(value: Any) -> str:
    """A value of the file in a message: as Python would write it, cut where it is long."""
    try:
        text = repr(value) if not isinstance(value, bool) else str(value).lower()
    except ValueError:  # whole numbers of thousands of digits have no decimal form
        text = "a number of thousands of digits"
    return text if len(text) <= 60 else text[:57] + "..."


def is_number(value: Any) -> bool:
    """Whether a value of the file is a finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= sys.float_info.max  # unlike math.isfinite this takes whole numbers of any length


def _repeated(names: Sequence[Any]) -> list[Any]:
    return [name for i, name in enumerate(names) if name is not None and name in names[:i]]


def _beside_payoffs(document: Mapping[str, Any]) -> Iterator[Problem]:
    for key in ("base", "issue", "deal", "negotiation", "delivery", "posture", "vendor_posture", "client_posture"):
        if key in document:
            allowed = f"leave out either [payoffs] or [{key}]"
            yield Problem((key,), f"{key} has no meaning beside [payoffs]: nothing is negotiated there", allowed)


def _payoff_problems(payoffs: Mapping[str, Any]) -> Iterator[Problem]:
    both, vendor, client = (payoffs.get(k) for k in ("postures", "vendor_postures", "client_postures"))
    if both is None and (vendor is None or client is None):
        yield Problem(("payoffs", "postures"), "payoffs.postures is missing", "or vendor_postures and client_postures")
        return
    if both is not None and (vendor is not None or client is not None):
        yield Problem(("payoffs", "postures"), "payoffs names postures twice", "postures, or one list for each side")
        return
    rows, columns = (both, both) if both is not None else (vendor, client)
    if not (isinstance(rows, list | tuple) and isinstance(columns, list | tuple)):
        return
    lists = [("postures", rows)] if both is not None else [("vendor_postures", rows), ("client_postures", columns)]
    for key, names in lists:
        if len(names) == 0:
            yield Problem(("payoffs", key), f"payoffs.{key} is empty", "at least one posture")
        for name in _repeated(names):
            yield Problem(("payoffs", key), f"payoffs.{key} names {name!r} twice", "each posture once")
    for side in ("vendor", "client"):
        matrix = payoffs.get(side)
        if not isinstance(matrix, list | tuple):
            continue
        widths = {len(row) if isinstance(row, list | tuple) else -1 for row in matrix}
        if len(matrix) != len(rows) or widths != {len(columns)}:
            width = "/".join(str(w) for w in sorted(widths)) if widths else "0"
            yield Problem(
                ("payoffs", side),
                f"payoffs.{side} is a {len(matrix)} x {width} matrix",
                f"{len(rows)} rows (vendor postures) of {len(columns)} numbers (client postures)",
            )
    for key, wanted in (("counts_as", both), ("vendor_counts_as", rows), ("client_counts_as", columns)):
        said = payoffs.get(key)
        if isinstance(said, list | tuple) and (wanted is None or len(said) != len(wanted)):
            allowed = f"{len(wanted)} words, one for each posture" if wanted is not None else "one list for each side"
            yield Problem(("payoffs", key), f"payoffs.{key} has {len(said)} words", allowed)


def _issue_problems(issues: Sequence[Any]) -> Iterator[Problem]:
    names = [issue.get("name") for issue in issues if isinstance(issue, Mapping)]
    for name in _repeated(names):
        place = len(names) - 1 - names[::-1].index(name)
        yield Problem(("issue", place, "name"), f"two issues are named {name!r}", "each issue its own name")
    deals = 1
    for i, issue in enumerate(issues):
        if isinstance(issue, Mapping):
            count = _option_count(issue)
            deals *= count or 1
            yield from _one_issue(("issue", i), issue, count)
    if deals > LARGEST_DEAL_SPACE:
        what = f"the deal space has {f'{deals:,}' if deals < 10**15 else 'more than 1e15'} deals"
        yield Problem(("issue",), what, f"at most {LARGEST_DEAL_SPACE:,}: fewer issues, fewer options or larger steps")


def _option_count(issue: Mapping[str, Any]) -> int | None:
    """How many options an issue has; None where its description is itself at fault."""
    options, span = issue.get("options"), issue.get("range")
    if isinstance(options, list | tuple):
        return len(options)
    if not isinstance(span, Mapping) or not all(is_number(span.get(key)) for key in ("from", "to", "step")):
        return None
    start, stop, step = float(span["from"]), float(span["to"]), float(span["step"])
    if not (step > 0 and stop >= start):
        return None
    steps = (stop - start) / step
    return math.floor(min(steps, 1e15) + 1e-9) + 1  # 1e15 is far above the largest deal space; `steps` may be infinite


def _one_issue(path: Path, issue: Mapping[str, Any], count: int | None) -> Iterator[Problem]:
    label = f"issue {issue.get('name', int(path[-1]) + 1)!r}"
    options, span = issue.get("options"), issue.get("range")
    if (options is None) == (span is None):
        yield Problem(path, f"{label} needs its options", "either options = [...] or range = { from, to, step }")
    if isinstance(options, list | tuple):
        if len(options) == 0:
            yield Problem((*path, "options"), f"{label} has no options: the deal space is empty", "at least one option")
        for option in _repeated(options):
            yield Problem((*path, "options"), f"{label} lists the option {option!r} twice", "each option once")
    if (
        isinstance(span, Mapping)
        and all(is_number(span.get(key)) for key in ("from", "to"))
        and span["to"] < span["from"]
    ):
        what = f"{label} has an empty range: from {span['from']:g} to {span['to']:g}"
        yield Problem((*path, "range"), what, "to must not be below from")
    for side in ("vendor", "client"):
        worth = issue.get(side)
        if isinstance(worth, list | tuple) and count is not None and len(worth) != count:
            what = f"{label} has {len(worth)} worths for the {side} and {count} options"
            yield Problem((*path, side), what, "one number for each option")
        if isinstance(worth, Mapping) and span is None and "per_unit" in worth:
            what = f"{label} has options in words, so its {side} worth cannot be per unit"
            yield Problem((*path, side), what, "a list with one number for each option")


def _deal_problems(document: Mapping[str, Any], issues: Sequence[Any]) -> Iterator[Problem]:
    """Faults of the deal in force: each issue settled once, by one of its options or a number within its range."""
    deal = document.get("deal")
    if deal is None:
        return
    if not isinstance(deal, Mapping):
        yield Problem(("deal",), "deal is not a table", "one option for every issue, e.g. [deal] price = 95")
        return
    named = {issue["name"]: issue for issue in issues if isinstance(issue, Mapping) and "name" in issue}
    for name in deal:
        if name not in named:
            what, allowed = f"the deal settles {name!r}, which is no issue", "issues: " + ", ".join(map(str, named))
            yield Problem(("deal", name), what, allowed, nearest(name, map(str, named)))
    for name, issue in named.items():
        if name not in deal:
            yield Problem(("deal",), f"the deal leaves {name!r} open", "one option for every issue")
        elif not _settles(issue, deal[name]):
            yield Problem(("deal", name), f"the deal settles {name!r} by {deal[name]!r}", _settlements(issue))


def _settles(issue: Mapping[str, Any], option: Any) -> bool:
    options, span = issue.get("options"), issue.get("range")
    if isinstance(options, list | tuple):
        return option in options
    if not isinstance(span, Mapping) or not all(is_number(span.get(key)) for key in ("from", "to")):
        return True  # the range itself is at fault
    return is_number(option) and span["from"] <= option <= span["to"]


def _settlements(issue: Mapping[str, Any]) -> str:
    options, span = issue.get("options"), issue.get("range")
    if isinstance(options, list | tuple):
        return "allowed: " + ", ".join(str(option) for option in options)
    return f"allowed: a number from {span['from']:g} to {span['to']:g}" if isinstance(span, Mapping) else ""


def _posture_problems(document: Mapping[str, Any], table: str) -> Iterator[Problem]:
    postures = document.get(table)
    if not isinstance(postures, list | tuple):
        return
    if len(postures) == 0:
        yield Problem((table,), f"{table} is an empty list", "at least one posture, or none of this key")
    names = [posture.get("name") for posture in postures if isinstance(posture, Mapping)]
    for name in _repeated(names):
        place = len(names) - 1 - names[::-1].index(name)
        yield Problem((table, place, "name"), f"two postures are named {name!r}", "each posture its own name")
    if table == "vendor_posture" and not ("client_posture" in document or "posture" in document):
        yield Problem((table,), "only the vendor's postures are given", "add [[client_posture]] or [[posture]]")
    if table == "client_posture" and not ("vendor_posture" in document or "posture" in document):
        yield Problem((table,), "only the client's postures are given", "add [[vendor_posture]] or [[posture]]")
    if table == "posture" and "vendor_posture" in document and "client_posture" in document:
        yield Problem((table,), "[[posture]] is used by neither side: both have their own list", "leave it out")


def _maturity_problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    maturity = _table(document, "maturity")
    levels = maturity.get("levels", ["transactional"])
    if isinstance(levels, list | tuple):
        for name in _repeated(levels):
            yield Problem(("maturity", "levels"), f"two maturity levels are named {name!r}", "each level its own name")
        worth = maturity.get("value_per_level")
        if isinstance(worth, list | tuple):
            if len(worth) != len(levels):
                what = f"maturity.value_per_level has {len(worth)} entries and there are {len(levels)} levels"
                yield Problem(("maturity", "value_per_level"), what, "one entry for each level")
            elif worth and is_number(worth[0]) and worth[0] != 0:
                what = f"maturity.value_per_level begins with {worth[0]!r}"
                yield Problem(("maturity", "value_per_level"), what, "worth over the first level: the first entry is 0")
    wrong, right = ("value_per_level", "growth") if "payoffs" in document else ("growth", "value_per_level")
    if wrong in maturity:
        kind = "payoffs given directly" if "payoffs" in document else "issues"
        yield Problem(("maturity", wrong), f"maturity.{wrong} has no meaning with {kind}", f"use maturity.{right}")


def _horizon_problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    if document.get("horizon") != "unlimited" or document.get("discount", 1.0) != 1:
        return
    for side in ("vendor", "client"):
        outside = _table(document, side).get("outside_option", 0.0)
        if is_number(outside) and outside != 0:
            what = "an unlimited horizon without discounting has no finite value while outside options are not 0"
            yield Problem(("horizon",), what, "a discount below 1, a number of periods, or outside options of 0")
            return
