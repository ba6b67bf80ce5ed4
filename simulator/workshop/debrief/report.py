"""The whole debrief as one HTML file: sentences, charts, tables and how the numbers are meant; nothing from outside.

No script, no address, no font: it opens without a network, prints on paper, and follows the reader's light or dark.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from simulator.markup import Markup, tag
from simulator.workshop.debrief.account import rounds_of
from simulator.workshop.debrief.agents import Field, field_of
from simulator.workshop.debrief.charts.look import PHONE, REPORT, css
from simulator.workshop.debrief.observed import Noted, noted
from simulator.workshop.debrief.reveal import Debrief, Shown, shown
from simulator.workshop.debrief.spoken import discounted, noun
from simulator.workshop.record import Record
from simulator.workshop.words import Words, words

__all__ = ["fields_of", "report_html"]

_STYLE = """
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem 1.25rem 4rem; background: var(--debrief-paper);
  color: var(--debrief-ink); font: 1.0625rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans",
  "Liberation Sans", Arial, sans-serif; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .25rem; }
h2 { font-size: 1.5rem; line-height: 1.25; margin: 3rem 0 .5rem; }
h3 { font-size: 1.25rem; line-height: 1.3; margin: 0 0 .5rem; }
p { margin: .5rem 0; max-width: 46rem; }
.under { color: var(--debrief-muted); }
section.step { border-top: 1px solid var(--debrief-grid); padding-top: 1.5rem; margin-top: 2rem; }
.figure { display: flex; align-items: baseline; gap: .6rem; flex-wrap: wrap; margin: 0; }
.figure b { font-size: 2.75rem; line-height: 1.1; }
.lead { font-size: 1.25rem; font-weight: 600; }
figure { margin: 1rem 0; }
figure.narrow { display: none; }
@media screen and (max-width: 40rem) { figure.wide { display: none; } figure.narrow { display: block; } }
details { margin: .5rem 0; }
summary { cursor: pointer; min-height: 2rem; color: var(--debrief-muted); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .9375rem; }
th, td { text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--debrief-grid); }
th { font-weight: 600; }
ul { padding-left: 1.2rem; max-width: 46rem; }
@page { margin: 16mm; }
@media print {
  body { max-width: none; padding: 0; font-size: 10.5pt; background: none; }
  section.step { break-inside: avoid; }
  section.step:has(table) details { break-inside: auto; }
  details:not([open]) { display: none; }
  h2 { break-before: page; }
  h2:first-of-type { break-before: auto; }
}
"""


def fields_of(record: Record) -> dict[int, Field]:
    """The catalogue's agents with the periods of each round; exact, a second or less per round."""
    periods = {round_: Debrief(record, round_).account.periods for round_ in rounds_of(record)}
    known = {count: field_of(record.scenario, count) for count in sorted(set(periods.values()))}
    return {round_: known[count] for round_, count in periods.items()}


def report_html(record: Record, *, fields: Mapping[int, Field] | None = None, say: Words | None = None) -> str:
    """The report of all rounds, as text.

    Parameters
    ----------
    record : Record
        What happened.
    fields : mapping, optional
        Round to the catalogue's agents, from `fields_of`; without it they are left out.
    say : Words, optional
        The catalogue of messages.

    Examples
    --------
    >>> import simulator as ns
    >>> from simulator.workshop.plan import Plan
    >>> scenario = ns.load_scenario("saas-renewal")
    >>> page = report_html(Record(scenario, Plan(), "A < B", "2026-01-01", (), (), (), (), (), {}))
    >>> "<h1>A &lt; B</h1>" in page, "<script" in page
    (True, False)
    """
    say = words() if say is None else say
    rounds = rounds_of(record)
    parts: list[Markup] = []
    for round_ in rounds:
        steps = shown(Debrief(record, round_, (fields or {}).get(round_), say))
        if len(rounds) > 1:
            parts.append(tag("h2", say("debrief.report.round", round=round_)))
        parts += [_step(step, round_, say) for step in steps]
    if not rounds:
        parts.append(tag("p", say("debrief.report.empty")))
    seen = noted(record, say)
    if seen:
        parts.append(_observed(seen, say))
    parts.append(_notes(record, say))
    head = (
        f'<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"{tag('title', record.title)}<style>{css()}{_STYLE}</style>"
    )
    body = tag("main", tag("h1", record.title), _under(record, say), *parts)
    return f'<!doctype html>\n<html lang="{say("language")}"><head>{head}</head>\n<body>{body}</body></html>\n'


def _under(record: Record, say: Words) -> Markup:
    people = len(record.seats)
    pairs = len([pair for pair in record.pairs if pair.turns])
    facts = [record.scenario.title, record.held]
    if people:
        facts.append(noun(say, "person", people))
    facts.append(noun(say, "pair", pairs))
    played = max((turn.period + 1 for pair in record.pairs for turn in pair.turns), default=0)
    facts.append(noun(say, "period", played, period=record.scenario.period))
    return tag("p", " · ".join(fact for fact in facts if fact), **{"class": "under"})


def _step(step: Shown, round_: int, say: Words) -> Markup:
    charts = [
        tag("figure", step.chart(dataclasses.replace(size, name=f"{size.name}-{round_}")), **{"class": name})
        for size, name in ((REPORT, "wide"), (PHONE, "narrow"))
    ]
    figure = []
    if step.figure is not None:
        figure.append(tag("p", tag("b", step.figure[0]), tag("span", step.figure[1]), **{"class": "figure"}))
    said = [tag("p", line, **({"class": "lead"} if k == 0 else {})) for k, line in enumerate(step.sentences)]
    numbers = tag("details", tag("summary", say("debrief.report.numbers")), _table(step.table))
    return tag("section", tag("h3", step.title), *figure, *said, *charts, numbers, **{"class": "step"})


def _table(table: tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]) -> Markup:
    head, rows = table
    written = tag(
        "table",
        tag("thead", tag("tr", *(tag("th", cell, scope="col") for cell in head))),
        tag("tbody", *(tag("tr", *(tag("td", cell) for cell in row)) for row in rows)),
    )
    return tag("div", written, **{"class": "scroll"})


def _observed(seen: list[Noted], say: Words) -> Markup:
    """What observers noted, pair by pair."""
    parts: list[Markup] = []
    for one in seen:
        parts.append(tag("h4", one.title))
        if one.table[1]:
            parts.append(_table(one.table))
        parts += [tag("p", say("debrief.observed.note", name=name, note=note)) for name, note in one.notes]
    return tag("section", tag("h3", say("debrief.observed.title")), *parts, **{"class": "step"})


def _notes(record: Record, say: Words) -> Markup:
    """How the numbers are meant."""
    scenario = record.scenario
    notes = [say("debrief.notes.outside"), say("debrief.notes.best")]
    if scenario.discount < 1:
        notes.append(discounted(say, scenario))
    costs = scenario.relationship.switching_cost
    if costs.vendor + costs.client > 0:
        notes.append(say("debrief.notes.switching"))
    notes += [say("debrief.notes.loss"), say("debrief.notes.agents"), say("debrief.notes.money")]
    return tag(
        "section",
        tag("h3", say("debrief.notes.title")),
        tag("ul", *(tag("li", note) for note in notes)),
        **{"class": "step"},
    )
