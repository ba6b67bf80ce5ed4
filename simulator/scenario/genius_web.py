"""GeniusWeb JSON: a domain of `issuesValues`, and a `LinearAdditiveUtilitySpace` per side.

The value of an option is weight times utility. A number issue is a range with a step; its utility is linear between the
two ends. (GeniusWeb rounds that utility to eight decimals; here it is not rounded.) The reservation is a bid, and its
utility is the outside option; an issue that the bid leaves open adds nothing.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from simulator.scenario.genius_parts import (
    MAX_OPTIONS,
    Domain,
    Issue,
    Option,
    Profile,
    bounded,
    close,
    number,
    refuse,
    shown,
    unique,
)

__all__ = ["json_domain", "json_profile"]

SPACE = "LinearAdditiveUtilitySpace"
_ORDER = ("the domain first, then the profiles of vendor and client", "were the files given in another order?")


def json_domain(tree: dict[str, Any], file: str) -> Domain:
    """Read the issues of a GeniusWeb domain."""
    if SPACE in tree:
        refuse(file, "is a profile, not a domain", *_ORDER)
    if "issuesValues" not in tree:
        refuse(file, "is not a GeniusWeb domain", "a JSON object with issuesValues")
    listed = _object(tree["issuesValues"], file, "issuesValues")
    if not listed:
        refuse(file, "has no issues", "at least one")
    issues = (
        _issue(name, _object(body, file, f"issue {shown(name)}"), file, index)
        for index, (name, body) in enumerate(listed.items(), start=1)
    )
    return Domain(bounded(issues, file))


def json_profile(tree: dict[str, Any], file: str, name: str, domain: Domain, domain_tree: dict[str, Any]) -> Profile:
    """Read one side's values for the issues of `domain`, which was read from `domain_tree`."""
    if "issuesValues" in tree:
        refuse(file, "is a domain, not a profile", *_ORDER)
    if SPACE not in tree:
        kind = shown(next(iter(tree), ""))
        refuse(file, f"is not a linear profile: it holds {kind}", f"a JSON object with {SPACE}")
    space = _object(tree[SPACE], file, SPACE)
    utilities = _object(space.get("issueUtilities"), file, "issueUtilities")
    weights = _object(space.get("issueWeights"), file, "issueWeights")
    names = [issue.name for issue in domain.issues]
    _same_names(utilities, names, file, "the utilities of issue")
    _same_names(weights, names, file, "the weight of issue")
    weighed = tuple(number(weights[issue], file, f"the weight of issue {shown(issue)}", least=0.0) for issue in names)
    bodies = [
        _object(utilities[issue.name], file, f"the utilities of issue {shown(issue.name)}") for issue in domain.issues
    ]
    values = tuple(
        tuple(weight * e for e in _utilities(issue, body, file))
        for issue, body, weight in zip(domain.issues, bodies, weighed, strict=True)
    )
    remarks = []
    inner = space.get("domain")
    if isinstance(inner, dict) and inner.get("issuesValues") != domain_tree["issuesValues"]:
        remarks.append(f"{name}: repeats the domain with other issues or options; the domain file counts")
    return Profile(values, weighed, _reservation(space, domain, values, file), tuple(remarks))


