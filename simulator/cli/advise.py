"""``negsim advise``: is my deal a partnership, and what should I do?"""

from __future__ import annotations

import sys
from collections.abc import Iterator
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
    save,
    set_option,
)

if TYPE_CHECKING:
    from simulator import Advice, PartnershipZone, Scenario

MOST_LISTED = 12  # groups of deals that are printed


@click.command("advise")
@click.argument("scenario")
@click.option("--deal", metavar="ISSUE=OPTION,...", help='A real deal, for example "price=95,support=priority".')
@click.option("--ask", is_flag=True, help="Ask for the deal in the terminal, issue by issue.")
@set_option
@json_option
@out_option
def command(
    scenario: str, deal: str | None, ask: bool, changes: tuple[str, ...], as_json: bool, out: str | None
) -> None:
    """Place a real deal: does it keep both sides at the table, and what should a seller do?

    Terms that --deal leaves out are as two building sides agree on them. Splits of the created value keep both sides at
    the table where neither would do better to break it off, by the exact worth of going on.
    """
    import simulator as ns
    from simulator.errors import SimulatorError
    from simulator.relationships.partnership import settled_deal
    from simulator.reports.files import as_json as to_json
    from simulator.reports.files import output_folder
    from simulator.scenario.deal_text import parse_deal

    if ask and not sys.stdin.isatty():
        raise click.UsageError("--ask needs a terminal to ask in; give the deal by --deal ISSUE=OPTION,...")
    folder = output_folder(out) if out else None
    found, parameters = loaded(scenario, changes)
    placed: dict[str, Any] | None = None
    if deal is not None or ask:
        if found.payoffs is not None:
            raise SimulatorError(f"{found.id!r} gives its payoffs directly, so there is no deal to place")
        placed = parse_deal(found, deal) if deal is not None else {}
        if len(placed) < len(found.issue):
            placed = settled_deal(found) | placed
        if ask:
            placed = _asked(found, placed)
    advice = ns.advise(found, deal=placed)
    content = _content(advice, parameters)
    if as_json:
        print_json(content)
    else:
        _print(advice)
    if folder is not None:
        from simulator.reports.plots import advice_figures

        save(folder, {"advice.json": to_json(content), **pictures(advice_figures(advice))}, quiet=as_json)


def _asked(scenario: Scenario, start: dict[str, Any]) -> dict[str, Any]:
    """The deal as somebody answers in the terminal; Enter takes the term in brackets."""
    from simulator.errors import SimulatorError
    from simulator.runner.amounts import plain
    from simulator.scenario.deal_text import option_of

    click.echo(f"{scenario.title}: your deal today, term by term. Enter takes what stands in brackets.", err=True)
    deal = {}
    for issue in scenario.issue:
        now = start[issue.name]
        if issue.range is not None:
            unit = f" {issue.unit}" if issue.unit else ""
            choices = f"{plain(issue.range.start, 6)} to {plain(issue.range.stop, 6)}{unit}"
        else:
            choices = ", ".join(map(str, issue.options or ()))
        shown = plain(now, 6).replace(",", "") if isinstance(now, float) else str(now)
        while issue.name not in deal:
            text = click.prompt(f"{issue.name} ({choices})", default=shown, err=True)
            try:
                deal[issue.name] = option_of(issue, text.strip())
            except SimulatorError as error:
                click.echo(f"  {error}", err=True)
    return deal


def _content(advice: Advice, parameters: dict[str, Any]) -> dict[str, Any]:
    zone = advice.zone
    return document(
        "advise",
        advice.scenario.id,
        None,
        {
            "parameters": parameters,
            "verdict": advice.verdict,
            "deal": None if zone is None else zone.current.deal,
            "holds": None if zone is None else zone.current.holds,
            "zone": None if zone is None else _zone(zone),
            "answers": [vars(answer) for answer in advice.answers],
            "terms": {
                "highest_posture": advice.highest_posture,
                "over_claiming": advice.over_claiming._asdict() | {"pays": advice.over_claiming.pays},
                "client_best": advice.client_best,
                "trust_periods": advice.trust_periods,
                "sentences": advice.terms,
            },
        },
    )


def _zone(zone: PartnershipZone) -> dict[str, Any]:
    low, high = zone.interval or (None, None)
    low_share, high_share = (end.vendor_share for end in zone.ends) if zone.ends else (None, None)
    return {
        "issue": zone.issue,
        "low": low,
        "high": high,
        "low_breaker": zone.breakers[0] or None,
        "high_breaker": zone.breakers[1] or None,
        "low_vendor_share": low_share,
        "high_vendor_share": high_share,
        "deals": zone.deals,
        "listed": len(zone.listed),
    }


def _print(advice: Advice) -> None:
    from rich.text import Text

    from simulator.reports.plots.words import first_upper
    from simulator.runner.amounts import said_deal

    out = console()
    scenario, zone = advice.scenario, advice.zone
    out.print(Text(f"{scenario.title}: advice for {scenario.vendor.name}", style="bold"))
    if zone is not None:
        out.print(Text(f"The deal: {said_deal(zone.current.deal)}."))
    out.print()
    out.print(Text(advice.verdict))
    if zone is not None:
        out.print()
        out.print(Text("Which deals keep both sides at the table", style="bold"))
        for sentence in advice.zone_words:
            out.print(Text(sentence))
        for line in _listed(zone):
            out.print(Text(line))
    for answer in advice.answers:
        out.print()
        out.print(Text(answer.question, style="bold"))
        out.print(Text.assemble((f"{first_upper(answer.shown)}. ", "bold"), answer.sentence))
    out.print()
    out.print(Text("On what terms building together lasts", style="bold"))
    for sentence in advice.terms:
        out.print(Text(f"- {sentence}"))


def _listed(zone: PartnershipZone) -> Iterator[str]:
    """The listed deals that hold, those that create the most first; in one line where only the price differs."""
    from simulator.bargaining.deals import issue_options
    from simulator.relationships.partnership import issue_of
    from simulator.runner.amounts import listed, said_deal, said_value

    groups: dict[str, list[float]] = {}
    lasting = sorted((one for one in zone.listed if one.holds), key=lambda one: -round(one.created, 9))
    for deal in (one.deal for one in lasting):
        rest = {name: option for name, option in deal.items() if name != zone.issue}
        groups.setdefault(said_deal(rest), []).append(float(deal[zone.issue]) if zone.issue is not None else 0.0)
    for name, unsorted in list(groups.items())[:MOST_LISTED]:
        values = sorted(unsorted)
        if zone.issue is None:
            yield f"- {name}"
            continue
        issue = issue_of(zone.scenario, zone.issue)
        between = [option for option in issue_options(issue) if values[0] <= option <= values[-1]]
        said = [said_value(issue, value, unit=False) for value in values]
        span = f"{said[0]} to {said[-1]}" if len(between) == len(values) > 2 else listed(said)
        yield f"- {name + ': ' if name else ''}{zone.issue} {span}"
    if len(groups) > MOST_LISTED:
        yield f"- and {len(groups) - MOST_LISTED} more packages; --json lists all"
