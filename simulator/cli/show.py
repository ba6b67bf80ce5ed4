"""``negsim show``: what a scenario is about, in tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from simulator.cli.common import console, document, json_option, loaded, print_json, set_option

if TYPE_CHECKING:
    from simulator import StageGame
    from simulator.scenario.schema import Scenario


@click.command("show")
@click.argument("scenario")
@set_option
@json_option
def command(scenario: str, changes: tuple[str, ...], as_json: bool) -> None:
    """Show a scenario: story, deal space, best deals, stage games, levels."""
    found, _ = loaded(scenario, changes)
    if as_json:
        print_json(document("show", found.id, None, _content(found)))
    else:
        _print(found)


def _content(scenario: Scenario) -> dict[str, Any]:
    import simulator as ns
    from simulator.scenario.market_words import market_facts

    games = []
    for level, name in enumerate(scenario.levels):
        game = ns.stage_game(scenario, level=level)
        games.append(
            {
                "level": name,
                "name": game.name,
                "vendor_payoffs": game.vendor_payoffs,
                "client_payoffs": game.client_payoffs,
                "invested": game.invested,
                "rise": game.rise,
                "equilibria": _equilibria(game),
            }
        )
    content: dict[str, Any] = {
        "title": scenario.title,
        "summary": scenario.summary,
        "vendor_postures": scenario.postures("vendor"),
        "client_postures": scenario.postures("client"),
        "stage_games": games,
        "expected_level": _expected_levels(scenario),
        "workshop": scenario.workshop.model_dump(),
    }
    if market_facts(scenario):
        segments = [kind.model_dump() for kind in scenario.segment]
        content |= {"market": scenario.market.model_dump(), "segments": segments}
    if scenario.payoffs is None:
        space = ns.deal_space(scenario)
        points = {name: point and vars(point) for name, point in space.points().items()}
        content |= {"deals": len(space), "zopa": int(space.rational.sum()), "frontier": len(space.pareto())}
        content["points"] = points
    return content


def _equilibria(game: StageGame) -> dict[str, Any]:
    found = game.equilibria()
    listed = [
        {"vendor": e.row, "client": e.column, "vendor_payoff": e.row_payoff, "client_payoff": e.column_payoff}
        for e in found
    ]
    return {"listed": listed, "complete": found.complete, "count": found.count, "continua": found.continua}


def _expected_levels(scenario: Scenario) -> list[float]:
    """Expected level number in each period, given that it lives, when both always cooperate; at most 20 periods."""
    import simulator as ns

    if len(scenario.levels) == 1:
        return []
    pair = ns.relationship(scenario, vendor="always-cooperate", client="always-cooperate")
    survival, occupancy, _ = pair.path(20)
    return [
        float(row @ range(len(scenario.levels)) / alive)
        for row, alive in zip(occupancy[:20], survival[:20], strict=True)
        if alive > 0
    ]


def _print(scenario: Scenario) -> None:
    from rich.text import Text

    import simulator as ns
    from simulator.reports.equilibria import equilibrium_sentences
    from simulator.reports.text import game_table, points_table

    out = console()
    unit = scenario.currency or "money"
    out.print(Text(scenario.title, style="bold"))
    if scenario.summary:
        out.print(Text(scenario.summary))
    horizon = "without a last period" if scenario.unlimited else f"for {scenario.horizon} {scenario.period}s"
    rules = scenario.relationship
    out.print(
        Text(
            f"\n{scenario.vendor.name} (vendor, outside option {scenario.vendor.outside_option:g}) and "
            f"{scenario.client.name} (client, {scenario.client.outside_option:g}); {unit} per {scenario.period}, "
            f"{horizon}, worth of the next {scenario.period} {scenario.discount:g}; it ends by outside events with "
            f"probability {rules.churn:g}, a posture slips with {rules.slip.vendor:g}/{rules.slip.client:g}.\n"
        )
    )
    if scenario.payoffs is None:
        space = ns.deal_space(scenario)
        issues = ", ".join(f"{name} ({n})" for name, n in zip(space.issues, space.shape, strict=True))
        zopa = int(space.rational.sum())
        out.print(
            Text(
                f"Deals: {len(space):,} from {issues}; {zopa:,} suit both sides (the ZOPA), "
                f"{len(space.pareto()):,} lie on the frontier."
            )
        )
        out.print(points_table(space))
        out.print()
    for level, name in enumerate(scenario.levels):
        game = ns.stage_game(scenario, level=level)
        heading = (
            f"Stage game at level {level}, {name}: {game.name}"
            if len(scenario.levels) > 1
            else (f"Stage game: {game.name}")
        )
        out.print(Text(heading, style="bold"))
        out.print(game_table(game))
        for sentence in equilibrium_sentences(game):
            out.print(Text(sentence))
        if game.rise.max() > 0:
            most = " at most" if scenario.maturity.reinvest == "best-reply" else ""
            out.print(
                Text(
                    f"Building together the vendor reinvests{most} {game.invested.max():.1f} and the level rises with "
                    f"probability{most} {game.rise.max():.2f}."
                )
            )
        out.print()
    legend = "Each cell: vendor, client; * best reply to the other's posture. Where both have one, neither gains by "
    out.print(
        Text(legend + "changing alone: an equilibrium among these postures. Money counts linearly (risk-neutral).")
    )
    levels = _expected_levels(scenario)
    for line in _market_lines(scenario):
        out.print(Text(line))
    if levels:
        listed = "  ".join(f"{t + 1}: {level:.2f}" for t, level in enumerate(levels))
        out.print(Text(f"\nExpected level by {scenario.period} when both build and it lasts:", style="bold"))
        out.print(Text(listed))
    plan = scenario.workshop
    depth = f" ({plan.level})" if plan.level else ""
    out.print(
        Text(f"\nIn a workshop{depth}: {plan.periods} {scenario.period}s of {plan.minutes:g} minutes.", style="bold")
    )
    if plan.goal:
        out.print(Text(plan.goal + "."))


def _market_lines(scenario: Scenario) -> list[str]:
    from simulator.scenario.market_words import market_facts, segment_facts

    said = market_facts(scenario)
    lines = ["\nMarket: " + "; ".join(f"{name}: {value}" for name, value in said) + "."] if said else []
    return lines + [f"Kind of client, {segment.name}: {segment_facts(segment)}." for segment in scenario.segment]
