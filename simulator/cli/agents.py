"""``negsim agents``: the catalogue."""

from __future__ import annotations

import click

from simulator.cli.common import console, document, json_option, print_json


@click.command("agents")
@json_option
def command(as_json: bool) -> None:
    """List the agents of the catalogue, by family."""
    import simulator as ns

    found = ns.agents()
    if as_json:
        listed = [
            {"name": a.name, "family": a.family, "rule": a.rule, "source": a.source, "parameters": a.parameters()}
            for a in found
        ]
        print_json(document("agents", None, None, {"agents": listed}))
        return
    from rich.table import Table
    from rich.text import Text

    out = console()
    for family in dict.fromkeys(a.family for a in found):
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
        table.add_column(no_wrap=True)
        table.add_column()
        for a in found:
            if a.family == family:
                table.add_row(Text(a.name, style="bold"), Text(f"{a.rule} ({a.source}){_parameters(a.parameters())}"))
        out.print(Text(family, style="bold underline"))
        out.print(table)
        out.print()
    out.print('Parameters in brackets: --vendors "tit-for-tat,generous-tit-for-tat(generosity=0.3)".')


def _parameters(parameters: dict[str, object]) -> str:
    shown = [
        f"{name}={value:.3g}" if isinstance(value, float) else f"{name}={value}"
        for name, value in parameters.items()
        if name not in ("patience", "bid")
    ]
    return f" [{', '.join(shown)}]" if shown else ""
