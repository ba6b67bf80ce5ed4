"""``negsim compare``: the main job."""

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
    from simulator import Comparison


@click.command("compare")
@click.argument("scenario")
@click.option("--vendors", metavar="AGENTS", help='For example "tit-for-tat,generous-tit-for-tat(generosity=0.3)".')
@click.option("--clients", metavar="AGENTS", help="The same for the client side.")
@click.option("--all", "everyone", is_flag=True, help="The whole catalogue on the sides that name no agents.")
@click.option("--method", type=click.Choice(["auto", "exact", "simulate"]), default="auto", show_default=True)
@click.option("--replicates", type=int, default=20_000, show_default=True, help="Relationships of a simulated cell.")
@seed_option
@set_option
@json_option
@out_option
def command(
    scenario: str,
    vendors: str | None,
    clients: str | None,
    everyone: bool,
    method: Any,
    replicates: int,
    seed: int,
    changes: tuple[str, ...],
    as_json: bool,
    out: str | None,
) -> None:
    """Compare vendor agents with client agents: joint value, who captures it, how long it lasts, and why."""
    import simulator as ns
    from simulator.reports.files import as_csv, output_folder
    from simulator.reports.files import as_json as to_json
    from simulator.reports.headline import headline

    folder = output_folder(out) if out else None
    found, parameters = loaded(scenario, changes)
    unnamed = "all" if everyone else None
    with progress("comparing", quiet=as_json) as report:
        table = ns.compare(
            found,
            vendors=unnamed if vendors is None else vendors,
            clients=unnamed if clients is None else clients,
            method=method,
            replicates=replicates,
            seed=seed,
            progress=report,
        )
    said = headline(table)
    content = _content(table, parameters, said)
    if as_json:
        print_json(content)
    else:
        _print(table, said.sentences)
    if folder is not None:
        from simulator.reports.plots import figures

        tables = {"comparison.csv": as_csv(table.rows(parameters=parameters)), "comparison.json": to_json(content)}
        save(folder, {**tables, **pictures(figures(table))}, quiet=as_json)


def _content(table: Comparison, parameters: dict[str, Any], said: Any) -> dict[str, Any]:
    content = {
        "method": _method(table),
        "run_id": table.run_id,
        "replicates": table.replicates if "simulate" in table.method else None,
        "parameters": parameters,
        "vendors": [str(agent) for agent in table.vendors],
        "clients": [str(agent) for agent in table.clients],
        **table.cells,
        "first_best": table.first_best,
        "headline": list(said.sentences),
        "remarks": list(table.remarks),
    }
    if said.explanation is not None:
        content["cost_of_competing"] = vars(said.explanation)
        content["drivers"] = [vars(driver) for driver in said.settings]
    return document("compare", table.scenario.id, table.seed, content)


def _method(table: Comparison) -> str:
    kinds = sorted({str(kind) for kind in table.method.ravel()})
    return kinds[0] if len(kinds) == 1 else "mixed"


def _print(table: Comparison, sentences: tuple[str, ...]) -> None:
    from rich.text import Text

    from simulator.reports.text import comparison_tables

    out = console()
    scenario = table.scenario
    horizon = "without a last period" if scenario.unlimited else f"{scenario.horizon} {scenario.period}s"
    how = {"exact": "exact", "simulate": f"{table.replicates:,} relationships a cell", "mixed": "partly simulated"}
    out.print(Text(f"{scenario.title}: {horizon}, {how[_method(table)]}", style="bold"))
    out.print()
    for part in comparison_tables(table, out.width):
        out.print(part)
    for sentence in (*sentences, *table.remarks):
        word, _, rest = sentence.partition(": ")
        out.print(Text.assemble((f"{word}: ", "bold"), rest) if rest else Text(sentence))
