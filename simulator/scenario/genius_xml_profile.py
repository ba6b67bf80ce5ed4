"""GENIUS XML profiles: a `utility_space` with the weights and evaluations of one side.

The value of an option is weight times e, as GENIUS computes it: discrete e = evaluation / largest evaluation of the
issue, integer e = slope (x - lower bound) + offset, real e = slope x + offset, the last two clipped to 0..1. Weights
are taken as they stand.
"""

from __future__ import annotations

from collections.abc import Sequence

from simulator.scenario.genius_files import Element
from simulator.scenario.genius_parts import Domain, Issue, Profile, close, loose, number, refuse, shown, unique
from simulator.scenario.genius_xml_domain import (
    NONLINEAR,
    issue_bounds,
    issue_elements,
    issue_indices,
    issue_kind,
    refuse_root,
    the_objective,
    whole_index,
)

__all__ = ["xml_profile"]

LEAST_EVALUATION = 1e-5  # below it GENIUS gives every option of the issue the evaluation 0


def xml_profile(root: Element, file: str, name: str, domain: Domain) -> Profile:
    """Read one side's values for the issues of `domain`."""
    if root.tag == "negotiation_template":
        refuse(
            file,
            "is a domain, not a profile",
            "the domain first, then the profiles of vendor and client",
            "were the files given in another order?",
            line=root.line,
        )
    if root.tag != "utility_space":
        refuse_root(root, file, "a profile, whose root is <utility_space>")
    for element in root.descendants():
        if element.tag.lower() in NONLINEAR:
            refuse(
                file,
                f"is a nonlinear profile (<{element.tag}>), which is not supported",
                "weighted issues with one evaluation for every option",
                line=element.line,
            )
    objective = the_objective(root, file)
    elements = issue_elements(objective, file)
    remarks: list[str] = []
    matched = _match(domain.issues, elements, issue_indices(elements, file), objective.line, file, name, remarks)
    weights = _weights(objective, matched, file)
    values = tuple(
        tuple(weight * e for e in _evaluations(issue, element, file, name, remarks))
        for issue, (element, _), weight in zip(domain.issues, matched, weights, strict=True)
    )
    reservation = _sibling(root, objective, "reservation")
    if reservation is None:
        outside = 0.0
    else:
        outside = number(
            reservation.attributes.get("value"), file, "the reservation value", line=reservation.line, least=0.0
        )
    discount = _sibling(root, objective, "discount_factor")
    if discount is not None and discount.attributes.get("value", "").strip():
        factor = number(discount.attributes["value"], file, "the discount factor", line=discount.line)
        if 0 < factor < 1:
            remarks.append(f"{name}: the discount factor {factor!r} is ignored; values do not shrink with time")
    return Profile(values, weights, outside, tuple(remarks))


def _sibling(space: Element, objective: Element, tag: str) -> Element | None:
    found = space.named(tag) or objective.named(tag)
    return found[0] if found else None


def _match(
    issues: Sequence[Issue],
    elements: Sequence[Element],
    indices: Sequence[int],
    line: int,
    file: str,
    name: str,
    remarks: list[str],
) -> list[tuple[Element, int]]:
    """Pair each issue of the domain with the profile's: by name, and what is left over by index."""
    by_name = {loose(element.attributes["name"]): (element, i) for element, i in zip(elements, indices, strict=True)}
    known = {loose(issue.name) for issue in issues}
    left = {i: (element, i) for key, (element, i) in by_name.items() if key not in known}
    matched = []
    for issue in issues:
        pair = by_name.get(loose(issue.name))
        if pair is None:
            pair = left.pop(issue.index, None)
            if pair is None:
                hint = close(issue.name, [element.attributes["name"] for element, _ in left.values()])
                what = f"issue {shown(issue.name)} of the domain is missing"
                refuse(file, what, "every issue of the domain", hint, line=line)
            remarks.append(
                f"{name}: issue {issue.index} is named {shown(pair[0].attributes['name'])} here and "
                f"{shown(issue.name)} in the domain; they are taken as the same"
            )
        matched.append(pair)
    for element, _ in left.values():
        refuse(
            file,
            f"issue {shown(element.attributes['name'])} is not in the domain",
            "the issues of the domain",
            close(element.attributes["name"], [issue.name for issue in issues]),
            line=element.line,
        )
    return matched


