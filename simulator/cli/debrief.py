"""``negsim debrief``: the report of a workshop from its exported file, or of role plays held on paper from a CSV."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from simulator.cli.common import set_option

if TYPE_CHECKING:
    from simulator.workshop.record import Record

MOST_BYTES = 50_000_000


@click.command("debrief")
@click.argument("file", metavar="FILE")
@click.option("-o", "--output", metavar="OUT.html", help="The report; default: FILE with the ending .html.")
@click.option("--scenario", metavar="SCENARIO", help="What a CSV was played with; a workshop's JSON knows it.")
@click.option("--title", metavar="TEXT", help="Heading of the report.")
@click.option("--force", is_flag=True, help="Replace the report if it exists.")
@set_option
def command(
    file: str, output: str | None, scenario: str | None, title: str | None, force: bool, changes: tuple[str, ...]
) -> None:
    """Write the debrief of a workshop as one HTML file.

    FILE is the JSON that a workshop exports, or a CSV of role plays held on paper, one line per pair and period:

    \b
    pair           number of the pair, from 1
    period         period, from 1
    <issue>        a column for each issue of the scenario: what was agreed; all empty: no deal
    vendor_effort  full, minimum or 0 to 1; client_effort likewise (default full)
    left           empty while it goes on; vendor, client, or churn for an outside event

    \b
    Where a scenario gives its payoffs directly: vendor_posture and client_posture in place of issues and efforts.
    Further columns, if wanted: level, rounds, first_offer, first_offer_by, vendor_again, client_again (1 to 7),
    vendor, client (names), round (2: second round, sides swapped).

    \b
    negsim debrief workshop.json
    negsim debrief deals.csv --scenario saas-renewal -o report.html
    """
    import dataclasses

    from simulator.errors import SimulatorError
    from simulator.reports.files import output_folder, write_file
    from simulator.workshop.debrief.report import fields_of, report_html

    source = Path(file).expanduser()
    target = Path(output).expanduser() if output else source.with_suffix(".html")
    if target.exists() and source.exists() and target.samefile(source):
        raise SimulatorError(f"cannot write to {str(target)!r}: it is the file to read; give another name with -o")
    if target.exists() and not force:
        raise SimulatorError(f"{str(target)!r} exists; give another name with -o, or --force to replace it")
    record = _record(source, scenario, changes)
    if title:
        record = dataclasses.replace(record, title=title)
    output_folder(target.parent)
    write_file(target, report_html(record, fields=fields_of(record)))
    pairs = sum(bool(pair.turns) for pair in record.pairs)
    click.echo(f"{target}: {record.title}, {pairs} {'pair' if pairs == 1 else 'pairs'}")


def _record(source: Path, scenario: str | None, changes: tuple[str, ...]) -> Record:
    """The record in a file, whichever of the two kinds it is."""
    from simulator.cli.common import loaded
    from simulator.errors import SimulatorError
    from simulator.workshop.debrief.document import record_from_json
    from simulator.workshop.debrief.paper import record_from_paper

    text = _text(source)
    if text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        if scenario or changes:
            raise SimulatorError(
                f"{str(source)!r} is a workshop's file and has its scenario; leave out --scenario and --set"
            )
        return record_from_json(text.lstrip("\ufeff"))
    if not scenario:
        raise SimulatorError(f"{str(source)!r} is a table of deals: say with --scenario what was played")
    return record_from_paper(text, loaded(scenario, changes)[0], file=str(source))


def _text(source: Path) -> str:
    from simulator.errors import SimulatorError

    try:
        if source.stat().st_size > MOST_BYTES:
            raise SimulatorError(f"{str(source)!r} is larger than {MOST_BYTES:,} bytes; no workshop is")
        return source.read_text(encoding="utf-8")
    except OSError as error:
        raise SimulatorError(f"cannot read {str(source)!r}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SimulatorError(f"{str(source)!r} is not UTF-8 text; save it as CSV UTF-8 or JSON") from None
