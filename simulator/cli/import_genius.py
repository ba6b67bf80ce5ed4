"""``negsim import-genius``: a negotiation domain of others as a scenario file."""

from __future__ import annotations

from pathlib import Path

import click

from simulator.cli.common import document, json_option, print_json


@click.command("import-genius")
@click.argument("domain")
@click.argument("vendor")
@click.argument("client")
@click.option("-o", "--output", required=True, metavar="FILE.toml", help="The scenario file to write.")
@click.option("--real-steps", type=int, default=11, show_default=True, help="Options of an issue of type real.")
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
@json_option
def command(domain: str, vendor: str, client: str, output: str, real_steps: int, force: bool, as_json: bool) -> None:
    """Turn a GENIUS (XML) or GeniusWeb (JSON) domain and two profiles into a scenario file."""
    from simulator.reports.files import output_folder, write_file
    from simulator.runner.loading import checked_document
    from simulator.scenario.genius import read_genius, to_toml

    target = Path(output).expanduser()
    _check_target(target, (domain, vendor, client), force=force)
    found = read_genius(domain, vendor, client, real_steps=real_steps)
    scenario = checked_document(found.document)
    output_folder(target.parent)
    files = ", ".join(Path(name).name for name in (domain, vendor, client))
    write_file(target, to_toml(found.document, comment="\n".join((f"Imported from {files}.", *found.remarks))))
    if as_json:
        print_json(document("import-genius", scenario.id, None, {"file": str(target), "remarks": found.remarks}))
        return
    deals = 1
    for issue in scenario.issue:
        deals *= len(issue.options or ())
    click.echo(f"{target}: {scenario.title}, {len(scenario.issue)} issues, {deals:,} deals")
    for remark in found.remarks:
        click.echo(remark)
    click.echo(f"Next: negsim check {target}, then negsim compare {target}")


def _check_target(target: Path, sources: tuple[str, ...], *, force: bool) -> None:
    """Refuse to write over one of the sources, over another file unasked, or under a name that is no scenario's."""
    from simulator.errors import SimulatorError

    if target.suffix.lower() != ".toml":
        raise SimulatorError(f"cannot write to {str(target)!r}: a scenario file ends in .toml")
    if target.exists() and any(Path(name).exists() and target.samefile(name) for name in sources):
        raise SimulatorError(f"cannot write to {str(target)!r}: it is one of the files to import")
    if target.exists() and not force:
        raise SimulatorError(f"{str(target)!r} exists; give another name, or --force to replace it")