def _weights(objective: Element, matched: Sequence[tuple[Element, int]], file: str) -> tuple[float, ...]:
    wanted = {index: element for element, index in matched}
    found: dict[int, float] = {}
    for element in objective.named("weight"):
        index = whole_index(element, file, "the index of a weight")
        if index not in wanted:
            refuse(
                file,
                f"a weight is for issue {index}, which does not exist",
                "the indices of the issues: " + ", ".join(str(i) for i in sorted(wanted)),
                line=element.line,
            )
        what = f"the weight of issue {shown(wanted[index].attributes['name'])}"
        if index in found:
            refuse(file, f"{what} is given twice", "every weight once", line=element.line)
        found[index] = number(element.attributes.get("value"), file, what, line=element.line, least=0.0)
    for index, element in wanted.items():
        if index not in found:
            what = f"the weight of issue {shown(element.attributes['name'])} (index {index}) is missing"
            refuse(file, what, "one <weight index=... value=...> for every issue", line=element.line)
    return tuple(found[index] for _, index in matched)


def _evaluations(issue: Issue, element: Element, file: str, name: str, remarks: list[str]) -> list[float]:
    """Give e, one for each option of `issue`."""
    kind = issue_kind(element, file)
    if kind not in (None, issue.kind):
        refuse(
            file,
            f"issue {shown(issue.name)} is {kind} here and {issue.kind} in the domain",
            "the type of the domain",
            line=element.line,
        )
    if issue.kind != "discrete":
        return _linear(issue, element, file)
    evaluations = _item_evaluations(issue, element, file)
    largest = max(evaluations)
    if largest < LEAST_EVALUATION:
        remarks.append(f"{name}: all evaluations of issue {shown(issue.name)} are 0, so the issue counts for nothing")
        return [0.0] * len(evaluations)
    return [evaluation / largest for evaluation in evaluations]


def _item_evaluations(issue: Issue, element: Element, file: str) -> list[float]:
    items = element.named("item")
    where = f"issue {shown(issue.name)}"
    unique(((item.attributes.get("value", ""), item.line) for item in items), file, f"{where}: option")
    by_label = {loose(item.attributes["value"]): item for item in items}
    labels = [str(option) for option in issue.options]
    known = {loose(label) for label in labels}
    for key, item in by_label.items():
        if key not in known:
            label = item.attributes["value"]
            what = f"{where}: option {shown(label)} is not in the domain"
            refuse(file, what, "the options of the domain", close(label, labels), line=item.line)
    evaluations = []
    for label in labels:
        listed = by_label.get(loose(label))
        if listed is None:
            refuse(
                file,
                f"{where}: option {shown(label)} of the domain is missing",
                "an evaluation for every option",
                line=element.line,
            )
        what = f"{where}: the evaluation of option {shown(label)}"
        evaluations.append(number(listed.attributes.get("evaluation"), file, what, line=listed.line, least=0.0))
    return evaluations


def _linear(issue: Issue, element: Element, file: str) -> list[float]:
    where = f"issue {shown(issue.name)}"
    low, high = float(issue.options[0]), float(issue.options[-1])
    if issue_bounds(element, file, (low, high)) != (low, high):
        refuse(
            file,
            f"{where} has other bounds than in the domain",
            f"{low:g} to {high:g}, as in the domain",
            line=element.line,
        )
    evaluators = element.named("evaluator")
    if len(evaluators) != 1:
        refuse(file, f"{where} has {len(evaluators)} evaluators", "one <evaluator ftype=linear>", line=element.line)
    evaluator = evaluators[0]
    shape = evaluator.attributes.get("ftype", "linear")
    if shape.strip().lower() != "linear":
        refuse(file, f"{where} has an evaluator of type {shown(shape)}", "linear", line=evaluator.line)
    slope, offset = (
        number(
            evaluator.attributes.get(key, evaluator.attributes.get(parameter)),
            file,
            f"{where}: the {key} ({parameter}) of the evaluator",
            line=evaluator.line,
        )
        for key, parameter in (("slope", "parameter1"), ("offset", "parameter0"))
    )
    origin = low if issue.kind == "integer" else 0.0  # as in GENIUS, where only an integer counts from its lower bound
    return [min(1.0, max(0.0, slope * (float(option) - origin) + offset)) for option in issue.options]
