"""``negsim check``: is this file right, and what should its author know?"""

from __future__ import annotations

import click

from simulator.cli.common import console, document, json_option, print_json


@click.command("check")
@click.argument("file")
@json_option
def command(file: str, as_json: bool) -> None:
    """Check a scenario: errors (exit status 2), and notes worth knowing (exit status 0)."""
    import simulator as ns
    from simulator.games.kinds import kind
    from simulator.games.notes import notes

    scenario = ns.load_scenario(file)
    game = ns.stage_game(scenario)
    found = notes(scenario)
    kinds = (kind(game.vendor_incentives), kind(game.client_incentives))
    if as_json:
        print_json(
            document(
                "check",
                scenario.id,
                None,
                {
                    "game": game.name,
                    "vendor": {**game.vendor_incentives._asdict(), "game": kinds[0]},
                    "client": {**game.client_incentives._asdict(), "game": kinds[1]},
                    "notes": [
                        {"name": note.name, "text": note.text, "intended": note.name in scenario.intended}
                        for note in found
                    ],
                },
            )
        )
        return
    from rich.text import Text

    from simulator.reports.text import incentives_table

    out = console()
    out.print(Text(f"{scenario.id}: no errors.", style="bold"))
    out.print(Text(f"The game at the lowest level: {game.name}."))
    out.print(incentives_table(game.vendor_incentives, game.client_incentives, kinds))
    out.print()
    if not found:
        out.print(Text("No notes."))
    for note in found:
        meant = " (intended)" if note.name in scenario.intended else ""
        out.print(Text.assemble((f"{note.name}{meant}: ", "bold"), note.text))
    names = {note.name for note in found}
    for name in scenario.intended:
        if name not in names:
            out.print(Text(f"{name} is listed in intended, but nothing of the kind was found."))
