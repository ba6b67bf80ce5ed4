"""GENIUS XML domains: a `negotiation_template` that lists the issues, and what a profile repeats of that tree."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from simulator.scenario.genius_files import Element
from simulator.scenario.genius_parts import (
    MAX_OPTIONS,
    Domain,
    Issue,
    Option,
    bounded,
    close,
    even_steps,
    number,
    refuse,
    shown,
    unique,
)

__all__ = [
    "NONLINEAR",
    "issue_bounds",
    "issue_elements",
    "issue_indices",
    "issue_kind",
    "refuse_root",
    "the_objective",
    "whole_index",
    "xml_domain",
]

Kind = Literal["discrete", "integer", "real"]
_KINDS: dict[str, Kind] = {"discrete": "discrete", "integer": "integer", "real": "real"}
NONLINEAR = {"utility_function", "utility", "ufun", "hyperrectangle"}


def xml_domain(root: Element, file: str, name: str, real_steps: int) -> Domain:
    """Read the issues of a domain file; a real issue gets `real_steps` equally spaced options."""
    if root.tag == "utility_space":
        refuse(
            file,
            "is a profile, not a domain",
            "the domain first, then the profiles of vendor and client",
            "were the files given in another order?",
            line=root.line,
        )
    if root.tag != "negotiation_template":
        refuse_root(root, file, "a domain, whose root is <negotiation_template>")
    spaces = root.named("utility_space")
    if not spaces:
        refuse(file, "has no <utility_space>", "one, with the issues in it", line=root.line)
    elements = issue_elements(the_objective(spaces[0], file), file)
    indices = issue_indices(elements, file)
    kinds = [issue_kind(element, file) or "discrete" for element in elements]
    issues = bounded(
        (
            Issue(element.attributes["name"], kind, _options(element, kind, file, real_steps), index)
            for element, kind, index in zip(elements, kinds, indices, strict=True)
        ),
        file,
    )
    remarks = [
        f"{name}: the real issue {shown(issue.name)} is cut into {len(issue.options)} equally spaced values"
        for issue in issues
        if issue.kind == "real"
    ]
    declared = spaces[0].attributes.get("number_of_issues", "").strip()
    if declared and declared != str(len(issues)):
        remarks.insert(0, f"{name}: declares {shown(declared)} issues; it lists {len(issues)}, and these count")
    return Domain(issues, tuple(remarks))


def refuse_root(root: Element, file: str, allowed: str) -> None:
    """Refuse a file that is neither a domain nor a profile, and guess what it is."""
    hint = ""
    if "pareto" in Path(file).name.lower():
        hint = "this looks like the list of Pareto deals that GENIUS stores beside a domain"
    elif any(element.tag.lower() in NONLINEAR for element in root.descendants()):
        hint = "nonlinear profiles are not supported"
    refuse(file, f"has the root {shown(root.tag)}", allowed, hint, line=root.line)


def the_objective(space: Element, file: str) -> Element:
    """Give the one objective of a <utility_space>."""
    objectives = space.named("objective")
    if len(objectives) != 1:
        refuse(
            file, f"has {len(objectives)} objectives in <utility_space>", "one, with the issues in it", line=space.line
        )
    for nested in objectives[0].named("objective"):
        refuse(file, "has an objective inside an objective", "one flat list of issues", line=nested.line)
    return objectives[0]


def issue_elements(objective: Element, file: str) -> list[Element]:
    """Give the <issue> elements, each with a name of its own."""
    elements = objective.named("issue")
    if not elements:
        refuse(file, "has no issues", "at least one <issue>", line=objective.line)
    for element in elements:
        element.attributes.setdefault("name", "")
    unique(((element.attributes["name"], element.line) for element in elements), file, "issue")
    return elements


def issue_indices(elements: Sequence[Element], file: str) -> list[int]:
    """Give the index of each issue, its position where the file does not say; no two are the same."""
    indices = [
        whole_index(element, file, f"the index of issue {shown(element.attributes['name'])}")
        if "index" in element.attributes
        else position
        for position, element in enumerate(elements, start=1)
    ]
    seen: set[int] = set()
    for element, index in zip(elements, indices, strict=True):
        if index in seen:
            what = f"issue {shown(element.attributes['name'])} has the index {index} of another issue"
            refuse(file, what, "every index once", line=element.line)
        seen.add(index)
    return indices


def whole_index(element: Element, file: str, what: str) -> int:
    """Read the index attribute, which `what` names in the refusal."""
    value = number(element.attributes.get("index"), file, what, line=element.line)
    if not value.is_integer():
        refuse(file, f"{what} is {shown(element.attributes['index'])}", "a whole number", line=element.line)
    return int(value)


def issue_kind(element: Element, file: str) -> Kind | None:
    """Give the type of an issue, or None where the file does not say."""
    for attribute in ("type", "vtype", "etype"):
        given = element.attributes.get(attribute, "").strip().lower()
        if given:
            if given not in _KINDS:
                refuse(
                    file,
                    f"issue {shown(element.attributes['name'])} is of type {shown(given)}",
                    "discrete, integer or real",
                    close(given, _KINDS),
                    line=element.line,
                )
            return _KINDS[given]
    return None


def _options(element: Element, kind: Kind, file: str, real_steps: int) -> tuple[Option, ...]:
    issue = shown(element.attributes["name"])
    if kind == "discrete":
        items = element.named("item")
        if not items:
            refuse(file, f"issue {issue} has no options", "at least one <item value=...>", line=element.line)
        if len(items) > MAX_OPTIONS:
            refuse(file, f"issue {issue} has {len(items)} options", f"at most {MAX_OPTIONS}", line=element.line)
        labels = [(item.attributes.get("value", ""), item.line) for item in items]
        unique(labels, file, f"issue {issue}: option")
        return tuple(label for label, _ in labels)
    low, high = issue_bounds(element, file)
    if low > high:
        refuse(file, f"issue {issue} runs from {low:g} to {high:g}", "the lower bound first", line=element.line)
    if kind == "real":
        return even_steps(low, high, real_steps)
    if not (low.is_integer() and high.is_integer()):
        refuse(file, f"integer issue {issue} runs from {low:g} to {high:g}", "whole bounds", line=element.line)
    if high - low >= MAX_OPTIONS:
        refuse(file, f"issue {issue} has {high - low + 1:.0f} options", f"at most {MAX_OPTIONS}", line=element.line)
    return tuple(range(int(low), int(high) + 1))


def issue_bounds(
    element: Element, file: str, default: tuple[float | None, float | None] = (None, None)
) -> tuple[float, float]:
    """Give the bounds of an integer or real issue, from its <range> or itself; without a default both are needed."""
    holders = [*element.named("range"), element]
    issue = shown(element.attributes["name"])
    low, high = (
        number(
            next((holder.attributes[key] for holder in holders if key in holder.attributes), absent),
            file,
            f"the {key} of issue {issue}",
            line=element.line,
        )
        for key, absent in zip(("lowerbound", "upperbound"), default, strict=True)
    )
    return low, high
