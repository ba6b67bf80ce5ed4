"""``negsim scenarios``: the library."""

from __future__ import annotations

import click

from simulator.cli.common import console, document, json_option, print_json


@click.command("scenarios")
@json_option
def command(as_json: bool) -> None:
    """List the scenarios of the library."""
    import simulator as ns
    from simulator.scenario.library import shipped_scenarios

    found = [ns.load_scenario(name) for name in shipped_scenarios()]
    if as_json:
        listed = [{"name": s.id, "title": s.title, "summary": s.summary} for s in found]
        print_json(document("scenarios", None, None, {"scenarios": listed}))
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 1, 0), show_header=False)
    table.add_column(no_wrap=True)
    table.add_column()
    for s in found:
        table.add_row(f"[bold]{s.id}[/bold]", f"{s.title}. {s.summary}")
    out = console()
    out.print(table)
    out.print("Look at one: negsim show NAME. Compare strategies in it: negsim compare NAME.")
