"""``negsim negotiate``: two tactics, one negotiation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from simulator.cli.common import (
    console,
    document,
    json_option,
    loaded,
    out_option,
    pictures,
    print_json,
    save,
    seed_option,
    set_option,
)

if TYPE_CHECKING:
    from simulator import DealSpace, NegotiationResult, Scenario


@click.command("negotiate")
@click.argument("scenario")
@click.option("--vendor", required=True, metavar="TACTIC", help='For example "principled(share=0.6)".')
@click.option("--client", required=True, metavar="TACTIC", help="Another tactic.")
@click.option("--level", type=int, default=0, show_default=True, help="Maturity level, counted from 0.")
@set_option
@seed_option
@json_option
@out_option
def command(
    scenario: str,
    vendor: str,
    client: str,
    level: int,
    changes: tuple[str, ...],
    seed: int,
    as_json: bool,
    out: str | None,
) -> None:
    """Let two tactics negotiate and show the offers and the outcome against the frontier.

    \b
    Tactics: boulware, linear, conceder, hard-bargainer, principled, logroller, random-offers.
    """
    import simulator as ns
    from simulator.reports.files import as_csv, output_folder
    from simulator.reports.files import as_json as to_json

    folder = output_folder(out) if out else None
    found, _ = loaded(scenario, changes)
    result = ns.negotiate(found, vendor=vendor, client=client, level=level, seed=seed)
    space = ns.deal_space(found, level=level)
    offers = [asdict(offer) for offer in result.offers]
    content = document("negotiate", found.id, seed, {**asdict(result), "offers": offers})
    content |= {"vendor": str(ns.tactic(vendor)), "client": str(ns.tactic(client)), "level": found.levels[level]}
    if as_json:
        print_json(content)
    else:
        _print(found, result, space)
    if folder is not None:
        from simulator.reports.plots import plot_deal_space

        rows = [{**{k: v for k, v in offer.items() if k != "deal"}, **offer["deal"]} for offer in offers]
        files: dict[str, str | bytes] = {"offers.csv": as_csv(rows), "negotiation.json": to_json(content)}
        drawn = plot_deal_space(space, result, scenario=found).get_figure()
        save(folder, {**files, **pictures({"deal_space.png": drawn})}, quiet=as_json)


def _print(scenario: Scenario, result: NegotiationResult, space: DealSpace) -> None:
    from rich.text import Text

    from simulator.reports.headline import money
    from simulator.reports.text import offers_table, said_deal

    out = console()
    out.print(offers_table(result))
    out.print()
    unit = f"{scenario.currency} per {scenario.period}".strip()
    counted = f"{result.rounds} round" + ("" if result.rounds == 1 else "s")
    out.print(Text(f"{result.ending.capitalize()} in round {result.rounds}: {said_deal(result.deal)}.", style="bold"))
    cost = scenario.negotiation.round_cost
    after = f", after {counted} at {cost:g} each" if cost else ""
    out.print(Text(f"Vendor {result.vendor_value:,.2f}, client {result.client_value:,.2f} {unit}{after}."))
    out.print(Text(_against_frontier(space, result, lambda value: money(value, unit, digits=2))))


def _against_frontier(space: DealSpace, result: NegotiationResult, said: Callable[[float], str]) -> str:
    """How the outcome stands against what was possible."""
    best = space.points()["utilitarian"]
    if best is None:
        return "No deal would have suited both sides."
    gains = best.vendor + best.client - space.vendor_outside - space.client_outside
    if result.deal is None:
        return f"A deal would have been worth up to {said(gains)} more than no deal to both together."
    index = space.index(result.deal)
    joint = space.vendor[index] + space.client[index]
    missed = best.vendor + best.client - joint
    if index in space.pareto():
        place = "It lies on the frontier: nobody can gain without the other losing."
    else:
        better = (space.vendor >= space.vendor[index]) & (space.client >= space.client[index])
        place = f"It is not on the frontier: {int(better.sum()) - 1} deals are better for one side and worse for none."
    if missed > 1e-9:
        return f"{place} The largest joint worth is {said(missed)} higher."
    return f"{place} No deal has a larger joint worth."
