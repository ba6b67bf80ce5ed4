"""The exports: a table that adds up and runs nothing, a file that comes back as it went, a page without a network."""

import contextlib
import csv
import io
import json
import random
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

import simulator as ns
from simulator.errors import SimulatorError
from simulator.relationships.period import REASONS
from simulator.workshop.debrief.account import account_of
from simulator.workshop.debrief.document import record_from_json, record_to_json
from simulator.workshop.debrief.report import report_html
from simulator.workshop.debrief.tidy import COLUMNS, tidy_csv, tidy_rows

NASTY = "=HYPERLINK(\"http://x\")<script>alert('x')</script>"


def rows_of(record):
    return list(csv.DictReader(io.StringIO(tidy_csv(record))))


def renamed(record, name):
    pairs = (replace(record.pairs[0], vendor_name=name), *record.pairs[1:])
    return replace(record, pairs=pairs, title=name, seats={**record.seats, "s0": name})


# -- table -------------------------------------------------------------------------------------------------------------


def test_there_is_one_row_per_pair_and_period_and_its_money_adds_up(made_up):
    record = made_up("component-supply", 7, rounds=2, leave=0.3)
    rows = rows_of(record)
    assert len(rows) == sum(len(pair.turns) for pair in record.pairs)
    for number in (1, 2):
        account = account_of(record, number)
        own = [row for row in rows if row["round"] == str(number)]
        joint = sum(float(row["joint_payoff"]) for row in own)
        assert joint == pytest.approx(
            sum(t.vendor_payoff + t.client_payoff for o in account.accounts for t in o.pair.turns)
        )
        assert sum(float(row["created"]) for row in own if row["created"]) == pytest.approx(account.created)


def test_every_column_is_described_and_every_issue_has_its_columns(made_up):
    record = made_up("component-supply", 2)
    row = tidy_rows(record)[0]
    issues = [issue.name for issue in record.scenario.issue]
    extra = {f"{part}.{name}" for part in ("deal", "first_offer") for name in issues}
    assert set(row) == set(COLUMNS) | extra
    assert all(COLUMNS.values())


