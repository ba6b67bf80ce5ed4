"""What happened in a workshop, shown: numbers, sentences, charts, own sheets and exports, all from a `Record`.

Everything is a pure function of the record; nothing here reads a disk, a clock or a network. What a web page needs:

- ``reveal.shown(Debrief(record, round, field))``: the steps that have data, in the order of the reveal. Each has a key,
  a title, sentences to say aloud (the first is the headline), perhaps a number that is the message, ``chart(size)`` for
  an inline SVG, and the table behind it. Sizes: ``charts.look.PROJECTOR``, ``REPORT``, ``PHONE``.
- ``agents.field_of(scenario, periods)``: the agents for the step "agents"; about a second of work, so in an executor.
- ``charts.look.css()``: the colours, light, dark and on paper; the charts work without it, in light colours.
- ``sheet.sheet_of(record, seat)`` and ``sheet.sheet_html(...)``: a seat's own sheet.
- ``tidy.tidy_csv``, ``document.record_to_json`` and ``record_from_json``, ``report.report_html``: the exports.
- ``paper.record_from_paper``: role plays held on paper, from a CSV.

Data come first and drawing second: each chart in ``charts`` takes what a module of the same name here has worked out.
"""
