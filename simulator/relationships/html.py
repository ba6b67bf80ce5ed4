"""How the exact result of a pair looks in a notebook: values, who captured them, length, and how it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.markup import (
    QUIET,
    Markup,
    bar,
    cell,
    corner,
    decimals,
    label,
    note,
    number,
    percent,
    periods,
    table,
    tag,
    view,
)
from simulator.relationships.exact import shares

if TYPE_CHECKING:
    from simulator.relationships.exact import Relationship

__all__ = ["relationship_html"]


def relationship_html(rel: Relationship) -> str:
    """The exact results of a pair, self-contained.

    Parameters
    ----------
    rel : Relationship
        The pair; names are escaped.

    Returns
    -------
    str
        HTML. A length that has no end is shown as "infinite"; shares of nothing as "nothing was created".

    Examples
    --------
    >>> import simulator as ns
    >>> rel = ns.relationship(ns.load_scenario("saas-renewal"), vendor="tit-for-tat", client="walk-away")
    >>> "first best" in relationship_html(rel)
    True
    """
    scenario = rel.scenario
    over = "without a last period" if scenario.unlimited else f"over {scenario.horizon} {scenario.period}s"
    subtitle = f"{scenario.title} · exact, {over}, {scenario.currency or 'money'} discounted and valued linearly"
    title = f"{rel.vendor} (vendor) with {rel.client} (client)"
    return view(title, subtitle, _values(rel), *_remarks(rel), _ends(rel))


def _values(rel: Relationship) -> Markup:
    split = shares(rel.vendor_captured, rel.client_captured)
    rows_of = {
        "vendor": (rel.vendor_value, rel.vendor_value_sd, rel.vendor_captured),
        "client": (rel.client_value, rel.client_value_sd, rel.client_captured),
        "both": (rel.joint_value, rel.joint_value_sd, rel.created_value),
    }
    digits = decimals([figure for row in rows_of.values() for figure in row])
    heads = ("value", "standard deviation", "captured", "share")
    rows = [[corner(), *(label(head, scope="col", style="font-weight:normal") for head in heads)]]
    for i, (name, figures) in enumerate(rows_of.items()):
        share = (percent(split[i]) if i < 2 else "100%") if split else "nothing was created"
        rows.append([label(name), *(cell(number(figure, digits)) for figure in figures), cell(share)])
    return table(rows)


def _remarks(rel: Relationship) -> list[Markup]:
    first_best, left = rel.first_best, rel.left_on_table
    digits = decimals([first_best, rel.joint_value])
    length = (
        f"{periods(rel.expected_length, rel.scenario.period)} expected (standard deviation {number(rel.length_sd, 2)})"
    )
    healthy = f"healthy, with both sides at or above their outside options: {number(rel.healthy_length, 2)}."
    return [
        note(tag("b", "Length "), f"{length}; {healthy}"),
        note(
            tag("b", "Created "),
            f"{number(rel.created_value, digits)} beyond both outside options. The first best is "
            f"{number(first_best, digits)} of joint value, so {number(left, digits)} is left on the table.",
        ),
    ]


def _ends(rel: Relationship) -> Markup:
    """How it ends, as bars; what cannot happen is left out."""
    alive = "never ends" if rel.scenario.unlimited else f"alive in the last {rel.scenario.period}"
    rows = [[corner("how it ends"), label("chance", scope="col", style=QUIET), corner()]]
    for reason, chance in rel.end_reasons.items():
        if chance > 1e-9:
            word = alive if reason == "horizon" else "outside event" if reason == "churn" else reason.replace("-", " ")
            rows.append([label(word, style="font-weight:normal"), cell(percent(chance)), cell(bar(chance))])
    return table(rows)