@pytest.mark.parametrize("name", [NASTY, "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "  =1", "|cmd", "＝1+1"])
def test_no_text_is_a_formula(made_up, name):
    for row in rows_of(renamed(made_up(pairs=2), name)):
        for cell in row.values():
            if not re.fullmatch(r"-?[\d.e+-]+", cell):
                assert cell.lstrip()[:1] not in tuple("=+-@|＝＋"), cell


def test_the_table_reads_as_numbers(made_up):
    assert float(rows_of(made_up(pairs=2))[0]["vendor_payoff"]) == made_up(pairs=2).pairs[0].turns[0].vendor_payoff


# -- JSON --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(ns.scenarios()))
def test_a_record_comes_back_as_it_went(made_up, name):
    record = made_up(name, 6, rounds=2, contest="effort", agents=2)
    assert record_from_json(record_to_json(record)) == record
    assert record_from_json(record_to_json(record).encode()) == record


def test_a_record_comes_back_where_the_trainer_played_on_beyond_the_plan(made_up):
    record = made_up(pairs=3, rounds=2)
    shorter = replace(record, plan=replace(record.plan, periods=1))
    assert record_from_json(record_to_json(shorter)) == shorter


def broken(record, change):
    document = json.loads(record_to_json(record))
    change(document)
    return json.dumps(document)


CHANGES = {
    "another format": lambda d: d.update(format="x"),
    "a later version": lambda d: d.update(version=2),
    "a version that is no number": lambda d: d.update(version=True),
    "an unknown key": lambda d: d.update(evil=1),
    "a missing key": lambda d: d.pop("pairs"),
    "no plan": lambda d: d.update(plan=3),
    "too many periods": lambda d: d["plan"].update(periods=10**9),
    "a scenario with a fault": lambda d: d["scenario"].update(horizon="never"),
    "a scenario that is none": lambda d: d.update(scenario=[]),
    "a level that there is not": lambda d: d["pairs"][0]["turns"][0].update(level=99),
    "a posture that there is not": lambda d: d["pairs"][0]["turns"][0].update(vendor_posture=-1),
    "a number as text": lambda d: d["pairs"][0]["turns"][0].update(vendor_payoff="1"),
    "a truth as a number": lambda d: d["pairs"][0]["turns"][0].update(vendor_payoff=True),
    "a deal that there is not": lambda d: d["pairs"][0]["turns"][0]["deal"].update(price=1e9),
    "a deal of a table": lambda d: d["pairs"][0]["turns"][0].update(deal={"price": {}, "support": []}),
    "an issue that there is not": lambda d: d["pairs"][0]["turns"][0]["deal"].update(evil=1),
    "a reason that there is not": lambda d: d["pairs"][0].update(reason="bored"),
    "periods out of order": lambda d: d["pairs"][0]["turns"].reverse(),
    "a period beyond any plan": lambda d: [
        part.update({key: part[key] + 60})
        for key, parts in (("begun", d["pairs"]), ("period", [turn for pair in d["pairs"] for turn in pair["turns"]]))
        for part in parts
    ],
    "two pairs of one number": lambda d: d["pairs"][1].update(number=1),
    "a round that there is not": lambda d: d["pairs"][0].update(round=7),
    "an answer out of bounds": lambda d: d["pairs"][0]["turns"][0].update(vendor_again=8),
    "an effort out of bounds": lambda d: d["pairs"][0]["turns"][0].update(vendor_effort=1.5),
    "a huge number": lambda d: d["pairs"][0]["turns"][0].update(rounds=10**400),
    "an amount beyond measure": lambda d: d["pairs"][0]["turns"][0].update(vendor_payoff=10**400),
    "an infinite amount": lambda d: d["pairs"][0]["turns"][0].update(vendor_payoff=1e300),
    "half a letter": lambda d: d.update(title="\ud800"),
    "half a letter in the scenario": lambda d: d["scenario"].update(title="\ud800"),
    "a long text": lambda d: d.update(title="x" * 10_000),
    "seats that are a list": lambda d: d.update(seats=[]),
    "a name that is a table": lambda d: d["seats"].update(s0={}),
    "pairs that are a table": lambda d: d.update(pairs={}),
    "a side that there is not": lambda d: d["preparations"][0].update(side="both"),
    "no observations": lambda d: d.pop("observations"),
}


def observation(**change):
    return lambda d: d["observations"][1].update(change)


# What the message says of the second observation.
OBSERVATIONS = {
    "there is no seat 's99'": observation(seat="s99"),
    "the round is 3": observation(round=3),
    "there is no pair 99 in round 1": observation(pair=99),
    "there is no pair 1 in round 2": observation(round=2),
    "this seat has noted this pair already": lambda d: d["observations"][1].update(d["observations"][0]),
    ".marks: there is no 'evil'": observation(marks={"evil": 1}),
    ".marks.threat is 100": observation(marks={"threat": 100}),
    ".marks.threat is -1": observation(marks={"threat": -1}),
    ".marks.threat is 1.5": observation(marks={"threat": 1.5}),
    ".marks.threat is True": observation(marks={"threat": True}),
    ".marks.threat is '3'": observation(marks={"threat": "3"}),
    ".marks must be dict": observation(marks=[]),
    ".note must be": observation(note=7),
    ".pair must be": observation(pair="1"),
    "has an unknown key 'x'": observation(x=1),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_is_no_record_is_refused_with_the_place(made_up, change):
    record = made_up(pairs=3, leave=0.0, seed=2)
    with pytest.raises(SimulatorError) as found:
        record_from_json(broken(record, change))
    assert 5 < len(str(found.value)) < 1000


@pytest.mark.parametrize(("said", "change"), OBSERVATIONS.items(), ids=OBSERVATIONS)
def test_notes_that_cannot_be_are_refused_with_the_place(made_up, said, change):
    with pytest.raises(SimulatorError) as found:
        record_from_json(broken(made_up(pairs=3), change))
    assert "observations[1]" in str(found.value)
    assert said in str(found.value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        '"x"',
        "{" * 100_000,
        "[" * 100_000,
        '{"a":NaN}',
        '{"a":1,"a":2}',
        b"\xff\xfe{",
        "1" * 5000,
    ],
    ids=range(11),
)
def test_what_is_no_document_is_refused(text):
    with pytest.raises(SimulatorError):
        record_from_json(text)


def test_a_thousand_mutilated_files_give_a_record_or_one_kind_of_error(made_up):
    text = record_to_json(made_up(pairs=2, contest="effort"))
    rng = random.Random(5)
    for _ in range(1000):
        cut = list(text)
        for _ in range(rng.randint(1, 4)):
            at = rng.randrange(len(cut))
            cut[at : at + rng.randint(0, 3)] = rng.choice(
                ['"', "{", "}", "[", "]", ",", "1e999", "-", "null", "0", "\\", "é"]
            )
        with contextlib.suppress(SimulatorError):
            record_from_json("".join(cut))


# -- report ------------------------------------------------------------------------------------------------------------


class Reader(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.ids = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(key, value or "") for key, value in attrs]
        self.ids += [value for key, value in attrs if key == "id"]


def test_the_report_is_one_file_that_asks_nobody(made_up):
    page = report_html(renamed(made_up(pairs=8, rounds=2, contest="effort"), NASTY))
    found = Reader(page)
    assert not {"script", "link", "img", "iframe", "object", "form"} & set(found.tags)
    assert not {"src", "href", "style"} & {key for key, _ in found.attributes}
    assert not any(key.startswith("on") for key, _ in found.attributes)
    assert not re.search(r"url\((?!#)|@import", page)
    assert len(found.ids) == len(set(found.ids))
    assert found.tags.count("h1") == 1
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert found.tags.count("svg") >= 18


def test_the_report_prints_and_follows_light_and_dark(made_up):
    page = report_html(made_up(pairs=2))
    assert "@media print" in page
    assert "prefers-color-scheme: dark" in page
    assert '<html lang="en">' in page
    assert 'name="viewport"' in page


def test_the_report_has_the_sentences_and_the_numbers(made_up):
    page = report_html(made_up(pairs=15, after_leaving="outside"))
    assert "Fifteen pairs could have shared 2.0\u00a0M$" in page
    assert "How the numbers are meant" in page


def test_an_empty_workshop_has_a_report_too(made_up):
    page = report_html(replace(made_up(pairs=1), pairs=(), bets=(), preparations=(), observations=()))
    assert "Nobody has played yet." in page
    assert "What observers noted" not in page


def test_the_report_says_what_observers_noted_pair_by_pair(made_up):
    page = report_html(made_up(pairs=3, rounds=2, after_leaving="outside"))
    noted = page.split("What observers noted")[1].split("</section>")[0]
    places = [noted.index(f"<h4>{title}</h4>") for title in ("Round 1: Pair 1", "Round 1: The room as a whole")]
    places.append(noted.index("<h4>Round 2: Pair 4</h4>"))
    assert places == sorted(places)
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("How often it was heard", "Otter", "Lynx"))
    assert noted.count(heads) == 2
    assert noted.count("<td>Open questions</td><td>3</td><td>4</td>") == 2
    assert "Threatened to leave" not in noted  # nobody saw it
    assert "Lynx: “Nobody asked why.”" in noted


def test_notes_and_names_of_observers_never_become_markup(made_up):
    record = made_up(pairs=2)
    seen = (replace(record.observations[0], note=NASTY), *record.observations[1:])
    record = replace(record, observations=seen, seats={**record.seats, "s0": NASTY, "s1": "{name}"})
    page = report_html(record)
    noted = page.split("What observers noted")[1].split("</section>")[0]
    assert set(Reader(noted).tags) == {"h4", "div", "table", "thead", "tbody", "tr", "th", "td", "p"}
    assert noted.count("&lt;script&gt;") == 3
    assert "{name}" in noted
    assert record_from_json(record_to_json(record)) == record


@pytest.mark.parametrize("seed", range(12))
def test_whatever_happened_has_a_report_without_a_number_that_is_none(made_up, seed):
    rng = random.Random(seed)
    record = made_up(
        rng.choice(sorted(ns.scenarios())), rng.choice([1, 2, 6]), rounds=rng.choice([1, 2]), seed=seed,
        contest=rng.choice(["none", "effort", "price"]), leave=rng.choice([0.0, 0.3, 1.0]),
        periods=rng.choice([1, 2, 5]),
        after_leaving=rng.choice(["pool", "outside"]), partners=rng.choice(["same", "same", "new"]),
    )  # fmt: skip

    def paid(amount):
        return rng.choice([amount, amount, 0.0, -amount, 1e15, -1e15, 1e-12, 24.0, 28.0])

    pairs = tuple(
        replace(
            pair,
            reason=rng.choice([pair.reason, *REASONS]),
            turns=tuple(
                replace(turn, vendor_payoff=paid(turn.vendor_payoff), client_payoff=paid(turn.client_payoff))
                for turn in pair.turns
            ),
        )
        for pair in record.pairs
    )
    record = replace(
        record,
        pairs=pairs,
        bids=tuple(replace(bid, bid=rng.choice([0.0, bid.bid, 1e12]), won=rng.random() < 0.5) for bid in record.bids),
        preparations=tuple(replace(one, guess=rng.choice([one.guess, None, 0.0, 1e12])) for one in record.preparations),
    )
    assert record_from_json(record_to_json(record)) == record
    body = report_html(record).split("<body>")[1]
    assert not re.search(r"\b(nan|inf|NaN|None)\b", body)
    assert len(rows_of(record)) == sum(len(pair.turns) for pair in record.pairs)
