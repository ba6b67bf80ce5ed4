"""``negsim evolve``: which strategies spread when those who earn more are copied more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from simulator.cli.common import (
    console,
    document,
    json_option,
    loaded,
    out_option,
    pictures,
    print_json,
    progress,
    save,
    seed_option,
    set_option,
)

if TYPE_CHECKING:
    from simulator import Evolution


@click.command("evolve")
@click.argument("scenario")
@click.option("--vendors", metavar="AGENTS", help='For example "tit-for-tat,generous-tit-for-tat(generosity=0.3)".')
@click.option("--clients", metavar="AGENTS", help="The same for the client side.")
@click.option("--all", "everyone", is_flag=True, help="The whole catalogue on the sides that name no agents.")
@click.option("--starts", type=int, default=1_000, show_default=True, help="Random mixes to start from.")
@seed_option
@set_option
@json_option
@out_option
def command(
    scenario: str,
    vendors: str | None,
    clients: str | None,
    everyone: bool,
    starts: int,
    seed: int,
    changes: tuple[str, ...],
    as_json: bool,
    out: str | None,
) -> None:
    """Let strategies spread that earn more: where it ends, what can invade, what holds its own."""
    import simulator as ns
    from simulator.reports.evolution import evolution_sentences
    from simulator.reports.files import as_csv, output_folder
    from simulator.reports.files import as_json as to_json

    folder = output_folder(out) if out else None
    found, parameters = loaded(scenario, changes)
    unnamed = "all" if everyone else None
    with progress("evolving", quiet=as_json) as report:
        evolution = ns.evolve(
            found,
            vendors=unnamed if vendors is None else vendors,
            clients=unnamed if clients is None else clients,
            starts=starts,
            seed=seed,
            progress=report,
        )
    said = evolution_sentences(evolution)
    content = _content(evolution, parameters, said)
    if as_json:
        print_json(content)
    else:
        _print(evolution, said)
    if folder is not None:
        from simulator.reports.plots import evolution_figures

        tables = {"evolution.csv": as_csv(evolution.rows()), "evolution.json": to_json(content)}
        save(folder, {**tables, **pictures(evolution_figures(evolution))}, quiet=as_json)


def _content(evolution: Evolution, parameters: dict[str, Any], said: list[str]) -> dict[str, Any]:
    rankings = {"vendor": evolution.vendor_ranking, "client": evolution.client_ranking}
    content = {
        "parameters": parameters,
        "starts": evolution.starts,
        "dynamics": evolution.dynamics,
        "populations": evolution.populations,
        "vendors": evolution.vendors,
        "clients": evolution.clients,
        "vendor_payoffs": evolution.game.vendor_payoffs,
        "client_payoffs": evolution.game.client_payoffs,
        "rest_points": [
            {
                "vendors": point.row,
                "clients": point.column,
                "starts": point.starts,
                "share": point.share,
                "low": point.low,
                "high": point.high,
                "converged": point.converged,
                "continuum": point.continuum,
                "stability": point.stability,
                "eigenvalues": [[value.real, value.imag] for value in point.eigenvalues.tolist()],
            }
            for point in evolution.rest_points
        ],
        "residents": [vars(resident) for resident in evolution.residents],
        "rankings": {side: vars(found) for side, found in rankings.items()},
        "headline": said,
        "remarks": evolution.remarks,
    }
    return document("evolve", None if evolution.scenario is None else evolution.scenario.id, evolution.seed, content)


def _print(evolution: Evolution, said: list[str]) -> None:
    from rich.text import Text

    from simulator.reports.evolution import evolution_tables

    out = console()
    out.print(Text(f"{evolution.game.title}: evolution", style="bold"))
    out.print()
    for part in evolution_tables(evolution):
        out.print(part)
    out.print()
    for sentence in (*said, *evolution.remarks):
        out.print(Text(sentence))
    out.print(
        Text(
            "Two populations, vendors and clients; a strategy grows by what it earns above the mean of its side "
            "(replicator dynamics). No new strategy arises, and money counts linearly (risk-neutral)."
        )
    )
