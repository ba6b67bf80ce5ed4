"""``negsim market``: many clients and vendors who compete, meet, leave and meet again."""

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
    from pathlib import Path

    from simulator import Mix, Scenario
    from simulator.markets.result import Town


@click.command("market")
@click.argument("scenario")
@click.option("--mix", metavar="MIX", help='For example "vendors: tit-for-tat=.5, always-compete=.5; clients: grim=1".')
@click.option("--mixes", metavar="FILE", help="Compare the mixes that a TOML file names, [mix.NAME] each.")
@click.option("--triangle", metavar="AGENTS", help="Every mix of three agents, vendors and clients alike.")
@click.option(
    "--method",
    type=click.Choice(["auto", "fluid", "simulate"]),
    default="auto",
    show_default=True,
    help="fluid: infinitely many parties, no sampling error; simulate: as many as the scenario has.",
)
@click.option("--periods", type=int, default=400, show_default=True, help="Periods of the market.")
@click.option("--replicates", type=int, default=8, show_default=True, help="Simulated markets of each mix.")
@seed_option
@set_option
@json_option
@out_option
def command(
    scenario: str,
    mix: str | None,
    mixes: str | None,
    triangle: str | None,
    method: str,
    periods: int,
    replicates: int,
    seed: int,
    changes: tuple[str, ...],
    as_json: bool,
    out: str | None,
) -> None:
    """Run a whole market: what competitive agents do to total value and to how long relationships last.

    \b
    negsim market saas-renewal                     as competitive agents take over, with and without reviews
    negsim market saas-renewal --mix "..."         one market's account
    negsim market saas-renewal --mixes mixes.toml  several mixes side by side
    """
    import simulator as ns
    from simulator.reports.files import output_folder

    chosen = [
        name for name, given in (("--mix", mix), ("--mixes", mixes), ("--triangle", triangle)) if given is not None
    ]
    if len(chosen) > 1:
        raise click.UsageError(f"{' and '.join(chosen)} ask for different things; give one of them")
    folder = output_folder(out) if out else None
    found, parameters = loaded(scenario, changes)
    if mix is not None:
        one = ns.Mix.parse(mix)
        _one_mix(Asked(found, parameters, method, periods, replicates, seed, as_json, folder), one)


class Asked(NamedTuple):
    """What the options ask for, whatever is shown of it."""

    scenario: Scenario
    parameters: dict[str, Any]
    method: str
    periods: int
    replicates: int
    seed: int
    as_json: bool
    folder: Path | None


def _one_mix(asked: Asked, mix: Mix) -> None:
    """One market's account."""
    import simulator as ns
    from simulator.reports.market import market_sentences, market_tables, market_title, pooled
    from simulator.reports.market_files import path_rows, strategy_rows, town_document

    method, remarks = _method(asked, [mix])
    towns: list[Town] = []
    count = 1 if method == "fluid" else asked.replicates
    with progress("running the market", quiet=asked.as_json) as report:
        for replicate in range(count):
            towns.append(
                ns.market(
                    asked.scenario,
                    mix=mix,
                    periods=asked.periods,
                    method=method,
                    seed=asked.seed,
                    replicate=replicate,
                    progress=report,
                )
            )
    town = pooled(towns)
    said = market_sentences(town)
