"""``negsim breakeven``: where a setting breaks even."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from simulator.cli.common import console, document, json_option, loaded, print_json, set_option

if TYPE_CHECKING:
    from simulator import BreakEven


@click.command("breakeven")
@click.argument("scenario")
@click.argument("key")
@click.option("--vendor", default="always-cooperate", show_default=True, metavar="AGENT", help="The vendor's strategy.")
@click.option("--client", default="always-cooperate", show_default=True, metavar="AGENT", help="The client's.")
@click.option(
    "--where",
    multiple=True,
    metavar="CONDITION",
    help='"vendor-captured", "client-captured" (both if absent), "created", '
    '"vendor building = vendor squeezing", "joint tit-for-tat = joint grim"; repeatable.',
)
@click.option("--from", "low", type=float, help="Low end of the range to look at.")
@click.option("--to", "high", type=float, help="High end of the range to look at.")
@set_option
@json_option
def command(
    scenario: str,
    key: str,
    vendor: str,
    client: str,
    where: tuple[str, ...],
    low: float | None,
    high: float | None,
    changes: tuple[str, ...],
    as_json: bool,
) -> None:
    """Find where a setting breaks even. KEY is a dotted key, or issue.NAME: the value that building together agrees."""
    import simulator as ns

    settings, _ = loaded(scenario, changes)
    asked = {"where": where} if where else {}
    found = ns.breakeven(settings, key, vendor=vendor, client=client, low=low, high=high, **asked)
    if as_json:
        print_json(_content(found))
    else:
        _print(found)


def _content(found: BreakEven) -> dict[str, Any]:
    content = {
        "key": found.key,
        "value": found.value,
        "from": found.low,
        "to": found.high,
        "vendor": str(found.vendor),
        "client": str(found.client),
        "conditions": [
            {
                "condition": verdict.condition.words,
                "break_even": [asdict(root) for root in verdict.roots],
                "difference_now": verdict.now,
                "difference_at_from": verdict.low,
                "difference_at_to": verdict.high,
                "sentence": verdict.sentence,
            }
            for verdict in found.verdicts
        ],
    }
    return document("breakeven", found.scenario.id, None, content)


def _print(found: BreakEven) -> None:
    from rich.text import Text

    out = console()
    now = "negotiated" if found.value is None else f"now {found.value:g}"
    heading = f"{found.scenario.title}: {found.vendor} with {found.client}, {found.key} ({now})"
    out.print(Text(heading, style="bold"))
    for sentence in found.sentences:
        name, _, rest = sentence.partition(": ")
        out.print(Text.assemble((f"{name}: ", "bold"), rest))
