"""``negsim market``: many clients and vendors who compete, meet, leave and meet again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

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
    from collections.abc import Iterable
    from pathlib import Path

    from matplotlib.figure import Figure

    from simulator import Mix, MixComparison, Scenario
    from simulator.reports.takeover import Takeover

COMPETITIVE, OTHERS = "always-compete", "tit-for-tat"
PERIODS, PERIODS_OF_MANY = 400, 200


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

    def options(self, mixes: Iterable[Mix]) -> dict[str, Any]:
        """Arguments that all markets share; of "auto" the method that all agents of the mixes admit."""
        method = self.method if self.method != "auto" else _method(self.scenario, mixes)
        return {"periods": self.periods, "method": method, "replicates": self.replicates, "seed": self.seed}


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
@click.option("--periods", type=int, help="Periods of each market; 400, and 200 where many markets are run.")
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
    periods: int | None,
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

    given = {"--mix": mix, "--mixes": mixes, "--triangle": triangle}
    chosen = [name for name, value in given.items() if value is not None]
    if len(chosen) > 1:
        raise click.UsageError(f"{' and '.join(chosen)} ask for different things; give one of them")
    folder = output_folder(out) if out else None
    found, parameters = loaded(scenario, changes)
    few = mix is not None or mixes is not None
    periods = (PERIODS if few else PERIODS_OF_MANY) if periods is None else periods
    asked = Asked(found, parameters, method, periods, replicates, seed, as_json, folder)
    if mix is not None:
        _one_mix(asked, ns.Mix.parse(mix))
    elif mixes is not None:
        _mixes(asked, ns.named_mixes(mixes))
    elif triangle is not None:
        _triangle(asked, triangle)
    else:
        _takeover(asked)


def _method(scenario: Scenario, mixes: Iterable[Mix]) -> Literal["fluid", "simulate"]:
    """Fluid where every agent has finite memory, else by simulation."""
    from simulator.relationships.chain import automaton_of

    for mix in mixes:
        mix.fits(scenario)
        for side, shares in (("vendor", mix.vendors or mix.population), ("client", mix.clients or mix.population)):
            if any(automaton_of(scenario, side, agent) is None for agent, _ in shares):
                return "simulate"
    return "fluid"


def _one_mix(asked: Asked, mix: Mix) -> None:
    """One market's account."""
    import simulator as ns
    from simulator.reports.files import as_csv
    from simulator.reports.market import error_words, grouped, market_sentences, market_title, pooled
    from simulator.reports.market_files import errors_of, path_rows, strategy_rows, town_document
    from simulator.reports.market_tables import market_tables
    from simulator.streams import whole

    options = asked.options([mix])
    replicates = whole("replicates", options.pop("replicates"), least=1)
    count = 1 if options["method"] == "fluid" else replicates
    with progress("running the market", quiet=asked.as_json) as report:
        towns = [
            ns.market(asked.scenario, mix=mix, replicate=replicate, progress=report, **options)
            for replicate in range(count)
        ]
    town = pooled(towns)
    said = [*market_sentences(town), *error_words(towns), *grouped(town.remarks)]
    content = {**town_document(town), **errors_of(towns), "replicates": None if town.method == "fluid" else count}
    _show(asked, content, said, title=market_title(town, count), tables=lambda width: market_tables(town, width))
    if asked.folder is not None:
        from simulator.reports.plots import town_figures

        tables = {"strategies.csv": as_csv(strategy_rows(town)), "periods.csv": as_csv(path_rows(town))}
        _save(asked, content, said, tables, town_figures(town))


def _mixes(asked: Asked, mixes: dict[str, Mix]) -> None:
    """Several mixes side by side."""
    import simulator as ns
    from simulator.reports.files import as_csv
    from simulator.reports.market import grouped
    from simulator.reports.mixes import mixes_sentences, mixes_tables

    with progress("running the markets", quiet=asked.as_json) as report:
        found = ns.compare_mixes(asked.scenario, mixes, progress=report, **asked.options(mixes.values()))
    said = [*mixes_sentences(found), *grouped(found.remarks)]
    _show(asked, _compared(found), said, title=_title(found), tables=lambda width: mixes_tables(found, width))
    if asked.folder is not None:
        from simulator.reports.plots import mixes_figures

        _save(asked, _compared(found), said, {"mixes.csv": as_csv(_rows(asked, found))}, mixes_figures(found))


