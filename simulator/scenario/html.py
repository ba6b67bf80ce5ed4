"""How a scenario looks in a notebook: the story, the two parties, what is agreed on, and how relationships go.

The briefs are left out: they are for one side only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.markup import Markup, cell, corner, decimals, label, note, number, percent, table, tag, view
from simulator.scenario.market_words import market_facts, segment_facts

if TYPE_CHECKING:
    from simulator.scenario.schema import Issue, Scenario, Sides, WholeSides, Worth

__all__ = ["scenario_html"]

WORDS = "text-align:left;white-space:normal;max-width:34em"
LISTED = 8  # options of an issue that are written out


def scenario_html(scenario: Scenario) -> str:
    """A scenario as tables, self-contained.

    Parameters
    ----------
    scenario : Scenario
        Any scenario; all of its text is escaped.

    Returns
    -------
    str
        HTML without the briefs of the two sides.

    Examples
    --------
    >>> import simulator as ns
    >>> "Northwind Cloud" in scenario_html(ns.load_scenario("saas-renewal"))
    True
    """
    parts: list[object] = [note(scenario.summary)] if scenario.summary else []
    parts += [_heading("Parties"), _parties(scenario)]
    if scenario.payoffs is None:
        parts += [_heading("Issues"), _issues(scenario), _heading("Postures"), _postures(scenario)]
    else:
        parts += [_heading("Payoffs (vendor, client)"), _payoffs(scenario)]
    if len(scenario.levels) > 1:
        parts += [_heading("Maturity levels"), _levels(scenario)]
    parts += [_heading("Rules"), _rules(scenario)]
    parts += _market(scenario)
    if "workshop" in scenario.model_fields_set:
        parts += [_heading("In a workshop"), _workshop(scenario)]
    return view(scenario.title, scenario.id, *parts)


def _heading(text: str) -> Markup:
    return tag("div", text, style="margin-top:.7em;font-weight:600")


def _money(scenario: Scenario) -> str:
    return f"{scenario.currency or 'money'} per {scenario.period}"


def _parties(scenario: Scenario) -> Markup:
    options = [scenario.vendor.outside_option, scenario.client.outside_option]
    digits = decimals(options)
    rows = [[corner(), _left("name"), label(f"outside option, {_money(scenario)}", scope="col")]]
    for side, option in zip(("vendor", "client"), options, strict=True):
        rows.append([label(side), cell(scenario.party(side).name, style=WORDS), cell(number(option, digits))])
    return table(rows)


def _left(text: str) -> Markup:
    return label(text, scope="col", style="text-align:left")


def _issues(scenario: Scenario) -> Markup:
    rows = [[corner(), _left("options"), _left("worth to the vendor"), _left("worth to the client")]]
    base = (scenario.base.vendor, scenario.base.client)
    if any(base):
        shown = (number(worth, decimals(base)) for worth in base)
        rows.append([label("any agreement"), cell(style=WORDS), *(cell(worth, style=WORDS) for worth in shown)])
    for issue in scenario.issue:
        worths = (_worth(issue.vendor, issue), _worth(issue.client, issue))
        shown_worths = (cell(worth, style=WORDS) for worth in worths)
        rows.append([label(issue.name), cell(_options(issue), style=WORDS), *shown_worths])
    return table(rows)


def _options(issue: Issue) -> str:
    unit = f" {issue.unit}" if issue.unit else ""
    if issue.range is not None:
        span = issue.range
        return f"{span.start:g} to {span.stop:g} in steps of {span.step:g}{unit}"
    return _listed([str(option) for option in issue.options or ()]) + unit


def _worth(worth: Worth | tuple[float, ...] | None, issue: Issue) -> str:
    if worth is None:
        return "nothing"
    if isinstance(worth, tuple):
        return _listed([number(value, decimals(worth)) for value in worth])
    digits = decimals([worth.per_unit])
    return f"{number(worth.per_unit, digits)} for each {issue.unit or 'unit'}"


def _listed(words: list[str]) -> str:
    if len(words) <= LISTED:
        return " · ".join(words)
    return " · ".join(words[: LISTED - 1]) + f" · ... ({len(words)} in all)"


def _postures(scenario: Scenario) -> Markup:
    rows = [
        [corner("from competitive to cooperative"), _left("tactic"), label("effort", scope="col"), _left("counts as")]
    ]
    own = scenario.vendor_posture is not None or scenario.client_posture is not None
    for side in ("vendor", "client") if own else ("vendor",):
        counts = scenario.cooperates(side)
        for posture, cooperates in zip(scenario.posture_choices(side), counts, strict=True):
            given = ", ".join(f"{key}={value:g}" for key, value in posture.tactic.parameters)
            tactic = f"{posture.tactic.name}({given})" if given else posture.tactic.name
            name = f"{side}: {posture.name}" if own else posture.name
            word = "cooperate" if cooperates else "compete"
            rows.append(
                [label(name), cell(tactic, style=WORDS), cell(percent(posture.effort)), cell(word, style=WORDS)]
            )
    return table(rows)


def _payoffs(scenario: Scenario) -> Markup:
    payoffs = scenario.payoffs
    if payoffs is None:
        return Markup()
    digits = decimals([value for matrix in (payoffs.vendor, payoffs.client) for row in matrix for value in row])
    columns = (label(name, scope="col") for name in scenario.postures("client"))
    rows = [[corner("vendor ↓ · client →"), *columns]]
    for name, vendor, client in zip(scenario.postures("vendor"), payoffs.vendor, payoffs.client, strict=True):
        pairs = (f"{number(v, digits)}, {number(c, digits)}" for v, c in zip(vendor, client, strict=True))
        rows.append([label(name), *(cell(pair) for pair in pairs)])
    return table(rows)


def _levels(scenario: Scenario) -> Markup:
    growth = scenario.maturity.growth
    if scenario.payoffs is not None:
        heading = "gain over the outside option, times"
        worths = [1 + growth * level for level in range(len(scenario.levels))]
    else:
        heading = f"added to what the client gets, {_money(scenario)}"
        worths = [scenario.level_worth(level) for level in range(len(scenario.levels))]
    rows = [[corner("from the lowest"), label(heading, scope="col")]]
    digits = decimals(worths)
    rows += [[label(name), cell(number(worth, digits))] for name, worth in zip(scenario.levels, worths, strict=True)]
    return table(rows)


def _rules(scenario: Scenario) -> Markup:
    """The numbers that decide how relationships go; rules that are switched off are left out."""
    rules, period = scenario.relationship, scenario.period
    horizon = "unlimited" if scenario.unlimited else f"{scenario.horizon} {period}s"
    said = [("horizon", horizon), ("worth today of 1 next " + period, f"{scenario.discount:g}")]
    if scenario.payoffs is None:
        talks = scenario.negotiation
        cost = f", each costs both sides {talks.round_cost:g}" if talks.round_cost else ""
        said.append(("rounds of a negotiation", f"{talks.rounds}{cost}; the {talks.first_offer} opens"))
        said += _delivery(scenario)
    if len(scenario.levels) > 1:
        share = scenario.maturity.reinvest
        shown = "its best reply to the client" if isinstance(share, str) else percent(share) + " of its surplus"
        said.append(("the vendor reinvests", f"{shown}; a level costs {scenario.maturity.level_cost:g}"))
        said.append(("chance to fall a level after competing", percent(scenario.maturity.decay)))
    said.append(("chance of an outside end", f"{percent(rules.churn)} each {period}"))
    if not rules.can_leave:
        said.append(("leaving", "nobody can leave"))
    else:
        if rules.begrudge:
            said.append(("begrudging", f"{rules.begrudge:g} times what a share lacks to {percent(rules.fair_share)}"))
        said += _per_side(f"patience, {period}s below the outside option", rules.patience)
    said += _per_side("switching cost", rules.switching_cost)
    for name, chances in (("slip", rules.slip), ("misread", rules.misread)):
        if chances.vendor or chances.client:
            said.append((name, _both(percent(chances.vendor), percent(chances.client))))
    return _facts(said)


def _facts(said: list[tuple[str, str]]) -> Markup:
    return table([[label(name, style="font-weight:normal"), cell(value, style=WORDS)] for name, value in said])


def _market(scenario: Scenario) -> list[object]:
    """How clients and vendors find each other, where the scenario says so."""
    said = market_facts(scenario)
    if not said:
        return []
    parts: list[object] = [_heading("Market"), _facts(said)]
    if scenario.segment:
        kinds = [(segment.name, segment_facts(segment)) for segment in scenario.segment]
        parts += [_heading("Kinds of clients"), _facts(kinds)]
    return parts


def _workshop(scenario: Scenario) -> Markup:
    """How a room full of people plays it."""
    plan = scenario.workshop
    said = [("learning goal", plan.goal), ("level", plan.level)]
    said.append((f"{scenario.period}s", f"{plan.periods} of {plan.minutes:g} minutes"))
    if plan.contest != "none":
        said.append(("before the play", f"vendors compete for their client by {plan.contest}"))
    return table([[label(name, style="font-weight:normal"), cell(value, style=WORDS)] for name, value in said if value])


def _delivery(scenario: Scenario) -> list[tuple[str, str]]:
    vendor, client = scenario.delivery.vendor, scenario.delivery.client
    said = []
    if vendor.cost or vendor.benefit:
        said.append(("full effort of the vendor", f"costs it {vendor.cost:g}, worth {vendor.benefit:g} to the client"))
    if client.cost or client.benefit:
        said.append(("full effort of the client", f"costs it {client.cost:g}, worth {client.benefit:g} to the vendor"))
    if vendor.starved < 1:
        starved = f"below a surplus of {vendor.needs:g} its effort is worth only {percent(vendor.starved)}"
        said.append(("a starved vendor", starved))
    return said


def _per_side(name: str, sides: Sides | WholeSides) -> list[tuple[str, str]]:
    both = (f"{sides.vendor:g}", f"{sides.client:g}")
    return [(name, _both(*both))] if sides.vendor or sides.client else []


def _both(vendor: str, client: str) -> str:
    return vendor if vendor == client else f"vendor {vendor}, client {client}"