def _object(value: object, file: str, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        refuse(file, f"{what} is missing" if value is None else f"{what} is {shown(value)}", "a JSON object")
    return value


def _issue(name: str, body: dict[str, Any], file: str, index: int) -> Issue:
    where = f"issue {shown(name)}"
    if "range" in body:
        return Issue(name, "real", _range(_object(body["range"], file, f"{where}: range"), where, file), index)
    labels = body.get("values")
    if not isinstance(labels, list) or not labels or not all(isinstance(label, str) for label in labels):
        refuse(file, f"{where} has no list of options", "values: a list of texts, or range: low, high and step")
    if len(labels) > MAX_OPTIONS:
        refuse(file, f"{where} has {len(labels)} options", f"at most {MAX_OPTIONS}")
    unique(((label, None) for label in labels), file, f"{where}: option")
    return Issue(name, "discrete", tuple(labels), index)


def _range(body: dict[str, Any], where: str, file: str) -> tuple[Option, ...]:
    low, high, step = (
        Fraction(repr(number(body.get(key), file, f"{where}: the {key} of the range")))
        for key in ("low", "high", "step")
    )
    if low > high or step <= 0:
        refuse(file, f"{where} has an impossible range", "low at most high, and a step above 0")
    count = (high - low) // step + 1
    if count > MAX_OPTIONS:
        refuse(file, f"{where} has {count} options", f"at most {MAX_OPTIONS}")
    exact = [low + step * position for position in range(count)]
    if all(value.denominator == 1 for value in exact):
        return tuple(int(value) for value in exact)
    return tuple(float(value) for value in exact)


def _same_names(given: dict[str, Any], wanted: list[str], file: str, what: str) -> None:
    known = set(wanted)
    for name in given:
        if name not in known:
            hint = close(name, wanted)
            refuse(file, f"{what} {shown(name)}: it is not in the domain", "the names of the domain", hint)
    for name in wanted:
        if name not in given:
            refuse(file, f"{what} {shown(name)} is missing", "every name of the domain")


def _utilities(issue: Issue, body: dict[str, Any], file: str) -> list[float]:
    where = f"issue {shown(issue.name)}"
    if issue.kind == "discrete":
        inner = _object(body.get("discreteutils"), file, f"{where}: discreteutils")
        table = _object(inner.get("valueUtilities"), file, f"{where}: valueUtilities")
        labels = [str(option) for option in issue.options]
        _same_names(table, labels, file, f"{where}: the utility of option")
        return [_utility(table[label], file, f"{where}: the utility of option {shown(label)}") for label in labels]
    inner = _object(body.get("numberutils"), file, f"{where}: numberutils")
    low, high = (number(inner.get(key), file, f"{where}: {key}") for key in ("lowValue", "highValue"))
    at_low, at_high = (_utility(inner.get(key), file, f"{where}: {key}") for key in ("lowUtility", "highUtility"))
    if not low < high or float(issue.options[0]) < low or float(issue.options[-1]) > high:
        allowed = f"a range that covers {issue.options[0]} to {issue.options[-1]}"
        refuse(file, f"{where}: the utilities run from {low:g} to {high:g}", allowed)
    return [at_low + (at_high - at_low) * (float(option) - low) / (high - low) for option in issue.options]


def _utility(value: object, file: str, what: str) -> float:
    utility = number(value, file, what, least=0.0)
    if utility > 1:
        refuse(file, f"{what} is {utility:g}", "0 to 1")
    return utility


def _reservation(space: dict[str, Any], domain: Domain, values: tuple[tuple[float, ...], ...], file: str) -> float:
    if space.get("reservationBid") is None:
        return 0.0
    bid = _object(space["reservationBid"], file, "reservationBid")
    chosen = _object(bid.get("issuevalues"), file, "reservationBid: issuevalues")
    names = [issue.name for issue in domain.issues]
    for name in chosen:
        if name not in names:
            refuse(file, f"reservationBid: issue {shown(name)} is not in the domain", "its issues", close(name, names))
    total = 0.0
    for issue, worth in zip(domain.issues, values, strict=True):
        if issue.name not in chosen:
            continue
        option = chosen[issue.name]
        if issue.kind == "real":
            option = number(option, file, f"reservationBid: the value of issue {shown(issue.name)}")
        if option not in issue.options:
            what = f"reservationBid: issue {shown(issue.name)} has no option {shown(option)}"
            hint = close(str(option), [str(known) for known in issue.options])
            refuse(file, what, "an option of the domain", hint)
        total += worth[issue.options.index(option)]
    return total