def _triangle(asked: Asked, agents: str) -> None:
    """Every mix of three agents."""
    import simulator as ns
    from simulator.errors import SimulatorError
    from simulator.reports.files import as_csv
    from simulator.reports.market import grouped
    from simulator.reports.mixes import mixes_sentences, mixes_tables
    from simulator.strategies.catalogue import as_agents

    three = as_agents(agents)
    if len(three) != 3:
        raise SimulatorError(f"--triangle names {len(three)} agents; allowed: three")
    side = "population" if asked.scenario.market.roles == "one" else "both"
    grid = ns.mix_grid(three, side=side)
    with progress("running the markets", quiet=asked.as_json) as report:
        found = ns.compare_mixes(asked.scenario, grid, progress=report, **asked.options(grid))
    said = [*mixes_sentences(found), *grouped(found.remarks)]
    _show(asked, _compared(found), said, title=_title(found), tables=lambda width: mixes_tables(found, width))
    if asked.folder is not None:
        from simulator.reports.plots import triangle_figures

        _save(asked, _compared(found), said, {"mixes.csv": as_csv(_rows(asked, found))}, triangle_figures(found))


def _takeover(asked: Asked) -> None:
    """What happens as competitive agents take over, and whether mandatory reviews pay."""
    import simulator as ns
    from simulator.reports.files import as_csv
    from simulator.reports.market import grouped
    from simulator.reports.market_files import takeover_document, takeover_rows
    from simulator.reports.takeover import takeover_of, takeover_sentence, takeover_tables

    method: Literal["fluid", "simulate"] = "simulate" if asked.method == "simulate" else "fluid"
    options: dict[str, Any] = {"periods": asked.periods, "replicates": asked.replicates, "seed": asked.seed}
    with progress("running the markets", quiet=asked.as_json) as report:
        curves = ns.competition_curve(asked.scenario, method=method, progress=report, **options)
    found = takeover_of(curves, competitive=COMPETITIVE, others=OTHERS)
    said = [takeover_sentence(found), *grouped(found.remarks)]
    content = takeover_document(found)
    _show(asked, content, said, title=_takeover_title(found), tables=lambda _: takeover_tables(found))
    if asked.folder is not None:
        from simulator.reports.plots import takeover_figure
        from simulator.reports.plots.market_two_by_two import plot_win_and_agree, two_by_two
        from simulator.reports.plots.style import figure_of

        figures = {"takeover.png": takeover_figure(found)}
        if asked.scenario.market.matching != "random":
            four = ns.win_and_agree(asked.scenario, method=method, **options)
            figures["win_and_agree.png"] = figure_of(plot_win_and_agree(two_by_two(four)))
        _save(asked, content, said, {"takeover.csv": as_csv(takeover_rows(found))}, figures)


def _takeover_title(found: Takeover) -> str:
    from simulator.reports.market import described

    return described(found.scenario, found.periods, found.method, found.replicates, found.seed)


def _title(found: MixComparison) -> str:
    from simulator.reports.market import described

    return described(found.scenario, found.periods, found.method, found.replicates, found.seed)


def _compared(found: MixComparison) -> dict[str, Any]:
    from simulator.reports.market_files import mixes_document

    return mixes_document(found)


def _rows(asked: Asked, found: MixComparison) -> list[dict[str, Any]]:
    return found.rows(parameters=asked.parameters)


def _show(asked: Asked, content: dict[str, Any], said: list[str], *, title: str, tables: Any) -> None:
    """Print the document, or title, tables and sentences."""
    if asked.as_json:
        print_json(_whole(asked, content, said))
        return
    from rich.text import Text

    out = console()
    out.print(Text(title, style="bold"))
    out.print()
    for part in tables(out.width):
        out.print(part)
    out.print()
    for sentence in said:
        out.print(Text(sentence[:1].upper() + sentence[1:].rstrip(".") + "."))


def _whole(asked: Asked, content: dict[str, Any], said: list[str]) -> dict[str, Any]:
    more = {"parameters": asked.parameters, **content, "headline": said}
    return document("market", asked.scenario.id, asked.seed, more)


def _save(
    asked: Asked, content: dict[str, Any], said: list[str], tables: dict[str, str], figures: dict[str, Figure]
) -> None:
    from simulator.reports.files import as_json

    if asked.folder is not None:
        files: dict[str, str | bytes] = {
            **tables,
            "market.json": as_json(_whole(asked, content, said)),
            **pictures(figures),
        }
        save(asked.folder, files, quiet=asked.as_json)
